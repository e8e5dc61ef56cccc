"""What somebody wants to follow, from what they typed."""

from __future__ import annotations

from bot.library.library import Library
from bot.model.follow import EVERYTHING, Target, TargetKind
from bot.model.story import Story
from bot.model.vocabulary import Kind

_ALL = frozenset({"everything", "all", "*", "any"})


async def find_target(library: Library, typed: str) -> Target:
    """The target that a text means: everything, a kind, a company, or one story.

    Raises NotFound when it means nothing known, InputError when it may mean several stories.
    """
    text = typed.strip()
    if text.casefold() in _ALL:
        return EVERYTHING
    if text.casefold() in [kind.value for kind in Kind]:
        return Target(TargetKind.KIND, text.casefold(), text.casefold())
    company = await library.only_company(text)
    if company:
        return Target(TargetKind.COMPANY, company, company)
    story = await library.story(await library.only_story(text))
    return Target(TargetKind.STORY, story.slug, story.headline)


async def complete_target(library: Library, typed: str) -> list[tuple[str, str]]:
    """Targets to offer while somebody types: what is shown, and the text that :func:`find_target` takes."""
    text = typed.strip().casefold()
    offers = [("everything", "everything")] if "everything".startswith(text) else []
    offers += [(f"company: {name}", name) for name in await library.complete_company(typed, 10)]
    offers += [(f"every {k.label.lower()} story", k.value) for k in Kind if text and k.value.startswith(text)]
    lines = await library.complete_story(typed, deals_only=False, limit=14)
    offers += [(f"story: {line.headline}", line.slug) for line in lines]
    return offers[:25]


async def sample_story(library: Library, target: Target) -> Story | None:
    """The story with the newest development among those that a target wants; None when it wants none yet."""
    slug = await library.newest_slug(target)
    return await library.story(slug) if slug else None
