"""Cards about follows: what is followed where from now on, what no longer, and all that a server follows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from discord import ui

from bot.cards import ids, marks, safe
from bot.cards.budget import Room, units
from bot.cards.card import Card, Choice, box, button, picker, row, rule, text, turner
from bot.cards.health import fares
from bot.cards.marks import small
from bot.cards.post import digest_sample, sample_parts
from bot.cards.terms import digest, narrowing, ping, terms_line
from bot.model.fate import Health
from bot.model.follow import Destination, Follow, FollowState, Place, Target, TargetKind
from bot.model.story import Story
from bot.model.terms import Terms
from bot.model.timetable import Mode, Timetable

PAGE = 8
_LABEL = 90
_REASON = 110
_TERMS = 150
_LIST = 3_700
# A place whose state has no room in the list shows it where its follow is managed.
_MORE_BELOW = small(f"{marks.WARNING} open one of its follows below to see how it fares")
_UTC = Timetable()


def followed_card(
    follow: Follow,
    created: bool,
    sample: Story | None,
    notes: Sequence[str] = (),
    *,
    table: Timetable = _UTC,
    before: Terms | None = None,
) -> Card:
    """Says what is followed where from now on and on which terms, and shows a sample of what comes, if there is a story for it.

    ``created`` False: it was followed already, on the terms ``before``. Notes are our own sentences, shown as they are.
    """
    said = _followed(follow, table) if created else _followed_already(follow, before or follow.terms, table)
    return Card(
        box(text(said, *(small(note) for note in notes)), colour=marks.GOOD),
        *(_sample(sample, follow.terms) if sample and sample.developments else []),
    )


def unfollowed_card(follow: Follow, *, way_back: bool = False) -> Card:
    """Says what is followed no more, and where; with a button back to the page of all follows if that is where it was ended."""
    said = f"{place(follow.destination)} no longer {_verb(follow.destination)} {target(follow.target)}."
    back = row(button("All follows", ids.following(0))) if way_back else None
    return Card(box(text(said), back, colour=marks.NEUTRAL))


def following_list(
    follows: Sequence[Follow],
    where_label: str,
    page: int = 0,
    health: Mapping[int, Health] | None = None,
    *,
    table: Timetable = _UTC,
    manageable: Mapping[int, str] | None = None,
) -> Card:
    """The follows of a server or of a person (``where_label``: raw, ``this server``), by destination, a page of them.

    ``health`` says, by channel, thread or user id, how the destinations fare. ``manageable`` has the raw name of the place
    of each follow that the asker may change, by the follow's number: a menu opens these.
    """
    title = safe.heading(f"Follows of {safe.line(where_label, 200)}")
    if not follows:
        hint = "Nothing is followed here yet. Start with `/follow`, or with the Follow button under a story."
        return Card(box(text(title), text(hint), colour=marks.NEUTRAL))
    ordered = sorted(follows, key=lambda f: (f.destination.place, f.destination.discord_id, f.number))
    pages = -(-len(ordered) // PAGE)
    at = min(max(page, 0), pages - 1)
    shown = ordered[at * PAGE : (at + 1) * PAGE]
    return Card(
        box(
            text(title, small(_counts(follows), f"Page {at + 1} of {pages}" if pages > 1 else "")),
            rule(),
            *_by_destination(shown, health or {}, table),
            picker(ids.manage_pick(), "Manage a follow", _choices(shown, manageable or {}, table)),
            turner(at, pages, ids.following(at - 1), ids.following(at + 1)),
            colour=marks.NEUTRAL,
        )
    )


def target(target: Target) -> str:
    """What is followed, safe to show: ``**Nissan**``, ``all stories of the kind **merger**``."""
    shown = f"**{safe.line(target.display, _LABEL)}**"
    return f"the kind {shown}" if target.kind is TargetKind.KIND else shown


def place(destination: Destination) -> str:
    """Where posts go: the channel's mention, or the asker's DMs."""
    return "Your DMs" if destination.place is Place.DM else f"<#{destination.discord_id}>"


def state_of(follow: Follow) -> str:
    """``paused`` or ``stopped``, with the reason; empty for a follow that is served."""
    if follow.state is FollowState.ACTIVE:
        return ""
    reason = marks.reason(follow.reason, _REASON) if follow.reason else ""
    if follow.state is FollowState.PAUSED and reason:
        return f"{marks.WARNING} {reason}"
    return f"{marks.WARNING} {follow.state.value}{f': {reason}' if reason else ''}"


def how_it_comes(follow: Follow, table: Timetable) -> str:
    """What a new development becomes: a post, a part of a digest, a message in its story's thread."""
    terms = follow.terms
    which = ", ".join(part for part in narrowing(terms) if part)
    what = f"Each new development ({which})" if which else "Each new development"
    pinging = f" and {ping(terms)}" if ping(terms) else ""
    silent = "; posts notify nobody" if terms.silent else ""
    return f"{what} comes {_form(follow, table)}{pinging}{silent}"


