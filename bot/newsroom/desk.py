"""The only way by which stories and developments are published and changed, for files, editors and feeds; and what was changed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from bot.clock import Clock
from bot.model.audit import StoryHistory
from bot.model.company import Company
from bot.model.dates import PartialDate, get_latest_date
from bot.model.story import DescribedState, Development, Story
from bot.model.terms import Term
from bot.newsroom.company_writer import canonicalize_parties, find_changed_companies
from bot.newsroom.drafts import DevelopmentDraft, StoryDraft, StoryHeader, check_date
from bot.newsroom.mentions import MentionIndexer
from bot.newsroom.revision import find_matching_development, get_header
from bot.newsroom.story_writer import PublishOutcome, StoryWriter, build_revision
from bot.store import Store, Transaction

#: How many stories are read for mentions in one transaction: a fraction of a second in which nobody else can write.
_MENTION_BATCH = 50
#: Changes that a page shows.
_HISTORY_PAGE_SIZE = 8


class Desk:
    """Publishes, corrects and retracts, each method in one transaction: if it raises, nothing has changed.

    ``on_deliveries`` is called after a commit that puts posts or edits into the outbox.
    """

    def __init__(self, store: Store, clock: Clock, on_deliveries: Callable[[], None] | None = None) -> None:
        self._store = store
        self._clock = clock
        self._on_deliveries = on_deliveries
        self._mentions = MentionIndexer()

    @property
    def clock(self) -> Clock:
        """The clock by which changes are dated."""
        return self._clock

    def check_date(self, key: str, development_date: PartialDate) -> None:
        """Refuse the date of a development that is still to come, as publishing it does."""
        check_date(key, development_date, get_latest_date(self._clock()))

    @asynccontextmanager
    async def transaction(self, actor: str) -> AsyncIterator[StoryWriter]:
        """Open a transaction for several writes of one actor; it is committed if the block ends without an exception."""
        async with self._write() as tx:
            writer = StoryWriter(tx, actor, self._clock, self._mentions)
            yield writer
        if writer.has_deliveries and self._on_deliveries:
            self._on_deliveries()

    async def publish(self, draft: StoryDraft, *, actor: str, announce: bool = True) -> PublishOutcome:
        """See :meth:`StoryWriter.publish`."""
        async with self.transaction(actor) as writer:
            return await writer.publish(draft, announce=announce)

    async def open_story(
        self, header: StoryHeader, developments: tuple[DevelopmentDraft, ...] = (), *, actor: str
    ) -> PublishOutcome:
        """See :meth:`StoryWriter.open_story`."""
        async with self.transaction(actor) as writer:
            return await writer.open_story(header, developments)

    async def correct(self, slug: str, key: str, fields: Mapping[str, Any], *, actor: str) -> PublishOutcome:
        """See :meth:`StoryWriter.correct`."""
        async with self.transaction(actor) as writer:
            return await writer.correct(slug, key, fields)

    async def retract(self, slug: str, key: str, reason: str, *, actor: str) -> PublishOutcome:
        """See :meth:`StoryWriter.retract`."""
        async with self.transaction(actor) as writer:
            return await writer.retract(slug, key, reason)

    async def add_term(self, slug: str, term: Term, *, actor: str) -> PublishOutcome:
        """See :meth:`StoryWriter.add_term`."""
        async with self.transaction(actor) as writer:
            return await writer.add_term(slug, term)

    async def correct_term(self, term_id: int, fields: Mapping[str, Any], *, actor: str) -> PublishOutcome:
        """See :meth:`StoryWriter.correct_term`."""
        async with self.transaction(actor) as writer:
            return await writer.correct_term(term_id, fields)

    async def withdraw_publication(self, development_id: int, *, actor: str) -> PublishOutcome:
        """See :meth:`StoryWriter.withdraw_publication`."""
        async with self.transaction(actor) as writer:
            return await writer.withdraw_publication(development_id)

    async def reinstate(self, development_id: int, *, actor: str) -> PublishOutcome:
        """See :meth:`StoryWriter.reinstate`."""
        async with self.transaction(actor) as writer:
            return await writer.reinstate(development_id)

    async def edit_story(
        self,
        slug: str,
        change: Callable[[StoryHeader], StoryHeader],
        *,
        actor: str,
        described_state: DescribedState | None = None,
    ) -> PublishOutcome:
        """Change anything of a story except its developments.

        ``described_state`` is the state of the deal that the editor saw while looking over headline and summary: from then on
        they count as written for it, changed or not.
        """
        async with self.transaction(actor) as writer:
            header = change(get_header(await writer.tx.stories.get(slug)))
            return await writer.edit_story(slug, header, described_state)

    async def merge(self, slug: str, target_slug: str, *, actor: str) -> Story:
        """See :meth:`StoryWriter.merge`; :meth:`unmerge` takes it back."""
        async with self.transaction(actor) as writer:
            return await writer.merge(slug, target_slug)

    async def unmerge(self, slug: str, *, actor: str) -> tuple[Story, Story]:
        """See :meth:`StoryWriter.unmerge`."""
        async with self.transaction(actor) as writer:
            return await writer.unmerge(slug)

    async def preview(self, draft: StoryDraft) -> PublishOutcome:
        """Return what :meth:`publish` would do, without doing it; related slugs are not looked up."""
        async with self._store.read() as tx:
            revision = await build_revision(tx, await canonicalize_parties(tx, draft))
        return PublishOutcome(
            revision.after,
            is_new=revision.before is None,
            new_developments=revision.new_developments,
            corrections=revision.corrections,
            is_changed=revision.has_changes,
            new_terms=revision.new_terms,
            term_corrections=revision.term_corrections,
            expected_changes=revision.expected_changes,
        )

    async def find_development(self, slug: str, draft: DevelopmentDraft) -> Development | None:
        """Return the development that :meth:`publish` would match with a draft, also by a former headline; None if it is new."""
        async with self._store.read() as tx:
            story = await tx.stories.find(slug)
            if story is None:
                return None
            return find_matching_development(draft, story, await tx.stories.get_former_names(story.slug))

    async def find_unknown_companies(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return those of these names that no company has, in any spelling; publishing a story with them creates them."""
        candidates = list(dict.fromkeys(names))
        async with self._store.read() as tx:
            known_names = await tx.companies.resolve_names(candidates)
        return tuple(name for name in candidates if name not in known_names)

    async def add_companies(self, companies: Iterable[Company], *, actor: str, dry_run: bool = False) -> int:
        """Write companies over those of the same name; return how many of them changed anything.

        Raises InputError if a name is already another company's, and then nothing has changed.
        """
        new_companies = list(companies)
        if dry_run:
            async with self._store.read() as tx:
                return len((await find_changed_companies(tx, new_companies))[0])
        async with self.transaction(actor) as writer:
            changed_companies, stored_companies = await find_changed_companies(writer.tx, new_companies)
            await writer.companies.save(changed_companies, stored_companies)
            if changed_companies:
                await writer.tx.metadata.advance_revision()
        return len(changed_companies)

    async def refresh_early_stories(self) -> int:
        """Derive again what is stored of stories that count a development which is still to come; return how many they were.

        Earlier versions accepted such developments. One counts from the next change of its story on after its day has come.
        """
        async with self._store.read() as tx:
            slugs = await tx.stories.list_early_slugs()
        if slugs:
            async with self._store.write() as tx:
                for slug in slugs:
                    await tx.stories.refresh(slug, self._clock())
                await tx.metadata.advance_revision()
        return len(slugs)

    async def find_companies(self, texts: Iterable[str]) -> frozenset[str]:
        """Return the companies that texts name, by any alias."""
        async with self._store.read() as tx:
            return await self._mentions.find_companies(tx, "\n".join(texts))

    async def index_mentions(self, limit: int = _MENTION_BATCH) -> int:
        """Derive the mentions of stories that wait for it since names changed; return how many stories they were."""
        async with self._store.read() as tx:
            if not await tx.mentions.list_queued(1):
                return 0
        async with self._write() as tx:
            count = await self._mentions.index_queued(tx, limit)
            await tx.metadata.advance_revision()
        return count

    @asynccontextmanager
    async def _write(self) -> AsyncIterator[Transaction]:
        if not self._mentions.is_prepared:
            # Nobody else can write while a transaction reads the names of all companies.
            async with self._store.read() as tx:
                await self._mentions.prepare(tx)
        try:
            async with self._store.write() as tx:
                yield tx
        except BaseException:
            self._mentions.invalidate()
            raise


async def get_story_history(store: Store, slug: str, page: int = 0) -> StoryHistory:
    """Return a page of a story's changes, newest first, with those of stories that were merged into it.

    A page after the last is the last one. Raises NotFound.
    """
    async with store.read() as tx:
        story = await tx.stories.get(slug, newest_count=1)
        slugs = (story.slug, *await tx.story_merges.list_merged_slugs(story.slug))
        count = await tx.audit.count(slugs)
        page_count = max(1, -(-count // _HISTORY_PAGE_SIZE))
        page = min(max(page, 0), page_count - 1)
        entries = await tx.audit.list_newest(slugs, page * _HISTORY_PAGE_SIZE, _HISTORY_PAGE_SIZE)
        feeds = await _get_feed_titles(tx, {entry.actor for entry in entries})
    return StoryHistory(story, entries, page, page_count, feeds)


async def _get_feed_titles(tx: Transaction, actors: Iterable[str]) -> dict[str, str]:
    """Return the titles of the feeds that published something, by their names as actors."""
    titles = {}
    for actor in actors:
        _, _, feed_id = actor.partition("feed:")
        feed = await tx.feeds.find(int(feed_id)) if feed_id.isdecimal() else None
        if feed is not None:
            titles[actor] = feed.label
    return titles
