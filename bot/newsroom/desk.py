"""The one door by which stories and developments come in and are changed.

One transaction writes the development, what is derived from it, the search rows, the audit, and what is owed to
whoever follows. Files, editors and feeds all come this way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.clock import Clock
from bot.errors import InputError, NotFound
from bot.model.company import Company, Party
from bot.model.story import Development, Story
from bot.names.fold import fold
from bot.names.index import NameIndex
from bot.newsroom.drafts import DevelopmentDraft, Face, StoryDraft, read_development
from bot.newsroom.files import development_fields
from bot.newsroom.limits import HEADLINE_LIMIT, check_text, slug_of
from bot.newsroom.merge import Merge, face_of, merge
from bot.store import Session, Store


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

    async def publish(self, draft: StoryDraft, *, actor: str, announce: bool = True) -> Outcome:
        """Put a story, or developments of a known one, into the store; repeated, it changes nothing.

        With ``announce`` the developments that are new are owed to everyone who follows. Raises InputError or
        NotFound, and then nothing has changed.
        """
        async with self._store.write() as session:
            outcome = await self._put(session, draft, actor, announce=announce)
        return self._told(outcome)

    async def open_story(self, face: Face, developments: tuple[DevelopmentDraft, ...] = (), *, actor: str) -> Outcome:
        """Put a new story into the store, under a free slug made of its headline; its developments are announced."""
        async with self._store.write() as session:
            await _check_related(session, face)
            wish = slug_of(face.headline)
            wishes = [wish, *(f"{wish}-{n}" for n in range(2, 100))]
            taken = {**await session.stories.numbers(wishes), **await session.stories.current(wishes)}
            slug = next(s for s in (wish, *(f"{wish}-{n}" for n in range(2, 101))) if s not in taken)
            outcome = await self._put(session, StoryDraft(slug, face, developments), actor, announce=True)
        return self._told(outcome)

    async def correct(self, slug: str, key: str, fields: Mapping[str, Any], *, actor: str) -> Outcome:
        """Change what a development says; ``fields`` are keys of a story file's development, empty to take away."""
        async with self._store.write() as session:
            story, known = await _find(session, slug, key)
            said = {**development_fields(known), **fields, "id": known.key}
            draft = read_development({key: value for key, value in said.items() if value != ""}, "", story.kind)
            outcome = await self._put(session, StoryDraft(story.slug, None, (draft,)), actor, announce=False)
        return self._told(outcome)

    async def retract(self, slug: str, key: str, reason: str, *, actor: str) -> Outcome:
        """Say that a development does not stand, and why; the story then is what the others make it."""
        said = check_text("reason", reason, HEADLINE_LIMIT)
        async with self._store.write() as session:
            story, known = await _find(session, slug, key)
            draft = replace(_as_draft(known), retracted=said)
            outcome = await self._put(session, StoryDraft(story.slug, None, (draft,)), actor, announce=False)
        return self._told(outcome)

    async def revise(self, slug: str, change: Callable[[Face], Face], *, actor: str) -> Outcome:
        """Change anything of a story but its developments."""
        async with self._store.write() as session:
            story = await _story(session, slug)
            face = change(face_of(story))
            await _check_related(session, face)
            outcome = await self._put(session, StoryDraft(story.slug, face), actor, announce=False)
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
            cards = await self._refresh_cards(session, joined)
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
            cards = sum([await self._refresh_cards(session, story) for story in parted])
        if cards and self._on_owed:
            self._on_owed()
        return parted

    async def would(self, draft: StoryDraft) -> Outcome:
        """What :meth:`publish` would do, without doing it; related slugs are not looked up."""
        async with self._store.read() as session:
            names = NameIndex(await session.companies.all())
            done = await merged(session, _with_known_names(draft, names))
        return Outcome(done.after, done.before is None, done.added, done.corrected, done.changes)

    async def add_companies(self, companies: Iterable[Company], *, actor: str, dry_run: bool = False) -> int:
        """Put companies into the store, over those of the same name; how many of them changed anything.

        Raises InputError when a name is already another company's, and then nothing has changed.
        """
        transaction = self._store.read() if dry_run else self._store.write()
        async with transaction as session:
            known = {company.name: company for company in await session.companies.all()}
            changed = [company for company in companies if known.get(company.name) != company]
            check_names(changed, known)
            for company in changed:
                if not dry_run:
                    await self._put_company(session, known.get(company.name), company, actor)
                known[company.name] = company
            if changed and not dry_run:
                await session.bookkeeping.advance()
        return len(changed)

    async def _put_company(self, session: Session, before: Company | None, after: Company, actor: str) -> None:
        await session.companies.save(after)
        await session.search.rename(after.name)
        action = "company changed" if before else "company added"
        await session.audit.write(self._clock(), actor, action, after.name, before, after)

    async def _put(self, session: Session, draft: StoryDraft, actor: str, *, announce: bool) -> Outcome:
        names = NameIndex(await session.companies.all())
        done = await merged(session, _with_known_names(draft, names))
        if not done.changes:
            return Outcome(done.after, created=False, added=(), corrected=(), changed=False)
        now = self._clock()
        for company in dict.fromkeys(party.company for party in done.after.parties):
            if names.exact(company) is None:
                await self._put_company(session, None, Company(company), actor)
        saved = await session.stories.save(done.before, done.after, now)
        await self._write_audit(session, done, actor)
        await session.bookkeeping.advance()
        fresh = {d.key for d in done.added}
        added = tuple(d for d in saved.developments if d.key in fresh)
        owed = await self._owe(session, saved, added) if announce else 0
        cards = await self._refresh_cards(session, saved)
        edits = sum([await self._owe_correction(session, was, now_is) for was, now_is in done.corrected]) + cards
        return Outcome(saved, done.before is None, added, done.corrected, changed=True, owed=owed, edits=edits)

    async def _owe(self, session: Session, story: Story, added: tuple[Development, ...]) -> int:
        news = [d for d in added if d.stands]
        if not news:
            return 0
        now = self._clock()
        return sum([await session.owing.owe(d.number, await session.wants.of(story, d), now) for d in news])

    async def _refresh_cards(self, session: Session, story: Story) -> int:
        """Cards that stand over a story's threads show it as it is now."""
        numbers = await session.stories.numbers([story.slug])
        return await session.threads.refresh_cards(numbers[story.slug], self._clock())

    async def _owe_correction(self, session: Session, was: Development, now_is: Development) -> int:
        if replace(was, key=now_is.key) == now_is:
            return 0
        if now_is.retracted:
            # Who has not been told yet need not be told that it is not so.
            await session.owing.withdraw(now_is.number, self._clock())
        return await session.owing.correct(now_is.number, self._clock())

    async def _write_audit(self, session: Session, done: Merge, actor: str) -> None:
        now, slug = self._clock(), done.after.slug
        if done.face_changed:
            action = "story changed" if done.before else "story added"
            before = face_of(done.before) if done.before else None
            await session.audit.write(now, actor, action, slug, before, face_of(done.after))
        for development in done.added:
            await session.audit.write(now, actor, "development added", slug, None, development)
        for was, is_now in done.corrected:
            action = "development retracted" if is_now.retracted and not was.retracted else "development corrected"
            await session.audit.write(now, actor, action, slug, was, is_now)

    def _told(self, outcome: Outcome) -> Outcome:
        if (outcome.owed or outcome.edits) and self._on_owed:
            self._on_owed()
        return outcome


