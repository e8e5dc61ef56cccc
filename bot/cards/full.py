"""The whole of a story, over as many pages as it needs. Nothing is left out, and nothing is cut unsaid."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from discord import ui

from bot.cards import developments, ids, marks, safe
from bot.cards.budget import OPTION_TEXT_LIMIT, units
from bot.cards.card import Card, Choice, box, menu, page_of, rule, text, turner
from bot.cards.marks import small
from bot.languages import say, say_as, spoken
from bot.model.story import Development, Story

# A page is filled up to what reads well; only a single longer line (a very long link) may pass that.
_COMFORT = 2_000
_PIECE = 1_600
_BLOCKS = 12
_HEADING = 640
#: Of so many developments the pages take longer to make than to hand on to a thread.
_LONG = 100

_Block = list[str]


def pages_of(story: Story) -> int:
    """How many pages the full story has, at least one."""
    return len(_paged(story, spoken().code))


def full_story(story: Story, page: int, new: frozenset[int] = frozenset()) -> Card:
    """One page of everything known, counted from 0, newest development first; the nearest page where there is no such.

    Retracted developments are struck through, with the reason. ``new`` are the numbers of those that are new to the only
    one who sees the card.
    """
    return _drawn(story, page, _paged(story, spoken().code, new))


async def full_story_beside(story: Story, page: int, new: frozenset[int] = frozenset()) -> Card:
    """As :func:`full_story`; the pages of a long story, which are all made to know how many there are, are made in a thread."""
    if len(story.developments) < _LONG:
        return full_story(story, page, new)
    return _drawn(story, page, await asyncio.to_thread(_paged, story, spoken().code, new))


def _drawn(story: Story, page: int, paged: tuple[_Page, ...]) -> Card:
    at = min(max(page, 0), len(paged) - 1)
    return Card(
        box(
            text(safe.heading(safe.line(story.headline, _HEADING if at == 0 else _HEADING // 2))),
            *_parted(paged[at].blocks),
            rule(),
            text(_foot(story, at, len(paged))),
            turner(at, len(paged), ids.full(story.slug, at - 1), ids.full(story.slug, at + 1)),
            menu(0, say_as("menu", "Related stories"), (_related(slug) for slug in story.related)),
            colour=marks.colour(story.stage),
        )
    )


def _parted(blocks: list[_Block]) -> Iterator[ui.Item[Any]]:
    for block in blocks:
        yield rule()
        yield text(*block)


def _foot(story: Story, page: int, pages: int) -> str:
    return small(marks.stands_as_of(story), page_of(page, pages))


def _related(slug: str) -> Choice:
    return Choice(slug, slug.replace("-", " ")[:OPTION_TEXT_LIMIT].capitalize())


@dataclass(slots=True)
class _Page:
    """Blocks of lines, and the units that they use."""

    blocks: list[_Block] = field(default_factory=list)
    used: int = 0

    def has_room(self, need: int) -> bool:
        """Whether that much fits well, or it is the page's first."""
        return not self.blocks or (self.used + need <= _COMFORT and len(self.blocks) < _BLOCKS)


@lru_cache(maxsize=16)
def _paged(story: Story, _language: str, new: frozenset[int] = frozenset()) -> tuple[_Page, ...]:
    """All pages in a language; kept for a while, because a reader turns them one by one. Not to be changed by who gets them."""
    pages = [_Page()]
    told = (_told(story, d, is_new=d.number in new) for d in reversed(story.developments))
    for block in [_about(story), *told]:
        _add(pages, block)
    return tuple(pages)


def _add(pages: list[_Page], block: _Block) -> None:
    """Put a block on the last page, or on a new one; one that is longer than a page runs on over several."""
    if not pages[-1].has_room(_length(block)):
        pages.append(_Page())
    pages[-1].blocks.append([])
    for line in block:
        page = pages[-1]
        if page.blocks[-1] and page.used + units(line) + 1 > _COMFORT:
            page = _Page(blocks=[[]])
            pages.append(page)
        page.blocks[-1].append(line)
        page.used += units(line) + 1


def _length(lines: Iterable[str]) -> int:
    return sum(units(line) + 1 for line in lines)


def _about(story: Story) -> _Block:
    lines = [marks.kind_and_track(story)]
    if story.dispute:
        lines.append(say("**⚠ Disputed:** a denial stands that no later confirmation has settled."))
    lines += safe.pieces(story.summary, _PIECE) if story.summary else []
    lines += _all_parties(story)
    return [*lines, *([] if story.developments else [say("No development is known yet.")])]


def _all_parties(story: Story) -> list[str]:
    lines: list[str] = []
    for party in story.parties:
        shown = marks.party(party.company, party.role)
        if lines and units(lines[-1]) + units(shown) < _PIECE // 2:
            lines[-1] += f" · {shown}"
        else:
            lines.append(shown)
    return lines


def _told(story: Story, development: Development, *, is_new: bool = False) -> _Block:
    new = say(marks.NEW) if is_new else ""
    return [
        developments.title(development, _HEADING),
        small(new, *developments.meta(development), marks.move(story, development)),
        *_reason(development),
        *(safe.pieces(development.text, _PIECE) if development.text else []),
        *(small(developments.source_in_full(source)) for source in development.sources),
    ]


def _reason(development: Development) -> list[str]:
    if development.stands:
        return []
    first, *rest = safe.pieces(development.why_retracted, _PIECE)
    return [say("**Retracted:** {reason}", reason=first), *rest]
