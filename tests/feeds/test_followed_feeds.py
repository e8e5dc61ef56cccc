"""Feeds that servers and people follow themselves: polled once for all, and each follower gets its own news."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import pytest
from sqlalchemy import func, select, update

from bot.delivery.delivery_settings import DeliverySettingsService
from bot.delivery.dispatcher import Dispatcher
from bot.delivery.retention import Retention
from bot.entities.company_matcher import CompanyMatcher
from bot.errors import FetchError, NotAllowed, NotFound
from bot.model.article import Article
from bot.model.delivery_settings import DeliverySettings
from bot.model.feed import Trust
from bot.model.follow import Destination, Follow, FollowState
from bot.model.follow_settings import DEFAULT_FOLLOW_SETTINGS, FollowSettings
from bot.model.post import Post
from bot.newsroom.drafts import FeedDraft
from bot.newsroom.feed_news import FeedNews
from bot.newsroom.feeds.address_guard import AddressGuard
from bot.newsroom.feeds.feed_subscriptions import FeedSubscriptions
from bot.newsroom.feeds.feed_tools import FeedTools
from bot.newsroom.feeds.fetcher import Fetcher
from bot.newsroom.feeds.followed_feeds import FeedLimits, FollowedFeeds
from bot.newsroom.feeds.poller import Poller
from bot.newsroom.parsing.results import ParsedFeed
from bot.store import Store
from bot.store import tables as t
from tests.feeds.local import Publishers
from tests.feeds.polls import LineReader, RecordingDesk, feed_of
from tests.store.material import HandClock, channel, direct
from tests.store.publishing import RecordingPublisher

FEED, OTHER = "/feed", "/other"
SIGNED = "Nissan and Foxconn sign a contract to build electric vehicles at the Oppama plant"
SIGNED_TOO = "Nissan, Foxconn sign a contract to build electric vehicles at Oppama plant"


class NoStories:
    """Knows no story and no company."""

    async def find_story(self, article: Article) -> str:
        """Return that there is none."""
        return ""

    async def get_company_matcher(self) -> CompanyMatcher:
        """Return a matcher of nothing."""
        return CompanyMatcher(())


class TitleReader(LineReader):
    """Takes every line for the title of an article; behind a number sign may be its id. The publisher is called after the path."""

    async def read_feed(self, body: bytes, *, url: str, content_type: str) -> ParsedFeed:
        """Return the feed in these lines."""
        publisher = url.rpartition("/")[2]
        articles = []
        for line in body.decode().splitlines():
            title, _, key = line.partition("#")
            key = key or f"{publisher}/{title}"
            articles.append(Article(key, title, self.clock(), "", f"https://{publisher}.example/{key}", publisher))
        return feed_of(*articles)

    def __init__(self, clock: HandClock) -> None:
        self.clock = clock


class OpenTools(FeedTools):
    """Has a fetcher and a reader that are open already."""

    def __init__(self, guard: AddressGuard, fetcher: Fetcher, clock: HandClock) -> None:
        super().__init__(guard, clock)
        self._opened = fetcher, TitleReader(clock)

    async def open_tools(self) -> tuple[Fetcher, TitleReader]:  # type: ignore[override]  # it reads feeds, as the parser does
        """Return the two."""
        return self._opened


@dataclass(slots=True)
class Followers:
    """A store with follows of feeds, a poller, and a Discord in memory. Each line of a feed is an article."""

    store: Store
    clock: HandClock
    publishers: Publishers
    followed: FollowedFeeds
    desk: FeedSubscriptions
    poller: Poller
    news: FeedNews
    dispatcher: Dispatcher
    discord: RecordingPublisher
    retention: Retention
    given_up: list[Follow] = field(default_factory=list)

    def lists(self, path: str, *lines: str) -> None:
        """Let a feed list these articles from now on."""
        self.publishers.says(path, "\n".join(lines))

    async def follow(
        self,
        number: int,
        path: str = FEED,
        *,
        guild: int = 1,
        settings: FollowSettings = DEFAULT_FOLLOW_SETTINGS,
        destination: Destination | None = None,
    ) -> Follow:
        """Let a channel of a server follow a feed."""
        lookup = await self.followed.look_up(self.publishers.url(path))
        where = destination or channel(number, guild)
        follow, _ = await self.followed.follow(where, lookup, created_by=1, settings=settings)
        return follow

    async def pass_time(self, **time: float) -> None:
        """Let time pass, poll what is due, and send what came."""
        self.clock.forward(**(time or {"hours": 2}))
        await self.poller.run_once()
        await self.give_out()

    async def give_out(self) -> None:
        """Give out what the polls brought, and send it."""
        while await self.news.run_once():
            pass
        await self.dispatcher.run_until_idle()

    def titles(self, number: int) -> list[str]:
        """Return the titles that were posted in a channel."""
        return self.discord.headlines(number)

    def publishers_of(self, post: Post) -> list[str]:
        """Return the publishers that a post names."""
        return [report.article.publisher for notice in post.feed_notices for report in notice.reports]

    async def get(self, follow: Follow) -> Follow:
        """Return a follow as it is now."""
        async with self.store.read() as tx:
            return await tx.follows.get(follow.id)

    async def unfollow(self, follow: Follow) -> None:
        """Stop following something."""
        async with self.store.write() as tx:
            await tx.follows.remove(follow.id)

    async def set_cap(self, guild: int, cap: int) -> None:
        """Set the hourly cap of a server."""
        async with self.store.write() as tx:
            await tx.delivery_settings.save(guild, DeliverySettings(cap=cap), self.clock())

    async def count_rows(self) -> tuple[int, int]:
        """Return how many feeds are stored, and how many articles of theirs."""
        async with self.store.read() as tx:
            feeds, articles = [
                (await tx.connection.execute(select(func.count()).select_from(table))).scalar_one()
                for table in (t.feed, t.followed_article)
            ]
        return feeds, articles

    async def list_pending(self) -> list[str]:
        """Return the titles of the articles that wait for the desk."""
        async with self.store.read() as tx:
            return [each.article.title for each in await tx.articles.list_pending(100)]

    async def mark_all_pending(self) -> None:
        """Do as if the process had ended before an article was done."""
        async with self.store.write() as tx:
            await tx.connection.execute(update(t.followed_article).values(pending=1))

    async def break_settings(self, number: int) -> None:
        """Let the settings of a channel's follows be unreadable."""
        row_ids = select(t.destination.c.id).where(t.destination.c.discord_id == number)
        async with self.store.write() as tx:
            statement = update(t.follow).where(t.follow.c.destination_id.in_(row_ids)).values(only="nonsense")
            await tx.connection.execute(statement)

    async def list_desk_feeds(self) -> list[str]:
        """Return the addresses of the desk's feeds."""
        return [feed.url for feed in await self.desk.list_feeds()]


