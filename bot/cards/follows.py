"""Cards about follows: one that was made or ended, and the list of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from discord import ui

from bot.cards import ids, marks, safe
from bot.cards.card import Card, box, rule, text, turner
from bot.cards.marks import small
from bot.cards.post import sample_parts
from bot.model.fate import Health
from bot.model.follow import Destination, Follow, FollowState, Place, Target, TargetKind
from bot.model.story import Story

PAGE = 12
_LABEL = 90
_REASON = 110


def followed_card(follow: Follow, created: bool, sample: Story | None, notes: Sequence[str] = ()) -> Card:
    """Says what is followed where from now on, and shows a sample post of a story that the follow wants, if there is one.

    ``created`` False: it was followed already. Notes are our own sentences, shown as they are.
    """
    roles = [follow.terms.role_id] if follow.terms.role_id else []
    return Card(
        box(text(_followed(follow, created=created), *(small(note) for note in notes)), colour=marks.GOOD),
        *(sample_parts(sample, roles) if sample and sample.developments else []),
    )


def unfollowed_card(follow: Follow) -> Card:
    """Says what is followed no more, and where."""
    said = f"{place(follow.destination)} no longer {_verb(follow.destination)} {target(follow.target)}."
    return Card(box(text(said), colour=marks.NEUTRAL))


def following_list(
    follows: Sequence[Follow], where_label: str, page: int = 0, health: Mapping[int, Health] | None = None
) -> Card:
    """The follows of a server or of a person (``where_label``: raw, ``this server``), by destination, a page of them.

    ``health`` says, by channel, thread or user id, how the destinations fare.
    """
    title = safe.heading(f"Follows of {safe.line(where_label, 200)}")
    if not follows:
        hint = "Nothing is followed here yet. Start with `/follow`, or with the Follow button under a story."
        return Card(box(text(title), text(hint), colour=marks.NEUTRAL))
    ordered = sorted(follows, key=lambda f: (f.destination.place, f.destination.discord_id, f.number))
    pages = -(-len(ordered) // PAGE)
    at = min(max(page, 0), pages - 1)
    return Card(
        box(
            text(title, small(_counts(follows), f"Page {at + 1} of {pages}" if pages > 1 else "")),
            rule(),
            *_by_destination(ordered[at * PAGE : (at + 1) * PAGE], health or {}),
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


def _verb(destination: Destination) -> str:
    return "follow" if destination.place is Place.DM else "follows"


def _followed(follow: Follow, *, created: bool) -> str:
    where, verb = place(follow.destination), _verb(follow.destination)
    ping = f" and pings <@&{follow.terms.role_id}>" if follow.terms.role_id else ""
    if not created:
        pings = f"; posts now ping <@&{follow.terms.role_id}>" if follow.terms.role_id else ""
        return f"{where} already {verb} {target(follow.target)}{pings}."
    return (
        f"{where} now {verb} {target(follow.target)}. Each new development comes as one post{ping}; "
        "nothing that is already known is announced."
    )


def _counts(follows: Sequence[Follow]) -> str:
    stopped = sum(follow.state is FollowState.STOPPED for follow in follows)
    total = f"{len(follows):,} {'follow' if len(follows) == 1 else 'follows'}"
    return f"{total}, {stopped:,} stopped" if stopped else total


def _by_destination(follows: Sequence[Follow], health: Mapping[int, Health]) -> Iterator[ui.TextDisplay[ui.LayoutView]]:
    for destination, members in groupby(follows, key=lambda f: f.destination):
        fares = _fares(health.get(destination.discord_id, Health()))
        yield text(place(destination), *(_follow_line(follow) for follow in members), *fares)


def _fares(health: Health) -> Iterator[str]:
    """How a destination fares, and what to do where nothing arrives."""
    if health.blocked:
        again = f"tried again <t:{int(health.retry_at.timestamp())}:R>" if health.retry_at else "being tried again"
        waiting = f"{health.waiting:,} waiting" if health.waiting else ""
        yield small(f"{marks.WARNING} **Nothing arrives here:** {safe.line(health.blocked, _REASON)}", waiting, again)
    last = f"last post <t:{int(health.last_sent.timestamp())}:R>" if health.last_sent else "no post yet"
    backlog = f"{health.waiting:,} on the way" if health.waiting and not health.blocked else ""
    failed = f"{health.failed:,} failed: {safe.line(health.last_failure, 60)}" if health.failed else ""
    unsettled = f"{health.unsettled:,} sent again unseen, for the history could not be read" if health.unsettled else ""
    yield small(last, backlog, failed, unsettled)


def _follow_line(follow: Follow) -> str:
    since = f"since <t:{int(follow.created_at.timestamp())}:D>"
    ping = f"pings <@&{follow.terms.role_id}>" if follow.terms.role_id else ""
    shown = safe.line(follow.target.display, _LABEL)
    kind = "" if follow.target.kind is TargetKind.EVERYTHING else follow.target.kind.value
    if follow.state is FollowState.ACTIVE:
        return f"**{shown}**\n{small(kind, since, ping)}"
    reason = f": {safe.line(follow.reason, _REASON)}" if follow.reason else ""
    return f"**{shown}**\n{small(kind, since, f'{marks.WARNING} stopped{reason}')}"
