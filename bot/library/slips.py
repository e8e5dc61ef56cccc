"""Words of a question that no story has, and what was meant by them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from bot.library.patterns import in_two, patterns, spelled_out
from bot.library.ranking import Facts
from bot.names import wishes
from bot.names.frequency import is_common
from bot.names.index import NameIndex
from bot.names.question import FILLERS, Question
from bot.store import Session

#: Words of a question that are looked for.
WORDS = 8
#: One or two letters begin too much to be looked for in texts.
LEAST_BEGUN = 3

#: The word of headlines that a word is a slip of the fingers away from, or None.
Heard = Callable[[str], Awaitable[str | None]]


class Slips:
    """Looks the words of questions up, within one transaction."""

    def __init__(self, session: Session, names: NameIndex, heard: Heard) -> None:
        self._session = session
        self._names = names
        self._heard = heard

    async def look_up(self, said: Question, *, typing: bool) -> tuple[dict[str, str], Facts]:
        """Words that no story has, and what was meant by them; and how words are to be looked for.

        With ``typing`` the last word may be only begun: anything is meant that begins so.
        """
        slips: dict[str, str] = {}
        found: dict[str, Sequence[str]] = {}
        unknown: list[str] = []
        for word in said.rest[:WORDS]:
            if typing and word == said.rest[-1]:
                found[word] = (f"{word}*",)
                if await self._begins_something(word):
                    continue
            if word in FILLERS or await self._known(spelled_out(word)):
                continue
            meant = self._named_by(word, said)
            if meant:
                slips[word] = meant
            elif not await self._known(patterns(word)):
                if await self._known(in_two(word)):
                    found[word] = in_two(word)
                else:
                    unknown.append(word)
        for word in unknown:
            known = [other for other in said.rest[:WORDS] if other not in unknown]
            meant = await self._told_by(word, [found.get(other, patterns(other)) for other in known], said)
            if meant:
                slips[word] = meant
        return slips, Facts(patterns=found)

    def _named_by(self, word: str, said: Question) -> str | None:
        """The word of a company's name or, beside a company, of a kind or a stage."""
        meant = self._names.corrected(word)
        if not meant and said.companies and not is_common(word):
            meant = wishes.corrected(word)
        return meant

    async def _told_by(self, word: str, others: Sequence[Sequence[str]], said: Question) -> str | None:
        """The word of a headline, if a story that has it has something else of the question too."""
        if is_common(word):
            return None
        meant = await self._heard(word)
        if not meant:
            return None
        if said.companies:
            beside: list[Sequence[str]] = []
        elif others:
            beside = [[pattern for other in others for pattern in other]]
        else:
            # Alone it is near to too much: it is offered, not taken.
            return None
        has_it = await self._session.search.numbers([patterns(meant), *beside], parties=said.companies, limit=1)
        return meant if has_it else None

    async def _begins_something(self, word: str) -> bool:
        return bool(
            len(word) < LEAST_BEGUN
            or self._names.beginning(word, 1)
            or wishes.begun(word)
            or await self._known((f"{word}*",))
        )

    async def _known(self, group: Sequence[str]) -> bool:
        return bool(await self._session.search.numbers([group], limit=1))
