"""Compute the mean E5 vector of news in general for ``bot/newsroom/tracker/e5_center.txt``. Nothing of the texts is kept.

``python -m benchmarks.learn_center ../shared/news/background.txt``. The text has one sentence a line; every 25th is read.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

from bot.newsroom.tracker.e5 import CENTER_FILE, E5

STEP = 25


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("text", type=Path)
    options = parser.parse_args()
    lines = options.text.read_text(encoding="utf-8").splitlines()[::STEP]
    np.savetxt(CENTER_FILE, E5().embed_uncentered(lines).mean(axis=0), "%.4f")
    print(f"{CENTER_FILE.name}: the mean of {len(lines)} sentences")
    return 0


if __name__ == "__main__":
    sys.exit(main())
