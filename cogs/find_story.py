"""The message command "Find the story": which story a message is about, shown to the user alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, TypeAlias
from urllib.parse import unquote, urlsplit

import discord
from discord import app_commands
from discord.ext import commands

from bot.cards import custom_ids
from bot.cards.no_answer import no_answer_card
from bot.cards.simple_cards import success_card
from bot.cards.story import story_card
from bot.languages import lazy, say
from bot.library.answers import Answer
from bot.library.message_search import find_story_in_texts
from bot.platforms.discord.client import Dealwire, Interaction, installable_everywhere
from cogs.story_buttons import find_new_developments

_LINK = re.compile(r"https?://[^\s<>()\[\]]+")
_MARKDOWN_LINK = re.compile(r"\[([^\[\]]*)\]\([^()]*(?:\([^()]*\)[^()]*)?\)")
_STORY_IDS = tuple(
    re.compile(kind.pattern)
    for kind in (custom_ids.POST, custom_ids.FULL_STORY, custom_ids.FOLLOW, custom_ids.TIMELINE)
)
#: Parts of a link's path with fewer words than this are not headlines.
_MIN_WORDS = 3

_MessageContent: TypeAlias = "discord.Message | discord.MessageSnapshot"


def extract_texts(message: discord.Message) -> list[str]:
    """Return all texts of a message, the most telling first: titles, then texts, then headlines in its links."""
    contents: list[_MessageContent] = [message, *message.message_snapshots]
    titles = [title for content in contents for title in _iter_titles(content)]
    texts = [text for content in contents for text in _iter_texts(content)]
    links = [link for text in chain(titles, texts, _iter_urls(contents)) for link in _LINK.findall(text)]
    plain_texts = (_LINK.sub(" ", _MARKDOWN_LINK.sub(r"\1", text)) for text in (*titles, *texts))
    return [text for text in (*plain_texts, *map(_find_headline_in_link, dict.fromkeys(links))) if text.strip()]


def find_story_slug(message: discord.Message, bot_id: int) -> str:
    """Return the story of one of the bot's own messages, by the first button that names one; else empty."""
    if message.author.id != bot_id:
        return ""
    for component in _walk_components(message.components):
        custom_id = getattr(component, "custom_id", None) or ""
        id_match = next((match for pattern in _STORY_IDS if (match := pattern.fullmatch(custom_id))), None)
        if id_match:
            return id_match["slug"]
    return ""


def _iter_titles(content: _MessageContent) -> Iterator[str]:
    for embed in content.embeds:
        yield from (text for text in (embed.title, embed.author.name) if text)


def _iter_texts(content: _MessageContent) -> Iterator[str]:
    yield content.content
    for embed in content.embeds:
        yield embed.description or ""
        for field in embed.fields:
            yield f"{field.name or ''} {field.value or ''}"
        yield embed.footer.text or ""
    for component in _walk_components(content.components):
        for name in ("content", "label", "description"):
            yield str(getattr(component, name, None) or "")
    for attachment in content.attachments:
        yield attachment.description or ""


def _iter_urls(contents: Iterable[_MessageContent]) -> Iterator[str]:
    for content in contents:
        yield from (embed.url for embed in content.embeds if embed.url)
        yield from (
            str(component.url) for component in _walk_components(content.components) if getattr(component, "url", None)
        )


def _walk_components(components: Iterable[Any]) -> Iterator[Any]:
    for component in components:
        yield component
        # Rows, sections and containers have children, sections an accessory, galleries items.
        yield from _walk_components(getattr(component, "children", ()))
        yield from _walk_components([component.accessory] if getattr(component, "accessory", None) else ())
        yield from _walk_components(getattr(component, "items", ()))


def _find_headline_in_link(link: str) -> str:
    """Return the part of a link's path that reads like a headline; empty if none does."""
    try:
        path = unquote(urlsplit(link).path)
    except ValueError:
        return ""
    parts = [" ".join(re.findall(r"[^\W\d_]+", part.rpartition(".")[0] or part)) for part in path.split("/")]
    return max((part for part in parts if len(part.split()) >= _MIN_WORDS), key=len, default="")


MENU_NAME = "Find the story"
NO_TEXT = lazy("This message has no text that could identify a story.")


class FindStoryCog(commands.Cog):
    """The message command."""

    def __init__(self, bot: Dealwire) -> None:
        self._bot = bot
        self._menu = installable_everywhere(app_commands.ContextMenu(name=MENU_NAME, callback=find_story))

    async def cog_load(self) -> None:
        """Add the command to the tree."""
        self._bot.tree.add_command(self._menu)

    async def cog_unload(self) -> None:
        """Remove the command from the tree."""
        self._bot.tree.remove_command(self._menu.name, type=self._menu.type)


async def find_story(interaction: Interaction, message: discord.Message) -> None:
    """Show the story that a message is about to the user who asks."""
    # A long message is looked up line by line, which can take longer than the three seconds that Discord allows.
    await interaction.response.defer(ephemeral=True, thinking=True)
    await interaction.followup.send(view=await _build_card(interaction, message), ephemeral=True)


async def _build_card(interaction: Interaction, message: discord.Message) -> discord.ui.LayoutView:
    library = interaction.client.services.library
    slug = find_story_slug(message, _get_bot_id(interaction))
    if slug:
        answer = await library.show_story(slug)
    else:
        texts = extract_texts(message)
        if not texts:
            return success_card(say(NO_TEXT))
        result = await find_story_in_texts(library, texts)
        if not isinstance(result, Answer):
            return no_answer_card(result)
        answer = result
    new_ids = await find_new_developments(interaction, answer.story)
    return story_card(answer, new_ids=new_ids, text_cache=interaction.client.story_texts)


def _get_bot_id(interaction: Interaction) -> int:
    return interaction.client.user.id if interaction.client.user else 0


async def setup(bot: Dealwire) -> None:
    """Add the message command."""
    await bot.add_cog(FindStoryCog(bot))
