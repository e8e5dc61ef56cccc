"""Bring the catalogues up to date with the code: ``python -m tests.languages``.

What is new in the code gets an empty place in every catalogue, what is gone from it goes, and what was translated stays.
Printed is how many messages each language still lacks.
"""

from __future__ import annotations

import asyncio
import sys

from bot.languages.catalogues import CATALOGUE_FOLDER, ENGLISH, LANGUAGES, read_catalogue
from tests.languages.gathering import gathered, is_whole, written


def main() -> int:
    """Write the catalogues; 1 when one of them lacks a message."""
    messages = asyncio.run(gathered())
    lacking = 0
    for code in (code for code in LANGUAGES if code != ENGLISH):
        catalogue = read_catalogue(code)
        catalogue.update(messages, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        (CATALOGUE_FOLDER / f"{code}.po").write_bytes(written(catalogue))
        empty = sum(not is_whole(message) for message in catalogue if message.id)
        lacking += empty
        print(f"{code}: {len(catalogue)} messages, {empty} to translate")
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
