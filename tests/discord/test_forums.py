"""A forum: a post a story, its first message the story's card, tagged by where the deal stands."""

from __future__ import annotations

from typing import Any

import discord
from simcord.builders import ChannelHandle

from bot.model.follow import DestinationKind
from tests.discord.seen import said
from tests.discord.stage import Scene
from tests.discord.threads import TAGS, archive_thread, create_forum, lock_thread, tags_of, unlock_thread
from tests.discord.times import HOUR, follow, later, news, texts


async def _told(scene: Scene, *tags: str) -> tuple[ChannelHandle, ChannelHandle]:
    """Return a forum that follows everything, and its post of one story."""
    forum = await create_forum(scene, *tags)
    await follow(scene, at=forum)
    await news(scene, "supply", "Talks begin", stage="talks")
    await scene.send_posts()
    (thread,) = forum.threads
    return forum, thread


async def test_a_forum_gets_a_post_a_story_with_its_card_first(blank: Scene) -> None:
    forum, thread = await _told(blank)
    await news(blank, "supply", "They have signed", stage="signed")
    await news(blank, "merger", "Another matter")
    await blank.send_posts()
    assert sorted(str(one.name) for one in forum.threads) == ["Merger", "They have signed"]
    card, first, second = blank.posts(thread)
    assert "Signed" in said(card)
    assert "Talks begin" in said(first)
    assert "They have signed" in said(second)
    (found,) = await blank.follows()
    assert found.destination.kind is DestinationKind.FORUM


async def test_the_tag_is_the_stage_and_changes_with_it(blank: Scene) -> None:
    _, thread = await _told(blank, "Talks", "signed")
    assert tags_of(blank, thread) == [TAGS["Talks"]]
    await news(blank, "supply", "They have signed", stage="signed")
    await blank.send_posts()
    assert tags_of(blank, thread) == [TAGS["signed"]]
    await news(blank, "supply", "It went to the regulators", stage="review", date="2025-10")
    await blank.send_posts()
    assert tags_of(blank, thread) == [], "a stage that has no tag leaves no wrong one"


async def test_tags_that_people_gave_stay(blank: Scene) -> None:
    """Only the tags of stages are the bot's to set and to take."""
    forum, thread = await _told(blank, "Talks", "signed")
    blank.env.backend.get_channel(forum.id).available_tags.append(
        {"id": "21", "name": "Must read", "moderated": False, "emoji_id": None, "emoji_name": None}
    )
    blank.env.backend.announce_channel_update(forum.id)
    blank.env.backend.edit_channel(thread.id, {"applied_tags": [TAGS["Talks"], 21]})
    await blank.env.settle()
    await news(blank, "supply", "They have signed", stage="signed")
    await blank.send_posts()
    assert sorted(tags_of(blank, thread)) == [TAGS["signed"], 21]


async def test_the_answer_says_which_tags_the_forum_lacks(blank: Scene) -> None:
    bare, half = await create_forum(blank), await create_forum(blank, "Talks")
    assert "Tags named after stages" in said(await follow(blank, at=bare))
    answer = said(await follow(blank, at=half))
    assert "It has no tag for" in answer
    assert "in its story's forum post" in answer


async def test_a_correction_reaches_the_post_and_the_card_of_a_forum(blank: Scene) -> None:
    _, thread = await _told(blank, "Talks", "signed")
    key = await news(blank, "supply", "They have signed", stage="signed")
    await blank.send_posts()
    await blank.container.services.desk.retract("supply", key, "A mistake", actor="x")
    await blank.send_posts()
    card, _, second = blank.posts(thread)
    assert "They have signed" not in said(card)
    assert "~~They have signed~~" in said(second)
    assert tags_of(blank, thread) == [TAGS["Talks"]]


async def test_a_closed_forum_post_is_opened(blank: Scene) -> None:
    _, thread = await _told(blank, "Talks", "signed")
    archive_thread(blank, thread)
    blank.env.inject_error("PATCH", f"/channels/{thread.id}/messages/*", status=400, code=50083)
    await news(blank, "supply", "They have signed", stage="signed")
    await blank.send_posts()
    assert "They have signed" in texts(blank.posts(thread))
    assert "Signed" in said(blank.posts(thread)[0])
    assert tags_of(blank, thread) == [TAGS["signed"]]


