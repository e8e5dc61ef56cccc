"""What was set aside, the reason, and what can be done about it: articles that failed, and posts that were refused."""

from __future__ import annotations

from collections.abc import Sequence
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
from bot.model.follow import Destination, DestinationKind
from bot.model.post import SetAsidePost
from bot.model.review import Review

_REASON_LIMIT = 300
#: Posts that fit into one card with their buttons.
MAX_POSTS = 5
_HEADLINE_LIMIT, _POST_REASON_LIMIT = 160, 200


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
        failure, join_parts(say("**Will be retried**"), say("by {editor}", editor=editor)), remaining_count
    )


def article_drop_card(failure: Failure, editor: str, remaining_count: int | None = None) -> Card:
    """Return a card that says which editor (a mention) has dropped the article."""
    return _decision_card(failure, join_parts(say("**Dropped**"), say("by {editor}", editor=editor)), remaining_count)


def all_articles_retry_card(count: int) -> Card:
    """Return a card that says that every article that was set aside is retried."""
    message = say_count("{count} article will be retried.", "{count} articles will be retried.", count)
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
                say("It can't be shown here: {reason}", reason=escape_line(localize(reason), _REASON_LIMIT)),
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
        return say("It can't be shown in the desk's channel: {reason}", reason=reason)
    return say_count(
        "It could not be processed after {count} attempt. The last error: {reason}",
        "It could not be processed after {count} attempts. The last error: {reason}",
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


def set_aside_posts_card(posts: Sequence[SetAsidePost], count: int, message: str = "") -> Card:
    """Return a card of the oldest of ``count`` posts that were set aside. ``message`` says what was just done."""
    if not count:
        empty_message = say("No posts are set aside.")
        return Card(container(text(message, empty_message), colour=labels.SUCCESS_COLOUR))
    title = heading(say_count("{count} post set aside", "{count} posts set aside", count))
    explanation = say(
        "These couldn't be posted. If you send them again, each is posted once; if you drop them, "
        "they are never posted."
    )
    more_label = say_count("+{count} more", "+{count} more", count - len(posts)) if count > len(posts) else ""
    send_all_button = button(
        say_as("button", "Send all again"), custom_ids.SET_ASIDE_POST.build(action="all", post_id=0), primary=True
    )
    return Card(
        container(
            text(message, title, subtext(explanation)),
            *(item for post in posts for item in (separator(), *_post_items(post))),
            text(subtext(more_label)) if more_label else None,
            *((separator(), row(send_all_button)) if count > 1 else ()),
            colour=labels.ALERT_COLOUR,
        )
    )


def delivery_problem_card(message: str) -> Card:
    """Return a message to the desk about delivery, with a button that lists the posts that were set aside."""
    return Card(container(text(message), row(set_aside_posts_button()), colour=labels.ALERT_COLOUR))


def set_aside_posts_button() -> ui.Button[Any]:
    """Return the button that lists the posts that were set aside."""
    return button(say_as("button", "Posts set aside"), custom_ids.SET_ASIDE_POST.build(action="list", post_id=0))


def _post_items(post: SetAsidePost) -> tuple[ui.Item[Any] | None, ...]:
    # The articles of a server's own feeds are shown to nobody else.
    first_headline, *other_headlines = post.headlines or (say("an article of a feed that is followed there"),)
    more_label = say_count("+{count} more", "+{count} more", len(other_headlines)) if other_headlines else ""
    return (
        text(
            f"{_destination_mention(post.destination)} · {escape_line(first_headline, _HEADLINE_LIMIT)}",
            subtext(
                more_label,
                escape_line(localize(post.reason), _POST_REASON_LIMIT),
                relative_time(post.set_aside_at),
            ),
        ),
        row(
            button(
                say_as("button", "Send again"),
                custom_ids.SET_ASIDE_POST.build(action="send", post_id=post.id),
                primary=True,
            ),
            button(say_as("button", "Drop"), custom_ids.SET_ASIDE_POST.build(action="drop", post_id=post.id)),
        ),
    )


def _destination_mention(destination: Destination) -> str:
    return f"<@{destination.discord_id}>" if destination.kind is DestinationKind.DM else f"<#{destination.discord_id}>"


def resend_message(count: int) -> str:
    """Return a message that says how many posts will be sent again."""
    return say_count("{count} post will be sent again.", "{count} posts will be sent again.", count)
