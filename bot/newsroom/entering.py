"""What one transaction writes when something comes in: the development, what is derived of it, the audit, what is owed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.clock import Clock
from bot.model.company import Company
from bot.model.story import Development, Story
from bot.newsroom.companies import put_company, with_known_names
from bot.newsroom.drafts import StoryDraft
from bot.newsroom.merge import Merge, face_of, merge
from bot.store import Session


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: the story as it now stands, what was new or corrected.

    ``owed`` counts destinations that get a post, ``edits`` messages that stand and are brought up to date.
    """

    story: Story
    created: bool
    added: tuple[Development, ...]
    corrected: tuple[tuple[Development, Development], ...]
    changed: bool
    owed: int = 0
    edits: int = 0


class Entry:
    """One transaction's writing, by one actor."""

    def __init__(self, session: Session, actor: str, clock: Clock) -> None:
        self._session = session
        self._actor = actor
        self._clock = clock

    async def put(self, draft: StoryDraft, *, announce: bool) -> Outcome:
        """Write a draft; with ``announce`` what is new is owed to everyone who follows. InputError or NotFound, and nothing is written."""
        done = await merged(self._session, await with_known_names(self._session, draft))
        if not done.changes:
            return Outcome(done.after, created=False, added=(), corrected=(), changed=False)
        await self._put_new_companies([party.company for party in done.after.parties])
        saved = await self._session.stories.save(done.before, done.after, self._clock())
        await self._write_audit(done)
        await self._session.bookkeeping.advance()
        fresh = {d.key for d in done.added}
        added = tuple(d for d in saved.developments if d.key in fresh)
        owed = await self._owe(saved, added) if announce else 0
        cards = await self.refresh_cards(saved)
        edits = sum([await self._owe_correction(was, now_is) for was, now_is in done.corrected]) + cards
        return Outcome(saved, done.before is None, added, done.corrected, changed=True, owed=owed, edits=edits)

    async def _put_new_companies(self, names: Sequence[str]) -> None:
        known = await self._session.companies.numbers(names)
        for name in dict.fromkeys(names):
            if name not in known:
                await put_company(self._session, None, Company(name), actor=self._actor, now=self._clock())

    async def _owe(self, story: Story, added: tuple[Development, ...]) -> int:
        news = [d for d in added if d.stands]
        if not news:
            return 0
        session = self._session
        return sum([await session.owing.owe(d.number, await session.wants.of(story, d), self._clock()) for d in news])

    async def refresh_cards(self, story: Story) -> int:
        """Cards that stand over a story's threads show it as it is now."""
        numbers = await self._session.stories.numbers([story.slug])
        return await self._session.threads.refresh_cards(numbers[story.slug], self._clock())

    async def _owe_correction(self, was: Development, now_is: Development) -> int:
        if replace(was, key=now_is.key) == now_is:
            return 0
        if now_is.retracted:
            # Who has not been told yet need not be told that it is not so.
            await self._session.owing.withdraw(now_is.number, self._clock())
        elif was.retracted:
            await self._session.owing.revive(now_is.number, self._clock())
        return await self._session.owing.correct(now_is.number, self._clock())

    async def _write_audit(self, done: Merge) -> None:
        now, slug = self._clock(), done.after.slug
        if done.face_changed:
            action = "story changed" if done.before else "story added"
            before = face_of(done.before) if done.before else None
            await self._session.audit.write(now, self._actor, action, slug, before, face_of(done.after))
        for development in done.added:
            await self._session.audit.write(now, self._actor, "development added", slug, None, development)
        for was, is_now in done.corrected:
            action = "development retracted" if is_now.retracted and not was.retracted else "development corrected"
            await self._session.audit.write(now, self._actor, action, slug, was, is_now)


async def merged(session: Session, draft: StoryDraft) -> Merge:
    """A draft joined to the story that the store has; InputError or NotFound when they do not fit."""
    before = await session.stories.get(draft.slug)
    if before is not None and before.slug != draft.slug:
        # The story was joined to another: what is told of it is told of that one, which has its own face and ids.
        bare = tuple(replace(development, key="") for development in draft.developments)
        draft = StoryDraft(before.slug, None, bare)
    former = await session.stories.former_names(draft.slug) if before else {}
    return merge(before, draft, former)
