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
    """Nothing is sent on the way: as when the bot's own clock is read at one time and then at another."""
    ahead = (datetime.fromisoformat(moment).replace(tzinfo=UTC) - scene.env.now()).total_seconds()
    assert ahead >= 0, f"{moment} is over"
    scene.env.backend.advance_clock(ahead)


async def at(scene: Scene, moment: str) -> None:
    """It is this moment of UTC, and what is due is sent."""
    jump(scene, moment)
    await scene.send_posts()


async def later(scene: Scene, seconds: float) -> None:
    """So much later, what is due is sent."""
    scene.env.backend.advance_clock(seconds)
    await scene.send_posts()


async def settings(scene: Scene, **options: Any) -> Any:
    """The editor sets the server's settings."""
    return await scene.editor.slash(scene.deals, "settings", **options)


async def follow(scene: Scene, target: str = "everything", at: ChannelHandle | None = None, **terms: Any) -> Any:
    """The editor lets #deals, or a channel, follow on these terms."""
    return await scene.editor.slash(scene.desk, "follow", target=target, channel=at or scene.deals, **terms)


async def news(scene: Scene, slug: str, headline: str, **fields: Any) -> str:
    """A development of a story that is known or begun with it; its key. Told as from an editor, so it goes out."""
    told = {"date": "2025-09", "headline": headline, "claim": "reported", **fields}
    outcome = await scene.tell(a_story(slug, development=[told]), announce=True)
    return outcome.new_developments[0].key


def texts(channel_posts: list[discord.Message]) -> str:
    """All that some posts say."""
    return "\n".join(part for post in channel_posts for part in prose(post))
