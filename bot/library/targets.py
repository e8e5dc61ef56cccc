"""What somebody wants to follow, from what they typed."""

from __future__ import annotations

from bot.languages import noted, say
from bot.library.library import Library
from bot.model.follow import EVERYTHING, Target, TargetKind
from bot.model.story import Story
from bot.model.vocabulary import Kind

_ALL = frozenset({"everything", "all", "*", "any"})
_EVERYTHING = noted("everything")
_EVERY = {
    Kind.MERGER: noted("every merger story"),
    Kind.ACQUISITION: noted("every acquisition story"),
    Kind.STAKE: noted("every stake story"),
    Kind.JOINT_VENTURE: noted("every joint venture story"),
    Kind.ALLIANCE: noted("every alliance story"),
    Kind.SUPPLY: noted("every supply story"),
    Kind.CONTRACT_MANUFACTURING: noted("every contract manufacturing story"),
    Kind.LICENSING: noted("every licensing story"),
    Kind.FINANCING: noted("every financing story"),
    Kind.PRODUCT: noted("every product story"),
    Kind.PLANT: noted("every plant story"),
    Kind.POLICY: noted("every policy story"),
    Kind.PEOPLE: noted("every people story"),
    Kind.RESULTS: noted("every results story"),
    Kind.EVENT: noted("every event story"),
    Kind.OTHER: noted("every other story"),
}


async def find_target(library: Library, typed: str) -> Target:
    """The target that a text means: everything, a kind (both also in the language that is spoken), a company, or one story.

    Raises NotFound when it means nothing known, InputError when it may mean several stories.
    """
    text = typed.strip()
    word = text.casefold()
    if word in _ALL or word == say(_EVERYTHING).casefold():
        return EVERYTHING
    kind = next((kind for kind in Kind if word in (kind.value, kind.label.casefold())), None)
    if kind is not None:
        return Target(TargetKind.KIND, kind.value, kind.value)
    company = await library.only_company(text)
    if company:
        return Target(TargetKind.COMPANY, company, company)
    story = await library.story(await library.only_story(text))
    return Target(TargetKind.STORY, story.slug, story.headline)


async def complete_target(library: Library, typed: str) -> list[tuple[str, str]]:
    """Targets to offer while somebody types: what is shown, and the text that :func:`find_target` takes."""
    text = typed.strip().casefold()
    everything = say(_EVERYTHING)
    offers = [(everything, TargetKind.EVERYTHING.value)] if _begins(text, _EVERYTHING, everything) else []
    # Said: an entry of a list of what can be followed
    offers += [(say("company: {company}", company=name), name) for name in await library.complete_company(typed, 10)]
    offers += [(say(_EVERY[k]), k.value) for k in Kind if text and _begins(text, k.value, k.label)]
    lines = await library.complete_story(typed, deals_only=False, limit=14)
    # Said: an entry of a list of what can be followed
    offers += [(say("story: {headline}", headline=line.headline), line.slug) for line in lines]
    return offers[:25]


def _begins(text: str, *words: str) -> bool:
    return any(word.casefold().startswith(text) for word in words)


async def sample_story(library: Library, target: Target) -> Story | None:
    """The story with the newest development among those that a target wants; None when it wants none yet."""
    slug = await library.newest_slug(target)
    return await library.story(slug) if slug else None
