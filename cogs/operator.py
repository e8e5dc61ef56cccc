"""How the bot is, and what it knows about you: status and data."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial

import discord
from discord.ext import commands

from bot.cards import ids
from bot.cards.aside_posts import list_button
from bot.cards.notes import note, status_card
from bot.client import Context, Dealwire, Interaction, asking
from bot.delivery.following import KEPT_AFTER_REMOVAL, Figures
from bot.errors import Refused
from bot.languages import LANGUAGES, number, say, say_as, say_count
from bot.library.reading import KEPT_AFTER_LOOKING
from bot.loops import ErrorLog, run_forever
from bot.model.timetable import Timetable
from cogs.clicks import Click, beside
from cogs.places import asker_of, home, manages
from cogs.visibility import answer_privately

log = logging.getLogger(__name__)

#: How often it is checked what is to be erased, in seconds.
ERASE_EVERY = 86_400.0
ERASE = r"dw:erase:(?P<what>server|me)"


class Operator(commands.Cog):
    """Status and data, and the erasing that falls due."""

    def __init__(self, bot: Dealwire) -> None:
        self._bot = bot
        self._services = bot.services
        self._erasing: list[asyncio.Task[None]] = []

    async def cog_load(self) -> None:
        """Begin the daily erasing: three loops, so that an error in one does not keep the others from erasing."""
        services = self._services
        erasures = {
            "what was stored about former servers": services.following.erase_left,
            "old notes from readers": services.notes.erase_old,
            "when people last caught up": services.reading.erase_old,
        }
        for what, erase in erasures.items():
            loop = run_forever(partial(_erase_daily, erase), ErrorLog(log, f"Erasing {what}"))
            self._erasing.append(asyncio.create_task(loop, name=f"erase {what}"))

    async def cog_unload(self) -> None:
        """End it, and see it end: the store is closed next."""
        for task in self._erasing:
            task.cancel()
        await asyncio.gather(*self._erasing, return_exceptions=True)

    @asking()
    async def status(self, ctx: Context) -> None:
        """Show how the bot is: stories, follows, posts on their way, what is switched off."""
        await answer_privately(ctx, self.status_of_bot, ids.STATUS)

    async def status_of_bot(self, _asked: Context | Interaction) -> discord.ui.LayoutView:
        """Return the card with the bot's figures."""
        figures = await self._services.following.figures()
        facts = [
            (say_as("status", "Stories"), number(figures.stories)),
            (say_as("status", "Follows"), number(figures.follows)),
            *_posts(figures),
            (say_as("status", "Feeds"), await self._feeds()),
            (say_as("status", "The desk's queue"), await self._queue()),
            (say_as("status", "Typed commands"), self._typed_commands()),
            (say_as("status", "Servers"), number(len(self._bot.guilds))),
            (say_as("status", "Gateway"), _milliseconds(self._bot.latency)),
            (say_as("status", "Up"), self._up()),
        ]
        card = status_card(facts)
        if figures.backlog.set_aside:
            card.add_item(discord.ui.ActionRow(list_button()))
        return card

    @asking()
    async def data(self, ctx: Context) -> None:
        """Say what is stored about this server and about you, and erase it if you want."""
        await answer_privately(ctx, self.data_of, ids.DATA)

    async def data_of(self, asked: Context | Interaction) -> discord.ui.LayoutView:
        """Return the card with what is stored about the asker and their server."""
        user_id = asker_of(asked).id
        following, notes = self._services.following, self._services.notes
        own, table = await following.at(user_id), await following.timetable(user_id)
        looks = await self._services.reading.count_of(user_id)
        kept = _theirs(len(own), await notes.count_of(user_id), table, looks)
        facts = _about_people(kept)
        guild = home(asked)
        if guild is not None:
            here, set_here = await following.in_guild(guild.id), await following.timetable(guild.id)
            facts = [(say_as("data", "About this server"), _told(len(here), set_here)), *facts, _when_removed()]
        card = status_card(facts, say("What is stored"))
        buttons = [_erase_button(say_as("button", "Erase what is stored about me"), "me", enabled=bool(kept))]
        if manages(asked):
            label = say_as("button", "Erase what is stored about this server")
            buttons.append(_erase_button(label, "server", enabled=True))
        card.add_item(discord.ui.ActionRow(*buttons))
        return card

    async def _feeds(self) -> str:
        feeds = await self._services.subscriptions.feeds()
        broken = sum(feed.is_broken for feed in feeds)
        if not broken:
            return number(len(feeds))
        # Said: of {feeds} feeds so many are broken
        return say_count(
            "{feeds}, {count} of them broken", "{feeds}, {count} of them broken", broken, feeds=number(len(feeds))
        )

    async def _queue(self) -> str:
        services = self._services
        articles, notes = await services.reviews.count_waiting(), await services.notes.count_waiting()
        set_aside = await services.failed_work.count()
        parts = [
            say_count("{count} article", "{count} articles", articles),
            say_count("{count} note from readers", "{count} notes from readers", notes),
        ]
        if set_aside:
            # Said: articles that could not be processed after several attempts
            parts.append(say_count("{count} article set aside", "{count} articles set aside", set_aside))
        return ", ".join(parts)

    def _up(self) -> str:
        since = discord.utils.format_dt(self._services.started, "R")
        # Said: {since} is as in "2 hours ago"
        return say("since {since}, version {version}", since=since, version=self._services.version)

    def _typed_commands(self) -> str:
        prefix = self._services.settings.command_prefix
        if self._services.content_off:
            return say(
                "off: the message-content intent is not given, so `{prefix}deal` does not work; mentions and slash do",
                prefix=prefix,
            )
        return say("on, with `{prefix}`", prefix=prefix)


