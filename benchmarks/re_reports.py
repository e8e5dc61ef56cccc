"""What is folded of the invented pairs (``tests/unit/re_report_pairs.tsv``): nothing that changes the news, much of what repeats it.

``python -m benchmarks.re_reports [--embedder e5|none] [--tuning]``. ``--tuning`` lists what is wrong in the half for tuning.
"""

from __future__ import annotations

import argparse
import collections
import sys

from bot.newsroom.tracker import load_embedder
from tests.unit.re_report_pairs import SAME, is_folded, read_headline_pairs


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--embedder", action="append", help="e5, none or module:callable; both of ours by default")
    parser.add_argument("--tuning", action="store_true", help="list the wrong ones of the half for tuning")
    options = parser.parse_args()
    for name in options.embedder or ["none", "e5"]:
        embedder = load_embedder(name)
        print(f"--- {embedder.name if embedder else 'words alone'}")
        totals, folded = collections.Counter[str](), collections.Counter[str]()
        for pair in read_headline_pairs():
            half = "held out" if pair.is_held_out else "tuning"
            keys = [
                f"{half}, {'repeated' if pair.kind == SAME else 'changed'}",
                f"{half}, {pair.kind} ({pair.language})",
            ]
            is_wrong = is_folded(pair, embedder)
            totals.update(keys)
            folded.update(keys if is_wrong else [])
            if options.tuning and not pair.is_held_out and is_wrong is (pair.kind != SAME):
                print(f"    {pair.kind}: {pair.first} | {pair.second}")
        for key in sorted(totals):
            print(f"{key}: {folded[key]} of {totals[key]} folded")
    return 0


if __name__ == "__main__":
    sys.exit(main())
