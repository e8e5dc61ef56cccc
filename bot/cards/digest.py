"""Several developments in one message: a digest, or what an outage or a cap has folded into one post."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from discord import ui

from bot.cards import developments, labels
from bot.cards.components import button, container, row, separator, story_menu, text
from bot.cards.escaping import escape_line, heading
from bot.cards.markdown import subtext
from bot.cards.message_limits import TextBudget, utf16_length
from bot.languages import say_as, say_count
from bot.model.post import Post, PostItem, PostType
from bot.model.story import Story

_HEADLINE_LIMIT = 420
# The least that is left of a headline if many have grown, and of a story's own headline above them.
_MIN_HEADLINE = 60
_MIN_STORY_HEADLINE = 36
_NO_BREAK_SPACE = "\u00a0"


def _title(post: Post) -> str:
    count = len(post.items)
    if post.post_type is PostType.DAILY:
        return say_count("The day's digest: {count} development", "The day's digest: {count} developments", count)
    if post.post_type is PostType.WEEKLY:
        return say_count("The week's digest: {count} development", "The week's digest: {count} developments", count)
    return say_count("{count} development since the last post", "{count} developments since the last post", count)


def digest_body(post: Post, custom_id: str, limit: int, *extra_buttons: ui.Button[Any]) -> ui.Container[Any]:
    """Return every headline of a digest or a folded post under its story.

    The first button has ``custom_id``; ``extra_buttons`` follow it. A menu opens the stories.
    """
    carried = post.items
    stories = list(dict.fromkeys(entry.story.slug for entry in carried))
    by_slug = {entry.story.slug: entry.story for entry in carried}
    title = heading(_title(post))
    units_left = limit - utf16_length(title) - 40
    lines = _development_lines(carried, units_left - _MIN_STORY_HEADLINE * len(stories))
    share = max(_MIN_STORY_HEADLINE, (units_left - sum(utf16_length(line) + 1 for line in lines)) // len(stories)) - 12
    parts = [
        _story_text(
            by_slug[slug], [line for entry, line in zip(carried, lines, strict=True) if entry.story.slug == slug], share
        )
        for slug in stories
    ]
    return container(
        text(title),
        separator(),
        *_text_items(parts, units_left),
        row(button(_full_story_label(len(stories)), custom_id), *extra_buttons),
        _story_menu([by_slug[slug] for slug in stories]),
        colour=labels.NEUTRAL_COLOUR,
    )


def _full_story_label(story_count: int) -> str:
    return say_as("button", "Full story") if story_count == 1 else say_as("button", "First story in full")


def _story_menu(stories: Sequence[Story]) -> ui.ActionRow[Any] | None:
    if len(stories) == 1:
        return None
    return story_menu(0, say_as("menu", "Open a story"), map(labels.story_choice, stories))


def _development_lines(carried: Sequence[PostItem], limit: int) -> list[str]:
    """Return a line for each development. Headlines are cut only if they have grown since they were folded."""
    lines = [_development_line(entry, _HEADLINE_LIMIT) for entry in carried]
    if sum(utf16_length(line) + 1 for line in lines) <= limit:
        return lines
    share = max(_MIN_HEADLINE, limit // len(carried) - 30)
    return [_development_line(entry, share) for entry in carried]


def _development_line(entry: PostItem, limit: int) -> str:
    title = developments.title(entry.development, limit, is_bold=False)
    # A line break must not split the date, nor separate it from its dot.
    return f"{title} ·{_NO_BREAK_SPACE}{entry.development.date.display.replace(' ', _NO_BREAK_SPACE)}"


def _story_text(story: Story, lines: Sequence[str], share: int) -> str:
    return "\n".join([f"**{escape_line(story.headline, min(share, _HEADLINE_LIMIT))}**", *lines])


def _text_items(parts: Sequence[str], limit: int) -> list[ui.TextDisplay[Any]]:
    """Return the parts in few text displays, separated by empty lines: a message holds only 40 components."""
    budget = TextBudget(limit)
    fitting_parts = [part for part in parts if budget.reserve(f"{part}\n")]
    more_count = len(parts) - len(fitting_parts)
    more_lines = [subtext(say_count("+{count} more story", "+{count} more stories", more_count))] if more_count else []
    blocks = [*fitting_parts, *more_lines]
    return [text("\n\n".join(blocks[start : start + 5])) for start in range(0, len(blocks), 5)]
