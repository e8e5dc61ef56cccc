"""Texts of pictures: what goes into them from outside, and what is said of a picture to who cannot see it."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from bot.languages import noted, number, say, say_count
from bot.model.story import Story, StoryLine
from bot.model.vocabulary import Claim
from bot.pictures.plan import Label

#: Discord's limit for the description of an attachment and of a gallery's item.
ALT_LIMIT = 1_024
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn")
_ROOM_FOR_COUNT = 30
_TOLD = {
    Claim.CONFIRMED: noted("{date}, confirmed: {headline}"),
    Claim.REPORTED: noted("{date}, reported: {headline}"),
    Claim.DENIED: noted("{date}, denied: {headline}"),
}


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
    said = [
        say("Timeline of “{headline}”.", headline=story.headline),
        say("Stage: {stage}.", stage=story.stage.label) if story.stage else "",
        say("Disputed.") if story.dispute else "",
        say("Newest first:"),
    ]
    told = [say(_TOLD[d.claim], date=d.date.display, headline=d.headline) for d in reversed(story.standing)]
    return _alt(" ".join(part for part in said if part), told)


def alt_of_stories(company: str, stories: Sequence[Story], total: int) -> str:
    """What the timeline of a company shows, in words."""
    told = [f"{s.headline} ({s.stage.label if s.stage else s.kind.label})" for s in stories if s.standing]
    return _alt(_count_of(company, len(told), total), told)


def _count_of(company: str, shown: int, total: int) -> str:
    if total > shown:
        return say_count(
            "Timeline of {company}: {shown} of {count} story:",
            "Timeline of {company}: {shown} of {count} stories:",
            total,
            company=company,
            shown=number(shown),
        )
    return say_count(
        "Timeline of {company}: {count} story:", "Timeline of {company}: {count} stories:", total, company=company
    )


def alt_of_partners(company: str, partners: Sequence[tuple[str, StoryLine, int]]) -> str:
    """What the picture of a company's partners shows, in words."""
    unknown = say("stage not known")
    told = [f"{name} ({line.stage.label if line.stage else unknown})" for name, line, _ in partners]
    said = say_count(
        "Who {company} deals with: {count} company:",
        "Who {company} deals with: {count} companies:",
        len(partners),
        company=company,
    )
    return _alt(said, told)


def _alt(begin: str, told: Sequence[str]) -> str:
    """As many of the parts as fit, and a count of the others."""
    text = _flat(begin)
    room = ALT_LIMIT - max(_ROOM_FOR_COUNT, _units(_more(len(told))) + 5)
    for place, part in enumerate(told):
        added = f" {_flat(part)};"
        if _units(text + added) > room:
            return f"{text} {_more(len(told) - place)}"
        text += added
    return text.removesuffix(";") + "."


def _more(count: int) -> str:
    # Said: at the end of a list of developments, stories or companies
    return say_count("… and {count} more.", "… and {count} more.", count)


def _flat(text: str) -> str:
    return next(iter(spelled(text)), "")


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
