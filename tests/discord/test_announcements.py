"""An announcement channel: each post is published once, so that Discord copies it to every channel that follows."""

from __future__ import annotations

import discord
import pytest
from simcord.builders import ChannelHandle

from bot.delivery.dispatcher import ATTEMPT_SECONDS
from bot.platforms.discord.client import Dealwire
from tests.discord.seen import said
from tests.discord.stage import Scene
from tests.discord.times import HOUR, at, follow, later, news


class Limited:
    """A route whose limit is used up for so many seconds."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.times = 0

    async def __call__(self, *_where: int) -> None:
        """Refuse, as discord.py does."""
        self.times += 1
        raise discord.RateLimited(self.seconds)


async def an_announcement_channel(scene: Scene) -> ChannelHandle:
    """One that follows nothing yet."""
    channel = scene.guild.create_news_channel("announcements")
    await scene.env.settle()
    return channel


def published(scene: Scene, channel: ChannelHandle) -> list[bool]:
    """Of each post that stands there, whether it was published."""
    backend = scene.env.backend
    stored = [backend.get_message(channel.id, post.id) for post in scene.posts(channel)]
    return [bool(message.flags & backend.CROSSPOSTED_FLAG) for message in stored]


async def test_a_post_is_published_once_and_that_is_shown(blank: Scene) -> None:
    channel = await an_announcement_channel(blank)
    assert "Each post is also published" in said(await follow(blank, at=channel))
    await news(blank, "supply", "News")
    await blank.send_posts()
    assert published(blank, channel) == [True]
    await later(blank, HOUR)
    assert len(blank.requests("POST", "/crosspost")) == 1
    assert "1 published" in said(await blank.editor.slash(blank.deals, "following"))


async def test_a_plain_channel_publishes_nothing(blank: Scene) -> None:
    await follow(blank)
    await news(blank, "supply", "News")
    await blank.send_posts()
    assert blank.requests("POST", "/crosspost") == []
    assert "published" not in said(await blank.editor.slash(blank.deals, "following"))


async def test_publishing_waits_for_discords_limit(blank: Scene) -> None:
    """Posts stand in the channel at once; those that cannot be published yet are, when Discord lets them."""
    channel = await an_announcement_channel(blank)
    await follow(blank, at=channel)
    for number in range(4):
        await news(blank, "supply", f"News {number}")
    blank.env.inject_error("POST", "/channels/*/messages/*/crosspost", status=429, times=2)
    await blank.send_posts()
    assert len(blank.posts(channel)) == 4
    assert published(blank, channel) != [True] * 4
    for _ in range(6):
        await later(blank, 600)
    assert published(blank, channel) == [True] * 4


async def test_a_limit_that_discord_names_is_kept_to_the_second(blank: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten an hour: discord.py must not sleep on it for as long as a try may take, and nobody asks before it is over."""
    channel = await an_announcement_channel(blank)
    await follow(blank, at=channel)
    assert (Dealwire(blank.container.services).http.max_ratelimit_timeout or ATTEMPT_SECONDS) < ATTEMPT_SECONDS
    asked = Limited(2_400)
    with monkeypatch.context() as limited:
        limited.setattr(blank.client.http, "publish_message", asked)
        await news(blank, "supply", "News")
        for seconds in (0, 590, 590, 590, 590):
            await later(blank, seconds)
        assert asked.times == 1
    await later(blank, 50)
    assert published(blank, channel) == [True]


async def test_one_that_was_published_by_hand_is_left_so(blank: Scene) -> None:
    channel = await an_announcement_channel(blank)
    await follow(blank, at=channel)
    await news(blank, "supply", "News")
    blank.env.inject_error("POST", "/channels/*/messages/*/crosspost", status=503)
    await blank.send_posts()
    (post,) = blank.posts(channel)
    blank.env.backend.crosspost_message(channel.id, post.id)
    await later(blank, 600)
    assert "1 published" in said(await blank.editor.slash(blank.deals, "following"))


async def test_a_post_without_permission_is_published_later(
    blank: Scene,
) -> None:
    """At once when a permission changes; what comes behind it keeps its place."""
    channel = await an_announcement_channel(blank)
    await follow(blank, at=channel)
    blank.env.inject_error("POST", "/channels/*/messages/*/crosspost", status=403, code=50013)
    await news(blank, "supply", "News")
    await blank.send_posts()
    await news(blank, "supply", "More")
    await blank.send_posts()
    assert published(blank, channel) == [False, False]
    shown = said(await blank.editor.slash(blank.deals, "following"))
    assert "1 not published: the bot can't publish there" in shown
    assert "Nothing arrives here" not in shown
    blank.env.backend.edit_channel(channel.id, {"topic": "News"})
    await blank.env.settle()
    await blank.send_posts()
    assert published(blank, channel) == [True, True]
    assert "not published" not in said(await blank.editor.slash(blank.deals, "following"))


async def test_what_may_not_be_published_is_tried_again_by_itself(blank: Scene) -> None:
    channel = await an_announcement_channel(blank)
    await follow(blank, at=channel)
    blank.env.inject_error("POST", "/channels/*/messages/*/crosspost", status=403, code=50013)
    await news(blank, "supply", "News")
    await blank.send_posts()
    assert published(blank, channel) == [False]
    await later(blank, 16 * 60)
    assert published(blank, channel) == [True]


async def test_a_published_post_is_corrected_in_place(blank: Scene) -> None:
    channel = await an_announcement_channel(blank)
    await follow(blank, at=channel)
    key = await news(blank, "supply", "Wrong")
    await blank.send_posts()
    await blank.container.services.desk.correct("supply", key, {"headline": "Right"}, actor="x")
    await blank.send_posts()
    assert "Right" in said(blank.posts(channel)[0])
    assert len(blank.requests("POST", "/crosspost")) == 1


async def test_a_digest_is_published_too(blank: Scene) -> None:
    channel = await an_announcement_channel(blank)
    await follow(blank, at=channel, mode="daily")
    await news(blank, "supply", "News")
    await at(blank, "2026-01-01T08:00:00")
    assert published(blank, channel) == [True]


async def test_a_new_announcement_channel_is_published(blank: Scene) -> None:
    """Nobody has to follow anew for it."""
    await follow(blank)
    blank.env.backend.edit_channel(blank.deals.id, {"type": 5})
    await blank.env.settle()
    await news(blank, "supply", "News")
    await blank.send_posts()
    assert published(blank, blank.deals) == [True]


async def test_a_former_announcement_channel_is_posted_in(blank: Scene) -> None:
    """An announcement channel that becomes a plain one is posted in."""
    channel = await an_announcement_channel(blank)
    await follow(blank, at=channel)
    blank.env.backend.edit_channel(channel.id, {"type": 0})
    await blank.env.settle()
    await news(blank, "supply", "News")
    await blank.send_posts()
    assert len(blank.posts(channel)) == 1
    assert "not published" not in said(await blank.editor.slash(blank.deals, "following"))


async def test_with_threads_the_card_is_published_and_kept_current(blank: Scene) -> None:
    """What stands in the channel is copied; what is said in its threads stays there."""
    channel = await an_announcement_channel(blank)
    await follow(blank, at=channel, threads=True)
    await news(blank, "supply", "Talks begin", stage="talks")
    await news(blank, "supply", "They have signed", stage="signed")
    await blank.send_posts()
    assert published(blank, channel) == [True]
    assert "Signed" in said(blank.posts(channel)[0])
    assert len(blank.requests("POST", "/crosspost")) == 1
    (thread,) = channel.threads
    assert len(blank.posts(thread)) == 2
