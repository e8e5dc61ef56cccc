"""Cards that carry a picture, which is always told in words as well."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import discord
from discord import ui

from bot.cards import ids, marks, safe
from bot.cards.card import Card, box, button, menu, row, text
from bot.cards.marks import small
from bot.languages import say_as, say_count
from bot.model.story import Story

_HEADLINE = 640


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG, the name of its file, and what it shows in words (at most 1,024 characters, raw)."""

    data: bytes
    name: str
    alt: str

    def file(self) -> discord.File:
        """The attachment; a new one for every message."""
        return discord.File(io.BytesIO(self.data), self.name, description=self.alt)

    def gallery(self) -> ui.MediaGallery[Any]:
        """Where it stands in a card."""
        return ui.MediaGallery(discord.MediaGalleryItem(f"attachment://{self.name}", description=self.alt))


def story_timeline_card(story: Story, picture: Picture) -> Card:
    """A story over time."""
    follow = button(say_as("button", "Follow"), ids.follow(story.slug), primary=True)
    return Card(
        box(
            text(safe.heading(safe.line(story.headline, _HEADLINE)), marks.kind_and_track(story)),
            picture.gallery(),
            row(follow, button(say_as("button", "Full story"), ids.full(story.slug, 0))),
            colour=marks.colour(story.stage),
        )
    )


def company_timeline_card(company: str, stories: Sequence[Story], total: int, picture: Picture) -> Card:
    """A company's stories over time, and a menu that opens one."""
    count = say_count("{count} story", "{count} stories", total)
    return Card(
        box(
            text(safe.heading(safe.line(company, _HEADLINE)), small(count)),
            picture.gallery(),
            menu(0, say_as("menu", "Open a story"), map(marks.story_choice, stories)),
            colour=marks.NEUTRAL,
        )
    )
