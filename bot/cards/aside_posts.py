"""Posts that are set aside, with what can be done about them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from discord import ui

from bot.cards import ids, marks, safe
from bot.cards.card import Card, box, button, row, rule, text
from bot.cards.marks import small
from bot.languages import restated, say, say_as, say_count
from bot.model.follow import Destination, Place
from bot.model.post import AsidePost

#: So many posts have room in one card, with their buttons.
SHOWN = 5
_HEADLINE, _REASON = 160, 200


def aside_card(posts: Sequence[AsidePost], count: int, told: str = "") -> Card:
    """The oldest posts that are set aside; ``count`` is how many there are in all, ``told`` what was just done."""
    if not count:
        nothing = say("No posts are set aside.")
        return Card(box(text(told, nothing), colour=marks.GOOD))
    title = safe.heading(say_count("{count} post set aside", "{count} posts set aside", count))
    why = say(
        "These could not be posted. If you send them again, each is posted once; if you drop them, they are never posted."
    )
    rest = say_count("+{count} more", "+{count} more", count - len(posts)) if count > len(posts) else ""
    every = button(say_as("button", "Send all again"), ids.aside_post("all"), primary=True)
    return Card(
        box(
            text(told, title, small(why)),
            *(item for post in posts for item in (rule(), *_post(post))),
            text(small(rest)) if rest else None,
            *((rule(), row(every)) if count > 1 else ()),
            colour=marks.ALERT,
        )
    )


def trouble_card(said: str) -> Card:
    """What the desk is told of deliveries, with the way to what is set aside."""
    return Card(box(text(said), row(list_button()), colour=marks.ALERT))


def list_button() -> ui.Button[Any]:
    """The button that lists what is set aside."""
    return button(say_as("button", "Posts set aside"), ids.aside_post())


def _post(post: AsidePost) -> tuple[ui.Item[Any] | None, ...]:
    first, *more = post.headlines or ("",)
    also = say_count("+{count} more", "+{count} more", len(more)) if more else ""
    return (
        text(
            f"{_place(post.destination)} · {safe.line(first, _HEADLINE)}",
            small(also, safe.line(restated(post.reason), _REASON), marks.ago(post.at)),
        ),
        row(
            button(say_as("button", "Send again"), ids.aside_post("send", post.number), primary=True),
            button(say_as("button", "Drop"), ids.aside_post("drop", post.number)),
        ),
    )


def _place(where: Destination) -> str:
    return f"<@{where.discord_id}>" if where.place is Place.DM else f"<#{where.discord_id}>"


def sent_again(count: int) -> str:
    """What to say when posts are sent again."""
    return say_count("{count} post will be sent again.", "{count} posts will be sent again.", count)
