"""A thread for each story, under a card that follows the story; a thread can be closed, locked, deleted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from simcord.builders import ChannelHandle

from bot.model.follow import DestinationKind
from tests.discord.seen import prose, said
from tests.discord.stage import Scene
from tests.discord.threads import archive_thread, lock_thread, unlock_thread
from tests.discord.times import follow, news, texts


def threads(scene: Scene) -> dict[str, ChannelHandle]:
    """Return the threads of #deals by their names."""
    return {str(thread.name): thread for thread in scene.deals.threads}


async def _told(scene: Scene, slug: str = "supply", **terms: Any) -> ChannelHandle:
    """Return the thread of a story that was told in #deals."""
    await follow(scene, threads=True, **terms)
    await news(scene, slug, "Talks begin", stage="talks")
    await scene.send_posts()
    return threads(scene)[slug.capitalize()]


async def test_each_story_has_a_card_and_a_thread_with_its_posts(blank: Scene) -> None:
    await follow(blank, threads=True)
    await news(blank, "supply", "Talks begin", stage="talks")
    await news(blank, "merger", "Another matter")
    await news(blank, "supply", "They have signed", stage="signed")
    await blank.send_posts()
    found = threads(blank)
    assert sorted(found) == ["Merger", "They have signed"], "named as the story is since it has another stage"
    supply = blank.posts(found["They have signed"])
    assert ["Talks begin" in said(post) for post in supply] == [True, False]
    assert "They have signed" in said(supply[1])
    assert "Another matter" in texts(blank.posts(found["Merger"]))
    cards = blank.posts()
    assert len(cards) == 2
    assert {card.id for card in cards} == {thread.id for thread in found.values()}


async def test_the_card_is_edited_as_the_story_moves(blank: Scene) -> None:
    thread = await _told(blank)
    (card,) = blank.posts()
    assert "Talks" in said(card)
    await news(blank, "supply", "They have signed", stage="signed")
    await blank.send_posts()
    (after,) = blank.posts()
    assert after.id == card.id
    assert "Signed" in said(after)
    assert len(blank.posts(thread)) == 2


async def test_a_correction_reaches_the_threads_post_and_the_card(blank: Scene) -> None:
    thread = await _told(blank)
    key = await news(blank, "supply", "They have signed", stage="signed")
    await blank.send_posts()
    await blank.container.services.desk.correct(
        "supply", key, {"headline": "They will sign", "stage": "agreed"}, actor="x"
    )
    await blank.send_posts()
    assert "They will sign" in said(blank.posts(thread)[1])
    assert "They will sign" in said(blank.posts()[0])
    assert "They have signed" not in texts([*blank.posts(), *blank.posts(thread)])
    await blank.container.services.desk.retract("supply", key, "The source withdrew it", actor="x")
    await blank.send_posts()
    assert "~~They will sign~~" in said(blank.posts(thread)[1])
    assert "They will sign" not in said(blank.posts()[0])


async def test_a_renamed_story_renames_its_thread(blank: Scene) -> None:
    thread = await _told(blank)
    await news(blank, "supply", "It has a new name", date="2025-10")
    await blank.container.services.desk.edit_story("supply", _renamed, actor="x")
    await blank.send_posts()
    assert thread.name == "Acme supplies Bolt"
    assert "Acme supplies Bolt" in said(blank.posts()[0])


def _renamed(face: Any) -> Any:
    return replace(face, headline="Acme supplies Bolt")


async def test_only_the_post_in_the_thread_pings(blank: Scene) -> None:
    """The card notifies nobody and the post in the thread pings."""
    thread = await _told(blank, mention=blank.role)
    assert blank.pinged(blank.posts()[0]) == []
    assert blank.posts()[0].flags.suppress_notifications
    assert blank.pinged(blank.posts(thread)[0]) == [str(blank.role.id)]


async def test_a_thread_in_the_archive_is_opened_for_a_post(blank: Scene) -> None:
    thread = await _told(blank)
    archive_thread(blank, thread)
    await news(blank, "supply", "They have signed", stage="signed")
    await blank.send_posts()
    assert "They have signed" in texts(blank.posts(thread))
    assert blank.requests("PATCH", f"/channels/{thread.id}")[-1].json["archived"] is False
    assert "Nothing arrives" not in said(await blank.editor.slash(blank.deals, "following"))


async def test_a_followed_thread_in_the_archive_is_opened_too(blank: Scene) -> None:
    """A thread that people made, and that follows by itself."""
    made = blank.env.backend.create_thread(blank.deals.id, "talk", blank.editor.id)
    thread = ChannelHandle(blank.env, blank.guild, made)
    await blank.env.settle()
    await follow(blank, at=thread)
    (found,) = await blank.follows()
    assert found.destination.kind is DestinationKind.THREAD
    archive_thread(blank, thread)
    await news(blank, "supply", "News")
    await blank.send_posts()
    assert "News" in texts(blank.posts(thread))


