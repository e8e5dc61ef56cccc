"""Texts of pictures: what goes into them from outside, and what is said of a picture to who cannot see it."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from bot.model.story import Story, StoryLine
from bot.pictures.plan import Label

#: Discord's limit for the description of an attachment and of a gallery's item.
ALT_LIMIT = 1_024
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn")
_ROOM_FOR_COUNT = 30


def spelled(*spellings: str) -> Label:
    """A text's spellings in one line each, without what cannot be seen; one that is empty then is left out."""
    cleaned = (" ".join("".join(map(_seen, text)).split()) for text in spellings)
    return tuple(dict.fromkeys(text for text in cleaned if text))


def _seen(mark: str) -> str:
    if mark.isspace():
        return " "
    return "" if unicodedata.category(mark) in _UNSEEN else mark


def alt_of_story(story: Story) -> str:
    """What the timeline of a story shows, in words."""
    stage = f" Stage: {story.stage.label}." if story.stage else ""
    dispute = " Disputed." if story.dispute else ""
    told = [f"{d.date.display}, {d.claim.value}: {d.headline}" for d in reversed(story.standing)]
    return _alt(f"Timeline of “{story.headline}”.{stage}{dispute} Newest first:", told)


def alt_of_stories(company: str, stories: Sequence[Story], total: int) -> str:
    """What the timeline of a company shows, in words."""
    told = [f"{s.headline} ({s.stage.label if s.stage else s.kind.label})" for s in stories if s.standing]
    shown = f"{len(told)} of {total:,}" if total > len(told) else f"{total:,}"
    count = f"{shown} {'story' if total == 1 else 'stories'}"
    return _alt(f"Timeline of {company}: {count}:", told)


def alt_of_partners(company: str, partners: Sequence[tuple[str, StoryLine, int]]) -> str:
    """What the picture of a company's partners shows, in words."""
    told = [f"{name} ({line.stage.label if line.stage else 'stage not known'})" for name, line, _ in partners]
    return _alt(f"Who {company} deals with: {len(partners):,} companies:", told)


def _alt(begin: str, told: Sequence[str]) -> str:
    """As many of the parts as fit, and a count of the others."""
    text = _flat(begin)
    for place, part in enumerate(told):
        added = f" {_flat(part)};"
        if _units(text + added) > ALT_LIMIT - _ROOM_FOR_COUNT:
            return f"{text} … and {len(told) - place} more."
        text += added
    return text.removesuffix(";") + "."


def _flat(text: str) -> str:
    return next(iter(spelled(text)), "")


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
