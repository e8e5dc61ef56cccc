"""How well the tracker tracks: events, running stories, re-reports, speed and memory, at the thresholds that are shipped.

``python -m benchmarks.tracking [--news ../shared/news] [--embedder e5|none]``. The files are labelled news, the article
line with ``gold``, the story that it belongs to; they are no part of the project. Of the re-reports each half of the pairs
is judged by weights that were learned from the other; the thresholds are one set for all.
"""

from __future__ import annotations

import argparse
import collections
import json
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.graded import area_under_curve, fit, likelihoods, read_pairs
from bot.model.article import Article
from bot.newsroom.article_lines import read_articles
from bot.newsroom.tracker import Embedder, Tracker, load_embedder
from bot.newsroom.tracker.batch import track_articles
from bot.newsroom.tracker.decider import VECTOR_THRESHOLDS, WORD_THRESHOLDS
from bot.newsroom.tracker.embedding import Vector
from bot.newsroom.tracker.text_features import build_embedding_text

NEWS = Path(__file__).parents[2] / "shared" / "news"


@dataclass(frozen=True, slots=True)
class Labelled:
    """Articles in the order of their publishing, each with the story that it belongs to, and its vector."""

    articles: Sequence[Article]
    gold: Sequence[str]
    vectors: Sequence[Vector]
    seconds: float


def read(path: Path, embedder: Embedder | None) -> Labelled:
    articles = sorted((article for _, article in read_articles(path)), key=lambda article: article.published_at)
    lines = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    gold = {str(line["id"]): str(line["gold"]) for line in lines}
    start = time.process_time()
    vectors = Tracker(embedder).embed(articles)
    return Labelled(articles, [gold[each.id] for each in articles], vectors, time.process_time() - start)


def bcubed(predicted: Sequence[str], gold: Sequence[str]) -> str:
    ours, theirs = collections.Counter(predicted), collections.Counter(gold)
    both = collections.Counter(zip(predicted, gold, strict=True))
    precision = sum(n * n / ours[group] for (group, _), n in both.items()) / len(gold)
    recall = sum(n * n / theirs[group] for (_, group), n in both.items()) / len(gold)
    return f"P {precision:.3f} R {recall:.3f} F1 {2 * precision * recall / (precision + recall):.3f}"


class Ready:
    """An embedder that has embedded all there is."""

    def __init__(self, embedder: Embedder, news: Labelled) -> None:
        self.name, self.size = embedder.name, embedder.size
        self._known = {
            build_embedding_text(each.title, "", each.published_at): vector
            for each, vector in zip(news.articles, news.vectors, strict=True)
        }

    def embed(self, texts: Sequence[str]) -> Vector:
        return np.array([self._known[text] for text in texts])


def events(news: Labelled, embedder: Embedder | None) -> Iterator[str]:
    start = time.process_time()
    filed = list(track_articles(Tracker(Ready(embedder, news) if embedder else None), news.articles))
    seconds = time.process_time() - start + news.seconds
    gold = {each.id: gold for each, gold in zip(news.articles, news.gold, strict=True)}
    own = [gold[each.id] for each in filed]
    yield f"events: BCubed {bcubed([each.event for each in filed], own)}"
    yield f"stories that nobody settles: BCubed {bcubed([each.story for each in filed], own)}"
    yield f"{len(filed) / seconds:.0f} articles a second of processor time, {seconds / len(filed) * 1000:.1f} ms each ({news.seconds / len(filed) * 1000:.1f} the vector)"


@dataclass(frozen=True, slots=True)
class Attached:
    """Of one article whose story was known: whether that came first, and was sure, and right."""

    known: bool
    first: bool
    sure: bool
    right: bool
    score: float
    margin: float


def attach(news: Labelled, embedder: Embedder | None) -> list[Attached]:
    """Every article is judged, then settled in its story by the desk; known is a story that has an article already."""
    tracker, seen, told = Tracker(embedder), set[str](), list[Attached]()
    for article, gold, vector in zip(news.articles, news.gold, news.vectors, strict=True):
        judged = tracker.judge(article, vector)
        offered = [each.story for each in judged.candidates]
        scores = [each.score for each in judged.candidates] + [0.0, 0.0]
        placed = judged.sure and bool(judged.story)
        told.append(
            Attached(
                gold in seen,
                offered[:1] == [gold],
                placed,
                placed and judged.story == gold,
                scores[0],
                scores[0] - scores[1],
            )
        )
        tracker.assign(article.id, gold)
        seen.add(gold)
    return told


def attachment(told: Sequence[Attached]) -> Iterator[str]:
    known = [each for each in told if each.known]
    sure = [each for each in told if each.sure]
    right = sum(each.right for each in sure)
    yield f"running stories: the right one first for {sum(each.first for each in known) / len(known):.3f} of {len(known)}"
    yield (
        f"attached when sure: precision {right / max(1, len(sure)):.3f} (also over what belongs to no known story), "
        f"coverage {right / len(known):.3f} right, {len(sure) / len(told):.3f} of all"
    )


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


def report(folder: Path, name: str) -> Iterator[str]:
    embedder = load_embedder(name)
    yield f"--- {embedder.name if embedder else 'words alone'}"
    news = read(folder / "events-dev.jsonl", embedder)
    yield from events(news, embedder)
    yield from attachment(attach(read(folder / "running-dev.jsonl", embedder), embedder))
    yield telling(folder / "pairs-dev.tsv", embedder)
    yield f"resident at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--news", type=Path, default=NEWS, help="the folder of the labelled news (../shared/news)")
    parser.add_argument("--embedder", action="append", help="e5, none or module:callable; both of ours when left out")
    options = parser.parse_args()
    if not options.news.is_dir():
        print(f"{options.news}: there is no labelled news here; --news names its folder.", file=sys.stderr)
        return 1
    for name in options.embedder or ["none", "e5"]:
        for line in report(options.news, name):
            print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
