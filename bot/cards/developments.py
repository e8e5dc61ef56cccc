"""A development as text: claim, headline, date, stage change, sources."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards import labels
from bot.cards.escaping import can_link, clean_line, escape_line, masked_link, strike_through
from bot.cards.markdown import join_parts, subtext, truncate_list
from bot.cards.stage_progress import stage_change_label
from bot.languages import lazy, say, say_count
from bot.model.story import Development, Source, Story
from bot.model.vocabulary import Claim

HEADLINE_LIMIT = 420
_MAX_SOURCES = 3
_SOURCE_TEXT_LIMIT = 130
_SOURCE_LINK_LIMIT = 260
_FULL_NAME_LIMIT = 1_100
_FULL_LINK_LIMIT = 2_100
#: The claim of a retracted development.
_FORMER_CLAIM_LABELS = {
    Claim.CONFIRMED: lazy("was confirmed"),
    Claim.REPORTED: lazy("was reported"),
    Claim.DENIED: lazy("was denied"),
}


def development_lines(
    story: Story,
    development: Development,
    *,
    headline_limit: int = HEADLINE_LIMIT,
    sources_limit: int = 400,
    is_new: bool = False,
) -> str:
    """Return two lines: symbol and headline; then claim, date, stage change and sources."""
    source_text = source_list(development.sources, sources_limit)
    metadata = join_parts(
        say(labels.NEW_LABEL) if is_new else "",
        *meta(development),
        stage_change_label(story, development),
        source_text,
    )
    return f"{title(development, headline_limit, is_bold=False)}\n{subtext(metadata)}"


def dispute_side(development: Development, *, headline_limit: int = 300, sources_limit: int = 300) -> str:
    """Return one side of a dispute as a quote: claim, date and sources above the headline."""
    claim, *rest = meta(development)
    symbol = labels.CLAIM_SYMBOLS[development.claim]
    header = join_parts(f"{symbol} **{claim}**", *rest, source_list(development.sources, sources_limit))
    return f"> {header}\n> {escape_line(development.headline, headline_limit)}"


def title(development: Development, limit: int = HEADLINE_LIMIT, *, is_bold: bool = True) -> str:
    """Return the claim's symbol and the headline, which is struck through if the development is retracted."""
    headline = escape_line(development.headline, limit)
    if not development.is_valid:
        return f"{labels.RETRACTED_SYMBOL} {strike_through(headline)}"
    return f"{labels.CLAIM_SYMBOLS[development.claim]} {f'**{headline}**' if is_bold else headline}"


def meta(development: Development) -> tuple[str, ...]:
    """Return the claim in words, and the date with the precision that is known."""
    if not development.is_valid:
        return say("Retracted"), say(_FORMER_CLAIM_LABELS[development.claim]), development.date.display
    return development.claim.label, development.date.display


def source_list(sources: Sequence[Source], limit: int) -> str:
    """Return the first sources in one line of at most ``limit`` units; the others are counted."""
    detailed_publishers = {s.publisher for s in sources if s.title or s.url}
    # If an article of the publisher is listed, its bare name adds nothing; the full story lists both.
    detailed_sources = [s for s in sources if s.title or s.url or s.publisher not in detailed_publishers]
    source_labels = list(dict.fromkeys(source_label(s) for s in detailed_sources))
    return truncate_list(source_labels, limit, _more_sources_label, max_items=_MAX_SOURCES)


def _more_sources_label(count: int) -> str:
    return say_count("+{count} more source", "+{count} more sources", count)


def publisher_list(sources: Sequence[Source], limit: int) -> str:
    """Return :func:`source_list` without titles, which would crowd a list."""
    return source_list([Source(s.publisher, url=s.url) for s in sources], limit)


def source_label(source: Source) -> str:
    """Return the publisher as a link, or publisher and title if the source has no short address."""
    if can_link(source.url, _SOURCE_LINK_LIMIT):
        return masked_link(clean_line(source.publisher, _SOURCE_TEXT_LIMIT), source.url)
    label = f"{source.publisher}: {source.title}" if source.title else source.publisher
    return escape_line(label, _SOURCE_TEXT_LIMIT)


def full_source_label(source: Source) -> str:
    """Return publisher, title, link and date. At most about 3,250 units."""
    label = f"{source.publisher}: {source.title}" if source.title else source.publisher
    date = source.date.display if source.date else ""
    if not source.url:
        return join_parts(escape_line(label, _FULL_NAME_LIMIT), date)
    if can_link(source.url, _FULL_LINK_LIMIT):
        return join_parts(masked_link(label, source.url, _FULL_NAME_LIMIT + _FULL_LINK_LIMIT), date)
    return join_parts(escape_line(label, _FULL_NAME_LIMIT), date, say("its link is too long for Discord"))


def retraction_text(development: Development, limit: int = 500) -> str:
    """Return why a development was retracted; empty if it was not."""
    if development.is_valid:
        return ""
    return say("**Retracted:** {reason}", reason=escape_line(development.localized_retraction_reason, limit))
