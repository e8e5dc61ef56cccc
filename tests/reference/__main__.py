"""Rewrite the generated parts of ``docs/reference``: ``python -m tests.reference``."""

from __future__ import annotations

import asyncio

from tests.reference.tables import ROOT, build_blocks, replace_blocks


def main() -> None:
    """Write each document whose tables differ from the code, and print its name."""
    for document, blocks in asyncio.run(build_blocks()).items():
        text = document.read_text(encoding="utf-8")
        updated = replace_blocks(text, blocks)
        if updated != text:
            document.write_text(updated, encoding="utf-8")
            print(f"updated {document.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
