"""Texts for pictures: labels from external text, and alt texts for people who cannot see the picture."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from bot.languages import format_number, lazy, say, say_count
from bot.model.invisible_characters import HIDDEN_CATEGORIES
from bot.model.story import Story
from bot.model.vocabulary import Claim
from bot.pictures.plan import Edge, Label, PartnerGraph

#: The limit for an attachment's description and a gallery item's
#: (https://discord.com/developers/docs/components/reference#media-gallery).
ALT_LIMIT = 1_024
_COUNT_RESERVE = 30
_DEVELOPMENT_TEXTS = {
    Claim.CONFIRMED: lazy("{date}, confirmed: {headline}"),
    Claim.REPORTED: lazy("{date}, reported: {headline}"),
    Claim.DENIED: lazy("{date}, denied: {headline}"),
}


def build_label(*spellings: str) -> Label:
    """Return the spellings of a text, each on one line and without invisible characters. Omit empty ones."""
    lines = (" ".join("".join(map(_make_visible, text)).split()) for text in spellings)
    return tuple(dict.fromkeys(text for text in lines if text))


def _make_visible(character: str) -> str:
    if character.isspace():
        return " "
    return "" if unicodedata.category(character) in HIDDEN_CATEGORIES else character


def describe_story_timeline(story: Story) -> str:
    """Return the alt text of a story's timeline."""
    intro = [
        say("Timeline of “{headline}”.", headline=story.title),
        say("Stage: {stage}.", stage=story.stage.label) if story.stage else "",
        say("Disputed.") if story.dispute else "",
        say("Newest first:"),
    ]
    items = [
        say(_DEVELOPMENT_TEXTS[d.claim], date=d.date.display, headline=d.headline)
        for d in reversed(story.valid_developments)
    ]
    return _join_within_limit(" ".join(part for part in intro if part), items)


def describe_company_timeline(company: str, stories: Sequence[Story], total: int) -> str:
    """Return the alt text of a company's timeline."""
    items = [f"{s.title} ({s.stage.label if s.stage else s.kind.label})" for s in stories if s.valid_developments]
    return _join_within_limit(_describe_count(company, len(items), total), items)


def _describe_count(company: str, visible: int, total: int) -> str:
    if total > visible:
        return say_count(
            "Timeline of {company}: {shown} of {count} story:",
            "Timeline of {company}: {shown} of {count} stories:",
            total,
            company=company,
            shown=format_number(visible),
        )
    return say_count(
        "Timeline of {company}: {count} story:", "Timeline of {company}: {count} stories:", total, company=company
    )


def describe_partners(graph: PartnerGraph) -> str:
    """Return the alt text of the picture of a company's partners: all that the picture says."""
    company = graph.centre[0] if graph.centre else ""
    partners = [edge for edge in graph.edges if not edge.is_apart]
    intro = say_count(
        "Who {company} deals with: {count} company:",
        "Who {company} deals with: {count} companies:",
        len(partners),
        company=company,
    )
    items = [_describe_edge(edge) for edge in partners]
    items += [_describe_edge(edge) for edge in graph.edges if edge.is_apart]
    return _join_within_limit(intro, [*items, *([graph.foot] if graph.foot else [])])


def _describe_edge(edge: Edge) -> str:
    name = edge.partner[0] if edge.partner else ""
    return f"{name} ({', '.join(part for part in (edge.stage_label, edge.kind, edge.others) if part)})"


def _join_within_limit(intro: str, items: Sequence[str]) -> str:
    """Return the intro with as many items as fit, and a count of the others."""
    text = _flatten(intro)
    limit = ALT_LIMIT - max(_COUNT_RESERVE, _count_utf16(_count_more(len(items))) + 5)
    for index, item in enumerate(items):
        addition = f" {_flatten(item)};"
        if _count_utf16(text + addition) > limit:
            return f"{text} {_count_more(len(items) - index)}"
        text += addition
    return text.removesuffix(";") + "."


def _count_more(count: int) -> str:
    # Translators: at the end of a list of developments, stories or companies
    return say_count("… and {count} more.", "… and {count} more.", count)


def _flatten(text: str) -> str:
    return next(iter(build_label(text)), "")


def _count_utf16(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
