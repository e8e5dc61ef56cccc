"""The channel of the demo in which posts arrive by themselves."""

from __future__ import annotations

from bot.demo.feeds import follow_feeds, load_cited_headlines, read_feed
from bot.demo.publishers import FEED_TITLES, ReplayPublishers
from bot.model.follow import Destination, DestinationKind
from bot.newsroom.feed_news import FeedNews
from bot.newsroom.persistent_tracker import PersistentTracker
from tests.discord.seen import check_limits, said
from tests.discord.stage import Stage


async def test_replayed_headlines_become_posts_that_name_both_feeds(stage: Stage) -> None:
    """Each cited headline but the first, which the feeds have when the channel follows them."""
    async with stage.open(FEED_ALLOW="127.0.0.1") as scene:
        services = scene.container.services
        headlines = (await load_cited_headlines(services.store))[:5]
        assert len({headline.title for headline in headlines}) == 5
        news = FeedNews(services.store, PersistentTracker(services.store, services.clock, lambda: None), services.clock)
        pauses: list[float] = []

        async def pause(seconds: float) -> None:
            pauses.append(seconds)

        async def publish(url: str) -> None:
            await read_feed(services, url)
            while await news.run_once():
                pass
            await scene.send_posts()

        async with ReplayPublishers(headlines, pause).open() as publishers:
            destination = Destination(DestinationKind.CHANNEL, scene.deals.id, scene.guild.id)
            await follow_feeds(services, destination, publishers, scene.editor.id)
            assert scene.own(scene.deals) == []
            await publishers.replay(publish)
        first, second = FEED_TITLES.values()
        posts = scene.own(scene.deals)
        assert len(posts) == 4
        assert len(pauses) == 8
        for headline, post in zip(headlines[1:], posts, strict=True):
            assert f"**{first}**\n### [{headline.title}](http://127.0.0.1:" in said(post)
            assert f"also: [{second}](http://127.0.0.1:" in said(post)
            check_limits(post)
