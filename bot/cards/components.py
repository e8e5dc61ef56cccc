"""The building blocks of every card."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import discord
from discord import ui

from bot.cards import custom_ids, message_limits
from bot.cards.escaping import clean_line
from bot.cards.markdown import add_note
from bot.languages import format_number, say, say_as


class Card(ui.LayoutView):
    """A finished layout that fits into one message. discord.py sends it and does not keep it.

    What a click means is in its ``custom_id`` (:mod:`bot.cards.custom_ids`), so nothing needs to listen to this object.
    Raises MessageTooLarge if Discord would refuse the card.
    """

    def __init__(self, *items: ui.Item[Any]) -> None:
        super().__init__(timeout=None)
        for item in items:
            self.add_item(item)
        message_limits.check_size(self)
        self.stop()

    def is_finished(self) -> bool:
        """Return True always, also without a running event loop, in which ``stop`` has no effect."""
        return True


@dataclass(frozen=True, slots=True)
class MenuChoice:
    """An option of a menu: its value, and raw texts to show."""

    value: str
    label: str
    description: str = ""


def text(*lines: str) -> ui.TextDisplay[Any]:
    """Return a text display of these safe lines, without the empty ones."""
    return ui.TextDisplay("\n".join(line for line in lines if line))


def separator() -> ui.Separator[Any]:
    """Return a thin line between two parts."""
    return ui.Separator()


def container(*items: ui.Item[Any] | None, colour: int) -> ui.Container[Any]:
    """Return a container with a coloured edge, of the items that are not None."""
    return ui.Container(*(item for item in items if item is not None), accent_colour=colour)


def button(
    label: str, custom_id: str, *, primary: bool = False, danger: bool = False, disabled: bool = False
) -> ui.Button[Any]:
    """Return a button with a raw label, cut to the limit. ``danger`` is for what cannot be undone."""
    styles = discord.ButtonStyle
    style = styles.danger if danger else styles.primary if primary else styles.secondary
    short_label = clean_line(label, message_limits.BUTTON_LIMIT)
    return ui.Button(label=short_label, custom_id=custom_id, style=style, disabled=disabled)


def row(*buttons: ui.Button[Any]) -> ui.ActionRow[Any] | None:
    """Return a row of up to five buttons; None for no buttons."""
    return ui.ActionRow(*buttons) if buttons else None


def page_buttons(page: int, pages: int, previous_id: str, next_id: str) -> ui.ActionRow[Any] | None:
    """Return Previous and Next, disabled at the ends; None for a single page."""
    if pages <= 1:
        return None
    is_first, is_last = page <= 0, page >= pages - 1
    return ui.ActionRow(
        button(
            say_as("button", "Previous"),
            custom_ids.PLACEHOLDER.build(index=0) if is_first else previous_id,
            disabled=is_first,
        ),
        button(
            say_as("button", "Next"), custom_ids.PLACEHOLDER.build(index=1) if is_last else next_id, disabled=is_last
        ),
    )


def next_buttons(remaining_count: int | None, custom_id: str) -> list[ui.Button[Any]]:
    """Return the button that opens the next waiting item, with the number of those left; none if nothing waits."""
    if not remaining_count:
        return []
    label = say_as("button", "Next ({count} left)", count=format_number(remaining_count))
    return [button(label, custom_id, primary=True)]


def page_label(page: int, pages: int) -> str:
    """Return ``Page 1 of 3`` for the page with the index 0; empty for a single page."""
    return say("Page {page} of {pages}", page=format_number(page + 1), pages=format_number(pages)) if pages > 1 else ""


def story_menu(index: int, title: str, choices: Iterable[MenuChoice]) -> ui.ActionRow[Any] | None:
    """Return a menu of stories without duplicates; None without any.

    The title gets their number, and how many of them fit.
    """
    by_value: dict[str, MenuChoice] = {}
    for choice in choices:
        by_value.setdefault(choice.value, choice)
    unique_choices = list(by_value.values())
    if not unique_choices:
        return None
    first_choices = unique_choices[: message_limits.OPTION_LIMIT]
    return select_menu(
        custom_ids.STORY_MENU.build(index=index),
        _title_with_count(title, len(first_choices), len(unique_choices)),
        first_choices,
    )


def select_menu(custom_id: str, placeholder: str, choices: Sequence[MenuChoice]) -> ui.ActionRow[Any] | None:
    """Return a menu of up to 25 choices of any kind; None without any."""
    if not choices:
        return None
    return ui.ActionRow(ui.Select(custom_id=custom_id, placeholder=placeholder, options=_select_options(choices)))


def _title_with_count(title: str, shown_count: int, total: int) -> str:
    if shown_count == total:
        return add_note(title, format_number(total))
    # Translators: on a menu that has room for a part of the stories only
    return say_as(
        "menu",
        "{title} ({shown} of {total})",
        title=title,
        shown=format_number(shown_count),
        total=format_number(total),
    )


def _select_options(choices: Sequence[MenuChoice]) -> list[discord.SelectOption]:
    limit = message_limits.OPTION_TEXT_LIMIT
    return [
        discord.SelectOption(
            value=choice.value,
            label=clean_line(choice.label, limit),
            description=clean_line(choice.description, limit) if choice.description else None,
        )
        for choice in choices
    ]