async def test_a_locked_thread_blocks_nothing_else(blank: Scene) -> None:
    """Only its own posts wait; when it is unlocked they come, and its card is right all along."""
    thread = await _told(blank)
    lock_thread(blank, thread)
    await news(blank, "supply", "They have signed", stage="signed")
    await news(blank, "merger", "Another matter")
    await blank.send_posts()
    assert "Another matter" in texts(blank.posts(threads(blank)["Merger"]))
    assert "Signed" in said(blank.posts()[0])
    shown = said(await blank.editor.slash(blank.deals, "following"))
    assert f"can't post in <#{thread.id}>: the thread is locked" in shown
    assert "Nothing arrives here" not in shown
    unlock_thread(blank, thread)
    await blank.env.settle()
    await blank.send_posts()
    assert "They have signed" in texts(blank.posts(thread))
    assert "can't post in" not in said(await blank.editor.slash(blank.deals, "following"))


async def test_renaming_a_story_of_a_closed_thread_blocks_nothing(blank: Scene) -> None:
    """The name of a closed thread can wait; what is new in the channel cannot."""
    thread = await _told(blank)
    lock_thread(blank, thread)
    await blank.container.services.desk.edit_story("supply", _renamed, actor="x")
    await blank.send_posts()
    assert "Acme supplies Bolt" in said(blank.posts()[0])
    await news(blank, "merger", "Another matter")
    await blank.send_posts()
    assert "Merger" in threads(blank)
    assert "Nothing arrives here" not in said(await blank.editor.slash(blank.deals, "following"))


async def test_a_deleted_thread_gets_a_new_one(blank: Scene) -> None:
    thread = await _told(blank)
    blank.env.backend.delete_channel(thread.id)
    await blank.env.settle()
    await news(blank, "supply", "They have signed", stage="signed")
    await blank.send_posts()
    (again,) = blank.deals.threads
    assert again.id != thread.id
    assert "They have signed" in texts(blank.posts(again))
    assert len(blank.posts()) == 2, "the new thread has a card of its own"


async def test_a_deleted_card_is_no_reason_to_stop(blank: Scene) -> None:
    thread = await _told(blank)
    blank.env.backend.delete_message(blank.deals.id, blank.posts()[0].id)
    await news(blank, "supply", "They have signed", stage="signed")
    await blank.send_posts()
    assert "They have signed" in texts(blank.posts(thread))


async def test_a_restart_keeps_to_the_thread_that_there_is(blank: Scene) -> None:
    thread = await _told(blank)
    await blank.restart()
    await news(blank, "supply", "They have signed", stage="signed")
    await blank.send_posts()
    assert [t.id for t in blank.deals.threads] == [thread.id]
    assert len(blank.posts(thread)) == 2


async def test_without_threads_posts_come_to_the_channel_again(blank: Scene) -> None:
    thread = await _told(blank)
    await follow(blank, threads=False)
    await news(blank, "supply", "They have signed", stage="signed")
    await blank.send_posts()
    assert len(blank.posts(thread)) == 1
    assert "They have signed" in said(blank.posts()[-1])


async def test_a_follow_with_threads_names_missing_permissions(blank: Scene) -> None:
    """A follow with threads says so and what the bot lacks for it."""
    assert "in its story's thread, under a card that is kept up to date" in said(await follow(blank, threads=True))
    half = blank.guild.create_text_channel("half", overwrites=blank.lacking(create_public_threads=False))
    await blank.env.settle()
    assert "the bot needs Create Public Threads there" in said(await follow(blank, at=half, threads=True))
    assert "now follows" in said(await follow(blank, at=half))


async def test_why_links_to_the_post_in_the_thread(blank: Scene) -> None:
    thread = await _told(blank)
    why = "\n".join(prose(await blank.reader.slash(blank.deals, "why", query="supply")))
    assert f"/{thread.id}/{blank.posts(thread)[0].id}" in why


async def test_a_thread_cannot_have_threads_nor_a_dm_nor_a_digest(blank: Scene) -> None:
    made = blank.env.backend.create_thread(blank.deals.id, "talk", blank.editor.id)
    thread = ChannelHandle(blank.env, blank.guild, made)
    await blank.env.settle()
    only = "threads: only a channel can have a thread for each story"
    assert only in said(await follow(blank, at=thread, threads=True))
    assert only in said(await blank.reader.slash(blank.deals, "follow", target="everything", threads=True))
    assert "threads: a digest is a single message" in said(await follow(blank, mode="daily", threads=True))
    assert await blank.follows() == []
    assert blank.reader.user.dm_channel.history() == [], "no greeting for a follow that was not made"
