"""The scene of the Discord tests: who is there, and how what was said is read."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle, GuildHandle
from simcord.env import Env
from simcord.results import InteractionResult

from bot.app import Rooms, open_rooms
from bot.client import Dealwire
from bot.delivery.dispatcher import Dispatcher
from bot.errors import DealwireError
from bot.newsroom.drafts import DevelopmentDraft, StoryDraft, read_development
from bot.model.vocabulary import Kind
from bot.publisher import DiscordPublisher
from bot.settings import load_settings

SEEDS = Path(__file__).parents[2] / "seeds"


@dataclass
class Scene:
    """What a test acts with."""

    env: Env
    rooms: Rooms
    client: Dealwire
    guild: GuildHandle
    deals: ChannelHandle
    desk: ChannelHandle
    editor: MemberActor
    reader: MemberActor
    dispatcher: Dispatcher

    async def send_posts(self) -> None:
        """Let the dispatcher send all that is due."""
        await self.dispatcher.run_until_idle()

    async def publish(self, slug: str = "nissan-foxconn-oppama", **fields: Any) -> None:
        """A development comes in by the door, as from an editor."""
        given = {"date": "2025-09", "headline": "Something new", "claim": "reported", **fields}
        draft: DevelopmentDraft = read_development(given, "", Kind.CONTRACT_MANUFACTURING)
        await self.rooms.services.desk.publish(StoryDraft(slug, None, (draft,)), actor="test")

    async def restart(self) -> None:
        """The bot's process is replaced by a new one; Discord and the store stay."""
        self.client = Dealwire(self.rooms.services)
        await self.env.restart_bot(self.client)
        self.dispatcher = _dispatcher(self.rooms, self.client)


@contextlib.asynccontextmanager
async def open_scene(folder: Path, **environment: str) -> AsyncIterator[Scene]:
    """Open the rooms on a new store, start the bot on a new Discord, and set the scene."""
    given = {
        "DATABASE_URL": f"sqlite:///{folder / 'dealwire.db'}",
        "SEEDS": str(SEEDS),
        "SHARD_COUNT": "1",
        **environment,
    }
    async with open_rooms(load_settings(given)) as rooms:
        client = Dealwire(rooms.services)
        env = Env(client)
        await env.start()
        try:
            yield await _set(env, rooms, client)
        finally:
            await env.shutdown()
        # A refusal is an answer; anything else that a command raised is a bug.
        bugs = [error for error in env.errors_since(env._errors_acknowledged) if not _is_refusal(error)]
        assert not bugs, bugs


async def _set(env: Env, rooms: Rooms, client: Dealwire) -> Scene:
    guild = env.create_guild("Wire")
    editors = guild.create_role("Editors", permissions=discord.Permissions(manage_guild=True))
    scene = Scene(
        env=env,
        rooms=rooms,
        client=client,
        guild=guild,
        deals=guild.create_text_channel("deals"),
        desk=guild.create_text_channel("desk"),
        editor=guild.add_member(env.create_user("editor"), roles=[editors]),
        reader=guild.add_member(env.create_user("reader")),
        dispatcher=_dispatcher(rooms, client),
    )
    await env.settle()
    return scene


def _is_refusal(error: BaseException) -> bool:
    while isinstance(
        error, commands.CommandInvokeError | commands.HybridCommandError | app_commands.CommandInvokeError
    ):
        error = error.original
    return isinstance(error, DealwireError | commands.UserInputError)


def _dispatcher(rooms: Rooms, client: Dealwire) -> Dispatcher:
    return Dispatcher(rooms.services.store, DiscordPublisher(client), rooms.services.clock, rooms.bell)


def said(message: Any) -> str:
    """All the text of a message: its content, and what its components show."""
    if isinstance(message, InteractionResult):
        shown = message.followups[-1] if message.followups else message.response
        assert shown is not None, "nothing was answered"
        message = shown
    components = message.components
    if isinstance(message, discord.Message):
        return "\n".join([message.content, *_texts([component.to_dict() for component in components])])
    return "\n".join([message.content, *_texts(components)])


def _texts(components: Any) -> Iterator[str]:
    for part in _parts(components):
        for key in ("content", "label", "placeholder"):
            if part.get(key):
                yield str(part[key])


def _parts(components: Any) -> Iterator[dict[str, Any]]:
    for component in components:
        yield component
        yield from _parts(component.get("components") or ())
        if component.get("accessory"):
            yield from _parts([component["accessory"]])


def buttons(message: Any) -> dict[str, str]:
    """The buttons and menus of a message: label or placeholder, and custom_id."""
    if isinstance(message, InteractionResult):
        message = message.followups[-1] if message.followups else message.response
    components = message.components
    raw = [c.to_dict() for c in components] if isinstance(message, discord.Message) else components
    return {
        str(part.get("label") or part.get("placeholder") or ""): part["custom_id"]
        for part in _parts(raw)
        if part.get("custom_id")
    }
