"""What an answer of Discord's means to delivery.

Only a listed code of Discord's own fails a post or blocks a destination
(https://discord.com/developers/docs/topics/opcodes-and-status-codes#json). A status alone says nothing: proxies, Cloudflare
and a Discord in trouble answer 400 to 413 too. Reasons are in English, because the store keeps them; whoever is shown one
reads it in their language.
"""

from __future__ import annotations

import contextlib
import json

import aiohttp
import discord

from bot.cards.safe import plain
from bot.delivery.pace import LongWait, Unanswered
from bot.delivery.port import Blocked, DeliveryError, Gone, Locked, TryAgain, Undeliverable, Unexplained
from bot.languages import noted

ALREADY_PUBLISHED = 40033
ARCHIVED = 50083
MESSAGE_GONE = 10008
OLD_EDITS = 30046
THREAD_LOCKED = 160005
THREAD_STANDS = 160004
CHANNEL_GONE = 10003
MISSING_ACCESS = 50001
DMS_CLOSED = 50007
MISSING_PERMISSIONS = 50013
NO_ANNOUNCEMENTS = 50024
NO_SHARED_SERVER = 50278

#: The bot lacks a permission, or cannot see the channel.
FORBIDDEN = (MISSING_ACCESS, MISSING_PERMISSIONS)

LOCKED = noted("the thread is locked: unlock it, or give the bot Manage Threads")
WAIT = noted("Discord asks to wait")
REFUSED = noted("Discord refuses it: {text}")
REFUSED_MESSAGE = noted("Discord refuses this message: {text}")
ANSWERED = noted("Discord answered {status}")
TOKEN_REFUSED = noted("Discord does not accept the bot's token")
NOT_DISCORDS = noted("the connection to Discord is not working properly: the answer was {status}, without a reason")

_FULL = noted("the server has as many open threads as Discord allows: close some")
_WRONG_KIND = noted("the channel no longer takes messages of this kind: follow in another channel")

#: Fails one post, and keeps no other from arriving; those without a sentence of ours are told in Discord's.
_FAILS_POST = {
    40067: noted(
        "the forum wants a tag on every post: give it one for news, or of the name of the stage, such as In talks"
    ),
    40005: None,  # the request is too large
    50005: None,  # the message is somebody else's
    50006: None,  # the message is empty
    50035: None,  # the form of the message is invalid
    200000: None,  # AutoMod blocks the message
    200001: None,  # AutoMod blocks the title
    240000: None,  # the filter of harmful links blocks the message
}
_LOCKED = (ARCHIVED, THREAD_LOCKED)
_GONE = {
    CHANNEL_GONE: noted("the channel is gone"),
    10004: noted("the server is gone"),
    10013: noted("the user is gone"),
}
_BLOCKS = {
    MISSING_ACCESS: noted("the bot cannot see the channel: give it View Channel there"),
    DMS_CLOSED: noted("the user's DMs are closed to this bot: open them in the server's privacy settings"),
    50008: _WRONG_KIND,
    50009: noted("the server's verification level keeps the bot out: lower it, or give the bot a role"),
    MISSING_PERMISSIONS: noted(
        "the bot may not post there: give it Send Messages (in threads: Send Messages in Threads)"
    ),
    NO_ANNOUNCEMENTS: _WRONG_KIND,
    160006: _FULL,
    160007: _FULL,
    NO_SHARED_SERVER: noted("the user and the bot share no server any more: join one"),
}

#: What a request can raise for what Discord, or the way to it, does. discord.py raises the last two for an answer that calls
#: itself JSON and is none.
FAULTS = (
    discord.HTTPException,
    discord.RateLimited,
    aiohttp.ClientError,
    OSError,
    json.JSONDecodeError,
    UnicodeDecodeError,
)
#: The longest part of a reason that somebody else wrote, in characters.
_TEXT_LIMIT = 200
#: The longest wait that is believed of a 429 that may not be Discord's own, in seconds.
_LONGEST_LIMIT = 3_600.0


