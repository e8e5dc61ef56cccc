"""From an address that somebody gives to a feed: the address is a feed's, or a page's that names one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import DealwireError, NotAFeed
from bot.newsroom.feeds.address_guard import extract_address
from bot.newsroom.feeds.http_headers import FetchResponse
from bot.newsroom.feeds.protocols import FeedContent, FeedReader

if TYPE_CHECKING:
    # Reading a file needs no HTTP client, and to load one takes a command's start twice as long.
    from bot.newsroom.feeds.fetcher import Fetcher

#: So many of the feeds that a page names are tried.
MAX_TRIES = 5


@dataclass(frozen=True, slots=True)
class FeedLookup:
    """A feed, fetched and read."""

    response: FetchResponse
    content: FeedContent


async def find_feed(fetcher: Fetcher, reader: FeedReader, address: str) -> FeedLookup:
    """The feed at an address as somebody has pasted it, or the first that the page there names and that is one.

    Raises FetchError, or the reader's own error about the address that was given, when there is none.
    """
    response = await fetcher.fetch(extract_address(address))
    try:
        return FeedLookup(response, await _read_response(reader, response))
    except NotAFeed as exc:
        if not exc.is_web_page:
            raise
        original_error = exc
    for link in list(await reader.find_feed_links(response.body or b"", url=str(response.url)))[:MAX_TRIES]:
        try:
            linked_response = await fetcher.fetch(link)
            return FeedLookup(linked_response, await _read_response(reader, linked_response))
        except DealwireError:
            # A page may name feeds that are long gone; the next one may be there.
            continue
    raise original_error


async def _read_response(reader: FeedReader, response: FetchResponse) -> FeedContent:
    return await reader.read_feed(response.body or b"", url=str(response.url), content_type=response.content_type)
