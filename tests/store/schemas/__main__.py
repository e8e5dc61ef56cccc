"""Write the store of one revision: ``python -m tests.store.schemas [FOLDER OF A CHECKOUT]``."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from tests.store.schemas.writing import write_schema
from tests.wire.process import ROOT


def main() -> None:
    """Let the program of a checkout, or of this one, write a store, and print the name of the file."""
    code = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ROOT
    print(asyncio.run(write_schema(code)))


if __name__ == "__main__":
    main()
