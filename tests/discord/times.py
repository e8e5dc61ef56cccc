"""Time as the tests of following move it: the simulated Discord's clock, which is the bot's too, jumps to a moment."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import discord
from simcord.builders import ChannelHandle

from tests.discord.seen import prose
from tests.discord.stage import Scene
from tests.discord.stories import a_story

MINUTE, HOUR, DAY = 60, 3600, 86_400


def jump(scene: Scene, moment: str) -> None:
    """Jump to this moment in UTC; nothing is sent on the way."""
    ahead = (datetime.fromisoformat(moment).replace(tzinfo=UTC) - scene.env.now()).total_seconds()
    assert ahead >= 0, f"{moment} is over"
    scene.env.backend.advance_clock(ahead)


async def at(scene: Scene, moment: str) -> None:
    """Jump to this moment in UTC and send what is due."""
    jump(scene, moment)
    await scene.send_posts()


async def later(scene: Scene, seconds: float) -> None:
    """Wait so many seconds and send what is due."""
    scene.env.backend.advance_clock(seconds)
    await scene.send_posts()


async def settings(scene: Scene, **options: Any) -> Any:
    """Set the server's settings, as the editor."""
    return await scene.editor.slash(scene.deals, "settings", **options)


async def follow(scene: Scene, target: str = "everything", at: ChannelHandle | None = None, **terms: Any) -> Any:
    """Let a channel (#deals by default) follow with these settings, as the editor."""
    return await scene.editor.slash(scene.desk, "follow", target=target, channel=at or scene.deals, **terms)


async def news(scene: Scene, slug: str, headline: str, **fields: Any) -> str:
    """Publish a development of a known or new story, as an editor, so that it is posted; return its key."""
    development = {"date": "2025-09", "headline": headline, "claim": "reported", **fields}
    outcome = await scene.tell(a_story(slug, development=[development]), announce=True)
    return outcome.new_developments[0].key


def texts(channel_posts: list[discord.Message]) -> str:
    """Return the text of all these posts."""
    return "\n".join(part for post in channel_posts for part in prose(post))
