"""The news from the follows of a channel or a user since a reader's last look. Only that reader sees the card."""

from __future__ import annotations

import discord

from bot.cards import custom_ids, labels
from bot.cards.components import Card, button, container, page_buttons, page_label, row, separator, story_menu, text
from bot.cards.escaping import heading
from bot.cards.lists import news_item
from bot.cards.markdown import subtext
from bot.languages import say, say_as, say_count
from bot.library.answers import CatchUpPage

_TEXT_LIMIT = 3_500


def catch_up_card(page: CatchUpPage) -> Card:
    """Return a page of the news, newest first, with a menu that opens a story."""
    since = say("since {time}", time=discord.utils.format_dt(page.since.at, "f"))
    header = text(
        heading(say_as("heading", "Catching up")),
        subtext(since, _first_time_label(page), *_count_labels(page)),
    )
    if not page.news:
        return Card(container(header, text(_empty_text(page)), colour=labels.NEUTRAL_COLOUR))
    previous_id, next_id = (
        custom_ids.catch_up_page(index, page.since, page.until) for index in (max(page.page - 1, 0), page.page + 1)
    )
    return Card(
        container(
            header,
            separator(),
            *(text(news_item(line, _TEXT_LIMIT // len(page.news))) for line in page.news),
            separator(),
            page_buttons(page.page, page.pages, previous_id, next_id),
            story_menu(0, say_as("menu", "Open a story"), (labels.line_choice(line.story) for line in page.news)),
            colour=labels.NEUTRAL_COLOUR,
        )
    )


def catch_up_hint_card() -> Card:
    """Return the answer to a typed command, which offers a button: a typed answer would be public."""
    message = say("Use `/catchup` as a slash command: only you can see its answer. Or open it here:")
    return Card(
        container(
            text(message),
            row(button(say_as("button", "Catch up"), custom_ids.CATCH_UP.build(), primary=True)),
            colour=labels.NEUTRAL_COLOUR,
        )
    )


def _first_time_label(page: CatchUpPage) -> str:
    return say("your first time here") if page.is_first else ""


def _count_labels(page: CatchUpPage) -> list[str]:
    if not page.total:
        return []
    count = say_count("{count} development", "{count} developments", page.total)
    return [count, page_label(page.page, page.pages)]


def _empty_text(page: CatchUpPage) -> str:
    if not page.has_follows:
        return say(
            "Nothing is followed here, so there is nothing to catch up on. Start with `/follow`; `/latest` shows what is new everywhere."
        )
    return say("Nothing new here. `/latest` shows what is new everywhere.")
