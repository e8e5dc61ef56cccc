"""Full text over stories. This is the one room whose statements differ between engines."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import select, text, union_all

from bot.model.story import Story
from bot.model.text_folding import fold
from bot.store import tables as t
from bot.store.engines.sql_batches import to_json_array
from bot.store.engines.sqlite.connections import TERMS_TABLE
from bot.store.subject import StoreSubject

if TYPE_CHECKING:
    from bot.store.transaction import Transaction

#: Ranking over a common word costs seconds in a large store, so only the newest that match are ranked.
RANKING_WINDOW = 2_000
#: A beginning of more words than these is asked for as one.
_MAX_PREFIX_TERMS = 24
# One word after the other: each is a step in the index, whatever the number of its stories.
_TERMS_BY_PREFIX = text(
    f"WITH RECURSIVE begun (term) AS (SELECT (SELECT term FROM {TERMS_TABLE} WHERE term >= :first LIMIT 1) UNION ALL"  # noqa: S608 - a constant
    f" SELECT (SELECT term FROM {TERMS_TABLE} WHERE term >= begun.term || char(1) LIMIT 1) FROM begun"
    "  WHERE begun.term >= :first AND begun.term < :end LIMIT :most)"
    " SELECT term FROM begun WHERE term >= :first AND term < :end"
)
_ASCII_WORD = re.compile("[a-z0-9]+")
_STORIES_BY_MATCH = text(
    "SELECT rowid FROM story_search WHERE story_search MATCH :words ORDER BY rowid DESC LIMIT :limit"
)
_STORIES_BY_MATCH_AMONG = text(
    "SELECT rowid FROM story_search WHERE story_search MATCH :words AND rowid IN (SELECT value FROM json_each(:among))"
)

# Words with a letter of which we make others while SQLite's tokenizer leaves it as it is: ß, ø, æ and the like, and whatever
# is accented in Greek or Cyrillic.
_NOT_FOLDED_BY_SQLITE = re.compile("[ÆÐØÞßæðøþĐđıŁłŒœẞ\u0370-\u052f\u1f00-\u1fff]")
_WORD = re.compile("[\\w\u0300-\u052f\u1f00-\u1fff]+")


def _to_match_expression(words: Sequence[str], *, prefix: bool) -> str:
    # Quoted, a word is only a word to FTS5: none of its operators can be typed in.
    return " ".join(f'"{word.replace(chr(34), "")}"' + ("*" if prefix else "") for word in words)


def _pattern_to_expression(pattern: str) -> str:
    word = pattern.removesuffix("*")
    return _to_match_expression([word], prefix=word != pattern)


class FullText(StoreSubject):
    """The search rows, seen through one connection."""

    def __init__(self, tx: Transaction) -> None:
        super().__init__(tx)
        self._terms_by_prefix: dict[str, list[str]] = {}

    async def index_story(self, story_id: int, story: Story) -> None:
        """Put a story's words in place of what they were; the names of its parties count with their aliases."""
        self._terms_by_prefix.clear()
        await self.remove_story(story_id)
        await self._connection.execute(
            text("INSERT INTO story_search (rowid, headline, names, body) VALUES (:number, :headline, :names, :body)"),
            {
                "number": story_id,
                "headline": story.headline,
                "names": await self._get_party_names(story_id),
                "body": build_search_body(story),
            },
        )

    async def remove_story(self, story_id: int) -> None:
        """Remove a story's words from the index."""
        await self._connection.execute(text("DELETE FROM story_search WHERE rowid = :number"), {"number": story_id})

    async def reindex_company(self, company: str) -> None:
        """Bring the search rows of a company's stories up to date with its names."""
        query = (
            select(t.party.c.story_id)
            .join(t.company, t.company.c.id == t.party.c.company_id)
            .where(t.company.c.name == company)
        )
        for story_id in (await self._connection.execute(query.distinct())).scalars().all():
            await self._connection.execute(
                text("UPDATE story_search SET names = :names WHERE rowid = :number"),
                {"names": await self._get_party_names(story_id), "number": story_id},
            )

    async def _get_party_names(self, story_id: int) -> str:
        parties = select(t.party.c.company_id).where(t.party.c.story_id == story_id)
        names = union_all(
            select(t.company.c.name.label("name")).where(t.company.c.id.in_(parties)),
            select(t.company.c.ticker).where(t.company.c.id.in_(parties)),
            select(t.alias.c.alias).where(t.alias.c.company_id.in_(parties)),
        )
        return "\n".join(name for name in (await self._connection.execute(names)).scalars() if name)

    async def find_slugs(self, words: Sequence[str], *, limit: int = 25, prefix: bool = True) -> tuple[str, ...]:
        """Slugs of the stories that have all of these words, the best match of the newest first."""
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
        """The newest stories that have, of each group, one of its patterns; with ``parties`` only stories of one of these,
        with ``among`` all of these that have it.

        A pattern is a word, a phrase (``e tech``), or the beginning of a word (``hydrog*``). Nothing is ranked here: over a
        common word that costs seconds in a large store, while the newest that have it are found at once.
        """
        expressions: list[str] = []
        for group in filter(None, pattern_groups):
            alternatives = [each for pattern in group for each in await self._expand_pattern(pattern)]
            if not alternatives:
                return ()
            expressions.append(f"({' OR '.join(alternatives)})")
        if not expressions:
            return ()
        if parties:
            expressions.append(f"names : ({' OR '.join(map(_pattern_to_expression, parties))})")
        expression = " AND ".join(expressions)
        if among_ids is None:
            rows = await self._connection.execute(_STORIES_BY_MATCH, {"words": expression, "limit": limit})
        else:
            rows = await self._connection.execute(
                _STORIES_BY_MATCH_AMONG, {"words": expression, "among": to_json_array(among_ids)}
            )
        return tuple(rows.scalars())

    async def _expand_pattern(self, pattern: str) -> list[str]:
        """What full text is asked for a pattern; nothing where no story has it.

        A beginning is asked for by the words that begin so. To find the newest stories of a word takes no time, while of a
        beginning full text first collects all stories there are: milliseconds for a common one, in a large store.
        """
        prefix = pattern.removesuffix("*")
        if prefix == pattern or not _ASCII_WORD.fullmatch(prefix):
            return [_pattern_to_expression(pattern)]
        if prefix not in self._terms_by_prefix:
            bounds = {"first": prefix, "end": f"{prefix}\U0010ffff", "most": _MAX_PREFIX_TERMS + 1}
            self._terms_by_prefix[prefix] = list((await self._connection.execute(_TERMS_BY_PREFIX, bounds)).scalars())
        terms = self._terms_by_prefix[prefix]
        return (
            [_pattern_to_expression(pattern)]
            if len(terms) > _MAX_PREFIX_TERMS
            else [_pattern_to_expression(word) for word in terms]
        )


def build_search_body(story: Story) -> str:
    """The words by which a story is found, but those of its headline and its parties' names.

    Behind them stand, each once, the folded forms of words (of the headline too) that full text does not fold as a question
    is folded.
    """
    body = "\n".join([story.summary, *(part for d in story.valid_developments for part in (d.headline, d.text))])
    folded_words = _collect_folded_words(f"{story.headline}\n{body}")
    return f"{body}\n{folded_words}" if folded_words else body


def _collect_folded_words(text: str) -> str:
    if text.isascii():
        return ""
    # Each word once before it is looked at: a long story says the same few thousand again and again.
    non_ascii_text = " ".join(word for word in dict.fromkeys(text.split()) if not word.isascii())
    words = dict.fromkeys(word for word in _WORD.findall(non_ascii_text) if _NOT_FOLDED_BY_SQLITE.search(word))
    return " ".join(dict.fromkeys(folded_word for word in words if (folded_word := fold(word)) != word.lower()))