class OpenStatus(Click, template=ids.STATUS):
    """The button under a typed ``status``."""

    async def answer(self, interaction: Interaction) -> None:
        """Show it to the one who clicked."""
        cog = interaction.client.get_cog("Operator")
        if isinstance(cog, Operator):
            await beside(interaction, await cog.status_of_bot(interaction))


class OpenData(Click, template=ids.DATA):
    """The button under a typed ``data``."""

    async def answer(self, interaction: Interaction) -> None:
        """Show the clicker what is stored about them."""
        cog = interaction.client.get_cog("Operator")
        if isinstance(cog, Operator):
            await beside(interaction, await cog.data_of(interaction))


class Erase(Click, template=ERASE):
    """The buttons under ``data``."""

    async def answer(self, interaction: Interaction) -> None:
        """Erase, and say what is gone."""
        services, user = interaction.client.services, interaction.user
        if self.said["what"] == "me":
            notes, table = await services.notes.count_of(user.id), await services.following.timetable(user.id)
            looks = await services.reading.count_of(user.id)
            gone = _theirs(await services.following.erase_user(user.id), notes, table, looks)
        else:
            if interaction.guild is None or not manages(interaction):
                raise Refused(say("You need Manage Server to erase what is stored about this server."))
            count = await services.following.erase_guild(interaction.guild.id)
            gone = say_count("{count} follow", "{count} follows", count)
        said = say("Erased: {what}.", what=gone) if gone else say("Erased: nothing was left.")
        await interaction.response.send_message(view=note(said), ephemeral=True)


async def _erase_daily(erase: Callable[[], Awaitable[object]]) -> None:
    await erase()
    await asyncio.sleep(ERASE_EVERY)


def _theirs(follows: int, notes: int, table: Timetable, looks: int) -> str:
    """What is kept of a person, in figures; empty for nothing."""
    told = (
        say_count("{count} follow by DM", "{count} follows by DM", follows) if follows else "",
        say_count("{count} note to the desk", "{count} notes to the desk", notes) if notes else "",
        say_as("data", "settings") if _times_are_set(table) else "",
        say("the language {language}", language=LANGUAGES[table.language].name) if table.language else "",
        say_count("when you last caught up in {count} place", "when you last caught up in {count} places", looks)
        if looks
        else "",
    )
    return ", ".join(part for part in told if part)


