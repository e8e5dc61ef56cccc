"""Full-text search over stories: what every engine's index offers, and what of it does not depend on the engine."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, bindparam, select, union_all

from bot.model.dates import PartialDate
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


class SearchRow(NamedTuple):
    """The texts by which a story is found; ``names`` are its parties' names, one a line."""

    story_id: int
    headline: str
    names: str
    body: str


class FullText(StoreSubject, ABC):
    """The full-text index in one transaction."""

    async def index_story(self, story_id: int, story: Story, *, is_new: bool = False) -> None:
        """Replace a story's words in the index, or add those of a new one. The names of its parties count with their aliases."""
        if not is_new:
            await self.remove_story(story_id)
        names = await self._get_party_names(story_id)
        await self._insert([SearchRow(story_id, story.headline, names, build_search_body(story))])

    async def index_next_stories(self, after_id: int, limit: int) -> int | None:
        """Add the words of the stories that follow an id to an index without them; return the last one's id, None if there is none.

        A store is indexed by calling it until there is none: it costs a few statements for all stories of a call.
        """
        query = select(t.story.c.id, t.story.c.headline, t.story.c.summary).where(t.story.c.id > after_id)
        stories = (await self._connection.execute(query.order_by(t.story.c.id).limit(limit))).all()
        if not stories:
            return None
        last_id = int(stories[-1].id)
        names, parts = await self._load_names(after_id, last_id), await self._load_parts(after_id, last_id)
        rows = (
            SearchRow(
                row.id,
                row.headline,
                "\n".join(dict.fromkeys(names[row.id])),
                _add_folded_words(row.headline, _join_body(row.summary, parts[row.id])),
            )
            for row in stories
        )
        await self._insert(list(rows))
        return last_id

    async def _load_names(self, after_id: int, last_id: int) -> defaultdict[int, list[str]]:
        """Return the names of the parties of stories: names first, then tickers and aliases."""
        is_wanted = t.party.c.story_id.between(after_id + 1, last_id)
        parties = select(t.party.c.story_id).where(is_wanted).distinct()
        of_company = parties.join(t.company, t.company.c.id == t.party.c.company_id)
        of_alias = parties.join(t.alias, t.alias.c.company_id == t.party.c.company_id)
        queries = (
            of_company.add_columns(t.company.c.name.label("name"), t.company.c.id),
            of_company.add_columns(t.company.c.ticker.label("name"), t.company.c.id),
            of_alias.add_columns(t.alias.c.alias.label("name"), t.alias.c.id),
        )
        names: defaultdict[int, list[str]] = defaultdict(list)
        for query in queries:
            for row in await self._connection.execute(query.order_by(query.selected_columns.id)):
                if row.name:
                    names[row.story_id].extend(_get_name_forms(row.name))
        return names

    async def _load_parts(self, after_id: int, last_id: int) -> defaultdict[int, list[tuple[str, str]]]:
        """Return headline and text of the valid developments of stories, oldest first."""
        development, latest_date = t.development.c, self._tx.latest_date
        query = (
            select(development.story_id, development.date, development.headline, development.text)
            .where(development.story_id.between(after_id + 1, last_id), development.retracted == "")
            .order_by(development.story_id, development.date_sort, development.id)
        )
        parts: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
        for row in await self._connection.execute(query):
            if not PartialDate.parse(row.date).is_after(latest_date):
                parts[row.story_id].append((row.headline, row.text))
        return parts

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
    async def _insert(self, rows: Sequence[SearchRow]) -> None:
        """Add the words of stories."""

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
    return _join_body(story.summary, ((each.headline, each.text) for each in story.valid_developments))


def _join_body(summary: str, developments: Iterable[tuple[str, str]]) -> str:
    return "\n".join([summary, *(part for parts in developments for part in parts)])


def build_search_body(story: Story) -> str:
    """Build the text by which a story is found, apart from its headline and its parties' names.

    The folded forms of words that an index does not fold as a question is folded follow at the end, each once, also for
    words of the headline. Stories that were stored before this was added get them with their next change.
    """
    return _add_folded_words(story.headline, build_body(story))


def _add_folded_words(headline: str, body: str) -> str:
    folded_words = _collect_folded_words(f"{headline}\n{body}")
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
