"""The one door by which stories and developments come in and are changed.

One transaction writes the development, what is derived from it, the search rows, the audit, and what is owed to
whoever follows. Files, editors and feeds all come this way.
"""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from bot.clock import Clock
from bot.errors import InputError, NotFound
from bot.languages import say
from bot.model.company import Company
from bot.model.story import Development, Source, Story
from bot.newsroom.company_writes import canonicalize_parties, check_company_names, save_company
from bot.newsroom.drafts import DevelopmentDraft, StoryDraft, StoryHeader, parse_development
from bot.newsroom.field_validation import HEADLINE_LIMIT, check_text, slugify
from bot.newsroom.revision import find_matching_development, get_header
from bot.newsroom.story_files import get_development_fields
from bot.newsroom.story_writer import PublishOutcome, StoryWriter, build_revision
from bot.store import Store, Transaction

#: So many slugs are looked up at once.
_SLUG_BATCH = 100
#: What is to be written in the same transaction, once it is known what came of it; what it raises undoes everything.
TransactionHook = Callable[[Transaction, PublishOutcome], Awaitable[None]]


class Desk:
    """Publishes, corrects and retracts. ``on_owed`` is called after a commit that owes something to somebody."""

    def __init__(self, store: Store, clock: Clock, on_deliveries: Callable[[], None] | None = None) -> None:
        self._store = store
        self._clock = clock
        self._on_deliveries = on_deliveries

    @property
    def clock(self) -> Clock:
        """The clock by which changes are dated."""
        return self._clock

    async def publish(
        self, draft: StoryDraft, *, actor: str, announce: bool = True, hook: TransactionHook | None = None
    ) -> PublishOutcome:
        """Put a story, or developments of a known one, into the store; repeated, it changes nothing.

        With ``announce`` the developments that are new are owed to everyone who follows. Raises InputError or
        NotFound, and then nothing has changed.
        """
        async with self._store.write() as tx:
            outcome = await self._make_writer(tx, actor).apply(draft, announce=announce)
            await _run_hook(hook, tx, outcome)
        return self._notify(outcome)

    async def open_story(
        self,
        header: StoryHeader,
        developments: tuple[DevelopmentDraft, ...] = (),
        *,
        actor: str,
        hook: TransactionHook | None = None,
    ) -> PublishOutcome:
        """Put a new story into the store, under a free slug made of its headline; its developments are announced."""
        async with self._store.write() as tx:
            await _check_related(tx, header)
            slug = await _find_free_slug(tx, slugify(header.headline))
            outcome = await self._make_writer(tx, actor).apply(StoryDraft(slug, header, developments), announce=True)
            await _run_hook(hook, tx, outcome)
        return self._notify(outcome)

    async def correct(self, slug: str, key: str, fields: Mapping[str, Any], *, actor: str) -> PublishOutcome:
        """Change what a development says; ``fields`` are keys of a story file's development, empty to take away."""
        async with self._store.write() as tx:
            story, development = await _get_development(tx, slug, key)
            merged_fields = {**get_development_fields(development), **fields, "id": development.key}
            draft = parse_development(
                {key: value for key, value in merged_fields.items() if value != ""}, "", story.kind
            )
            outcome = await self._make_writer(tx, actor).apply(StoryDraft(story.slug, None, (draft,)), announce=False)
        return self._notify(outcome)

    async def add_sources(
        self, slug: str, key: str, sources: Iterable[Source], *, actor: str, hook: TransactionHook | None = None
    ) -> PublishOutcome:
        """Publishers tell a development again: it gains the sources, and nobody is notified. Those that it has change nothing."""

        def add_to(result: tuple[Source, ...]) -> tuple[Source, ...]:
            for source in sources:
                result = result if _has_source(result, source) else (*result, source)
            return result

        return await self._change_sources(slug, key, add_to, actor, hook)

    async def remove_sources(
        self, slug: str, key: str, sources: Iterable[Source], *, actor: str, hook: TransactionHook | None = None
    ) -> PublishOutcome:
        """Take :meth:`add_sources` back."""
        removed_sources = set(sources)
        return await self._change_sources(
            slug,
            key,
            lambda current_sources: tuple(s for s in current_sources if s not in removed_sources),
            actor,
            hook,
        )

    async def _change_sources(
        self,
        slug: str,
        key: str,
        change: Callable[[tuple[Source, ...]], tuple[Source, ...]],
        actor: str,
        hook: TransactionHook | None,
    ) -> PublishOutcome:
        async with self._store.write() as tx:
            story, development = await _get_development(tx, slug, key)
            draft = replace(_draft_from_development(development), sources=change(development.sources))
            outcome = await self._make_writer(tx, actor).apply(StoryDraft(story.slug, None, (draft,)), announce=False)
            await _run_hook(hook, tx, outcome)
        return self._notify(outcome)

    async def retract(
        self, slug: str, key: str, reason: str, *, actor: str, hook: TransactionHook | None = None
    ) -> PublishOutcome:
        """Say that a development does not stand, and why; the story then is what the others make it."""
        reason_text = check_text("reason", reason, HEADLINE_LIMIT)
        async with self._store.write() as tx:
            story, development = await _get_development(tx, slug, key)
            draft = replace(_draft_from_development(development), retracted=reason_text)
            outcome = await self._make_writer(tx, actor).apply(StoryDraft(story.slug, None, (draft,)), announce=False)
            await _run_hook(hook, tx, outcome)
        return self._notify(outcome)

    async def edit_story(
        self, slug: str, change: Callable[[StoryHeader], StoryHeader], *, actor: str
    ) -> PublishOutcome:
        """Change anything of a story but its developments."""
        async with self._store.write() as tx:
            story = await _get_story(tx, slug)
            header = change(get_header(story))
            await _check_related(tx, header)
            outcome = await self._make_writer(tx, actor).apply(StoryDraft(story.slug, header), announce=False)
        return self._notify(outcome)

    async def merge(self, slug: str, target_slug: str, *, actor: str) -> Story:
        """Make one story of two: all of the first goes into the second, follows and posts too, and its slug answers for it.

        Nothing is posted; :meth:`part` takes it back. Raises NotFound, and InputError where they are one story already or
        both tell a development of one date and headline.
        """
        async with self._store.write() as tx:
            story, target = await _get_story(tx, slug), await _get_story(tx, target_slug)
            _check_mergeable(story, target)
            now = self._clock()
            merged_story = await tx.story_merges.merge(story, target, now)
            await tx.audit.write(now, actor, "story joined", target.slug, get_header(story), get_header(merged_story))
            await tx.metadata.advance_revision()
            cards = await self._make_writer(tx, actor).refresh_cards(merged_story)
        if cards and self._on_deliveries:
            self._on_deliveries()
        return merged_story

    async def unmerge(self, slug: str, *, actor: str) -> tuple[Story, Story]:
        """Take a join back: the story of that slug, and the one that it had been joined to. NotFound when it was not."""
        async with self._store.write() as tx:
            now = self._clock()
            stories = await tx.story_merges.unmerge(slug, now)
            if stories is None:
                raise NotFound("joined story", slug)
            await tx.audit.write(now, actor, "story parted", slug, get_header(stories[1]), get_header(stories[0]))
            await tx.metadata.advance_revision()
            cards = sum([await self._make_writer(tx, actor).refresh_cards(story) for story in stories])
        if cards and self._on_deliveries:
            self._on_deliveries()
        return stories

    async def preview(self, draft: StoryDraft) -> PublishOutcome:
        """What :meth:`publish` would do, without doing it; related slugs are not looked up."""
        async with self._store.read() as tx:
            revision = await build_revision(tx, await canonicalize_parties(tx, draft))
        return PublishOutcome(
            revision.after,
            revision.before is None,
            revision.new_developments,
            revision.corrections,
            revision.has_changes,
        )

    async def find_development(self, slug: str, draft: DevelopmentDraft) -> Development | None:
        """Return the development that :meth:`publish` would take a draft for, also by a former headline; None if it is new."""
        async with self._store.read() as tx:
            story = await tx.stories.get(slug)
            return (
                find_matching_development(draft, story, await tx.stories.get_former_names(story.slug))
                if story
                else None
            )

    async def add_companies(self, companies: Iterable[Company], *, actor: str, dry_run: bool = False) -> int:
        """Put companies into the store, over those of the same name; how many of them changed anything.

        Raises InputError when a name is already another company's, and then nothing has changed.
        """
        transaction = self._store.read() if dry_run else self._store.write()
        incoming_companies = list(companies)
        async with transaction as tx:
            stored_companies = {
                company.name: company for company in await tx.companies.find_sharing_names(incoming_companies)
            }
            changed_companies = [
                company for company in incoming_companies if stored_companies.get(company.name) != company
            ]
            check_company_names(changed_companies, stored_companies)
            for company in changed_companies:
                if not dry_run:
                    await save_company(tx, stored_companies.get(company.name), company, actor=actor, now=self._clock())
                stored_companies[company.name] = company
            if changed_companies and not dry_run:
                await tx.metadata.advance_revision()
        return len(changed_companies)

    def _make_writer(self, tx: Transaction, actor: str) -> StoryWriter:
        return StoryWriter(tx, actor, self._clock)

    def _notify(self, outcome: PublishOutcome) -> PublishOutcome:
        if (outcome.deliveries or outcome.edits) and self._on_deliveries:
            self._on_deliveries()
        return outcome


