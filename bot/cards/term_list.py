"""The terms of a story for the desk: to look over, add, change and remove. All that is shown is what readers see."""

from __future__ import annotations

from typing import Any

import discord
from discord import ui

from bot.cards import custom_ids, labels
from bot.cards.components import Card, MenuChoice, button, container, row, separator, text
from bot.cards.escaping import clean_line, escape_line, heading
from bot.cards.markdown import join_parts, subtext
from bot.cards.message_limits import OPTION_LIMIT, OPTION_TEXT_LIMIT
from bot.cards.terms import term_block, term_lines
from bot.languages import say, say_as
from bot.model.figures import format_amount
from bot.model.story import Story
from bot.model.terms import Term, order_terms

_TEXT_LIMIT = 3_000
_HEADLINE_LIMIT = 300


def term_list_card(story: Story) -> Card:
    """Return the figures of a story, a menu to change one, and a button to add one."""
    lines = term_lines(story, _TEXT_LIMIT) or [
        say("No figures yet. Add the value, the stake, the capacity or the jobs.")
    ]
    add_button = button(
        say_as("button", "Add a figure"), custom_ids.TERMS.build(action="add", slug=story.slug), primary=True
    )
    return Card(
        container(
            text(
                heading(escape_line(story.headline, _HEADLINE_LIMIT)), subtext(say("Terms: the figures of this deal"))
            ),
            separator(),
            text(*lines),
            _term_menu(story),
            row(add_button),
            colour=labels.NEUTRAL_COLOUR,
        )
    )


def _term_menu(story: Story) -> ui.ActionRow[Any] | None:
    choices = [
        MenuChoice(str(term.id), f"{term.name.label}: {term.display}", _describe(term))
        for term in order_terms(story.terms)
    ]
    if not choices:
        return None
    options = [
        discord.SelectOption(
            label=clean_line(choice.label, OPTION_TEXT_LIMIT),
            value=choice.value,
            description=clean_line(choice.description, OPTION_TEXT_LIMIT),
        )
        for choice in choices[:OPTION_LIMIT]
    ]
    menu: ui.Select[Any] = ui.Select(
        custom_id=custom_ids.TERM_MENU.build(slug=story.slug),
        placeholder=say_as("menu", "Change or remove a figure"),
        options=options,
    )
    return ui.ActionRow(menu)


def _describe(term: Term) -> str:
    date = term.date.display if term.date else ""
    state = term.claim.label if term.is_valid else say("Retracted")
    return join_parts(state, date, ", ".join(dict.fromkeys(source.publisher for source in term.sources)))


def term_card(story: Story, term: Term, outcome: str = "") -> Card:
    """Return a figure as it was understood, with buttons to change or remove it. ``outcome`` says what was just done."""
    if term.is_valid:
        change = button(say_as("button", "Change"), custom_ids.TERM.build(action="edit", term_id=term.id))
        remove = button(say_as("button", "Remove"), custom_ids.TERM.build(action="remove", term_id=term.id))
        buttons = [change, remove]
    else:
        buttons = [button(say_as("button", "Undo"), custom_ids.TERM.build(action="restore", term_id=term.id))]
    more = button(say_as("button", "All figures"), custom_ids.TERMS.build(action="show", slug=story.slug))
    # Translators: how a figure that was typed is stored: in digits, with the code of its unit
    digits = say("Stored as {figure}", figure=escape_line(f"{format_amount(term.amount)} {term.unit}", 100))
    return Card(
        container(
            text(outcome, subtext(f"**{escape_line(story.headline, _HEADLINE_LIMIT)}**")),
            separator(),
            text(*term_block(term)[:12]),
            text(subtext(digits)),
            row(*buttons, more),
            colour=labels.SUCCESS_COLOUR if outcome else labels.NEUTRAL_COLOUR,
        )
    )
