"""The words, marks and colours that cards share. All results are safe to show."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import datetime

from bot.cards.components import MenuChoice
from bot.cards.escaping import escape_line
from bot.cards.message_limits import utf16_length
from bot.languages import lazy, lazy_as, say, say_as, say_count
from bot.model.dates import PartialDate
from bot.model.stages import StageChange, get_stage_change
from bot.model.story import Development, Story, StoryListItem
from bot.model.vocabulary import STAGE_ORDER, Claim, Kind, Stage

CLAIM_SYMBOLS = {Claim.CONFIRMED: "●", Claim.REPORTED: "○", Claim.DENIED: "✕"}
RETRACTED_SYMBOL = "–"
WARNING_SYMBOL = "⚠"
#: Of a development that came in since the asker last caught up. On cards that nobody else sees.
NEW_LABEL = lazy("**New to you**")
#: The moves that are told beside the stage: those that are no step ahead.
_STAGE_CHANGE_LABELS = {
    StageChange.OPENED: lazy_as("move", "opened"),
    StageChange.STEPPED_BACK: lazy_as("move", "stepped back"),
    StageChange.REOPENED: lazy_as("move", "reopened"),
    StageChange.BROKE_OFF: lazy_as("move", "broke off"),
}

# Mid-tones: legible as an edge on Discord's light and dark grounds alike.
NEUTRAL_COLOUR = 0x5B7083
ALERT_COLOUR = 0xC8452F
SUCCESS_COLOUR = 0x2E9E5B
STAGE_COLOURS = {
    Stage.RUMOURED: 0x8A8F98,
    Stage.TALKS: 0xC9922E,
    Stage.AGREED: 0x3E8ED0,
    Stage.SIGNED: 0x2F6FD0,
    Stage.REVIEW: 0x7A5AC8,
    Stage.COMPLETED: SUCCESS_COLOUR,
    Stage.TERMINATED: ALERT_COLOUR,
    Stage.LAPSED: 0x6B7280,
}

#: Kept free beside the count of what has no room, for one that is longer in another number.
_COUNT_MARGIN = 15
_REACHED_SYMBOL, _CURRENT_SYMBOL, _AHEAD_SYMBOL, _ENDED_SYMBOL = "●", "◉", "○", "✕"


def stage_colour(stage: Stage | None) -> int:
    """The edge of a card about something in this stage; a quiet one where there is no stage."""
    return STAGE_COLOURS[stage] if stage else NEUTRAL_COLOUR


def kind_and_progress(story: Story) -> str:
    """Where a deal stands, in words and as a track of two lines; for other stories just the kind."""
    if not story.kind.is_deal:
        return story.kind.label
    stage = story.stage
    if stage is None:
        return join_parts(story.kind.label, say("Stage not known"))
    prefix = "" if stage in STAGE_ORDER else f"{_ENDED_SYMBOL} "
    return f"**{prefix}{stage.label}** · {story.kind.label}\n{subtext(stage_progress(story))}"


def stage_progress(story: Story) -> str:
    """A deal's way as beads, from rumoured to completed, and what comes next: ``●━◉─○─○─○─○ next: Agreed``.

    What ended a deal stands behind the last stage that it had reached before. Short enough for a line on a phone; empty
    where the stage is not known.
    """
    stage = story.stage
    if stage is None:
        return ""
    if stage in STAGE_ORDER:
        index = STAGE_ORDER.index(stage)
        beads = f"{_REACHED_SYMBOL}━" * index + _CURRENT_SYMBOL + f"─{_AHEAD_SYMBOL}" * (len(STAGE_ORDER) - index - 1)
        if index + 1 == len(STAGE_ORDER):
            return beads
        # Said: behind the track of a deal: the stage that comes next
        next_label = say("next: {stage}", stage=STAGE_ORDER[index + 1].short_label)
        return f"{beads} {next_label}"
    last_stage = _last_open_stage(story)
    if last_stage is None:
        return _ENDED_SYMBOL
    beads = f"{_REACHED_SYMBOL}━" * (STAGE_ORDER.index(last_stage) + 1) + _ENDED_SYMBOL
    # Said: behind the track of a deal that was broken off: the last stage that it had reached
    after_label = say("after: {stage}", stage=last_stage.short_label)
    return f"{beads} {after_label}"


def _last_open_stage(story: Story) -> Stage | None:
    """The last stage before a deal ended."""
    stages = [
        development.stage
        for development in story.valid_developments
        if development.stage in STAGE_ORDER and development.claim is not Claim.DENIED
    ]
    return stages[-1] if stages else None


def new_count_line(story: Story, new_ids: Collection[int]) -> str:
    """``2 developments are new since you last caught up here``; empty for none."""
    count = sum(development.id in new_ids for development in story.valid_developments)
    if not count:
        return ""
    return subtext(
        say_count(
            "{count} development new since you last caught up here",
            "{count} developments new since you last caught up here",
            count,
        )
    )


def stage_and_kind(kind: Kind, stage: Stage | None) -> str:
    """``In talks · Supply``, for a story without a stage just its kind."""
    return f"{stage.label} · {kind.label}" if stage else kind.label


def as_of_label(date: PartialDate | None) -> str:
    """``as of August 2025``; empty when nothing happened yet."""
    return say("as of {date}", date=date.display) if date else ""


def as_of_footer(story: Story) -> str:
    """``As of August 2025``, by itself at the foot of a card."""
    return say("As of {date}", date=story.as_of.display) if story.as_of else say("Nothing dated yet")


def story_metadata(line: StoryListItem) -> str:
    """``In talks · Supply · disputed · as of August 2025``: where a listed story stands, in plain words."""
    return join_parts(
        stage_and_kind(line.kind, line.stage),
        say_as("story", "disputed") if line.is_disputed else "",
        as_of_label(line.as_of),
    )


def story_choice(story: Story) -> MenuChoice:
    """A story as an entry of a menu."""
    return MenuChoice(story.slug, story.headline, stage_and_kind(story.kind, story.stage))


def line_choice(line: StoryListItem) -> MenuChoice:
    """A listed story as an entry of a menu."""
    return MenuChoice(line.slug, line.headline, story_metadata(line))


def stage_change_label(story: Story, development: Development) -> str:
    """``In talks → **Signed**``, with a word for a move that is no step ahead; empty when the stage stays."""
    change, before = get_stage_change(story, development)
    if change is StageChange.UNCHANGED or development.stage is None:
        return ""
    after = f"**{development.stage.label}**"
    label = f"{before.label} → {after}" if before else after
    return f"{label} ({say_as('move', _STAGE_CHANGE_LABELS[change])})" if change in _STAGE_CHANGE_LABELS else label


def message_url(guild_id: int, channel_id: int, message_id: int) -> str:
    """The address of a message on a server."""
    return f"https://discord.com/channels/{guild_id}/{channel_id}/{message_id}"


def relative_time(time: datetime) -> str:
    """How far away a moment is, as Discord says it in each reader's language: ``in 5 minutes``, ``2 days ago``."""
    return f"<t:{int(time.timestamp())}:R>"


