"""What the newsroom has set aside, as editors see it: in the desk's channel, and one by one in ``desk queue``."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import discord

from bot.cards import ids
from bot.cards.aside import all_tried_again_card, dropped_card, set_aside_card, tried_again_card
from bot.client import Dealwire, Interaction
from bot.errors import Refused
from bot.languages import say, speaking
from bot.model.failure import Failure
from bot.newsroom.set_aside import SetAside
from bot.publisher.refusals import code_of
from cogs.clicks import Click, beside
from cogs.editors import actor, check_editor

DecidedCard = Callable[[Failure, str, int | None], discord.ui.LayoutView]


async def show_aside(interaction: Interaction, aside: SetAside) -> None:
    """Show one of the failures, with the way to the next; if Discord refuses its card, without the article's words."""
    place = (aside.at, aside.count)
    try:
        await beside(interaction, set_aside_card(aside.failure, place))
    except discord.HTTPException as exc:
        if not code_of(exc) or interaction.response.is_done():
            raise
        await beside(interaction, set_aside_card(aside.failure, place, plain=True))


class Decide(Click, template=ids.ASIDE):
    """A button under what is set aside."""

    async def answer(self, interaction: Interaction) -> None:
        """Turn the page, or try it again, or drop it, for an editor."""
        await check_editor(interaction)
        work, by, number = interaction.client.services.failed_work, actor(interaction), int(self.said["number"])
        match self.said["act"]:
            case "retry":
                await _show_decision(interaction, await work.retry(number, actor=by), tried_again_card)
            case "drop":
                await _show_decision(interaction, await work.drop(number, actor=by), dropped_card)
            case "all":
                await _show_all(interaction, await work.retry_all(actor=by))
            case _:
                await _show_page(interaction, number)


async def _show_page(interaction: Interaction, at: int) -> None:
    aside = await interaction.client.services.failed_work.waiting(at)
    if aside is None:
        raise Refused(say("Nothing is set aside any more."))
    await show_aside(interaction, aside)


async def _show_decision(interaction: Interaction, failure: Failure, decided: DecidedCard) -> None:
    """Show a decision in place of the card that was clicked, and in the desk's channel if it was another one."""
    message, editor = interaction.message, interaction.user.mention
    if message and message.id == failure.message_id:
        with speaking(await _language(interaction)):
            await interaction.response.edit_message(view=decided(failure, editor, None))
        return
    left = await interaction.client.services.failed_work.count()
    await beside(interaction, decided(failure, editor, left))
    await _update_channel(interaction, failure, decided)


async def _show_all(interaction: Interaction, failures: tuple[Failure, ...]) -> None:
    await beside(interaction, all_tried_again_card(len(failures)))
    for failure in failures:
        await _update_channel(interaction, failure, tried_again_card)


async def _update_channel(interaction: Interaction, failure: Failure, decided: DecidedCard) -> None:
    """Bring the message in the desk's channel up to date. If that fails, its buttons say that somebody has decided."""
    if not failure.message_id:
        return
    with speaking(await _language(interaction)), contextlib.suppress(discord.HTTPException):
        channel = interaction.client.get_partial_messageable(failure.channel_id)
        card = decided(failure, interaction.user.mention, None)
        await channel.get_partial_message(failure.message_id).edit(view=card)


async def _language(interaction: Interaction) -> str:
    return await interaction.client.audience.on_server(interaction.guild_id or 0)


async def setup(bot: Dealwire) -> None:
    """Add the buttons."""
    bot.add_dynamic_items(Decide)
