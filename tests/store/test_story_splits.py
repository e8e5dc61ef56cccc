"""A story is split, and the split can be undone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.errors import InputError, NotAllowed
from bot.model.article import Article
from bot.model.follow_settings import FollowSettings
from bot.model.review import Recommendation, ReviewState
from bot.model.story import Development, Story
from bot.model.story_split import SplitParts
from bot.model.tracking import Decision
from bot.model.vocabulary import Kind, Stage
from bot.newsroom.desk import get_story_history
from bot.newsroom.drafts import StoryHeader
from bot.newsroom.persistent_tracker import PersistentTracker
from bot.newsroom.split_rules import SplitOutdated
from bot.newsroom.story_splitter import SplitOutcome, StorySplitter
from bot.store import Store
from tests.store.checker import find_inconsistencies
from tests.store.delivery import Delivery
from tests.store.material import channel, draft, event, expecting, more, news, story
from tests.store.publishing import headlines_of

HEADER = StoryHeader("Gamma buys Delta", "Gamma buys Delta, it says.", Kind.ACQUISITION)
TALKS = news("Talks begin", key="a", stage=Stage.TALKS)
BOUGHT = news("Gamma buys Delta", key="b", date="2025-09", stage=Stage.SIGNED)


async def get(store: Store, slug: str) -> Story:
    async with store.read() as tx:
        return await tx.stories.get(slug)


@pytest.fixture
def splitter(delivery: Delivery) -> StorySplitter:
    return StorySplitter(delivery.store, delivery.desk, delivery.clock)


@pytest.fixture
async def mixed(delivery: Delivery) -> Story:
    """Return a story with a development of another one."""
    return (await delivery.publish(draft("mixed", TALKS, BOUGHT))).story


async def check(delivery: Delivery) -> list[str]:
    """Return what is inconsistent in a store that is in use."""
    return await find_inconsistencies(delivery.database, owed=False)


async def choose(splitter: StorySplitter, slug: str, developments: Iterable[Development], into: str = "") -> int:
    """Begin a split of these developments; return its id."""
    opened = await splitter.begin(slug, into)
    parts = SplitParts(frozenset(d.id for d in developments))
    await splitter.change(opened.split.id, lambda split: replace(split, parts=parts))
    return opened.split.id


async def split_off(splitter: StorySplitter, mixed: Story, *, follows: bool = True, posts: bool = True) -> SplitOutcome:
    """Move the development of the other story to a new one."""
    split_id = await choose(splitter, mixed.slug, mixed.developments[-1:])
    await splitter.change(split_id, lambda split: replace(split, copies_follows=follows, edits_posts=posts))
    return await splitter.split(split_id, HEADER, actor="test")


async def test_developments_become_a_new_story(delivery: Delivery, splitter: StorySplitter, mixed: Story) -> None:
    """Stage, "as of", full text and audit fit both, and the old headline counts as outdated if the stage has left with them."""
    outcome = await split_off(splitter, mixed)
    source, target = await get(delivery.store, "mixed"), await get(delivery.store, "gamma-buys-delta")
    assert (outcome.source, outcome.target) == (source, target)
    assert [d.headline for d in source.developments] == ["Talks begin"]
    assert [d.id for d in target.developments] == [mixed.developments[-1].id]
    assert (source.stage, str(source.as_of), target.stage, str(target.as_of)) == (
        Stage.TALKS,
        "2025-08",
        Stage.SIGNED,
        "2025-09",
    )
    assert source.is_description_outdated
    assert not target.is_description_outdated
    async with delivery.store.read() as tx:
        assert await tx.fulltext.find_slugs(["buys"]) == ("gamma-buys-delta",)
    assert await check(delivery) == []


async def test_an_undone_split_restores_the_story(delivery: Delivery, splitter: StorySplitter, mixed: Story) -> None:
    """The slug of the story that was new leads there, so that no button is dead."""
    outcome = await split_off(splitter, mixed)
    undone = await splitter.undo(outcome.split.id, actor="test")
    assert undone.source == mixed == await get(delivery.store, "mixed") == await get(delivery.store, "gamma-buys-delta")
    with pytest.raises(NotAllowed, match="already been undone"):
        await splitter.undo(outcome.split.id, actor="test")
    assert await check(delivery) == []


async def test_followers_get_what_happens_in_both(delivery: Delivery, splitter: StorySplitter, mixed: Story) -> None:
    """With the settings of their follow."""
    settings = FollowSettings(role_id=7)
    await delivery.subscriptions.follow(channel(1), story("mixed"), created_by=1, settings=settings)
    outcome = await split_off(splitter, mixed)
    assert outcome.follows == 1
    await delivery.publish(more("gamma-buys-delta", news("Completed", key="c", date="2025-10")))
    await delivery.send_due()
    assert delivery.publisher.headlines(1) == ["Completed"]
    assert {follow.settings for follow in await delivery.subscriptions.list_in_guild(1)} == {settings}


async def test_an_undone_split_leaves_the_follows_as_they_were(
    delivery: Delivery, splitter: StorySplitter, mixed: Story
) -> None:
    """Of a story that existed, the copies go; a follow that somebody has changed since stays."""
    await delivery.publish(draft("other", news("Another", key="z")))
    for number in (1, 2):
        await delivery.subscriptions.follow(channel(number), story("mixed"), created_by=1)
    before = await delivery.subscriptions.list_in_guild(1)
    outcome = await split_off(splitter, mixed)
    await splitter.undo(outcome.split.id, actor="test")
    assert await delivery.subscriptions.list_in_guild(1) == before
    moved = (await get(delivery.store, "mixed")).developments[-1:]
    outcome = await splitter.split(await choose(splitter, "mixed", moved, "other"), actor="test")
    assert outcome.follows == 2
    await delivery.subscriptions.follow(channel(2), story("other"), created_by=1, settings=FollowSettings(silent=True))
    await splitter.undo(outcome.split.id, actor="test")
    followed = [(f.destination.discord_id, f.target.value) for f in await delivery.subscriptions.list_in_guild(1)]
    assert sorted(followed) == [(1, "mixed"), (2, "mixed"), (2, "other")]


async def test_follows_stay_alone_if_the_editor_wants(
    delivery: Delivery, splitter: StorySplitter, mixed: Story
) -> None:
    await delivery.subscriptions.follow(channel(1), story("mixed"), created_by=1)
    assert (await split_off(splitter, mixed, follows=False)).follows == 0
    assert [f.target.value for f in await delivery.subscriptions.list_in_guild(1)] == ["mixed"]


@pytest.mark.parametrize("edits_posts", [True, False])
async def test_posts_that_were_sent_show_the_story_asked_for(
    delivery: Delivery, splitter: StorySplitter, edits_posts: bool
) -> None:
    """They are edited, or stay as they are; nothing is posted again, and a correction still reaches them."""
    await delivery.follow_channel(1)
    mixed = (await delivery.publish(draft("mixed", TALKS, BOUGHT))).story
    await delivery.send_due()
    outcome = await split_off(splitter, mixed, posts=edits_posts)
    await delivery.send_due()
    assert outcome.edits == int(edits_posts)
    assert [headlines_of(post) for post in delivery.publisher.edited_posts] == [["Gamma buys Delta"]] * edits_posts
    assert len(delivery.publisher.headlines(1)) == 2
    await delivery.correct("gamma-buys-delta", "Gamma buys all of Delta", key="b")
    await delivery.send_due()
    edited = delivery.publisher.edited_posts[-1]
    assert headlines_of(edited) == ["Gamma buys all of Delta"]
    assert [item.story.slug for item in edited.items] == ["gamma-buys-delta"]
    await splitter.undo(outcome.split.id, actor="test")
    await delivery.send_due()
    assert [item.story.slug for item in delivery.publisher.edited_posts[-1].items] == ["mixed"]


async def test_what_belongs_to_a_development_moves_with_it(delivery: Delivery, splitter: StorySplitter) -> None:
    """The expected event that it was the result of; other events and figures only if they are chosen."""
    events = (event("closing", "2025-09", outcome="happened", development="b"), event("ruling", "2026-05"))
    mixed = (await delivery.publish(expecting(draft("mixed", TALKS, BOUGHT), *events))).story
    other = (await delivery.publish(draft("other", news("Another", key="b"), parties=("Gamma",)))).story
    outcome = await splitter.split(await choose(splitter, "mixed", mixed.developments[-1:], "other"), actor="test")
    assert [e.key for e in outcome.source.expected_events] == ["ruling"]
    assert [(e.key, e.development_key) for e in outcome.target.expected_events] == [("closing", "b-2")]
    assert {d.key for d in outcome.target.developments} == {"b", "b-2"}
    undone = await splitter.undo(outcome.split.id, actor="test")
    assert (undone.source, undone.target) == (mixed, other)
    assert await check(delivery) == []


async def test_a_file_from_before_the_split_brings_nothing_back(
    delivery: Delivery, splitter: StorySplitter, mixed: Story
) -> None:
    """By the ids of its developments, and by date and headline where it has none; also after a merge."""
    await split_off(splitter, mixed)
    nameless = draft("mixed", *(replace(each, key="") for each in (TALKS, BOUGHT)))
    for old_file in (draft("mixed", TALKS, BOUGHT), nameless):
        assert not (await delivery.publish(old_file)).is_changed
    await delivery.publish(draft("wider", news("Something else", key="q", stage=Stage.RUMOURED)))
    await delivery.desk.merge("mixed", "wider", actor="test")
    assert not (await delivery.publish(draft("mixed", TALKS, BOUGHT))).is_changed
    assert [d.headline for d in (await get(delivery.store, "gamma-buys-delta")).developments] == ["Gamma buys Delta"]


async def test_what_was_split_off_stays_when_a_merge_is_undone(delivery: Delivery, splitter: StorySplitter) -> None:
    await delivery.publish(draft("first", TALKS))
    await delivery.publish(draft("second", BOUGHT, news("More of it", key="c", date="2025-10")))
    merged = await delivery.desk.merge("second", "first", actor="test")
    bought = next(d for d in merged.developments if d.headline == "Gamma buys Delta")
    await splitter.split(await choose(splitter, "first", [bought]), replace(HEADER, headline="Split"), actor="test")
    source, target = await delivery.desk.unmerge("second", actor="test")
    assert [d.headline for d in source.developments] == ["More of it"]
    assert [d.headline for d in target.developments] == ["Talks begin"]
    assert [d.headline for d in (await get(delivery.store, "split")).developments] == ["Gamma buys Delta"]
    await delivery.store.check()


async def test_two_editors_cannot_move_the_same_development(
    delivery: Delivery, splitter: StorySplitter, mixed: Story
) -> None:
    """The second is told, and finds the choice without it; a split that is done is not done again."""
    first, second = [await choose(splitter, "mixed", mixed.developments[-1:]) for _ in range(2)]
    await splitter.split(first, HEADER, actor="one")
    with pytest.raises(SplitOutdated):
        await splitter.split(second, HEADER, actor="two")
    assert not (await splitter.get(second)).split.parts.developments
    with pytest.raises(NotAllowed, match="already been made"):
        await splitter.split(first, HEADER, actor="one")
    async with delivery.store.read() as tx:
        assert await tx.stories.list_slugs() == ("gamma-buys-delta", "mixed")


async def test_what_cannot_be_split_is_refused(delivery: Delivery, splitter: StorySplitter, mixed: Story) -> None:
    """And nothing has changed."""
    await delivery.publish(draft("twin", BOUGHT, kind=Kind.MERGER))
    await delivery.publish(draft("plant", news("A plant", key="x"), kind=Kind.PLANT))
    moved = mixed.developments[-1:]
    for target, error, message in (
        ("twin", InputError, "both have the development 'Gamma buys Delta'"),
        ("plant", InputError, "expected a deal"),
        ("mixed", InputError, "expected a story other than"),
    ):
        with pytest.raises(error, match=message):
            await splitter.split(await choose(splitter, "mixed", moved, target), actor="test")
    with pytest.raises(NotAllowed, match="must stay"):
        await splitter.split(await choose(splitter, "mixed", mixed.developments), HEADER, actor="test")
    with pytest.raises(NotAllowed, match="at least one"):
        await splitter.split(await choose(splitter, "mixed", ()), HEADER, actor="test")
    assert await get(delivery.store, "mixed") == mixed


async def test_undo_is_refused_once_the_stories_have_changed(
    delivery: Delivery, splitter: StorySplitter, mixed: Story
) -> None:
    """A merge, an edit of the new story, or a development that has moved on."""
    outcome = await split_off(splitter, mixed)
    await delivery.desk.edit_story(
        "gamma-buys-delta", lambda header: replace(header, summary="A new summary."), actor="test"
    )
    with pytest.raises(NotAllowed, match="has changed since it was split off"):
        await splitter.undo(outcome.split.id, actor="test")
    await delivery.publish(draft("other", news("Another", key="z")))
    await delivery.desk.merge("gamma-buys-delta", "other", actor="test")
    with pytest.raises(NotAllowed, match="have changed since this split"):
        await splitter.undo(outcome.split.id, actor="test")


async def test_the_history_tells_who_changed_what(delivery: Delivery, splitter: StorySplitter, mixed: Story) -> None:
    """Newest first, a page at a time, with what happened in stories that were merged into it."""
    outcome = await split_off(splitter, mixed)
    await splitter.undo(outcome.split.id, actor="discord:7")
    await delivery.correct("mixed", "Gamma has bought Delta", key="b")
    history = await get_story_history(delivery.store, "mixed")
    assert [entry.action for entry in history.entries[:4]] == [
        "development corrected",
        "split undone: moved in",
        "split undone: moved out",
        "story split: moved in",
    ]
    assert history.entries[1].actor == "discord:7"
    last = await get_story_history(delivery.store, "mixed", page=99)
    assert last.page == last.page_count - 1 > 0
    assert "story added" in [entry.action for entry in last.entries]


async def test_the_desks_decisions_and_the_tracker_follow(
    delivery: Delivery, splitter: StorySplitter, mixed: Story
) -> None:
    """Another report of a moved development becomes its source there, and the tracker looks for its article there."""
    key, review_id = mixed.developments[-1].key, 0
    tracker = PersistentTracker(delivery.store, delivery.clock, lambda: None)
    article = Article("a1", "Gamma buys Delta", delivery.clock(), "", "https://press.example/1", "Press")
    await tracker.judge(article)
    async with delivery.store.write() as tx:
        feed = await tx.feeds.add("https://press.example/feed", "press.example", delivery.clock())
        assert feed is not None
        since = delivery.clock() - timedelta(days=1)
        await tx.articles.ingest(feed.id, [article], delivery.clock(), fresh_since=since)
        (stored,) = await tx.articles.list_pending(1)
        review_id = await tx.reviews.add(
            stored.id,
            "a1",
            Recommendation(Decision.DEVELOPMENT),
            delivery.clock(),
            state=ReviewState.PUBLISHED,
            decided_by="test",
            slug="mixed",
            key=key,
        )
    await tracker.assign("a1", "mixed")

    async def find() -> tuple[str, str, set[str]]:
        await tracker.get_company_matcher()
        async with delivery.store.read() as tx:
            review = await tx.reviews.get(review_id)
            texts = {text.story for text in await tx.tracker_state.list_all() if text.key == "a1"}
        return review.slug, review.development_key, texts

    outcome = await split_off(splitter, mixed)
    assert await find() == ("gamma-buys-delta", key, {"gamma-buys-delta"})
    repeat = replace(article, id="a2", title="Gamma buys Delta, it says", url="https://press.example/2")
    assert (await tracker.judge(repeat)).candidates[0].story == "gamma-buys-delta"
    await splitter.undo(outcome.split.id, actor="test")
    assert await find() == ("mixed", key, {"mixed"})
    assert (await tracker.judge(replace(repeat, id="a3"))).candidates[0].story == "mixed"
