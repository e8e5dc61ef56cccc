"""The words, symbols and colours that cards share. All texts are safe to show, except those of menu choices."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache

from bot.cards.components import MenuChoice
from bot.cards.escaping import escape_line
from bot.cards.markdown import add_note, join_parts, subtext, truncate_list
from bot.cards.message_limits import utf16_length
from bot.languages import format_series, get_language, lazy, say, say_as, say_count
from bot.model.dates import PartialDate
from bot.model.story import Story, StoryListItem
from bot.model.vocabulary import Claim, Kind, Stage

CLAIM_SYMBOLS = {Claim.CONFIRMED: "●", Claim.REPORTED: "○", Claim.DENIED: "✕"}
RETRACTED_SYMBOL = "–"
WARNING_SYMBOL = "⚠"
#: Marks a development that came in since the reader last caught up. Only for cards that nobody else sees.
NEW_LABEL = lazy("**New for you**")

_MAX_MENTIONS = 6

# Mid-tones: legible as an edge on Discord's light and dark backgrounds alike.
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


def stage_colour(stage: Stage | None) -> int:
    """Return the edge colour of a card about something in this stage, the neutral one if there is no stage."""
    return STAGE_COLOURS[stage] if stage else NEUTRAL_COLOUR


def new_count_line(story: Story, new_ids: Collection[int]) -> str:
    """Return ``2 developments new since you last caught up here``; empty if none is new."""
    count = sum(development.id in new_ids for development in story.valid_developments)
    if not count:
        return ""
    return subtext(
        say_count(
            "{count} new development since you last caught up here",
            "{count} new developments since you last caught up here",
            count,
        )
    )


def stage_and_kind(kind: Kind, stage: Stage | None) -> str:
    """Return ``In talks · Supply``, or just the kind if there is no stage."""
    return f"{stage.label} · {kind.label}" if stage else kind.label


def as_of_label(date: PartialDate | None) -> str:
    """Return ``as of August 2025``; empty if there is no date."""
    return say("as of {date}", date=date.without_bound.display) if date else ""


def as_of_footer(story: Story) -> str:
    """Return ``As of August 2025``, for the end of a card."""
    return say("As of {date}", date=story.as_of.without_bound.display) if story.as_of else say("Nothing dated yet")


def former_headline(story: Story, limit: int) -> str:
    """Return the headline of a story that has left the stage that it was written for, small and with its date."""
    described = story.described_state
    date_label = as_of_label(described.as_of) if described else ""
    headline = escape_line(story.headline, max(limit - utf16_length(date_label) - 12, 36))
    return subtext(f"**{headline}**", date_label)


def story_metadata(line: StoryListItem) -> str:
    """Return ``In talks · Supply · disputed · as of August 2025``."""
    return _format_metadata(get_language().code, line.kind, line.stage, line.as_of, is_disputed=line.is_disputed)


# Cached, because a menu has 25 stories, and most of them are alike.
@lru_cache(maxsize=2_048)
def _format_metadata(
    _language: str, kind: Kind, stage: Stage | None, as_of: PartialDate | None, *, is_disputed: bool
) -> str:
    return join_parts(
        stage_and_kind(kind, stage), say_as("story", "disputed") if is_disputed else "", as_of_label(as_of)
    )


def story_choice(story: Story) -> MenuChoice:
    """Return a menu's entry for a story."""
    return MenuChoice(story.slug, story.title, stage_and_kind(story.kind, story.stage))


def line_choice(line: StoryListItem) -> MenuChoice:
    """Return a menu's entry for a listed story."""
    return MenuChoice(line.slug, line.title, story_metadata(line))


def party_list(story: Story, limit: int) -> str:
    """Return ``**Nissan** (plant owner) · **Foxconn** (contract manufacturer)``; parties that do not fit are counted."""
    texts = [party_label(company, roles) for company, roles in story.roles_by_company.items()]
    return truncate_list(texts, limit, more_parties_label)


def party_label(company: str, roles: Collection[str]) -> str:
    """Return a company in bold, and its roles in a story."""
    role_list = format_series(escape_line(role, 320) for role in roles)
    company_name = f"**{escape_line(company, 320)}**"
    return add_note(company_name, role_list) if role_list else company_name


def mentions_label(companies: Sequence[str]) -> str:
    """Return ``Mentions BMW``: companies that a story names without being about them; empty without any."""
    names = format_series(escape_line(company, 60) for company in companies[:_MAX_MENTIONS])
    # Translators: of a story: it names these companies, but is not about them
    return say("Mentions {names}", names=names) if names else ""


def more_parties_label(count: int) -> str:
    """Return ``+3 more parties``, for the parties that a list omits."""
    return say_count("+{count} more party", "+{count} more parties", count)
