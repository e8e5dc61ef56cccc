"""Articles that were set aside because they failed: the article, the reason, and buttons to retry or to drop it."""

from __future__ import annotations

from typing import Any

from discord import ui

from bot.cards import custom_ids, labels
from bot.cards.components import Card, button, container, next_buttons, page_buttons, row, separator, text
from bot.cards.escaping import escape_line, heading
from bot.cards.markdown import join_parts, relative_time, subtext
from bot.cards.review import article_title, decision_line
from bot.languages import format_number, localize, say, say_as, say_count
from bot.model.article import Article
from bot.model.failure import Failure
from bot.model.review import Review

_REASON_LIMIT = 300


def set_aside_article_card(
    failure: Failure, position: tuple[int, int] | None = None, *, is_plain: bool = False
) -> Card:
    """Return the card of an article that could not be processed. ``position`` is its index and how many there are.

    With ``is_plain`` the card quotes nothing from the article, because Discord refuses some words.
    """
    index, count = position or (0, 1)
    return Card(
        container(
            text(
                subtext(
                    say(
                        "{place} of {count} set aside, oldest first",
                        place=format_number(index + 1),
                        count=format_number(count),
                    )
                )
            )
            if count > 1
            else None,
            text(heading(say("An article was set aside"))) if is_plain else _article_heading(failure.article),
            separator(),
            text(_failure_text(failure), subtext(_set_aside_label(failure))),
            row(*_action_buttons(failure, count)),
            page_buttons(
                index,
                count,
                custom_ids.SET_ASIDE_ARTICLE.build(action="page", value=index - 1),
                custom_ids.SET_ASIDE_ARTICLE.build(action="page", value=index + 1),
            ),
            colour=labels.ALERT_COLOUR,
        )
    )


def article_retry_card(failure: Failure, editor: str, remaining_count: int | None = None) -> Card:
    """Return a card that says which editor (a mention) retries the article.

    ``remaining_count`` is how many more are set aside; None if the reader is not paging through them.
    """
    return _decision_card(
        failure, join_parts(say("**Will be tried again**"), say("by {editor}", editor=editor)), remaining_count
    )


def article_drop_card(failure: Failure, editor: str, remaining_count: int | None = None) -> Card:
    """Return a card that says which editor (a mention) has dropped the article."""
    return _decision_card(failure, join_parts(say("**Dropped**"), say("by {editor}", editor=editor)), remaining_count)


def all_articles_retry_card(count: int) -> Card:
    """Return a card that says that every article that was set aside is retried."""
    message = say_count("{count} article will be tried again.", "{count} articles will be tried again.", count)
    return Card(container(text(message), colour=labels.NEUTRAL_COLOUR))


def plain_review_card(
    review: Review, reason: str, failure: Failure | None = None, position: tuple[int, int] | None = None
) -> Card:
    """Return a substitute for the card of a review that Discord refuses, with the reason. It quotes nothing from the article.

    ``failure`` is the record of the refusal; ``position`` is the index in the queue and its length.
    """
    index, count = position or (0, 1)
    if not review.is_waiting:
        undo = button(say_as("button", "Undo"), custom_ids.REVIEW.build(action="undo", review_id=review.id))
        return Card(
            container(
                text(decision_line(review, None)), row(_show_article_button(review), undo), colour=labels.NEUTRAL_COLOUR
            )
        )
    return Card(
        container(
            text(heading(say("An article is waiting for a decision"))),
            text(
                say("It cannot be shown here: {reason}", reason=escape_line(localize(reason), _REASON_LIMIT)),
                subtext(_set_aside_label(failure)) if failure else "",
            ),
            row(
                _show_article_button(review, primary=True),
                *(
                    [
                        button(
                            say_as("button", "Try again"),
                            custom_ids.SET_ASIDE_ARTICLE.build(action="retry", value=failure.id),
                        )
                    ]
                    if failure
                    else []
                ),
                button(say_as("button", "Not news"), custom_ids.REVIEW.build(action="dismiss", review_id=review.id)),
            ),
            page_buttons(
                index,
                count,
                custom_ids.REVIEW_QUEUE.build(index=index - 1),
                custom_ids.REVIEW_QUEUE.build(index=index + 1),
            ),
            colour=labels.ALERT_COLOUR,
        )
    )


def _show_article_button(review: Review, *, primary: bool = False) -> ui.Button[Any]:
    return button(
        say_as("button", "Show the article"),
        custom_ids.REVIEW.build(action="show", review_id=review.id),
        primary=primary,
    )


def _decision_card(failure: Failure, decision: str, remaining_count: int | None) -> Card:
    buttons = next_buttons(remaining_count, custom_ids.SET_ASIDE_ARTICLE.build(action="page", value=0))
    return Card(
        container(text(decision), _article_heading(failure.article), row(*buttons), colour=labels.NEUTRAL_COLOUR)
    )


def _article_heading(article: Article) -> ui.TextDisplay[Any]:
    published = f"<t:{int(article.published_at.timestamp())}:f>"
    return text(heading(article_title(article)), subtext(escape_line(article.publisher, 80), published))


def _failure_text(failure: Failure) -> str:
    reason = escape_line(localize(failure.reason), _REASON_LIMIT)
    if failure.review_id is not None:
        return say("It cannot be shown in the desk's channel: {reason}", reason=reason)
    return say_count(
        "It could not be processed in {count} attempt. The last error: {reason}",
        "It could not be processed in {count} attempts. The last error: {reason}",
        failure.attempts,
        reason=reason,
    )


def _set_aside_label(failure: Failure) -> str:
    # Translators: time is relative: 5 minutes ago
    return say("set aside {time}", time=relative_time(failure.set_aside_at)) if failure.set_aside_at else ""


def _action_buttons(failure: Failure, count: int) -> list[ui.Button[Any]]:
    retry_all_label = say_as("button", "Try all {count} again", count=format_number(count))
    return [
        button(
            say_as("button", "Try again"),
            custom_ids.SET_ASIDE_ARTICLE.build(action="retry", value=failure.id),
            primary=True,
        ),
        button(say_as("button", "Drop"), custom_ids.SET_ASIDE_ARTICLE.build(action="drop", value=failure.id)),
        *([button(retry_all_label, custom_ids.SET_ASIDE_ARTICLE.build(action="all", value=0))] if count > 1 else []),
    ]
