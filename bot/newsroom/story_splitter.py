"""Splitting a story: an editor chooses what moves and where, moves it, and can undo that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from bot.clock import Clock
from bot.errors import NotAllowed
from bot.languages import say
from bot.model.story import Development, Story
from bot.model.story_split import SplitParts, SplitState, StorySplit
from bot.newsroom.desk import Desk
from bot.newsroom.drafts import StoryHeader
from bot.newsroom.split_rules import check_split, check_undoable, describe_header, describe_new_story
from bot.newsroom.story_writer import StoryWriter
from bot.store import Store, Transaction
from bot.store.story_splits import MovedParts

#: How long a split waits for an editor to go on with it.
RETENTION = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class SplitOutcome:
    """The result of a split, or of undoing one.

    Attributes:
        source: the story that was split, as it is now.
        target: the other story; of a new story whose split was undone, what it was.
        developments: those that moved.
        is_new: whether the split made the other story.
        edits: how many posts are brought up to date.
        follows: how many follows were made for the other story.
    """

    split: StorySplit
    source: Story
    target: Story
    developments: tuple[Development, ...]
    is_new: bool
    edits: int
    follows: int = 0


@dataclass(frozen=True, slots=True)
class OpenSplit:
    """A split that an editor is choosing, with its stories as they are now; ``target`` is None for a new one."""

    split: StorySplit
    source: Story
    target: Story | None


class StorySplitter:
    """Splits stories. What an editor has chosen is stored, so that a menu goes on after a restart."""

    def __init__(self, store: Store, desk: Desk, clock: Clock) -> None:
        self._store = store
        self._desk = desk
        self._clock = clock

    async def begin(self, slug: str, target_slug: str = "") -> OpenSplit:
        """Begin a split of a story, into another one or, without its slug, into a new one."""
        async with self._store.write() as tx:
            now = self._clock()
            await tx.story_splits.remove_abandoned(now - RETENTION)
            split = await tx.story_splits.add(StorySplit(slug, target_slug), now)
            return await _open(tx, split)

    async def get(self, split_id: int) -> OpenSplit:
        """Return a split that waits for the editor. Raises NotFound or NotAllowed if it does not wait any more."""
        async with self._store.read() as tx:
            return await _open(tx, await tx.story_splits.get(split_id))

    async def change(self, split_id: int, change: Callable[[StorySplit], StorySplit]) -> OpenSplit:
        """Change what was chosen. What the story no longer has is no longer chosen."""
        async with self._store.write() as tx:
            opened = await _open(tx, change(await tx.story_splits.get(split_id)))
            await tx.story_splits.save(opened.split, self._clock())
        return opened

    async def discard(self, split_id: int) -> None:
        """Remove a split that is not done."""
        async with self._store.write() as tx:
            await tx.story_splits.remove(split_id)

    async def split(self, split_id: int, header: StoryHeader | None = None, *, actor: str) -> SplitOutcome:
        """Move what was chosen to the chosen story, or with a header to a new one. Nothing is posted.

        Raises SplitOutdated if the story no longer has all of it, InputError if the other story cannot take it, and
        NotAllowed if it was done already.
        """
        async with self._desk.transaction(actor) as writer:
            tx, now = writer.tx, self._clock()
            split = _require_choosing(await tx.story_splits.get(split_id))
            source = await tx.stories.get(split.slug)
            target = await tx.stories.get(split.target_slug) if header is None else None
            check_split(split, source, target, header)
            if header is not None:
                target = (await writer.open_story(header)).story
            assert target is not None  # noqa: S101 - it is there, or there is a header
            await _record(writer, "story split", source, target, split.parts)
            moved = await tx.story_splits.move(split, source, target, describe_header(target) if header else "", now)
            developments = split.parts.select_developments(source)
            source, target = [await tx.stories.refresh(each.slug, now) for each in (source, target)]
            if header is not None:
                target = await tx.stories.refresh(target.slug, now, describe_new_story(target))
            edited = (moved.developments, moved.expected_events) if split.edits_posts else ((), ())
            edits = await writer.finish_move((source, target), *edited)
        return SplitOutcome(split, source, target, developments, header is not None, edits, len(moved.follows))

    async def undo(self, split_id: int, *, actor: str) -> SplitOutcome:
        """Move what a split has moved back. A story that was new is merged back, so that its slug still answers.

        Raises NotAllowed if that was done already, or if something that was changed since stands against it.
        """
        async with self._desk.transaction(actor) as writer:
            tx, now = writer.tx, self._clock()
            split, moved = await tx.story_splits.get(split_id), await tx.story_splits.get_moved(split_id)
            if split.state is not SplitState.DONE:
                raise NotAllowed(say("This split has already been undone."))
            stories = [await _find_unmerged(tx, slug) for slug in (moved.source_slug, moved.target_slug)]
            parts = _get_parts(moved)
            source, target = check_undoable(parts, moved.header, *stories)
            developments = parts.select_developments(target)
            await _record(writer, "split undone", target, source, parts)
            await tx.story_splits.restore_reviews(moved)
            if moved.header:
                source = await tx.story_merges.merge(target, source, now, with_parties=False)
            else:
                await tx.story_splits.move_back(moved, source, target, await tx.story_splits.get_time(split_id))
                source, target = [await tx.stories.refresh(each.slug, now) for each in (source, target)]
            await tx.story_splits.mark_undone(split, now)
            changed_stories = (source,) if moved.header else (source, target)
            edits = await writer.finish_move(changed_stories, moved.developments, moved.expected_events)
        return SplitOutcome(split, source, target, developments, bool(moved.header), edits)


async def _open(tx: Transaction, split: StorySplit) -> OpenSplit:
    source = await tx.stories.get(_require_choosing(split).slug)
    target = await tx.stories.get(split.target_slug) if split.target_slug else None
    return OpenSplit(split.limit_to(source), source, target)


def _require_choosing(split: StorySplit) -> StorySplit:
    if split.state is not SplitState.CHOOSING:
        raise NotAllowed(say("This split has already been made."))
    return split


def _get_parts(moved: MovedParts) -> SplitParts:
    return SplitParts(frozenset(moved.developments), frozenset(moved.expected_events), frozenset(moved.terms))


async def _find_unmerged(tx: Transaction, slug: str) -> Story | None:
    """Return the story of a slug; None if it is gone, or merged into another one."""
    story = await tx.stories.find(slug)
    return story if story is not None and story.slug == slug else None


async def _record(writer: StoryWriter, action: str, source: Story, target: Story, parts: SplitParts) -> None:
    """Record with both stories what moves from the first to the second; the first still has it."""
    content = {
        "developments": parts.select_developments(source),
        "expected_events": parts.select_events(source),
        "terms": parts.select_terms(source),
    }
    names = [{"slug": story.slug, "headline": story.headline} for story in (source, target)]
    await writer.record(f"{action}: moved out", source.slug, content, names[1])
    await writer.record(f"{action}: moved in", target.slug, names[0], content)
