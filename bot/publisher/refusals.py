"""How Discord says no, in delivery's words: in English, for the store keeps them; who is shown one reads it in their language."""

from __future__ import annotations

import aiohttp
import discord

from bot.delivery.pace import LongWait
from bot.delivery.port import Blocked, DeliveryError, Gone, Locked, TryAgain, Undeliverable
from bot.languages import noted

ALREADY_PUBLISHED = 40033
ARCHIVED = 50083
MESSAGE_GONE = 10008
OLD_EDITS = 30046
THREAD_LOCKED = 160005
THREAD_STANDS = 160004
CHANNEL_GONE = 10003
MISSING_PERMISSIONS = 50013
NO_ANNOUNCEMENTS = 50024

LOCKED = noted("the thread is locked: unlock it, or give the bot Manage Threads")
WAIT = noted("Discord asks to wait")
REFUSED = noted("Discord refuses it: {text}")
REFUSED_MESSAGE = noted("Discord refuses this message: {text}")
ANSWERED = noted("Discord answered {status}")

_FULL = noted("the server has as many open threads as Discord allows: close some")

#: What is wrong with one message, and keeps no other from arriving.
_UNDELIVERABLE = {
    40067: noted(
        "the forum wants a tag on every post: give it one for news, or of the name of the stage, such as In talks"
    ),
}
_LOCKED = (ARCHIVED, THREAD_LOCKED)
_GONE = {
    CHANNEL_GONE: noted("the channel is gone"),
    10004: noted("the server is gone"),
    10013: noted("the user is gone"),
}
_BLOCKED = {
    50001: noted("the bot cannot see the channel: give it View Channel there"),
    50007: noted("the user's DMs are closed to this bot: open them in the server's privacy settings"),
    MISSING_PERMISSIONS: noted(
        "the bot may not post there: give it Send Messages (in threads: Send Messages in Threads)"
    ),
    160006: _FULL,
    160007: _FULL,
    50278: noted("the user and the bot share no server any more: join one"),
}

#: What a request can raise for what Discord, or the way to it, does.
FAULTS = (discord.HTTPException, discord.RateLimited, aiohttp.ClientError, OSError)


def told(exc: Exception) -> DeliveryError:
    """The error of delivery for one of ``FAULTS``."""
    if isinstance(exc, discord.RateLimited | LongWait):
        return TryAgain(WAIT, in_doubt=False, after=exc.retry_after)
    if not isinstance(exc, discord.HTTPException):
        return TryAgain(noted("the connection to Discord broke"), in_doubt=True)
    if exc.code in _GONE:
        return Gone(_GONE[exc.code])
    if exc.code in _LOCKED:
        return Locked(LOCKED)
    if exc.code in _BLOCKED:
        return Blocked(_BLOCKED[exc.code])
    if exc.code in _UNDELIVERABLE:
        return Undeliverable(_UNDELIVERABLE[exc.code])
    if exc.status == 403:
        return Blocked(REFUSED.format(text=exc.text or exc.status))
    if exc.status in (401, 429):
        return TryAgain(WAIT, in_doubt=False)
    if exc.status < 500:
        return Undeliverable(REFUSED_MESSAGE.format(text=exc.text or exc.status))
    return TryAgain(ANSWERED.format(status=exc.status), in_doubt=True)
