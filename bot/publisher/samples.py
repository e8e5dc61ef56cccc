"""A test post: what a post of a follow looks like, sent to where its posts go, in the language that is spoken there.

It is owed to nobody, and pings nobody.
"""

from __future__ import annotations

import discord

from bot.cards.post import sample_card
from bot.delivery.port import Gone
from bot.languages import noted, say, speaking
from bot.model.follow import Follow, Place
from bot.model.story import Story
from bot.publisher.forums import NO_FORUM, stage_tags
from bot.publisher.reaching import opened, place_of
from bot.publisher.refusals import FAULTS, delivery_error

NAME = noted("A test post")


async def send_sample(client: discord.Client, follow: Follow, story: Story, language: str) -> str:
    """Send it, and give the link to it. ``language`` is the code of that of the destination, whoever asks for it.

    Raises DeliveryError, whose reason says what is to be mended.
    """
    with speaking(language):
        return await _sent(client, follow, story)


async def _sent(client: discord.Client, follow: Follow, story: Story) -> str:
    try:
        if follow.destination.place is Place.FORUM:
            return await _in_forum(client, follow, story)
        place = await place_of(client, follow.destination)
        card, silent = sample_card(story, [], follow.terms.mode), follow.terms.silent
        sent = await opened(client, follow.destination.discord_id, lambda: place.send(view=card, silent=silent))
    except FAULTS as exc:
        raise delivery_error(exc) from exc
    return sent.jump_url


async def _in_forum(client: discord.Client, follow: Follow, story: Story) -> str:
    forum = client.get_channel(follow.destination.discord_id)
    if not isinstance(forum, discord.ForumChannel):
        raise Gone(NO_FORUM)
    made = await forum.create_thread(
        name=say(NAME), view=sample_card(story, []), applied_tags=stage_tags(forum, story), silent=follow.terms.silent
    )
    return made.message.jump_url
