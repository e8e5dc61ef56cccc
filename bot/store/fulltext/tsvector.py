"""Full-text search over stories with PostgreSQL's tsvector (https://www.postgresql.org/docs/current/textsearch.html).

The words and their positions are made here, and not by the server's parser: what it takes for a word depends on its
version and locale. So no extension is needed, and a story has the same words as in the other index.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import ColumnElement, cast, column, false, select, table, text
from sqlalchemy.dialects.postgresql import TSQUERY

from bot.model.text_folding import UNSPACED, fold
from bot.store.engines.json_values import to_json_array
from bot.store.engines.sql_batches import iter_batches
from bot.store.fulltext.fulltext import RANKING_WINDOW, FullText, SearchRow

_WORD = re.compile(r"[^\W_]+")
_ACCENT = re.compile("[\u0300-\u036f]")
#: Limits of a tsvector (https://www.postgresql.org/docs/current/textsearch-limits.html): the bytes of a word, the highest
#: position, and the positions of one word.
_MAX_WORD_BYTES, _MAX_POSITION, _MAX_POSITIONS = 2_000, 16_383, 255
#: The weights of the headline, the parties' names and the body, and how far apart these are, so that no phrase spans two.
_HEADLINE, _NAMES, _BODY, _GAP = "A", "B", "C", 8
_TEXT_WEIGHTS = _HEADLINE + _BODY
#: For ``ts_rank``: the weights of D, C, B and A.
_RANK_WEIGHTS = "{0.1, 1.0, 4.0, 8.0}"
#: How many names are looked for in one search.
_SPELLINGS_AT_ONCE = 50

_INSERT = text(
    "INSERT INTO story_search (story_id, headline, names, body, terms)"
    " VALUES (:story_id, :headline, :names, :body, CAST(:terms AS tsvector))"
)
_SELECT_TEXTS = text("SELECT headline, body FROM story_search WHERE story_id = :story_id")
_UPDATE_NAMES = text(
    "UPDATE story_search SET names = :names, terms = CAST(:terms AS tsvector) WHERE story_id = :story_id"
)
_DELETE = text("DELETE FROM story_search WHERE story_id = :story_id")
_STORIES_BY_MATCH = text(
    "SELECT story_id FROM story_search WHERE terms @@ CAST(:query AS tsquery) ORDER BY story_id DESC LIMIT :limit"
)
_ALL_STORIES_BY_MATCH = text("SELECT story_id FROM story_search WHERE terms @@ CAST(:query AS tsquery)")
_STORIES_BY_MATCH_AMONG = text(
    "SELECT story_id FROM story_search WHERE terms @@ CAST(:query AS tsquery) AND story_id IN"
    " (SELECT CAST(value AS BIGINT) FROM jsonb_array_elements_text(CAST(:among AS jsonb)))"
)
_STORIES_BY_PART_OF_WORD = text(
    "SELECT story_id FROM story_search WHERE strpos(lower(headline), :part) > 0 OR strpos(lower(body), :part) > 0"
)
_SLUGS_BY_RANK = text(
    "SELECT story.slug FROM (SELECT story_id, terms FROM story_search WHERE terms @@ CAST(:query AS tsquery)"  # noqa: S608 - every value is bound
    "  ORDER BY story_id DESC LIMIT :window) AS hit JOIN story ON story.id = hit.story_id"
    f" ORDER BY ts_rank('{_RANK_WEIGHTS}', hit.terms, CAST(:query AS tsquery)) DESC,"
    "  story.is_open DESC, story.as_of_sort DESC, story.id LIMIT :limit"
)


class TsvectorFullText(FullText):
    """The table ``story_search`` in one transaction."""

    async def _insert(self, rows: Sequence[SearchRow]) -> None:
        values = [{**row._asdict(), "terms": build_tsvector(row.headline, row.names, row.body)} for row in rows]
        await self._connection.execute(_INSERT, values)

    async def _update_names(self, story_id: int, names: str) -> None:
        row = (await self._connection.execute(_SELECT_TEXTS, {"story_id": story_id})).first()
        if row is not None:
            terms = build_tsvector(row.headline, names, row.body)
            await self._connection.execute(_UPDATE_NAMES, {"story_id": story_id, "names": names, "terms": terms})

    async def remove_story(self, story_id: int) -> None:
        """Remove a story's words from the index."""
        await self._connection.execute(_DELETE, {"story_id": story_id})

    async def find_slugs(self, words: Sequence[str], *, limit: int = 25, prefix: bool = True) -> tuple[str, ...]:
        """Return the slugs of the stories that have all of these words (:meth:`FullText.find_slugs`)."""
        query = " & ".join(filter(None, (_to_phrase(word, prefix=prefix) for word in words)))
        if not query:
            return ()
        values = {"query": query, "window": RANKING_WINDOW, "limit": limit, "weights": _RANK_WEIGHTS}
        return tuple((await self._connection.execute(_SLUGS_BY_RANK, values)).scalars())

    async def find_ids(
        self,
        pattern_groups: Sequence[Sequence[str]],
        *,
        parties: Sequence[str] = (),
        among_ids: Collection[int] | None = None,
        limit: int = 100,
    ) -> tuple[int, ...]:
        """Return the ids of the newest stories that have at least one pattern of each group (:meth:`FullText.find_ids`)."""
        query = _build_query(pattern_groups)
        if not query:
            return ()
        if parties:
            of_parties = _join_alternatives(_pattern_to_query(party, _NAMES) for party in parties)
            if not of_parties:
                return ()
            query = f"{query} & {of_parties}"
        if among_ids is None:
            rows = await self._connection.execute(_STORIES_BY_MATCH, {"query": query, "limit": limit})
        else:
            values = {"query": query, "among": to_json_array(among_ids)}
            rows = await self._connection.execute(_STORIES_BY_MATCH_AMONG, values)
        return tuple(rows.scalars())

    async def build_condition(self, story_id: ColumnElement[int], patterns: Sequence[str]) -> ColumnElement[bool]:
        """Return the condition that a story has at least one of the patterns (:meth:`find_ids`)."""
        query = _build_query([patterns])
        if not query:
            return false()
        index = table("story_search", column("story_id"), column("terms"))
        return story_id.in_(select(index.c.story_id).where(index.c.terms.op("@@")(cast(query, TSQUERY))))

    async def find_ids_by_names(self, names: Sequence[str]) -> frozenset[int]:
        """Return the ids of all stories whose texts may have one of these names (:meth:`FullText.find_ids_by_names`)."""
        story_ids: set[int] = set()
        spellings = [name for name in dict.fromkeys(names) if fold(name)]
        for batch in iter_batches(spellings, _SPELLINGS_AT_ONCE):
            forms = (form for spelling in batch for form in (spelling, f"{spelling}s"))
            query = _join_alternatives(_to_phrase(form, prefix=False, weights=_TEXT_WEIGHTS) for form in forms)
            if query:
                story_ids.update((await self._connection.execute(_ALL_STORIES_BY_MATCH, {"query": query})).scalars())
        for spelling in filter(UNSPACED.search, spellings):
            part = max(_WORD.findall(spelling.lower()), key=len)
            story_ids.update((await self._connection.execute(_STORIES_BY_PART_OF_WORD, {"part": part})).scalars())
        return frozenset(story_ids)


