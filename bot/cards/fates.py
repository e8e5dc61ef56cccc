"""``why``: which developments of a story were posted somewhere, which were not, and the rule that decided."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards import developments, marks, safe
from bot.cards.budget import Room, units
from bot.cards.card import Card, box, rule, text
from bot.cards.marks import small
from bot.model.fate import Fate, Rule
from bot.model.follow import Destination, Place
from bot.model.story import Story

_MOST = 3_600
_SHOWN = 12


def why_card(story: Story, destination: Destination, fates: Sequence[Fate]) -> Card:
    """Each development with its fate in a destination, newest first; the oldest are counted where there is no room."""
    place = "your DMs" if destination.place is Place.DM else f"<#{destination.discord_id}>"
    title = f"{safe.heading(safe.line(story.headline, 420))}\n{small(f'What was posted in {place}, newest first')}"
    room = Room(_MOST - units(title))
    shown: list[str] = []
    for fate in list(reversed(fates))[:_SHOWN]:
        part = _fate(fate, destination)
        if not room.take(part):
            break
        shown.append(part)
    rest = len(fates) - len(shown)
    more = small(f"+{rest} earlier") if rest else ""
    return Card(
        box(text(title), rule(), text(*shown, more) if fates else text("No development yet."), colour=marks.NEUTRAL)
    )


def _fate(fate: Fate, destination: Destination) -> str:
    title = developments.title(fate.development, 300, strong=False)
    return f"{title}\n{small(fate.development.date.display, *_told(fate, destination))}"


def _told(fate: Fate, destination: Destination) -> tuple[str, ...]:
    reason = marks.reason(fate.reason, 160) if fate.reason else ""
    if fate.rule is Rule.POSTED:
        when = f"<t:{int(fate.at.timestamp())}:f>" if fate.at else ""
        if destination.place is Place.DM:
            return f"**{fate.rule.value}** {when}", reason
        link = marks.message_link(destination.guild_id, fate.channel_id or destination.discord_id, fate.message_id)
        return f"[**{fate.rule.value}**]({link}) {when}", reason
    said = f"not posted: {fate.rule.value}" if fate.rule is not Rule.WAITING else f"**{fate.rule.value}**"
    return said, reason
