"""What a place's follows brought since the asker last looked: a card that only the asker sees."""

from __future__ import annotations

import discord

from bot.cards import ids, marks, safe
from bot.cards.card import Card, box, button, menu, page_of, row, rule, text, turner
from bot.cards.listed import news_line
from bot.cards.marks import small
from bot.languages import say, say_as, say_count
from bot.library.answers import CatchUp

_TEXT = 3_500


def catch_up_card(page: CatchUp) -> Card:
    """A page of it, newest first, each development with its story; a menu opens a story."""
    since = say("since {time}", time=discord.utils.format_dt(page.after.at, "f"))
    top = text(safe.heading(say_as("heading", "Catching up")), small(since, _first(page), *_count(page)))
    if not page.news:
        return Card(box(top, text(_nothing(page)), colour=marks.NEUTRAL))
    before, after = (ids.caught_up(at, page.after, page.until) for at in (max(page.page - 1, 0), page.page + 1))
    return Card(
        box(
            top,
            rule(),
            *(text(news_line(line, _TEXT // len(page.news))) for line in page.news),
            rule(),
            turner(page.page, page.pages, before, after),
            menu(0, say_as("menu", "Open a story"), (marks.choice(line.story) for line in page.news)),
            colour=marks.NEUTRAL,
        )
    )


def catch_up_hint() -> Card:
    """What to say where it was typed: a typed answer would be seen by everybody."""
    said = say("`/catchup` is a slash command, for only you see its answer. Or open it here:")
    return Card(
        box(text(said), row(button(say_as("button", "Catch up"), ids.catch_up(), primary=True)), colour=marks.NEUTRAL)
    )


def _first(page: CatchUp) -> str:
    return say("your first look here") if page.is_first else ""


def _count(page: CatchUp) -> list[str]:
    if not page.total:
        return []
    count = say_count("{count} development", "{count} developments", page.total)
    return [count, page_of(page.page, page.pages)]


def _nothing(page: CatchUp) -> str:
    if not page.is_followed:
        return say(
            "Nothing is followed here, so nothing can have come. "
            "`/follow` begins it; `/latest` shows what is new everywhere."
        )
    return say("Nothing new came here. `/latest` shows what is new everywhere.")
