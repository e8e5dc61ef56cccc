"""Readers' reports that a post is wrong: the button of the post, and the desk's queue of reports."""

from __future__ import annotations

import discord

from bot.cards import custom_ids
from bot.cards.reader_report import empty_queue_card, reader_report_card, resolved_report_card
from bot.languages import lazy, say, say_as
from bot.newsroom.reader_report_queue import REPORT_LIMIT
from bot.platforms.discord.client import Dealwire, Interaction
from cogs.editors import check_editor, get_actor
from cogs.modal import FormValues, RetryableModal
from cogs.persistent import PersistentItem, reply_privately

THANKS = lazy("Thank you: the desk will look at it. If it was wrong, the post itself will be corrected.")


async def build_report_card(interaction: Interaction, position: int) -> discord.ui.LayoutView:
    """Return the card of the report at this position of the queue, oldest first."""
    entry = await interaction.client.services.reader_reports.get_at(position)
    return reader_report_card(entry.item, entry.position, entry.count) if entry else empty_queue_card()


class ReportButton(PersistentItem, template=custom_ids.REPORT_PROBLEM.pattern):
    """The report button of a post."""

    async def handle(self, interaction: Interaction) -> None:
        """Open the form. Each user can report a post once."""
        interaction.client.cooldowns.reports.check(interaction.user.id)
        await interaction.client.services.reader_reports.check_not_reported(
            self.params["post_key"], interaction.user.id
        )
        await interaction.response.send_modal(ReportModal(self.params["post_key"]))


class ReportModal(RetryableModal):
    """A reader's report to the desk."""

    def __init__(self, key: str, values: FormValues | None = None) -> None:
        super().__init__(say_as("form", "Something wrong?"), values or FormValues())
        self._key = key
        self.add_field(
            "note",
            say_as("form", "What is wrong?"),
            REPORT_LIMIT,
            hint=say_as("form hint", "The desk reads it with your name; nobody else does"),
            multiline=True,
        )

    def rebuild(self, values: FormValues) -> RetryableModal:
        """Return the same form with these values."""
        return ReportModal(self._key, values)

    async def check(self, interaction: Interaction) -> None:
        """Let everybody send it: whoever reads the post may report it."""

    async def submit(self, interaction: Interaction) -> str:
        """Add the report to the queue."""
        interaction.client.cooldowns.reports.take(interaction.user.id)
        await interaction.client.services.reader_reports.submit(self._key, interaction.user.id, self.values.get("note"))
        return say(THANKS)


class ReportPageButton(PersistentItem, template=custom_ids.READER_REPORTS.pattern):
    """A page button of the queue of reports."""

    async def handle(self, interaction: Interaction) -> None:
        """Show the report to an editor."""
        await check_editor(interaction)
        await reply_privately(interaction, await build_report_card(interaction, int(self.params["index"])))


class ResolveReportButton(PersistentItem, template=custom_ids.READER_REPORT.pattern):
    """The buttons of a report: resolve and reopen."""

    async def handle(self, interaction: Interaction) -> None:
        """Resolve or reopen the report, for an editor."""
        await check_editor(interaction)
        reports, report_id = interaction.client.services.reader_reports, int(self.params["report_id"])
        if self.params["action"] == "settle":
            report = await reports.resolve(report_id, actor=get_actor(interaction))
            await reply_privately(interaction, resolved_report_card(report, await reports.count_waiting()))
        else:
            await reports.reopen(report_id, actor=get_actor(interaction))
            await reply_privately(interaction, await build_report_card(interaction, 0))


async def setup(bot: Dealwire) -> None:
    """Add the buttons."""
    bot.add_dynamic_items(ReportButton, ReportPageButton, ResolveReportButton)
