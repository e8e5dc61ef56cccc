"""Full-text search over stories with PostgreSQL's tsvector (https://www.postgresql.org/docs/current/textsearch.html).

The words and their positions are made here, and not by the server's parser: what it takes for a word depends on its
version and locale. So no extension is needed, and the same stories are found as with the other index, but for what a
tsvector cannot hold (https://www.postgresql.org/docs/current/textsearch-limits.html):

- Two words are one if their first 2,000 bytes are equal.
- Of a word that a story has more than 255 times, phrases are found only at the first 255 places.
- After 16,383 words, positions begin again, so that a phrase is also found in the rare case that one of its words is where
  an earlier or a later round would have it.
- Of a story with more than about 900,000 bytes of different words and their positions, the last ones are not found.

Characters that are newer than Unicode 6.1 are letters or not as Python has them; SQLite does not know them.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import ColumnElement, cast, column, false, select, table, text
from sqlalchemy.dialects.postgresql import TSQUERY

from bot.model.text_folding import UNSPACED, fold
from bot.store.engines.hot_statements import HotStatement
from bot.store.engines.json_values import to_json_array
from bot.store.engines.sql_batches import iter_batches
from bot.store.fulltext.fulltext import RANKING_WINDOW, FullText, SearchRow

#: Limits of a tsvector: the bytes of a word, the highest position, the positions of one word, and the bytes of it all, of which
#: some are left for the alignment of words.
_MAX_WORD_BYTES, _MAX_POSITION, _MAX_POSITIONS, _MAX_BYTES = 2_000, 16_383, 255, 900_000
#: The weights of the headline, the parties' names and the body, and how far apart these are, so that no phrase spans two.
_HEADLINE, _NAMES, _BODY, _GAP = "A", "B", "C", 8
_TEXT_WEIGHTS = _HEADLINE + _BODY
#: For ``ts_rank``: the weights of D, C, B and A, of which the highest allowed is 1.
_RANK_WEIGHTS = "{0.0125, 0.125, 0.5, 1.0}"
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
_STORIES_BY_MATCH = HotStatement(
    text("SELECT story_id FROM story_search WHERE terms @@ CAST(:query AS tsquery) ORDER BY story_id DESC LIMIT :limit")
)
_ALL_STORIES_BY_MATCH = text("SELECT story_id FROM story_search WHERE terms @@ CAST(:query AS tsquery)")
_STORIES_BY_MATCH_AMONG = HotStatement(
    text(
        "SELECT story_id FROM story_search WHERE terms @@ CAST(:query AS tsquery) AND story_id IN"
        " (SELECT CAST(value AS BIGINT) FROM jsonb_array_elements_text(CAST(:among AS jsonb)))"
    )
)
_STORIES_BY_PART_OF_WORD = text(
    "SELECT story_id FROM story_search WHERE EXISTS"
    " (SELECT FROM unnest(tsvector_to_array(terms)) AS word WHERE strpos(word, :part) > 0)"
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
        values = {"query": query, "window": RANKING_WINDOW, "limit": limit}
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
            parameters = {"query": query, "limit": limit}
            return tuple(await _STORIES_BY_MATCH.fetch_column(self._connection, parameters))
        parameters = {"query": query, "among": to_json_array(among_ids)}
        return tuple(await _STORIES_BY_MATCH_AMONG.fetch_column(self._connection, parameters))

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
        spellings = list(dict.fromkeys(each for name in names for each in (name, fold(name)) if fold(each)))
        for batch in iter_batches(spellings, _SPELLINGS_AT_ONCE):
            forms = (form for spelling in batch for form in (spelling, f"{spelling}s"))
            query = _join_alternatives(_to_phrase(form, prefix=False, weights=_TEXT_WEIGHTS) for form in forms)
            if query:
                story_ids.update((await self._connection.execute(_ALL_STORIES_BY_MATCH, {"query": query})).scalars())
        for spelling in filter(UNSPACED.search, spellings):
            part = max(split_words(spelling), key=len)
            story_ids.update((await self._connection.execute(_STORIES_BY_PART_OF_WORD, {"part": part})).scalars())
        return frozenset(story_ids)


class _TokenTable(dict[int, str]):
    """For ``str.translate``: what SQLite's tokenizer ``unicode61`` makes of each character; filled when first needed.

    Letters and digits are folded to lower case, and accented Latin letters lose their accents. Everything else separates
    words, but for combining accents, which are left out.
    https://sqlite.org/fts5.html#unicode61_tokenizer
    """

    def __missing__(self, code: int) -> str:
        self[code] = token = _to_token(chr(code))
        return token


_TOKEN_TABLE = _TokenTable()
#: The accents that SQLite takes for parts of a word (``sqlite3Fts5UnicodeIsdiacritic``): two masks, from U+0300 and U+0320 on.
_ACCENT_MASKS = (0x08029FDF, 0x000361F8)


def _to_token(character: str) -> str:
    code, category = ord(character), unicodedata.category(character)
    if category[0] not in "LN" and category != "Co":
        is_accent = 0x300 <= code <= 0x331 and _ACCENT_MASKS[(code - 0x300) // 32] >> code % 32 & 1
        return "" if is_accent else " "
    decomposed = unicodedata.normalize("NFD", character)
    if len(decomposed) > 1 and decomposed[0].isascii():
        return decomposed[0].lower()
    folded = character.casefold()
    return folded if len(folded) == 1 else character.lower()


def split_words(text: str) -> list[str]:
    """Return the words of a text as SQLite's index has them, each cut to what a tsvector can hold."""
    words = text.translate(_TOKEN_TABLE).split()
    return [word if len(word) <= _MAX_WORD_BYTES // 4 else _cut_word(word) for word in words]


def _cut_word(word: str) -> str:
    return word.encode()[:_MAX_WORD_BYTES].decode(errors="ignore")


class _PositionedWords:
    """The words of a story with their positions, as far as a tsvector can hold them."""

    def __init__(self) -> None:
        self._positions: defaultdict[str, dict[int, str]] = defaultdict(dict)
        self._size = 0

    def add(self, words: Iterable[str], weight: str, position: int) -> int:
        """Add the words of a part from a position on; return the last position."""
        first, previous = position, ""
        for word in words:
            if position == _MAX_POSITION:
                # The next round begins with the word before, so that phrases with it are found.
                position = first + 1
                self._put(previous, position, weight)
            position += 1
            self._put(word, position, weight)
            previous = word
        return position

    def _put(self, word: str, position: int, weight: str) -> None:
        is_new = word not in self._positions
        size = self._size + 2 + (len(word.encode()) + 4 if is_new else 0)
        if size > _MAX_BYTES:
            return
        positions = self._positions[word]
        # The first positions have the highest weight.
        if len(positions) < _MAX_POSITIONS and position not in positions:
            positions[position] = weight
            self._size = size

    def __str__(self) -> str:
        """Return the text of the tsvector."""
        return " ".join(
            f"'{word}':" + ",".join(f"{position}{weight}" for position, weight in positions.items())
            for word, positions in self._positions.items()
        )


def build_tsvector(headline: str, names: str, body: str) -> str:
    """Build the text of a tsvector: each word with its positions, and with the part of the story that it is in."""
    words, position = _PositionedWords(), 0
    for part, weight in ((headline, _HEADLINE), (names, _NAMES), (body, _BODY)):
        position = words.add(split_words(part), weight, min(position, _MAX_POSITION // 2)) + _GAP
    return str(words)


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
    words = split_words(text)
    suffixes = [weights] * (len(words) - 1) + [("*" if prefix else "") + weights]
    parts = (f"'{word}'" + (f":{suffix}" if suffix else "") for word, suffix in zip(words, suffixes, strict=False))
    return f"({' <-> '.join(parts)})" if words else ""
