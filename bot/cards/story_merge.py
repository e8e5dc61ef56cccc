"""What the desk is told after two stories were merged, or unmerged."""

from __future__ import annotations

from bot.cards import custom_ids, labels
from bot.cards.components import Card, button, container, row, text
from bot.cards.escaping import escape_line
from bot.languages import say, say_as, say_count
from bot.model.story import Story

_HEADLINE_LIMIT = 300


def merge_card(source: Story, target: Story) -> Card:
    """Return which story was merged into which, with a button that undoes it."""
    message = say_count(
        "**{gone}** was merged into **{story}** (`{slug}`): {count} development moved, with follows and posts. `{former}` still works.",
        "**{gone}** was merged into **{story}** (`{slug}`): {count} developments moved, with follows and posts. `{former}` still works.",
        len(source.developments),
        gone=escape_line(source.headline, _HEADLINE_LIMIT),
        story=escape_line(target.headline, _HEADLINE_LIMIT),
        slug=target.slug,
        former=source.slug,
    )
    return Card(
        container(
            text(message),
            row(button(say_as("button", "Undo"), custom_ids.UNMERGE.build(slug=source.slug))),
            colour=labels.SUCCESS_COLOUR,
        )
    )


def unmerge_card(source: Story, target: Story) -> Card:
    """Return that the two are separate stories again."""
    message = say(
        "**{first}** (`{first_slug}`) and **{second}** (`{second_slug}`) are separate stories again. What was added since stays with the second.",
        first=escape_line(source.headline, _HEADLINE_LIMIT),
        first_slug=source.slug,
        second=escape_line(target.headline, _HEADLINE_LIMIT),
        second_slug=target.slug,
    )
    return Card(container(text(message), colour=labels.NEUTRAL_COLOUR))