def _form(follow: Follow, table: Timetable) -> str:
    if follow.terms.mode is not Mode.INSTANT:
        return f"in a {digest(follow.terms.mode, table)} ({table.zone})"
    if follow.destination.place is Place.FORUM:
        return "in the forum post of its story"
    if follow.terms.threads:
        return "in the thread of its story, under a card that is kept up to date"
    return "as one post"


def _sample(story: Story, terms: Terms) -> list[ui.Item[Any]]:
    if terms.mode is not Mode.INSTANT:
        return digest_sample(story, terms.mode)
    return sample_parts(story, [terms.role_id] if ping(terms) else [])


def _verb(destination: Destination) -> str:
    return "follow" if destination.place is Place.DM else "follows"


def _followed(follow: Follow, table: Timetable) -> str:
    where, verb = place(follow.destination), _verb(follow.destination)
    return (
        f"{where} now {verb} {target(follow.target)}. {how_it_comes(follow, table)}; "
        "nothing that is already known is announced."
    )


def _followed_already(follow: Follow, before: Terms, table: Timetable) -> str:
    where, verb = place(follow.destination), _verb(follow.destination)
    already = f"{where} already {verb} {target(follow.target)}"
    if before == follow.terms:
        return f"{already}. {how_it_comes(follow, table)}."
    return f"{already}; that is changed. {how_it_comes(follow, table)}. What was posted stays, and so does the rest."


def _counts(follows: Sequence[Follow]) -> str:
    total = f"{len(follows):,} {'follow' if len(follows) == 1 else 'follows'}"
    states = [
        f"{count:,} {state.value}"
        for state in (FollowState.PAUSED, FollowState.STOPPED)
        if (count := sum(follow.state is state for follow in follows))
    ]
    return ", ".join([total, *states])


def _by_destination(
    follows: Sequence[Follow], health: Mapping[int, Health], table: Timetable
) -> Iterator[ui.TextDisplay[ui.LayoutView]]:
    groups = [(where, list(members)) for where, members in groupby(follows, key=lambda f: f.destination)]
    listed = [[place(where), *(_follow_line(follow, table) for follow in members)] for where, members in groups]
    share = (_LIST - sum(units(line) + 1 for lines in listed for line in lines)) // len(groups)
    for (where, _), lines in zip(groups, listed, strict=True):
        yield text(*lines, *_in_room(list(fares(health.get(where.discord_id, Health()))), share))


def _in_room(lines: Sequence[str], share: int) -> list[str]:
    if sum(units(line) + 1 for line in lines) <= share:
        return list(lines)
    room = Room(share - units(_MORE_BELOW) - 1)
    return [*(line for line in lines if room.take(line)), _MORE_BELOW]


def _follow_line(follow: Follow, table: Timetable) -> str:
    since = f"since <t:{int(follow.created_at.timestamp())}:D>"
    shown = safe.line(follow.target.display, _LABEL)
    kind = "" if follow.target.kind is TargetKind.EVERYTHING else follow.target.kind.value
    terms = terms_line(follow.terms, table)
    if units(terms) > _TERMS:
        terms = terms_line_short(follow.terms, table)
    return f"**{shown}**\n{small(kind, since, state_of(follow) or terms)}"


def terms_line_short(terms: Terms, table: Timetable) -> str:
    """The terms where keywords have no room: these are counted."""
    words = len(terms.words) + len(terms.without)
    bare = Terms(terms.mode, terms.only, (), (), terms.role_id, terms.ping, terms.silent, terms.threads)
    return marks.dotted(terms_line(bare, table), f"{words} keywords" if words else "")


def _choices(follows: Sequence[Follow], manageable: Mapping[int, str], table: Timetable) -> list[Choice]:
    return [
        Choice(
            str(follow.number),
            follow.target.display,
            marks.dotted(manageable[follow.number], digest(follow.terms.mode, table), _bare_state(follow)),
        )
        for follow in follows
        if follow.number in manageable
    ]


def _bare_state(follow: Follow) -> str:
    return "" if follow.state is FollowState.ACTIVE else follow.state.value
