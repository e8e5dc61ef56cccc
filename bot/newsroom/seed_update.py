"""Update of what a store got from the starter collection: stories and companies that nobody has edited follow its files."""

from __future__ import annotations

import logging
import zlib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from bot.errors import InputError
from bot.newsroom.desk import Desk
from bot.newsroom.drafts import DevelopmentDraft, StoryDraft
from bot.newsroom.story_files import FILE_LIMIT, ParsedFile, find_files, read_file, read_files
from bot.newsroom.story_writer import StoryWriter
from bot.regular_files import read_regular_file
from bot.store import Store

log = logging.getLogger(__name__)

#: In whose name the starter collection is written.
SEEDS_ACTOR = "seeds"
_RETRACTION_REASON = "The starter collection no longer states this."


def compute_seeds_checksum(folder: Path) -> int:
    """Return a number that is different for files of another content. Raises DealwireError if there are none."""
    checksum = 0
    for path in find_files([folder]):
        checksum = zlib.crc32(read_regular_file(path, FILE_LIMIT), checksum)
    return checksum


async def update_seeds(store: Store, desk: Desk, folder: Path) -> int:
    """Bring unedited stories and companies of the starter collection in step with its files; return how many have changed.

    Whatever anybody else has changed stays as it is, and nothing is added that the store does not have. A development that a
    file no longer has is retracted, and a company that no file has any more is removed if nothing refers to it. Nothing is
    announced. Raises DealwireError if a file is refused.
    """
    files = read_files(find_files([folder]), read_file)
    async with store.read() as tx:
        slugs = await tx.audit.find_untouched([file.story.slug for file in files if file.story], SEEDS_ACTOR)
        if not slugs:
            return 0
    count = await _update_companies(store, desk, files)
    for file in files:
        if file.story is not None and file.story.slug in slugs:
            async with desk.transaction(SEEDS_ACTOR) as writer:
                count += await _update_story(writer, file.story)
    return count + await _remove_companies(desk, files)


async def _update_companies(store: Store, desk: Desk, files: Iterable[ParsedFile]) -> int:
    companies = {company.name: company for file in files for company in file.companies}
    async with store.read() as tx:
        names = await tx.audit.find_untouched(list(companies), SEEDS_ACTOR)
    try:
        return await desk.add_companies([companies[name] for name in companies if name in names], actor=SEEDS_ACTOR)
    except InputError as exc:
        log.warning("The companies of the starter collection were left unchanged: %s", exc)
        return 0


async def _update_story(writer: StoryWriter, draft: StoryDraft) -> bool:
    story = await writer.tx.stories.find(draft.slug)
    is_untouched = bool(await writer.tx.audit.find_untouched([draft.slug], SEEDS_ACTOR))
    if story is None or story.slug != draft.slug or not is_untouched:
        return False
    if draft.header is not None:
        related_ids = await writer.tx.stories.get_ids(draft.header.related)
        related = tuple(slug for slug in draft.header.related if slug in related_ids)
        draft = replace(draft, header=replace(draft.header, related=related))
    keys = {development.key for development in draft.developments}
    former_drafts = (DevelopmentDraft.from_development(d) for d in story.valid_developments if d.key not in keys)
    retracted = tuple(replace(former, retraction_reason=_RETRACTION_REASON) for former in former_drafts)
    outcome = await writer.publish(replace(draft, developments=(*draft.developments, *retracted)), announce=False)
    return outcome.is_changed


async def _remove_companies(desk: Desk, files: Iterable[ParsedFile]) -> int:
    names = {company.name for file in files for company in file.companies}
    count = 0
    async with desk.transaction(SEEDS_ACTOR) as writer:
        former_names = [n for n in await writer.tx.audit.list_companies_added_by(SEEDS_ACTOR) if n not in names]
        for name in sorted(await writer.tx.audit.find_untouched(former_names, SEEDS_ACTOR)):
            count += await writer.companies.remove_unused(name)
    return count
