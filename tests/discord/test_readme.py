"""The README's table of commands is what the bot registers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import discord
from discord import app_commands

from tests.discord.stage import Scene

README = (Path(__file__).parents[2] / "README.md").read_text()


def _table() -> dict[str, list[str]]:
    section = README.split("\n## Commands\n", 1)[1].split("\n## ")[0]
    rows = [line.split("|") for line in section.splitlines() if line.startswith("| `")]
    return {row[1].strip(" `"): re.findall(r"`(\w+)`", row[2]) for row in rows}


def _commands(scene: Scene) -> Iterator[app_commands.Command[Any, ..., Any]]:
    tree = scene.client.tree
    for command in (*tree.walk_commands(), *tree.walk_commands(guild=discord.Object(scene.guild.id))):
        if isinstance(command, app_commands.Command):
            yield command


async def test_the_table_of_commands_lists_every_command_with_its_options(scene: Scene) -> None:
    registered = {command.qualified_name: [p.display_name for p in command.parameters] for command in _commands(scene)}
    assert _table() == registered
