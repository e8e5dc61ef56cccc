"""What the newsroom has set aside because it failed: the article, the reason, and a way to try it again or to drop it."""

from __future__ import annotations

from typing import Any

from discord import ui

from bot.cards import ids, marks, safe
from bot.cards.card import Card, box, button, row, rule, text, turner
from bot.cards.marks import dotted, small
from bot.cards.review import article_title, decision_line
from bot.languages import number, restated, say, say_as, say_count
from bot.model.article import Article
from bot.model.failure import Failure
from bot.model.review import Review

_REASON = 300


def set_aside_card(failure: Failure, place: tuple[int, int] | None = None, *, plain: bool = False) -> Card:
    """An article that could not be processed. ``place`` says which of how many it is, counted from 0.

    A ``plain`` card repeats nothing that the article says: Discord refuses some words of others.
    """
    at, count = place or (0, 1)
    return Card(
        box(
            text(small(say("{place} of {count} set aside, oldest first", place=number(at + 1), count=number(count))))
            if count > 1
            else None,
            text(safe.heading(say("An article was set aside"))) if plain else _article(failure.article),
            rule(),
            text(_trouble(failure), small(_since(failure))),
            row(*_choices(failure, count)),
            turner(at, count, ids.aside("page", at - 1), ids.aside("page", at + 1)),
            colour=marks.ALERT,
        )
    )


def tried_again_card(failure: Failure, editor: str, left: int | None = None) -> Card:
    """That an editor (a mention) has it tried again; ``left`` says how much more is set aside, for a list of one's own."""
    return _decided(failure, dotted(say("**Will be tried again**"), say("by {editor}", editor=editor)), left)


def dropped_card(failure: Failure, editor: str, left: int | None = None) -> Card:
    """That an editor (a mention) has dropped it."""
    return _decided(failure, dotted(say("**Dropped**"), say("by {editor}", editor=editor)), left)


def all_tried_again_card(count: int) -> Card:
    """That everything that was set aside is tried again."""
    told = say_count("{count} article will be tried again.", "{count} articles will be tried again.", count)
    return Card(box(text(told), colour=marks.NEUTRAL))


def plain_review_card(
    review: Review, reason: str, failure: Failure | None = None, place: tuple[int, int] | None = None
) -> Card:
    """A review whose card cannot be shown, for that reason. It repeats nothing that the article says.

    ``failure`` is what is kept about that; ``place`` says which of how many it is in the queue, counted from 0.
    """
    at, count = place or (0, 1)
    if not review.waits:
        undo = button(say_as("button", "Undo"), ids.review("undo", review.number))
        return Card(box(text(decision_line(review, None)), row(_look(review), undo), colour=marks.NEUTRAL))
    return Card(
        box(
            text(safe.heading(say("An article is waiting for a decision"))),
            text(
                say("It cannot be shown here: {reason}", reason=safe.line(restated(reason), _REASON)),
                small(_since(failure)) if failure else "",
            ),
            row(
                _look(review, primary=True),
                *([button(say_as("button", "Try again"), ids.aside("retry", failure.number))] if failure else []),
                button(say_as("button", "Not news"), ids.review("dismiss", review.number)),
            ),
            turner(at, count, ids.queue(at - 1), ids.queue(at + 1)),
            colour=marks.ALERT,
        )
    )


def _look(review: Review, *, primary: bool = False) -> ui.Button[Any]:
    return button(say_as("button", "Show the article"), ids.review("show", review.number), primary=primary)


def _decided(failure: Failure, decision: str, left: int | None) -> Card:
    following = say_as("button", "Next ({count} left)", count=number(left or 0))
    on = [button(following, ids.aside("page", 0), primary=True)] if left else []
    return Card(box(text(decision), _article(failure.article), row(*on), colour=marks.NEUTRAL))


def _article(article: Article) -> ui.TextDisplay[Any]:
    when = f"<t:{int(article.published.timestamp())}:f>"
    return text(safe.heading(article_title(article)), small(safe.line(article.publisher, 80), when))


def _trouble(failure: Failure) -> str:
    reason = safe.line(restated(failure.reason), _REASON)
    if failure.review is not None:
        return say("It cannot be shown in the desk's channel: {reason}", reason=reason)
    return say_count(
        "It could not be processed in {count} attempt. The last error: {reason}",
        "It could not be processed in {count} attempts. The last error: {reason}",
        failure.attempts,
        reason=reason,
    )


def _since(failure: Failure) -> str:
    # Said: time is relative: 5 minutes ago
    return say("set aside {time}", time=marks.ago(failure.set_aside_at)) if failure.set_aside_at else ""


def _choices(failure: Failure, count: int) -> list[ui.Button[Any]]:
    everything = say_as("button", "Try all {count} again", count=number(count))
    return [
        button(say_as("button", "Try again"), ids.aside("retry", failure.number), primary=True),
        button(say_as("button", "Drop"), ids.aside("drop", failure.number)),
        *([button(everything, ids.aside("all", 0))] if count > 1 else []),
    ]
