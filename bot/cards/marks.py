"""The words, marks and colours that cards share. All results are safe to show."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import datetime

from bot.cards import safe
from bot.cards.budget import units
from bot.cards.card import Choice
from bot.languages import noted, noted_as, say, say_as, say_count
from bot.model.dates import PartialDate
from bot.model.moves import move_before
from bot.model.stages import StageMove
from bot.model.story import Development, Story, StoryLine
from bot.model.vocabulary import TRACK, Claim, Kind, Stage

CLAIM_MARKS = {Claim.CONFIRMED: "●", Claim.REPORTED: "○", Claim.DENIED: "✕"}
RETRACTED_MARK = "–"
WARNING = "⚠"
#: Of a development that came in since the asker last caught up. On cards that nobody else sees.
NEW = noted("**New to you**")
#: The moves that are told beside the stage: those that are no step ahead.
_TOLD_MOVES = {
    StageMove.OPENED: noted_as("move", "opened"),
    StageMove.STEPPED_BACK: noted_as("move", "stepped back"),
    StageMove.REOPENED: noted_as("move", "reopened"),
    StageMove.BROKE_OFF: noted_as("move", "broke off"),
}

# Mid-tones: legible as an edge on Discord's light and dark grounds alike.
NEUTRAL = 0x5B7083
ALERT = 0xC8452F
GOOD = 0x2E9E5B
STAGE_COLOURS = {
    Stage.RUMOURED: 0x8A8F98,
    Stage.TALKS: 0xC9922E,
    Stage.AGREED: 0x3E8ED0,
    Stage.SIGNED: 0x2F6FD0,
    Stage.REVIEW: 0x7A5AC8,
    Stage.COMPLETED: GOOD,
    Stage.TERMINATED: ALERT,
    Stage.LAPSED: 0x6B7280,
}

#: Kept free beside the count of what has no room, for one that is longer in another number.
_SPARE = 15
_REACHED, _NOW, _AHEAD, _BROKEN = "●", "◉", "○", "✕"


def colour(stage: Stage | None) -> int:
    """The edge of a card about something in this stage; a quiet one where there is no stage."""
    return STAGE_COLOURS[stage] if stage else NEUTRAL


def kind_and_track(story: Story) -> str:
    """Where a deal stands, in words and as a track of two lines; for other stories just the kind."""
    if not story.kind.is_deal:
        return story.kind.label
    stage = story.stage
    if stage is None:
        return dotted(story.kind.label, say("Stage not known"))
    ended = "" if stage in TRACK else f"{_BROKEN} "
    return f"**{ended}{stage.label}** · {story.kind.label}\n{small(track(story))}"


def track(story: Story) -> str:
    """A deal's way as beads, from rumoured to completed, and what comes next: ``●━◉─○─○─○─○ next: Agreed``.

    What ended a deal stands behind the last stage that it had reached before. Short enough for a line on a phone; empty
    where the stage is not known.
    """
    stage = story.stage
    if stage is None:
        return ""
    if stage in TRACK:
        at = TRACK.index(stage)
        beads = f"{_REACHED}━" * at + _NOW + f"─{_AHEAD}" * (len(TRACK) - at - 1)
        if at + 1 == len(TRACK):
            return beads
        # Said: behind the track of a deal: the stage that comes next
        following = say("next: {stage}", stage=TRACK[at + 1].short)
        return f"{beads} {following}"
    reached = _last_open(story)
    if reached is None:
        return _BROKEN
    beads = f"{_REACHED}━" * (TRACK.index(reached) + 1) + _BROKEN
    # Said: behind the track of a deal that was broken off: the last stage that it had reached
    before = say("after: {stage}", stage=reached.short)
    return f"{beads} {before}"


def _last_open(story: Story) -> Stage | None:
    """The last stage before a deal ended."""
    stages = [d.stage for d in story.standing if d.stage in TRACK and d.claim is not Claim.DENIED]
    return stages[-1] if stages else None


def new_count(story: Story, new: Collection[int]) -> str:
    """``2 developments are new since you last caught up here``; empty for none."""
    count = sum(development.number in new for development in story.standing)
    if not count:
        return ""
    return small(
        say_count(
            "{count} development new since you last caught up here",
            "{count} developments new since you last caught up here",
            count,
        )
    )


def where(kind: Kind, stage: Stage | None) -> str:
    """``In talks · Supply``, for a story without a stage just its kind."""
    return f"{stage.label} · {kind.label}" if stage else kind.label


def as_of(date: PartialDate | None) -> str:
    """``as of August 2025``; empty when nothing happened yet."""
    return say("as of {date}", date=date.display) if date else ""


def stands_as_of(story: Story) -> str:
    """``As of August 2025``, by itself at the foot of a card."""
    return say("As of {date}", date=story.as_of.display) if story.as_of else say("Nothing dated yet")


def story_meta(line: StoryLine) -> str:
    """``In talks · Supply · disputed · as of August 2025``: where a listed story stands, in plain words."""
    return dotted(where(line.kind, line.stage), say_as("story", "disputed") if line.disputed else "", as_of(line.as_of))


def story_choice(story: Story) -> Choice:
    """A story as an entry of a menu."""
    return Choice(story.slug, story.headline, where(story.kind, story.stage))


def choice(line: StoryLine) -> Choice:
    """A listed story as an entry of a menu."""
    return Choice(line.slug, line.headline, story_meta(line))


def move(story: Story, development: Development) -> str:
    """``In talks → **Signed**``, with a word for a move that is no step ahead; empty when the stage stays."""
    what, before = move_before(story, development)
    if what is StageMove.UNCHANGED or development.stage is None:
        return ""
    after = f"**{development.stage.label}**"
    shown = f"{before.label} → {after}" if before else after
    return f"{shown} ({say_as('move', _TOLD_MOVES[what])})" if what in _TOLD_MOVES else shown


def message_link(guild_id: int, channel_id: int, message_id: int) -> str:
    """The address of a message on a server."""
    return f"https://discord.com/channels/{guild_id}/{channel_id}/{message_id}"


def ago(at: datetime) -> str:
    """How far away a moment is, as Discord says it in each reader's language: ``in 5 minutes``, ``2 days ago``."""
    return f"<t:{int(at.timestamp())}:R>"


def dotted(*parts: str) -> str:
    """The parts that there are, with a middle dot between."""
    return " · ".join(part for part in parts if part)


def small(*parts: str) -> str:
    """A line of metadata; empty when there are no parts."""
    joined = dotted(*parts)
    return f"-# {joined}" if joined else ""


def parties(story: Story, limit: int) -> str:
    """``**Nissan** plant owner · **Foxconn** contract manufacturer``; those that do not fit are counted."""
    shown = [party(p.company, p.role) for p in story.parties]
    return counted(shown, limit, more_parties)


def party(company: str, role: str) -> str:
    """A company and what it does in a story."""
    return f"**{safe.line(company, 320)}**" + (f" {safe.line(role, 320)}" if role else "")


def more_parties(count: int) -> str:
    """``+3 more parties``: those of a list that are not shown."""
    return say_count("+{count} more party", "+{count} more parties", count)


def counted(shown: Iterable[str], limit: int, more: Callable[[int], str], *, at_most: int = 100) -> str:
    """As many of the safe texts as fit in ``limit`` units, and what ``more`` says of the number left; maybe only that."""
    listed = list(shown)
    room = limit - _SPARE - units(more(len(listed)))
    taken = 0
    for part in listed[:at_most]:
        room -= units(part) + 3
        if room < 0:
            break
        taken += 1
    rest = len(listed) - taken
    return dotted(*listed[:taken], more(rest) if rest else "")
