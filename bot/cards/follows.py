"""Cards about follows: what is followed where from now on, what no longer, and all that a server follows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from discord import ui

from bot.cards import ids, marks, safe
from bot.cards.budget import Room, units
from bot.cards.card import Card, Choice, box, button, page_of, picker, row, rule, text, turner
from bot.cards.health import fares
from bot.cards.marks import small
from bot.cards.post import digest_sample, sample_parts
from bot.cards.prose import in_a_row, reason
from bot.cards.terms import digest, narrowing, ping, terms_line
from bot.languages import ENGLISH, noted, say, say_as, say_count, speaking, weekday
from bot.model.fate import Health
from bot.model.follow import Destination, Follow, FollowState, Place, Target, TargetKind
from bot.model.story import Story
from bot.model.terms import Ping, Terms
from bot.model.timetable import Mode, Timetable, show_clock

PAGE = 8
_LABEL = 90
_REASON = 110
_TERMS = 150
_LIST = 3_700
_UTC = Timetable()


def followed_card(
    follow: Follow,
    created: bool,
    sample: Story | None,
    notes: Sequence[str] = (),
    *,
    table: Timetable = _UTC,
    before: Terms | None = None,
    language: str = ENGLISH,
) -> Card:
    """Says what is followed where from now on and on which terms, and shows a sample of what comes, if there is a story for it.

    ``created`` False: it was followed already, on the terms ``before``. Notes are our own sentences, shown as they are.
    ``language`` is the one that posts there are in; the sample is as they will be.
    """
    said = _followed(follow, table) if created else _followed_already(follow, before or follow.terms, table)
    return Card(
        box(text(said, *(small(note) for note in notes)), colour=marks.GOOD),
        *(_sample(sample, follow.terms, language) if sample and sample.developments else []),
    )


def unfollowed_card(follow: Follow, *, way_back: bool = False) -> Card:
    """Says what is followed no more, and where; with a button back to the page of all follows if that is where it was ended."""
    back = row(all_follows()) if way_back else None
    return Card(box(text(_of_place(_NO_LONGER, follow)), back, colour=marks.NEUTRAL))


def all_follows() -> ui.Button[Any]:
    """The button that leads to the first page of all follows."""
    return button(say_as("button", "All follows"), ids.following(0))


def following_list(
    follows: Sequence[Follow],
    page: int = 0,
    health: Mapping[int, Health] | None = None,
    *,
    by_dm: bool = False,
    table: Timetable = _UTC,
    manageable: Mapping[int, str] | None = None,
) -> Card:
    """The follows of this server, or of a person by DM, by destination, a page of them.

    ``health`` says, by channel, thread or user id, how the destinations fare. ``manageable`` has the raw name of the place
    of each follow that the asker may change, by the follow's number: a menu opens these.
    """
    title = safe.heading(say("Follows of your DMs") if by_dm else say("Follows of this server"))
    if not follows:
        hint = say("Nothing is followed here yet. Start with `/follow`, or with the Follow button under a story.")
        return Card(box(text(title), text(hint), colour=marks.NEUTRAL))
    ordered = sorted(follows, key=lambda f: (f.destination.place, f.destination.discord_id, f.number))
    pages = -(-len(ordered) // PAGE)
    at = min(max(page, 0), pages - 1)
    shown = ordered[at * PAGE : (at + 1) * PAGE]
    return Card(
        box(
            text(title, small(_counts(follows), page_of(at, pages))),
            rule(),
            *_by_destination(shown, health or {}, table),
            picker(ids.manage_pick(), say_as("menu", "Manage a follow"), _choices(shown, manageable or {}, table)),
            turner(at, pages, ids.following(at - 1), ids.following(at + 1)),
            colour=marks.NEUTRAL,
        )
    )


def target(target: Target) -> str:
    """What is followed, safe to show: ``**Nissan**``, ``**Merger** (kind)``."""
    shown = f"**{safe.line(target.display, _LABEL)}**"
    # Said: all stories of a kind are followed, such as all mergers
    return say("{kind} (kind)", kind=shown) if target.kind is TargetKind.KIND else shown


def place(destination: Destination) -> str:
    """Where posts go: the channel's mention, or the asker's DMs."""
    # Said: the place in which follows are, above a list of them
    return say("Your DMs") if destination.place is Place.DM else f"<#{destination.discord_id}>"


def state_of(follow: Follow) -> str:
    """``paused`` or ``stopped``, with the reason; empty for a follow that is served."""
    if follow.state is FollowState.ACTIVE:
        return ""
    why = reason(follow.reason, _REASON) if follow.reason else ""
    if not why:
        return f"{marks.WARNING} {follow.state.label}"
    if follow.state is not FollowState.PAUSED:
        # Said: a follow has stopped by itself, for this reason
        why = say("stopped: {reason}", reason=why)
    return f"{marks.WARNING} {why}"


def how_it_comes(follow: Follow, table: Timetable) -> str:
    """What a new development becomes: a post, a part of a digest, a message in its story's thread; as whole sentences."""
    terms = follow.terms
    return in_a_row(_form(follow, table), _pinging(terms), say("Posts notify nobody.") if terms.silent else "")


def _form(follow: Follow, table: Timetable) -> str:
    which = ", ".join(part for part in narrowing(follow.terms) if part)
    message = _FORMS[_form_of(follow)][bool(which)]
    return say(
        message,
        which=which,
        time=show_clock(table.digest_hour * 60),
        day=weekday(table.digest_day),
        zone=table.zone,
    )


