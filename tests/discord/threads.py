"""Threads and forums of the simulated Discord, and what moderators do to them."""

from __future__ import annotations

from typing import Any

from simcord.builders import ChannelHandle

from tests.discord.stage import Scene

#: The tags of a forum: names and ids.
TAGS = {"Talks": 11, "signed": 12, "Completed": 13, "News": 14}


def archive_thread(scene: Scene, thread: ChannelHandle) -> None:
    """Put the thread into the archive, as Discord does: it refuses posts there until the thread is opened again."""
    scene.env.backend.edit_channel(thread.id, {}, thread_metadata={"archived": True})
    scene.env.inject_error("POST", f"/channels/{thread.id}/messages", status=400, code=50083)


def lock_thread(scene: Scene, thread: ChannelHandle) -> None:
    """Lock the thread, as a moderator does; the bot may not unlock it."""
    scene.env.backend.edit_channel(thread.id, {}, thread_metadata={"archived": True, "locked": True})
    for method, path in (
        ("POST", f"/channels/{thread.id}/messages"),
        ("PATCH", f"/channels/{thread.id}/messages/*"),
        ("PATCH", f"/channels/{thread.id}"),
    ):
        code = 50013 if path.endswith(str(thread.id)) else 50083
        scene.env.inject_error(method, path, status=403 if code == 50013 else 400, code=code, times=None)


def unlock_thread(scene: Scene, thread: ChannelHandle) -> None:
    """Unlock the thread and take it out of the archive."""
    scene.env.backend.faults.clear()
    scene.env.backend.edit_channel(thread.id, {}, thread_metadata={"archived": False, "locked": False})


async def create_forum(scene: Scene, *tags: str, **fields: Any) -> ChannelHandle:
    """Create a forum with these tags; nothing is followed in it yet."""
    forum = scene.guild.create_forum_channel("wire")
    channel = scene.env.backend.get_channel(forum.id)
    channel.available_tags = [
        {"id": str(TAGS[tag]), "name": tag, "moderated": False, "emoji_id": None, "emoji_name": None} for tag in tags
    ]
    scene.env.backend.announce_channel_update(forum.id)
    await scene.env.settle()
    return forum


def tags_of(scene: Scene, thread: ChannelHandle) -> list[int]:
    """Return the ids of the tags of a forum post."""
    return list(scene.env.backend.get_channel(thread.id).applied_tags)
