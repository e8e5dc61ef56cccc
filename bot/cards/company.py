"""The card of a company: names, stories by stage, newest developments, stories that mention it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from discord import ui

from bot.cards import custom_ids, labels
from bot.cards.components import Card, button, container, row, separator, story_menu, text
from bot.cards.escaping import escape_line, heading
from bot.cards.lists import news_item, story_item
from bot.cards.markdown import subtext, truncate_list
from bot.cards.message_limits import OPTION_LIMIT, utf16_length
from bot.cards.picture import Picture
from bot.languages import say, say_as, say_count
from bot.library.answers import CompanyPage
from bot.model.company import Company
from bot.model.story import DevelopmentListItem, StoryListItem
from bot.model.vocabulary import STAGE_ORDER

_STORIES_LIMIT = 1_900
_NEWS_COUNT = 3
_NEWS_ITEM_LIMIT = 260
_ALIASES_LIMIT = 360
_STORY_ITEM_LIMIT = 300
_MENTION_ITEM_LIMIT = 160


def company_card(page: CompanyPage, picture: Picture | None = None, remark: str = "") -> Card:
    """Return the card of a company.

    It has open deals in the order of their stages, ended deals, other stories, the newest developments, and then the stories
    that only mention the company.

    ``remark`` is a sentence of ours about the picture.
    """
    stories = page.stories[: OPTION_LIMIT - len(page.mentions)]
    name = page.company.name
    timeline_buttons = [button(say_as("button", "Timeline"), custom_ids.company_timeline(name))] if stories else []
    follow_button = button(say_as("button", "Follow"), custom_ids.follow_company(name), primary=True)
    return Card(
        container(
            text(heading(escape_line(page.company.name, 320)), *_name_lines(page.company)),
            picture.to_gallery() if picture else None,
            text(subtext(remark)) if remark else None,
            separator(),
            *(_story_groups(stories) if stories else [text(_no_stories_text(page))]),
            _older_stories_text(page.total - len(stories), is_minimum=page.has_more),
            *_news_items(page.news[:_NEWS_COUNT]),
            *_mention_items(page),
            row(follow_button, *timeline_buttons),
            story_menu(0, say_as("menu", "Open a story"), map(labels.line_choice, (*stories, *page.mentions))),
            colour=labels.NEUTRAL_COLOUR,
        )
    )


def _name_lines(company: Company) -> list[str]:
    aliases = [escape_line(alias, 320) for alias in company.aliases]
    # Translators: of a company: its other names
    alias_label = (
        say("Also {names}", names=truncate_list(aliases, _ALIASES_LIMIT, _more_names_label)) if aliases else ""
    )
    country = say("Country {country}", country=escape_line(company.country, 40)) if company.country else ""
    ticker = say("Ticker {ticker}", ticker=escape_line(company.ticker, 80)) if company.ticker else ""
    return [subtext(alias_label), subtext(country, ticker)]


def _more_names_label(count: int) -> str:
    return say_count("+{count} more name", "+{count} more names", count)


def _story_groups(lines: Sequence[StoryListItem]) -> Iterator[ui.TextDisplay[ui.LayoutView]]:
    item_limit = min(_STORIES_LIMIT // len(lines), _STORY_ITEM_LIMIT)
    for title, members in _group_by_stage(lines):
        share = max(item_limit - utf16_length(title) // len(members) - 6, 80)
        yield text(
            subtext(f"**{title}**"), *(story_item(story, share, with_stage=not story.is_open) for story in members)
        )


def _group_by_stage(lines: Sequence[StoryListItem]) -> Iterator[tuple[str, list[StoryListItem]]]:
    """Put each story into one group: open deals by stage, deals without a known stage, ended deals, other stories."""
    deals = [line for line in lines if line.kind.is_deal]
    groups = [(stage.label, [line for line in deals if line.stage is stage]) for stage in STAGE_ORDER if stage.is_open]
    groups += [
        (say("Stage unknown"), [line for line in deals if line.stage is None]),
        (say_as("deals", "Ended"), [line for line in deals if line.stage and not line.stage.is_open]),
        (say("Other stories"), [line for line in lines if not line.kind.is_deal]),
    ]
    return ((title, members) for title, members in groups if members)


def _news_items(news: Sequence[DevelopmentListItem]) -> Iterator[ui.Item[ui.LayoutView]]:
    if news:
        yield separator()
        yield text(subtext(say("**Newest developments**")))
        yield from (text(news_item(line, _NEWS_ITEM_LIMIT)) for line in news)


def _mention_items(page: CompanyPage) -> Iterator[ui.Item[ui.LayoutView]]:
    """Yield the stories that mention the company, with a count of those that are not listed."""
    if page.mentions:
        yield separator()
        # Translators: above a list of stories that name a company, but are not about it
        yield text(
            subtext(say("**Mentioned in**")), *(story_item(story, _MENTION_ITEM_LIMIT) for story in page.mentions)
        )
        more_count = page.mention_total - len(page.mentions)
        if more_count > 0:
            yield text(subtext(_more_mentions_label(more_count)))


def _more_mentions_label(count: int) -> str:
    return say_count("+{count} more story mentions it", "+{count} more stories mention it", count)


def _no_stories_text(page: CompanyPage) -> str:
    if page.mentions:
        return say("No story is about this company yet. Follow it to hear about the first one.")
    return say("No story names this company yet. Follow it to hear about the first one.")


def _older_stories_text(count: int, *, is_minimum: bool) -> ui.TextDisplay[ui.LayoutView] | None:
    if count <= 0:
        return None
    return text(subtext(_older_minimum_label(count) if is_minimum else _older_label(count)))


def _older_label(count: int) -> str:
    return say_count(
        "+{count} older story: `/deals company:`, `/latest company:`",
        "+{count} older stories: `/deals company:`, `/latest company:`",
        count,
    )


def _older_minimum_label(count: int) -> str:
    return say_count(
        "more than {count} older story: `/deals company:`, `/latest company:`",
        "more than {count} older stories: `/deals company:`, `/latest company:`",
        count,
    )
