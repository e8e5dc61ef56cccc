"""Resolve the target of a follow from typed text, and complete it."""

from __future__ import annotations

from bot.languages import lazy, say
from bot.library.library import Library
from bot.model.follow import EVERYTHING, Target, TargetKind
from bot.model.story import Story
from bot.model.vocabulary import Kind

_EVERYTHING_WORDS = frozenset({"everything", "all", "*", "any"})
_EVERYTHING_LABEL = lazy("everything")
_KIND_LABELS = {
    Kind.MERGER: lazy("every merger story"),
    Kind.ACQUISITION: lazy("every acquisition story"),
    Kind.STAKE: lazy("every stake story"),
    Kind.JOINT_VENTURE: lazy("every joint venture story"),
    Kind.ALLIANCE: lazy("every alliance story"),
    Kind.SUPPLY: lazy("every supply story"),
    Kind.CONTRACT_MANUFACTURING: lazy("every contract manufacturing story"),
    Kind.LICENSING: lazy("every licensing story"),
    Kind.FINANCING: lazy("every financing story"),
    Kind.PRODUCT: lazy("every product story"),
    Kind.PLANT: lazy("every plant story"),
    Kind.POLICY: lazy("every policy story"),
    Kind.PEOPLE: lazy("every story about people"),
    Kind.RESULTS: lazy("every results story"),
    Kind.EVENT: lazy("every event story"),
    Kind.OTHER: lazy("every story of the kind “Other”"),
}


async def find_target(library: Library, query: str) -> Target:
    """Return the target that a text means: everything, a kind (in English or the reader's language), a company, or one story.

    Raises NotFound if it means none of these, InputError if it may mean several stories.
    """
    text = query.strip()
    word = text.casefold()
    if word in _EVERYTHING_WORDS or word == say(_EVERYTHING_LABEL).casefold():
        return EVERYTHING
    kind = next((kind for kind in Kind if word in (kind.value, kind.label.casefold())), None)
    if kind is not None:
        return Target(TargetKind.KIND, kind.value, kind.value)
    company = await library.find_only_company(text)
    if company:
        return Target(TargetKind.COMPANY, company, company)
    story = await library.get_story(await library.resolve_story(text))
    return Target(TargetKind.STORY, story.slug, story.title)


async def complete_target(library: Library, query: str) -> list[tuple[str, str]]:
    """Return up to 25 autocomplete choices: the label, and the text that :func:`find_target` accepts."""
    text = query.strip().casefold()
    everything = say(_EVERYTHING_LABEL)
    choices = [(everything, TargetKind.EVERYTHING.value)] if _starts_any(text, _EVERYTHING_LABEL, everything) else []
    # Translators: an entry of a list of what can be followed
    choices += [(say("company: {company}", company=name), name) for name in await library.complete_company(query, 10)]
    choices += [
        (say(_KIND_LABELS[kind]), kind.value) for kind in Kind if text and _starts_any(text, kind.value, kind.label)
    ]
    lines = await library.complete_story(query, deals_only=False, limit=14)
    # Translators: an entry of a list of what can be followed
    choices += [(say("story: {headline}", headline=line.title), line.slug) for line in lines]
    return choices[:25]


def _starts_any(text: str, *words: str) -> bool:
    return any(word.casefold().startswith(text) for word in words)


async def find_sample_story(library: Library, target: Target) -> Story | None:
    """Return the story with the newest development that a target matches; None if there is none yet.

    If it only mentions a company, it comes with those developments alone that followers of the company get.
    """
    slug = await library.find_newest_slug(target)
    if slug is None:
        return None
    story = await library.get_story(slug)
    return story if target.matches(story) else await library.get_mentioning_part(story, target.value)
