"""The desk's channel: reports of broken feeds, of incidents, and of a desk that is off.

Messages are in the language of the desk's server.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator

import discord

from bot.cards.escaping import escape_line
from bot.cards.set_aside import delivery_problem_card
from bot.cards.simple_cards import error_card
from bot.delivery.incidents import IncidentReport
from bot.delivery.port import Undeliverable
from bot.languages import format_number, localize, say, use_language
from bot.model.feed import Feed
from bot.platforms.discord.error_mapping import REQUEST_ERRORS, summarize_error, to_delivery_error
from bot.platforms.discord.locales import LanguageResolver
from bot.platforms.discord.sharded_bot import ShardedBot
from bot.services import Services

log = logging.getLogger(__name__)

#: After how many seconds Discord is asked again for the channel, where no event tells of its changes, and for one that it did not give.
FETCH_SECONDS = 300.0
RETRY_SECONDS = 30.0

AnyDeskChannel = discord.TextChannel | discord.Thread


class DeskChannel:
    """The channel that ``DESK_CHANNEL_ID`` names."""

    def __init__(self, client: discord.Client, services: Services) -> None:
        self._client = client
        self._services = services
        self._languages = LanguageResolver(client, services.delivery_settings.get_language)
        self._last_complaint = ""
        self._fetched_channel: AnyDeskChannel | None = None
        self._fetch_at = 0.0

    @contextlib.asynccontextmanager
    async def use_language(self, channel: AnyDeskChannel) -> AsyncIterator[None]:
        """Use the language of the desk's server within this context."""
        with use_language(await self._languages.for_guild(channel.guild.id)):
            yield

    async def find(self) -> AnyDeskChannel | None:
        """Return the channel; None, with a warning in the log, if it is not usable, or if none is set."""
        channel_id = self._services.settings.desk_channel_id
        if not channel_id:
            return None
        channel = self._client.get_channel(channel_id)
        if channel is None and isinstance(self._client, ShardedBot) and not self._client.is_alone:
            channel = await self._fetch(channel_id)
        if isinstance(channel, discord.TextChannel | discord.Thread):
            return channel
        self.complain("DESK_CHANNEL_ID is not a text channel that the bot can see; articles wait in `/desk queue`.")
        return None

    async def _fetch(self, channel_id: int) -> AnyDeskChannel | None:
        """Return the channel of a server that belongs to another process: Discord is asked now and then."""
        now = asyncio.get_running_loop().time()
        if now < self._fetch_at:
            return self._fetched_channel
        channel: object = None
        try:
            channel = await self._client.fetch_channel(channel_id)
        except (*REQUEST_ERRORS, discord.InvalidData) as exc:
            log.debug("The desk's channel could not be fetched: %s", summarize_error(exc))
        self._fetched_channel = channel if isinstance(channel, discord.TextChannel | discord.Thread) else None
        self._fetch_at = now + (FETCH_SECONDS if self._fetched_channel else RETRY_SECONDS)
        return self._fetched_channel

    def complain(self, message: str) -> None:
        """Log a message, unless it was the last one: once, not every few seconds."""
        if message != self._last_complaint:
            log.warning("%s", message)
            self._last_complaint = message

    def clear_complaint(self) -> None:
        """Have the next complaint logged, even if it is the same: the channel works again."""
        self._last_complaint = ""

    async def report_broken_feed(self, feed: Feed) -> None:
        """Report a feed that is broken or gone, with the reason. Without a channel it is in the log and in ``feeds list``."""
        log.warning("Feed %d (%s) failed: %s", feed.id, feed.url, feed.reason)
        channel = await self.find()
        if channel is not None:
            async with self.use_language(channel):
                await self._send_text(channel, _build_broken_feed_text(feed), _build_plain_feed_text(feed))

    async def _send_text(self, channel: AnyDeskChannel, text: str, plain_text: str) -> None:
        """Send a text that contains words of others or, if Discord refuses these, one that has none."""
        try:
            await channel.send(view=error_card(text))
        except REQUEST_ERRORS as exc:
            if not isinstance(to_delivery_error(exc), Undeliverable):
                raise
            await channel.send(view=error_card(plain_text))

    async def report_incident(self, report: IncidentReport) -> bool:
        """Report an incident; return whether that is done. Without a channel it is in the log and in ``/status``."""
        channel = await self.find()
        if channel is None:
            return not self._services.settings.desk_channel_id
        async with self.use_language(channel):
            card = delivery_problem_card(say(report.message, reason=escape_line(localize(report.reason), 300)))
        try:
            await channel.send(view=card)
        except REQUEST_ERRORS as exc:
            self.complain(f"The desk's channel takes no messages: {summarize_error(exc)}")
            return False
        return True

    async def report_further_server(self) -> bool:
        """Tell the desk that the bot was added to another server, which turns the desk off; return whether it was told."""
        channel = await self.find()
        if channel is None:
            return False
        async with self.use_language(channel):
            card = error_card(
                say(
                    "The bot is now in more than one server, so the desk is off: its commands and "
                    "buttons don't work. To keep the desk in this server, the bot's operator needs to "
                    "set `DESK_GUILD_ID={server}` and restart it.",
                    server=channel.guild.id,
                )
            )
        try:
            await channel.send(view=card)
        except REQUEST_ERRORS as exc:
            log.warning("Could not tell the desk's channel that the desk is off: %s", summarize_error(exc))
            return False
        return True


def _build_broken_feed_text(feed: Feed) -> str:
    # Translators: in the desk's channel; the reason is a sentence
    return say(
        "The feed **{feed}** has stopped working: {reason} It will be retried less and less often; see `/feeds list`.",
        feed=escape_line(feed.label, 200),
        reason=escape_line(localize(feed.reason), 400),
    )


def _build_plain_feed_text(feed: Feed) -> str:
    # Translators: in the desk's channel
    return say("Feed {number} has stopped working; see `/feeds list`.", number=format_number(feed.id))
