"""All that the bot says, gathered from its source and from its commands, as the messages of a catalogue."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po
from discord import app_commands

from tests.reference.commands import list_commands, open_client

ROOT = Path(__file__).parents[2]
#: Where the arguments of the calls in :mod:`bot.languages` hold messages (``c``: what they are about).
KEYWORDS: dict[str, Any] = {
    "say": None,
    "lazy": None,
    "say_as": ((1, "c"), 2),
    "lazy_as": ((1, "c"), 2),
    "say_count": (1, 2),
}
_HEADER = """msgid ""
msgstr ""
"Language: {code}\\n"
"Plural-Forms: {plurals}\\n"
"Content-Type: text/plain; charset=utf-8\\n"

"""
#: The widest line of a catalogue's file.
WIDTH = 120

Named = app_commands.Command[Any, ..., Any] | app_commands.Group | app_commands.ContextMenu


async def gathered() -> Catalog:
    """Every message, without translations."""
    catalogue = Catalog(project="Dealwire", charset="utf-8")
    for folder in ("bot", "cogs"):
        found = extract_from_dir(
            str(ROOT / folder), [("**.py", "python")], keywords=KEYWORDS, comment_tags=("Translators:",)
        )
        for _, _, message, comments, context in found:
            catalogue.add(message, auto_comments=comments, context=context)
    for context, said in await _texts():
        catalogue.add(said, context=context)
    return catalogue


async def _texts() -> list[tuple[str, str]]:
    async with open_client() as client:
        return [text for command in list_commands(client) for text in texts_of(command)]


def texts_of(command: Named) -> Iterator[tuple[str, str]]:
    """Yield the names and descriptions of a command, those of its options and of all below it, each with its context."""
    yield "command name", command.name
    if isinstance(command, app_commands.ContextMenu):
        return
    yield "command description", command.description
    if isinstance(command, app_commands.Group):
        for below in command.commands:
            yield from texts_of(below)
        return
    for option in command.parameters:
        yield "option name", option.display_name
        yield "option description", str(option.description)
        for choice in option.choices:
            yield "choice", choice.name


def written(catalogue: Catalog) -> bytes:
    """Return a catalogue as its file: in the order of the messages, so that two who translate rarely meet."""
    body = io.BytesIO()
    write_po(body, catalogue, width=WIDTH, no_location=True, omit_header=True, sort_output=True, ignore_obsolete=True)
    return _HEADER.format(code=catalogue.locale, plurals=catalogue.plural_forms).encode() + body.getvalue()


def is_whole(message: Message) -> bool:
    """Whether every form of a message is translated."""
    said = message.string
    return bool(said) if isinstance(said, str) else all(said or [""])


def list_forms(text: str | Iterable[str] | None) -> list[str]:
    """Return the plural forms of a message or of its translation; one form if it has no others."""
    return [text] if isinstance(text, str) else list(text or [])
