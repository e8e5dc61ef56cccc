"""The desk's channel: what waits for a decision stands there, and is brought up to date when somebody has decided.

It is in the language of the desk's server, whoever decides.
"""

from __future__ import annotations

import logging
from typing import Any

import discord

from bot.audience import Audience
from bot.cards import ids
from bot.cards.marks import choice
from bot.cards.notes import error_note
from bot.cards.review import shown_review
from bot.cards.safe import line
from bot.delivery.port import CannotLook
from bot.languages import restated, say, speaking
from bot.model.feed import Feed
from bot.model.review import Review
from bot.publisher.keys import shows
from bot.publisher.refusals import FAULTS, MESSAGE_GONE, code_of, in_short
from bot.publisher.searching import Ids, search
from bot.services import Services

log = logging.getLogger(__name__)

#: So many that wait stand in the channel at once; the others come when some of these are decided, so that it is no flood.
OPEN_AT_ONCE = 20
#: So many messages are written or edited in one go.
IN_ONE_GO = 5
_NEWEST = 25


class DeskChannel:
    """Writes into the channel that ``DESK_CHANNEL_ID`` names. One at a time calls it."""

    def __init__(self, client: discord.Client, services: Services) -> None:
        self._client = client
        self._services = services
        self._audience = Audience(client, services.following.language)
        self._said = ""
        self._ids = Ids(client)

    async def catch_up(self) -> int:
        """Write what is new, and edit what has changed; how many messages that were. Nothing without a channel."""
        channel = self._channel()
        if channel is None:
            return 0
        async with self._services.store.read() as session:
            room = max(0, OPEN_AT_ONCE - await session.reviews.count_shown())
            new = await session.reviews.to_show(min(room, IN_ONE_GO))
            told = await session.reviews.to_tell(IN_ONE_GO)
            changed = await session.reviews.to_update(IN_ONE_GO)
        try:
            with speaking(await self._audience.on_server(channel.guild.id)):
                for review in (*new, *told):
                    await self._show(channel, review)
                for review in changed:
                    await self._update(review)
        except FAULTS as exc:
            self._complain(f"The desk's channel takes no messages: {in_short(exc)}")
            return 0
        self._said = ""
        return len(new) + len(told) + len(changed)

    async def tell_broken(self, feed: Feed) -> None:
        """Name a feed that is broken or gone, with the reason. Without a channel the log has it, and ``feeds list``."""
        log.warning("Feed %d (%s) is broken: %s", feed.number, feed.url, feed.reason)
        channel = self._channel()
        if channel is not None:
            with speaking(await self._audience.on_server(channel.guild.id)):
                await channel.send(view=error_note(_told_broken(feed)))

    async def tell_crowded(self) -> bool:
        """Say that the bot has come to a further server, which turns the desk off; whether it could be said."""
        channel = self._channel()
        if channel is None:
            return False
        with speaking(await self._audience.on_server(channel.guild.id)):
            card = error_note(
                say(
                    "The bot is in more than one server now, so the desk is off: its commands and buttons do not work. "
                    "To keep the desk in this server, whoever runs the bot sets `DESK_GUILD_ID={server}` and restarts it.",
                    server=channel.guild.id,
                )
            )
        try:
            await channel.send(view=card)
        except FAULTS as exc:
            log.warning("The desk's channel could not be told that the desk is off: %s", exc)
            return False
        return True

    def _channel(self) -> discord.TextChannel | discord.Thread | None:
        wanted = self._services.settings.desk_channel_id
        if not wanted:
            return None
        channel = self._client.get_channel(wanted)
        if isinstance(channel, discord.TextChannel | discord.Thread):
            return channel
        self._complain("DESK_CHANNEL_ID names no text channel that the bot can see; articles wait in `/desk queue`.")
        return None

    def _complain(self, said: str) -> None:
        """Once, not every few seconds."""
        if said != self._said:
            log.warning("%s", said)
            self._said = said

    async def _show(self, channel: discord.TextChannel | discord.Thread, review: Review) -> None:
        message = await self._stands(channel, review) if review.in_doubt else None
        if message is None:
            async with self._services.store.write() as session:
                await session.reviews.begin_showing(review.number, self._ids.newest(channel.id))
            message = await channel.send(view=await self._card(review), nonce=f"dw-review-{review.number}")
            self._ids.note(message.id)
        async with self._services.store.write() as session:
            await session.reviews.mark_shown(review, channel.id, message.id)

    async def _stands(self, channel: discord.TextChannel | discord.Thread, review: Review) -> discord.Message | None:
        """The message that an earlier try may have written."""
        wanted = {ids.review(act, review.number) for act in ("publish", "undo")}
        try:
            return await search(self._client, channel, review.search_after, lambda message: shows(message, wanted))
        except CannotLook as exc:
            log.warning("Review %d is shown again in the desk's channel, perhaps twice: %s.", review.number, exc.reason)
            return None

    async def _update(self, review: Review) -> None:
        channel: Any = self._client.get_partial_messageable(review.channel_id)
        message_id = review.message_id
        try:
            await channel.get_partial_message(message_id).edit(view=await self._card(review))
        except discord.NotFound as exc:
            if code_of(exc) != MESSAGE_GONE:
                raise
            message_id = 0
        async with self._services.store.write() as session:
            await session.reviews.mark_shown(review, review.channel_id if message_id else 0, message_id)

    async def _card(self, review: Review) -> discord.ui.LayoutView:
        services = self._services
        newest = await services.library.complete_story("", deals_only=False, limit=_NEWEST)
        return shown_review(review, await services.reviews.stories(review), map(choice, newest))


def _told_broken(feed: Feed) -> str:
    # Said: in the desk's channel; the reason is a sentence
    return say(
        "The feed **{feed}** brings nothing any more: {reason} "
        "It is tried ever more seldom; `/feeds list` shows how it fares.",
        feed=line(feed.label, 200),
        reason=line(restated(feed.reason), 400),
    )
