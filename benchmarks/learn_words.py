"""Count words of a plain text, one sentence a line, for ``bot/entities/frequent.tsv``: in how many lines each stands, and how
often in lower case. Nothing but these counts is kept.

``python -m benchmarks.learn_words ../shared/news/background.txt``
"""

from __future__ import annotations

import argparse
import collections
import sys
from collections.abc import Iterable
from pathlib import Path

from bot.entities.word_frequencies import FREQUENCIES_FILE, split_without_possessives
from bot.model.text_folding import fold

#: A word in fewer lines is as good as unknown; but that it is a word and no name shows earlier.
LEAST = 5
LEAST_LOWER = 2


def count(lines: Iterable[str]) -> str:
    """Return the table: a first row with the number of lines, then word, lines, and percent in lower case within a sentence."""
    total = 0
    documents: collections.Counter[str] = collections.Counter()
    inside: collections.Counter[str] = collections.Counter()
    lower: collections.Counter[str] = collections.Counter()
    for line in lines:
        total += 1
        spelled = split_without_possessives(line)
        documents.update({fold(word) for word in spelled})
        for word in spelled[1:]:
            inside[fold(word)] += 1
            lower[fold(word)] += word[:1].islower()
    often = {word for word, seen in documents.items() if seen >= LEAST} | {
        word for word, seen in lower.items() if seen >= LEAST_LOWER
    }
    words = sorted(word for word in often if word and not word[0].isdigit())
    rows = [f"{word}\t{documents[word]}\t{round(100 * lower[word] / max(1, inside[word]))}" for word in words]
    return "\n".join([f"\t{total}\t", *rows, ""])


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("text", type=Path)
    options = parser.parse_args()
    with options.text.open(encoding="utf-8") as lines:
        FREQUENCIES_FILE.write_text(count(lines), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
