"""How well the tracker tracks: events, running stories, re-reports, speed and memory, at the thresholds that are shipped.

``python -m benchmarks.tracking [--news ../shared/news] [--embedder e5|none] [--tuned]``. What is judged was not used for
tuning: two streams of ``benchmarks/streams``, and the newer half of the running stories of the labelled news, which are no
part of the project. ``--tuned`` judges what was used instead. Of the re-reports each half of the pairs is judged by weights
that were learned from the other. The thresholds are one set for all.
"""

from __future__ import annotations

import argparse
import collections
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.graded import area_under_curve, fit, likelihoods, read_pairs
from benchmarks.labelled_news import NEWS, STREAMS, LabelledNews, read_news
from bot.newsroom.tracker import Embedder, Tracker, load_embedder
from bot.newsroom.tracker.batch import BatchTracker
from bot.newsroom.tracker.decider import VECTOR_THRESHOLDS, WORD_THRESHOLDS

HELD_OUT, TUNED = ("chips_electronics", "energy_mining"), ("automotive", "airlines_aerospace")
#: The days of quiet by which running stories are told apart: at most so many.
QUIET_DAYS = (1, 3, 14, 60, 10_000)


def bcubed(predicted: Sequence[str], gold: Sequence[str]) -> str:
    ours, theirs = collections.Counter(predicted), collections.Counter(gold)
    both = collections.Counter(zip(predicted, gold, strict=True))
    precision = sum(n * n / ours[group] for (group, _), n in both.items()) / len(gold)
    recall = sum(n * n / theirs[group] for (_, group), n in both.items()) / len(gold)
    return f"P {precision:.3f} R {recall:.3f} F1 {2 * precision * recall / (precision + recall):.3f}"


def events(name: str, news: LabelledNews, embedder: Embedder | None) -> str:
    """Track a stream without a desk; return how well its events were found, and what an article costs."""
    start = time.process_time()
    batch = BatchTracker(Tracker(embedder))
    for article, vector in zip(news.articles, news.vectors, strict=True):
        batch.add(article, vector)
    filed = {each.id: each.event for each in batch.get_results()}
    count = len(news.articles)
    cost = (time.process_time() - start) / count * 1000
    found = bcubed([filed[each.id] for each in news.articles], news.events)
    vector_cost = news.embedding_seconds / count * 1000
    return f"events of {name}, {count} articles: {found}; {cost:.1f} ms each, and {vector_cost:.1f} ms the vector"


@dataclass(frozen=True, slots=True)
class Attached:
    """What became of an article.

    Attributes:
        quiet_days: how many days its story had no article; None if the story was not known.
        is_first: whether its story came first; ``is_sure`` whether any story was sure, ``is_right`` whether that was its own.
    """

    quiet_days: float | None
    is_first: bool
    is_sure: bool
    is_right: bool


def attach(news: LabelledNews, embedder: Embedder | None) -> list[Attached]:
    """Every article is judged, then settled in its story by the desk."""
    tracker, newest, told = Tracker(embedder), dict[str, float](), list[Attached]()
    for article, story, vector in zip(news.articles, news.stories, news.vectors, strict=True):
        judgement = tracker.judge(article, vector)
        first = judgement.candidates[0].story if judgement.candidates else ""
        is_sure = judgement.sure and bool(judgement.story)
        seconds = article.published_at.timestamp()
        quiet_days = (seconds - newest[story]) / 86_400 if story in newest else None
        told.append(Attached(quiet_days, first == story, is_sure, is_sure and judgement.story == story))
        if story:
            tracker.assign(article.id, story)
            newest[story] = max(seconds, newest.get(story, seconds))
    return told


def attachment(name: str, told: Sequence[Attached]) -> Iterator[str]:
    known = [each for each in told if each.quiet_days is not None]
    sure = [each for each in told if each.is_sure]
    right = sum(each.is_right for each in sure)
    yield (
        f"running stories of {name}: first right {sum(each.is_first for each in known) / len(known):.3f} of {len(known)}; sure: "
        f"precision {right / max(1, len(sure)):.3f} (of all, also of no known story), coverage {right / len(known):.3f}"
    )
    least = 0
    for most in QUIET_DAYS:
        part = [each for each in known if each.quiet_days is not None and least <= each.quiet_days < most]
        wrong = sum(each.is_sure and not each.is_right for each in part)
        if part:
            span = f"{least} to {most}" if most < QUIET_DAYS[-1] else f"over {least}"
            yield (
                f"  {span} days quiet, {len(part)}: first right {sum(each.is_first for each in part) / len(part):.3f}, "
                f"attached {sum(each.is_right for each in part) / len(part):.3f}, wrongly {wrong / len(part):.3f}"
            )
        least = most


def telling(path: Path, embedder: Embedder | None) -> str:
    """Each part of the pairs by what was learned from the others."""
    pairs = read_pairs(path, embedder)
    likely = np.zeros(len(pairs.same))
    for part in np.unique(pairs.part):
        here = pairs.part == part
        likely[here] = likelihoods(fit(pairs.signs[~here], pairs.same[~here]), pairs.signs[here])
    said = likely >= (VECTOR_THRESHOLDS if embedder else WORD_THRESHOLDS).re_report
    right = int((said & pairs.same).sum())
    return (
        f"re-report or development, {len(said)} pairs: AUC {area_under_curve(likely, pairs.same):.3f}, "
        f"P {right / max(1, int(said.sum())):.3f} R {right / int(pairs.same.sum()):.3f}"
    )


def take_half(news: LabelledNews, told: Sequence[Attached], *, newer: bool) -> Sequence[Attached]:
    """Return what was told of the newer or the older half of the articles; each story before is known to both."""
    half = len(news.articles) // 2
    return told[half:] if newer else told[:half]


def report(folder: Path, name: str, *, tuned: bool) -> Iterator[str]:
    embedder = load_embedder(name)
    yield f"--- {embedder.name if embedder else 'words alone'}"
    if tuned:
        yield events("undated story streams", read_news(folder / "events-dev.jsonl", embedder), embedder)
    for stream in TUNED if tuned else HELD_OUT:
        for with_leads in (False, True):
            news = read_news(STREAMS / f"{stream}.jsonl", embedder, with_leads=with_leads)
            label = f"{stream}, {'titles and leads' if with_leads else 'titles'}"
            yield events(label, news, embedder)
            yield from attachment(label, attach(news, embedder))
    running = read_news(folder / "running-dev.jsonl", embedder)
    yield from attachment("two years", take_half(running, attach(running, embedder), newer=not tuned))
    yield telling(folder / "pairs-dev.tsv", embedder)
    yield f"resident at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--news", type=Path, default=NEWS, help="the folder of the labelled news (../shared/news)")
    parser.add_argument("--embedder", action="append", help="e5, none or module:callable; both of ours when left out")
    parser.add_argument("--tuned", action="store_true", help="judge what was used for tuning")
    options = parser.parse_args()
    if not options.news.is_dir():
        print(f"{options.news}: there is no labelled news here; --news names its folder.", file=sys.stderr)
        return 1
    for name in options.embedder or ["none", "e5"]:
        for line in report(options.news, name, tuned=options.tuned):
            print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
