"""Messages to a destination that are in no outbox: the notice that a feed was given up, and test posts, which ping nobody."""

from __future__ import annotations

import contextlib
import logging

import discord

from bot.cards.follow_settings import target_label
from bot.cards.markdown import reason_text
from bot.cards.post import Sample, sample_card
from bot.cards.simple_cards import error_card
from bot.delivery.port import DestinationBlocked, DestinationGone, Undeliverable
from bot.languages import lazy, say, use_language
from bot.model.follow import DestinationKind, Follow
from bot.model.post import FeedNotice
from bot.platforms.discord.channel_resolver import resolve_channel, run_unarchived
from bot.platforms.discord.client import Dealwire
from bot.platforms.discord.error_mapping import REQUEST_ERRORS, to_delivery_error
from bot.platforms.discord.forums import NOT_A_FORUM_REASON, find_stage_tags

log = logging.getLogger(__name__)
_THREAD_NAME = lazy("Test post")


class FeedNotifier:
    """Tells destinations about the feeds that they follow."""

    def __init__(self, client: Dealwire) -> None:
        self._client = client

    async def report_given_up(self, follow: Follow) -> None:
        """Say in a destination that nothing comes from a feed any more. Where no message can be sent, ``following`` says it.

        Sent again, it has the same nonce.
        """
        log.info("Gave up on a feed that destination %d follows.", follow.destination.discord_id)
        if follow.destination.kind is DestinationKind.FORUM:
            return
        with use_language(await self._client.language_resolver.for_destination(follow.destination)):
            card = error_card(
                say(
                    "Nothing more is coming from {feed}: {reason}. Follow its address again once it is back.",
                    feed=target_label(follow.target),
                    reason=reason_text(follow.reason, 200),
                )
            )
        with contextlib.suppress(DestinationBlocked, DestinationGone, Undeliverable):
            await self._send(follow, card)

    async def _send(self, follow: Follow, card: discord.ui.LayoutView) -> None:
        try:
            channel = await resolve_channel(self._client, follow.destination)
            await run_unarchived(
                self._client,
                follow.destination.discord_id,
                lambda: channel.send(view=card, nonce=f"dw-gone-{follow.id}", silent=True),
            )
        except REQUEST_ERRORS as exc:
            raise to_delivery_error(exc) from exc


async def send_sample_post(client: discord.Client, follow: Follow, sample: Sample, language: str) -> str:
    """Send a test post in the destination's ``language``, and return a link to it.

    Raises DeliveryError; its reason says what to change.
    """
    with use_language(language):
        return await _send_sample(client, follow, sample)


async def _send_sample(client: discord.Client, follow: Follow, sample: Sample) -> str:
    try:
        if follow.destination.kind is DestinationKind.FORUM:
            return await _send_sample_in_forum(client, follow, sample)
        channel = await resolve_channel(client, follow.destination)
        card = sample_card(sample, [], follow.settings.mode, _get_mentioned_companies(follow, sample))
        silent = follow.settings.silent
        message = await run_unarchived(
            client, follow.destination.discord_id, lambda: channel.send(view=card, silent=silent)
        )
    except REQUEST_ERRORS as exc:
        raise to_delivery_error(exc) from exc
    return message.jump_url


async def _send_sample_in_forum(client: discord.Client, follow: Follow, sample: Sample) -> str:
    forum = client.get_channel(follow.destination.discord_id)
    if not isinstance(forum, discord.ForumChannel):
        raise DestinationGone(NOT_A_FORUM_REASON)
    result = await forum.create_thread(
        name=say(_THREAD_NAME),
        view=sample_card(sample, [], mentioned_companies=_get_mentioned_companies(follow, sample)),
        applied_tags=find_stage_tags(forum, None if isinstance(sample, FeedNotice) else sample),
        silent=follow.settings.silent,
    )
    return result.message.jump_url


def _get_mentioned_companies(follow: Follow, sample: Sample) -> tuple[str, ...]:
    return () if isinstance(sample, FeedNotice) else follow.target.get_mentioned_companies(sample)
