"""How a development is shown: its claim's mark, headline, date, what it moved, who says so."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards import marks, safe
from bot.cards.marks import dotted, small
from bot.languages import noted, say, say_count
from bot.model.story import Development, Source, Story
from bot.model.vocabulary import Claim

HEADLINE = 420
_SHOWN_SOURCES = 3
_SOURCE_TEXT = 130
_SOURCE_LINK = 260
_LONGEST_NAME = 1_100
_LONGEST_LINK = 2_100
#: What a development was before it was retracted.
_WAS = {
    Claim.CONFIRMED: noted("was confirmed"),
    Claim.REPORTED: noted("was reported"),
    Claim.DENIED: noted("was denied"),
}


def in_story(
    story: Story, development: Development, *, headline: int = HEADLINE, sources: int = 400, is_new: bool = False
) -> str:
    """Two lines: mark and headline; then claim, date, what it did to its deal's stage, sources."""
    who = source_list(development.sources, sources)
    told = dotted(say(marks.NEW) if is_new else "", *meta(development), marks.move(story, development), who)
    return f"{title(development, headline, strong=False)}\n{small(told)}"


def side(development: Development, *, headline: int = 300, sources: int = 300) -> str:
    """One side of a dispute as a quote: claim, date and sources above what is said."""
    claim, *rest = meta(development)
    mark = marks.CLAIM_MARKS[development.claim]
    said = dotted(f"{mark} **{claim}**", *rest, source_list(development.sources, sources))
    return f"> {said}\n> {safe.line(development.headline, headline)}"


def title(development: Development, limit: int = HEADLINE, *, strong: bool = True) -> str:
    """The claim's mark and the headline; a retracted one is struck through."""
    shown = safe.line(development.headline, limit)
    if not development.stands:
        return f"{marks.RETRACTED_MARK} {safe.struck(shown)}"
    return f"{marks.CLAIM_MARKS[development.claim]} {f'**{shown}**' if strong else shown}"


def meta(development: Development) -> tuple[str, ...]:
    """The claim's word and the date, as precise as it is known."""
    if not development.stands:
        return say("Retracted"), say(_WAS[development.claim]), development.date.display
    return development.claim.label, development.date.display


def source_list(sources: Sequence[Source], limit: int) -> str:
    """The first few sources in one line of at most ``limit`` units, the others counted."""
    named = {s.publisher for s in sources if s.title or s.url}
    # A publisher's bare name says nothing beside its titled article; the full story lists both.
    telling = [s for s in sources if s.title or s.url or s.publisher not in named]
    shown = list(dict.fromkeys(source(s) for s in telling))
    return marks.counted(shown, limit, _more_sources, at_most=_SHOWN_SOURCES)


def _more_sources(count: int) -> str:
    return say_count("+{count} more source", "+{count} more sources", count)


def publisher_list(sources: Sequence[Source], limit: int) -> str:
    """As :func:`source_list`, without titles: for lists, where they would be noise."""
    return source_list([Source(s.publisher, url=s.url) for s in sources], limit)


def source(source: Source) -> str:
    """The publisher as a link; without an address the publisher and the title."""
    if safe.linkable(source.url, _SOURCE_LINK):
        return safe.link(safe.plain(source.publisher, _SOURCE_TEXT), source.url)
    told = f"{source.publisher}: {source.title}" if source.title else source.publisher
    return safe.line(told, _SOURCE_TEXT)


def source_in_full(source: Source) -> str:
    """Everything about a source: publisher, title, link, date. At most about 3,250 units."""
    told = f"{source.publisher}: {source.title}" if source.title else source.publisher
    date = source.date.display if source.date else ""
    if not source.url:
        return dotted(safe.line(told, _LONGEST_NAME), date)
    if safe.linkable(source.url, _LONGEST_LINK):
        return dotted(safe.link(told, source.url, _LONGEST_NAME + _LONGEST_LINK), date)
    return dotted(safe.line(told, _LONGEST_NAME), date, say("its link is too long for Discord"))


def retraction(development: Development, limit: int = 500) -> str:
    """Why it no longer stands; empty while it does."""
    if development.stands:
        return ""
    return say("**Retracted:** {reason}", reason=safe.line(development.why_retracted, limit))
