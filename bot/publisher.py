"""Delivery's port to Discord."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import aiohttp
import discord
from discord.abc import Messageable

from bot.cards.post import post_card
from bot.delivery.port import TryAgain, Undeliverable
from bot.model.follow import Place
from bot.model.post import Post

#: How far back a post in doubt is looked for; more than this many messages since it was made is very busy a channel.
HISTORY = 500
#: A message's time is Discord's, a post's is this machine's: so far apart they may be.
CLOCKS_APART = timedelta(minutes=5)

_REASONS = {
    10003: "the channel is gone",
    10004: "the server is gone",
    10013: "the user is gone",
    50001: "the bot cannot see the channel: give it View Channel there",
    50007: "the user's DMs are closed to this bot",
    50013: "the bot may not post: give it Send Messages there",
    50083: "the thread is archived",
    50278: "the user and the bot share no server any more",
}


class DiscordPublisher:
    """Sends posts through the client."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client

    async def find(self, post: Post) -> int | None:
        """The id of our message that carries the post's key; None when the history holds none."""
        try:
            place = await self._place(post)
            since = post.created_at - CLOCKS_APART
            async for message in place.history(limit=HISTORY, after=since, oldest_first=True):
                if self._client.user and message.author.id == self._client.user.id and _carries(message, post.key):
                    return message.id
        except discord.Forbidden:
            # What cannot be read cannot be looked through: the nonce alone guards against repetition.
            return None
        except _FAULTS as exc:
            raise _told(exc, in_doubt=True) from exc
        return None

    async def send(self, post: Post) -> int:
        """Send the post, pinging the roles that its follows name and nobody else."""
        mentions = discord.AllowedMentions(
            everyone=False, users=False, replied_user=False, roles=[discord.Object(role) for role in post.role_ids]
        )
        try:
            place = await self._place(post)
            message = await place.send(view=post_card(post), nonce=post.nonce, allowed_mentions=mentions)
        except _FAULTS as exc:
            raise _told(exc, in_doubt=True) from exc
        return message.id

    async def _place(self, post: Post) -> Messageable:
        where = post.destination
        if where.place is Place.DM:
            user = self._client.get_user(where.discord_id) or await self._client.fetch_user(where.discord_id)
            return user.dm_channel or await user.create_dm()
        return self._client.get_partial_messageable(where.discord_id, guild_id=where.guild_id or None)


_FAULTS = (discord.HTTPException, discord.RateLimited, aiohttp.ClientError, OSError)


def _told(exc: Exception, *, in_doubt: bool) -> Exception:
    if isinstance(exc, discord.Forbidden | discord.NotFound):
        return Undeliverable(_REASONS.get(exc.code, f"Discord refuses it: {exc.text or exc.status}"))
    if isinstance(exc, discord.RateLimited):
        return TryAgain("Discord asks to wait", in_doubt=False, after=exc.retry_after)
    if isinstance(exc, discord.HTTPException):
        if exc.status == 429:
            return TryAgain("Discord asks to wait", in_doubt=False)
        if exc.status < 500:
            return Undeliverable(f"Discord refuses this message: {exc.text or exc.status}", here=False)
        return TryAgain(f"Discord answered {exc.status}", in_doubt=in_doubt)
    return TryAgain("the connection to Discord broke", in_doubt=in_doubt)


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
