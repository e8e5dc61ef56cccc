"""What a message says, wherever it says it: text, embeds, components, links, what it forwards."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, TypeAlias
from urllib.parse import unquote, urlsplit

import discord

from bot.cards import ids

_LINK = re.compile(r"https?://[^\s<>()\[\]]+")
_MARKED_LINK = re.compile(r"\[([^\[\]]*)\]\([^()]*(?:\([^()]*\)[^()]*)?\)")
_STORY_IDS = tuple(re.compile(pattern) for pattern in (ids.POST, ids.FULL, ids.FOLLOW, ids.TIMELINE))
#: Parts of a link's path with fewer words than this are no headlines.
_LEAST_WORDS = 3

_Spoken: TypeAlias = "discord.Message | discord.MessageSnapshot"


def texts_of(message: discord.Message) -> list[str]:
    """Everything that a message says, the most telling first: titles, then texts, then what its links are called."""
    spoken: list[_Spoken] = [message, *message.message_snapshots]
    titles = [title for one in spoken for title in _titles(one)]
    texts = [text for one in spoken for text in _texts(one)]
    links = [link for text in chain(titles, texts, _urls(spoken)) for link in _LINK.findall(text)]
    plain = (_LINK.sub(" ", _MARKED_LINK.sub(r"\1", text)) for text in (*titles, *texts))
    return [text for text in (*plain, *map(_words_of, dict.fromkeys(links))) if text.strip()]


def slug_of(message: discord.Message, bot_id: int) -> str:
    """The story that one of the bot's own messages shows, by its first button that names one; else empty."""
    if message.author.id != bot_id:
        return ""
    for part in _walk(message.components):
        custom_id = getattr(part, "custom_id", None) or ""
        found = next((match for pattern in _STORY_IDS if (match := pattern.fullmatch(custom_id))), None)
        if found:
            return found["slug"]
    return ""


def _titles(spoken: _Spoken) -> Iterator[str]:
    for embed in spoken.embeds:
        yield from (text for text in (embed.title, embed.author.name) if text)


def _texts(spoken: _Spoken) -> Iterator[str]:
    yield spoken.content
    for embed in spoken.embeds:
        yield embed.description or ""
        for field in embed.fields:
            yield f"{field.name or ''} {field.value or ''}"
        yield embed.footer.text or ""
    for part in _walk(spoken.components):
        for name in ("content", "label", "description"):
            yield str(getattr(part, name, None) or "")
    for attachment in spoken.attachments:
        yield attachment.description or ""


def _urls(spoken: Iterable[_Spoken]) -> Iterator[str]:
    for one in spoken:
        yield from (embed.url for embed in one.embeds if embed.url)
        yield from (str(part.url) for part in _walk(one.components) if getattr(part, "url", None))


def _walk(components: Iterable[Any]) -> Iterator[Any]:
    for part in components:
        yield part
        # Rows, sections and containers; a section's button; a gallery's items.
        yield from _walk(getattr(part, "children", ()))
        yield from _walk([part.accessory] if getattr(part, "accessory", None) else ())
        yield from _walk(getattr(part, "items", ()))


def _words_of(link: str) -> str:
    """What a link is called: the part of its path that reads like a headline; empty when none does."""
    try:
        path = unquote(urlsplit(link).path)
    except ValueError:
        return ""
    parts = [" ".join(re.findall(r"[^\W\d_]+", part.rpartition(".")[0] or part)) for part in path.split("/")]
    return max((part for part in parts if len(part.split()) >= _LEAST_WORDS), key=len, default="")
