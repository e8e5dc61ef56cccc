"""How a story or a development looks in a list: two lines, within a share of the card's room."""

from __future__ import annotations

from bot.cards import developments, labels
from bot.cards.escaping import escape_line
from bot.cards.markdown import join_parts, subtext, truncate_list
from bot.cards.message_limits import utf16_length
from bot.languages import say
from bot.model.story import DevelopmentListItem, StoryListItem

_HEADLINE_LIMIT = 260
_NAME_LIMIT = 110
_METADATA_LENGTH = 60
_MIN_LENGTH = 45


def story_item(line: StoryListItem, limit: int, *, with_stage: bool = True) -> str:
    """The headline; below it where the story stands and who is in it. Within ``share`` units (at least 140)."""
    dispute_label = say("⚠ disputed") if line.is_disputed else ""
    label = labels.stage_and_kind(line.kind, line.stage) if with_stage else line.kind.label
    status = join_parts(label, dispute_label, labels.as_of_label(line.as_of))
    units_left = limit - utf16_length(status) - 12
    headline = escape_line(line.headline, min(max(units_left, _MIN_LENGTH), _HEADLINE_LIMIT))
    units_left -= utf16_length(headline)
    names = (escape_line(name, _NAME_LIMIT) for name in line.parties)
    parties = (
        truncate_list(names, units_left, labels.more_parties_label, max_items=4)
        if line.parties and units_left > _MIN_LENGTH
        else ""
    )
    return f"**{headline}**\n{subtext(status, parties)}"


def news_item(line: DevelopmentListItem, limit: int) -> str:
    """The development; below it claim, date, its story, its sources. Within ``share`` units (at least 140)."""
    development = line.development
    units_left = limit - _METADATA_LENGTH
    title = developments.title(development, min(_HEADLINE_LIMIT, units_left * 6 // 10))
    units_left -= utf16_length(title)
    is_same_headline = line.story.headline == development.headline
    story_headline = (
        ""
        if is_same_headline or units_left < _MIN_LENGTH
        else escape_line(line.story.headline, min(_NAME_LIMIT, units_left * 6 // 10))
    )
    units_left -= utf16_length(story_headline)
    publishers = developments.publisher_list(development.sources, units_left) if units_left > _MIN_LENGTH else ""
    return f"{title}\n{subtext(*developments.meta(development), story_headline, publishers)}"