@pytest.fixture
async def followers(
    store: Store, clock: HandClock, publishers: Publishers, guard: AddressGuard, fetcher: Fetcher
) -> Followers:
    """Two feeds, each with an old article."""
    tools, publisher, wake_event = OpenTools(guard, fetcher, clock), RecordingPublisher(), asyncio.Event()
    given_up: list[Follow] = []

    async def note_given_up(follow: Follow) -> None:
        given_up.append(follow)

    opened = Followers(
        store=store,
        clock=clock,
        publishers=publishers,
        followed=FollowedFeeds(store, clock, tools, FeedLimits(per_server=3, per_user=1, in_all=4)),
        desk=FeedSubscriptions(store, clock, guard),
        poller=Poller(
            store,
            fetcher,
            TitleReader(clock),
            clock,
            wake_event,
            on_broken=RecordingDesk(),
            on_given_up=note_given_up,
            per_second=0,
            random_fraction=lambda: 0.0,
        ),
        news=FeedNews(store, NoStories(), clock),
        dispatcher=Dispatcher(store, publisher, clock, asyncio.Event()),
        discord=publisher,
        retention=Retention(store, DeliverySettingsService(store, clock), clock),
        given_up=given_up,
    )
    opened.lists(FEED, "old")
    opened.lists(OTHER, "older")
    return opened


async def test_only_news_after_the_follow_is_posted(followers: Followers) -> None:
    """What the feed has then is known; what comes later is posted once."""
    await followers.follow(1)
    followers.lists(FEED, "new", "old")
    await followers.pass_time()
    await followers.pass_time()
    assert followers.titles(1) == ["new"]


