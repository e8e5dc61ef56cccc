"""Map Discord's errors to those of delivery.

Only a listed code of Discord's own fails a post or blocks a destination
(https://discord.com/developers/docs/topics/opcodes-and-status-codes#json). A status alone proves nothing, because proxies,
Cloudflare and a Discord in an outage answer with 400 to 413 too. Reasons are stored, so they are in English; they are translated when they
are shown.
"""

from __future__ import annotations

import json

import aiohttp
import discord

from bot.cards.escaping import clean_line
from bot.delivery.port import (
    DeliveryError,
    DestinationBlocked,
    DestinationGone,
    ThreadLocked,
    TryAgain,
    Undeliverable,
    UnexplainedRefusal,
)
from bot.languages import lazy
from bot.platforms.discord.rate_limiter import AmbiguousResponse, LongRateLimit
from bot.platforms.discord.rest_proxy import ProxyRateLimit, has_discord_headers, parse_retry_after

ALREADY_PUBLISHED = 40033
THREAD_ARCHIVED = 50083
MESSAGE_GONE = 10008
OLD_EDIT_LIMIT = 30046
THREAD_LOCKED = 160005
THREAD_EXISTS = 160004
CHANNEL_GONE = 10003
MISSING_ACCESS = 50001
DMS_CLOSED = 50007
MISSING_PERMISSIONS = 50013
NO_ANNOUNCEMENTS = 50024
NO_SHARED_SERVER = 50278

#: The bot lacks a permission, or cannot see the channel.
FORBIDDEN_CODES = (MISSING_ACCESS, MISSING_PERMISSIONS)

LOCKED_REASON = lazy("the thread is locked: unlock it, or give the bot Manage Threads")
WAIT_REASON = lazy("Discord asked the bot to wait")
REFUSED_REASON = lazy("Discord refused it: {text}")
REFUSED_MESSAGE_REASON = lazy("Discord refused this message: {text}")
STATUS_REASON = lazy("Discord answered {status}")
TOKEN_REASON = lazy("Discord does not accept the bot's token")
NOT_DISCORD_REASON = lazy(
    "the connection to Discord is not working properly: the answer was {status}, without a reason"
)

_FULL_REASON = lazy("the server has as many open threads as Discord allows: close some")
_WRONG_KIND_REASON = lazy("the channel no longer accepts this kind of message: follow in another channel")

#: What each of Discord's codes means for a delivery, and the reason that is shown for it; None: Discord's own text.
#: The codes are listed at https://discord.com/developers/docs/topics/opcodes-and-status-codes#json-json-error-codes.
_ERRORS: dict[int, tuple[type[Undeliverable | DestinationBlocked | DestinationGone], str | None]] = {
    # One post fails; others can arrive.
    40005: (Undeliverable, None),  # the request is too large
    40067: (
        Undeliverable,
        lazy(
            "the forum requires a tag on every post: add one for news, or one named after the stage, such as In talks"
        ),
    ),
    50005: (Undeliverable, None),  # the message was written by somebody else
    50006: (Undeliverable, None),  # the message is empty
    50035: (Undeliverable, None),  # the form of the message is invalid
    200000: (Undeliverable, None),  # AutoMod blocks the message
    200001: (Undeliverable, None),  # AutoMod blocks the title
    240000: (Undeliverable, None),  # the filter of harmful links blocks the message
    # The destination does not exist any more.
    CHANNEL_GONE: (DestinationGone, lazy("the channel no longer exists")),
    10004: (DestinationGone, lazy("the server no longer exists")),
    10013: (DestinationGone, lazy("the user no longer exists")),
    # Nothing can arrive until somebody changes something; the reason says what.
    THREAD_ARCHIVED: (ThreadLocked, LOCKED_REASON),
    THREAD_LOCKED: (ThreadLocked, LOCKED_REASON),
    MISSING_ACCESS: (DestinationBlocked, lazy("the bot can't see the channel: give it View Channel there")),
    DMS_CLOSED: (
        DestinationBlocked,
        lazy("the user's DMs are closed to this bot: open them in the server's privacy settings"),
    ),
    50008: (DestinationBlocked, _WRONG_KIND_REASON),
    50009: (
        DestinationBlocked,
        lazy("the server's verification level keeps the bot out: lower it, or give the bot a role"),
    ),
    MISSING_PERMISSIONS: (
        DestinationBlocked,
        lazy("the bot can't post there: give it Send Messages (in threads: Send Messages in Threads)"),
    ),
    NO_ANNOUNCEMENTS: (DestinationBlocked, _WRONG_KIND_REASON),
    160006: (DestinationBlocked, _FULL_REASON),
    160007: (DestinationBlocked, _FULL_REASON),
    NO_SHARED_SERVER: (DestinationBlocked, lazy("the user and the bot no longer share a server: join one")),
}

