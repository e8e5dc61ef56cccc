"""What the desk is told when two stories became one, or were parted again."""

from __future__ import annotations

from bot.cards import ids, marks, safe
from bot.cards.card import Card, box, button, row, text
from bot.languages import say, say_as, say_count
from bot.model.story import Story

_HEADLINE = 300


def joined_card(gone: Story, joined: Story) -> Card:
    """Which story went into which, and the button that takes it back."""
    said = say_count(
        "**{gone}** is part of **{story}** now (`{slug}`): {count} development moved, with follows and posts. "
        "`{former}` still answers.",
        "**{gone}** is part of **{story}** now (`{slug}`): {count} developments moved, with follows and posts. "
        "`{former}` still answers.",
        len(gone.developments),
        gone=safe.line(gone.headline, _HEADLINE),
        story=safe.line(joined.headline, _HEADLINE),
        slug=joined.slug,
        former=gone.slug,
    )
    return Card(box(text(said), row(button(say_as("button", "Undo"), ids.part(gone.slug))), colour=marks.GOOD))


def parted_card(parted: Story, stayed: Story) -> Card:
    """That they are two stories again."""
    said = say(
        "**{first}** (`{first_slug}`) and **{second}** (`{second_slug}`) are two stories again. "
        "What was added since stays with the second.",
        first=safe.line(parted.headline, _HEADLINE),
        first_slug=parted.slug,
        second=safe.line(stayed.headline, _HEADLINE),
        second_slug=stayed.slug,
    )
    return Card(box(text(said), colour=marks.NEUTRAL))