async def test_a_feed_of_many_is_fetched_once(followers: Followers) -> None:
    """A poll serves two servers and a person, with what each has not seen; an unchanged feed is not sent again."""
    followers.publishers.says(FEED, "old", headers={"ETag": '"1"'})
    await followers.follow(1)
    await followers.follow(2, guild=2)
    followers.publishers.says(FEED, "first\nold", headers={"ETag": '"2"'})
    await followers.follow(3, destination=direct(3))
    before = len(followers.publishers.requests)
    await followers.pass_time()
    assert len(followers.publishers.requests) == before + 1
    assert followers.publishers.requests[-1].headers[b"If-None-Match"] == b'"2"'
    assert [followers.titles(number) for number in (1, 2, 3)] == [["first"], ["first"], []]


async def test_a_re_report_by_another_feed_edits_the_post(followers: Followers) -> None:
    """Of the same channel; a channel that follows only the other feed gets a post of its own."""
    await followers.follow(1)
    await followers.follow(1, OTHER)
    await followers.follow(2, OTHER)
    followers.lists(FEED, SIGNED)
    await followers.pass_time()
    followers.lists(OTHER, SIGNED_TOO)
    await followers.pass_time()
    assert (followers.titles(1), followers.titles(2)) == ([SIGNED], [SIGNED_TOO])
    assert [followers.publishers_of(post) for post in followers.discord.edited_posts] == [["feed", "other"]]


async def test_an_article_with_another_figure_is_a_post(followers: Followers) -> None:
    """However similar its words are: it reports something new."""
    await followers.follow(1)
    await followers.follow(1, OTHER)
    followers.lists(FEED, "Alpha to invest $3 billion in a plant in Dresden")
    await followers.pass_time()
    followers.lists(OTHER, "Alpha to invest $7 billion in a plant in Dresden")
    await followers.pass_time()
    assert len(followers.titles(1)) == 2


async def test_one_link_in_two_feeds_is_one_post(followers: Followers) -> None:
    """Whatever the second feed calls it."""
    await followers.follow(1)
    await followers.follow(1, OTHER)
    followers.lists(FEED, "Alpha buys Beta#link")
    followers.lists(OTHER, "Something else entirely#link")
    await followers.pass_time()
    assert len(followers.titles(1)) == 1
    assert followers.discord.edited_posts == []


async def test_a_feed_decides_for_no_other_what_is_known(followers: Followers) -> None:
    """A hostile feed that lists the links of an honest one before that does keeps them from nobody, nor renames them."""
    await followers.follow(1)
    await followers.follow(2, OTHER, guild=2)
    followers.lists(OTHER, "A lie about Alpha#link")
    await followers.pass_time()
    followers.lists(FEED, "Alpha buys Beta#link")
    await followers.pass_time()
    assert (followers.titles(1), followers.titles(2)) == (["Alpha buys Beta"], ["A lie about Alpha"])


async def test_filters_of_a_follow_look_into_articles(followers: Followers) -> None:
    """Wanted and unwanted words; each channel has its own."""
    await followers.follow(1, settings=FollowSettings(keywords=("chip",)))
    await followers.follow(2, settings=FollowSettings(excluded_keywords=("chip",)))
    followers.lists(FEED, "A chip plant opens", "A car plant closes")
    await followers.pass_time()
    assert (followers.titles(1), followers.titles(2)) == (["A chip plant opens"], ["A car plant closes"])


async def test_a_server_is_not_disturbed_by_the_desk(followers: Followers) -> None:
    """The desk adds, pauses, resumes and removes the feed; the follower gets every article once."""
    await followers.follow(1)
    url = followers.publishers.url(FEED)
    await followers.desk.import_feeds([FeedDraft(url, "Ours", Trust.AUTO)], by="desk")
    expected = []
    for title, act in (
        ("Added", None),
        ("Paused", followers.desk.pause),
        ("Resumed", followers.desk.resume),
        ("Removed", followers.desk.remove),
    ):
        if act:
            await act(url, by="desk")
        expected.append(title)
        followers.lists(FEED, *expected, "old")
        await followers.pass_time()
        assert followers.titles(1) == expected
    assert await followers.list_desk_feeds() == []