#: What a request raises if Discord, or the connection to it, fails. discord.py raises the last two for an answer that calls itself
#: JSON and is not.
REQUEST_ERRORS = (
    discord.HTTPException,
    discord.RateLimited,
    aiohttp.ClientError,
    OSError,
    json.JSONDecodeError,
    UnicodeDecodeError,
)
#: The longest text of others in a reason, in characters.
_TEXT_LIMIT = 200
#: The longest wait that is accepted from a 429 that may not be Discord's own, in seconds.
_MAX_RETRY_AFTER = 3_600.0


def get_error_code(exc: BaseException) -> int:
    """Return Discord's own code for an error; 0 if anything else answered, or nothing did."""
    if not isinstance(exc, discord.HTTPException) or not 400 <= exc.status < 500:
        return 0
    code: object = exc.code
    return code if isinstance(code, int) else 0


def is_token_refused(exc: BaseException | None) -> bool:
    """Return whether Discord itself says that it does not know the token."""
    return isinstance(exc, discord.HTTPException) and exc.status == 401 and _is_json(exc) and not get_error_code(exc)


def summarize_error(exc: BaseException) -> str:
    """Return an error as one short line for the log; the pages of proxies are left out."""
    if not isinstance(exc, discord.HTTPException):
        return clean_line(str(exc)[: 8 * _TEXT_LIMIT] or type(exc).__name__, _TEXT_LIMIT)
    code = get_error_code(exc)
    return f"{exc.status}, {_format_message(exc)}" if code else f"{exc.status} without a reason"


def to_delivery_error(exc: Exception) -> DeliveryError:
    """Return the delivery error for one of ``REQUEST_ERRORS``."""
    if isinstance(exc, discord.RateLimited | LongRateLimit):
        return TryAgain(WAIT_REASON, in_doubt=False, retry_after=exc.retry_after)
    if isinstance(exc, ProxyRateLimit):
        return _build_unexplained(429, retry_after=exc.retry_after)
    if isinstance(exc, AmbiguousResponse):
        return _build_unexplained(exc.status)
    if not isinstance(exc, discord.HTTPException):
        return UnexplainedRefusal(lazy("the connection to Discord was lost"), in_doubt=True)
    if exc.status == 429:
        return _map_rate_limit(exc)
    code = get_error_code(exc)
    return _map_code(exc, code) if code else _map_without_code(exc)


def to_search_error(exc: Exception) -> DeliveryError:
    """Return the delivery error for a failed search. It says nothing about the post, so it is never Undeliverable."""
    error = to_delivery_error(exc)
    return UnexplainedRefusal(error.reason, in_doubt=error.in_doubt) if isinstance(error, Undeliverable) else error


def _map_code(exc: discord.HTTPException, code: int) -> DeliveryError:
    if code not in _ERRORS:
        return UnexplainedRefusal(REFUSED_REASON.fill(text=_format_message(exc)), in_doubt=True)
    error, reason = _ERRORS[code]
    return error(reason or REFUSED_MESSAGE_REASON.fill(text=_format_message(exc)))


def _map_without_code(exc: discord.HTTPException) -> DeliveryError:
    """Return the error for an answer without a code of Discord's. The request may have reached Discord all the same."""
    if is_token_refused(exc):
        return UnexplainedRefusal(TOKEN_REASON, in_doubt=True)
    return _build_unexplained(exc.status)


def _build_unexplained(status: int, retry_after: float = 0.0) -> UnexplainedRefusal:
    return UnexplainedRefusal(
        (STATUS_REASON if status >= 500 else NOT_DISCORD_REASON).fill(status=status),
        in_doubt=True,
        retry_after=min(retry_after, _MAX_RETRY_AFTER),
    )


def _map_rate_limit(exc: discord.HTTPException) -> TryAgain:
    """Return the error for a 429. Discord's own lets no request through; a proxy may have passed it on before it gave up."""
    headers = exc.response.headers
    wait = parse_retry_after(headers, _MAX_RETRY_AFTER)
    if has_discord_headers(headers):
        return TryAgain(WAIT_REASON, in_doubt=False, retry_after=wait)
    return _build_unexplained(429, retry_after=wait)


def _is_json(exc: discord.HTTPException) -> bool:
    return bool(exc.response.headers.get("Content-Type") == "application/json")


def _format_message(exc: discord.HTTPException) -> str:
    """Return Discord's own sentence with its code, in one short line."""
    text = clean_line(exc.text[: 4 * _TEXT_LIMIT], _TEXT_LIMIT).rstrip(".") if exc.text else "no reason"
    return f"{text} ({get_error_code(exc)})"
