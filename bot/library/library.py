"""The library: every question comes here, from Discord and from the terminal alike."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, tzinfo
from functools import partial
from typing import TypeAlias

from bot.clock import Clock, utc_now
from bot.errors import InputError, NotFound
from bot.languages import say, spoken
from bot.library.answers import (
    Answer,
    CompanyPage,
    NewsFilter,
    NewsPage,
    NoAnswer,
    StoryFilter,
    StoryPage,
    Suggestion,
    SuggestionKind,
)
from bot.library.closeness import Closeness
from bot.library.finding import Finder, Understood
from bot.library.pages import news_page, story_page
from bot.library.ranking import Match
from bot.model.follow import Target, TargetKind
from bot.model.story import Story, StoryLine
from bot.model.vocabulary import Kind
from bot.names.directory import Directory
from bot.names.fold import words
from bot.names.index import NameIndex
from bot.store import COUNTED, Session, Store
from bot.store.seeking import Candidate

OTHERS = 25
#: So many developments of a story come with an answer, where it has more.
SHOWN = 60
#: The garbage collector goes through all that is kept: of so many answers, in less than ten milliseconds.
_KEPT = 256
#: Headlines that what was not found is held against.
_CLOSE_AMONG = 2_000

#: What an answer is to: the question, whether deals come first, the day, and the language in which it says what matched.
_Asked: TypeAlias = tuple[str, bool, date, str]


class Library:
    """Answers questions from the store.

    What was read is kept until the stories change, by whichever process: every answer first asks for the store's
    revision, so what a command has written is in the next answer. What is not kept is read and ranked beside the event loop
    (:meth:`bot.store.Store.read_beside`); names and headlines in memory bear that.
    """

    def __init__(self, store: Store, clock: Clock = utc_now, zone: tzinfo = UTC) -> None:
        self._store = store
        self._clock = clock
        self._zone = zone
        self._revision = -1
        self._directory = Directory()
        self._closeness = Closeness()
        self._close_as_of = -1
        self._kept: OrderedDict[_Asked, Answer | NoAnswer] = OrderedDict()

    async def prepare(self) -> None:
        """Read what every question needs; without it the first question does."""
        await self._refresh()

    async def ask(self, query: str, *, deals_first: bool) -> Answer | NoAnswer:
        """The best story for a question, with the others that match; deals before other stories if so asked."""
        names = await self._refresh()
        key = (query, deals_first, self._today(), spoken().code)
        known = self._kept.get(key)
        if known is None:
            revision = self._revision
            known = await self._store.read_beside(
                lambda session: self._answer(session, names, query, deals_first=deals_first)
            )
            if revision == self._revision:
                self._keep(key, known)
        else:
            self._kept.move_to_end(key)
        return known

    async def story(self, slug: str) -> Story:
        """The story of that slug; NotFound when there is none (it may have gone since a card was sent)."""
        return await self._store.read_beside(lambda session: _story(session, slug))

    async def show(self, slug: str) -> Answer:
        """The answer for a story that was picked from a list."""
        return await self._store.read_beside(lambda session: _answer_for(session, slug, slug))

    async def stories(self, chosen: StoryFilter, page: int) -> StoryPage:
        """A page of stories, newest first; a page past the end is the last one."""
        return await self._store.read_beside(lambda session: story_page(session, chosen, page))

    async def latest(self, chosen: NewsFilter, page: int) -> NewsPage:
        """A page of the newest developments; a page past the end is the last one."""
        return await self._store.read_beside(lambda session: news_page(session, chosen, page))

    async def company(self, query: str) -> CompanyPage | NoAnswer:
        """The company that a text names, with its stories; else what may have been meant."""
        names = await self._refresh()
        return await self._store.read_beside(lambda session: self._company(session, names, query))

    async def company_name(self, query: str) -> str:
        """The full name of the company that a text names; NotFound when it names none."""
        names = await self._refresh()
        found = await self._store.read_beside(lambda session: self._finder(session, names).companies(query))
        if not found:
            raise NotFound("company", query)
        return found[0]

    async def only_company(self, text: str) -> str:
        """The company that the whole of a text names, by any of its names or with a typo; empty when it is more or less."""
        names = await self._refresh()
        exact = names.exact(text)
        if exact:
            return exact
        return await self._store.read_beside(lambda session: self._finder(session, names).only_company(text))

    async def only_story(self, text: str) -> str:
        """The slug of the one story that a text means: its slug, or the one that is clearly meant before all others.

        Raises NotFound when none is, InputError when several may be.
        """
        answer = await self.ask(text.strip(), deals_first=False)
        if isinstance(answer, NoAnswer):
            raise NotFound("story", text)
        if not answer.is_clear:
            several = ", ".join([answer.story.slug, *(o.slug for o in answer.others)][:4])
            raise InputError("story", say("several stories match; pick one of {slugs}.", slugs=several))
        return answer.story.slug

    async def newest_slug(self, target: Target) -> str:
        """The story with the newest development among those that a target wants; empty when there is none."""
        if target.kind is TargetKind.STORY:
            return target.value
        lines, _ = await self._store.read_beside(
            lambda session: session.lists.stories(
                company=target.value if target.kind is TargetKind.COMPANY else None,
                kind=Kind(target.value) if target.kind is TargetKind.KIND else None,
                limit=1,
            )
        )
        return lines[0].slug if lines else ""

    async def complete_story(self, typed: str, *, deals_only: bool, limit: int = 25) -> tuple[StoryLine, ...]:
        """Stories to offer while somebody types: those that match so far, or the newest when nothing is typed."""
        names = await self._refresh()
        return await self._store.read_beside(
            lambda session: self._complete(session, names, typed, deals_only=deals_only, limit=limit)
        )

    async def complete_company(self, typed: str, limit: int = 25) -> tuple[str, ...]:
        """Companies to offer while somebody types."""
        names = await self._refresh()
        return names.beginning(typed, limit) or names.close(typed, 5)

    async def _refresh(self) -> NameIndex:
        revision = await self._store.revision()
        if revision != self._revision:
            async with self._store.read() as session:
                await self._directory.refresh(session.companies, session.audit)
            self._kept.clear()
            self._revision = revision
        return self._directory.names

    def _finder(self, session: Session, names: NameIndex) -> Finder:
        return Finder(session, names, self._today(), partial(self._heard, session))

    async def _heard(self, session: Session, word: str) -> str | None:
        await self._listen(session)
        return self._closeness.corrected(word)

    async def _listen(self, session: Session) -> None:
        if self._close_as_of != self._revision:
            self._closeness.keep(await session.seeking.headlines(_CLOSE_AMONG))
            self._close_as_of = self._revision

    def _today(self) -> date:
        return self._clock().astimezone(self._zone).date()

    def _keep(self, key: _Asked, answer: Answer | NoAnswer) -> None:
        self._kept[key] = answer
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)

    async def _answer(self, session: Session, names: NameIndex, query: str, *, deals_first: bool) -> Answer | NoAnswer:
        finder = self._finder(session, names)
        slug = await finder.slug(query)
        if slug:
            return await _answer_for(session, query, slug)
        matches, understood = await finder.stories(query, deals_first=deals_first)
        if not matches:
            return await self._no_answer(session, names, query, understood.instead)
        return await _matched(session, query, matches, understood)

    async def _no_answer(
        self, session: Session, names: NameIndex, query: str, instead: Sequence[Candidate]
    ) -> NoAnswer:
        await self._listen(session)
        close = await session.lists.lines(self._closeness.close(words(query)[:40], 3))
        stories = {line.slug: line.headline for line in close} | {one.slug: one.headline for one in instead}
        offered = [Suggestion(SuggestionKind.STORY, slug, headline) for slug, headline in stories.items()]
        return NoAnswer(query, (*_companies(names.close(query, 3)), *offered)[:5])

    async def _company(self, session: Session, names: NameIndex, query: str) -> CompanyPage | NoAnswer:
        found = await self._finder(session, names).companies(query)
        if not found:
            return NoAnswer(query, _companies(names.close(query, 5)))
        company = next(iter(await session.companies.some(found[:1])), None)
        if company is None:
            # It was renamed since the names were read.
            return NoAnswer(query)
        stories, total = await session.lists.stories(company=company.name, limit=25)
        news, _ = await session.lists.latest(company=company.name, limit=5)
        return CompanyPage(company, stories, min(total, COUNTED), news, more=total > COUNTED)

    async def _complete(
        self, session: Session, names: NameIndex, typed: str, *, deals_only: bool, limit: int
    ) -> tuple[StoryLine, ...]:
        if not typed.strip():
            lines, _ = await session.lists.stories(deals_only=deals_only, limit=limit)
            return lines
        finder = self._finder(session, names)
        slug = await finder.slug(typed)
        if slug:
            return await session.lists.lines([slug])
        matches, _ = await finder.stories(typed, deals_first=deals_only, typing=True)
        return await session.seeking.lines([match.candidate for match in matches[:limit]])


async def _answer_for(session: Session, query: str, slug: str) -> Answer:
    return await _with_related(session, Answer(query, await _story(session, slug, newest=SHOWN)))


async def _matched(session: Session, query: str, matches: list[Match], understood: Understood) -> Answer:
    best, others = matches[0], matches[1 : OTHERS + 1]
    answer = Answer(
        query,
        await _story(session, best.candidate.slug, newest=SHOWN),
        others=await session.seeking.lines([match.candidate for match in others]),
        companies=understood.question.companies,
        corrected=understood.corrected,
        matched=best.matched,
        missing=best.missing,
        is_clear=not others or best.clearly_before(others[0]),
    )
    return await _with_related(session, answer)


async def _story(session: Session, slug: str, *, newest: int = 0) -> Story:
    story = await session.stories.get(slug, newest=newest)
    if story is None:
        raise NotFound("story", slug)
    return story


async def _with_related(session: Session, answer: Answer) -> Answer:
    shown = {line.slug for line in answer.others}
    related = [slug for slug in answer.story.related if slug not in shown]
    return replace(answer, related=await session.lists.lines(related)) if related else answer


def _companies(names: tuple[str, ...]) -> tuple[Suggestion, ...]:
    return tuple(Suggestion(SuggestionKind.COMPANY, name, name) for name in names)