async def test_the_desk_is_not_disturbed_by_servers(followers: Followers) -> None:
    """It sees no feed of theirs, and gets its own articles whoever follows them. What it adds brings no old news."""
    url = followers.publishers.url(FEED)
    await followers.follow(1)
    followers.lists(FEED, "before", "old")
    await followers.pass_time()
    assert await followers.list_desk_feeds() == []
    with pytest.raises(NotFound):
        await followers.desk.pause(url, by="desk")
    await followers.desk.import_feeds([FeedDraft(url, "Ours")], by="desk")
    await followers.pass_time()
    assert await followers.list_pending() == []
    followers.lists(FEED, "after", "before", "old")
    await followers.pass_time()
    await followers.retention.erase_guild(1)
    followers.lists(FEED, "last", "after")
    await followers.pass_time()
    assert await followers.list_pending() == ["after", "last"]
    assert followers.titles(1) == ["before", "after"]


async def test_a_desk_that_pauses_misses_nothing(followers: Followers) -> None:
    """What the feed brought to followers meanwhile is read when the desk resumes, although the publisher calls it unchanged."""
    url = followers.publishers.url(FEED)
    await followers.desk.import_feeds([FeedDraft(url, "Ours")], by="desk")
    await followers.pass_time()
    await followers.follow(1)
    await followers.desk.pause(url, by="desk")
    followers.publishers.says(FEED, "meanwhile\nold", headers={"ETag": '"1"'})
    await followers.pass_time()
    await followers.desk.resume(url, by="desk")
    await followers.pass_time()
    assert await followers.list_pending() == ["meanwhile"]
    assert b"If-None-Match" not in followers.publishers.requests[-1].headers


async def test_unfollowing_erases_the_feed(followers: Followers) -> None:
    """And its articles, unless somebody else follows it; it is not polled any more."""
    mine, theirs = await followers.follow(1), await followers.follow(2, guild=2)
    await followers.unfollow(mine)
    assert await followers.count_rows() == (1, 1)
    await followers.unfollow(theirs)
    assert await followers.count_rows() == (0, 0)
    before = len(followers.publishers.requests)
    await followers.pass_time(days=2)
    assert len(followers.publishers.requests) == before


async def test_erasing_a_server_erases_its_feeds(followers: Followers) -> None:
    """With what it got of them; another server's follow goes on."""
    await followers.follow(1)
    await followers.follow(1, OTHER)
    await followers.follow(2, guild=2)
    followers.lists(FEED, "new", "old")
    await followers.pass_time()
    await followers.retention.erase_guild(1)
    assert await followers.count_rows() == (1, 2)
    followers.lists(FEED, "newer", "new", "old")
    await followers.pass_time()
    assert (followers.titles(1), followers.titles(2)) == (["new"], ["new", "newer"])


async def test_a_server_that_the_bot_left_gets_no_old_news(followers: Followers) -> None:
    """Nothing is polled for it meanwhile; back again, it gets what comes."""
    await followers.follow(1)
    await followers.retention.record_guild_left(1)
    followers.lists(FEED, "meanwhile", "old")
    before = len(followers.publishers.requests)
    await followers.pass_time(days=2)
    assert len(followers.publishers.requests) == before
    await followers.retention.record_guild_returned(1)
    await followers.pass_time()
    followers.lists(FEED, "new", "meanwhile", "old")
    await followers.pass_time()
    assert followers.titles(1) == ["new"]


async def test_limits_are_per_server_and_person_and_in_all(followers: Followers) -> None:
    """A feed that is followed already is never one too many."""
    for number in range(5):
        followers.lists(f"/{number}", "old")
    for number in range(3):
        await followers.follow(1, f"/{number}")
    with pytest.raises(NotAllowed, match=r"^This server follows 3 feeds"):
        await followers.follow(2, "/3")
    await followers.follow(2, "/2")
    await followers.follow(5, "/2", destination=direct(5))
    with pytest.raises(NotAllowed, match=r"^You follow 1 feed by DM"):
        await followers.follow(5, "/3", destination=direct(5))
    await followers.follow(3, "/3", guild=2)
    with pytest.raises(NotAllowed, match=r"^This bot cannot follow any more feeds"):
        await followers.follow(3, "/4", guild=2)
    await followers.follow(4, "/0", guild=3)
    assert await followers.count_rows() == (4, 4)


async def test_a_feed_that_fails_at_first_is_not_followed(followers: Followers) -> None:
    """Nothing of it is stored."""
    with pytest.raises(FetchError):
        await followers.follow(1, "/nowhere")
    assert await followers.count_rows() == (0, 0)


