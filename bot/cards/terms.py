"""The figures of a deal as text: amount, claim, date and sources; every side where sources differ."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards import developments, labels
from bot.cards.escaping import escape_line, escape_pieces, strike_through
from bot.cards.markdown import join_parts, subtext
from bot.cards.message_limits import TextBudget
from bot.languages import format_alternatives, format_list, say, say_count
from bot.model.story import Story
from bot.model.terms import Term, TermGroup, group_terms
from bot.model.vocabulary import Claim

_FIGURE_LIMIT = 160
_SOURCES_LIMIT = 260
_REASON_LIMIT = 1_000
#: Of one name, a card shows the newest so many sides.
_MAX_SIDES = 3
#: Of a list's row.
_ROW_LIMIT = 70


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
