"""The figures of a deal as text: amount, claim, date and sources; every side where sources differ. The desk gets them with a menu."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.cards import custom_ids, developments, labels
from bot.cards.components import Card, MenuChoice, button, container, row, separator, text
from bot.cards.escaping import clean_line, escape_line, escape_pieces, heading, strike_through
from bot.cards.markdown import join_parts, subtext
from bot.cards.message_limits import OPTION_LIMIT, OPTION_TEXT_LIMIT, TextBudget
from bot.languages import format_alternatives, format_list, format_series, say, say_as, say_count
from bot.model.figures import format_amount
from bot.model.story import Story
from bot.model.terms import Term, TermGroup, group_terms, order_terms
from bot.model.vocabulary import Claim

_FIGURE_LIMIT = 160
_SOURCES_LIMIT = 260
_REASON_LIMIT = 1_000
#: Of one name, a card shows the newest so many sides.
_MAX_SIDES = 3
#: Of a list's row.
_ROW_LIMIT = 70
_TEXT_LIMIT = 3_000
_HEADLINE_LIMIT = 300


def term_lines(story: Story, limit: int) -> list[str]:
    """Return the valid figures by name, in at most ``limit`` units; those that do not fit are counted."""
    budget = TextBudget(limit - 60)
    lines: list[str] = []
    shown_count = 0
    groups = group_terms(story.terms)
    for group in groups:
        content = _group_text(group)
        if not budget.reserve(content):
            break
        lines.append(content)
        shown_count += min(len(group.terms), _MAX_SIDES)
    more_count = sum(len(group.terms) for group in groups) - shown_count
    if more_count:
        lines.append(
            subtext(
                say_count(
                    "+{count} more figure in the full story", "+{count} more figures in the full story", more_count
                )
            )
        )
    return lines


def _group_text(group: TermGroup) -> str:
    if len(group.terms) == 1:
        # Translators: the name of a figure of a deal, before the figure
        return say("**{name}:** {figure}", name=group.name.label, figure=_term_text(group.terms[0]))
    sides = [f"> {_term_text(term)}" for term in group.terms[:_MAX_SIDES]]
    heading = (
        # Translators: a figure of a deal of which sources say different things; they follow
        say("**{name}:** sources differ", name=group.name.label)
        if group.is_disputed
        else say("**{name}:**", name=group.name.label)
    )
    return "\n".join([heading, *sides])


def _term_text(term: Term) -> str:
    """Return figure, claim, date and sources in one line."""
    symbol = labels.CLAIM_SYMBOLS[term.claim]
    date = term.date.display if term.date else ""
    return join_parts(
        f"{symbol} {_figure(term)}",
        term.claim.label,
        date,
        developments.source_list(term.sources, _SOURCES_LIMIT),
    )


def _figure(term: Term) -> str:
    return escape_line(term.display, _FIGURE_LIMIT)


def term_block(term: Term) -> list[str]:
    """Return a figure for the full story: everything that is known of it, with all sources; also of a retracted one."""
    figure = _figure(term)
    if not term.is_valid:
        # Translators: the name of a figure of a deal, before the figure
        title = say("**{name}:** {figure}", name=term.name.label, figure=strike_through(figure))
        reason = escape_pieces(term.localized_retraction_reason, _REASON_LIMIT)[0]
        return [title, subtext(say("**Retracted:** {reason}", reason=reason))]
    # Translators: the name of a figure of a deal, before the figure
    title = say("**{name}:** {figure}", name=term.name.label, figure=f"{labels.CLAIM_SYMBOLS[term.claim]} {figure}")
    return [
        title,
        subtext(term.claim.label, term.date.display if term.date else ""),
        *(subtext(developments.full_source_label(source)) for source in term.sources),
    ]


def row_label(terms: Sequence[Term]) -> str:
    """Return the figures of a list's row: ``$69 billion``; both sides where sources differ, and who says so unless a party does."""
    figures = [escape_line(figure, _ROW_LIMIT) for figure in dict.fromkeys(term.display for term in terms)]
    if not figures:
        return ""
    if TermGroup(terms[0].name, tuple(terms)).is_disputed:
        # Translators: figures that sources give for one thing, such as "$60 billion or $69 billion, sources differ"
        return say("{figures}, sources differ", figures=format_alternatives(figures[:_MAX_SIDES]))
    # Translators: a figure that a publisher reports and no party confirms
    reported = say("{figure}, reported", figure=format_list(figures[:_MAX_SIDES]))
    return format_list(figures[:_MAX_SIDES]) if any(term.claim is Claim.CONFIRMED for term in terms) else reported


def term_list_card(story: Story) -> Card:
    """Return the figures of a story, a menu to change one, and a button to add one."""
    lines = term_lines(story, _TEXT_LIMIT) or [
        say("No figures yet. Add the value, the stake, the capacity or the number of jobs.")
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
    return join_parts(state, date, format_series(dict.fromkeys(source.publisher for source in term.sources)))


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