def _about_people(kept: str) -> list[tuple[str, str]]:
    catching_up = say_count(
        "when you last did, in each place, for {count} day; nobody else sees it",
        "when you last did, in each place, for {count} days; nobody else sees it",
        KEPT_AFTER_LOOKING.days,
    )
    return [
        (
            say_as("data", "About you"),
            say("{kept}, with your user id", kept=kept) if kept else say_as("data", "nothing"),
        ),
        (say_as("data", "Editors"), say("the audit keeps the user id of an editor with each change of a story")),
        (say_as("data", "Messages"), say("none are stored")),
        (say_as("data", "Catching up"), catching_up),
    ]


def _when_removed() -> tuple[str, str]:
    stop = say_count(
        "follows stop, and are erased after {count} day",
        "follows stop, and are erased after {count} days",
        KEPT_AFTER_REMOVAL.days,
    )
    return say_as("data", "When the bot is removed"), stop


def _told(follows: int, table: Timetable) -> str:
    """What is kept of a server."""
    told = say_count(
        "{count} follow: channel, target, terms, role, who made it and when",
        "{count} follows: channel, target, terms, role, who made it and when",
        follows,
    )
    if not table.language:
        return (
            told if not _times_are_set(table) else say("{follows}; and settings: time zone, hours, cap", follows=told)
        )
    language = LANGUAGES[table.language].name
    if not _times_are_set(table):
        return say("{follows}; and the language {language}", follows=told, language=language)
    return say(
        "{follows}; and settings: time zone, hours, cap, and the language {language}", follows=told, language=language
    )


def _times_are_set(table: Timetable) -> bool:
    return replace(table, language="") != Timetable()


def _posts(of_all: Figures) -> list[tuple[str, str]]:
    """What becomes of posts and corrections."""
    backlog = of_all.backlog
    figures = {
        "sent": number(backlog.sent),
        "waiting": number(backlog.waiting),
        "failed": number(backlog.failed),
    }
    if backlog.oldest:
        oldest = discord.utils.format_dt(backlog.oldest, "R")
        # Said: figures of posts; {oldest} is as in "2 hours ago"
        posts = say(
            "{sent} sent, {waiting} on their way, the oldest since {oldest}, {failed} failed", oldest=oldest, **figures
        )
    else:
        posts = say("{sent} sent, {waiting} on their way, {failed} failed", **figures)
    aside = backlog.set_aside
    # Said: posts that Discord refused for hours, about which the desk decides
    set_aside = [(say_as("status", "Set aside"), say_count("{count} post", "{count} posts", aside))] if aside else []
    return [
        (say_as("status", "Posts"), posts),
        *set_aside,
        (say_as("status", "Corrections"), say_count("{count} waiting", "{count} waiting", backlog.corrections)),
        (say_as("status", "Doubts"), _doubts(backlog.unsettled)),
    ]


def _doubts(posts: int) -> str:
    return say_count(
        "{count} post sent again unseen, where the history could not be read",
        "{count} posts sent again unseen, where the history could not be read",
        posts,
    )


def _milliseconds(latency: float) -> str:
    """How long the gateway takes to answer; discord.py has no number, or an endless one, before it did."""
    if latency != latency or latency >= 600:
        return say("no answer yet")
    return say("{milliseconds} ms", milliseconds=number(round(latency * 1000)))


def _erase_button(label: str, what: str, *, enabled: bool) -> discord.ui.Button[discord.ui.LayoutView]:
    return discord.ui.Button(
        label=label, custom_id=f"dw:erase:{what}", style=discord.ButtonStyle.danger, disabled=not enabled
    )


async def setup(bot: Dealwire) -> None:
    """Add the commands."""
    bot.add_dynamic_items(Erase, OpenStatus, OpenData)
    await bot.add_cog(Operator(bot))
