"""Texts of pictures: what goes into them from outside, and what is said of a picture to who cannot see it."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from bot.languages import format_number, lazy, say, say_count
from bot.model.story import Story, StoryListItem
from bot.model.vocabulary import Claim
from bot.pictures.plan import Label

#: Discord's limit for the description of an attachment and of a gallery's item.
ALT_LIMIT = 1_024
_HIDDEN_CATEGORIES = ("Cc", "Cf", "Cs", "Co", "Cn")
_COUNT_RESERVE = 30
_DEVELOPMENT_TEXTS = {
    Claim.CONFIRMED: lazy("{date}, confirmed: {headline}"),
    Claim.REPORTED: lazy("{date}, reported: {headline}"),
    Claim.DENIED: lazy("{date}, denied: {headline}"),
}


def build_label(*spellings: str) -> Label:
    """A text's spellings in one line each, without what cannot be seen; one that is empty then is left out."""
    lines = (" ".join("".join(map(_make_visible, text)).split()) for text in spellings)
    return tuple(dict.fromkeys(text for text in lines if text))


def _make_visible(character: str) -> str:
    if character.isspace():
        return " "
    return "" if unicodedata.category(character) in _HIDDEN_CATEGORIES else character


def describe_story_timeline(story: Story) -> str:
    """What the timeline of a story shows, in words."""
    intro = [
        say("Timeline of “{headline}”.", headline=story.headline),
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
    """What the timeline of a company shows, in words."""
    items = [f"{s.headline} ({s.stage.label if s.stage else s.kind.label})" for s in stories if s.valid_developments]
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


def describe_partners(company: str, partners: Sequence[tuple[str, StoryListItem, int]]) -> str:
    """What the picture of a company's partners shows, in words."""
    unknown = say("stage not known")
    items = [f"{name} ({line.stage.label if line.stage else unknown})" for name, line, _ in partners]
    intro = say_count(
        "Who {company} deals with: {count} company:",
        "Who {company} deals with: {count} companies:",
        len(partners),
        company=company,
    )
    return _join_within_limit(intro, items)


def _join_within_limit(intro: str, items: Sequence[str]) -> str:
    """As many of the parts as fit, and a count of the others."""
    text = _flatten(intro)
    limit = ALT_LIMIT - max(_COUNT_RESERVE, _count_utf16(_count_more(len(items))) + 5)
    for index, item in enumerate(items):
        addition = f" {_flatten(item)};"
        if _count_utf16(text + addition) > limit:
            return f"{text} {_count_more(len(items) - index)}"
        text += addition
    return text.removesuffix(";") + "."


def _count_more(count: int) -> str:
    # Said: at the end of a list of developments, stories or companies
    return say_count("… and {count} more.", "… and {count} more.", count)


def _flatten(text: str) -> str:
    return next(iter(build_label(text)), "")


def _count_utf16(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
