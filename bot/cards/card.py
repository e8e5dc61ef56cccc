"""The parts that every card is made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import discord
from discord import ui

from bot.cards import budget, ids, safe
from bot.languages import number, say, say_as


class Card(ui.LayoutView):
    """A finished layout: it fits one message, and discord.py sends it without keeping it.

    Clicks find their meaning in the ``custom_id`` (:mod:`bot.cards.ids`), so nothing needs to listen to this object.
    Raises OverBudget when it would not fit.
    """

    def __init__(self, *items: ui.Item[Any]) -> None:
        super().__init__(timeout=None)
        for item in items:
            self.add_item(item)
        budget.check(self)
        self.stop()

    def is_finished(self) -> bool:
        """Always: also where no event loop runs, in which ``stop`` has nothing to mark."""
        return True


@dataclass(frozen=True, slots=True)
class Choice:
    """An entry of a menu: its value, and raw texts for what is shown."""

    value: str
    label: str
    description: str = ""


def text(*lines: str) -> ui.TextDisplay[Any]:
    """A text of these safe lines; empty ones are left out."""
    return ui.TextDisplay("\n".join(part for part in lines if part))


def rule() -> ui.Separator[Any]:
    """A thin line between parts."""
    return ui.Separator()


def box(*items: ui.Item[Any] | None, colour: int) -> ui.Container[Any]:
    """A container of the items that are there, with a coloured edge."""
    return ui.Container(*(item for item in items if item is not None), accent_colour=colour)


def button(label: str, custom_id: str, *, primary: bool = False, disabled: bool = False) -> ui.Button[Any]:
    """A button with a raw label."""
    style = discord.ButtonStyle.primary if primary else discord.ButtonStyle.secondary
    shown = safe.plain(label, budget.BUTTON_LIMIT)
    return ui.Button(label=shown, custom_id=custom_id, style=style, disabled=disabled)


def row(*buttons: ui.Button[Any]) -> ui.ActionRow[Any] | None:
    """A row of up to five buttons; None for none."""
    return ui.ActionRow(*buttons) if buttons else None


def turner(page: int, pages: int, previous: str, following: str) -> ui.ActionRow[Any] | None:
    """Previous and Next, the one that leads nowhere greyed out; None where there is but one page."""
    if pages <= 1:
        return None
    first, last = page <= 0, page >= pages - 1
    return ui.ActionRow(
        button(say_as("button", "Previous"), ids.idle(0) if first else previous, disabled=first),
        button(say_as("button", "Next"), ids.idle(1) if last else following, disabled=last),
    )


def page_of(page: int, pages: int) -> str:
    """Which page it is, counted from 0 and shown from 1; empty where there is but one."""
    return say("Page {page} of {pages}", page=number(page + 1), pages=number(pages)) if pages > 1 else ""


def menu(place: int, title: str, choices: Iterable[Choice]) -> ui.ActionRow[Any] | None:
    """A menu of stories, each once; None without any. The title (said already) says how many, and how many of them fit."""
    known: dict[str, Choice] = {}
    for choice in choices:
        known.setdefault(choice.value, choice)
    listed = list(known.values())
    if not listed:
        return None
    shown = listed[: budget.OPTIONS_LIMIT]
    return picker(ids.pick(place), _counted(title, len(shown), len(listed)), shown)


def picker(custom_id: str, placeholder: str, choices: Sequence[Choice]) -> ui.ActionRow[Any] | None:
    """A menu of up to 25 choices, whatever they are; None without any."""
    if not choices:
        return None
    return ui.ActionRow(ui.Select(custom_id=custom_id, placeholder=placeholder, options=_options(choices)))


def _counted(title: str, shown: int, total: int) -> str:
    if shown == total:
        return f"{title} ({number(total)})"
    # Said: on a menu that has room for a part of the stories only
    return say_as("menu", "{title} ({shown} of {total})", title=title, shown=number(shown), total=number(total))


def _options(choices: Sequence[Choice]) -> list[discord.SelectOption]:
    limit = budget.OPTION_TEXT_LIMIT
    return [
        discord.SelectOption(
            value=choice.value,
            label=safe.plain(choice.label, limit),
            description=safe.plain(choice.description, limit) if choice.description else None,
        )
        for choice in choices
    ]
