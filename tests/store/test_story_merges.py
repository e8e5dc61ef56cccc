"""Two stories are merged, and the merge can be undone."""

from __future__ import annotations

import pytest
from sqlalchemy import delete

from bot.delivery.dispatcher import Dispatcher
from bot.delivery.subscriptions import Subscriptions
from bot.errors import InputError, NotFound
from bot.model.follow_settings import FollowSettings
from bot.model.story import Story
from bot.newsroom.desk import Desk
from bot.store import Store
from bot.store.tables import destination
from tests.store.material import HandClock, channel, company, draft, more, news, story
from tests.store.publishing import RecordingPublisher, headlines_of


async def get(store: Store, slug: str) -> Story:
    async with store.read() as tx:
        found = await tx.stories.find(slug)
    assert found is not None
    return found


@pytest.fixture
async def two(desk: Desk) -> tuple[str, str]:
    """Two stories with developments of the same id."""
    await desk.publish(draft("first", news("Talks begin", key="a"), parties=("Alpha", "Beta")), actor="test")
    await desk.publish(draft("second", news("A deal is near", key="a"), parties=("Beta", "Gamma")), actor="test")
    return "second", "first"


async def test_the_old_slug_answers_with_the_target(store: Store, desk: Desk, two: tuple[str, str]) -> None:
    merged = await desk.merge(*two, actor="test")
    assert [d.headline for d in merged.developments] == ["Talks begin", "A deal is near"]
    assert [p.company for p in merged.parties] == ["Alpha", "Beta", "Gamma"]
    assert await get(store, "second") == merged == await get(store, "first")
    async with store.read() as tx:
        assert await tx.stories.list_slugs() == ("first",)
        assert await tx.fulltext.find_slugs(["near"]) == ("first",)
    await store.check()


async def test_follows_posts_and_corrections_go_along(
    desk: Desk,
    subscriptions: Subscriptions,
    dispatcher: Dispatcher,
    publisher: RecordingPublisher,
    two: tuple[str, str],
) -> None:
    """An earlier post is still corrected, and followers of either story get each development once."""
    await subscriptions.follow(channel(1), story("second"), created_by=1)
    await subscriptions.follow(channel(2), story("first"), created_by=1)
    await subscriptions.follow(channel(2), story("second"), created_by=1)
    await desk.publish(more("second", news("Signed", key="b")), actor="test")
    await dispatcher.run_until_idle()
    merged = await desk.merge(*two, actor="test")
    signed = next(d for d in merged.developments if d.headline == "Signed")
    await desk.correct("second", signed.key, {"headline": "Signed at last"}, actor="test")
    await desk.publish(more("first", news("Completed", key="c")), actor="test")
    await dispatcher.run_until_idle()
    assert [headlines_of(post) for post in publisher.edited] == [["Signed at last"]] * 2
    assert publisher.headlines(1) == publisher.headlines(2) == ["Signed", "Completed"]


async def test_an_undone_merge_restores_everything(
    store: Store, desk: Desk, subscriptions: Subscriptions, clock: HandClock, two: tuple[str, str]
) -> None:
    """Developments, ids, parties and follows return; what was added since stays with the target."""
    for place, slug in ((1, "second"), (2, "first"), (2, "second")):
        await subscriptions.follow(channel(place), story(slug), created_by=1, settings=FollowSettings(role_id=place))
    before = [await get(store, slug) for slug in two]
    follows = await subscriptions.list_in_guild(1)
    await desk.merge(*two, actor="test")
    assert len(await subscriptions.list_in_guild(1)) == 2
    source, target = await desk.unmerge("second", actor="test")
    assert [source, target] == before
    assert await subscriptions.list_in_guild(1) == follows
    await store.check()
    with pytest.raises(NotFound):
        await desk.unmerge("second", actor="test")


async def test_ids_of_developments_stay_unique(store: Store, desk: Desk) -> None:
    """An id that a moved development was given counts as used for the next one."""
    await desk.publish(draft("first", news("Talks begin", key="a"), parties=("Alpha", "Beta")), actor="test")
    developments = (news("A deal is near", key="a"), news("A deal is nearer", key="a-2"))
    await desk.publish(draft("second", *developments, parties=("Beta", "Gamma")), actor="test")
    merged = await desk.merge("second", "first", actor="test")
    assert sorted(development.key for development in merged.developments) == ["a", "a-2", "a-2-2"]
    source, _ = await desk.unmerge("second", actor="test")
    assert sorted(development.key for development in source.developments) == ["a", "a-2"]
    await store.check()