async def _find_free_slug(tx: Transaction, base: str) -> str:
    """Return the slug that is wished for, or else the first free one of those with a number."""
    for first in itertools.count(1, _SLUG_BATCH):
        candidates = [f"{base}-{suffix}" if suffix > 1 else base for suffix in range(first, first + _SLUG_BATCH)]
        used_slugs = {**await tx.stories.get_ids(candidates), **await tx.stories.resolve_merged_slugs(candidates)}
        free_slug = next((slug for slug in candidates if slug not in used_slugs), None)
        if free_slug is not None:
            return free_slug
    raise AssertionError("numbers have no end")


def _has_source(sources: Iterable[Source], new_source: Source) -> bool:
    """Whether a source is among these: by its link, where there is one, else by publisher and title."""
    if new_source.url:
        return any(source.url == new_source.url for source in sources)
    return any((source.publisher, source.title) == (new_source.publisher, new_source.title) for source in sources)


async def _run_hook(hook: TransactionHook | None, tx: Transaction, outcome: PublishOutcome) -> None:
    if hook is not None:
        await hook(tx, outcome)


async def _check_related(tx: Transaction, header: StoryHeader) -> None:
    story_ids = await tx.stories.get_ids(header.related)
    for slug in header.related:
        if slug not in story_ids:
            raise InputError("related", say("no story has the slug {slug!r}", slug=slug))


