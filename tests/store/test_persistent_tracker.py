"""The tracker beside its store: a restart forgets nothing, and a failed write has said nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.model.company import Company
from bot.model.tracking import Decision, Judgement
from bot.newsroom.desk import Desk
from bot.newsroom.feed_confidence import find_feed_lines
from bot.newsroom.persistent_tracker import PersistentTracker
from bot.newsroom.tracker import Embedder
from bot.store import Store
from tests.store.material import HandClock, draft, news
from tests.unit.news import START, WordHashes, article, stream

EMBEDDERS: list[Embedder | None] = [None, WordHashes()]
each_way = pytest.mark.parametrize("embedder", EMBEDDERS, ids=["words alone", "with vectors"])


def start_tracker(store: Store, embedder: Embedder | None) -> PersistentTracker:
    """As a start of the bot has it, some days after the news."""
    return PersistentTracker(store, lambda: START + timedelta(days=9), lambda: embedder)


async def said_without_restart(store: Store, embedder: Embedder | None) -> list[Judgement]:
    tracker = start_tracker(store, embedder)
    judgements = [await tracker.judge(each) for each in stream()]
    async with store.write() as tx:
        await tx.tracker_state.remove([each.id for each in stream()])
        centre = await tx.tracker_state.get_mean_vector(embedder.name if embedder else "")
        assert centre is not None
        await tx.tracker_state.save_mean_vector(type(centre)(centre.embedder, 0, bytes(len(centre.total))))
    return judgements


@each_way
async def test_a_restart_before_every_article_changes_no_judgement(store: Store, embedder: Embedder | None) -> None:
    expected = await said_without_restart(store, embedder)
    for each, judgement in zip(stream(), expected, strict=True):
        assert await start_tracker(store, embedder).judge(each) == judgement
    again = start_tracker(store, embedder)
    assert [await again.judge(each) for each in stream()] == expected


@each_way
async def test_the_desks_decisions_count_after_a_restart(store: Store, embedder: Embedder | None) -> None:
    first = start_tracker(store, embedder)
    await first.judge(article(1, "Storm floods the harbour of Lisbon"))
    await first.assign("a1", "lisbon-floods")
    # The store must know the story, or its articles are in none when it is opened again.
    desk = Desk(store, lambda: START)
    await desk.publish(draft("lisbon-floods", news("Storm floods the harbour of Lisbon"), parties=()), actor="test")
    judgement = await start_tracker(store, embedder).judge(article(2, "Lisbon harbour is flooded by a storm", hours=1))
    assert judgement.story == "lisbon-floods"


async def test_stored_stories_and_companies_are_known_at_once(store: Store, clock: HandClock) -> None:
    clock.now = START
    desk = Desk(store, clock)
    development = news("Orbex Motors and Zubrin sign battery supply contract", date="2026-03-01")
    await desk.publish(draft("orbex-zubrin", development), actor="test")
    async with store.write() as tx:
        await tx.companies.save(Company("Hexcell"))
    tracker = start_tracker(store, None)
    judgement = await tracker.judge(article(1, "Zubrin and Orbex Motors sign contract on battery supply"))
    assert (judgement.decision, judgement.story) == (Decision.RE_REPORT, "orbex-zubrin")
    judgement = await tracker.judge(article(2, "Zubrin and Orbex Motors sign contract on Hexcell battery supply"))
    assert judgement.decision is Decision.DEVELOPMENT


async def test_a_likely_re_report_is_recommended_as_one_for_an_editor_to_decide(store: Store, clock: HandClock) -> None:
    """Its likelihood is below the line from which the bot adds a source without asking."""
    clock.now = START
    development = news("Orbex Motors and Zubrin sign battery supply contract", date="2026-03-01")
    await Desk(store, clock).publish(draft("orbex-zubrin", development), actor="test")
    tracker = start_tracker(store, None)
    retold = article(1, "Batteries for Orbex Motors will come from Zubrin, contract signed", hours=3)
    recommendation = (await tracker.assess(retold)).recommendation
    async with store.read() as tx:
        lines = await find_feed_lines(tx, None)
        story = await tx.stories.get("orbex-zubrin")
    assert (recommendation.decision, recommendation.story) == (Decision.RE_REPORT, "orbex-zubrin")
    assert recommendation.development_key == story.developments[0].key
    assert not lines.re_reports.allows(recommendation.repeat_likelihood)
    assert (await tracker.judge(retold)).decision is not Decision.RE_REPORT


async def test_several_articles_are_judged_in_order_of_publication(store: Store) -> None:
    tracker = start_tracker(store, None)
    articles = list(reversed(stream()))
    judgements = await tracker.judge_all(articles)
    assert [each.article for each in judgements] == [each.id for each in articles]
    assert judgements[-1].decision is Decision.NEW_STORY


async def test_a_date_in_the_future_ends_no_event(store: Store) -> None:
    tracker = PersistentTracker(store, lambda: START + timedelta(hours=2), lambda: None)
    await tracker.judge(article(1, "Storm floods the harbour of Lisbon"))
    await tracker.judge(article(2, "Museum returns a painting", hours=90_000))
    assert (await tracker.judge(article(3, "Lisbon harbour flooded by storm", hours=1))).event == "a1"


async def test_expired_articles_leave_no_vectors_behind(store: Store) -> None:
    tracker = start_tracker(store, WordHashes())
    await tracker.judge(article(1, "Storm floods the harbour of Lisbon"))
    await tracker.judge(article(2, "Museum returns a painting", hours=100))
    async with store.read() as tx:
        records = {each.key: each for each in await tx.tracker_state.list_all()}
    assert (records["a1"].vector, dict(records["a1"].weights), records["a1"].event) == (b"", {}, "")
    assert records["a1"].judgement is not None
    assert records["a2"].vector


async def test_merged_stories_are_one_for_the_tracker(store: Store) -> None:
    desk = Desk(store, lambda: START)
    await desk.publish(draft("storms", news("Storms of the year")), actor="test")
    await desk.publish(draft("lisbon-floods", news("Storm floods the harbour of Lisbon"), parties=()), actor="test")
    tracker = start_tracker(store, None)
    await tracker.judge(article(1, "Lisbon harbour flooded by storm"))
    await tracker.assign("a1", "lisbon-floods")
    await desk.merge("lisbon-floods", "storms", actor="test")
    judgement = await tracker.judge(article(2, "Lisbon harbour is flooded by a storm", hours=1))
    assert "lisbon-floods" not in [each.story for each in judgement.candidates]
    assert judgement.candidates[0].story == "storms"


async def test_another_embedder_embeds_old_texts_once(store: Store) -> None:
    """At the next start they have its vectors, and count once for the mean."""
    words_alone = start_tracker(store, None)
    for number in range(3):
        await words_alone.judge(article(number, "Storm floods the harbour of Lisbon", hours=number))
    for number, text_count in ((3, 4), (4, 1)):
        embedder = WordHashes()
        await start_tracker(store, embedder).judge(article(number, "Lisbon harbour is flooded", hours=number))
        assert len(embedder.embedded) == text_count
    async with store.read() as tx:
        mean_state = await tx.tracker_state.get_mean_vector(WordHashes.name)
    assert mean_state is not None
    assert mean_state.count == 5
