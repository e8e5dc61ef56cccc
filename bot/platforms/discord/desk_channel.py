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

from bot.cards import custom_ids as ids
from bot.cards.escaping import escape_line
from bot.cards.labels import line_choice
from bot.cards.review import current_review_card
from bot.cards.set_aside_articles import plain_review_card, set_aside_article_card
from bot.cards.set_aside_posts import delivery_problem_card
from bot.cards.simple_cards import error_card
from bot.delivery.incidents import IncidentReport
from bot.delivery.port import (
    CannotSearch,
    DeliveryError,
    DestinationBlocked,
    DestinationGone,
    TryAgain,
    Undeliverable,
    UnexplainedRefusal,
)
from bot.errors import StoreError, describe_error
from bot.languages import format_number, localize, say, use_language
from bot.loops import ErrorLog
from bot.model.failure import Failure
from bot.model.feed import Feed
from bot.model.review import Review
from bot.platforms.discord.error_mapping import (
    MESSAGE_GONE,
    REQUEST_ERRORS,
    get_error_code,
    summarize_error,
    to_delivery_error,
)
from bot.platforms.discord.history_search import SnowflakeTracker, search_history
from bot.platforms.discord.locales import LanguageResolver
from bot.platforms.discord.message_keys import has_custom_id
from bot.services import Services
from bot.store.failures import WorkKind

log = logging.getLogger(__name__)

#: So many that wait stand in the channel at once; the others come when some of these are decided, so that it is no flood.
MAX_OPEN_REVIEWS = 20
#: So many messages are written or edited in one go.
BATCH_SIZE = 5
#: So many articles that are set aside stand in the channel at once.
MAX_SET_ASIDE = 5
#: How long a message rests that Discord has not taken, without saying why; and one that it has not taken without the
#: article's words either.
RETRY_DELAY = timedelta(minutes=1)
LONG_RETRY_DELAY = timedelta(hours=1)
_RECENT_STORIES = 25


_Channel = discord.TextChannel | discord.Thread


class _ChannelUnusable(Exception):
    """The channel takes no message now."""


