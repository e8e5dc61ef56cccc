"""Learn anew what makes a headline a re-report: prints the two constants of ``bot/newsroom/tracker/re_report_classifier.py``.

``python -m benchmarks.learn_telling [../shared/news/pairs-dev.tsv]``. Before it prints what it learned from all pairs, it
learns from each part of them alone and says how that does on the others.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

from benchmarks.graded import Pairs, area_under_curve, fit, likelihoods, read_pairs
from bot.newsroom.tracker.embedding import load_embedder

PAIRS = Path(__file__).parents[2] / "shared" / "news" / "pairs-dev.tsv"


def crossed(pairs: Pairs) -> str:
    """How likelihoods that were learned from the other parts do on each part."""
    likely = np.zeros(len(pairs.same))
    for part in np.unique(pairs.part):
        here = pairs.part == part
        likely[here] = likelihoods(fit(pairs.signs[~here], pairs.same[~here]), pairs.signs[here])
    told = [f"AUC {area_under_curve(likely, pairs.same):.3f}"]
    for line in (0.70, 0.74, 0.78, 0.80, 0.82, 0.84):
        said = likely >= line
        right = int((said & pairs.same).sum())
        told.append(f"from {line}: P {right / max(1, int(said.sum())):.3f} R {right / int(pairs.same.sum()):.3f}")
    return "; ".join(told)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("pairs", type=Path, nargs="?", default=PAIRS)
    options = parser.parse_args()
    for name, embedder in (("VECTOR_MODEL", load_embedder("e5")), ("WORD_MODEL", None)):
        pairs = read_pairs(options.pairs, embedder)
        print(f"# on parts that were not learned from: {crossed(pairs)}")
        learned = fit(pairs.signs, pairs.same)
        print(f"{name} = LogisticModel(weights={learned.weights}, intercept={learned.intercept})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
