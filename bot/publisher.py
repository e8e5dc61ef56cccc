"""Delivery's port to Discord."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

import aiohttp
import discord
from discord.abc import Messageable

from bot.cards.notes import error_note
from bot.cards.post import post_card
from bot.delivery.port import (
    Blocked,
    CannotLook,
    DeliveryError,
    Gone,
    MessageGone,
    TryAgain,
    Undeliverable,
)
from bot.model.follow import Destination, Place
from bot.model.post import Post

#: How far back a post in doubt is looked for; more than this many messages since it was made is very busy a channel.
HISTORY = 500
#: A message's time is Discord's, a post's is this machine's: so far apart they may be.
CLOCKS_APART = timedelta(minutes=5)
#: Edits of old messages are limited hard, and Discord does not say for how long.
OLD_EDIT_SECONDS = 600.0

_GONE = {10003: "the channel is gone", 10004: "the server is gone", 10013: "the user is gone"}
_BLOCKED = {
    50001: "the bot cannot see the channel: give it View Channel there",
    50007: "the user's DMs are closed to this bot: open them in the server's privacy settings",
    50013: "the bot may not post there: give it Send Messages (in threads: Send Messages in Threads)",
    50083: "the thread is archived: open it",
    50278: "the user and the bot share no server any more: join one",
}


class DiscordPublisher:
    """Sends and edits posts through the client."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client

    async def find(self, post: Post) -> int | None:
        """The id of our message that carries the post's key; None when the history holds none."""
        try:
            place = await self._place(post.destination)
            since = post.created_at - CLOCKS_APART
            async for message in place.history(limit=HISTORY, after=since, oldest_first=True):
                if self._client.user and message.author.id == self._client.user.id and _carries(message, post.key):
                    return message.id
        except discord.Forbidden as exc:
            raise CannotLook("the bot cannot read the channel's history: give it Read Message History there") from exc
        except _FAULTS as exc:
            raise _told(exc) from exc
        return None

    async def send(self, post: Post) -> int:
        """Send the post, pinging the roles that its follows name and nobody else."""
        mentions = discord.AllowedMentions(
            everyone=False, users=False, replied_user=False, roles=[discord.Object(role) for role in post.role_ids]
        )
        try:
            place = await self._place(post.destination)
            message = await place.send(view=post_card(post), nonce=post.nonce, allowed_mentions=mentions)
        except _FAULTS as exc:
            raise _told(exc) from exc
        return message.id

    async def edit(self, post: Post) -> None:
        """Bring the post's message up to date; an edit pings nobody."""
        try:
            place = await self._place(post.destination)
            message = discord.PartialMessage(channel=place, id=post.message_id)  # type: ignore[arg-type]  # all that it needs
            await message.edit(view=post_card(post), allowed_mentions=discord.AllowedMentions.none())
        except _FAULTS as exc:
            if isinstance(exc, discord.HTTPException) and exc.code == 10008:
                raise MessageGone("the message was deleted") from exc
            if isinstance(exc, discord.HTTPException) and exc.code == 30046:
                raise TryAgain("Discord limits edits of old messages", in_doubt=False, after=OLD_EDIT_SECONDS) from exc
            raise _told(exc) from exc

    async def warn(self, destination: Destination, makers: Iterable[int], reason: str) -> None:
        """Tell by DM those who made the follows, and the server's owner; who cannot be told is passed over."""
        guild = self._client.get_guild(destination.guild_id) if destination.guild_id else None
        people = {*makers, *([guild.owner_id] if guild and guild.owner_id else [])}
        if destination.place is Place.DM:
            people.discard(destination.discord_id)
        where = f" of {discord.utils.escape_markdown(guild.name)}" if guild else ""
        said = f"Nothing can be posted in <#{destination.discord_id}>{where}: {reason}. `/following` there shows more."
        for user_id in people:
            with contextlib.suppress(*_FAULTS):
                place = await self._place(Destination(Place.DM, user_id))
                await place.send(view=error_note(said))

    async def _place(self, where: Destination) -> Messageable:
        if where.place is Place.DM:
            user = self._client.get_user(where.discord_id) or await self._client.fetch_user(where.discord_id)
            return user.dm_channel or await user.create_dm()
        return self._client.get_partial_messageable(where.discord_id, guild_id=where.guild_id or None)


_FAULTS = (discord.HTTPException, discord.RateLimited, aiohttp.ClientError, OSError)


def _told(exc: Exception) -> DeliveryError:
    if isinstance(exc, discord.RateLimited):
        return TryAgain("Discord asks to wait", in_doubt=False, after=exc.retry_after)
    if not isinstance(exc, discord.HTTPException):
        return TryAgain("the connection to Discord broke", in_doubt=True)
    if exc.code in _GONE:
        return Gone(_GONE[exc.code])
    if exc.code in _BLOCKED:
        return Blocked(_BLOCKED[exc.code])
    if exc.status == 403:
        return Blocked(f"Discord refuses it: {exc.text or exc.status}")
    if exc.status in (401, 429):
        return TryAgain("Discord asks to wait", in_doubt=False)
    if exc.status < 500:
        return Undeliverable(f"Discord refuses this message: {exc.text or exc.status}")
    return TryAgain(f"Discord answered {exc.status}", in_doubt=True)


def _carries(message: discord.Message, key: str) -> bool:
    return any(custom_id.startswith(f"dw:post:{key}:") for custom_id in _custom_ids(message.components))


def _custom_ids(components: Any) -> Iterator[str]:
    for component in components:
        custom_id = getattr(component, "custom_id", None)
        if custom_id:
            yield custom_id
        for inside in ("children", "components"):
            yield from _custom_ids(getattr(component, inside, None) or ())
        accessory = getattr(component, "accessory", None)
        if accessory is not None:
            yield from _custom_ids((accessory,))
