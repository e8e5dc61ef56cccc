"""Several developments in one message: what waited, folded, so that an outage does not end in a flood."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from discord import ui

from bot.cards import developments, marks, safe
from bot.cards.budget import Room, units
from bot.cards.card import box, button, menu, row, rule, text
from bot.cards.marks import small
from bot.languages import say_as, say_count
from bot.model.post import Carried, Form, Post
from bot.model.story import Story

_WIDEST = 420
# What a headline keeps when many have grown, and what a story's has beside those that are listed under it.
_LEAST = 60
_LEAST_STORY = 36
_NO_BREAK = "\u00a0"


def _title(post: Post) -> str:
    count = len(post.carried)
    if post.form is Form.DAILY:
        return say_count("The day's digest: {count} development", "The day's digest: {count} developments", count)
    if post.form is Form.WEEKLY:
        return say_count("The week's digest: {count} development", "The week's digest: {count} developments", count)
    return say_count("{count} development since the last post", "{count} developments since the last post", count)


def digest_body(post: Post, custom_id: str, most: int, *also: ui.Button[Any]) -> ui.Container[Any]:
    """Every headline that a digest or a folded post carries, under its story, a menu of the stories, and further buttons."""
    carried = post.carried
    stories = list(dict.fromkeys(entry.story.slug for entry in carried))
    by_slug = {entry.story.slug: entry.story for entry in carried}
    title = safe.heading(_title(post))
    room = most - units(title) - 40
    lines = _lines(carried, room - _LEAST_STORY * len(stories))
    share = max(_LEAST_STORY, (room - sum(units(line) + 1 for line in lines)) // len(stories)) - 12
    parts = [
        _story(by_slug[slug], [line for e, line in zip(carried, lines, strict=True) if e.story.slug == slug], share)
        for slug in stories
    ]
    return box(
        text(title),
        rule(),
        *_texts(parts, room),
        row(button(_opening(len(stories)), custom_id), *also),
        _opener([by_slug[slug] for slug in stories]),
        colour=marks.NEUTRAL,
    )


def _opening(stories: int) -> str:
    return say_as("button", "Full story") if stories == 1 else say_as("button", "First story in full")


def _opener(stories: Sequence[Story]) -> ui.ActionRow[Any] | None:
    if len(stories) == 1:
        return None
    return menu(0, say_as("menu", "Open a story"), map(marks.story_choice, stories))


def _lines(carried: Sequence[Carried], room: int) -> list[str]:
    """A line for each development; headlines are cut only when they have grown since they were folded."""
    lines = [_line(entry, _WIDEST) for entry in carried]
    if sum(units(line) + 1 for line in lines) <= room:
        return lines
    share = max(_LEAST, room // len(carried) - 30)
    return [_line(entry, share) for entry in carried]


def _line(entry: Carried, limit: int) -> str:
    told = developments.title(entry.development, limit, strong=False)
    # Where the line is broken the date stays in one piece, and its dot with it.
    return f"{told} ·{_NO_BREAK}{entry.development.date.display.replace(' ', _NO_BREAK)}"


def _story(story: Story, lines: Sequence[str], share: int) -> str:
    return "\n".join([f"**{safe.line(story.headline, min(share, _WIDEST))}**", *lines])


def _texts(parts: Sequence[str], most: int) -> list[ui.TextDisplay[Any]]:
    """The parts in few text displays, a line apart: a message holds forty components, and a story may be one of many."""
    room = Room(most)
    shown = [part for part in parts if room.take(f"{part}\n")]
    left = len(parts) - len(shown)
    more = [small(say_count("+{count} more story", "+{count} more stories", left))] if left else []
    listed = [*shown, *more]
    return [text("\n\n".join(listed[at : at + 5])) for at in range(0, len(listed), 5)]
