"""The writes of one transaction: developments, what is derived from them, the audit and the deliveries."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.clock import Clock
from bot.errors import InputError, NotAllowed, NotFound
from bot.languages import say
from bot.model.audit import AuditEntry
from bot.model.story import PUBLICATION_WITHDRAWN, DescribedState, Development, Source, Story
from bot.model.terms import Term
from bot.newsroom.company_writer import CompanyWriter, canonicalize_parties
from bot.newsroom.drafts import (
    DevelopmentDraft,
    StoryDraft,
    StoryHeader,
    check_date,
    parse_development,
    parse_term,
)
from bot.newsroom.field_validation import HEADLINE_LIMIT, check_text, slugify
from bot.newsroom.mentions import MentionIndexer
from bot.newsroom.revision import (
    ExpectedChange,
    Revision,
    apply_draft,
    check_mergeable,
    find_matching_development,
    get_header,
)
from bot.newsroom.split_rules import remove_moved_parts
from bot.newsroom.story_files import get_development_fields, get_term_fields
from bot.store import Transaction

#: How many candidates for a slug are looked up at once.
_SLUG_BATCH = 100


@dataclass(frozen=True, slots=True)
class PublishOutcome:
    """The result of a change: the story as it is now, and which developments and terms are new or corrected.

    Attributes:
        corrections: each corrected development as it was, and as it is.
        term_corrections: each corrected term as it was, and as it is.
        expected_changes: what has changed of the story's expected events.
        deliveries: how many destinations get a post.
        edits: how many messages that were sent are brought up to date.
    """

    story: Story
    is_new: bool
    new_developments: tuple[Development, ...]
    corrections: tuple[tuple[Development, Development], ...]
    is_changed: bool
    deliveries: int = 0
    edits: int = 0
    new_terms: tuple[Term, ...] = ()
    term_corrections: tuple[tuple[Term, Term], ...] = ()
    expected_changes: tuple[ExpectedChange, ...] = ()

    @property
    def development(self) -> Development | None:
        """The first development that is new or corrected; None if there is none."""
        return next(iter((*self.new_developments, *(new for _, new in self.corrections))), None)


class StoryWriter:
    """Writes stories within one transaction, in the name of one actor.

    A method that raises may have written a part: let the exception end the transaction.

    Attributes:
        tx: the transaction, for what the caller writes together with a story.
        companies: writes companies in the same transaction.
        has_deliveries: whether a post or an edit has been put into the outbox.
    """

    def __init__(self, tx: Transaction, actor: str, clock: Clock, mentions: MentionIndexer) -> None:
        self.tx = tx
        self.has_deliveries = False
        self._actor = actor
        self._clock = clock
        self._mentions = mentions
        self.companies = CompanyWriter(tx, actor, clock, mentions)

    async def publish(self, draft: StoryDraft, *, announce: bool = True) -> PublishOutcome:
        """Write a story, or developments of a stored one. Repeated, it changes nothing.

        With ``announce`` the new developments are delivered to everyone who follows. Raises InputError or NotFound
        before anything is written.
        """
        revision = await build_revision(self.tx, await canonicalize_parties(self.tx, draft))
        return await self.write(revision, announce=announce)

    async def write(self, revision: Revision, *, announce: bool) -> PublishOutcome:
        """Write what a revision changes, with all that follows from it."""
        if not revision.has_changes:
            return PublishOutcome(revision.after, is_new=False, new_developments=(), corrections=(), is_changed=False)
        await self.companies.save_new([party.company for party in revision.after.parties])
        edits = sum([await self._request_reminder_edits(change) for change in revision.expected_changes])
        story = await self.tx.stories.save(revision.before, revision.after, self._clock())
        await self._mentions.index_story(self.tx, revision.before, story, is_new=revision.before is None)
        await self._write_audit(revision)
        await self.tx.metadata.advance_revision()
        new_keys = {d.key for d in revision.new_developments}
        new_developments = tuple(d for d in story.developments if d.key in new_keys)
        deliveries = await self._enqueue_deliveries(story, new_developments) if announce else 0
        # A new story has no cards yet.
        edits += await self._request_card_edits(story) if revision.before else 0
        for old, new in revision.corrections:
            reinstated, edited = await self._request_edits(old, new)
            deliveries, edits = deliveries + reinstated, edits + edited
        self.has_deliveries |= bool(deliveries or edits)
        return PublishOutcome(
            story,
            is_new=revision.before is None,
            new_developments=new_developments,
            corrections=revision.corrections,
            is_changed=True,
            deliveries=deliveries,
            edits=edits,
            new_terms=revision.new_terms,
            term_corrections=revision.term_corrections,
            expected_changes=revision.expected_changes,
        )

    async def open_story(self, header: StoryHeader, developments: tuple[DevelopmentDraft, ...] = ()) -> PublishOutcome:
        """Write a new story under a free slug made from its headline, and announce its developments."""
        await self._check_related(header)
        for development in developments:
            check_date("date", development.date, self.tx.latest_date)
        slug = await self._find_free_slug(slugify(header.headline))
        return await self.publish(StoryDraft(slug, header, developments))

    async def correct(self, slug: str, key: str, fields: Mapping[str, Any]) -> PublishOutcome:
        """Change a development; ``fields`` are keys of a story file's development, and an empty value removes one."""
        story, development = await self._get_development(slug, key)
        merged_fields = {**get_development_fields(development), **fields, "id": development.key}
        draft = parse_development(drop_empty(merged_fields), "", story.kind)
        return await self._rewrite(story, draft)

    async def add_sources(self, slug: str, key: str, sources: Iterable[Source]) -> PublishOutcome:
        """Add sources to a development and notify nobody. A source that it has already changes nothing."""
        story, development = await self._get_development(slug, key)
        result = development.sources
        for source in sources:
            result = result if _has_source(result, source) else (*result, source)
        return await self._rewrite(story, replace(DevelopmentDraft.from_development(development), sources=result))

    async def remove_sources(self, slug: str, key: str, sources: Iterable[Source]) -> PublishOutcome:
        """Undo :meth:`add_sources`."""
        story, development = await self._get_development(slug, key)
        removed_sources = set(sources)
        result = tuple(source for source in development.sources if source not in removed_sources)
        return await self._rewrite(story, replace(DevelopmentDraft.from_development(development), sources=result))

    async def retract(self, slug: str, key: str, reason: str) -> PublishOutcome:
        """Declare a development invalid and say why. The story is then derived from the others."""
        reason_text = check_text("reason", reason, HEADLINE_LIMIT)
        story, development = await self._get_development(slug, key)
        draft = replace(DevelopmentDraft.from_development(development), retraction_reason=reason_text)
        return await self._rewrite(story, draft)

    async def add_term(self, slug: str, term: Term) -> PublishOutcome:
        """Add a figure to a story and notify nobody. If it has the same figure and claim already, only the sources are added."""
        story = await self.tx.stories.get(slug)
        return await self.publish(StoryDraft(story.slug, None, (), (replace(term, key=""),)), announce=False)

    async def correct_term(self, term_id: int, fields: Mapping[str, Any]) -> PublishOutcome:
        """Change a figure; ``fields`` are keys of a story file's term, and an empty value removes one."""
        story, term = await self.tx.terms.get_with_story(term_id)
        merged_fields = {**get_term_fields(term), **fields}
        draft = parse_term(drop_empty(merged_fields), "")
        return await self.publish(StoryDraft(story.slug, None, (), (draft,)), announce=False)

    async def withdraw_publication(self, development_id: int) -> PublishOutcome:
        """Take a publication back. The development is retracted, because messages about it may have been sent.

        Raises NotAllowed if it is retracted already.
        """
        slug, key = await self.tx.stories.locate_development(development_id)
        _, development = await self._get_development(slug, key)
        if not development.is_valid:
            raise NotAllowed(say("“{development}” has already been retracted.", development=development.headline))
        return await self.retract(slug, key, PUBLICATION_WITHDRAWN)

    async def reinstate(self, development_id: int) -> PublishOutcome:
        """Undo a retraction. Posts that it has withdrawn are sent after all. Raises NotAllowed if it is undone already."""
        slug, key = await self.tx.stories.locate_development(development_id)
        story, development = await self._get_development(slug, key)
        if development.is_valid:
            raise NotAllowed(say("That retraction has already been undone."))
        return await self._rewrite(story, replace(DevelopmentDraft.from_development(development), retraction_reason=""))

    async def edit_story(
        self, slug: str, header: StoryHeader, described_state: DescribedState | None = None
    ) -> PublishOutcome:
        """Replace all of a story except its developments.

        ``described_state`` is the state of the deal that the editor saw while looking over headline and summary.
        """
        story = await self.tx.stories.get(slug)
        await self._check_related(header)
        return await self.publish(StoryDraft(story.slug, header, described_state=described_state), announce=False)

    async def merge(self, slug: str, target_slug: str) -> Story:
        """Move all of a story into another one, follows and posts too; its slug leads there from then on.

        Nothing is posted. Raises NotFound, or InputError if they are one story already or if both have a development of
        one date and headline.
        """
        story, target = await self.tx.stories.get(slug), await self.tx.stories.get(target_slug)
        check_mergeable(story, target)
        now = self._clock()
        merged_story = await self.tx.story_merges.merge(story, target, now)
        await self._mentions.index_story(self.tx, None, merged_story)
        before, after = get_header(story), get_header(merged_story)
        await self.tx.audit.write(now, self._actor, "story joined", target.slug, before, after)
        await self.tx.metadata.advance_revision()
        self.has_deliveries |= bool(await self._request_card_edits(merged_story))
        return merged_story

    async def unmerge(self, slug: str) -> tuple[Story, Story]:
        """Undo :meth:`merge`; return the story of that slug and the one that it had been merged into.

        Raises NotFound if that story was not merged.
        """
        now = self._clock()
        stories = await self.tx.story_merges.unmerge(slug, now)
        if stories is None:
            raise NotFound("merged story", slug)
        for story in stories:
            await self._mentions.index_story(self.tx, None, story)
        before, after = get_header(stories[1]), get_header(stories[0])
        await self.tx.audit.write(now, self._actor, "story parted", slug, before, after)
        await self.tx.audit.write(now, self._actor, "merge undone", stories[1].slug, after, None)
        await self.tx.metadata.advance_revision()
        edits = sum([await self._request_card_edits(story) for story in stories])
        self.has_deliveries |= bool(edits)
        return stories

    async def finish_move(
        self, stories: Iterable[Story], development_ids: Iterable[int] = (), event_ids: Iterable[int] = ()
    ) -> int:
        """Do what follows from moving parts of stories to other stories: their mentions, their cards, the store's revision.

        The posts of these developments and expected events are edited; return how many messages that are.
        """
        now, edits, cards = self._clock(), 0, 0
        for story in stories:
            await self._mentions.index_story(self.tx, None, story)
            cards += await self._request_card_edits(story)
        for development_id in development_ids:
            edits += await self.tx.deliveries.request_edits(development_id, now)
        for event_id in event_ids:
            edits += await self.tx.deliveries.request_reminder_edits(event_id, now)
        await self.tx.metadata.advance_revision()
        self.has_deliveries |= bool(edits or cards)
        return edits

    async def record(self, action: str, subject: str, before: Any, after: Any) -> None:
        """Write an entry of the audit in the actor's name."""
        await self.tx.audit.write(self._clock(), self._actor, action, subject, before, after)

    async def _get_development(self, slug: str, key: str) -> tuple[Story, Development]:
        story = await self.tx.stories.get(slug)
        development = story.find_development(key)
        if development is None:
            raise NotFound("development", key)
        return story, development

    async def _rewrite(self, story: Story, draft: DevelopmentDraft) -> PublishOutcome:
        return await self.publish(StoryDraft(story.slug, None, (draft,)), announce=False)

    async def _check_related(self, header: StoryHeader) -> None:
        story_ids = await self.tx.stories.get_ids(header.related)
        for slug in header.related:
            if slug not in story_ids:
                raise InputError("related", say("no story has the slug {slug!r}", slug=slug))

    async def _find_free_slug(self, base: str) -> str:
        """Return ``base``, or else the first free slug of those with a number behind it."""
        stories = self.tx.stories
        for first in itertools.count(1, _SLUG_BATCH):
            candidates = [f"{base}-{suffix}" if suffix > 1 else base for suffix in range(first, first + _SLUG_BATCH)]
            used_slugs = {**await stories.get_ids(candidates), **await stories.resolve_merged_slugs(candidates)}
            free_slug = next((slug for slug in candidates if slug not in used_slugs), None)
            if free_slug is not None:
                return free_slug
        raise AssertionError("numbers have no end")

    async def _enqueue_deliveries(self, story: Story, developments: Iterable[Development]) -> int:
        deliveries, count = self.tx.deliveries, 0
        for development in developments:
            if development.is_valid:
                recipients = await self.tx.subscribers.find(story, development)
                count += await deliveries.enqueue(development.id, recipients, self._clock())
        return count

    async def _request_card_edits(self, story: Story) -> int:
        """Bring the cards above a story's threads up to date; return how many there are."""
        story_ids = await self.tx.stories.get_ids([story.slug])
        return await self.tx.story_threads.request_card_edits(story_ids[story.slug], self._clock())

    async def _request_reminder_edits(self, change: ExpectedChange) -> int:
        return await self.tx.deliveries.request_reminder_edits(change.before.id, self._clock()) if change.before else 0

    async def _request_edits(self, old: Development, new: Development) -> tuple[int, int]:
        """Bring the posts of a corrected development up to date; return how many are sent after all, and how many edited."""
        reinstated = 0
        if replace(old, key=new.key) == new:
            return 0, 0
        if new.retraction_reason:
            # Whoever has not got it yet need not hear that it is not so.
            await self.tx.deliveries.withdraw(new.id, self._clock())
        elif old.retraction_reason:
            reinstated = await self.tx.deliveries.reinstate(new.id, self._clock())
        return reinstated, await self.tx.deliveries.request_edits(new.id, self._clock())

    async def _write_audit(self, revision: Revision) -> None:
        now, slug = self._clock(), revision.after.slug
        await self.tx.audit.write_all(
            AuditEntry(now, self._actor, action, slug, before, after)
            for action, before, after in _list_changes(revision)
        )


