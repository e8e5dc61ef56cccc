"""Whose language is which: what somebody's Discord is in, and what a server or a person gets that has chosen none."""

from __future__ import annotations

import discord

from bot.client import Context, Interaction
from bot.languages import language_of
from cogs.places import home


def own_language(asked: Context | Interaction) -> str:
    """The code of the language of somebody's own Discord; empty where the bot does not speak it, and behind a typed command,
    which does not say.
    """
    interaction = asked if isinstance(asked, discord.Interaction) else asked.interaction
    return language_of(interaction.locale.value) if interaction else ""


def by_itself(interaction: Interaction) -> str:
    """The code of the language in which Discord has the server, if the bot speaks it; empty for others, and in DMs."""
    guild = home(interaction)
    return language_of(guild.preferred_locale.value) if guild else ""