def code_of(exc: BaseException) -> int:
    """Return Discord's own code for an error; 0 if anything else answered, or nothing did."""
    if not isinstance(exc, discord.HTTPException) or not 400 <= exc.status < 500:
        return 0
    code: object = exc.code
    return code if isinstance(code, int) else 0


def refuses_token(exc: BaseException | None) -> bool:
    """Return whether Discord itself says that it does not know the token."""
    return isinstance(exc, discord.HTTPException) and exc.status == 401 and _is_json(exc) and not code_of(exc)


def in_short(exc: BaseException) -> str:
    """Return an error as one short line for the log; the pages of proxies are left out."""
    if not isinstance(exc, discord.HTTPException):
        return plain(str(exc)[: 4 * _TEXT_LIMIT] or type(exc).__name__, _TEXT_LIMIT)
    code = code_of(exc)
    return f"{exc.status}, {_message_of(exc)}" if code else f"{exc.status} without a reason"


def delivery_error(exc: Exception) -> DeliveryError:
    """Return the error of delivery that one of ``FAULTS`` means."""
    if isinstance(exc, discord.RateLimited | LongWait):
        return TryAgain(WAIT, in_doubt=False, after=exc.retry_after)
    if isinstance(exc, Unanswered):
        return _without_reason(exc.status)
    if not isinstance(exc, discord.HTTPException):
        return Unexplained(noted("the connection to Discord broke"), in_doubt=True)
    if exc.status == 429:
        return _limit(exc)
    code = code_of(exc)
    return _documented(exc, code) if code else _foreign(exc)


def looking_error(exc: Exception) -> DeliveryError:
    """Return the same for a request that only looks: what it is answered says nothing about the post itself."""
    error = delivery_error(exc)
    return Unexplained(error.reason, in_doubt=error.in_doubt) if isinstance(error, Undeliverable) else error


def _documented(exc: discord.HTTPException, code: int) -> DeliveryError:
    if code in _GONE:
        return Gone(_GONE[code])
    if code in _LOCKED:
        return Locked(LOCKED)
    if code in _BLOCKS:
        return Blocked(_BLOCKS[code])
    if code in _FAILS_POST:
        return Undeliverable(_FAILS_POST[code] or REFUSED_MESSAGE.format(text=_message_of(exc)))
    return Unexplained(REFUSED.format(text=_message_of(exc)), in_doubt=True)


def _foreign(exc: discord.HTTPException) -> DeliveryError:
    """Return what an answer without a code of Discord's means; the request may have reached Discord before it."""
    if refuses_token(exc):
        return Unexplained(TOKEN_REFUSED, in_doubt=True)
    return _without_reason(exc.status)


def _without_reason(status: int) -> Unexplained:
    return Unexplained((ANSWERED if status >= 500 else NOT_DISCORDS).format(status=status), in_doubt=True)


def _limit(exc: discord.HTTPException) -> TryAgain:
    """Return what a 429 means: Discord's own is usual, Cloudflare's (error 1015) is a ban. Neither let the request through."""
    headers = exc.response.headers
    wait = 0.0
    with contextlib.suppress(ValueError):
        wait = max(0.0, min(float(headers.get("Retry-After", "")), _LONGEST_LIMIT))
    if _is_json(exc):
        return TryAgain(WAIT, in_doubt=False, after=wait)
    return Unexplained(NOT_DISCORDS.format(status=429), in_doubt=False, after=wait)


def _is_json(exc: discord.HTTPException) -> bool:
    return bool(exc.response.headers.get("Content-Type") == "application/json")


def _message_of(exc: discord.HTTPException) -> str:
    """Return Discord's own sentence, in one line that is never long, with its code."""
    text = plain(exc.text[: 4 * _TEXT_LIMIT], _TEXT_LIMIT).rstrip(".") if exc.text else "no reason"
    return f"{text} ({code_of(exc)})"
