"""A test post: what a post of a follow looks like, sent to where its posts go. It is owed to nobody, and pings nobody."""

from __future__ import annotations

import discord

from bot.cards.post import sample_card
from bot.delivery.port import Gone
from bot.model.follow import Follow, Place
from bot.model.story import Story
from bot.publisher.forums import stage_tags
from bot.publisher.reaching import opened, place_of
from bot.publisher.refusals import FAULTS, told

NAME = "A test post"


async def send_sample(client: discord.Client, follow: Follow, story: Story) -> str:
    """Send it, and give the link to it. Raises DeliveryError, whose reason says what is to be mended."""
    try:
        if follow.destination.place is Place.FORUM:
            return await _in_forum(client, follow, story)
        place = await place_of(client, follow.destination)
        card, silent = sample_card(story, [], follow.terms.mode), follow.terms.silent
        sent = await opened(client, follow.destination.discord_id, lambda: place.send(view=card, silent=silent))
    except FAULTS as exc:
        raise told(exc) from exc
    return sent.jump_url


async def _in_forum(client: discord.Client, follow: Follow, story: Story) -> str:
    forum = client.get_channel(follow.destination.discord_id)
    if not isinstance(forum, discord.ForumChannel):
        raise Gone("the channel is no forum any more")
    made = await forum.create_thread(
        name=NAME, view=sample_card(story, []), applied_tags=stage_tags(forum, story), silent=follow.terms.silent
    )
    return made.message.jump_url
