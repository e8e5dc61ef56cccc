"""Whether people find what they meant: the judged questions, asked of the library itself.

Run it with ``python -m benchmarks.finding [--kept-aside] [--verbose]``.

Printed is how often the first answer is right (success at 1, aim 95 %) and how often what is right is among the first five
(success at 5, aim 99 %), by sort of question, for the half that the rules were tuned on; with ``--kept-aside`` also for the
half that was kept aside, which stood unseen until they were done; then for what strangers typed who did not know the rules;
then for questions over another industry's stories, which were written before anybody saw how they are answered, and for what
people typed over a third industry's.
``--verbose`` lists what failed.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.finding.judged import Judged, airlines, ask_all, halves, semiconductors, strangers
from tests.finding.planting import plant_files

AIM_AT_ONE, AIM_AT_FIVE = 0.95, 0.99


def report(title: str, judged: Sequence[Judged], *, verbose: bool) -> Iterator[str]:
    """Return the figures of one half: by sort, then together, then what failed."""
    by_sort: defaultdict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        by_sort[f"{one.question.sort} ({one.question.collection})"].append(one)
    yield f"{title}: {len(judged)} questions"
    for sort, of_sort in sorted(by_sort.items()):
        yield _row(sort, of_sort)
    yield _row("together", judged)
    at_one, at_five = _shares(judged)
    verdict = "met" if at_one >= AIM_AT_ONE and at_five >= AIM_AT_FIVE else "missed"
    yield f"aims {AIM_AT_ONE:.0%} and {AIM_AT_FIVE:.0%}: {verdict}"
    if verbose:
        yield from (_failure(one) for one in judged if not (one.at_one and one.at_five))


def _row(name: str, judged: Sequence[Judged]) -> str:
    at_one, at_five = _shares(judged)
    return f"  {name:36} {len(judged):4}   at 1 {at_one:6.1%}   at 5 {at_five:6.1%}"


def _shares(judged: Sequence[Judged]) -> tuple[float, float]:
    count = max(1, len(judged))
    return sum(one.at_one for one in judged) / count, sum(one.at_five for one in judged) / count


def _failure(one: Judged) -> str:
    asked = one.question
    wanted = asked.best if asked.meant is None else f"nothing, but {asked.meant}"
    also = f", also {asked.also}" if asked.also else ""
    return f"  {asked.by} {asked.ask!r} ({asked.collection}): wanted {wanted}{also}; came {one.got[:5]}"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--kept-aside", action="store_true", help="ask the half that was kept aside too")
    parser.add_argument("--verbose", action="store_true", help="list the questions that failed")
    options = parser.parse_args()
    tuning, aside = halves()
    with tempfile.TemporaryDirectory() as folder:
        stores = plant_files(Path(folder))
        print("\n".join(report("tuned on", asyncio.run(ask_all(stores, tuning)), verbose=options.verbose)))
        print("\n".join(report("strangers", asyncio.run(ask_all(stores, strangers())), verbose=options.verbose)))
        print("\n".join(report("another industry", asyncio.run(ask_all(stores, airlines())), verbose=options.verbose)))
        third = asyncio.run(ask_all(stores, semiconductors()))
        print("\n".join(report("a third industry", third, verbose=options.verbose)))
        if options.kept_aside:
            print("\n".join(report("kept aside", asyncio.run(ask_all(stores, aside)), verbose=options.verbose)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
