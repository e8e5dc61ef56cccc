"""Plans timelines from stories."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.languages import get_language, lazy, say, say_count
from bot.model.dates import PartialDate
from bot.model.story import Development, Story
from bot.model.vocabulary import Claim
from bot.pictures.alt_text import build_label
from bot.pictures.plan import Lane, StageSpan, Timeline, TimelineMark, TimelineNote

#: The most developments with a number and a note; older ones are marks without.
MAX_NOTES = 8
#: The most stories of a company that get a lane.
MAX_LANES = 12
#: The shortest time that a picture spans, in days.
_MIN_DAYS = 90
_MAX_LABEL = 160
#: Replaces a headline in a script that no font has.
HEADLINE_ELSEWHERE = lazy("(its headline is in the full story)")


def plan_story_timeline(story: Story) -> Timeline | None:
    """Return the plan of one story, its newest developments numbered and listed below; None if it has no valid
    development.
    """
    if not story.valid_developments:
        return None
    newest = story.valid_developments[-MAX_NOTES:]
    numbers = {development.key: index + 1 for index, development in enumerate(newest)}
    notes = tuple(
        TimelineNote(
            numbers[d.key], d.claim.value, d.date.display, build_label(d.headline[:_MAX_LABEL], say(HEADLINE_ELSEWHERE))
        )
        for d in newest
    )
    first, last = _find_day_range([story])
    earlier = len(story.valid_developments) - len(newest)
    foot = _build_footer([story], _count_unnumbered(earlier) if earlier else "")
    return Timeline((_build_lane(story, first, last, numbers),), first, last, notes, foot, get_language().code)


def plan_company_timeline(stories: Sequence[Story], total: int) -> Timeline | None:
    """Return the plan of a company's stories as lanes, newest first; None if none has a valid development.

    ``total`` counts all of its stories.
    """
    visible = [story for story in stories if story.valid_developments][:MAX_LANES]
    if not visible:
        return None
    first, last = _find_day_range(visible)
    rest = total - len(visible)
    foot = _build_footer(visible, say_count("+{count} older story", "+{count} older stories", rest) if rest > 0 else "")
    return Timeline(
        tuple(_build_lane(story, first, last, {}) for story in visible), first, last, (), foot, get_language().code
    )


def get_day_range(partial_date: PartialDate, earliest: int) -> tuple[int, int]:
    """Return the first and the last day that a date can mean, as ordinals; ``earliest`` is the first of a bounded one."""
    last = partial_date.last_day.toordinal()
    return (min(earliest, last) if partial_date.is_bounded else partial_date.first_day.toordinal()), last


def _build_lane(story: Story, first: int, last: int, numbers: dict[str, int]) -> Lane:
    marks = tuple(
        TimelineMark(*get_day_range(d.date, first), d.claim.value, numbers.get(d.key, 0), d.date.is_bounded)
        for d in story.valid_developments
    )
    label = build_label(story.title[:_MAX_LABEL], story.slug.replace("-", " ").capitalize())
    return Lane(label, _build_spans(story, first, last), marks, story.is_open, story.dispute is not None)


def _build_spans(story: Story, start: int, end: int) -> tuple[StageSpan, ...]:
    """Return each stage from the first day on which it may have been reached to the first day of the next.

    A stage of which only the latest possible day is known may have been reached as soon as the one before it; the first
    of a story, before the picture's first day. A stage that ends the story ends at once.
    """
    steps = (
        [d for d in story.valid_developments if d.stage and d.claim is not Claim.DENIED] if story.kind.is_deal else []
    )
    changes: list[Development] = []
    for step in steps:
        if not changes or changes[-1].stage is not step.stage:
            changes.append(step)
    day_ranges: list[tuple[int, int]] = []
    for change in changes:
        day_ranges.append(get_day_range(change.date, day_ranges[-1][1] if day_ranges else start))
    spans = []
    for index, change in enumerate(changes):
        first, sure = day_ranges[index]
        end_day = day_ranges[index + 1][0] if index + 1 < len(changes) else end
        if change.stage and not change.stage.is_open and index + 1 == len(changes):
            end_day = sure
        spans.append(StageSpan(first, min(sure, end_day), end_day, change.stage.value if change.stage else ""))
    return tuple(spans)


def _find_day_range(stories: Sequence[Story]) -> tuple[int, int]:
    dates = [development.date for story in stories for development in story.valid_developments]
    days = [day for each in dates for day in get_day_range(each, each.last_day.toordinal())]
    first, last = min(days), max(days)
    missing_days = max(0, _MIN_DAYS - (last - first))
    margin = max(3, (last - first + missing_days) // 25)
    earliest, latest = date.min.toordinal() + 1, date.max.toordinal() - 1
    return max(earliest, first - missing_days // 2 - margin), min(latest, last + missing_days // 2 + margin)


def _count_unnumbered(count: int) -> str:
    # Translators: below a timeline, of developments that have a mark, but no number and no line of text
    return say_count("+{count} earlier, marked without a number", "+{count} earlier, marked without a number", count)


def _build_footer(stories: Sequence[Story], rest: str) -> str:
    newest = max((story.as_of for story in stories if story.as_of), default=None)
    as_of = say("As of {date}", date=newest.without_bound.display) if newest else ""
    return " · ".join(part for part in (as_of, rest) if part)