def _list_changes(revision: Revision) -> Iterator[tuple[str, Any, Any]]:
    """Yield what a revision changes: the action as the audit calls it, and what it was and is."""
    if revision.has_new_header:
        before = get_header(revision.before) if revision.before else None
        yield ("story changed" if revision.before else "story added"), before, get_header(revision.after)
    elif revision.has_new_description and revision.before:
        yield "description confirmed", revision.before.described_state, revision.after.described_state
    for development in revision.new_developments:
        yield "development added", None, development
    for old, new in revision.corrections:
        yield f"development {_get_correction(old, new)}", old, new
    for change in revision.expected_changes:
        yield change.action, change.before, change.after
    for term in revision.new_terms:
        yield "term added", None, term
    for old_term, new_term in revision.term_corrections:
        yield f"term {_get_correction(old_term, new_term)}", old_term, new_term


def _get_correction(old: Development | Term, new: Development | Term) -> str:
    if bool(old.retraction_reason) is bool(new.retraction_reason):
        return "corrected"
    return "retracted" if new.retraction_reason else "reinstated"


async def build_revision(tx: Transaction, draft: StoryDraft) -> Revision:
    """Apply a draft to the stored story, without writing. Raises InputError or NotFound if they do not fit."""
    before = await tx.stories.find(draft.slug)
    if before is not None and draft.header is not None:
        # A file, which can be older than a split.
        draft = await _remove_moved_parts(tx, draft, before)
    if before is not None and before.slug != draft.slug:
        return await _build_merged_revision(tx, draft, before)
    former_names = await tx.stories.get_former_names(draft.slug) if before else {}
    return apply_draft(before, draft, former_names, tx.latest_date)