def split_words(text: str) -> list[str]:
    """Return the words of a text in lower case and without accents, as in SQLite's index (``unicode61``)."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", _ACCENT.sub("", unicodedata.normalize("NFD", text)))
    return _WORD.findall(text.lower())


def build_tsvector(headline: str, names: str, body: str) -> str:
    """Build the text of a tsvector: each word with its positions, and with the part of the story that it is in.

    A word that we fold in another way (``ß`` as ``ss``) is there in both forms.
    """
    positions: defaultdict[str, dict[int, str]] = defaultdict(dict)
    position = 0
    for part, weight in ((headline, _HEADLINE), (names, _NAMES), (body, _BODY)):
        for word in split_words(part):
            position = min(position + 1, _MAX_POSITION)
            for form in {word, *fold(word).split()} if not word.isascii() else (word,):
                of_word = positions[form[: _MAX_WORD_BYTES // 4]]
                # The first positions have the highest weight.
                if len(of_word) < _MAX_POSITIONS:
                    of_word.setdefault(position, weight)
        position = min(position + _GAP, _MAX_POSITION)
    return " ".join(
        f"'{word}':" + ",".join(f"{number}{weight}" for number, weight in of_word.items())
        for word, of_word in positions.items()
    )


def _build_query(pattern_groups: Sequence[Sequence[str]]) -> str:
    """Return the tsquery of the stories that have a pattern of each group; empty if there can be none."""
    queries = [_join_alternatives(map(_pattern_to_query, group)) for group in pattern_groups if group]
    return " & ".join(queries) if all(queries) else ""


def _join_alternatives(queries: Iterable[str]) -> str:
    alternatives = [query for query in queries if query]
    return f"({' | '.join(alternatives)})" if alternatives else ""


def _pattern_to_query(pattern: str, weights: str = "") -> str:
    word = pattern.removesuffix("*")
    return _to_phrase(word, prefix=word != pattern, weights=weights)


def _to_phrase(text: str, *, prefix: bool, weights: str = "") -> str:
    """Return the tsquery of words that follow each other, the last of them perhaps only begun. Its operators are ours."""
    words = [word[: _MAX_WORD_BYTES // 4] for word in split_words(text)]
    suffixes = [weights] * (len(words) - 1) + [("*" if prefix else "") + weights]
    parts = (f"'{word}'" + (f":{suffix}" if suffix else "") for word, suffix in zip(words, suffixes, strict=False))
    return f"({' <-> '.join(parts)})" if words else ""
