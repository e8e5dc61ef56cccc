"""One notice to a destination when a feed that it follows was given up."""

from __future__ import annotations

import contextlib
import logging

import discord

from bot.cards.follow_settings import target_label
from bot.cards.markdown import reason_text
from bot.cards.simple_cards import error_card
from bot.delivery.port import DestinationBlocked, DestinationGone, Undeliverable
from bot.languages import say, use_language
from bot.model.follow import DestinationKind, Follow
from bot.platforms.discord.channel_resolver import resolve_channel, run_unarchived
from bot.platforms.discord.client import Dealwire
from bot.platforms.discord.error_mapping import REQUEST_ERRORS, to_delivery_error

log = logging.getLogger(__name__)


class FeedNotifier:
    """Tells destinations about the feeds that they follow."""

    def __init__(self, client: Dealwire) -> None:
        self._client = client

    async def report_given_up(self, follow: Follow) -> None:
        """Say in a destination that nothing comes from a feed any more. Where no message can be sent, ``following`` says it.

        Sent again, it has the same nonce.
        """
        log.info("A feed that destination %d follows is given up.", follow.destination.discord_id)
        if follow.destination.kind is DestinationKind.FORUM:
            return
        with use_language(await self._client.language_resolver.for_destination(follow.destination)):
            card = error_card(
                say(
                    "Nothing comes from {feed} any more: {reason}. Follow its address again once it is back.",
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
