"""What a following channel gets: one message for a new development."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from discord import ui

from bot.cards import developments, ids, marks, safe
from bot.cards.budget import Room, units
from bot.cards.card import Card, box, button, row, text
from bot.cards.digest import digest_body
from bot.cards.marks import small
from bot.cards.story import thread_card
from bot.languages import say, say_as, say_count
from bot.model.follow import Destination, Place
from bot.model.post import Carried, Form, Post
from bot.model.story import Development, Story
from bot.model.timetable import Mode

_TEXT = 700
_LEAST_TEXT = 120
_PINGS = 60
_ROOM = 3_900
# What a card around a sample may say.
_FOLLOWED = 1_200
_IN_DIGEST = 3
_NEVER = datetime.min.replace(tzinfo=UTC)
_NOWHERE = Destination(Place.CHANNEL, 0)


def post_card(post: Post) -> Card:
    """The message of a post: the ping, if any, then which story, what happened, who says so, and what it moved.

    The same for every try and every edit: its button carries the post's key. A development that was retracted after
    the post is struck through and says why; a corrected one shows what is right now.
    """
    if post.story is not None:
        return thread_card(post.story, ids.post(post.key, post.story.slug), wrong_button(post.key))
    pings = " ".join(f"<@&{role}>" for role in dict.fromkeys(post.role_ids[:_PINGS]))
    first = post.carried[0]
    custom_id = ids.post(post.key, first.story.slug)
    if len(post.carried) > 1 or post.form in (Form.DAILY, Form.WEEKLY):
        body = digest_body(post, custom_id, _ROOM - units(pings), wrong_button(post.key))
    else:
        body = _body(first.story, [first.development], custom_id, _ROOM - units(pings), wrong_button(post.key))
    return Card(*([ui.TextDisplay(pings)] if pings else []), body)


def wrong_button(key: str) -> ui.Button[Any]:
    """The button by which a reader of the post with this key tells the desk what is wrong with it."""
    return button(say_as("button", "Something wrong?"), ids.wrong(key))


def sample_card(story: Story, roles: Sequence[int], mode: Mode = Mode.INSTANT) -> Card:
    """What a post will look like, with the story's newest development, or a digest; it is never taken for a post."""
    return Card(*(sample_parts(story, roles) if mode is Mode.INSTANT else digest_sample(story, mode)))


def sample_parts(story: Story, roles: Sequence[int]) -> list[ui.Item[Any]]:
    """The parts of :func:`sample_card`, for a card that says more."""
    said = small(say("**Sample** of a post"), _pinged(len(roles)))
    newest = story.standing[-1:] or story.developments[-1:]
    return [text(said), _body(story, newest, ids.full(story.slug, 0), _ROOM - _FOLLOWED)]


def _pinged(roles: int) -> str:
    if not roles:
        return say("it pings nobody")
    return say_count("its first line pings the role", "its first line pings {count} roles", roles)


def digest_sample(story: Story, mode: Mode) -> list[ui.Item[Any]]:
    """What a digest will look like, with the story's newest developments."""
    newest = story.standing[-_IN_DIGEST:] or story.developments[-_IN_DIGEST:]
    carried = tuple(Carried(story, development) for development in newest)
    sample = Post(0, "", _NOWHERE, carried, (), 0, in_doubt=False, created_at=_NEVER, form=Form(mode.value))
    what = say("**Sample** of a daily digest") if mode is Mode.DAILY else say("**Sample** of a weekly digest")
    said = small(what, _pinged(0))
    return [text(said), digest_body(sample, ids.full(story.slug, 0), _ROOM - _FOLLOWED)]


def _body(
    story: Story, news: Sequence[Development], custom_id: str, most: int, *also: ui.Button[Any]
) -> ui.Container[Any]:
    which = small(f"**{safe.line(story.headline, 640)}**")
    room = Room(most - units(which) - 40)
    shown: list[ui.Item[Any]] = []
    for development in news:
        part = _told(story, development, room.left)
        if not room.take(part):
            break
        shown.append(text(part))
    rest = len(news) - len(shown)
    return box(
        text(which),
        *shown,
        text(small(say_count("+{count} more in the full story", "+{count} more in the full story", rest)))
        if rest
        else None,
        row(button(say_as("button", "Full story"), custom_id), *also),
        colour=_colour(story, news),
    )


def _told(story: Story, development: Development, room: int) -> str:
    """The development with its text as far as there is room."""
    title = developments.title(development, 640)
    who = developments.source_list(development.sources, 500)
    fixed = units(title) + units(who) + 250
    limit = min(_TEXT, room - fixed)
    lines = [
        f"### {title}" if development.stands else title,
        marks.move(story, development),
        developments.retraction(development),
        safe.block(development.text, limit) if _has_text(development, limit) else "",
        small(*developments.meta(development), story.kind.label, who),
    ]
    return "\n".join(line for line in lines if line)


def _has_text(development: Development, limit: int) -> bool:
    """A retracted text is not told again."""
    return bool(development.text) and development.stands and limit >= _LEAST_TEXT


def _colour(story: Story, news: Sequence[Development]) -> int:
    if news and not any(development.stands for development in news):
        return marks.ALERT
    return marks.colour(story.stage)
