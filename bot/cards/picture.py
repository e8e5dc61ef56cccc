"""Cards with a picture. The same is always said in words too."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import discord
from discord import ui

from bot.cards import custom_ids, labels
from bot.cards.components import Card, button, container, row, story_menu, text
from bot.cards.escaping import escape_line, heading
from bot.cards.markdown import subtext
from bot.cards.stage_progress import kind_and_progress
from bot.languages import say_as, say_count
from bot.model.story import Story

_HEADLINE_LIMIT = 640


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG, the name of its file, and its alt text (at most 1,024 characters, raw)."""

    data: bytes
    name: str
    alt: str

    def to_file(self) -> discord.File:
        """Return a new attachment; discord.py needs one for each message."""
        return discord.File(io.BytesIO(self.data), self.name, description=self.alt)

    def to_gallery(self) -> ui.MediaGallery[Any]:
        """Return the component that shows the attachment in a card."""
        return ui.MediaGallery(discord.MediaGalleryItem(f"attachment://{self.name}", description=self.alt))


def story_timeline_card(story: Story, picture: Picture) -> Card:
    """Return a story's timeline."""
    follow_button = button(say_as("button", "Follow"), custom_ids.FOLLOW.build(slug=story.slug), primary=True)
    return Card(
        container(
            text(heading(escape_line(story.title, _HEADLINE_LIMIT)), kind_and_progress(story)),
            picture.to_gallery(),
            row(
                follow_button,
                button(say_as("button", "Full story"), custom_ids.FULL_STORY.build(slug=story.slug, page=0)),
            ),
            colour=labels.stage_colour(story.stage),
        )
    )


def company_timeline_card(company: str, stories: Sequence[Story], total: int, picture: Picture) -> Card:
    """Return the timeline of a company's stories, with a menu that opens one."""
    count = say_count("{count} story", "{count} stories", total)
    return Card(
        container(
            text(heading(escape_line(company, _HEADLINE_LIMIT)), subtext(count)),
            picture.to_gallery(),
            story_menu(0, say_as("menu", "Open a story"), map(labels.story_choice, stories)),
            colour=labels.NEUTRAL_COLOUR,
        )
    )
