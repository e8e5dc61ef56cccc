"""How well the companies in headlines are recognised: precision, recall, and the share of headlines that are all right.

``python -m benchmarks.companies [--news ../shared/news] [--verbose]``. Printed are the halves (tuned on and held out) of the
three files of headlines in ``tests/unit``, and the labelled headlines in ``../shared/news``, if that exists. ``--verbose``
lists what was wrong, but not of a held-out half.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.entities.company_matcher import CompanyMatcher
from tests.unit.company_headlines import FILES, Headline, read_companies, read_headlines, score

NEWS = Path(__file__).parents[2] / "shared" / "news"


def report(title: str, headlines: Sequence[Headline], matcher: CompanyMatcher, *, verbose: bool) -> Iterator[str]:
    result = score(headlines, matcher.find_names)
    yield (
        f"{title}: {result.headlines} headlines, P {result.precision:.3f} R {result.recall:.3f}, "
        f"all right {result.right_share:.3f} ({result.right} right, {result.wrong} wrong, {result.missed} missed)"
    )
    for headline in headlines if verbose else ():
        names = matcher.find_names(headline.text)
        if names != headline.companies:
            wrong, missed = sorted(names - headline.companies), sorted(headline.companies - names)
            yield f"  {headline.text}: wrong {wrong}, missed {missed}"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--news", type=Path, default=NEWS, help="the folder of the labelled news (../shared/news)")
    parser.add_argument("--verbose", action="store_true", help="list what was wrong")
    options = parser.parse_args()
    for path in (*FILES, options.news / "companies-dev.tsv"):
        headlines = read_headlines(path) if path.exists() else []
        if not headlines:
            continue
        matcher = CompanyMatcher(read_companies(path))
        if path not in FILES:
            print(*report(path.stem, headlines, matcher, verbose=options.verbose), sep="\n")
            continue
        tuned_on = [each for each in headlines if not each.is_held_out]
        held_out = [each for each in headlines if each.is_held_out]
        print(*report(f"{path.stem}, tuned on", tuned_on, matcher, verbose=options.verbose), sep="\n")
        print(*report(f"{path.stem}, held out", held_out, matcher, verbose=False), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
