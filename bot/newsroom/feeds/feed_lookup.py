"""Find the feed at an address, which may be the feed's own or that of a page that names it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bot.errors import DealwireError, NotAFeed
from bot.newsroom.feeds.http_headers import FetchResponse
from bot.newsroom.feeds.pasted_addresses import extract_address

if TYPE_CHECKING:
    # Reading a file needs no HTTP client, and loading one doubles the start time of a command.
    from bot.newsroom.feeds.fetcher import Fetcher
    from bot.newsroom.parsing import ParsedFeed

#: How many of the feeds that a page names are tried.
MAX_TRIES = 5


class FeedReader(Protocol):
    """Reads responses. Everything that goes wrong is raised as a DealwireError of one sentence."""

    async def read_feed(self, body: bytes, *, url: str, content_type: str) -> ParsedFeed:
        """Return the feed in these bytes. Raise a DealwireError if they are not a feed."""

    async def find_feed_links(self, body: bytes, *, url: str) -> Sequence[str]:
        """Return the addresses of feeds that a page names, best first; none if the bytes are not a page."""


@dataclass(frozen=True, slots=True)
class FeedLookup:
    """A feed with the response that it was read from."""

    response: FetchResponse
    content: ParsedFeed


async def find_feed(fetcher: Fetcher, reader: FeedReader, address: str) -> FeedLookup:
    """Return the feed at an address as somebody pasted it, or the first feed that the page there names and that can be
    read.

    Raise FetchError, or the reader's error about the address that was given, if there is none.
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
            # A page may name feeds that no longer exist; the next one may.
            continue
    raise original_error


async def _read_response(reader: FeedReader, response: FetchResponse) -> ParsedFeed:
    return await reader.read_feed(response.body or b"", url=str(response.url), content_type=response.content_type)
