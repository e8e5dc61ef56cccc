"""Whose language is which: what somebody's Discord is in, and what a server or a person gets that has chosen none."""

from __future__ import annotations

from dataclasses import replace

import discord

from bot.client import Context, Interaction
from bot.languages import ENGLISH, language_of
from cogs.places import home


async def keep_language(asked: Context | Interaction) -> None:
    """Who makes a follow by DM is written to in the language of their Discord, unless they have chosen one.

    A typed command does not say which that is; English is what comes anyway, and need not be kept.
    """
    interaction = asked if isinstance(asked, discord.Interaction) else asked.interaction
    code = language_of(interaction.locale.value) if interaction else ""
    if interaction is None or code in ("", ENGLISH):
        return
    following, owner = interaction.client.services.following, interaction.user.id
    table = await following.timetable(owner)
    if not table.language:
        await following.set_timetable(owner, replace(table, language=code))


def by_itself(interaction: Interaction) -> str:
    """The code of the language in which Discord has the server, if the bot speaks it; empty for others, and in DMs."""
    guild = home(interaction)
    return language_of(guild.preferred_locale.value) if guild else ""
