"""Posts that were set aside, and what can be done about them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from discord import ui

from bot.cards import custom_ids, labels
from bot.cards.components import Card, button, container, row, separator, text
from bot.cards.escaping import escape_line, heading
from bot.cards.markdown import relative_time, subtext
from bot.languages import localize, say, say_as, say_count
from bot.model.follow import Destination, DestinationKind
from bot.model.post import SetAsidePost

#: Posts that fit into one card with their buttons.
MAX_POSTS = 5
_HEADLINE_LIMIT, _REASON_LIMIT = 160, 200


def set_aside_posts_card(posts: Sequence[SetAsidePost], count: int, message: str = "") -> Card:
    """Return a card of the oldest of ``count`` posts that were set aside. ``message`` says what was just done."""
    if not count:
        empty_message = say("No posts are set aside.")
        return Card(container(text(message, empty_message), colour=labels.SUCCESS_COLOUR))
    title = heading(say_count("{count} post set aside", "{count} posts set aside", count))
    explanation = say(
        "These could not be posted. If you send them again, each is posted once; if you drop them, they are never posted."
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
                escape_line(localize(post.reason), _REASON_LIMIT),
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
