"""``why``: which developments of a story were posted somewhere, which were not, and the rule that decided."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards import developments, marks, safe
from bot.cards.budget import Room, units
from bot.cards.card import Card, box, rule, text
from bot.cards.marks import small
from bot.cards.prose import reason
from bot.languages import noted, say, say_count
from bot.model.fate import Fate, Rule
from bot.model.follow import Destination, Place
from bot.model.story import Story

_MOST = 3_600
_SHOWN = 12
_REASON = 160
# Said: "it" is a development of a story, "here" the channel that was asked about.
_NOT_POSTED = {
    Rule.FAILED: noted("not posted: could not be delivered"),
    Rule.SET_ASIDE: noted("not posted: set aside, because it failed again and again; the desk decides"),
    Rule.NO_FOLLOW: noted("not posted: nothing here follows the story"),
    Rule.BEFORE_FOLLOW: noted("not posted: it was known before the follow was made"),
    Rule.SILENT: noted("not posted: it came in silently, by an import that announced nothing"),
    Rule.STOPPED: noted("not posted: the follow was paused or had stopped"),
    Rule.DIGEST: noted("not posted: it waits for the next digest"),
    Rule.LEFT_OUT: noted("not posted: the follow leaves it out"),
}


def why_card(story: Story, destination: Destination, fates: Sequence[Fate]) -> Card:
    """Each development with its fate in a destination, newest first; the oldest are counted where there is no room."""
    title = f"{safe.heading(safe.line(story.headline, 420))}\n{small(_where(destination))}"
    room = Room(_MOST - units(title))
    shown: list[str] = []
    for fate in list(reversed(fates))[:_SHOWN]:
        part = _fate(fate, destination)
        if not room.take(part):
            break
        shown.append(part)
    rest = len(fates) - len(shown)
    # Said: so many earlier developments have no room in the list
    more = small(say_count("+{count} earlier", "+{count} earlier", rest)) if rest else ""
    listed = text(*shown, more) if fates else text(say("No development yet."))
    return Card(box(text(title), rule(), listed, colour=marks.NEUTRAL))


def _where(destination: Destination) -> str:
    if destination.place is Place.DM:
        return say("What was posted in your DMs, newest first")
    return say("What was posted in {channel}, newest first", channel=f"<#{destination.discord_id}>")


def _fate(fate: Fate, destination: Destination) -> str:
    title = developments.title(fate.development, 300, strong=False)
    return f"{title}\n{small(fate.development.date.display, *_told(fate, destination))}"


def _told(fate: Fate, destination: Destination) -> tuple[str, ...]:
    if fate.rule is Rule.POSTED:
        return _posted(fate, destination), _why(fate)
    # Said: of a development whose post is about to be sent
    return say(_NOT_POSTED[fate.rule]) if fate.rule is not Rule.WAITING else say("**on its way**"), _why(fate)


def _posted(fate: Fate, destination: Destination) -> str:
    time = f"<t:{int(fate.at.timestamp())}:f>" if fate.at else ""
    if destination.place is Place.DM:
        return say("**posted** {time}", time=time)
    link = marks.message_link(destination.guild_id, fate.channel_id or destination.discord_id, fate.message_id)
    # Said: the word leads to the post
    return say("[**posted**]({link}) {time}", link=link, time=time)


def _why(fate: Fate) -> str:
    if fate.rule is Rule.LEFT_OUT:
        return safe.line(fate.reason, _REASON)
    return reason(fate.reason, _REASON) if fate.reason else ""
