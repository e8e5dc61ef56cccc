"""Readers' reports that a post is wrong: the button of the post, and the queues of the desk and of servers' managers."""

from __future__ import annotations

import discord

from bot.cards import custom_ids
from bot.cards.reader_report import empty_queue_card, no_reports_card, reader_report_card, resolved_report_card
from bot.errors import NotAllowed
from bot.languages import lazy, say, say_as
from bot.model.reader_report import ReportAudience
from bot.newsroom.reader_report_queue import REPORT_LIMIT
from bot.platforms.discord.client import Dealwire, Interaction
from cogs.editors import check_editor, get_actor
from cogs.modal import FormValues, RetryableModal
from cogs.permissions import can_manage
from cogs.persistent import PersistentItem, reply_privately

THANKS = lazy("Thank you: the desk will look at it. If it was wrong, the post itself will be corrected.")
_SERVER_THANKS = lazy("Thank you: this server's managers can read it now.")


async def build_report_card(interaction: Interaction, position: int) -> discord.ui.LayoutView:
    """Return the card of the report at this position of the queue, oldest first."""
    entry = await interaction.client.services.reader_reports.get_at(position)
    return reader_report_card(entry.item, entry.position, entry.count) if entry else empty_queue_card()


async def _build_server_report_card(interaction: Interaction, position: int) -> discord.ui.LayoutView:
    """Return the card of a report about a post of the server's own feeds, at this position of the queue, oldest first."""
    entry = await interaction.client.services.reader_reports.get_at(position, _get_managed_guild(interaction))
    if entry is None:
        return no_reports_card()
    return reader_report_card(entry.item, entry.position, entry.count, for_server=True)


def _get_managed_guild(interaction: Interaction) -> int:
    """Return the id of the server. Raises NotAllowed if the user may not manage it."""
    if interaction.guild is None or not can_manage(interaction):
        raise NotAllowed(say("You need Manage Server to read reader reports about this server's feeds."))
    return interaction.guild.id


class ReportButton(PersistentItem, template=custom_ids.REPORT_PROBLEM.pattern):
    """The report button of a post."""

    async def handle(self, interaction: Interaction) -> None:
        """Open the form. Each user can report a post once."""
        interaction.client.cooldowns.reports.check(interaction.user.id)
        audience = await interaction.client.services.reader_reports.check_reportable(
            self.params["post_key"], interaction.user.id
        )
        await interaction.response.send_modal(ReportModal(self.params["post_key"], audience))


class ReportModal(RetryableModal):
    """A reader's report to the desk, or to the server's managers."""

    def __init__(self, key: str, audience: ReportAudience, values: FormValues | None = None) -> None:
        super().__init__(say_as("form", "Something wrong?"), values or FormValues())
        self._key = key
        self._audience = audience
        self.add_field(
            "note",
            say_as("form", "What is wrong?"),
            REPORT_LIMIT,
            hint=_get_hint(audience),
            multiline=True,
        )

    def rebuild(self, values: FormValues) -> RetryableModal:
        """Return the same form with these values."""
        return ReportModal(self._key, self._audience, values)

    async def check(self, interaction: Interaction) -> None:
        """Let everybody send it: whoever reads the post may report it."""

    async def submit(self, interaction: Interaction) -> str:
        """Add the report to the queue."""
        interaction.client.cooldowns.reports.take(interaction.user.id)
        audience = await interaction.client.services.reader_reports.submit(
            self._key, interaction.user.id, self.values.get("note")
        )
        return say(THANKS if audience is ReportAudience.DESK else _SERVER_THANKS)


def _get_hint(audience: ReportAudience) -> str:
    if audience is ReportAudience.DESK:
        return say_as("form hint", "The desk sees it with your name; nobody else does")
    return say_as("form hint", "The server's managers see it with your name; nobody else does")


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


class ServerReportPageButton(PersistentItem, template=custom_ids.FEED_REPORTS.pattern):
    """A button that opens a report about a post of the server's own feeds."""

    async def handle(self, interaction: Interaction) -> None:
        """Show the report to a manager of the server."""
        await reply_privately(interaction, await _build_server_report_card(interaction, int(self.params["index"])))


class ResolveServerReportButton(PersistentItem, template=custom_ids.FEED_REPORT.pattern):
    """The buttons of such a report: resolve and reopen."""

    async def handle(self, interaction: Interaction) -> None:
        """Resolve or reopen the report, for a manager of the server."""
        guild_id, actor = _get_managed_guild(interaction), f"<@{interaction.user.id}>"
        reports, report_id = interaction.client.services.reader_reports, int(self.params["report_id"])
        if self.params["action"] == "settle":
            report = await reports.resolve(report_id, actor=actor, guild_id=guild_id)
            remaining_count = await reports.count_waiting(guild_id)
            await reply_privately(interaction, resolved_report_card(report, remaining_count, for_server=True))
        else:
            await reports.reopen(report_id, actor=actor, guild_id=guild_id)
            await reply_privately(interaction, await _build_server_report_card(interaction, 0))


async def setup(bot: Dealwire) -> None:
    """Add the buttons."""
    bot.add_dynamic_items(
        ReportButton, ReportPageButton, ResolveReportButton, ServerReportPageButton, ResolveServerReportButton
    )
