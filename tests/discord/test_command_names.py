"""What Discord is told of the commands: their names and descriptions in the language of every client."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.languages import ENGLISH, LANGUAGES
from tests.discord.stage import Scene

CLIENTS = {client for language in LANGUAGES.values() if language.code != ENGLISH for client in language.discord_locales}


def told(scene: Scene) -> Iterator[dict[str, Any]]:
    """Every command that is registered, also on the desk's server, and all that is below it."""
    registered = scene.env.backend.commands
    waiting = [*registered[None].values(), *registered[scene.guild.id].values()]
    while waiting:
        part = waiting.pop()
        yield part
        waiting += part.get("options", [])


async def test_descriptions_are_translated_for_every_client(scene: Scene) -> None:
    """Every description is told in the language of every client."""
    parts = [part for part in told(scene) if part.get("description")]
    assert len(parts) > 60
    assert [part["name"] for part in parts if set(part.get("description_localizations") or {}) != CLIENTS] == []


async def test_command_and_option_names_are_translated(scene: Scene) -> None:
    """Commands and their options are called as the language calls them."""
    named = {(part["name"], part["type"]): part.get("name_localizations") or {} for part in told(scene)}
    assert named["follow", 1] == {"de": "folgen", "es-ES": "seguir", "es-419": "seguir", "ja": "フォロー"}
    assert named["publish", 1] == {"de": "veröffentlichen", "es-ES": "publicar", "es-419": "publicar", "ja": "公開"}
    assert named["Find the story", 3]["de"] == "Story finden"
    assert named["company", 3]["ja"] == "企業"
