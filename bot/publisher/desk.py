"""The desk's channel: what waits for a decision stands there, and is brought up to date when somebody has decided.

It is in the language of the desk's server, whoever decides.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import discord

from bot.audience import Audience
from bot.cards import ids
from bot.cards.aside import plain_review_card, set_aside_card
from bot.cards.aside_posts import trouble_card
from bot.cards.marks import choice
from bot.cards.notes import error_note
from bot.cards.review import shown_review
from bot.cards.safe import line
from bot.delivery.incidents import Report
from bot.delivery.port import Blocked, CannotLook, DeliveryError, Gone, TryAgain, Undeliverable, Unexplained
from bot.errors import StoreError, reason_of
from bot.languages import number, restated, say, speaking
from bot.loops import ErrorLog
from bot.model.failure import Failure
from bot.model.feed import Feed
from bot.model.review import Review
from bot.publisher.keys import shows
from bot.publisher.refusals import FAULTS, MESSAGE_GONE, code_of, delivery_error, in_short
from bot.publisher.searching import Ids, search
from bot.services import Services
from bot.store.failures import Work

log = logging.getLogger(__name__)

#: So many that wait stand in the channel at once; the others come when some of these are decided, so that it is no flood.
OPEN_AT_ONCE = 20
#: So many messages are written or edited in one go.
IN_ONE_GO = 5
#: So many articles that are set aside stand in the channel at once.
SET_ASIDE_AT_ONCE = 5
#: How long a message rests that Discord has not taken, without saying why; and one that it has not taken without the
#: article's words either.
REST = timedelta(minutes=1)
LONG_REST = timedelta(hours=1)
_NEWEST = 25


_Channel = discord.TextChannel | discord.Thread


class _Unusable(Exception):
    """The channel takes no message now."""


class DeskChannel:
    """Writes into the channel that ``DESK_CHANNEL_ID`` names. One at a time calls it."""

    def __init__(self, client: discord.Client, services: Services) -> None:
        self._client = client
        self._services = services
        self._audience = Audience(client, services.following.language)
        self._said = ""
        self._ids = Ids(client)
        self._errors = ErrorLog(log, "Showing an article in the desk's channel")
        #: Until when what could not be shown is left alone. Reviews are known by their numbers, failures by -1 times theirs.
        self._resting: dict[int, datetime] = {}
        #: How many messages were written before each fault that may be the message's or the channel's.
        self._doubts_of: dict[int, int] = {}
        self._doubts: set[int] = set()
        self._written = 0

    async def catch_up(self) -> int:
        """Write what is new, and edit what has changed; how many messages that were. Nothing without a channel.

        A message that Discord refuses is tried again later and in the end shown without the article's words. It keeps no
        other message from being written.
        """
        channel = self._channel()
        if channel is None:
            return 0
        reviews, failures = await self._due()
        written = 0
        try:
            with speaking(await self._audience.on_server(channel.guild.id)):
                for review in reviews:
                    written += await self._attempt(review, partial(self._show_review, channel, review))
                for failure in failures:
                    written += await self._attempt(-failure.number, partial(self._show_failure, channel, failure))
        except _Unusable as exc:
            self._complain(f"The desk's channel takes no messages: {exc}")
            return 0
        if written:
            self._said = ""
        return written

    async def _due(self) -> tuple[list[int], tuple[Failure, ...]]:
        """The numbers of the reviews that are to be shown, and the articles that are set aside."""
        now = self._services.clock()
        self._resting = {what: until for what, until in self._resting.items() if now < until <= now + LONG_REST}
        async with self._services.store.read() as session:
            room = max(0, OPEN_AT_ONCE - await session.reviews.count_shown())
            new = await session.reviews.to_show(min(room, IN_ONE_GO), now, self._resting)
            told = await session.reviews.to_tell(IN_ONE_GO, now, self._resting)
            changed = await session.reviews.to_update(IN_ONE_GO, now, self._resting)
            room = max(0, SET_ASIDE_AT_ONCE - await session.failures.count_shown())
            failures = await session.failures.to_show(room, [-what for what in self._resting])
        return [*new, *told, *changed], failures

    async def _attempt(self, what: int, show: Callable[[], Awaitable[None]]) -> bool:
        """Write one message; False if that failed, for a reason of its own. Raises _Unusable if no message can be written."""
        try:
            await show()
        except StoreError:
            raise
        except FAULTS as exc:
            await self._refused(what, delivery_error(exc), in_short(exc))
        except Exception as exc:  # noqa: BLE001 - one message must not stop the next
            self._errors.failed(exc)
            await self._failed(what, reason_of(exc))
        else:
            self._written += 1
            self._doubts.clear()
            self._errors.succeeded()
            return True
        return False

    async def _refused(self, what: int, error: DeliveryError, short: str) -> None:
        """Find out whether a refusal concerns the message or the channel; the message's count as failed attempts.

        Discord may refuse some words with an answer that says nothing. Such an answer is the message's own if others
        arrived since it was last given.
        """
        if isinstance(error, Blocked | Gone) or (isinstance(error, TryAgain) and not isinstance(error, Unexplained)):
            raise _Unusable(short)
        if isinstance(error, Undeliverable) or self._doubts_of.get(what, self._written) < self._written:
            log.warning("A message in the desk's channel is refused: %s", short)
            await self._failed(what, error.reason)
            return
        self._doubts_of[what] = self._written
        self._rest(what, REST)
        self._doubts.add(what)
        if len(self._doubts) > 1:
            raise _Unusable(short)

    async def _failed(self, what: int, reason: str) -> None:
        now = self._services.clock()
        if what < 0:
            self._rest(what, LONG_REST)
            return
        async with self._services.store.write() as session:
            failure = await session.failures.of_review(what)
            if failure is None or failure.set_aside_at is None:
                await session.failures.begin(Work.REVIEW, [what], now)
                await session.failures.end(Work.REVIEW, what, reason, now)
                return
        self._rest(what, LONG_REST)

    def _rest(self, what: int, span: timedelta) -> None:
        self._resting[what] = self._services.clock() + span

    async def tell_broken(self, feed: Feed) -> None:
        """Name a feed that is broken or gone, with the reason. Without a channel the log has it, and ``feeds list``."""
        log.warning("Feed %d (%s) is broken: %s", feed.number, feed.url, feed.reason)
        channel = self._channel()
        if channel is not None:
            with speaking(await self._audience.on_server(channel.guild.id)):
                await self._send_note(channel, _told_broken(feed), _told_broken_plainly(feed))

    async def _send_note(self, channel: _Channel, text: str, plain_text: str) -> None:
        """Send a text that has words of others, or, if Discord refuses these, one that has none."""
        try:
            await channel.send(view=error_note(text))
        except FAULTS as exc:
            if not isinstance(delivery_error(exc), Undeliverable):
                raise
            await channel.send(view=error_note(plain_text))

    async def tell_trouble(self, report: Report) -> bool:
        """Tell what concerns many posts; whether that is done. Without a channel the log has it, and ``/status``."""
        channel = self._channel()
        if channel is None:
            return not self._services.settings.desk_channel_id
        with speaking(await self._audience.on_server(channel.guild.id)):
            card = trouble_card(say(report.message, reason=line(restated(report.reason), 300)))
        try:
            await channel.send(view=card)
        except FAULTS as exc:
            self._complain(f"The desk's channel takes no messages: {in_short(exc)}")
            return False
        return True

    async def tell_crowded(self) -> bool:
        """Say that the bot has come to a further server, which turns the desk off; whether it could be said."""
        channel = self._channel()
        if channel is None:
            return False
        with speaking(await self._audience.on_server(channel.guild.id)):
            card = error_note(
                say(
                    "The bot is in more than one server now, so the desk is off: its commands and buttons do not work. "
                    "To keep the desk in this server, whoever runs the bot needs to set "
                    "`DESK_GUILD_ID={server}` and restart it.",
                    server=channel.guild.id,
                )
            )
        try:
            await channel.send(view=card)
        except FAULTS as exc:
            log.warning("The desk's channel could not be told that the desk is off: %s", in_short(exc))
            return False
        return True

    def _channel(self) -> _Channel | None:
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

    async def _show_review(self, channel: _Channel, number: int) -> None:
        async with self._services.store.read() as session:
            review, failure = await session.reviews.get(number), await session.failures.of_review(number)
        if review is None:
            return
        if review.message_id:
            await self._update(review, failure)
        else:
            await self._send(channel, review, failure)
        if failure is not None and failure.set_aside_at is None:
            async with self._services.store.write() as session:
                await session.failures.clear(Work.REVIEW, [number])

    async def _show_failure(self, channel: _Channel, failure: Failure) -> None:
        try:
            message = await channel.send(view=set_aside_card(failure))
        except FAULTS as exc:
            if not isinstance(delivery_error(exc), Undeliverable):
                raise
            message = await channel.send(view=set_aside_card(failure, plain=True))
        async with self._services.store.write() as session:
            await session.failures.mark_shown(failure.number, channel.id, message.id)

    async def _send(self, channel: _Channel, review: Review, failure: Failure | None) -> None:
        message = await self._stands(channel, review) if review.in_doubt else None
        if message is None:
            async with self._services.store.write() as session:
                await session.reviews.begin_showing(review.number, self._ids.newest(channel.id))
            card = await self._card(review, failure)
            message = await channel.send(view=card, nonce=f"dw-review-{review.number}")
            self._ids.note(message.id)
        async with self._services.store.write() as session:
            await session.reviews.mark_shown(review, channel.id, message.id)

    async def _stands(self, channel: _Channel, review: Review) -> discord.Message | None:
        """The message that an earlier try may have written."""
        wanted = {ids.review(act, review.number) for act in ("publish", "undo", "show")}
        try:
            return await search(self._client, channel, review.search_after, lambda message: shows(message, wanted))
        except CannotLook as exc:
            log.warning("Review %d is shown again in the desk's channel, perhaps twice: %s.", review.number, exc.reason)
            return None

    async def _update(self, review: Review, failure: Failure | None) -> None:
        channel: Any = self._client.get_partial_messageable(review.channel_id)
        message_id = review.message_id
        try:
            await channel.get_partial_message(message_id).edit(view=await self._card(review, failure))
        except discord.HTTPException as exc:
            # The message, or a channel that the desk had before, is gone, or may not be used any more.
            if code_of(exc) != MESSAGE_GONE and not isinstance(delivery_error(exc), Blocked | Gone):
                raise
            message_id = 0
        async with self._services.store.write() as session:
            await session.reviews.mark_shown(review, review.channel_id if message_id else 0, message_id)

    async def _card(self, review: Review, failure: Failure | None) -> discord.ui.LayoutView:
        if failure is not None and failure.set_aside_at is not None:
            return plain_review_card(review, failure.reason, failure)
        services = self._services
        newest = await services.library.complete_story("", deals_only=False, limit=_NEWEST)
        return shown_review(review, await services.reviews.stories(review), map(choice, newest))


def _told_broken(feed: Feed) -> str:
    # Said: in the desk's channel; the reason is a sentence
    return say(
        "The feed **{feed}** no longer brings anything: {reason} "
        "It is tried less and less often; `/feeds list` shows how it fares.",
        feed=line(feed.label, 200),
        reason=line(restated(feed.reason), 400),
    )


def _told_broken_plainly(feed: Feed) -> str:
    # Said: in the desk's channel
    return say("Feed {number} no longer brings anything; `/feeds list` shows why.", number=number(feed.number))