async def _remove_moved_parts(tx: Transaction, draft: StoryDraft, before: Story) -> StoryDraft:
    """Return a draft without what was moved out of its story since: it is another story's."""
    if not (draft.developments or draft.expected_events or draft.terms):
        return draft
    for slug in dict.fromkeys((draft.slug, before.slug)):
        moved = await tx.story_splits.find_moved_names(slug)
        if moved is not None:
            former_names = await tx.stories.get_former_names(before.slug)
            draft = remove_moved_parts(draft, before, former_names, moved, has_keys=slug == draft.slug)
    return draft


async def _build_merged_revision(tx: Transaction, draft: StoryDraft, before: Story) -> Revision:
    """Apply a draft of a story that was merged into another one, which has a header and ids of its own."""
    former_names = await tx.stories.get_former_names(before.slug)
    used_keys = {development.key for development in before.developments}
    developments: list[DevelopmentDraft] = []
    new_keys: dict[str, str] = {}
    for development in draft.developments:
        anonymous = replace(development, key="")
        match = find_matching_development(anonymous, before, former_names)
        is_new = match is None and development.key not in used_keys
        developments.append(development if is_new else anonymous)
        new_keys[development.key] = match.key if match else development.key if is_new else ""
    event_keys = await tx.story_merges.get_expected_keys(draft.slug)
    events = tuple(
        replace(
            event,
            key=event_keys.get(event.key, event.key),
            development_key=new_keys.get(event.development_key, ""),
        )
        for event in draft.expected_events
    )
    terms = tuple(replace(term, key="") for term in draft.terms)
    merged_draft = StoryDraft(before.slug, None, tuple(developments), terms, events)
    return apply_draft(before, merged_draft, former_names, tx.latest_date)


def drop_empty(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return fields without those that are empty, which removes them from what they describe."""
    return {name: value for name, value in fields.items() if value != ""}


def _has_source(sources: Iterable[Source], new_source: Source) -> bool:
    """Return whether a source is among these: by its link if it has one, else by publisher and title."""
    if new_source.url:
        return any(source.url == new_source.url for source in sources)
    return any((source.publisher, source.title) == (new_source.publisher, new_source.title) for source in sources)
