"""Test posts: how posts of a follow look, sent to its destination.

A test post is in no outbox, and pings nobody.
"""

from __future__ import annotations

import discord

from bot.cards.post import Sample, sample_card
from bot.delivery.port import DestinationGone
from bot.languages import lazy, say, use_language
from bot.model.follow import DestinationKind, Follow
from bot.model.post import FeedNotice
from bot.platforms.discord.channel_resolver import resolve_channel, run_unarchived
from bot.platforms.discord.error_mapping import REQUEST_ERRORS, to_delivery_error
from bot.platforms.discord.forums import NOT_A_FORUM_REASON, find_stage_tags

THREAD_NAME = lazy("A test post")


async def send_sample_post(client: discord.Client, follow: Follow, sample: Sample, language: str) -> str:
    """Send a test post in the destination's ``language``, and return a link to it.

    Raises DeliveryError; its reason says what to change.
    """
    with use_language(language):
        return await _send(client, follow, sample)


async def _send(client: discord.Client, follow: Follow, sample: Sample) -> str:
    try:
        if follow.destination.kind is DestinationKind.FORUM:
            return await _send_in_forum(client, follow, sample)
        channel = await resolve_channel(client, follow.destination)
        card = sample_card(sample, [], follow.settings.mode, _get_mentioned_companies(follow, sample))
        silent = follow.settings.silent
        message = await run_unarchived(
            client, follow.destination.discord_id, lambda: channel.send(view=card, silent=silent)
        )
    except REQUEST_ERRORS as exc:
        raise to_delivery_error(exc) from exc
    return message.jump_url


async def _send_in_forum(client: discord.Client, follow: Follow, sample: Sample) -> str:
    forum = client.get_channel(follow.destination.discord_id)
    if not isinstance(forum, discord.ForumChannel):
        raise DestinationGone(NOT_A_FORUM_REASON)
    result = await forum.create_thread(
        name=say(THREAD_NAME),
        view=sample_card(sample, [], mentioned_companies=_get_mentioned_companies(follow, sample)),
        applied_tags=find_stage_tags(forum, None if isinstance(sample, FeedNotice) else sample),
        silent=follow.settings.silent,
    )
    return result.message.jump_url


def _get_mentioned_companies(follow: Follow, sample: Sample) -> tuple[str, ...]:
    return () if isinstance(sample, FeedNotice) else follow.target.get_mentioned_companies(sample)