async def test_a_feed_that_is_gone_is_given_up_once(followers: Followers) -> None:
    """Each destination is told once, also those of another server; its follow has stopped, with the reason."""
    await followers.follow(1)
    await followers.follow(2, guild=2)
    followers.publishers.says(FEED, status=410)
    for _ in range(3):
        await followers.pass_time()
    assert [follow.destination.discord_id for follow in followers.given_up] == [1, 2]
    assert {follow.state for follow in followers.given_up} == {FollowState.STOPPED}
    followers.lists(FEED, "new", "old")
    await followers.pass_time(days=2)
    assert followers.titles(1) == []
    await followers.follow(1)
    followers.lists(FEED, "newer", "new", "old")
    await followers.pass_time()
    assert (followers.titles(1), followers.titles(2)) == (["newer"], [])


async def test_a_feed_that_fails_for_a_month_is_given_up(followers: Followers) -> None:
    """Before that, its follow says what is wrong; one failure says nothing."""
    follow = await followers.follow(1)
    followers.publishers.says(FEED, status=500)
    await followers.pass_time()
    assert (await followers.get(follow)).feed_problem is None
    for _ in range(10):
        await followers.pass_time(days=1)
    problem = (await followers.get(follow)).feed_problem
    assert problem is not None
    assert "500" in problem.reason
    assert followers.given_up == []
    await followers.pass_time(days=21)
    assert len(followers.given_up) == 1


async def test_a_feed_that_moves_to_a_known_one_is_followed_there(followers: Followers) -> None:
    """Nothing is lost or posted twice, neither for whoever follows both nor for whoever follows one."""
    await followers.follow(1)
    await followers.follow(2)
    await followers.follow(2, OTHER)
    followers.publishers.says(FEED, status=301, headers={"Location": followers.publishers.url(OTHER)})
    followers.lists(OTHER, "new", "older")
    await followers.pass_time()
    followers.lists(OTHER, "newer", "new", "older")
    await followers.pass_time()
    assert (await followers.count_rows())[0] == 1
    assert followers.titles(2) == ["new", "newer"]
    assert followers.titles(1)[-1] == "newer"


async def test_news_is_given_out_once_whenever_the_process_ends(followers: Followers) -> None:
    """Given out again after the posts were made, an article is posted no second time, and edits nothing."""
    await followers.follow(1)
    await followers.follow(2, guild=2)
    followers.lists(FEED, "new", "old")
    await followers.pass_time()
    await followers.mark_all_pending()
    await followers.give_out()
    assert (followers.titles(1), followers.titles(2)) == (["new"], ["new"])
    assert followers.discord.edited_posts == []


async def test_a_flood_is_a_few_posts_and_the_rest_together(followers: Followers) -> None:
    """A feed that lists a hundred new articles at once: fifty are news, ten come at once, and the others within the hour."""
    await followers.follow(1)
    followers.lists(
        FEED, *(f"Item {number} of {number * 7 % 100} things called {chr(97 + number % 26)}" for number in range(100))
    )
    await followers.pass_time()
    assert len(followers.discord.sent_to(1)) == 10
    followers.clock.forward(hours=1)
    await followers.dispatcher.run_until_idle()
    posts = followers.discord.sent_to(1)
    assert 11 <= len(posts) <= 14
    assert sum(len(post.feed_notices) for post in posts) == len({*followers.titles(1)}) <= 50


async def test_the_cap_of_a_server_wins(followers: Followers) -> None:
    """A server that has set a cap gets so many posts an hour."""
    await followers.set_cap(1, 3)
    await followers.follow(1)
    followers.lists(FEED, "Cats like milk", "Stocks rise in Tokyo", "Rain in Spain", "Dogs bark", "Alpha buys Beta")
    await followers.pass_time()
    assert len(followers.discord.sent_to(1)) == 3


async def test_a_broken_follower_keeps_the_others_from_nothing(followers: Followers) -> None:
    """A follow whose settings cannot be read gets nothing; the other server does."""
    await followers.follow(1)
    await followers.follow(2, guild=2)
    await followers.break_settings(1)
    followers.lists(FEED, "new", "old")
    await followers.pass_time()
    assert followers.titles(2) == ["new"]
