"""The commands that the bot registers, as Markdown."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.container import open_container
from bot.languages import ENGLISH, LANGUAGES
from bot.model.delivery_settings import DeliveryMode
from bot.model.follow_settings import FollowFilter, PingPolicy
from bot.model.vocabulary import Claim, Kind, LabelledEnum, Stage
from bot.platforms.discord.client import EXTENSIONS, Dealwire
from bot.settings import load_settings
from cogs.desk._cog import build_desk_commands
from tests.reference.markdown import build_table, code

AnyCommand = app_commands.Command[Any, ..., Any] | app_commands.Group | app_commands.ContextMenu
SingleCommand = app_commands.Command[Any, ..., Any]

#: The options with a fixed vocabulary, by name.
_VOCABULARIES: dict[str, type[LabelledEnum]] = {
    "kind": Kind,
    "stage": Stage,
    "claim": Claim,
    "mode": DeliveryMode,
    "only": FollowFilter,
    "ping": PingPolicy,
}


@contextlib.asynccontextmanager
async def open_client() -> AsyncIterator[Dealwire]:
    """Yield a client with all commands loaded and an empty store, without a connection to Discord."""
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings({"DATABASE_URL": f"sqlite:///{folder}/commands.db", "SEEDS": ""})
        async with open_container(settings) as container:
            client = Dealwire(container.services)
            for extension in EXTENSIONS:
                await client.load_extension(extension)
            yield client
            for extension in EXTENSIONS:
                await client.unload_extension(extension)


def list_commands(client: Dealwire) -> list[AnyCommand]:
    """Return the commands and message menus of every server and of the desk's server, in the order of their registration."""
    slash_commands = client.tree.get_commands(type=discord.AppCommandType.chat_input)
    menus = client.tree.get_commands(type=discord.AppCommandType.message)
    return list(dict.fromkeys([*slash_commands, *menus, *build_desk_commands(client)]))


def build_command_blocks(client: Dealwire) -> dict[str, str]:
    """Return the generated blocks of ``commands.md``."""
    everything = list_commands(client)
    typed = {command.name: command for command in client.walk_commands() if isinstance(command, commands.HybridCommand)}
    groups = {command.name: command for command in everything if isinstance(command, app_commands.Group)}
    singles = [command for command in everything if isinstance(command, app_commands.Command)]
    return {
        "commands": "\n\n".join(_describe_command(command, typed.get(command.name)) for command in singles),
        **{
            f"{name} commands": "\n\n".join(_describe_command(command, None) for command in _list_singles(group))
            for name, group in groups.items()
        },
        "message menus": build_table(("menu", "where"), _list_menus(client)),
        "option values": _describe_values(),
        "translated names": _translate_names(everything),
    }


def _list_menus(client: Dealwire) -> list[tuple[str, str]]:
    everywhere = client.tree.get_commands(type=discord.AppCommandType.message)
    on_desk = [command for command in build_desk_commands(client) if isinstance(command, app_commands.ContextMenu)]
    return [(menu.name, "everywhere") for menu in everywhere] + [(menu.name, "the desk's server") for menu in on_desk]


def _list_singles(group: app_commands.Group) -> Iterator[SingleCommand]:
    for command in group.commands:
        if isinstance(command, app_commands.Command):
            yield command


def _describe_command(command: SingleCommand, typed: commands.HybridCommand[Any, ..., Any] | None) -> str:
    name = command.qualified_name
    forms = [f"`/{name}`", *([f"`!{name}`"] if typed else [])]
    aliases = f" (also {', '.join(f'`!{alias}`' for alias in typed.aliases)})" if typed and typed.aliases else ""
    lines = [f"### {name}", f"{command.description}\n\n{' or '.join(forms)}{aliases}"]
    if command.parameters:
        lines.append(build_table(("option", "required", "description"), map(_describe_option, command.parameters)))
    return "\n\n".join(lines)


def _describe_option(option: app_commands.Parameter) -> tuple[str, str, str]:
    described = str(option.description)
    if option.choices:
        described += f" ({', '.join(choice.name for choice in option.choices)})"
    if option.min_value is not None and option.max_value is not None:
        described += f" ({option.min_value} to {option.max_value})"
    return code(option.display_name), "yes" if option.required else "", described


def _describe_values() -> str:
    rows = [
        (code(name), ", ".join(f"`{member.value}`" for member in vocabulary))
        for name, vocabulary in _VOCABULARIES.items()
    ]
    return build_table(("option", "values"), rows)


def _translate_names(everything: Iterable[AnyCommand]) -> str:
    others = [language for language in LANGUAGES.values() if language.code != ENGLISH]

    def translate(name: str) -> tuple[str, ...]:
        parts = [[language.catalogue.pgettext("command name", part) for part in name.split()] for language in others]
        return tuple(f"`/{' '.join(translated)}`" for translated in parts)

    names = [name for command in everything for name in _list_names(command)]
    rows = [(f"`/{name}`", *translate(name)) for name in names]
    return build_table(("English", *(language.name for language in others)), rows)


def _list_names(command: AnyCommand) -> Iterator[str]:
    if isinstance(command, app_commands.Group):
        yield from (below.qualified_name for below in command.commands)
    elif isinstance(command, app_commands.Command):
        yield command.qualified_name
