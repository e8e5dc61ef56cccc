"""Two stories are merged, and the merge can be undone."""

from __future__ import annotations

import pytest
from sqlalchemy import delete

from bot.errors import InputError, NotFound
from bot.model.follow_settings import FollowSettings
from bot.model.story import Story
from bot.store import Store
from bot.store.tables import destination
from tests.store.delivery import Delivery
from tests.store.material import channel, company, draft, more, news, story
from tests.store.publishing import headlines_of


async def get(store: Store, slug: str) -> Story:
    async with store.read() as tx:
        found = await tx.stories.find(slug)
    assert found is not None
    return found


@pytest.fixture
async def two(delivery: Delivery) -> tuple[str, str]:
    """Two stories with developments of the same id."""
    await delivery.publish(draft("first", news("Talks begin", key="a"), parties=("Alpha", "Beta")))
    await delivery.publish(draft("second", news("A deal is near", key="a"), parties=("Beta", "Gamma")))
    return "second", "first"


async def test_the_old_slug_answers_with_the_target(delivery: Delivery, two: tuple[str, str]) -> None:
    merged = await delivery.desk.merge(*two, actor="test")
    assert [d.headline for d in merged.developments] == ["Talks begin", "A deal is near"]
    assert [p.company for p in merged.parties] == ["Alpha", "Beta", "Gamma"]
    assert await get(delivery.store, "second") == merged == await get(delivery.store, "first")
    async with delivery.store.read() as tx:
        assert await tx.stories.list_slugs() == ("first",)
        assert await tx.fulltext.find_slugs(["near"]) == ("first",)
    await delivery.store.check()


async def test_follows_posts_and_corrections_go_along(delivery: Delivery, two: tuple[str, str]) -> None:
    """An earlier post is still corrected, and followers of either story get each development once."""
    await delivery.subscriptions.follow(channel(1), story("second"), created_by=1)
    await delivery.subscriptions.follow(channel(2), story("first"), created_by=1)
    await delivery.subscriptions.follow(channel(2), story("second"), created_by=1)
    await delivery.publish(more("second", news("Signed", key="b")))
    await delivery.send_due()
    merged = await delivery.desk.merge(*two, actor="test")
    signed = next(d for d in merged.developments if d.headline == "Signed")
    await delivery.correct("second", "Signed at last", key=signed.key)
    await delivery.publish(more("first", news("Completed", key="c")))
    await delivery.send_due()
    assert [headlines_of(post) for post in delivery.publisher.edited_posts] == [["Signed at last"]] * 2
    assert delivery.publisher.headlines(1) == delivery.publisher.headlines(2) == ["Signed", "Completed"]


async def test_an_undone_merge_restores_everything(delivery: Delivery, two: tuple[str, str]) -> None:
    """Developments, ids, parties and follows return; what was added since stays with the target."""
    for place, slug in ((1, "second"), (2, "first"), (2, "second")):
        await delivery.subscriptions.follow(
            channel(place), story(slug), created_by=1, settings=FollowSettings(role_id=place)
        )
    before = [await get(delivery.store, slug) for slug in two]
    follows = await delivery.subscriptions.list_in_guild(1)
    await delivery.desk.merge(*two, actor="test")
    assert len(await delivery.subscriptions.list_in_guild(1)) == 2
    source, target = await delivery.desk.unmerge("second", actor="test")
    assert [source, target] == before
    assert await delivery.subscriptions.list_in_guild(1) == follows
    await delivery.store.check()
    with pytest.raises(NotFound):
        await delivery.desk.unmerge("second", actor="test")


async def test_ids_of_developments_stay_unique(delivery: Delivery) -> None:
    """An id that a moved development was given counts as used for the next one."""
    await delivery.publish(draft("first", news("Talks begin", key="a"), parties=("Alpha", "Beta")))
    developments = (news("A deal is near", key="a"), news("A deal is nearer", key="a-2"))
    await delivery.publish(draft("second", *developments, parties=("Beta", "Gamma")))
    merged = await delivery.desk.merge("second", "first", actor="test")
    assert sorted(development.key for development in merged.developments) == ["a", "a-2", "a-2-2"]
    source, _ = await delivery.desk.unmerge("second", actor="test")
    assert sorted(development.key for development in source.developments) == ["a", "a-2"]
    await delivery.store.check()