async def test_a_locked_forum_post_blocks_no_other_story(blank: Scene) -> None:
    """One locked post must not shut the whole forum, neither by its posts nor by its card that has to be edited."""
    forum, thread = await _told(blank, "Talks", "signed")
    lock_thread(blank, thread)
    await news(blank, "supply", "They have signed", stage="signed")
    await blank.send_posts()
    await news(blank, "merger", "Another matter")
    await blank.send_posts()
    assert sorted(str(one.name) for one in forum.threads) == ["Merger", "Supply"]
    shown = said(await blank.editor.slash(blank.deals, "following"))
    assert f"can't post in <#{thread.id}>: the thread is locked" in shown
    assert "Nothing arrives here" not in shown
    unlock_thread(blank, thread)
    await blank.env.settle()
    await later(blank, HOUR)
    card, *posts = blank.posts(thread)
    assert "Signed" in said(card)
    assert "They have signed" in texts(posts)
    assert tags_of(blank, thread) == [TAGS["signed"]]


async def test_a_deleted_forum_post_gets_a_new_one(blank: Scene) -> None:
    forum, thread = await _told(blank)
    blank.env.backend.delete_channel(thread.id)
    await blank.env.settle()
    await news(blank, "supply", "They have signed", stage="signed")
    await blank.send_posts()
    (again,) = forum.threads
    assert again.id != thread.id
    assert "They have signed" in texts(blank.posts(again))
    (found,) = await blank.follows()
    assert found.state.value == "active"


async def test_a_forum_takes_no_digests(blank: Scene) -> None:
    forum = await create_forum(blank)
    assert "mode: a forum has a post for each story" in said(await follow(blank, at=forum, mode="daily"))
    assert await blank.follows() == []


async def test_missing_permissions_in_a_forum_are_named(blank: Scene) -> None:
    """A forum that the bot may not post in names what is missing."""
    forum = await create_forum(blank)
    overwrites = blank.lacking(send_messages=False, send_messages_in_threads=False)
    blank.env.backend.get_channel(forum.id).overwrites = _as_stored(blank, overwrites)
    blank.env.backend.announce_channel_update(forum.id)
    await blank.env.settle()
    assert "the bot needs Create Posts, Send Messages in Posts there" in said(await follow(blank, at=forum))


def _as_stored(scene: Scene, overwrites: Any) -> Any:
    return scene.env.backend.get_channel(
        scene.guild.create_text_channel("like-this", overwrites=overwrites).id
    ).overwrites


def want_tags(scene: Scene, forum: ChannelHandle) -> None:
    """Require a tag on every post of the forum. The simulated Discord announces no flags of forums, so the bot learns it here."""
    known = scene.client.get_channel(forum.id)
    assert isinstance(known, discord.ForumChannel)
    known._flags |= discord.ChannelFlags(require_tag=True).value


async def test_stories_without_a_stage_get_another_required_tag(blank: Scene) -> None:
    """Where every post wants a tag stories without a stage get one of no stage."""
    forum = await create_forum(blank, "Talks", "News")
    want_tags(blank, forum)
    await follow(blank, at=forum)
    await news(blank, "supply", "No stage yet")
    await blank.send_posts()
    (thread,) = forum.threads
    assert tags_of(blank, thread) == [TAGS["News"]]
    await news(blank, "supply", "Talks begin", stage="talks")
    await blank.send_posts()
    assert tags_of(blank, thread) == [TAGS["Talks"], TAGS["News"]]


async def test_a_story_without_a_tag_blocks_no_other_story(blank: Scene) -> None:
    """Discord refused it: that is shown with what to do about it, and the next deal arrives all the same."""
    forum = await create_forum(blank, "Talks")
    want_tags(blank, forum)
    assert "add one for stories without a stage" in said(await follow(blank, at=forum))
    blank.env.inject_error("POST", f"/channels/{forum.id}/threads", status=400, code=40067)
    await news(blank, "supply", "No stage")
    await news(blank, "merger", "Talks begin", stage="talks")
    await blank.send_posts()
    assert [str(thread.name) for thread in forum.threads] == ["Merger"]
    shown = said(await blank.editor.slash(blank.deals, "following"))
    assert "1 failed: the forum requires a tag on every post" in shown
    assert "Nothing arrives here" not in shown


async def test_no_more_threads_than_discord_allows_are_waited_for(blank: Scene) -> None:
    """A thousand open ones: what needs a new one waits until some are closed, and is not given up."""
    forum = await create_forum(blank)
    await follow(blank, at=forum)
    blank.env.inject_error("POST", f"/channels/{forum.id}/threads", status=400, code=160006)
    await news(blank, "supply", "News")
    await blank.send_posts()
    assert "as many open threads as Discord allows" in said(await blank.editor.slash(blank.deals, "following"))
    await later(blank, HOUR)
    (thread,) = forum.threads
    assert "News" in texts(blank.posts(thread))
