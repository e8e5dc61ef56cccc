"""From an address that somebody gives to a feed: the address is a feed's, or a page's that names one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import DealwireError, NotAFeed
from bot.newsroom.feeds.addresses import pasted
from bot.newsroom.feeds.answers import Fetched
from bot.newsroom.feeds.ports import FeedReader, ReadableFeed

if TYPE_CHECKING:
    # Reading a file needs no HTTP client, and to load one takes a command's start twice as long.
    from bot.newsroom.feeds.fetching import Fetcher

#: So many of the feeds that a page names are tried.
TRIED = 5


@dataclass(frozen=True, slots=True)
class Found:
    """A feed, fetched and read."""

    fetched: Fetched
    read: ReadableFeed


async def find_feed(fetcher: Fetcher, reader: FeedReader, address: str) -> Found:
    """The feed at an address as somebody has pasted it, or the first that the page there names and that is one.

    Raises FetchError, or the reader's own error about the address that was given, when there is none.
    """
    fetched = await fetcher.get(pasted(address))
    try:
        return Found(fetched, await _read(reader, fetched))
    except NotAFeed as exc:
        if not exc.page:
            raise
        no_feed = exc
    for link in list(await reader.links_to_feeds(fetched.body or b"", url=str(fetched.url)))[:TRIED]:
        try:
            named = await fetcher.get(link)
            return Found(named, await _read(reader, named))
        except DealwireError:
            # A page may name feeds that are long gone; the next one may be there.
            continue
    raise no_feed


async def _read(reader: FeedReader, fetched: Fetched) -> ReadableFeed:
    return await reader.feed(fetched.body or b"", url=str(fetched.url), content_type=fetched.content_type)