async def test_an_erased_channel_gets_no_follow_back(delivery: Delivery, two: tuple[str, str]) -> None:
    """The follow that a merge dropped is restored only if its channel is still known."""
    for channel_id in (1, 2):
        for slug in two:
            await delivery.subscriptions.follow(channel(channel_id), story(slug), created_by=1)
    await delivery.desk.merge(*two, actor="test")
    async with delivery.store.write() as tx:
        await tx.connection.execute(delete(destination).where(destination.c.discord_id == 2))
    await delivery.desk.unmerge("second", actor="test")
    follows = await delivery.subscriptions.list_in_guild(1)
    assert sorted((follow.destination.discord_id, follow.target.value) for follow in follows) == [
        (1, "first"),
        (1, "second"),
    ]
    await delivery.store.check()


async def test_stories_with_threads_in_one_channel_merge_and_unmerge(delivery: Delivery, two: tuple[str, str]) -> None:
    """The channel goes on in the target's thread, and both cards stay up to date."""
    await delivery.subscriptions.follow(
        channel(1), company("Beta"), created_by=1, settings=FollowSettings(threads=True)
    )
    await delivery.publish(more("second", news("Signed", key="b")))
    await delivery.publish(more("first", news("Denied", key="b")))
    await delivery.send_due()
    assert len(delivery.publisher.threads) == 2
    await delivery.desk.merge(*two, actor="test")
    await delivery.publish(more("second", news("Completed", key="c")))
    await delivery.send_due()
    assert len(delivery.publisher.threads) == 2
    assert len({post.key for post in delivery.publisher.edited_posts if post.story}) == 2
    await delivery.desk.unmerge("second", actor="test")
    await delivery.publish(more("second", news("Opened", key="d")))
    await delivery.send_due()
    assert len(delivery.publisher.threads) == 2
    await delivery.store.check()


async def test_a_file_of_the_merged_story_updates_the_target(delivery: Delivery, two: tuple[str, str]) -> None:
    """Imported again it changes nothing, and its ids are not taken for those of the other story."""
    merged = await delivery.desk.merge(*two, actor="test")
    again = draft("second", news("A deal is near", key="a"), parties=("Beta", "Gamma"))
    outcome = await delivery.desk.publish(again, actor="file")
    assert not outcome.is_changed
    assert await get(delivery.store, "first") == merged
    longer = draft("second", news("A deal is near", key="a"), news("New", key="z"), parties=("Beta",))
    assert [d.headline for d in (await delivery.desk.publish(longer, actor="file")).new_developments] == ["New"]


async def test_chains_of_merges_lead_on(delivery: Delivery, two: tuple[str, str]) -> None:
    """A story that another was merged into is merged itself, and that is undone."""
    await delivery.publish(draft("third", news("Something else", key="q")))
    await delivery.desk.merge(*two, actor="test")
    await delivery.desk.merge("first", "third", actor="test")
    assert (await get(delivery.store, "second")).slug == "third"
    await delivery.desk.unmerge("first", actor="test")
    assert (await get(delivery.store, "second")).slug == "first"


async def test_what_cannot_be_merged_is_refused(delivery: Delivery, two: tuple[str, str]) -> None:
    """And nothing has changed."""
    await delivery.publish(draft("third", news("Talks begin", key="x")))
    before = await get(delivery.store, "third")
    with pytest.raises(InputError, match="both have the development 'Talks begin'"):
        await delivery.desk.merge("third", "first", actor="test")
    with pytest.raises(InputError, match="already merged"):
        await delivery.desk.merge("first", "first", actor="test")
    with pytest.raises(NotFound):
        await delivery.desk.merge("nothing", "first", actor="test")
    assert await get(delivery.store, "third") == before


async def test_a_merge_is_undone_though_its_ids_are_used_again(delivery: Delivery, two: tuple[str, str]) -> None:
    """SQLite gives the id of a deleted row to the next one: of a story, of its parties, of a follow."""
    for slug in two:
        await delivery.subscriptions.follow(
            channel(1), story(slug), created_by=1, settings=FollowSettings(threads=True)
        )
    await delivery.desk.merge(*two, actor="test")
    await delivery.publish(draft("third", parties=("Beta", "Gamma", "Delta")))
    await delivery.subscriptions.follow(channel(1), story("third"), created_by=1)
    await delivery.desk.unmerge("second", actor="test")
    assert {follow.target.value for follow in await delivery.subscriptions.list_in_destination(1)} == {
        "first",
        "second",
        "third",
    }
    assert [party.company for party in (await get(delivery.store, "second")).parties] == ["Beta", "Gamma"]
    assert [party.company for party in (await get(delivery.store, "third")).parties] == ["Beta", "Gamma", "Delta"]
    await delivery.publish(more("second", news("Signed", key="b")))
    await delivery.send_due()
    assert [delivery.publisher.headlines(thread) for thread in delivery.publisher.threads] == [["Signed"]]
    await delivery.store.check()
