"""Full-text search over stories with SQLite's FTS5 (https://sqlite.org/fts5.html)."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, column, false, literal_column, select, table, text

from bot.model.text_folding import UNSPACED, fold
from bot.store.engines.hot_statements import HotStatement
from bot.store.engines.json_values import to_json_array
from bot.store.engines.sql_batches import iter_batches
from bot.store.engines.sqlite.connections import TERMS_TABLE
from bot.store.fulltext.fulltext import RANKING_WINDOW, FullText, SearchRow

if TYPE_CHECKING:
    from bot.store.transaction import Transaction

#: How many names are looked for in one search: FTS5 limits how deep an expression can be.
_SPELLINGS_AT_ONCE = 50
#: A prefix of more words than these is left to FTS5.
_MAX_PREFIX_TERMS = 24
# Each word is one step in the index, whatever the number of its stories.
_TERMS_BY_PREFIX = HotStatement(
    text(
        f"WITH RECURSIVE begun (term) AS (SELECT (SELECT term FROM {TERMS_TABLE} WHERE term >= :first LIMIT 1) UNION ALL"  # noqa: S608 - a constant
        f" SELECT (SELECT term FROM {TERMS_TABLE} WHERE term >= begun.term || char(1) LIMIT 1) FROM begun"
        "  WHERE begun.term >= :first AND begun.term < :end LIMIT :most)"
        " SELECT term FROM begun WHERE term >= :first AND term < :end"
    )
)
_ASCII_WORD = re.compile("[a-z0-9]+")
# A text without blanks is one word of the index, so a name in it is found by reading all words of these scripts.
_STORIES_BY_PART_OF_WORD = text(f"SELECT DISTINCT doc FROM {TERMS_TABLE} WHERE term >= :first AND instr(term, :part)")  # noqa: S608 - a constant
_FIRST_UNSPACED_LETTER = "\u3040"
_WORD_PART = re.compile(r"[^\W_]+")
_INSERT_STORY = text(
    "INSERT INTO story_search (rowid, headline, names, body) VALUES (:story_id, :headline, :names, :body)"
)
_UPDATE_NAMES = text("UPDATE story_search SET names = :names WHERE rowid = :story_id")
_STORIES_BY_MATCH = HotStatement(
    text("SELECT rowid FROM story_search WHERE story_search MATCH :words ORDER BY rowid DESC LIMIT :limit")
)
_STORIES_BY_MATCH_AMONG = HotStatement(
    text(
        "SELECT rowid FROM story_search WHERE story_search MATCH :words AND rowid IN (SELECT value FROM json_each(:among))"
    )
)


def _to_match_expression(words: Sequence[str], *, prefix: bool) -> str:
    # FTS5 takes a quoted word as a word only, so nobody can type its operators.
    return " ".join(f'"{word.replace(chr(34), "")}"' + ("*" if prefix else "") for word in words)


def _pattern_to_expression(pattern: str) -> str:
    word = pattern.removesuffix("*")
    return _to_match_expression([word], prefix=word != pattern)


class Fts5FullText(FullText):
    """The table ``story_search`` in one transaction."""

    def __init__(self, tx: Transaction) -> None:
        super().__init__(tx)
        self._terms_by_prefix: dict[str, list[str]] = {}

    async def _insert(self, rows: Sequence[SearchRow]) -> None:
        self._terms_by_prefix.clear()
        await self._connection.execute(_INSERT_STORY, [row._asdict() for row in rows])

    async def _update_names(self, story_id: int, names: str) -> None:
        self._terms_by_prefix.clear()
        await self._connection.execute(_UPDATE_NAMES, {"names": names, "story_id": story_id})

    async def remove_story(self, story_id: int) -> None:
        """Remove a story's words from the index."""
        await self._connection.execute(text("DELETE FROM story_search WHERE rowid = :story_id"), {"story_id": story_id})

    async def find_slugs(self, words: Sequence[str], *, limit: int = 25, prefix: bool = True) -> tuple[str, ...]:
        """Return the slugs of the stories that have all of these words. The best match among the newest comes first."""
        if not words:
            return ()
        rows = await self._connection.execute(
            text(
                "SELECT story.slug FROM (SELECT rowid, rank FROM story_search WHERE story_search MATCH :words"
                "  AND rank MATCH 'bm25(8.0, 4.0, 1.0)' ORDER BY rowid DESC LIMIT :window) AS hit"
                " JOIN story ON story.id = hit.rowid"
                " ORDER BY hit.rank, story.is_open DESC, story.as_of_sort DESC, story.id LIMIT :limit"
            ),
            {"words": _to_match_expression(words, prefix=prefix), "window": RANKING_WINDOW, "limit": limit},
        )
        return tuple(rows.scalars())

    async def find_ids(
        self,
        pattern_groups: Sequence[Sequence[str]],
        *,
        parties: Sequence[str] = (),
        among_ids: Collection[int] | None = None,
        limit: int = 100,
    ) -> tuple[int, ...]:
        """Return the ids of the newest stories that have at least one pattern of each group (:meth:`FullText.find_ids`)."""
        expression = await self._build_expression(pattern_groups)
        if not expression:
            return ()
        if parties:
            expression += f" AND names : ({' OR '.join(map(_pattern_to_expression, parties))})"
        if among_ids is None:
            parameters = {"words": expression, "limit": limit}
            return tuple(await _STORIES_BY_MATCH.fetch_column(self._connection, parameters))
        parameters = {"words": expression, "among": to_json_array(among_ids)}
        return tuple(await _STORIES_BY_MATCH_AMONG.fetch_column(self._connection, parameters))

    async def build_condition(self, story_id: ColumnElement[int], patterns: Sequence[str]) -> ColumnElement[bool]:
        """Return the condition that a story has at least one of the patterns (:meth:`find_ids`)."""
        expression = await self._build_expression([patterns])
        if not expression:
            return false()
        index = table("story_search", column("rowid"))
        return story_id.in_(select(index.c.rowid).where(literal_column("story_search").op("MATCH")(expression)))

    async def _build_expression(self, pattern_groups: Sequence[Sequence[str]]) -> str:
        """Return the expression for stories that have a pattern of each group; empty if there can be none."""
        expressions: list[str] = []
        for group in filter(None, pattern_groups):
            alternatives = [word for pattern in group for word in await self._expand_pattern(pattern)]
            if not alternatives:
                return ""
            expressions.append(f"({' OR '.join(alternatives)})")
        return " AND ".join(expressions)

    async def find_ids_by_names(self, names: Sequence[str]) -> frozenset[int]:
        """Return the ids of all stories whose texts may have one of these names (:meth:`FullText.find_ids_by_names`)."""
        story_ids: set[int] = set()
        spellings = dict.fromkeys(spelling for name in names for spelling in (name, fold(name)) if fold(spelling))
        for batch in iter_batches(list(spellings), _SPELLINGS_AT_ONCE):
            forms = (form for spelling in batch for form in (spelling, f"{spelling}s"))
            expression = " OR ".join(_to_match_expression([form], prefix=False) for form in forms)
            parameters = {"words": f"{{headline body}} : ({expression})", "limit": -1}
            story_ids.update(await _STORIES_BY_MATCH.fetch_column(self._connection, parameters))
        for spelling in filter(UNSPACED.search, spellings):
            story_ids.update(await self._find_ids_by_part_of_word(spelling))
        return frozenset(story_ids)

    async def _find_ids_by_part_of_word(self, name: str) -> set[int]:
        """Return the stories that have the longest part of a name within a word, or a word that begins with a mixed one."""
        part = max(_WORD_PART.findall(name.lower()), key=len)
        parameters = {"first": _FIRST_UNSPACED_LETTER, "part": part}
        story_ids = set((await self._connection.execute(_STORIES_BY_PART_OF_WORD, parameters)).scalars())
        if part[0] < _FIRST_UNSPACED_LETTER:
            expression = _to_match_expression([part], prefix=True)
            parameters = {"words": expression, "limit": -1}
            story_ids.update(await _STORIES_BY_MATCH.fetch_column(self._connection, parameters))
        return story_ids

    async def _expand_pattern(self, pattern: str) -> list[str]:
        """Return the expressions that a pattern stands for; none if no story can match it.

        A prefix is replaced by the words that begin with it. Finding the newest stories of a word takes no time, while
        for a prefix FTS5 first collects all its stories: milliseconds for a common one in a large store.
        """
        prefix = pattern.removesuffix("*")
        if prefix == pattern or not _ASCII_WORD.fullmatch(prefix):
            return [_pattern_to_expression(pattern)]
        if prefix not in self._terms_by_prefix:
            bounds = {"first": prefix, "end": f"{prefix}\U0010ffff", "most": _MAX_PREFIX_TERMS + 1}
            self._terms_by_prefix[prefix] = await _TERMS_BY_PREFIX.fetch_column(self._connection, bounds)
        terms = self._terms_by_prefix[prefix]
        return (
            [_pattern_to_expression(pattern)]
            if len(terms) > _MAX_PREFIX_TERMS
            else [_pattern_to_expression(word) for word in terms]
        )
