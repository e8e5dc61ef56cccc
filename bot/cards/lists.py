"""Lists, a page at a time: of stories, and of the newest developments."""

from __future__ import annotations

from discord import ui

from bot.cards import ids, marks, safe
from bot.cards.budget import OPTIONS_LIMIT
from bot.cards.card import Card, box, menu, rule, text, turner
from bot.cards.company import company_card
from bot.cards.listed import news_line, story_line
from bot.cards.marks import small
from bot.library.answers import NewsFilter, NewsPage, StoryFilter, StoryPage

__all__ = ["company_card", "latest_list", "story_list"]

_TEXT = 3_500


def story_list(page: StoryPage) -> Card:
    """A page of stories, newest first, each with where it stands and who is in it; a menu opens one."""
    chosen = page.chosen
    title = safe.heading("Deals" if chosen.deals_only else "Stories")
    if not page.lines:
        return _empty(title, small(*_filters(chosen)), _no_stories(page))
    shown = page.lines[:OPTIONS_LIMIT]
    return Card(
        box(
            text(
                title,
                small(
                    *_filters(chosen), _count(page.total, *_nouns(chosen), more=page.more), _at(page.page, page.pages)
                ),
            ),
            rule(),
            *(text(story_line(line, _TEXT // len(shown))) for line in shown),
            _rest(len(page.lines) - len(shown)),
            rule(),
            turner(page.page, page.pages, ids.deals(page.page - 1, chosen), ids.deals(page.page + 1, chosen)),
            menu(0, "Open a story", map(marks.choice, shown)),
            colour=marks.NEUTRAL,
        )
    )


def latest_list(page: NewsPage) -> Card:
    """A page of developments, newest first, each with its story and its sources; a menu opens a story."""
    title = safe.heading("Latest developments")
    narrowed = _narrowed(page.chosen)
    if not page.news:
        return _empty(title, small(*narrowed), _no_news(page))
    shown = page.news[:OPTIONS_LIMIT]
    before, after = ids.latest(page.page - 1, page.chosen), ids.latest(page.page + 1, page.chosen)
    count = _count(page.total, "development", "developments", more=page.more)
    return Card(
        box(
            text(title, small(*narrowed, count, _at(page.page, page.pages))),
            rule(),
            *(text(news_line(line, _TEXT // len(shown))) for line in shown),
            _rest(len(page.news) - len(shown)),
            rule(),
            turner(page.page, page.pages, before, after),
            menu(0, "Open a story", (marks.choice(line.story) for line in shown)),
            colour=marks.NEUTRAL,
        )
    )


def _empty(title: str, narrowed: str, sentence: str) -> Card:
    return Card(box(text(title, narrowed), text(sentence), colour=marks.NEUTRAL))


def _filters(chosen: StoryFilter) -> list[str]:
    """What the list was narrowed to, in words."""
    named = [safe.line(chosen.company, 320)] if chosen.company else []
    return [*named, *([chosen.stage.label] if chosen.stage else []), *([chosen.kind.label] if chosen.kind else [])]


def _narrowed(chosen: NewsFilter) -> list[str]:
    named = [safe.line(chosen.company, 320)] if chosen.company else []
    return [*named, *(word.label for word in (chosen.kind, chosen.stage, chosen.claim) if word)]


def _nouns(chosen: StoryFilter) -> tuple[str, str]:
    return ("deal", "deals") if chosen.deals_only else ("story", "stories")


def _no_stories(page: StoryPage) -> str:
    one, many = _nouns(page.chosen)
    if page.total:
        return (
            f"This page is empty: there {_is(page.total, one, many)} on the pages before it. Start again with `/deals`."
        )
    if _filters(page.chosen):
        return f"No {one} matches. Leave out a condition, or see all of them with `/deals`."
    return (
        f"There are no {many} yet. The desk adds one with `/desk publish`, or a folder of them with `dealwire import`."
    )


def _no_news(page: NewsPage) -> str:
    if page.total:
        return "This page is empty. Start again with `/latest`."
    if page.chosen.kind or page.chosen.stage or page.chosen.claim:
        return "No development matches. Leave out a condition, or see everything with `/latest`."
    if page.chosen.company:
        return "Nothing is known of this company yet. `/latest` without a company shows everything."
    return "Nothing has happened yet. The desk adds a development with `/desk publish`."


def _count(total: int, one: str, many: str, *, more: bool = False) -> str:
    """``1 deal``, ``23 deals``; where the rest was not counted, ``more than 10,000 deals``, of which the pages show the newest."""
    return f"{'the newest of more than ' if more else ''}{total:,} {one if total == 1 else many}"


def _is(total: int, one: str, many: str) -> str:
    return f"{'is' if total == 1 else 'are'} {_count(total, one, many)}"


def _at(page: int, pages: int) -> str:
    return f"Page {page + 1} of {pages}" if pages > 1 else ""


def _rest(left: int) -> ui.TextDisplay[ui.LayoutView] | None:
    return text(small(f"+{left} more on this page that one message has no room for")) if left > 0 else None
