"""Turn every error of a fetch into a FetchError with one sentence."""

from __future__ import annotations

import errno
import os

import aiohttp
from yarl import URL

from bot.errors import AddressNotAllowed, FetchError
from bot.languages import format_number, say
from bot.newsroom.feeds.address_guard import BlockedAddressError, abbreviate
from bot.newsroom.feeds.decompression import (
    DecompressionError,
    UnsupportedEncodingError,
)

#: How long connecting may take. A host that does not answer by then is down.
CONNECT_SECONDS = 10.0


def translate_request_error(error: Exception, url: URL, seconds: float) -> FetchError:
    """Return the FetchError for an error of aiohttp; ``seconds`` is the limit of the whole fetch."""
    address = abbreviate(str(url))
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        return FetchError(
            say(
                "{host} can't be reached: no answer within {seconds} seconds.",
                host=url.host,
                seconds=f"{CONNECT_SECONDS:g}",
            )
        )
    if isinstance(error, TimeoutError):
        return FetchError(say("{address} took longer than {seconds} seconds.", address=address, seconds=f"{seconds:g}"))
    if isinstance(error, aiohttp.InvalidURL):
        return AddressNotAllowed(say("{address} isn't a web address.", address=address))
    if isinstance(error, aiohttp.ClientConnectorError):
        return _translate_connection_error(error, url)
    # Some parsers inside aiohttp raise a ValueError.
    return FetchError(say("{address} didn't answer like a web server: {why}.", address=address, why=_describe(error)))


def translate_decompression_error(error: Exception, address: str, max_bytes: int) -> FetchError:
    """Return the FetchError for a body that cannot be decompressed."""
    if isinstance(error, UnsupportedEncodingError):
        return FetchError(
            say(
                "The answer from {address} is compressed as “{coding}”, which Dealwire can't unpack.",
                address=address,
                coding=abbreviate(error.encoding),
            )
        )
    if isinstance(error, DecompressionError):
        return FetchError(
            say(
                "The answer from {address} is labelled “{coding}” but can't be unpacked as that.",
                address=address,
                coding=abbreviate(error.encoding),
            )
        )
    return build_too_large_error(address, max_bytes)


def build_too_large_error(address: str, max_bytes: int) -> FetchError:
    """Return the FetchError for a body of more than ``max_bytes``."""
    return FetchError(say("{address} has more than {size} bytes.", address=address, size=format_number(max_bytes)))


def format_status(response: aiohttp.ClientResponse) -> str:
    """Return the status of a response with its reason phrase, if it has one."""
    return f"{response.status} {abbreviate(response.reason or '')}".strip()


def _translate_connection_error(error: aiohttp.ClientConnectorError, url: URL) -> FetchError:
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        reason = _describe(error.certificate_error)
        return FetchError(say("{host} has no valid certificate: {why}.", host=url.host, why=reason))
    if isinstance(error.os_error, BlockedAddressError):
        # Translators: {why} is such as "it leads to 10.0.0.1, a private address"
        message = say(
            "{address} can't be used: {why}. The bot's operator can allow the host with FEED_ALLOW.",
            address=abbreviate(str(url)),
            why=error.os_error,
        )
        return AddressNotAllowed(message)
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return FetchError(say("{host} could not be found (DNS).", host=url.host))
    return FetchError(say("{host} can't be reached: {why}.", host=url.host, why=_describe_os_error(error)))


def _describe_os_error(error: aiohttp.ClientConnectorError) -> str:
    """Return the system's own words (``connection refused``), without aiohttp's internals where they are known."""
    number = error.os_error.errno
    # asyncio uses the number of no error where several addresses failed, each for a reason of its own.
    return os.strerror(number).lower() if number is not None and number in errno.errorcode else _describe(error)


def _describe(error: BaseException) -> str:
    """Return aiohttp's own text about an error, on one line and cut short."""
    if isinstance(error, aiohttp.ServerDisconnectedError):
        # After half a response its text is the representation of an object of aiohttp's.
        return "Server disconnected"
    if isinstance(error, aiohttp.ClientResponseError):
        # Its text contains the status 400, which the server never sent.
        return abbreviate(" ".join(error.message.replace("^", " ").split())).rstrip(":.") or type(error).__name__
    return abbreviate(str(error).partition("\n")[0]).rstrip(".") or type(error).__name__
