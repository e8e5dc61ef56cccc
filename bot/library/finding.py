"""From the words of a question to the stories that they mean."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from bot.library.patterns import in_two, patterns, spelled_out
from bot.library.ranking import Facts, Match, rank
from bot.names import wishes
from bot.names.frequency import is_common
from bot.names.index import NameIndex
from bot.names.question import FILLERS, NEWS, Question, read_question, read_words
from bot.names.when import Span
from bot.names.wishes import Wish
from bot.store import Session
from bot.store.seeking import Sought

#: So many of the newest that fit are ranked; a question that more fit is none that a rank could answer.
WINDOW = 100
_WORDS = 8
_WISHES = 4
#: One or two letters begin too much to be looked for in texts.
_LEAST_BEGUN = 3
_COMPANIES_BEGUN = 20
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_MONTH, _YEAR = 28, 365


@dataclass(frozen=True, slots=True)
class Understood:
    """What a question was understood to say: after slips of the fingers, which are told beside it."""

    question: Question
    corrected: tuple[tuple[str, str], ...] = ()
    facts: Facts = field(default_factory=Facts)


class Finder:
    """Finds within one transaction; ``names`` are the companies as of the same revision, ``today`` is the asker's."""

    def __init__(self, session: Session, names: NameIndex, today: date) -> None:
        self._session = session
        self._names = names
        self._today = today

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
        slips, facts = await self._look_up(said, typing=typing)
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
        facts = understood.facts
        numbers: set[int] = set()
        if said.companies:
            facts = await self._having(said, facts)
            numbers.update(await self._of_companies(said))
            numbers.update(number for having in facts.having.values() for number in having)
            among = bool(numbers)
            others = await self._elsewhere(said, facts, among=among)
            numbers.update(others)
            if not among and len(said.companies) == 1:
                facts = replace(facts, mentioned=others)
        elif groups := _groups(said.rest, facts):
            found, having = await self._with_words(groups)
            numbers.update(found)
            facts = replace(facts, having=having)
        elif said.rest:
            numbers.update(await self._begun(said.rest[-1]))
        else:
            numbers.update(await self._such(said))
        if said.span is not None:
            facts = replace(facts, dated=await self._session.seeking.within(numbers, _dates(said.span)))
        candidates = await self._session.seeking.candidates(numbers, said.companies)
        return rank(said, candidates, facts, deals_first=deals_first), replace(understood, question=said, facts=facts)

    async def _of_companies(self, said: Question) -> set[int]:
        seeking = self._session.seeking
        numbers = set(await seeking.of_companies(said.companies, Sought(), limit=WINDOW))
        if len(numbers) == WINDOW:
            # There are more: what was asked for may be among the older.
            for sought in _each_sought(said):
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
        for sought in (_all_sought(said), *_each_sought(said)) if said.wishes or said.span else ():
            numbers.update(await seeking.such(sought, limit=WINDOW))
            if numbers:
                break
        typed = [[pattern for word in wish.typed for pattern in patterns(word)] for wish in said.wishes]
        return numbers | set(await search.numbers(typed, limit=WINDOW // 4))

    async def _with_words(self, groups: Mapping[str, Sequence[str]]) -> tuple[Sequence[int], dict[str, Sequence[int]]]:
        """Stories that have all of these words, and which have each of them.

        Where none has all: as many of the words as some story has, the rarest first; but half of them at least.
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
        if 2 * len(kept) < len(groups):
            return (), {}
        return found, having | dict.fromkeys(kept, found)

    async def _begun(self, letters: str) -> set[int]:
        """Stories of companies whose names begin with one or two letters."""
        companies = self._names.beginning(letters, _COMPANIES_BEGUN)
        return set(await self._session.seeking.of_companies(companies, Sought(), limit=WINDOW))

    async def _look_up(self, said: Question, *, typing: bool) -> tuple[dict[str, str], Facts]:
        """Words that no story has, and what was meant by them; and how words are to be looked for."""
        slips: dict[str, str] = {}
        found: dict[str, Sequence[str]] = {}
        for word in said.rest[:_WORDS]:
            if typing and word == said.rest[-1]:
                # Still being typed: anything that begins so.
                found[word] = (f"{word}*",)
                if (
                    len(word) < _LEAST_BEGUN
                    or self._names.beginning(word, 1)
                    or wishes.begun(word)
                    or await self._known((f"{word}*",))
                ):
                    continue
            if word in FILLERS or await self._known(spelled_out(word)):
                continue
            meant = self._names.corrected(word)
            if not meant and said.companies and not is_common(word):
                meant = wishes.corrected(word)
            if meant:
                slips[word] = meant
            elif not await self._known(patterns(word)) and await self._known(in_two(word)):
                found[word] = in_two(word)
        return slips, Facts(patterns=found)

    async def _known(self, group: Sequence[str]) -> bool:
        return bool(await self._session.search.numbers([group], limit=1))


def _groups(rest: Sequence[str], facts: Facts) -> dict[str, Sequence[str]]:
    """What full text is asked for each word; one that is just begun begins too much, and is left to the ranking."""
    groups = {word: facts.patterns.get(word, patterns(word)) for word in rest[:_WORDS]}
    return {word: group for word, group in groups.items() if len(group[0]) > _LEAST_BEGUN or group[0][-1:] != "*"}


def _each_sought(said: Question) -> list[Sought]:
    """One after the other what was asked for."""
    dates = [Sought(dates=_dates(said.span))] if said.span else []
    return [*(_of_wish(wish) for wish in said.wishes[:_WISHES]), *dates]


def _all_sought(said: Question) -> Sought:
    """Everything that was asked for at once."""
    each = [_of_wish(wish) for wish in said.wishes]
    return Sought(
        kinds=frozenset(kind for sought in each for kind in sought.kinds),
        stages=frozenset(stage for sought in each for stage in sought.stages),
        is_open=next((sought.is_open for sought in each if sought.is_open is not None), None),
        disputed=any(sought.disputed for sought in each),
        deals_only=said.deals,
        dates=_dates(said.span) if said.span else None,
    )


def _of_wish(wish: Wish) -> Sought:
    return Sought(frozenset(wish.kinds), frozenset(wish.stages), wish.is_open, wish.disputed)


def _dates(span: Span) -> tuple[int, int]:
    """The first and the last date that lie in a time. A month that is all that is known of a date counts for any month
    that the time reaches into, a year for a time of a year.
    """
    days = (span.last - span.first).days + 1
    month = 0 if days >= _YEAR else span.first.month
    day = 0 if days >= _MONTH else span.first.day
    first = span.first.year * 10_000 + month * 100 + day
    return first, span.last.year * 10_000 + span.last.month * 100 + span.last.day
