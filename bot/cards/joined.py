"""What the desk is told when two stories became one, or were parted again."""

from __future__ import annotations

from bot.cards import ids, marks, safe
from bot.cards.card import Card, box, button, row, text
from bot.model.story import Story

_HEADLINE = 300


def joined_card(gone: Story, joined: Story) -> Card:
    """Which story went into which, and the button that takes it back."""
    said = (
        f"**{safe.line(gone.headline, _HEADLINE)}** is part of **{safe.line(joined.headline, _HEADLINE)}** now "
        f"(`{joined.slug}`): {_count(gone)} moved, with follows and posts. `{gone.slug}` still answers."
    )
    return Card(box(text(said), row(button("Undo", ids.part(gone.slug))), colour=marks.GOOD))


def parted_card(parted: Story, stayed: Story) -> Card:
    """That they are two stories again."""
    said = (
        f"**{safe.line(parted.headline, _HEADLINE)}** (`{parted.slug}`) and **{safe.line(stayed.headline, _HEADLINE)}** "
        f"(`{stayed.slug}`) are two stories again. What was added since stays with the second."
    )
    return Card(box(text(said), colour=marks.NEUTRAL))


def _count(story: Story) -> str:
    many = len(story.developments)
    return "1 development" if many == 1 else f"{many} developments"
