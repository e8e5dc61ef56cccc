"""A test post of a follow: wherever its posts go, it shows what comes, pings nobody, and says what is wrong."""

from __future__ import annotations

import pytest
from simcord.builders import ChannelHandle

from tests.discord.follow_cards import PICKER, open_follow_card, press
from tests.discord.seen import menus, message_of, private, said
from tests.discord.stage import Scene
from tests.discord.threads import archive_thread, create_forum, lock_thread, tags_of
from tests.discord.times import follow, news, texts


async def test_a_test_post_pings_nobody_and_is_owed_to_nobody(blank: Scene) -> None:
    await news(blank, "supply", "Known before")
    await follow(blank, mention=blank.role)
    done = await press(blank, await open_follow_card(blank), "Test post")
    assert private(done)
    (post,) = blank.own()
    assert f"/{blank.deals.id}/{post.id}" in said(done)
    assert "Known before" in said(post)
    assert "Preview" in said(post)
    assert blank.pinged(post) == []
    assert blank.posts() == []
    assert (await blank.container.services.delivery_monitor.get_stats()).outbox.sent_count == 0


async def test_a_test_post_of_a_digest_looks_like_a_digest(blank: Scene) -> None:
    await news(blank, "supply", "Known before")
    await follow(blank, mode="daily")
    await press(blank, await open_follow_card(blank), "Test post")
    (post,) = blank.own()
    assert "The day's digest" in said(post)


async def test_a_test_post_goes_to_a_thread_also_from_the_archive(blank: Scene) -> None:
    await news(blank, "supply", "Known before")
    thread = _a_thread(blank)
    await blank.env.settle()
    await follow(blank, at=thread)
    await press(blank, await open_follow_card(blank), "Test post")
    assert len(blank.own(thread)) == 1
    archive_thread(blank, thread)
    await blank.env.settle()
    listed = said(await blank.editor.slash(blank.deals, "following"))
    assert f"<#{thread.id}>" in listed
    assert "gone" not in listed
    done = await press(blank, await open_follow_card(blank), "Test post")
    assert "The test post is" in said(done)
    assert len(blank.own(thread)) == 2


async def test_a_test_post_in_a_locked_thread_says_that_it_is_locked(blank: Scene) -> None:
    await news(blank, "supply", "Known before")
    thread = _a_thread(blank)
    await blank.env.settle()
    await follow(blank, at=thread)
    lock_thread(blank, thread)
    await blank.env.settle()
    assert "the thread is locked" in said(await press(blank, await open_follow_card(blank), "Test post"))


async def test_a_test_post_in_a_forum_has_the_tag_of_its_stage(blank: Scene) -> None:
    """A test post in a forum is a post with the tag of its stage."""
    await news(blank, "supply", "Known before", stage="signed")
    forum = await create_forum(blank, "Talks", "signed")
    await follow(blank, at=forum)
    await press(blank, await open_follow_card(blank), "Test post")
    (thread,) = forum.threads
    assert "test" in str(thread.name).lower()
    assert "Known before" in texts(blank.own(thread))
    assert tags_of(blank, thread) == [12]


async def test_a_test_post_in_a_forum_that_wants_another_tag_says_so(blank: Scene) -> None:
    await news(blank, "supply", "Known before")
    forum = await create_forum(blank)
    await follow(blank, at=forum)
    blank.env.inject_error("POST", f"/channels/{forum.id}/threads", status=400, code=40067)
    assert "the forum requires a tag on every post" in said(
        await press(blank, await open_follow_card(blank), "Test post")
    )


async def test_a_test_post_by_dm_and_into_closed_dms(blank: Scene) -> None:
    await news(blank, "supply", "Known before")
    reader = blank.reader.user
    await reader.slash("follow", target="everything")
    listed = await reader.slash("following")
    (number,) = next(iter(menus(listed).values())).values()
    card = await reader.select(message_of(listed), [number], custom_id=PICKER)
    await reader.click(message_of(card), label="Test post")
    assert sum("Preview" in said(message) for message in blank.own(reader.dm_channel)) == 1
    home = reader.dm_channel
    blank.env.inject_error("POST", f"/channels/{home.id}/messages", status=403, code=50007)
    assert "DMs are closed to this bot" in said(await reader.click(message_of(card), label="Test post"))


async def test_a_test_post_without_any_news_says_so(blank: Scene) -> None:
    await follow(blank)
    assert "There is no news yet to make a test post from." in said(
        await press(blank, await open_follow_card(blank), "Test post")
    )


async def test_test_posts_and_resuming_check_permissions_first(blank: Scene) -> None:
    """What the bot lacks is said before a test post and a resume."""
    await news(blank, "supply", "Known before")
    await follow(blank)
    paused = await press(blank, await open_follow_card(blank), "Pause")
    like = blank.guild.create_text_channel("like", overwrites=blank.lacking(send_messages=False))
    stored = blank.env.backend.get_channel(blank.deals.id)
    stored.overwrites = blank.env.backend.get_channel(like.id).overwrites
    blank.env.backend.announce_channel_update(blank.deals.id)
    await blank.env.settle()
    for label in ("Test post", "Resume"):
        assert "the bot needs Send Messages there" in said(await press(blank, paused, label))


@pytest.mark.parametrize("label", ["Test post", "Resume"])
async def test_a_channel_that_is_gone_says_so(blank: Scene, label: str) -> None:
    await news(blank, "supply", "Known before")
    news_channel = blank.guild.create_text_channel("short-lived")
    await blank.env.settle()
    await follow(blank, at=news_channel)
    blank.env.backend.delete_channel(news_channel.id)
    await blank.env.settle()
    await news(blank, "supply", "Nowhere to go")
    await blank.send_posts()
    card = await open_follow_card(blank)
    assert "stopped: the channel no longer exists" in said(card)
    assert "The channel no longer exists" in said(await press(blank, card, label))


def _a_thread(scene: Scene) -> ChannelHandle:
    made = scene.env.backend.create_thread(scene.deals.id, "talk", scene.editor.id)
    return ChannelHandle(scene.env, scene.guild, made)
