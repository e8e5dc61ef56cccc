"""What readers say is wrong with a post: the button of the post, and the desk's queue of it."""

from __future__ import annotations

import discord

from bot.cards import ids
from bot.cards.queue import empty_queue_card, settled_note_card, waiting_note_card
from bot.client import Dealwire, Interaction
from bot.languages import noted, say, say_as
from bot.newsroom.notes import NOTE_LIMIT
from cogs.clicks import Click, beside
from cogs.editors import actor, check_editor
from cogs.form import Form, Typed

THANKS = noted("Thank you: the desk will look at it. If it was wrong, the post itself will be corrected.")


async def queue_card(interaction: Interaction, at: int) -> discord.ui.LayoutView:
    """The note at that place of the queue, the oldest first."""
    waiting = await interaction.client.services.notes.waiting(at)
    return waiting_note_card(waiting.note, waiting.at, waiting.count) if waiting else empty_queue_card()


class Wrong(Click, template=ids.WRONG):
    """The button of a post."""

    async def answer(self, interaction: Interaction) -> None:
        """Open the form, once a person and post."""
        interaction.client.cooldowns.reports.check(interaction.user.id)
        await interaction.client.services.notes.check_new(self.said["key"], interaction.user.id)
        await interaction.response.send_modal(WrongForm(self.said["key"]))


class WrongForm(Form):
    """A reader's word to the desk."""

    def __init__(self, key: str, typed: Typed | None = None) -> None:
        super().__init__(say_as("form", "Something wrong?"), typed or Typed())
        self._key = key
        self.ask(
            "note",
            say_as("form", "What is wrong?"),
            NOTE_LIMIT,
            hint=say_as("form hint", "The desk reads it with your name; nobody else does"),
            long=True,
        )

    def again(self, typed: Typed) -> Form:
        """The same form, filled in."""
        return WrongForm(self._key, typed)

    async def check(self, interaction: Interaction) -> None:
        """Whoever reads the post may say it."""

    async def carry_out(self, interaction: Interaction) -> str:
        """Put it into the queue."""
        interaction.client.cooldowns.reports.take(interaction.user.id)
        await interaction.client.services.notes.say(self._key, interaction.user.id, self.typed.get("note"))
        return say(THANKS)


class QueuePage(Click, template=ids.NOTES):
    """Another note of the queue."""

    async def answer(self, interaction: Interaction) -> None:
        """Show it to an editor."""
        await check_editor(interaction)
        await beside(interaction, await queue_card(interaction, int(self.said["at"])))


class Settle(Click, template=ids.NOTE):
    """The buttons under a note."""

    async def answer(self, interaction: Interaction) -> None:
        """Settle the note, or put it back."""
        await check_editor(interaction)
        notes, number = interaction.client.services.notes, int(self.said["number"])
        if self.said["act"] == "settle":
            settled = await notes.settle(number, actor=actor(interaction))
            await beside(interaction, settled_note_card(settled, await notes.count_waiting()))
        else:
            await notes.reopen(number, actor=actor(interaction))
            await beside(interaction, await queue_card(interaction, 0))


async def setup(bot: Dealwire) -> None:
    """Add the buttons."""
    bot.add_dynamic_items(Wrong, QueuePage, Settle)
