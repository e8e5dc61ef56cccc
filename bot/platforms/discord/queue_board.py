"""The review queue in the desk's channel: each message is sent, and edited when somebody has decided.

Messages are in the language of the desk's server, whoever decides.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import discord

from bot.cards import custom_ids as ids
from bot.cards.labels import line_choice
from bot.cards.review import current_review_card
from bot.cards.set_aside import plain_review_card, set_aside_article_card
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
from bot.loops import ErrorLog
from bot.model.failure import Failure
from bot.model.review import Review
from bot.platforms.discord.desk_channel import AnyDeskChannel, DeskChannel
from bot.platforms.discord.error_mapping import (
    MESSAGE_GONE,
    REQUEST_ERRORS,
    get_error_code,
    summarize_error,
    to_delivery_error,
)
from bot.platforms.discord.history_search import SnowflakeTracker, has_custom_id, search_history
from bot.services import Services

log = logging.getLogger(__name__)

#: When to retry a message that Discord refused without a reason, and one that it refused even without the article's words.
RETRY_DELAY = timedelta(minutes=1)
LONG_RETRY_DELAY = timedelta(hours=1)
_RECENT_STORIES = 25


class _ChannelUnusable(Exception):
    """The channel takes no messages now."""


class QueueBoard:
    """Shows the queue in the desk's channel. Only one caller at a time may use it."""

    def __init__(self, client: discord.Client, services: Services) -> None:
        self._client = client
        self._services = services
        self._messages = services.queue_messages
        self._desk_channel = DeskChannel(client, services)
        self._snowflakes = SnowflakeTracker(client)
        self._errors = ErrorLog(log, "Showing an article in the desk's channel")
        #: When to retry what could not be shown. The key of a review is its id, that of a failure is -1 times its id.
        self._retry_times: dict[int, datetime] = {}
        #: How many messages had been written at each refusal that may concern the message or the channel.
        self._counts_at_doubt: dict[int, int] = {}
        self._doubtful_keys: set[int] = set()
        self._write_count = 0

    async def refresh(self) -> int:
        """Send what is new, and edit what has changed; return how many messages. Do nothing without a channel.

        A message that Discord refuses is retried later, and in the end shown without the article's words. It does not keep
        others from being written.
        """
        channel = await self._desk_channel.find()
        if channel is None:
            return 0
        now = self._services.clock()
        self._retry_times = {
            key: retry_at for key, retry_at in self._retry_times.items() if now < retry_at <= now + LONG_RETRY_DELAY
        }
        reviews, failures = await self._messages.find_due(
            excluded_reviews=[key for key in self._retry_times if key > 0],
            excluded_failures=[-key for key in self._retry_times if key < 0],
        )
        count = 0
        try:
            async with self._desk_channel.use_language(channel):
                for review in reviews:
                    count += await self._attempt(review, partial(self._show_review, channel, review))
                for failure in failures:
                    count += await self._attempt(-failure.id, partial(self._show_failure, channel, failure))
        except _ChannelUnusable as exc:
            self._desk_channel.complain(f"The desk's channel takes no messages: {exc}")
            return 0
        if count:
            self._desk_channel.clear_complaint()
        return count

    async def _attempt(self, key: int, show: Callable[[], Awaitable[None]]) -> bool:
        """Write one message; return False if it fails for a reason of its own. Raises _ChannelUnusable if none can be written."""
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
        """Find out whether a refusal concerns the message or the channel. Count one of the message as a failed attempt.

        Discord may refuse some words with an answer that says nothing. Such an answer concerns the message if others have been
        written since it was last given.
        """
        if isinstance(error, DestinationBlocked | DestinationGone) or (
            isinstance(error, TryAgain) and not isinstance(error, UnexplainedRefusal)
        ):
            raise _ChannelUnusable(summary)
        if isinstance(error, Undeliverable) or self._counts_at_doubt.get(key, self._write_count) < self._write_count:
            log.warning("Discord refused a message in the desk's channel: %s", summary)
            await self._record_failure(key, error.reason)
            return
        self._counts_at_doubt[key] = self._write_count
        self._delay(key, RETRY_DELAY)
        self._doubtful_keys.add(key)
        if len(self._doubtful_keys) > 1:
            raise _ChannelUnusable(summary)

    async def _record_failure(self, key: int, reason: str) -> None:
        if key < 0 or not await self._messages.record_failed_attempt(key, reason):
            self._delay(key, LONG_RETRY_DELAY)

    def _delay(self, key: int, duration: timedelta) -> None:
        self._retry_times[key] = self._services.clock() + duration

    async def _show_review(self, channel: AnyDeskChannel, review_id: int) -> None:
        review, failure = await self._messages.get_review(review_id)
        if review is None:
            return
        if review.message_id:
            await self._edit(review, failure)
        else:
            await self._send(channel, review, failure)
        if failure is not None and failure.set_aside_at is None:
            await self._messages.clear_attempts(review_id)

    async def _show_failure(self, channel: AnyDeskChannel, failure: Failure) -> None:
        try:
            message = await channel.send(view=set_aside_article_card(failure))
        except REQUEST_ERRORS as exc:
            if not isinstance(to_delivery_error(exc), Undeliverable):
                raise
            message = await channel.send(view=set_aside_article_card(failure, is_plain=True))
        await self._messages.mark_failure_shown(failure, channel.id, message.id)

    async def _send(self, channel: AnyDeskChannel, review: Review, failure: Failure | None) -> None:
        message = await self._find_message(channel, review) if review.in_doubt else None
        if message is None:
            await self._messages.begin_showing(review, self._snowflakes.get_newest(channel.id))
            card = await self._build_card(review, failure)
            message = await channel.send(view=card, nonce=f"dw-review-{review.id}")
            self._snowflakes.record(message.id)
        await self._messages.mark_review_shown(review, channel.id, message.id)

    async def _find_message(self, channel: AnyDeskChannel, review: Review) -> discord.Message | None:
        """Return the message that an earlier attempt may have sent."""
        custom_ids = {ids.REVIEW.build(action=action, review_id=review.id) for action in ("publish", "undo", "show")}
        try:
            return await search_history(
                self._client, channel, review.search_after, lambda message: has_custom_id(message, custom_ids)
            )
        except CannotSearch as exc:
            log.warning(
                "The card of review %d is sent to the desk's channel again and may appear twice: %s.",
                review.id,
                exc.reason,
            )
            return None

    async def _edit(self, review: Review, failure: Failure | None) -> None:
        if review.channel_id is None or review.message_id is None:
            return
        channel: Any = self._client.get_partial_messageable(review.channel_id)
        channel_id, message_id = review.channel_id, review.message_id
        try:
            await channel.get_partial_message(message_id).edit(view=await self._build_card(review, failure))
        except discord.HTTPException as exc:
            # The message, or a former channel of the desk, is gone or may not be used any more.
            if get_error_code(exc) != MESSAGE_GONE and not isinstance(
                to_delivery_error(exc), DestinationBlocked | DestinationGone
            ):
                raise
            await self._messages.mark_review_shown(review, None, None)
        else:
            await self._messages.mark_review_shown(review, channel_id, message_id)

    async def _build_card(self, review: Review, failure: Failure | None) -> discord.ui.LayoutView:
        if failure is not None and failure.set_aside_at is not None:
            return plain_review_card(review, failure.reason, failure)
        services = self._services
        recent_stories = await services.library.complete_story("", deals_only=False, limit=_RECENT_STORIES)
        return current_review_card(
            review, await services.review_queue.get_stories(review), map(line_choice, recent_stories)
        )