async def test_an_erased_channel_gets_no_follow_back(
    store: Store, desk: Desk, subscriptions: Subscriptions, two: tuple[str, str]
) -> None:
    """The follow that a merge dropped is restored only if its channel is still known."""
    for channel_id in (1, 2):
        for slug in two:
            await subscriptions.follow(channel(channel_id), story(slug), created_by=1)
    await desk.merge(*two, actor="test")
    async with store.write() as tx:
        await tx.connection.execute(delete(destination).where(destination.c.discord_id == 2))
    await desk.unmerge("second", actor="test")
    follows = await subscriptions.list_in_guild(1)
    assert sorted((follow.destination.discord_id, follow.target.value) for follow in follows) == [
        (1, "first"),
        (1, "second"),
    ]
    await store.check()


async def test_stories_with_threads_in_one_channel_merge_and_unmerge(
    store: Store,
    desk: Desk,
    subscriptions: Subscriptions,
    dispatcher: Dispatcher,
    publisher: RecordingPublisher,
    two: tuple[str, str],
) -> None:
    """The channel goes on in the target's thread, and both cards stay up to date."""
    await subscriptions.follow(channel(1), company("Beta"), created_by=1, settings=FollowSettings(threads=True))
    await desk.publish(more("second", news("Signed", key="b")), actor="test")
    await desk.publish(more("first", news("Denied", key="b")), actor="test")
    await dispatcher.run_until_idle()
    assert len(publisher.threads) == 2
    await desk.merge(*two, actor="test")
    await desk.publish(more("second", news("Completed", key="c")), actor="test")
    await dispatcher.run_until_idle()
    assert len(publisher.threads) == 2
    assert len({post.key for post in publisher.edited if post.story}) == 2
    await desk.unmerge("second", actor="test")
    await desk.publish(more("second", news("Opened", key="d")), actor="test")
    await dispatcher.run_until_idle()
    assert len(publisher.threads) == 2
    await store.check()


async def test_a_file_of_the_merged_story_updates_the_target(store: Store, desk: Desk, two: tuple[str, str]) -> None:
    """Imported again it changes nothing, and its ids are not taken for those of the other story."""
    merged = await desk.merge(*two, actor="test")
    again = draft("second", news("A deal is near", key="a"), parties=("Beta", "Gamma"))
    outcome = await desk.publish(again, actor="file")
    assert not outcome.is_changed
    assert await get(store, "first") == merged
    longer = draft("second", news("A deal is near", key="a"), news("New", key="z"), parties=("Beta",))
    assert [d.headline for d in (await desk.publish(longer, actor="file")).new_developments] == ["New"]


async def test_chains_of_merges_lead_on(store: Store, desk: Desk, two: tuple[str, str]) -> None:
    """A story that another was merged into is merged itself, and that is undone."""
    await desk.publish(draft("third", news("Something else", key="q")), actor="test")
    await desk.merge(*two, actor="test")
    await desk.merge("first", "third", actor="test")
    assert (await get(store, "second")).slug == "third"
    await desk.unmerge("first", actor="test")
    assert (await get(store, "second")).slug == "first"


async def test_what_cannot_be_merged_is_refused(store: Store, desk: Desk, two: tuple[str, str]) -> None:
    """And nothing has changed."""
    await desk.publish(draft("third", news("Talks begin", key="x")), actor="test")
    before = await get(store, "third")
    with pytest.raises(InputError, match="both have the development 'Talks begin'"):
        await desk.merge("third", "first", actor="test")
    with pytest.raises(InputError, match="already merged"):
        await desk.merge("first", "first", actor="test")
    with pytest.raises(NotFound):
        await desk.merge("nothing", "first", actor="test")
    assert await get(store, "third") == before


async def test_a_merge_is_undone_though_its_ids_are_used_again(
    store: Store,
    desk: Desk,
    subscriptions: Subscriptions,
    dispatcher: Dispatcher,
    publisher: RecordingPublisher,
    two: tuple[str, str],
) -> None:
    """SQLite gives the id of a deleted row to the next one: of a story, of its parties, of a follow."""
    for slug in two:
        await subscriptions.follow(channel(1), story(slug), created_by=1, settings=FollowSettings(threads=True))
    await desk.merge(*two, actor="test")
    await desk.publish(draft("third", parties=("Beta", "Gamma", "Delta")), actor="test")
    await subscriptions.follow(channel(1), story("third"), created_by=1)
    await desk.unmerge("second", actor="test")
    assert {follow.target.value for follow in await subscriptions.list_in_destination(1)} == {
        "first",
        "second",
        "third",
    }
    assert [party.company for party in (await get(store, "second")).parties] == ["Beta", "Gamma"]
    assert [party.company for party in (await get(store, "third")).parties] == ["Beta", "Gamma", "Delta"]
    await desk.publish(more("second", news("Signed", key="b")), actor="test")
    await dispatcher.run_until_idle()
    assert [publisher.headlines(thread) for thread in publisher.threads] == [["Signed"]]
    await store.check()
