"""Lists, a page at a time: of stories, and of the newest developments."""

from __future__ import annotations

from discord import ui

from bot.cards import ids, marks, safe
from bot.cards.budget import OPTIONS_LIMIT
from bot.cards.card import Card, box, menu, page_of, rule, text, turner
from bot.cards.company import company_card
from bot.cards.listed import news_line, story_line
from bot.cards.marks import small
from bot.languages import say, say_as, say_count
from bot.library.answers import NewsFilter, NewsPage, StoryFilter, StoryPage

__all__ = ["company_card", "latest_list", "story_list"]

_TEXT = 3_500


def story_list(page: StoryPage) -> Card:
    """A page of stories, newest first, each with where it stands and who is in it; a menu opens one."""
    chosen = page.chosen
    title = safe.heading(say_as("heading", "Deals") if chosen.deals_only else say_as("heading", "Stories"))
    if not page.lines:
        return _empty(title, small(*_filters(chosen)), _no_stories(page))
    shown = page.lines[:OPTIONS_LIMIT]
    return Card(
        box(
            text(title, small(*_filters(chosen), _counted(page), page_of(page.page, page.pages))),
            rule(),
            *(text(story_line(line, _TEXT // len(shown))) for line in shown),
            _rest(len(page.lines) - len(shown)),
            rule(),
            turner(page.page, page.pages, ids.deals(page.page - 1, chosen), ids.deals(page.page + 1, chosen)),
            menu(0, say_as("menu", "Open a story"), map(marks.choice, shown)),
            colour=marks.NEUTRAL,
        )
    )


def latest_list(page: NewsPage) -> Card:
    """A page of developments, newest first, each with its story and its sources; a menu opens a story."""
    title = safe.heading(say_as("heading", "Latest developments"))
    narrowed = _narrowed(page.chosen)
    if not page.news:
        return _empty(title, small(*narrowed), _no_news(page))
    shown = page.news[:OPTIONS_LIMIT]
    before, after = ids.latest(page.page - 1, page.chosen), ids.latest(page.page + 1, page.chosen)
    return Card(
        box(
            text(title, small(*narrowed, _counted_news(page), page_of(page.page, page.pages))),
            rule(),
            *(text(news_line(line, _TEXT // len(shown))) for line in shown),
            _rest(len(page.news) - len(shown)),
            rule(),
            turner(page.page, page.pages, before, after),
            menu(0, say_as("menu", "Open a story"), (marks.choice(line.story) for line in shown)),
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


def _no_stories(page: StoryPage) -> str:
    deals = page.chosen.deals_only
    if page.total:
        return _all_before(page.total, deals=deals)
    if _filters(page.chosen):
        if deals:
            return say("No deal matches. Leave out a condition, or see all of them with `/deals`.")
        return say("No story matches. Leave out a condition, or see all of them with `/deals`.")
    if deals:
        return say(
            "There are no deals yet. "
            "The desk adds one with `/desk publish`, or a folder of them with `dealwire import`."
        )
    return say(
        "There are no stories yet. The desk adds one with `/desk publish`, or a folder of them with `dealwire import`."
    )


def _all_before(total: int, *, deals: bool) -> str:
    """Stories have gone since the page was turned to."""
    if deals:
        return say_count(
            "This page is empty: there is {count} deal on the pages before it. Start again with `/deals`.",
            "This page is empty: there are {count} deals on the pages before it. Start again with `/deals`.",
            total,
        )
    return say_count(
        "This page is empty: there is {count} story on the pages before it. Start again with `/deals`.",
        "This page is empty: there are {count} stories on the pages before it. Start again with `/deals`.",
        total,
    )


def _no_news(page: NewsPage) -> str:
    if page.total:
        return say("This page is empty. Start again with `/latest`.")
    if page.chosen.kind or page.chosen.stage or page.chosen.claim:
        return say("No development matches. Leave out a condition, or see everything with `/latest`.")
    if page.chosen.company:
        return say("Nothing is known of this company yet. `/latest` without a company shows everything.")
    return say("Nothing has happened yet. The desk adds a development with `/desk publish`.")


def _counted(page: StoryPage) -> str:
    """``1 deal``, ``23 deals``; where the rest was not counted, ``more than 10,000 deals``, of which the pages show the newest."""
    if page.chosen.deals_only:
        if page.more:
            return say_count(
                "the newest of more than {count} deal", "the newest of more than {count} deals", page.total
            )
        return say_count("{count} deal", "{count} deals", page.total)
    if page.more:
        return say_count("the newest of more than {count} story", "the newest of more than {count} stories", page.total)
    return say_count("{count} story", "{count} stories", page.total)


def _counted_news(page: NewsPage) -> str:
    if page.more:
        return say_count(
            "the newest of more than {count} development", "the newest of more than {count} developments", page.total
        )
    return say_count("{count} development", "{count} developments", page.total)


def _rest(left: int) -> ui.TextDisplay[ui.LayoutView] | None:
    if left <= 0:
        return None
    return text(
        small(
            say_count(
                "+{count} more on this page that one message has no room for",
                "+{count} more on this page that one message has no room for",
                left,
            )
        )
    )
