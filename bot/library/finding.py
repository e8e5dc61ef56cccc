"""From the words of a question to the stories that they mean."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from bot.model.story import StoryLine
from bot.model.vocabulary import Kind, Stage
from bot.names.fold import fold, words
from bot.names.index import Found, NameIndex
from bot.store import Session

#: Words that people put around what they mean. They count only when nothing else was typed.
_FILLERS = frozenset(
    "a an the of and or vs versus with between about on in for to is are was what whats who when where how any"
    " deal deals story stories news latest update updates show me tell please".split()
)
_KINDS_AND_STAGES = frozenset(word.value for vocabulary in (Kind, Stage) for word in vocabulary)
_CLOSE_AMONG = 2_000
_LEAST_PART = 4


@dataclass(frozen=True, slots=True)
class Match:
    """A story that a question may mean, and which of the named companies are in it."""

    line: StoryLine
    companies: tuple[str, ...] = ()


class Finder:
    """Finds within one transaction; ``names`` are the companies as of the same revision."""

    def __init__(self, session: Session, names: NameIndex) -> None:
        self._session = session
        self._names = names
        self._corrected: list[tuple[str, str]] = []

    def understood(self) -> tuple[tuple[str, str], ...]:
        """Which typed words were taken for which, in the last question."""
        return tuple(self._corrected)

    async def companies(self, query: str) -> tuple[str, ...]:
        """The companies that a text names: the whole of it exactly, else those in it, else by a typo."""
        exact = self._names.exact(query)
        return (exact,) if exact else (await self._read(query)).companies

    async def only_company(self, text: str) -> str:
        """The one company that a text names if it says nothing else; else empty."""
        found = await self._read(text)
        return found.companies[0] if len(found.companies) == 1 and not found.rest else ""

    async def stories(self, query: str, *, deals_first: bool, typing: bool = False) -> list[Match]:
        """The stories that match, best first.

        Stories of a kind or stage that was asked for come first (``honda nissan merger``), then those with the other words
        in their text, then those with more of the named companies and fewer others, then
        open ones, then newer ones; for ``deals_first``, deals before the rest among equals. With ``typing`` a name that is
        only begun counts as well.
        """
        slug = query.strip().lower()
        # Half a character pair, as a terminal may send it, is none that a database can be asked about.
        lines = await self._session.lists.lines([slug]) if slug.isascii() else ()
        if lines:
            return [Match(lines[0])]
        found = await self._read(query, typing=typing)
        rest = _telling(found.rest, had_names=bool(found.companies))
        by_text = await self._session.search.stories(rest)
        if not found.companies:
            return await self._by_text(rest, by_text)
        by_name = await self._session.lists.of_companies(found.companies)
        if not by_name and not by_text:
            # Known companies, but party to nothing: stories that mention them.
            by_text = await self._session.search.stories([word for name in found.companies for word in words(name)])
        return await self._joined(found, by_name, by_text, deals_first=deals_first)

    async def close(self, query: str, limit: int = 3) -> tuple[StoryLine, ...]:
        """Stories whose headlines are most like the query, for asking whether one of them was meant."""
        lines, _ = await self._session.lists.stories(limit=_CLOSE_AMONG)
        headlines = {line.slug: fold(line.headline) for line in lines}
        # A typed word may be close to one word of a headline, and be nothing like the whole of it.
        scorer = fuzz.partial_ratio if len(fold(query)) >= _LEAST_PART else fuzz.ratio
        found = process.extract(fold(query), headlines, scorer=scorer, score_cutoff=77, limit=limit)
        by_slug = {line.slug: line for line in lines}
        return tuple(by_slug[slug] for _, _, slug in found)

    async def _by_text(self, rest: Sequence[str], hits: tuple[str, ...]) -> list[Match]:
        if not hits and len(rest) > 1:
            # No story has every word: those that have the most of them.
            counted: dict[str, int] = {}
            for word in rest:
                for slug in await self._session.search.stories([word]):
                    counted[slug] = counted.get(slug, 0) + 1
            hits = tuple(sorted((s for s, n in counted.items() if 2 * n >= len(rest)), key=lambda s: -counted[s]))
        asked = _asked(rest)
        lines = await self._session.lists.lines(hits)
        return [Match(line) for line in sorted(lines, key=lambda line: bool(asked) and not _is_asked(line, asked))]

    async def _joined(
        self,
        found: Found,
        by_name: Sequence[tuple[StoryLine, int]],
        by_text: tuple[str, ...],
        *,
        deals_first: bool,
    ) -> list[Match]:
        asked = _asked(found.rest)
        several = len(found.companies) > 1

        def rank(entry: tuple[StoryLine, int]) -> tuple[bool, bool, int, int, bool, bool]:
            line, named = entry
            is_deal = line.kind.is_deal or not deals_first
            # Who names two companies means what is between the two, not among four.
            further = len(line.parties) - named if several else 0
            return (
                bool(asked) and not _is_asked(line, asked),
                line.slug not in by_text,
                -named,
                further,
                not is_deal,
                not line.is_open,
            )

        # Sorting keeps the store's order, newest first, among equals.
        ordered = [line for line, _ in sorted(by_name, key=rank)]
        named = {line.slug for line in ordered}
        elsewhere = await self._session.lists.lines([slug for slug in by_text if slug not in named])
        return [Match(line, found.companies) for line in (*ordered, *elsewhere)]

    async def _read(self, query: str, *, typing: bool = False) -> Found:
        self._corrected = []
        typed = words(query)[:40]
        found = self._names.find(typed)
        if not found.rest:
            return found
        slips = await self._slips(found.rest, typing=typing)
        if slips:
            self._corrected = list(slips.items())
            found = self._names.find([slips.get(word, word) for word in typed])
        if typing and found.rest:
            begun = self._names.beginning(found.rest[-1], 3)
            return Found(tuple(dict.fromkeys((*found.companies, *begun))), found.rest[: -1 if begun else None])
        return found

    async def _slips(self, rest: Sequence[str], *, typing: bool) -> dict[str, str]:
        slips: dict[str, str] = {}
        for number, word in enumerate(rest):
            if typing and number == len(rest) - 1 and self._names.beginning(word, 1):
                continue
            if word in _FILLERS or await self._session.search.knows(word):
                continue
            meant = self._names.corrected(word)
            if meant:
                slips[word] = meant
        return slips


def _asked(rest: Sequence[str]) -> frozenset[str]:
    """The kinds and stages among the words of a question."""
    return _KINDS_AND_STAGES & frozenset(rest)


def _is_asked(line: StoryLine, asked: Collection[str]) -> bool:
    return line.kind.value in asked or (line.stage is not None and line.stage.value in asked)


def _telling(rest: Sequence[str], *, had_names: bool) -> list[str]:
    telling = [word for word in rest if word not in _FILLERS]
    return telling or ([] if had_names else list(rest))