def _form_of(follow: Follow) -> str:
    if follow.terms.mode is not Mode.INSTANT:
        return follow.terms.mode.value
    if follow.destination.place is Place.FORUM:
        return "forum"
    return "threads" if follow.terms.threads else "post"


# How a development comes: every one, and only some (which: a list such as: only deals, without lawsuit).
_FORMS = {
    "post": (
        noted("Each new development comes as one post."),
        noted("Each new development ({which}) comes as one post."),
    ),
    "threads": (
        noted("Each new development comes in the thread of its story, under a card that is kept up to date."),
        noted("Each new development ({which}) comes in the thread of its story, under a card that is kept up to date."),
    ),
    "forum": (
        noted("Each new development comes in the forum post of its story."),
        noted("Each new development ({which}) comes in the forum post of its story."),
    ),
    Mode.DAILY.value: (
        noted("Each new development comes in a daily digest at {time} ({zone})."),
        noted("Each new development ({which}) comes in a daily digest at {time} ({zone})."),
    ),
    Mode.WEEKLY.value: (
        noted("Each new development comes in a weekly digest on {day} at {time} ({zone})."),
        noted("Each new development ({which}) comes in a weekly digest on {day} at {time} ({zone})."),
    ),
}


def _pinging(terms: Terms) -> str:
    if not ping(terms):
        return ""
    role = f"<@&{terms.role_id}>"
    if terms.ping is Ping.STAGE_CHANGES:
        return say("Posts ping {role} on stage changes.", role=role)
    return say("Posts ping {role}.", role=role)


def _sample(story: Story, terms: Terms, language: str) -> list[ui.Item[Any]]:
    """What comes, as those read it who read there, under a line in the language of the one who is told."""
    said, *_ = _sample_parts(story, terms)
    with speaking(language):
        _, *shown = _sample_parts(story, terms)
    return [said, *shown]


def _sample_parts(story: Story, terms: Terms) -> list[ui.Item[Any]]:
    if terms.mode is not Mode.INSTANT:
        return digest_sample(story, terms.mode)
    return sample_parts(story, [terms.role_id] if ping(terms) else [])


# Said of a person's DMs, and of a channel, where a follow is made, is there already, is changed, or ends. Followed are a
# company, a story, a kind of story, or everything.
_NOW = (noted("Your DMs now follow {target}."), noted("{channel} now follows {target}."))
_ALREADY = (noted("Your DMs already follow {target}."), noted("{channel} already follows {target}."))
_CHANGED = (
    noted("Your DMs already follow {target}; that is changed."),
    noted("{channel} already follows {target}; that is changed."),
)
_NO_LONGER = (noted("Your DMs no longer follow {target}."), noted("{channel} no longer follows {target}."))


def _of_place(messages: tuple[str, str], follow: Follow) -> str:
    by_dm, in_channel = messages
    if follow.destination.place is Place.DM:
        return say(by_dm, target=target(follow.target))
    return say(in_channel, channel=place(follow.destination), target=target(follow.target))


def _followed(follow: Follow, table: Timetable) -> str:
    return in_a_row(
        _of_place(_NOW, follow), how_it_comes(follow, table), say("Nothing that is already known is announced.")
    )


def _followed_already(follow: Follow, before: Terms, table: Timetable) -> str:
    if before == follow.terms:
        return in_a_row(_of_place(_ALREADY, follow), how_it_comes(follow, table))
    stays = say("What was posted stays, and so does the rest.")
    return in_a_row(_of_place(_CHANGED, follow), how_it_comes(follow, table), stays)


def _counts(follows: Sequence[Follow]) -> str:
    count = {state: sum(follow.state is state for follow in follows) for state in FollowState}
    paused, stopped = count[FollowState.PAUSED], count[FollowState.STOPPED]
    parts = [
        say_count("{count} follow", "{count} follows", len(follows)),
        # Said: so many follows are paused
        say_count("{count} paused", "{count} paused", paused) if paused else "",
        # Said: so many follows have stopped by themselves
        say_count("{count} stopped", "{count} stopped", stopped) if stopped else "",
    ]
    return ", ".join(part for part in parts if part)


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
    # A place whose state has no room in the list shows it where its follow is managed.
    hint = say("open one of its follows below to see how it fares")
    more = small(f"{marks.WARNING} {hint}")
    room = Room(share - units(more) - 1)
    return [*(line for line in lines if room.take(line)), more]


def _follow_line(follow: Follow, table: Timetable) -> str:
    since = say("since {date}", date=f"<t:{int(follow.created_at.timestamp())}:D>")
    shown = safe.line(follow.target.display, _LABEL)
    kind = "" if follow.target.kind is TargetKind.EVERYTHING else follow.target.kind.label
    terms = terms_line(follow.terms, table)
    if units(terms) > _TERMS:
        terms = terms_line_short(follow.terms, table)
    return f"**{shown}**\n{small(kind, since, state_of(follow) or terms)}"


def terms_line_short(terms: Terms, table: Timetable) -> str:
    """The terms where keywords have no room: these are counted."""
    words = len(terms.words) + len(terms.without)
    bare = Terms(terms.mode, terms.only, (), (), terms.role_id, terms.ping, terms.silent, terms.threads)
    return marks.dotted(
        terms_line(bare, table), say_count("{count} keyword", "{count} keywords", words) if words else ""
    )


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
    return "" if follow.state is FollowState.ACTIVE else follow.state.label
