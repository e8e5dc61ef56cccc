"""The card of a company: its names, its stories by where they stand, what happened last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from discord import ui

from bot.cards import ids, marks, safe
from bot.cards.budget import OPTIONS_LIMIT, units
from bot.cards.card import Card, box, button, menu, row, rule, text
from bot.cards.listed import news_line, story_line
from bot.cards.marks import small
from bot.cards.picture import Picture
from bot.languages import say, say_as, say_count
from bot.library.answers import CompanyPage
from bot.model.company import Company
from bot.model.story import NewsLine, StoryLine
from bot.model.vocabulary import TRACK

_STORIES = 2_250
_NEWS = 3
_NEWS_SHARE = 320
_ALIASES = 360
_STORY_LONGEST = 300


def company_card(page: CompanyPage, picture: Picture | None = None, remark: str = "") -> Card:
    """Who it is, who it deals with, its open deals in the order of their stages, those that ended, its other stories, its
    newest news. ``remark`` is a sentence of ours on the picture.
    """
    shown = page.stories[:OPTIONS_LIMIT]
    timeline = row(button(say_as("button", "Timeline"), ids.lanes(page.company.name))) if shown else None
    return Card(
        box(
            text(safe.heading(safe.line(page.company.name, 320)), *_names(page.company)),
            picture.gallery() if picture else None,
            text(small(remark)) if remark else None,
            rule(),
            *(_stories(shown) if shown else [text(_nothing())]),
            _rest(page.total - len(shown), more=page.more),
            *_news(page.news[:_NEWS]),
            timeline,
            menu(0, say_as("menu", "Open a story"), map(marks.choice, shown)),
            colour=marks.NEUTRAL,
        )
    )


def _names(company: Company) -> list[str]:
    aliases = [safe.line(alias, 320) for alias in company.aliases]
    # Said: of a company: its other names
    also = say("Also {names}", names=marks.counted(aliases, _ALIASES, _more_names)) if aliases else ""
    country = say("Country {country}", country=safe.line(company.country, 40)) if company.country else ""
    ticker = say("Ticker {ticker}", ticker=safe.line(company.ticker, 80)) if company.ticker else ""
    return [small(also), small(country, ticker)]


def _more_names(count: int) -> str:
    return say_count("+{count} more name", "+{count} more names", count)


def _stories(lines: Sequence[StoryLine]) -> Iterator[ui.TextDisplay[ui.LayoutView]]:
    room = min(_STORIES // len(lines), _STORY_LONGEST)
    for title, members in _groups(lines):
        share = max(room - units(title) // len(members) - 6, 80)
        yield text(small(f"**{title}**"), *(story_line(m, share, with_stage=not m.is_open) for m in members))


def _groups(lines: Sequence[StoryLine]) -> Iterator[tuple[str, list[StoryLine]]]:
    """Every story once: open deals by stage, deals of no known stage, ended deals, the rest."""
    deals = [line for line in lines if line.kind.is_deal]
    groups = [(stage.label, [line for line in deals if line.stage is stage]) for stage in TRACK if stage.is_open]
    groups += [
        (say("Stage not known"), [line for line in deals if line.stage is None]),
        (say_as("deals", "Ended"), [line for line in deals if line.stage and not line.stage.is_open]),
        (say("Other stories"), [line for line in lines if not line.kind.is_deal]),
    ]
    return ((title, members) for title, members in groups if members)


def _news(news: Sequence[NewsLine]) -> Iterator[ui.Item[ui.LayoutView]]:
    if news:
        yield rule()
        yield text(small(say("**Newest developments**")))
        yield from (text(news_line(line, _NEWS_SHARE)) for line in news)


def _nothing() -> str:
    return say("No story names this company yet. Follow it with `/follow` to hear of the first.")


def _rest(left: int, *, more: bool) -> ui.TextDisplay[ui.LayoutView] | None:
    if left <= 0:
        return None
    return text(small(_older_than_many(left) if more else _older(left)))


def _older(left: int) -> str:
    return say_count(
        "+{count} older story: `/deals company:`, `/latest company:`",
        "+{count} older stories: `/deals company:`, `/latest company:`",
        left,
    )


def _older_than_many(left: int) -> str:
    return say_count(
        "+more than {count} older story: `/deals company:`, `/latest company:`",
        "+more than {count} older stories: `/deals company:`, `/latest company:`",
        left,
    )
