"""From the words of a question to the stories that they mean."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from bot.library.patterns import patterns
from bot.library.ranking import Facts, Match, rank
from bot.library.slips import LEAST_BEGUN, WORDS, Heard, Slips
from bot.library.sought import all_sought, dates_of, each_sought, spans
from bot.names import wishes
from bot.names.frequency import is_everyday
from bot.names.index import NameIndex
from bot.names.question import NEWS, Question, read_question, read_words
from bot.store import Session
from bot.store.seeking import Candidate, Sought

#: So many of the newest that fit are ranked; a question that more fit is none that a rank could answer.
WINDOW = 100
_COMPANIES_BEGUN = 20
#: So many are offered of those that have too little to be an answer.
_INSTEAD = 3
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Understood:
    """What a question was understood to say: after slips of the fingers, which are told beside it.

    ``instead`` are stories that have too little of it to be an answer, the best first, where none has more.
    """

    question: Question
    corrected: tuple[tuple[str, str], ...] = ()
    facts: Facts = field(default_factory=Facts)
    instead: tuple[Candidate, ...] = ()


class _Looked(NamedTuple):
    """Stories that may be meant, and what was looked up on the way; with too little of the question in them or not."""

    numbers: set[int]
    facts: Facts
    is_little: bool = False


class Finder:
    """Finds within one transaction; ``names`` are the companies as of the same revision, ``today`` is the asker's.

    ``heard`` knows the words of headlines.
    """

    def __init__(self, session: Session, names: NameIndex, today: date, heard: Heard) -> None:
        self._session = session
        self._names = names
        self._today = today
        self._slips = Slips(session, names, heard)

    async def slug(self, query: str) -> str:
        """The story that a question is the slug of, or of which it was one before it was joined; empty for none."""
        slug = query.strip().lower()
        if not _SLUG.fullmatch(slug):
            return ""
        lines = await self._session.lists.lines([slug])
        return lines[0].slug if lines else ""

    async def companies(self, query: str) -> tuple[str, ...]:
        """The companies that a text names: the whole of it exactly, else those in it, else by a typo."""
        return (await self.understand(query)).question.companies

    async def only_company(self, text: str) -> str:
        """The one company that a text names if it says nothing else; else empty."""
        said = (await self.understand(text)).question
        alone = len(said.companies) == 1 and not (said.rest or said.wishes or said.span)
        return said.companies[0] if alone else ""

    async def understand(self, query: str, *, typing: bool = False) -> Understood:
        """Read a question; with ``typing`` its last word may be only begun."""
        said = read_question(query, self._names, self._today)
        if not said.rest:
            return Understood(said)
        slips, facts = await self._slips.look_up(said, typing=typing)
        if not slips:
            return Understood(said, (), facts)
        again = read_words([slips.get(word, word) for word in said.rest], self._names)
        mended = replace(
            said,
            companies=tuple(dict.fromkeys((*said.companies, *again.companies))),
            wishes=tuple({wish.said: wish for wish in (*said.wishes, *again.wishes)}.values()),
            rest=again.rest,
        )
        return Understood(mended, tuple(slips.items()), facts)

    async def stories(self, query: str, *, deals_first: bool, typing: bool = False) -> tuple[list[Match], Understood]:
        """The stories that match, best first (:func:`bot.library.ranking.rank`), and what was understood."""
        understood = await self.understand(query, typing=typing)
        said = understood.question
        if typing and len(said.rest) == 1 and (wish := wishes.begun(said.rest[0])):
            said = replace(said, wishes=(*said.wishes, replace(wish, typed=said.rest)))
        if said.companies:
            looked = await self._beside_companies(said, understood.facts)
        elif groups := _groups(said.rest, understood.facts):
            looked = await self._by_words(said, groups, understood.facts)
        elif said.rest:
            looked = _Looked(await self._begun(said.rest[-1]), understood.facts)
        else:
            looked = await self._by_nature(said, understood.facts)
        if said.without:
            looked = looked._replace(numbers=looked.numbers - await self._unwanted(said, looked.numbers))
        said, facts = await self._in_its_time(said, looked)
        facts = await self._as_it_is_told(said, facts, looked.numbers)
        candidates = await self._session.seeking.candidates(looked.numbers, said.companies)
        matches = rank(said, candidates, facts, deals_first=deals_first)
        understood = replace(understood, question=said, facts=facts)
        if looked.is_little:
            instead = tuple(match.candidate for match in matches[:_INSTEAD])
            return [], replace(understood, instead=instead)
        return matches, understood

    async def _unwanted(self, said: Question, numbers: Collection[int]) -> set[int]:
        """Those of the stories that have a party or a word that was not wanted; a company may be mentioned."""
        candidates = await self._session.seeking.candidates(numbers, said.without)
        unwanted = {candidate.number for candidate in candidates if candidate.named}
        for word in said.without:
            if self._names.exact(word) != word:
                unwanted.update(await self._session.search.numbers([patterns(word)], among=numbers))
        return unwanted

    async def _beside_companies(self, said: Question, facts: Facts) -> _Looked:
        """Stories of companies, and others that have all the other words."""
        facts = await self._having(said, facts)
        numbers = await self._of_companies(said)
        numbers.update(number for having in facts.having.values() for number in having)
        among = bool(numbers)
        others = await self._elsewhere(said, facts, among=among)
        if not among and len(said.companies) == 1:
            facts = replace(facts, mentioned=others)
        return _Looked(numbers | set(others), facts)

    async def _by_words(self, said: Question, groups: Mapping[str, Sequence[str]], facts: Facts) -> _Looked:
        """Stories that have the words; where none has half of them, what it asks for beside them."""
        found, having = await self._with_words(groups)
        facts = replace(facts, having=having)
        kept = [word for word in groups if not set(having.get(word, ())).isdisjoint(found)]
        if found and 2 * len(kept) >= len(groups):
            return _Looked(set(found), facts)
        # What no story has may be a name that is missed here; a word of everyday language is missed by nobody.
        names = [word for word in said.rest if not is_everyday(word)]
        if found or not said.wishes or len(names) > len(said.wishes):
            return _Looked(set(found), facts, is_little=True)
        return _Looked(await self._such(said), facts, is_little=bool(names))

    async def _by_nature(self, said: Question, facts: Facts) -> _Looked:
        """Stories of the kinds, stages and times that are all that was said; where there is none of the time, the newest."""
        numbers = await self._such(said)
        if numbers or not said.span or said.wishes:
            return _Looked(numbers, facts)
        newest = await self._session.seeking.such(Sought(deals_only=said.deals), limit=_INSTEAD)
        return _Looked(set(newest), facts, is_little=True)

    async def _in_its_time(self, said: Question, looked: _Looked) -> tuple[Question, Facts]:
        """Which of the stories have news of the time asked for; of a month whose year was not said, the last that has any."""
        for span in said.span.years() if said.span else ():
            dated = await self._session.seeking.within(looked.numbers, dates_of(span))
            if dated:
                return replace(said, span=span), replace(looked.facts, dated=dated)
        return said, looked.facts

    async def _as_it_is_told(self, said: Question, facts: Facts, numbers: Collection[int]) -> Facts:
        """Which of the stories were once at the stages asked for, and which say so in their words."""
        telling = {
            wish.said: await self._session.search.numbers(
                [patterns(word) for word in wish.typed], parties=said.companies, limit=WINDOW
            )
            for wish in said.wishes
        }
        stages = {stage for wish in said.wishes for stage in wish.stages}
        passed = await self._session.seeking.stages_of(numbers, stages) if stages else {}
        return replace(facts, telling=telling, passed=passed)

    async def _of_companies(self, said: Question) -> set[int]:
        seeking = self._session.seeking
        numbers = set(await seeking.of_companies(said.companies, Sought(), limit=WINDOW))
        if len(numbers) == WINDOW:
            # There are more: what was asked for may be among the older.
            for sought in each_sought(said):
                numbers.update(await seeking.of_companies(said.companies, sought, limit=WINDOW // 2))
        return numbers

    async def _having(self, said: Question, facts: Facts) -> Facts:
        """Which stories of the companies have which of the words."""
        having = {
            word: await self._session.search.numbers([group], parties=said.companies, limit=WINDOW)
            for word, group in _groups(said.rest, facts).items()
        }
        return replace(facts, having=having)

    async def _elsewhere(self, said: Question, facts: Facts, *, among: bool) -> tuple[int, ...]:
        """Stories of others: that have all the words; where a company is party to nothing, that mention it."""
        groups = list(_groups(said.rest, facts).values()) if among else [said.companies]
        return await self._session.search.numbers(groups, limit=WINDOW // 4)

    async def _such(self, said: Question) -> set[int]:
        """Stories of the kinds, stages and times that are all that was said."""
        seeking, search = self._session.seeking, self._session.search
        if said.fillers:
            if not said.deals and NEWS.isdisjoint(said.fillers):
                return set(await search.numbers([patterns(word) for word in said.fillers], limit=WINDOW))
            return set(await seeking.such(Sought(deals_only=said.deals), limit=WINDOW))
        numbers: set[int] = set()
        at_once = [all_sought(said, span) for span in spans(said)]
        for sought in (*at_once, *each_sought(said)) if said.wishes or said.span else ():
            numbers.update(await seeking.such(sought, limit=WINDOW))
            if numbers:
                break
        typed = [[pattern for word in wish.typed for pattern in patterns(word)] for wish in said.wishes]
        return numbers | set(await search.numbers(typed, limit=WINDOW // 4))

    async def _with_words(self, groups: Mapping[str, Sequence[str]]) -> tuple[Sequence[int], dict[str, Sequence[int]]]:
        """Stories that have all of these words, and which have each of them.

        Where none has all: as many of the words as some story has, the rarest first.
        """
        search = self._session.search
        found = await search.numbers(list(groups.values()), limit=WINDOW)
        if found or len(groups) == 1:
            return found, dict.fromkeys(groups, found)
        having: dict[str, Sequence[int]] = {
            word: await search.numbers([group], limit=WINDOW) for word, group in groups.items()
        }
        kept: list[str] = []
        for word in sorted((word for word in groups if having[word]), key=lambda word: len(having[word])):
            numbers = await search.numbers([groups[other] for other in (*kept, word)], limit=WINDOW)
            if numbers:
                kept, found = [*kept, word], numbers
        return found, having | dict.fromkeys(kept, found)

    async def _begun(self, letters: str) -> set[int]:
        """Stories of companies whose names begin with one or two letters."""
        companies = self._names.beginning(letters, _COMPANIES_BEGUN)
        return set(await self._session.seeking.of_companies(companies, Sought(), limit=WINDOW))


def _groups(rest: Sequence[str], facts: Facts) -> dict[str, Sequence[str]]:
    """What full text is asked for each word; one that is just begun begins too much, and is left to the ranking."""
    groups = {word: facts.patterns.get(word, patterns(word)) for word in rest[:WORDS]}
    return {word: group for word, group in groups.items() if len(group[0]) > LEAST_BEGUN or group[0][-1:] != "*"}
