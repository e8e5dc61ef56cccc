"""Full-text search over stories: what every engine's index offers, and what of it does not depend on the engine."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, bindparam, select, union_all

from bot.model.story import Story
from bot.model.text_folding import fold
from bot.store import tables as t
from bot.store.subject import StoreSubject

#: How many matches are ranked, the newest: ranking all those of a common word takes seconds in a large store.
RANKING_WINDOW = 2_000

# Letters that we fold and an index does not: ß, ø, æ and the like, and accented Greek or Cyrillic. It removes the
# accents of Latin letters only: https://sqlite.org/fts5.html#unicode61_tokenizer.
_NOT_FOLDED_BY_INDEX = re.compile("[ÆÐØÞßæðøþĐđıŁłŒœẞ\u0370-\u052f\u1f00-\u1fff]")
_WORD = re.compile("[\\w\u0300-\u052f\u1f00-\u1fff]+")

_PARTIES = select(t.party.c.company_id).where(t.party.c.story_id == bindparam("story"))
_PARTY_NAMES = union_all(
    select(t.company.c.name.label("name")).where(t.company.c.id.in_(_PARTIES)),
    select(t.company.c.ticker).where(t.company.c.id.in_(_PARTIES)),
    select(t.alias.c.alias).where(t.alias.c.company_id.in_(_PARTIES)),
)


class FullText(StoreSubject, ABC):
    """The full-text index in one transaction."""

    async def index_story(self, story_id: int, story: Story, *, is_new: bool = False) -> None:
        """Replace a story's words in the index, or add those of a new one. The names of its parties count with their aliases."""
        if not is_new:
            await self.remove_story(story_id)
        await self._insert(story_id, story, await self._get_party_names(story_id))

    async def reindex_company(self, company: str) -> None:
        """Update the names of a company in the index, in all its stories."""
        query = (
            select(t.party.c.story_id)
            .join(t.company, t.company.c.id == t.party.c.company_id)
            .where(t.company.c.name == company)
        )
        for story_id in (await self._connection.execute(query.distinct())).scalars().all():
            await self._update_names(story_id, await self._get_party_names(story_id))

    async def _get_party_names(self, story_id: int) -> str:
        names = (await self._connection.execute(_PARTY_NAMES, {"story": story_id})).scalars()
        return "\n".join(dict.fromkeys(form for name in names if name for form in _get_name_forms(name)))

    @abstractmethod
    async def _insert(self, story_id: int, story: Story, names: str) -> None:
        """Add a story's words; ``names`` are its parties' names, one a line."""

    @abstractmethod
    async def _update_names(self, story_id: int, names: str) -> None:
        """Replace the names of a story's parties."""

    @abstractmethod
    async def remove_story(self, story_id: int) -> None:
        """Remove a story's words from the index."""

    @abstractmethod
    async def find_slugs(self, words: Sequence[str], *, limit: int = 25, prefix: bool = True) -> tuple[str, ...]:
        """Return the slugs of the stories that have all of these words. The best match among the newest comes first."""

    @abstractmethod
    async def find_ids(
        self,
        pattern_groups: Sequence[Sequence[str]],
        *,
        parties: Sequence[str] = (),
        among_ids: Collection[int] | None = None,
        limit: int = 100,
    ) -> tuple[int, ...]:
        """Return the ids of the newest stories that have at least one pattern of each group.

        With ``parties`` only stories of one of these companies are returned, with ``among_ids`` all matches among these
        stories. A pattern is a word, a phrase (``e tech``), or the beginning of a word (``hydrog*``). Nothing is ranked
        here: over a common word that costs seconds in a large store, while the newest that have it are found at once.
        """

    @abstractmethod
    async def build_condition(self, story_id: ColumnElement[int], patterns: Sequence[str]) -> ColumnElement[bool]:
        """Return the condition that a story has at least one of the patterns (:meth:`find_ids`)."""

    @abstractmethod
    async def find_ids_by_names(self, names: Sequence[str]) -> frozenset[int]:
        """Return the ids of all stories whose texts may have one of these names; a few that have not may be among them.

        A name counts with an *s* at its end, and in a script without blanks also within a word.
        """


def build_body(story: Story) -> str:
    """Build the text by which a story is found, apart from its headline and its parties' names."""
    developments = ((development.headline, development.text) for development in story.valid_developments)
    return "\n".join([story.summary, *(part for parts in developments for part in parts)])


def build_search_body(story: Story) -> str:
    """Build the text by which a story is found, apart from its headline and its parties' names.

    The folded forms of words that an index does not fold as a question is folded follow at the end, each once, also for
    words of the headline. Stories that were stored before this was added get them with their next change.
    """
    body = build_body(story)
    folded_words = _collect_folded_words(f"{story.headline}\n{body}")
    return f"{body}\n{folded_words}" if folded_words else body


def _get_name_forms(name: str) -> tuple[str, ...]:
    """Return a name, and as a question spells it where an index does not fold it so."""
    return (name, fold(name)) if _NOT_FOLDED_BY_INDEX.search(name) else (name,)


def _collect_folded_words(text: str) -> str:
    if text.isascii():
        return ""
    # Each word is checked once: a long story repeats the same few thousand words.
    non_ascii_text = " ".join(word for word in dict.fromkeys(text.split()) if not word.isascii())
    words = dict.fromkeys(word for word in _WORD.findall(non_ascii_text) if _NOT_FOLDED_BY_INDEX.search(word))
    return " ".join(dict.fromkeys(folded_word for word in words if (folded_word := fold(word)) != word.lower()))
