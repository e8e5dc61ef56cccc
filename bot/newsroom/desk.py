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
from bot.newsroom.companies import check_names, put_company, with_known_names
from bot.newsroom.drafts import DevelopmentDraft, Face, StoryDraft, read_development
from bot.newsroom.entering import Entry, Outcome, merged
from bot.newsroom.files import development_fields
from bot.newsroom.limits import HEADLINE_LIMIT, check_text, slug_of
from bot.newsroom.merge import development_of, face_of
from bot.store import Session, Store

#: So many slugs are looked up at once.
_SLUGS_AT_ONCE = 100
#: What is to be written in the same transaction, once it is known what came of it; what it raises undoes everything.
Also = Callable[[Session, Outcome], Awaitable[None]]


class Desk:
    """Publishes, corrects and retracts. ``on_owed`` is called after a commit that owes something to somebody."""

    def __init__(self, store: Store, clock: Clock, on_owed: Callable[[], None] | None = None) -> None:
        self._store = store
        self._clock = clock
        self._on_owed = on_owed

    @property
    def clock(self) -> Clock:
        """The clock by which changes are dated."""
        return self._clock

    async def publish(
        self, draft: StoryDraft, *, actor: str, announce: bool = True, also: Also | None = None
    ) -> Outcome:
        """Put a story, or developments of a known one, into the store; repeated, it changes nothing.

        With ``announce`` the developments that are new are owed to everyone who follows. Raises InputError or
        NotFound, and then nothing has changed.
        """
        async with self._store.write() as session:
            outcome = await self._entry(session, actor).put(draft, announce=announce)
            await _do(also, session, outcome)
        return self._told(outcome)

    async def open_story(
        self, face: Face, developments: tuple[DevelopmentDraft, ...] = (), *, actor: str, also: Also | None = None
    ) -> Outcome:
        """Put a new story into the store, under a free slug made of its headline; its developments are announced."""
        async with self._store.write() as session:
            await _check_related(session, face)
            slug = await _free_slug(session, slug_of(face.headline))
            outcome = await self._entry(session, actor).put(StoryDraft(slug, face, developments), announce=True)
            await _do(also, session, outcome)
        return self._told(outcome)

    async def correct(self, slug: str, key: str, fields: Mapping[str, Any], *, actor: str) -> Outcome:
        """Change what a development says; ``fields`` are keys of a story file's development, empty to take away."""
        async with self._store.write() as session:
            story, known = await _find(session, slug, key)
            said = {**development_fields(known), **fields, "id": known.key}
            draft = read_development({key: value for key, value in said.items() if value != ""}, "", story.kind)
            outcome = await self._entry(session, actor).put(StoryDraft(story.slug, None, (draft,)), announce=False)
        return self._told(outcome)

    async def add_sources(
        self, slug: str, key: str, sources: Iterable[Source], *, actor: str, also: Also | None = None
    ) -> Outcome:
        """Publishers tell a development again: it gains the sources, and nobody is notified. Those that it has change nothing."""

        def more(known: tuple[Source, ...]) -> tuple[Source, ...]:
            for source in sources:
                known = known if _has(known, source) else (*known, source)
            return known

        return await self._resource(slug, key, more, actor, also)

    async def take_sources(
        self, slug: str, key: str, sources: Iterable[Source], *, actor: str, also: Also | None = None
    ) -> Outcome:
        """Take :meth:`add_sources` back."""
        gone = set(sources)
        return await self._resource(slug, key, lambda known: tuple(s for s in known if s not in gone), actor, also)

    async def _resource(
        self,
        slug: str,
        key: str,
        change: Callable[[tuple[Source, ...]], tuple[Source, ...]],
        actor: str,
        also: Also | None,
    ) -> Outcome:
        async with self._store.write() as session:
            story, known = await _find(session, slug, key)
            draft = replace(_as_draft(known), sources=change(known.sources))
            outcome = await self._entry(session, actor).put(StoryDraft(story.slug, None, (draft,)), announce=False)
            await _do(also, session, outcome)
        return self._told(outcome)

    async def retract(self, slug: str, key: str, reason: str, *, actor: str, also: Also | None = None) -> Outcome:
        """Say that a development does not stand, and why; the story then is what the others make it."""
        said = check_text("reason", reason, HEADLINE_LIMIT)
        async with self._store.write() as session:
            story, known = await _find(session, slug, key)
            draft = replace(_as_draft(known), retracted=said)
            outcome = await self._entry(session, actor).put(StoryDraft(story.slug, None, (draft,)), announce=False)
            await _do(also, session, outcome)
        return self._told(outcome)

    async def revise(self, slug: str, change: Callable[[Face], Face], *, actor: str) -> Outcome:
        """Change anything of a story but its developments."""
        async with self._store.write() as session:
            story = await _story(session, slug)
            face = change(face_of(story))
            await _check_related(session, face)
            outcome = await self._entry(session, actor).put(StoryDraft(story.slug, face), announce=False)
        return self._told(outcome)

    async def join(self, slug: str, into: str, *, actor: str) -> Story:
        """Make one story of two: all of the first goes into the second, follows and posts too, and its slug answers for it.

        Nothing is posted; :meth:`part` takes it back. Raises NotFound, and InputError where they are one story already or
        both tell a development of one date and headline.
        """
        async with self._store.write() as session:
            gone, stays = await _story(session, slug), await _story(session, into)
            _check_joinable(gone, stays)
            now = self._clock()
            joined = await session.joining.join(gone, stays, now)
            await session.audit.write(now, actor, "story joined", stays.slug, face_of(gone), face_of(joined))
            await session.bookkeeping.advance()
            cards = await self._entry(session, actor).refresh_cards(joined)
        if cards and self._on_owed:
            self._on_owed()
        return joined

    async def part(self, slug: str, *, actor: str) -> tuple[Story, Story]:
        """Take a join back: the story of that slug, and the one that it had been joined to. NotFound when it was not."""
        async with self._store.write() as session:
            now = self._clock()
            parted = await session.joining.part(slug, now)
            if parted is None:
                raise NotFound("joined story", slug)
            await session.audit.write(now, actor, "story parted", slug, face_of(parted[1]), face_of(parted[0]))
            await session.bookkeeping.advance()
            cards = sum([await self._entry(session, actor).refresh_cards(story) for story in parted])
        if cards and self._on_owed:
            self._on_owed()
        return parted

    async def would(self, draft: StoryDraft) -> Outcome:
        """What :meth:`publish` would do, without doing it; related slugs are not looked up."""
        async with self._store.read() as session:
            done = await merged(session, await with_known_names(session, draft))
        return Outcome(done.after, done.before is None, done.added, done.corrected, done.changes)

    async def known_as(self, slug: str, draft: DevelopmentDraft) -> Development | None:
        """Return the development that :meth:`publish` would take a draft for, also by a former headline; None if it is new."""
        async with self._store.read() as session:
            story = await session.stories.get(slug)
            return development_of(draft, story, await session.stories.former_names(story.slug)) if story else None

    async def add_companies(self, companies: Iterable[Company], *, actor: str, dry_run: bool = False) -> int:
        """Put companies into the store, over those of the same name; how many of them changed anything.

        Raises InputError when a name is already another company's, and then nothing has changed.
        """
        transaction = self._store.read() if dry_run else self._store.write()
        given = list(companies)
        async with transaction as session:
            known = {company.name: company for company in await session.companies.sharing(given)}
            changed = [company for company in given if known.get(company.name) != company]
            check_names(changed, known)
            for company in changed:
                if not dry_run:
                    await put_company(session, known.get(company.name), company, actor=actor, now=self._clock())
                known[company.name] = company
            if changed and not dry_run:
                await session.bookkeeping.advance()
        return len(changed)

    def _entry(self, session: Session, actor: str) -> Entry:
        return Entry(session, actor, self._clock)

    def _told(self, outcome: Outcome) -> Outcome:
        if (outcome.owed or outcome.edits) and self._on_owed:
            self._on_owed()
        return outcome


