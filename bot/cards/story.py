"""The card of a story: what it is, where it stands, who says so, what happened last."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from discord import ui

from bot.cards import developments, ids, marks, safe
from bot.cards.budget import Room, units
from bot.cards.card import Card, box, button, menu, row, rule, text
from bot.cards.full import full_story, pages_of
from bot.cards.marks import small
from bot.languages import say, say_as, say_count
from bot.library.answers import Answer
from bot.model.story import Development, Dispute, Story, StoryLine

__all__ = ["dispute_lines", "full_story", "heading", "pages_of", "story_card", "thread_card"]

_NEWEST = 4
#: Related stories that get a button; the others are in a menu.
_RELATED = 3
_RELATED_LABEL = 76
_SUMMARY = 900
_PARTIES = 420
_TEXT = 3_950
_LABELS = 6


def story_card(answer: Answer, *, can_follow: bool = True, new: Collection[int] = ()) -> Card:
    """The best match at a glance, a menu of the other matches, and related stories as buttons.

    Shows the newest standing developments; both sides of a dispute stand above them, and are not repeated. What does
    not fit is counted, and one click away in the full story. ``new`` are the numbers of developments that are new to
    the only one who sees the card.
    """
    story = answer.story
    parts = _parts(story, _foot(answer), new)
    return Card(box(*parts, *_actions(answer, can_follow=can_follow), colour=marks.colour(story.stage)))


def thread_card(story: Story, custom_id: str, *also: ui.Button[Any]) -> Card:
    """The card over a story's thread: where it stands now, as in an answer; its first button has this ``custom_id``."""
    foot = small(marks.stands_as_of(story), say("each development is a message in this thread"))
    follow = button(say_as("button", "Follow"), ids.follow(story.slug))
    shown = row(button(say_as("button", "Full story"), custom_id), follow, *also)
    return Card(box(*_parts(story, foot), shown, colour=marks.colour(story.stage)))


def _parts(story: Story, foot: str, new: Collection[int] = ()) -> list[ui.Item[Any] | None]:
    top = [heading(story), marks.kind_and_track(story), marks.new_count(story, new)]
    dispute = dispute_lines(story.dispute)
    about = [safe.block(story.summary, _SUMMARY) if story.summary else "", marks.parties(story, _PARTIES)]
    room = _TEXT - sum(units(part) + 1 for part in [*top, *dispute, *about, foot])
    return [
        text(*top),
        text(*dispute) if dispute else None,
        text(*about) if any(about) else None,
        rule(),
        *(text(part) for part in _newest(story, room, new)),
        text(foot),
    ]


def heading(story: Story) -> str:
    """The headline, large."""
    return safe.heading(safe.line(story.headline, 640))


def dispute_lines(dispute: Dispute | None) -> list[str]:
    """Both sides, the denial first, each with claim, date and sources; nothing where nothing is disputed."""
    if dispute is None:
        return []
    sides = [dispute.denial, *([dispute.claim] if dispute.claim else [])]
    return [say("**⚠ Disputed**"), *map(developments.side, sides)]


def _newest(story: Story, units_left: int, new: Collection[int] = ()) -> list[str]:
    apart = _sides(story.dispute)
    listed = [d for d in reversed(story.standing) if d not in apart]
    room = Room(units_left - 80)
    shown: list[str] = []
    for development in listed[:_NEWEST]:
        part = developments.in_story(story, development, is_new=development.number in new)
        if not room.take(part):
            break
        shown.append(part)
    earlier = len(listed) - len(shown) + story.left_out
    if earlier:
        shown.append(small(_earlier(earlier)))
    if not story.standing:
        shown.append(say("No development stands yet."))
    return shown


def _earlier(count: int) -> str:
    return say_count(
        "+{count} earlier development in the full story", "+{count} earlier developments in the full story", count
    )


def _sides(dispute: Dispute | None) -> Sequence[Development]:
    return () if dispute is None else [side for side in (dispute.denial, dispute.claim) if side]


def _foot(answer: Answer) -> str:
    taken = [
        # Said: of a word of a question that was a slip of the fingers: “nisan” taken as Nissan
        say("“{typed}” taken as {name}", typed=safe.line(typed, 60), name=safe.line(name, 80))
        for typed, name in answer.corrected[:3]
    ]
    why = [_matched(answer.matched), _missing(answer.missing)] if answer.matched else []
    return small(marks.stands_as_of(answer.story), *why, *taken)


def _matched(labels: Sequence[str]) -> str:
    """``Matched: Nissan, talks``; a question of many words is not repeated whole."""
    if len(labels) > _LABELS:
        return say_count(
            "Matched: {words} and {count} more",
            "Matched: {words} and {count} more",
            len(labels) - _LABELS,
            words=_listed(labels),
        )
    # Said: which words of a question a story has
    return say("Matched: {words}", words=_listed(labels)) if labels else ""


def _missing(labels: Sequence[str]) -> str:
    """``Not in it: Honda``."""
    if len(labels) > _LABELS:
        return say_count(
            "Not in it: {words} and {count} more",
            "Not in it: {words} and {count} more",
            len(labels) - _LABELS,
            words=_listed(labels),
        )
    # Said: which words of a question a story has not
    return say("Not in it: {words}", words=_listed(labels)) if labels else ""


def _listed(labels: Sequence[str]) -> str:
    return ", ".join(safe.line(label, 60) for label in labels[:_LABELS])


def _actions(answer: Answer, *, can_follow: bool) -> list[ui.ActionRow[Any] | None]:
    slug = answer.story.slug
    follow = [button(say_as("button", "Follow"), ids.follow(slug), primary=True)] if can_follow else []
    picture = [button(say_as("button", "Timeline"), ids.timeline(slug))] if answer.story.standing else []
    others = [marks.choice(line) for line in answer.others if line.slug != slug]
    known = {slug, *(other.value for other in others)}
    related = list({line.slug: line for line in answer.related if line.slug not in known}.values())
    return [
        row(*follow, button(say_as("button", "Full story"), ids.full(slug, 0)), *picture),
        menu(0, say_as("menu", "Other matches"), others),
        row(*(_related(line) for line in related[:_RELATED])),
        menu(1, say_as("menu", "More related stories"), map(marks.choice, related[_RELATED:])),
    ]


def _related(line: StoryLine) -> ui.Button[Any]:
    return button(f"→ {safe.plain(line.headline, _RELATED_LABEL)}", ids.show(line.slug))
