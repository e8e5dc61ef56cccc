"""The values of a story as columns of its tables, derived in one place for every writer, and kinds and stages as readers find them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.model.dates import PartialDate
from bot.model.expected_event import ExpectedEvent
from bot.model.story import DescribedState, Development, Source, Story
from bot.model.vocabulary import Kind, Stage

# Looking up a value in a dictionary takes a fraction of what calling an enum takes.
KINDS = {kind.value: kind for kind in Kind}
STAGES: dict[str | None, Stage | None] = {None: None, **{stage.value: stage for stage in Stage}}


def to_date_sort(date: PartialDate | None) -> int:
    """Return a number that sorts as the date does: 20250816, 20250800, 20250000, 20250831 for a bounded month; 0 for None."""
    if date is None:
        return 0
    year, month, day = date.sort_key
    return year * 10_000 + month * 100 + day


def build_story_columns(story: Story) -> dict[str, Any]:
    """Build the columns of the story table, derived ones included, without slug and times."""
    described = story.described_state or DescribedState(story.stage, story.as_of)
    return {
        "headline": story.headline,
        "summary": story.summary,
        "kind": story.kind.value,
        "stage": story.stage.value if story.stage else None,
        "is_deal": int(story.kind.is_deal),
        "is_open": int(story.is_open),
        "disputed": int(story.dispute is not None),
        "as_of": str(story.as_of or ""),
        "as_of_sort": to_date_sort(story.as_of),
        "described_stage": described.stage.value if described.stage else None,
        "described_as_of": str(described.as_of or ""),
        "current_headline": story.title_development.headline if story.title_development else "",
    }


def build_party_columns(story: Story) -> dict[str, Any]:
    """Build the columns of the party table that repeat those of the story."""
    columns = build_story_columns(story)
    return {name: columns[name] for name in ("is_deal", "is_open", "as_of_sort")}


def build_mention_columns(story: Story) -> dict[str, Any]:
    """Build the columns of the mention table that repeat those of the story."""
    columns = build_story_columns(story)
    return {name: columns[name] for name in ("is_open", "as_of_sort")}


def build_development_columns(development: Development) -> dict[str, Any]:
    """Build the columns of the development table, without ids and times."""
    return {
        "key": development.key,
        "date": str(development.date),
        "date_sort": to_date_sort(development.date),
        "headline": development.headline,
        "text": development.text,
        "claim": development.claim.value,
        "stage": development.stage.value if development.stage else None,
        "retracted": development.retraction_reason,
    }


def build_expected_columns(event: ExpectedEvent, development_id: int | None) -> dict[str, Any]:
    """Build the columns of the table of expected events, without the story's id and times."""
    return {
        "key": event.key,
        "headline": event.headline,
        "date": str(event.date),
        "last_day": to_date_sort(PartialDate.from_date(event.date.last_day)),
        "is_day": int(event.date.day is not None),
        "outcome": event.outcome.value if event.outcome else None,
        "development_id": development_id,
        "reason": event.reason,
    }


def build_source_rows(development_id: int, sources: Sequence[Source]) -> list[dict[str, Any]]:
    """Build the rows of the source table for a development."""
    return [
        {"development_id": development_id, "position": position, **build_source_columns(source)}
        for position, source in enumerate(sources)
    ]


def build_source_columns(source: Source) -> dict[str, str]:
    """Build the columns of a source, without what it is the source of."""
    return {
        "publisher": source.publisher,
        "title": source.title,
        "url": source.url,
        "date": str(source.date or ""),
    }