async def _free_slug(session: Session, wish: str) -> str:
    """Return the slug that is wished for, or else the first free one of those with a number."""
    for begin in itertools.count(1, _SLUGS_AT_ONCE):
        wishes = [f"{wish}-{n}" if n > 1 else wish for n in range(begin, begin + _SLUGS_AT_ONCE)]
        taken = {**await session.stories.numbers(wishes), **await session.stories.current(wishes)}
        free = next((slug for slug in wishes if slug not in taken), None)
        if free is not None:
            return free
    raise AssertionError("numbers have no end")


def _has(sources: Iterable[Source], new: Source) -> bool:
    """Whether a source is among these: by its link, where there is one, else by publisher and title."""
    if new.url:
        return any(source.url == new.url for source in sources)
    return any((source.publisher, source.title) == (new.publisher, new.title) for source in sources)


async def _do(also: Also | None, session: Session, outcome: Outcome) -> None:
    if also is not None:
        await also(session, outcome)


async def _check_related(session: Session, face: Face) -> None:
    known = await session.stories.numbers(face.related)
    for slug in face.related:
        if slug not in known:
            raise InputError("related", say("no story has the slug {slug!r}", slug=slug))


async def _story(session: Session, slug: str) -> Story:
    story = await session.stories.get(slug)
    if story is None:
        raise NotFound("story", slug)
    return story


def _check_joinable(gone: Story, stays: Story) -> None:
    if gone.slug == stays.slug:
        raise InputError("into", say("expected another story; these are one already"))
    told = {(str(d.date), d.headline) for d in stays.developments}
    twin = next((d for d in gone.developments if (str(d.date), d.headline) in told), None)
    if twin:
        said = say(
            "both tell {headline!r} of {date}; correct one of the two first", headline=twin.headline, date=twin.date
        )
        raise InputError("story", said)
    if not stays.kind.is_deal and any(d.stage for d in gone.developments):
        said = say(
            "expected a deal: developments of {story} have stages; join them the other way round", story=gone.slug
        )
        raise InputError("into", said)


async def _find(session: Session, slug: str, key: str) -> tuple[Story, Development]:
    story = await _story(session, slug)
    known = story.development(key)
    if known is None:
        raise NotFound("development", key)
    return story, known


def _as_draft(known: Development) -> DevelopmentDraft:
    return DevelopmentDraft(
        date=known.date,
        headline=known.headline,
        claim=known.claim,
        key=known.key,
        text=known.text,
        stage=known.stage,
        sources=known.sources,
        retracted=known.retracted,
    )