async def _get_story(tx: Transaction, slug: str) -> Story:
    story = await tx.stories.get(slug)
    if story is None:
        raise NotFound("story", slug)
    return story


def _check_mergeable(story: Story, target: Story) -> None:
    if story.slug == target.slug:
        raise InputError("into", say("expected another story; these are one already"))
    target_names = {(str(d.date), d.headline) for d in target.developments}
    duplicate = next((d for d in story.developments if (str(d.date), d.headline) in target_names), None)
    if duplicate:
        message = say(
            "both tell {headline!r} of {date}; correct one of the two first",
            headline=duplicate.headline,
            date=duplicate.date,
        )
        raise InputError("story", message)
    if not target.kind.is_deal and any(d.stage for d in story.developments):
        message = say(
            "expected a deal: developments of {story} have stages; join them the other way round", story=story.slug
        )
        raise InputError("into", message)


async def _get_development(tx: Transaction, slug: str, key: str) -> tuple[Story, Development]:
    story = await _get_story(tx, slug)
    development = story.find_development(key)
    if development is None:
        raise NotFound("development", key)
    return story, development


def _draft_from_development(development: Development) -> DevelopmentDraft:
    return DevelopmentDraft(
        date=development.date,
        headline=development.headline,
        claim=development.claim,
        key=development.key,
        text=development.text,
        stage=development.stage,
        sources=development.sources,
        retracted=development.retraction_reason,
    )
