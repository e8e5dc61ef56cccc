"""What one transaction writes when something comes in: the development, what is derived of it, the audit, what is owed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.clock import Clock
from bot.model.company import Company
from bot.model.story import Development, Story
from bot.newsroom.company_writes import canonicalize_parties, save_company
from bot.newsroom.drafts import StoryDraft
from bot.newsroom.revision import Revision, apply_draft, get_header
from bot.store import Transaction


@dataclass(frozen=True, slots=True)
class PublishOutcome:
    """What came of it: the story as it now stands, what was new or corrected.

    ``owed`` counts destinations that get a post, ``edits`` messages that stand and are brought up to date.
    """

    story: Story
    is_new: bool
    new_developments: tuple[Development, ...]
    corrections: tuple[tuple[Development, Development], ...]
    is_changed: bool
    deliveries: int = 0
    edits: int = 0


class StoryWriter:
    """One transaction's writing, by one actor."""

    def __init__(self, tx: Transaction, actor: str, clock: Clock) -> None:
        self._session = tx
        self._actor = actor
        self._clock = clock

    async def apply(self, draft: StoryDraft, *, announce: bool) -> PublishOutcome:
        """Write a draft; with ``announce`` what is new is owed to everyone who follows. InputError or NotFound, and nothing is written."""
        revision = await build_revision(self._session, await canonicalize_parties(self._session, draft))
        if not revision.has_changes:
            return PublishOutcome(revision.after, is_new=False, new_developments=(), corrections=(), is_changed=False)
        await self._save_new_companies([party.company for party in revision.after.parties])
        story = await self._session.stories.save(revision.before, revision.after, self._clock())
        await self._write_audit(revision)
        await self._session.metadata.advance_revision()
        new_keys = {d.key for d in revision.new_developments}
        new_developments = tuple(d for d in story.developments if d.key in new_keys)
        deliveries = await self._enqueue_deliveries(story, new_developments) if announce else 0
        card_edits = await self.refresh_cards(story)
        edits = sum([await self._enqueue_edits(old, new) for old, new in revision.corrections]) + card_edits
        return PublishOutcome(
            story,
            revision.before is None,
            new_developments,
            revision.corrections,
            is_changed=True,
            deliveries=deliveries,
            edits=edits,
        )

    async def _save_new_companies(self, names: Sequence[str]) -> None:
        company_ids = await self._session.companies.get_ids(names)
        for name in dict.fromkeys(names):
            if name not in company_ids:
                await save_company(self._session, None, Company(name), actor=self._actor, now=self._clock())

    async def _enqueue_deliveries(self, story: Story, developments: tuple[Development, ...]) -> int:
        news = [d for d in developments if d.is_valid]
        if not news:
            return 0
        session = self._session
        return sum(
            [
                await session.deliveries.enqueue(d.id, await session.subscribers.find(story, d), self._clock())
                for d in news
            ]
        )

    async def refresh_cards(self, story: Story) -> int:
        """Cards that stand over a story's threads show it as it is now."""
        story_ids = await self._session.stories.get_ids([story.slug])
        return await self._session.story_threads.request_card_edits(story_ids[story.slug], self._clock())

    async def _enqueue_edits(self, old: Development, new: Development) -> int:
        if replace(old, key=new.key) == new:
            return 0
        if new.retraction_reason:
            # Who has not been told yet need not be told that it is not so.
            await self._session.deliveries.withdraw(new.id, self._clock())
        elif old.retraction_reason:
            await self._session.deliveries.reinstate(new.id, self._clock())
        return await self._session.deliveries.request_edits(new.id, self._clock())

    async def _write_audit(self, revision: Revision) -> None:
        now, slug = self._clock(), revision.after.slug
        if revision.has_new_header:
            action = "story changed" if revision.before else "story added"
            before = get_header(revision.before) if revision.before else None
            await self._session.audit.write(now, self._actor, action, slug, before, get_header(revision.after))
        for development in revision.new_developments:
            await self._session.audit.write(now, self._actor, "development added", slug, None, development)
        for old, new in revision.corrections:
            action = (
                "development retracted"
                if new.retraction_reason and not old.retraction_reason
                else "development corrected"
            )
            await self._session.audit.write(now, self._actor, action, slug, old, new)


async def build_revision(tx: Transaction, draft: StoryDraft) -> Revision:
    """A draft joined to the story that the store has; InputError or NotFound when they do not fit."""
    before = await tx.stories.get(draft.slug)
    if before is not None and before.slug != draft.slug:
        # The story was joined to another: what is told of it is told of that one, which has its own face and ids.
        drafts = tuple(replace(development, key="") for development in draft.developments)
        draft = StoryDraft(before.slug, None, drafts)
    former_names = await tx.stories.get_former_names(draft.slug) if before else {}
    return apply_draft(before, draft, former_names)