class DeskChannel:
    """Writes into the channel that ``DESK_CHANNEL_ID`` names. One at a time calls it."""

    def __init__(self, client: discord.Client, services: Services) -> None:
        self._client = client
        self._services = services
        self._languages = LanguageResolver(client, services.delivery_settings.get_language)
        self._last_complaint = ""
        self._snowflakes = SnowflakeTracker(client)
        self._errors = ErrorLog(log, "Showing an article in the desk's channel")
        #: Until when what could not be shown is left alone. Reviews are known by their numbers, failures by -1 times theirs.
        self._retry_times: dict[int, datetime] = {}
        #: How many messages were written before each fault that may be the message's or the channel's.
        self._counts_at_doubt: dict[int, int] = {}
        self._doubtful_keys: set[int] = set()
        self._write_count = 0

    async def refresh(self) -> int:
        """Write what is new, and edit what has changed; how many messages that were. Nothing without a channel.

        A message that Discord refuses is tried again later and in the end shown without the article's words. It keeps no
        other message from being written.
        """
        channel = self._find_channel()
        if channel is None:
            return 0
        reviews, failures = await self._find_due()
        count = 0
        try:
            with use_language(await self._languages.for_guild(channel.guild.id)):
                for review in reviews:
                    count += await self._attempt(review, partial(self._show_review, channel, review))
                for failure in failures:
                    count += await self._attempt(-failure.id, partial(self._show_failure, channel, failure))
        except _ChannelUnusable as exc:
            self._log_complaint(f"The desk's channel takes no messages: {exc}")
            return 0
        if count:
            self._last_complaint = ""
        return count

    async def _find_due(self) -> tuple[list[int], tuple[Failure, ...]]:
        """The numbers of the reviews that are to be shown, and the articles that are set aside."""
        now = self._services.clock()
        self._retry_times = {
            key: retry_at for key, retry_at in self._retry_times.items() if now < retry_at <= now + LONG_RETRY_DELAY
        }
        async with self._services.store.read() as tx:
            limit = max(0, MAX_OPEN_REVIEWS - await tx.reviews.count_shown())
            new_reviews = await tx.reviews.list_to_show(min(limit, BATCH_SIZE), now, self._retry_times)
            resolved_reviews = await tx.reviews.list_to_announce(BATCH_SIZE, now, self._retry_times)
            changed_reviews = await tx.reviews.list_to_update(BATCH_SIZE, now, self._retry_times)
            limit = max(0, MAX_SET_ASIDE - await tx.failures.count_shown())
            failures = await tx.failures.list_unshown(limit, [-key for key in self._retry_times])
        return [*new_reviews, *resolved_reviews, *changed_reviews], failures

    async def _attempt(self, key: int, show: Callable[[], Awaitable[None]]) -> bool:
        """Write one message; False if that failed, for a reason of its own. Raises _Unusable if no message can be written."""
        try:
            await show()
        except StoreError:
            raise
        except REQUEST_ERRORS as exc:
            await self._handle_refusal(key, to_delivery_error(exc), summarize_error(exc))
        except Exception as exc:  # noqa: BLE001 - one message must not stop the next
            self._errors.record_failure(exc)
            await self._record_failure(key, describe_error(exc))
        else:
            self._write_count += 1
            self._doubtful_keys.clear()
            self._errors.record_success()
            return True
        return False

    async def _handle_refusal(self, key: int, error: DeliveryError, summary: str) -> None:
        """Find out whether a refusal concerns the message or the channel; the message's count as failed attempts.

        Discord may refuse some words with an answer that says nothing. Such an answer is the message's own if others
        arrived since it was last given.
        """
        if isinstance(error, DestinationBlocked | DestinationGone) or (
            isinstance(error, TryAgain) and not isinstance(error, UnexplainedRefusal)
        ):
            raise _ChannelUnusable(summary)
        if isinstance(error, Undeliverable) or self._counts_at_doubt.get(key, self._write_count) < self._write_count:
            log.warning("A message in the desk's channel is refused: %s", summary)
            await self._record_failure(key, error.reason)
            return
        self._counts_at_doubt[key] = self._write_count
        self._delay(key, RETRY_DELAY)
        self._doubtful_keys.add(key)
        if len(self._doubtful_keys) > 1:
            raise _ChannelUnusable(summary)

    async def _record_failure(self, key: int, reason: str) -> None:
        now = self._services.clock()
        if key < 0:
            self._delay(key, LONG_RETRY_DELAY)
            return
        async with self._services.store.write() as tx:
            failure = await tx.failures.find_for_review(key)
            if failure is None or failure.set_aside_at is None:
                await tx.failures.begin_attempt(WorkKind.REVIEW, [key], now)
                await tx.failures.record_failure(WorkKind.REVIEW, key, reason, now)
                return
        self._delay(key, LONG_RETRY_DELAY)

    def _delay(self, key: int, duration: timedelta) -> None:
        self._retry_times[key] = self._services.clock() + duration

    async def report_broken_feed(self, feed: Feed) -> None:
        """Name a feed that is broken or gone, with the reason. Without a channel the log has it, and ``feeds list``."""
        log.warning("Feed %d (%s) is broken: %s", feed.id, feed.url, feed.reason)
        channel = self._find_channel()
        if channel is not None:
            with use_language(await self._languages.for_guild(channel.guild.id)):
                await self._send_text(channel, _build_broken_feed_text(feed), _build_plain_feed_text(feed))

    async def _send_text(self, channel: _Channel, text: str, plain_text: str) -> None:
        """Send a text that has words of others, or, if Discord refuses these, one that has none."""
        try:
            await channel.send(view=error_card(text))
        except REQUEST_ERRORS as exc:
            if not isinstance(to_delivery_error(exc), Undeliverable):
                raise
            await channel.send(view=error_card(plain_text))

    async def report_incident(self, report: IncidentReport) -> bool:
        """Tell what concerns many posts; whether that is done. Without a channel the log has it, and ``/status``."""
        channel = self._find_channel()
        if channel is None:
            return not self._services.settings.desk_channel_id
        with use_language(await self._languages.for_guild(channel.guild.id)):
            card = delivery_problem_card(say(report.message, reason=escape_line(localize(report.reason), 300)))
        try:
            await channel.send(view=card)
        except REQUEST_ERRORS as exc:
            self._log_complaint(f"The desk's channel takes no messages: {summarize_error(exc)}")
            return False
        return True

    async def report_further_server(self) -> bool:
        """Say that the bot has come to a further server, which turns the desk off; whether it could be said."""
        channel = self._find_channel()
        if channel is None:
            return False
        with use_language(await self._languages.for_guild(channel.guild.id)):
            card = error_card(
                say(
                    "The bot is in more than one server now, so the desk is off: its commands and buttons do not work. "
                    "To keep the desk in this server, whoever runs the bot needs to set "
                    "`DESK_GUILD_ID={server}` and restart it.",
                    server=channel.guild.id,
                )
            )
        try:
            await channel.send(view=card)
        except REQUEST_ERRORS as exc:
            log.warning("The desk's channel could not be told that the desk is off: %s", summarize_error(exc))
            return False
        return True

    def _find_channel(self) -> _Channel | None:
        channel_id = self._services.settings.desk_channel_id
        if not channel_id:
            return None
        channel = self._client.get_channel(channel_id)
        if isinstance(channel, discord.TextChannel | discord.Thread):
            return channel
        self._log_complaint(
            "DESK_CHANNEL_ID names no text channel that the bot can see; articles wait in `/desk queue`."
        )
        return None

    def _log_complaint(self, message: str) -> None:
        """Once, not every few seconds."""
        if message != self._last_complaint:
            log.warning("%s", message)
            self._last_complaint = message

    async def _show_review(self, channel: _Channel, review_id: int) -> None:
        async with self._services.store.read() as tx:
            review, failure = await tx.reviews.find(review_id), await tx.failures.find_for_review(review_id)
        if review is None:
            return
        if review.message_id:
            await self._edit(review, failure)
        else:
            await self._send(channel, review, failure)
        if failure is not None and failure.set_aside_at is None:
            async with self._services.store.write() as tx:
                await tx.failures.clear(WorkKind.REVIEW, [review_id])

    async def _show_failure(self, channel: _Channel, failure: Failure) -> None:
        try:
            message = await channel.send(view=set_aside_article_card(failure))
        except REQUEST_ERRORS as exc:
            if not isinstance(to_delivery_error(exc), Undeliverable):
                raise
            message = await channel.send(view=set_aside_article_card(failure, is_plain=True))
        async with self._services.store.write() as tx:
            await tx.failures.mark_shown(failure.id, channel.id, message.id)

    async def _send(self, channel: _Channel, review: Review, failure: Failure | None) -> None:
        message = await self._find_message(channel, review) if review.in_doubt else None
        if message is None:
            async with self._services.store.write() as tx:
                await tx.reviews.begin_showing(review.id, self._snowflakes.get_newest(channel.id))
            card = await self._build_card(review, failure)
            message = await channel.send(view=card, nonce=f"dw-review-{review.id}")
            self._snowflakes.record(message.id)
        async with self._services.store.write() as tx:
            await tx.reviews.mark_shown(review, channel.id, message.id)

    async def _find_message(self, channel: _Channel, review: Review) -> discord.Message | None:
        """The message that an earlier try may have written."""
        custom_ids = {ids.REVIEW.build(action=action, review_id=review.id) for action in ("publish", "undo", "show")}
        try:
            return await search_history(
                self._client, channel, review.search_after, lambda message: has_custom_id(message, custom_ids)
            )
        except CannotSearch as exc:
            log.warning("Review %d is shown again in the desk's channel, perhaps twice: %s.", review.id, exc.reason)
            return None

    async def _edit(self, review: Review, failure: Failure | None) -> None:
        channel: Any = self._client.get_partial_messageable(review.channel_id)
        message_id = review.message_id
        try:
            await channel.get_partial_message(message_id).edit(view=await self._build_card(review, failure))
        except discord.HTTPException as exc:
            # The message, or a channel that the desk had before, is gone, or may not be used any more.
            if get_error_code(exc) != MESSAGE_GONE and not isinstance(
                to_delivery_error(exc), DestinationBlocked | DestinationGone
            ):
                raise
            message_id = 0
        async with self._services.store.write() as tx:
            await tx.reviews.mark_shown(review, review.channel_id if message_id else 0, message_id)

    async def _build_card(self, review: Review, failure: Failure | None) -> discord.ui.LayoutView:
        if failure is not None and failure.set_aside_at is not None:
            return plain_review_card(review, failure.reason, failure)
        services = self._services
        recent_stories = await services.library.complete_story("", deals_only=False, limit=_RECENT_STORIES)
        return current_review_card(
            review, await services.review_queue.get_stories(review), map(line_choice, recent_stories)
        )


def _build_broken_feed_text(feed: Feed) -> str:
    # Said: in the desk's channel; the reason is a sentence
    return say(
        "The feed **{feed}** no longer brings anything: {reason} "
        "It is tried less and less often; `/feeds list` shows how it fares.",
        feed=escape_line(feed.label, 200),
        reason=escape_line(localize(feed.reason), 400),
    )


def _build_plain_feed_text(feed: Feed) -> str:
    # Said: in the desk's channel
    return say("Feed {number} no longer brings anything; `/feeds list` shows why.", number=format_number(feed.id))
