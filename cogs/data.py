"""``data``: what is stored about a server and a user, and its erasure."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import discord
from discord.ext import commands

from bot.cards import custom_ids
from bot.cards.components import button
from bot.cards.simple_cards import erase_prompt_card, facts_card, success_card
from bot.delivery.retention import FEED_NEWS_RETENTION, GUILD_RETENTION
from bot.errors import NotAllowed
from bot.languages import LANGUAGES, format_number, format_series, say, say_as, say_count
from bot.library.catchup import LAST_SEEN_RETENTION
from bot.loops import ErrorLog, run_forever
from bot.model.delivery_settings import DeliverySettings
from bot.model.follow import Follow, TargetKind
from bot.platforms.discord.client import Context, Dealwire, Interaction, hybrid_command
from cogs.permissions import answer_privately, can_manage, find_guild, get_bot, get_user
from cogs.persistent import PersistentItem, reply_privately

log = logging.getLogger(__name__)
#: Seconds between two runs of the erasures.
ERASE_INTERVAL_SECONDS = 86_400.0


class DataCog(commands.Cog):
    """The ``data`` command, and the daily erasing of what has expired."""

    def __init__(self, bot: Dealwire) -> None:
        self._services = bot.services
        self._erase_tasks: list[asyncio.Task[None]] = []

    async def cog_load(self) -> None:
        """Start the daily erasing: one loop for each kind, so that an error in one does not stop the others."""
        services = self._services
        erasures = {
            "what was stored about former servers": services.retention.erase_expired_guilds,
            "old notes from readers": services.reader_reports.erase_old,
            "when people last caught up": services.catchup.erase_expired,
            "unused lists": services.library.erase_unused_lists,
            "old drafts of the desk": services.pasted_articles.erase_expired,
        }
        for what, erase in erasures.items():
            loop = run_forever(partial(_erase_daily, erase), ErrorLog(log, f"Erasing {what}"))
            self._erase_tasks.append(asyncio.create_task(loop, name=f"erase {what}"))

    async def cog_unload(self) -> None:
        """Cancel the loops and wait for their end, because the store is closed next."""
        for task in self._erase_tasks:
            task.cancel()
        await asyncio.gather(*self._erase_tasks, return_exceptions=True)

    @hybrid_command()
    async def data(self, ctx: Context) -> None:
        """See or erase the data stored about this server and you."""
        await answer_privately(ctx, _build_card, custom_ids.DATA.build())


class DataButton(PersistentItem, template=custom_ids.DATA.pattern):
    """The button under a typed ``data``."""

    async def handle(self, interaction: Interaction) -> None:
        """Show the user what is stored about them."""
        await reply_privately(interaction, await _build_card(interaction))


class EraseButton(PersistentItem, template=custom_ids.ERASE.pattern):
    """The erase buttons of the ``data`` card, which ask first."""

    async def handle(self, interaction: Interaction) -> None:
        """Ask whether to erase the data."""
        subject = self.params["subject"]
        if subject == "server":
            _check_can_erase_server(interaction)
            question = say("Erase everything stored about this server? All its follows end. This can't be undone.")
        else:
            question = say("Erase everything stored about you? What you follow by DM ends. This can't be undone.")
        await reply_privately(interaction, erase_prompt_card(question, subject))


class EraseNowButton(PersistentItem, template=custom_ids.ERASE_NOW.pattern):
    """The button of the question whether to erase the data."""

    async def handle(self, interaction: Interaction) -> None:
        """Erase the data, and say what was erased."""
        services, user = interaction.client.services, interaction.user
        if self.params["subject"] == "me":
            report_count, settings = (
                await services.reader_reports.count_by_user(user.id),
                await services.delivery_settings.get(user.id),
            )
            last_seen_count = await services.catchup.count_for_user(user.id)
            summary = _summarize_user_data(
                await services.retention.erase_user(user.id), report_count, settings, last_seen_count
            )
        else:
            count = await services.retention.erase_guild(_check_can_erase_server(interaction).id)
            summary = say_count("{count} follow", "{count} follows", count)
        message = say("Erased: {what}.", what=summary) if summary else say("Nothing was left to erase.")
        await interaction.response.send_message(view=success_card(message), ephemeral=True)


def _check_can_erase_server(interaction: Interaction) -> discord.Guild:
    """Return the server; raise NotAllowed for those who may not manage it."""
    if interaction.guild is None or not can_manage(interaction):
        raise NotAllowed(say("You need Manage Server to erase what is stored about this server."))
    return interaction.guild


async def _build_card(ctx: Context | Interaction) -> discord.ui.LayoutView:
    """Return the card on what is stored about the user and their server."""
    user_id, services = get_user(ctx).id, get_bot(ctx).services
    subscriptions = services.subscriptions
    own_follows, own_settings = (
        await subscriptions.list_in_destination(user_id),
        await services.delivery_settings.get(user_id),
    )
    last_seen_count = await services.catchup.count_for_user(user_id)
    summary = _summarize_user_data(
        len(own_follows), await services.reader_reports.count_by_user(user_id), own_settings, last_seen_count
    )
    facts = _describe_user_data(summary)
    guild = find_guild(ctx)
    if guild is not None:
        guild_follows, guild_settings = (
            await subscriptions.list_in_guild(guild.id),
            await services.delivery_settings.get(guild.id),
        )
        facts = [
            (say_as("data", "About this server"), _summarize_guild_data(len(guild_follows), guild_settings)),
            *_describe_feeds(guild_follows),
            *facts,
            _describe_removal(),
        ]
    card = facts_card(facts, say("What is stored"))
    buttons = [_make_erase_button(say_as("button", "Erase my data"), "me", enabled=bool(summary))]
    if can_manage(ctx):
        label = say_as("button", "Erase this server's data")
        buttons.append(_make_erase_button(label, "server", enabled=True))
    card.add_item(discord.ui.ActionRow(*buttons))
    return card


async def _erase_daily(erase: Callable[[], Awaitable[object]]) -> None:
    await erase()
    await asyncio.sleep(ERASE_INTERVAL_SECONDS)


def _summarize_user_data(follow_count: int, report_count: int, settings: DeliverySettings, last_seen_count: int) -> str:
    """Return what is stored about a user, in counts; empty if nothing is."""
    parts = (
        say_count("{count} follow by DM", "{count} follows by DM", follow_count) if follow_count else "",
        say_count("{count} reader report", "{count} reader reports", report_count) if report_count else "",
        say_as("data", "settings") if _has_delivery_times(settings) else "",
        say("the language {language}", language=LANGUAGES[settings.language].name) if settings.language else "",
        say_count(
            "when you last caught up in {count} channel", "when you last caught up in {count} channels", last_seen_count
        )
        if last_seen_count
        else "",
    )
    return format_series(part for part in parts if part)


def _describe_user_data(summary: str) -> list[tuple[str, str]]:
    catching_up = say_count(
        "when you last used it in each channel, kept {count} day; only you can see it",
        "when you last used it in each channel, kept {count} days; only you can see it",
        LAST_SEEN_RETENTION.days,
    )
    return [
        (
            say_as("data", "About you"),
            say("{kept}, with your user id", kept=summary) if summary else say_as("data", "nothing"),
        ),
        (say_as("data", "Editors"), say("the change log keeps the user id of the editor who made each change")),
        (say_as("data", "Messages"), say("none are stored")),
        (say_as("data", "Catch-up"), catching_up),
    ]


def _describe_removal() -> tuple[str, str]:
    stop = say_count(
        "follows stop, and are erased after {count} day",
        "follows stop, and are erased after {count} days",
        GUILD_RETENTION.days,
    )
    return say_as("data", "When the bot is removed"), stop


def _describe_feeds(follows: Sequence[Follow]) -> list[tuple[str, str]]:
    """Return what is stored about the feeds that a server follows itself; nothing if there are none."""
    feed_ids = {follow.target.value for follow in follows if follow.target.kind is TargetKind.FEED}
    if not feed_ids:
        return []
    description = say_count(
        "{count} feed that this server follows, and its posts of the last {days} days",
        "{count} feeds that this server follows, and their posts of the last {days} days",
        len(feed_ids),
        days=format_number(FEED_NEWS_RETENTION.days),
    )
    return [(say_as("data", "Feeds"), description)]


def _summarize_guild_data(follow_count: int, settings: DeliverySettings) -> str:
    """Return what is stored about a server."""
    summary = say_count(
        "{count} follow: channel, target, options, role, who created it and when",
        "{count} follows: channel, target, options, role, who created them and when",
        follow_count,
    )
    if not settings.language:
        return (
            summary
            if not _has_delivery_times(settings)
            else say("{follows}; and settings: time zone, hours, cap", follows=summary)
        )
    language = LANGUAGES[settings.language].name
    if not _has_delivery_times(settings):
        return say("{follows}; and the language {language}", follows=summary, language=language)
    return say(
        "{follows}; and settings: time zone, hours, cap, and the language {language}",
        follows=summary,
        language=language,
    )


def _has_delivery_times(settings: DeliverySettings) -> bool:
    return replace(settings, language="") != DeliverySettings()


def _make_erase_button(label: str, subject: str, *, enabled: bool) -> discord.ui.Button[Any]:
    return button(label, custom_ids.ERASE.build(subject=subject), danger=True, disabled=not enabled)


async def setup(bot: Dealwire) -> None:
    """Add the command and its buttons."""
    bot.add_dynamic_items(EraseButton, EraseNowButton, DataButton)
    await bot.add_cog(DataCog(bot))
