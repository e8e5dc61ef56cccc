"""From stories to the plan of a timeline."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import date

from bot.languages import noted, say, say_count, spoken
from bot.model.dates import PartialDate
from bot.model.story import Development, Story
from bot.model.vocabulary import Claim
from bot.pictures.plan import Lane, Mark, Note, Stretch, Timeline
from bot.pictures.words import spelled

#: Developments that get a number and a note; the older ones are marks without.
NOTES = 8
#: Stories of a company that get a lane.
LANES = 12
#: The shortest time that a picture spans, in days.
_SHORTEST = 90
_LONGEST_LABEL = 160
#: Stands for a headline in a script that the picture has no letters for.
ELSEWHERE = noted("(its headline is in the full story)")


def story_timeline(story: Story) -> Timeline | None:
    """One story, its newest developments numbered and told below; None while nothing stands."""
    if not story.standing:
        return None
    told = story.standing[-NOTES:]
    numbers = {development.key: place + 1 for place, development in enumerate(told)}
    notes = tuple(
        Note(numbers[d.key], d.claim.value, d.date.display, spelled(d.headline[:_LONGEST_LABEL], say(ELSEWHERE)))
        for d in told
    )
    first, last = _span([story])
    earlier = len(story.standing) - len(told)
    foot = _foot([story], _unnumbered(earlier) if earlier else "")
    return Timeline((_lane(story, last, numbers),), first, last, notes, foot, spoken().code)


def company_timeline(stories: Sequence[Story], total: int) -> Timeline | None:
    """A company's stories as lanes, newest first; ``total`` counts all of them. None while nothing stands in any."""
    shown = [story for story in stories if story.standing][:LANES]
    if not shown:
        return None
    first, last = _span(shown)
    rest = total - len(shown)
    foot = _foot(shown, say_count("+{count} older story", "+{count} older stories", rest) if rest > 0 else "")
    return Timeline(tuple(_lane(story, last, {}) for story in shown), first, last, (), foot, spoken().code)


def days_of(when: PartialDate) -> tuple[int, int]:
    """The first and the last day that a date can mean, as ordinals."""
    first = date(when.year, when.month or 1, when.day or 1)
    month = when.month or 12
    last = date(when.year, month, when.day or calendar.monthrange(when.year, month)[1])
    return first.toordinal(), last.toordinal()


def _lane(story: Story, end: int, numbers: dict[str, int]) -> Lane:
    marks = tuple(Mark(*days_of(d.date), d.claim.value, numbers.get(d.key, 0)) for d in story.standing)
    label = spelled(story.headline[:_LONGEST_LABEL], story.slug.replace("-", " ").capitalize())
    return Lane(label, _stretches(story, end), marks, story.is_open, story.dispute is not None)


def _stretches(story: Story, end: int) -> tuple[Stretch, ...]:
    """Each stage from the first day it may have been reached to the first day of the next; an ended one ends at once."""
    steps = [d for d in story.standing if d.stage and d.claim is not Claim.DENIED] if story.kind.is_deal else []
    changes: list[Development] = []
    for step in steps:
        if not changes or changes[-1].stage is not step.stage:
            changes.append(step)
    stretches = []
    for place, change in enumerate(changes):
        first, sure = days_of(change.date)
        until = days_of(changes[place + 1].date)[0] if place + 1 < len(changes) else end
        if change.stage and not change.stage.is_open and place + 1 == len(changes):
            until = sure
        stretches.append(Stretch(first, min(sure, until), until, change.stage.value if change.stage else ""))
    return tuple(stretches)


def _span(stories: Sequence[Story]) -> tuple[int, int]:
    days = [day for story in stories for development in story.standing for day in days_of(development.date)]
    first, last = min(days), max(days)
    lacking = max(0, _SHORTEST - (last - first))
    room = max(3, (last - first + lacking) // 25)
    least, most = date.min.toordinal() + 1, date.max.toordinal() - 1
    return max(least, first - lacking // 2 - room), min(most, last + lacking // 2 + room)


def _unnumbered(count: int) -> str:
    # Said: below a timeline, of developments that have a mark, but no number and no line of text
    return say_count("+{count} earlier, marked without a number", "+{count} earlier, marked without a number", count)


def _foot(stories: Sequence[Story], left_out: str) -> str:
    newest = max((story.as_of for story in stories if story.as_of), default=None)
    as_of = say("As of {date}", date=newest.display) if newest else ""
    return " · ".join(part for part in (as_of, left_out) if part)
