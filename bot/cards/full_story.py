"""The whole of a story, over as many pages as it needs. Nothing is omitted, and every cut shows."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from discord import ui

from bot.cards import custom_ids, developments, labels
from bot.cards.components import Card, MenuChoice, container, page_buttons, page_label, separator, story_menu, text
from bot.cards.escaping import escape_line, escape_pieces, heading
from bot.cards.expected_events import event_block
from bot.cards.markdown import subtext
from bot.cards.message_limits import OPTION_TEXT_LIMIT, utf16_length
from bot.cards.stage_progress import kind_and_progress, stage_change_label
from bot.cards.story_texts import former_description_lines
from bot.cards.terms import term_block
from bot.languages import get_language, say, say_as
from bot.model.story import Development, Story
from bot.model.terms import order_terms

# A page is filled up to what reads well; only a single longer line (a very long link) may exceed that.
_PAGE_LIMIT = 2_000
_PIECE_LIMIT = 1_600
_MAX_BLOCKS = 12
_HEADING_LIMIT = 640
#: From this many developments on, making the pages takes longer than handing the work to a thread.
_THREAD_THRESHOLD = 100

_Block = list[str]


def page_count(story: Story) -> int:
    """Return how many pages the full story has; at least one."""
    return len(_paginate(story, get_language().code))


def full_story_card(
    story: Story, page: int, new_ids: frozenset[int] = frozenset(), *, today: date | None = None, remark: str = ""
) -> Card:
    """Return one page, counted from 0, newest development first; if there is no such page, the nearest one.

    Retracted developments are struck through, with the reason. ``new_ids`` are the developments that are new to the
    only reader of the card. Expected events come before the developments, those of the past behind them. ``remark`` is a
    sentence of ours below the headline.
    """
    return _page_card(story, page, _paginate(story, get_language().code, new_ids, today), remark)


async def full_story_card_in_thread(
    story: Story, page: int, new_ids: frozenset[int] = frozenset(), *, today: date | None = None, remark: str = ""
) -> Card:
    """Return :func:`full_story_card`, with the pages of a long story made in a thread.

    One page needs them all, because it shows how many there are.
    """
    if len(story.developments) < _THREAD_THRESHOLD:
        return full_story_card(story, page, new_ids, today=today, remark=remark)
    pages = await asyncio.to_thread(_paginate, story, get_language().code, new_ids, today)
    return _page_card(story, page, pages, remark)


def _page_card(story: Story, page: int, pages: tuple[_Page, ...], remark: str) -> Card:
    page_index = min(max(page, 0), len(pages) - 1)
    title = heading(escape_line(story.title, _HEADING_LIMIT if page_index == 0 else _HEADING_LIMIT // 2))
    return Card(
        container(
            text(title, subtext(remark) if remark else ""),
            *_separate_blocks(pages[page_index].blocks),
            separator(),
            text(_footer(story, page_index, len(pages))),
            page_buttons(
                page_index,
                len(pages),
                custom_ids.FULL_STORY.build(slug=story.slug, page=page_index - 1),
                custom_ids.FULL_STORY.build(slug=story.slug, page=page_index + 1),
            ),
            story_menu(0, say_as("menu", "Related stories"), (_related_choice(slug) for slug in story.related_slugs)),
            colour=labels.stage_colour(story.stage),
        )
    )


def _separate_blocks(blocks: list[_Block]) -> Iterator[ui.Item[Any]]:
    for block in blocks:
        yield separator()
        yield text(*block)


def _footer(story: Story, page: int, total_pages: int) -> str:
    return subtext(labels.as_of_footer(story), page_label(page, total_pages))


def _related_choice(slug: str) -> MenuChoice:
    return MenuChoice(slug, slug.replace("-", " ")[:OPTION_TEXT_LIMIT].capitalize())


@dataclass(slots=True)
class _Page:
    """Blocks of lines, and the units that they use."""

    blocks: list[_Block] = field(default_factory=list)
    units_used: int = 0

    def has_room(self, length: int) -> bool:
        """Return whether this many units fit well, or the page is empty."""
        return not self.blocks or (self.units_used + length <= _PAGE_LIMIT and len(self.blocks) < _MAX_BLOCKS)


@lru_cache(maxsize=16)
def _paginate(
    story: Story, _language: str, new_ids: frozenset[int] = frozenset(), today: date | None = None
) -> tuple[_Page, ...]:
    """Return all pages in a language.

    Callers must not change them: they are cached, because readers turn page after page.
    """
    pages = [_Page()]
    development_blocks = (
        _development_block(story, development, is_new=development.id in new_ids)
        for development in reversed(story.developments)
    )
    term_blocks = [line for term in order_terms(story.terms) for line in term_block(term)]
    open_events = story.open_events
    settled_events = [event for event in story.expected_events if event not in open_events]
    for block in [
        _story_block(story),
        *([term_blocks] if term_blocks else []),
        *(event_block(story, event, today, _PIECE_LIMIT) for event in open_events),
        *development_blocks,
        *(event_block(story, event, today, _PIECE_LIMIT) for event in settled_events),
    ]:
        _add_block(pages, block)
    return tuple(pages)


def _add_block(pages: list[_Page], block: _Block) -> None:
    """Put a block on the last page or on a new one. A block that is longer than a page continues on the next."""
    if not pages[-1].has_room(_block_length(block)):
        pages.append(_Page())
    pages[-1].blocks.append([])
    for line in block:
        page = pages[-1]
        if page.blocks[-1] and page.units_used + utf16_length(line) + 1 > _PAGE_LIMIT:
            page = _Page(blocks=[[]])
            pages.append(page)
        page.blocks[-1].append(line)
        page.units_used += utf16_length(line) + 1


def _block_length(lines: Iterable[str]) -> int:
    return sum(utf16_length(line) + 1 for line in lines)


def _story_block(story: Story) -> _Block:
    lines = [kind_and_progress(story)]
    if story.dispute:
        lines.append(say("**⚠ Disputed:** a denial has not been settled by a later confirmation."))
    lines += former_description_lines(story)
    lines += escape_pieces(story.summary, _PIECE_LIMIT) if story.summary else []
    lines += _party_lines(story)
    return [*lines, *([] if story.developments else [say("No developments yet.")])]


def _party_lines(story: Story) -> list[str]:
    lines: list[str] = []
    for company, roles in story.roles_by_company.items():
        label = labels.party_label(company, roles)
        if lines and utf16_length(lines[-1]) + utf16_length(label) < _PIECE_LIMIT // 2:
            lines[-1] += f" · {label}"
        else:
            lines.append(label)
    return lines


def _development_block(story: Story, development: Development, *, is_new: bool = False) -> _Block:
    new_label = say(labels.NEW_LABEL) if is_new else ""
    return [
        developments.title(development, _HEADING_LIMIT),
        subtext(new_label, *developments.meta(development), stage_change_label(story, development)),
        *_retraction_lines(development),
        *(escape_pieces(development.text, _PIECE_LIMIT) if development.text else []),
        *(subtext(developments.full_source_label(source)) for source in development.sources),
    ]


def _retraction_lines(development: Development) -> list[str]:
    if development.is_valid:
        return []
    first_piece, *other_pieces = escape_pieces(development.localized_retraction_reason, _PIECE_LIMIT)
    return [say("**Retracted:** {reason}", reason=first_piece), *other_pieces]
