"""The README's table of commands is what the bot registers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import discord
from discord import app_commands

from cogs.follows._cog import FollowFlags
from tests.discord.stage import Scene

README = (Path(__file__).parents[2] / "README.md").read_text()


def _tables() -> list[dict[str, list[str]]]:
    """Return the tables under Commands: what stands in code in a row's first cell, and the names in code in its second."""
    section = README.split("\n## Commands\n", 1)[1].split("\n## ")[0]
    tables = [[row.split("|") for row in part.splitlines() if row.startswith("| `")] for part in section.split("\n\n")]
    return [{row[1].strip(): re.findall(r"`([\w ]+)`", row[2]) for row in rows} for rows in tables if rows]


def _commands(scene: Scene) -> Iterator[app_commands.Command[Any, ..., Any]]:
    tree = scene.client.tree
    for command in (*tree.walk_commands(), *tree.walk_commands(guild=discord.Object(scene.guild.id))):
        if isinstance(command, app_commands.Command):
            yield command


async def test_the_table_of_commands_is_complete(scene: Scene) -> None:
    """The table of commands lists every command with its options."""
    registered = {command.qualified_name: [p.display_name for p in command.parameters] for command in _commands(scene)}
    assert {name.strip("`"): options for name, options in _tables()[0].items()} == registered


def test_the_table_of_follow_options_is_complete() -> None:
    """The table of terms lists every option of follow that is one."""
    told = [option for cell in _tables()[1] for option in re.findall(r"`(\w+)`", cell)]
    assert told == [name for name in FollowFlags.get_flags() if name not in ("target", "channel")]
