"""How a story or a development looks in a list: two lines, within a share of the card's room."""

from __future__ import annotations

from bot.cards import developments, marks, safe
from bot.cards.budget import units
from bot.cards.marks import dotted, small
from bot.languages import say
from bot.model.story import NewsLine, StoryLine

_HEADLINE = 260
_NOTE = 110
_OVERHEAD = 60
_LEAST = 45


def story_line(line: StoryLine, share: int, *, with_stage: bool = True) -> str:
    """The headline; below it where the story stands and who is in it. Within ``share`` units (at least 140)."""
    disputed = say("⚠ disputed") if line.disputed else ""
    place = marks.where(line.kind, line.stage) if with_stage else line.kind.label
    stand = dotted(place, disputed, marks.as_of(line.as_of))
    left = share - units(stand) - 12
    shown = safe.line(line.headline, min(max(left, _LEAST), _HEADLINE))
    left -= units(shown)
    names = (safe.line(name, _NOTE) for name in line.parties)
    who = marks.counted(names, left, marks.more_parties, at_most=4) if line.parties and left > _LEAST else ""
    return f"**{shown}**\n{small(stand, who)}"


def news_line(line: NewsLine, share: int) -> str:
    """The development; below it claim, date, its story, its sources. Within ``share`` units (at least 140)."""
    development = line.development
    left = share - _OVERHEAD
    title = developments.title(development, min(_HEADLINE, left * 6 // 10))
    left -= units(title)
    same = line.story.headline == development.headline
    note = "" if same or left < _LEAST else safe.line(line.story.headline, min(_NOTE, left * 6 // 10))
    left -= units(note)
    who = developments.publisher_list(development.sources, left) if left > _LEAST else ""
    return f"{title}\n{small(*developments.meta(development), note, who)}"
