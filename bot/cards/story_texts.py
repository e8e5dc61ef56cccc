"""The texts of a story's card, apart from what depends on the question; and a cache of them.

Making them takes longer than anything else of a card, and they stay the same until the story, the day or the language changes.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from bot.cards import developments, labels
from bot.cards.escaping import escape_block, escape_line, heading
from bot.cards.expected_events import next_event_lines
from bot.cards.markdown import subtext
from bot.cards.message_limits import utf16_length
from bot.cards.stage_progress import kind_and_progress
from bot.cards.terms import term_lines
from bot.languages import get_language, say
from bot.library.answers import Answer
from bot.model.story import Development, Dispute, Story

_MAX_DEVELOPMENTS = 4
_MAX_EVENTS = 3
_SUMMARY_LIMIT = 900
_PARTIES_LIMIT = 420
_HEADING_LIMIT = 640
_SOURCES_LIMIT = 300
#: For the headline of each side of a dispute, and for its sources.
_DISPUTE_LIMIT = 300
_TERMS_LIMIT = 600
#: Stories whose texts are cached. Those of one take up to 8 kB.
_CACHE_SIZE = 512

#: The slug, its page's revision, the language, the newsroom's day, and the latest day that a development can be dated.
_Key: TypeAlias = tuple[str, int, str, date | None, date | None]


@dataclass(frozen=True, slots=True)
class StoryTexts:
    """The lines of each part of a card; ``developments`` are the newest of those that are not shown above them.

    Attributes:
        development_count: how many could be shown.
    """

    header: list[str]
    dispute: list[str]
    description: list[str]
    figures: list[str]
    developments: list[str]
    development_count: int

    @property
    def length(self) -> int:
        """The units of all parts but the developments."""
        return count_units([*self.header, *self.dispute, *self.description, *self.figures])


class StoryTextCache:
    """The texts of the stories that were shown last."""

    def __init__(self, size: int = _CACHE_SIZE) -> None:
        self._size = size
        self._texts: OrderedDict[_Key, StoryTexts] = OrderedDict()

    def __len__(self) -> int:
        return len(self._texts)

    def get(self, answer: Answer) -> StoryTexts:
        """Return the texts of an answer's story in the current language. Without a revision they are made each time."""
        story = answer.story
        if answer.revision is None:
            return build_story_texts(story, today=answer.today)
        key = (story.slug, answer.revision, get_language().code, answer.today, story.latest_date)
        texts = self._texts.get(key)
        if texts is None:
            texts = self._texts[key] = build_story_texts(story, today=answer.today)
            if len(self._texts) > self._size:
                self._texts.popitem(last=False)
        else:
            self._texts.move_to_end(key)
        return texts


def build_story_texts(
    story: Story, new_ids: Collection[int] = (), today: date | None = None, *, divisor: int = 1
) -> StoryTexts:
    """Return the texts of a story's card. With a ``divisor`` they get that part of the usual room.

    ``new_ids`` are the developments that are new to the only reader of the card.
    """
    limit = _HEADING_LIMIT // divisor
    disputed_developments = _dispute_sides(story.dispute)
    other_developments = [
        development
        for development in reversed(story.valid_developments)
        if development not in disputed_developments and development is not story.title_development
    ]
    return StoryTexts(
        header=[*title_lines(story, limit), kind_and_progress(story), labels.new_count_line(story, new_ids)],
        dispute=dispute_lines(story.dispute, divisor),
        description=[
            *former_description_lines(story, limit),
            escape_block(story.summary, _SUMMARY_LIMIT // divisor) if story.summary else "",
            labels.party_list(story, _PARTIES_LIMIT // divisor),
            *next_event_lines(story, today, max_events=max(1, _MAX_EVENTS // divisor)),
        ],
        figures=term_lines(story, _TERMS_LIMIT // divisor),
        developments=[
            developments.development_lines(story, development, is_new=development.id in new_ids)
            for development in other_developments[:_MAX_DEVELOPMENTS]
        ],
        development_count=len(other_developments),
    )


def title_lines(story: Story, limit: int = _HEADING_LIMIT) -> list[str]:
    """Return the headline as a heading; if it is outdated, the development that stands for the story, with who says so."""
    development = story.title_development
    if development is None:
        return [heading(escape_line(story.headline, limit))]
    sources = developments.source_list(development.sources, _SOURCES_LIMIT)
    return [
        heading(developments.title(development, limit, is_bold=False)),
        subtext(*developments.meta(development), sources),
    ]


def former_description_lines(story: Story, limit: int = _HEADING_LIMIT) -> list[str]:
    """Return what precedes the summary of a story that has left the stage that it was written for: the headline, and a date."""
    if not story.is_description_outdated:
        return []
    as_of = story.described_state.as_of if story.described_state else None
    headline = escape_line(story.headline, limit)
    if as_of is None:
        return [subtext(say("Earlier headline and summary")), f"**{headline}**"]
    date = as_of.without_bound.display
    return [subtext(say("Headline and summary as of {date}", date=date)), f"**{headline}**"]


def dispute_lines(dispute: Dispute | None, divisor: int = 1) -> list[str]:
    """Return both sides, the denial first, each with claim, date and sources; nothing without a dispute.

    They get the usual room divided by ``divisor``.
    """
    if dispute is None:
        return []
    sides = [dispute.denial, *([dispute.counterclaim] if dispute.counterclaim else [])]
    limit = _DISPUTE_LIMIT // divisor
    return [
        say("**⚠ Disputed**"),
        *(developments.dispute_side(side, headline_limit=limit, sources_limit=limit) for side in sides),
    ]


def count_units(parts: Sequence[str]) -> int:
    """Return the units of these lines, with a line break for each."""
    return sum(utf16_length(part) + 1 for part in parts)


def _dispute_sides(dispute: Dispute | None) -> Sequence[Development]:
    return () if dispute is None else [side for side in (dispute.denial, dispute.counterclaim) if side]