def join_parts(*parts: str) -> str:
    """The parts that there are, with a middle dot between."""
    return " · ".join(part for part in parts if part)


def subtext(*parts: str) -> str:
    """A line of metadata; empty when there are no parts."""
    content = join_parts(*parts)
    return f"-# {content}" if content else ""


def party_list(story: Story, limit: int) -> str:
    """``**Nissan** plant owner · **Foxconn** contract manufacturer``; those that do not fit are counted."""
    labels = [party_label(party.company, party.role) for party in story.parties]
    return truncate_list(labels, limit, more_parties_label)


def party_label(company: str, role: str) -> str:
    """A company and what it does in a story."""
    return f"**{escape_line(company, 320)}**" + (f" {escape_line(role, 320)}" if role else "")


def more_parties_label(count: int) -> str:
    """``+3 more parties``: those of a list that are not shown."""
    return say_count("+{count} more party", "+{count} more parties", count)


def truncate_list(texts: Iterable[str], limit: int, count_label: Callable[[int], str], *, max_items: int = 100) -> str:
    """As many of the safe texts as fit in ``limit`` units, and what ``more`` says of the number left; maybe only that."""
    items = list(texts)
    units_left = limit - _COUNT_MARGIN - utf16_length(count_label(len(items)))
    count = 0
    for item in items[:max_items]:
        units_left -= utf16_length(item) + 3
        if units_left < 0:
            break
        count += 1
    more_count = len(items) - count
    return join_parts(*items[:count], count_label(more_count) if more_count else "")
