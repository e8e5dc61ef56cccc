"""How well the companies in headlines are recognised: precision, recall, and the share of headlines that are all right.

``python -m benchmarks.companies [--news ../shared/news] [--verbose]``. Printed are the halves of the headlines in
``tests/unit`` (tuned on and held out), those of a second file that was written later, mostly with other companies, and the
labelled headlines in ``../shared/news``, if that exists. ``--verbose`` lists what was wrong, but not of a held-out half.
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
    matcher = CompanyMatcher(read_companies())
    for path in FILES:
        headlines = read_headlines(path)
        tuned_on = [each for each in headlines if not each.is_held_out]
        held_out = [each for each in headlines if each.is_held_out]
        print(*report(f"{path.stem}, tuned on", tuned_on, matcher, verbose=options.verbose), sep="\n")
        print(*report(f"{path.stem}, held out", held_out, matcher, verbose=False), sep="\n")
    if (options.news / "companies-dev.tsv").exists():
        matcher = CompanyMatcher(read_companies(options.news / "companies-dev.toml"))
        headlines = read_headlines(options.news / "companies-dev.tsv")
        print(*report("companies-dev", headlines, matcher, verbose=options.verbose), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
