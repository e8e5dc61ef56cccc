"""Lists of stories and of the newest developments, a page at a time."""

from __future__ import annotations

from discord import ui

from bot.cards import custom_ids, developments, labels
from bot.cards.components import Card, container, page_buttons, page_label, separator, story_menu, text
from bot.cards.escaping import escape_line, heading
from bot.cards.markdown import join_parts, subtext, truncate_list
from bot.cards.message_limits import OPTION_LIMIT, utf16_length
from bot.cards.terms import row_label
from bot.languages import say, say_as, say_count
from bot.library.answers import NewsFilter, NewsPage, StoryFilter, StoryPage
from bot.model.story import DevelopmentListItem, StoryListItem

_TEXT_LIMIT = 3_500
_HEADLINE_LIMIT = 260
#: Of the name of a party, or of the story of a development.
_NAME_LIMIT = 110
#: Reserved for the claim and the date of a development.
_METADATA_LENGTH = 60
#: What is left must be longer than this to be filled with more.
_MIN_LENGTH = 45


def story_list_card(page: StoryPage) -> Card:
    """Return a page of stories, newest first, each with stage and parties, and a menu that opens one."""
    filters = page.story_filter
    title = heading(say_as("heading", "Deals") if filters.deals_only else say_as("heading", "Stories"))
    if not page.lines:
        return _empty_card(title, subtext(*_story_filter_labels(filters)), _no_stories_text(page))
    lines = page.lines[:OPTION_LIMIT]
    return Card(
        container(
            text(
                title,
                subtext(*_story_filter_labels(filters), _story_count_label(page), page_label(page.page, page.pages)),
            ),
            separator(),
            *(text(story_item(line, _TEXT_LIMIT // len(lines))) for line in lines),
            _more_text(len(page.lines) - len(lines)),
            separator(),
            page_buttons(
                page.page,
                page.pages,
                custom_ids.deals(page.page - 1, filters),
                custom_ids.deals(page.page + 1, filters),
            ),
            story_menu(0, say_as("menu", "Open a story"), map(labels.line_choice, lines)),
            colour=labels.NEUTRAL_COLOUR,
        )
    )


def latest_list_card(page: NewsPage) -> Card:
    """Return a page of developments, newest first, each with story and sources, and a menu that opens a story."""
    title = heading(say_as("heading", "Latest developments"))
    filter_labels = _news_filter_labels(page.news_filter)
    if not page.news:
        return _empty_card(title, subtext(*filter_labels), _no_news_text(page))
    lines = page.news[:OPTION_LIMIT]
    previous_id, next_id = (
        custom_ids.latest(page.page - 1, page.news_filter),
        custom_ids.latest(page.page + 1, page.news_filter),
    )
    return Card(
        container(
            text(title, subtext(*filter_labels, _news_count_label(page), page_label(page.page, page.pages))),
            separator(),
            *(text(news_item(line, _TEXT_LIMIT // len(lines))) for line in lines),
            _more_text(len(page.news) - len(lines)),
            separator(),
            page_buttons(page.page, page.pages, previous_id, next_id),
            story_menu(0, say_as("menu", "Open a story"), (labels.line_choice(line.story) for line in lines)),
            colour=labels.NEUTRAL_COLOUR,
        )
    )


def _empty_card(title: str, filters: str, sentence: str) -> Card:
    return Card(container(text(title, filters), text(sentence), colour=labels.NEUTRAL_COLOUR))


def _story_filter_labels(filters: StoryFilter) -> list[str]:
    """Return the filters of the list in words."""
    company_labels = [escape_line(filters.company, 320)] if filters.company else []
    return [
        *company_labels,
        *([filters.stage.label] if filters.stage else []),
        *([filters.kind.label] if filters.kind else []),
    ]


def _news_filter_labels(filters: NewsFilter) -> list[str]:
    company_labels = [escape_line(filters.company, 320)] if filters.company else []
    return [*company_labels, *(facet.label for facet in (filters.kind, filters.stage, filters.claim) if facet)]


def _no_stories_text(page: StoryPage) -> str:
    is_deals_only = page.story_filter.deals_only
    if page.total:
        return _empty_page_text(page.total, is_deals_only=is_deals_only)
    if _story_filter_labels(page.story_filter):
        if is_deals_only:
            return say("No deal matches. Leave out a condition, or see all of them with `/deals`.")
        return say("No story matches. Leave out a condition, or see all of them with `/deals`.")
    if is_deals_only:
        return say(
            "There are no deals yet. "
            "The desk adds one with `/desk publish`, or a folder of them with `dealwire import`."
        )
    return say(
        "There are no stories yet. The desk adds one with `/desk publish`, or a folder of them with `dealwire import`."
    )


def _empty_page_text(total: int, *, is_deals_only: bool) -> str:
    """Return what to say if stories have gone since the reader opened the list."""
    if is_deals_only:
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


def _no_news_text(page: NewsPage) -> str:
    if page.total:
        return say("This page is empty. Start again with `/latest`.")
    if page.news_filter.kind or page.news_filter.stage or page.news_filter.claim:
        return say("No development matches. Leave out a condition, or see everything with `/latest`.")
    if page.news_filter.company:
        return say("No story is about this company. `/company` shows what mentions it, `/latest` shows everything.")
    return say("Nothing has happened yet. The desk adds a development with `/desk publish`.")


def _story_count_label(page: StoryPage) -> str:
    """Return ``23 deals``, or ``the newest of more than 10,000 deals`` if the rest was not counted."""
    if page.story_filter.deals_only:
        if page.has_more:
            return say_count(
                "the newest of more than {count} deal", "the newest of more than {count} deals", page.total
            )
        return say_count("{count} deal", "{count} deals", page.total)
    if page.has_more:
        return say_count("the newest of more than {count} story", "the newest of more than {count} stories", page.total)
    return say_count("{count} story", "{count} stories", page.total)


def _news_count_label(page: NewsPage) -> str:
    if page.has_more:
        return say_count(
            "the newest of more than {count} development", "the newest of more than {count} developments", page.total
        )
    return say_count("{count} development", "{count} developments", page.total)


def _more_text(count: int) -> ui.TextDisplay[ui.LayoutView] | None:
    if count <= 0:
        return None
    return text(
        subtext(
            say_count(
                "+{count} more on this page that do not fit into one message",
                "+{count} more on this page that do not fit into one message",
                count,
            )
        )
    )


def story_item(line: StoryListItem, limit: int, *, with_stage: bool = True) -> str:
    """Return the headline, and below it stage, value and parties, in at most ``limit`` units (at least 140).

    The value is left out if it would take more than half of the space.
    """
    dispute_label = say("⚠ disputed") if line.is_disputed else ""
    label = labels.stage_and_kind(line.kind, line.stage) if with_stage else line.kind.label
    figures = row_label(line.terms)
    figures = figures if utf16_length(figures) < limit // 2 - _MIN_LENGTH else ""
    status = join_parts(label, dispute_label, figures, labels.as_of_label(line.as_of))
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
    """Return a development, and below it claim, date, story and sources, in at most ``limit`` units (at least 140)."""
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