def check_names(companies: Iterable[Company], known: Mapping[str, Company]) -> None:
    """Refuse a company one of whose names is already another's, however it is spelled; they come in one by one."""
    others = dict(known)
    taken = {fold(name): other.name for other in known.values() for name in (other.name, *other.aliases)}
    for company in companies:
        before = others.get(company.name)
        for name in (before.name, *before.aliases) if before else ():
            taken.pop(fold(name), None)
        for name in (company.name, *company.aliases):
            owner = taken.setdefault(fold(name), company.name)
            if owner != company.name:
                raise InputError(f"company {company.name!r}", f"the name {name!r} is already that of {owner!r}")
        others[company.name] = company


async def _check_related(session: Session, face: Face) -> None:
    known = await session.stories.numbers(face.related)
    for slug in face.related:
        if slug not in known:
            raise InputError("related", f"no story has the slug {slug!r}")


async def merged(session: Session, draft: StoryDraft) -> Merge:
    """A draft joined to the story that the store has; InputError or NotFound when they do not fit."""
    before = await session.stories.get(draft.slug)
    if before is not None and before.slug != draft.slug:
        # The story was joined to another: what is told of it is told of that one, which has its own face and ids.
        bare = tuple(replace(development, key="") for development in draft.developments)
        draft = StoryDraft(before.slug, None, bare)
    former = await session.stories.former_names(draft.slug) if before else {}
    return merge(before, draft, former)


async def _story(session: Session, slug: str) -> Story:
    story = await session.stories.get(slug)
    if story is None:
        raise NotFound("story", slug)
    return story


def _check_joinable(gone: Story, stays: Story) -> None:
    if gone.slug == stays.slug:
        raise InputError("into", "another story; these are one already")
    told = {(str(d.date), d.headline) for d in stays.developments}
    twin = next((d for d in gone.developments if (str(d.date), d.headline) in told), None)
    if twin:
        raise InputError("story", f"both tell {twin.headline!r} of {twin.date}; correct one of the two first")
    if not stays.kind.is_deal and any(d.stage for d in gone.developments):
        raise InputError("into", f"a deal, for developments of {gone.slug} have stages; join them the other way round")


async def _find(session: Session, slug: str, key: str) -> tuple[Story, Development]:
    story = await _story(session, slug)
    known = story.development(key)
    if known is None:
        raise NotFound("development", key)
    return story, known


def _with_known_names(draft: StoryDraft, names: NameIndex) -> StoryDraft:
    """A party that is named by an alias is the company of that alias."""
    if draft.face is None:
        return draft
    spelled: dict[str, str] = {}
    for party in draft.face.parties:
        # Two spellings of a company that is new are one company.
        spelled.setdefault(fold(party.company), names.exact(party.company) or party.company)
    parties = [Party(spelled[fold(p.company)], p.role) for p in draft.face.parties]
    return replace(draft, face=replace(draft.face, parties=tuple(dict.fromkeys(parties))))


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
