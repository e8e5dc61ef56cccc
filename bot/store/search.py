"""Full text over stories. This is the one room whose statements differ between engines."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from sqlalchemy import select, text, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.story import Story
from bot.store import tables as t
from bot.store.columns import search_body
from bot.store.engines import TERMS
from bot.store.parts import as_list

#: Ranking over a common word costs seconds in a large store, so only the newest that match are ranked.
WINDOW = 2_000
#: A beginning of more words than these is asked for as one.
_BEGUN_MOST = 24
# One word after the other: each is a step in the index, whatever the number of its stories.
_BEGUN = text(
    f"WITH RECURSIVE begun (term) AS (SELECT (SELECT term FROM {TERMS} WHERE term >= :first LIMIT 1) UNION ALL"  # noqa: S608 - a constant
    f" SELECT (SELECT term FROM {TERMS} WHERE term >= begun.term || char(1) LIMIT 1) FROM begun"
    "  WHERE begun.term >= :first AND begun.term < :end LIMIT :most)"
    " SELECT term FROM begun WHERE term >= :first AND term < :end"
)
_PLAIN = re.compile("[a-z0-9]+")
_HAVING = text("SELECT rowid FROM story_search WHERE story_search MATCH :words ORDER BY rowid DESC LIMIT :limit")
_AMONG = text(
    "SELECT rowid FROM story_search WHERE story_search MATCH :words AND rowid IN (SELECT value FROM json_each(:among))"
)


def _matching(words: Sequence[str], *, prefix: bool) -> str:
    # Quoted, a word is only a word to FTS5: none of its operators can be typed in.
    return " ".join(f'"{word.replace(chr(34), "")}"' + ("*" if prefix else "") for word in words)


def _pattern(pattern: str) -> str:
    word = pattern.removesuffix("*")
    return _matching([word], prefix=word != pattern)


class Search:
    """The search rows, seen through one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._begun: dict[str, list[str]] = {}

    async def write(self, number: int, story: Story) -> None:
        """Put a story's words in place of what they were; the names of its parties count with their aliases."""
        await self._connection.execute(text("DELETE FROM story_search WHERE rowid = :number"), {"number": number})
        await self._connection.execute(
            text("INSERT INTO story_search (rowid, headline, names, body) VALUES (:number, :headline, :names, :body)"),
            {
                "number": number,
                "headline": story.headline,
                "names": await self._names(number),
                "body": search_body(story),
            },
        )

    async def rename(self, company: str) -> None:
        """Bring the search rows of a company's stories up to date with its names."""
        of_company = (
            select(t.party.c.story_id)
            .join(t.company, t.company.c.id == t.party.c.company_id)
            .where(t.company.c.name == company)
        )
        for number in (await self._connection.execute(of_company.distinct())).scalars().all():
            await self._connection.execute(
                text("UPDATE story_search SET names = :names WHERE rowid = :number"),
                {"names": await self._names(number), "number": number},
            )

    async def _names(self, number: int) -> str:
        parties = select(t.party.c.company_id).where(t.party.c.story_id == number)
        names = union_all(
            select(t.company.c.name.label("name")).where(t.company.c.id.in_(parties)),
            select(t.company.c.ticker).where(t.company.c.id.in_(parties)),
            select(t.alias.c.alias).where(t.alias.c.company_id.in_(parties)),
        )
        return "\n".join(name for name in (await self._connection.execute(names)).scalars() if name)

    async def stories(self, words: Sequence[str], *, limit: int = 25, prefix: bool = True) -> tuple[str, ...]:
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
            {"words": _matching(words, prefix=prefix), "window": WINDOW, "limit": limit},
        )
        return tuple(rows.scalars())

    async def numbers(
        self,
        all_of: Sequence[Sequence[str]],
        *,
        parties: Sequence[str] = (),
        among: Collection[int] | None = None,
        limit: int = 100,
    ) -> tuple[int, ...]:
        """The newest stories that have, of each group, one of its patterns; with ``parties`` only stories of one of these,
        with ``among`` all of these that have it.

        A pattern is a word, a phrase (``e tech``), or the beginning of a word (``hydrog*``). Nothing is ranked here: over a
        common word that costs seconds in a large store, while the newest that have it are found at once.
        """
        groups: list[str] = []
        for group in filter(None, all_of):
            said = [each for pattern in group for each in await self._said(pattern)]
            if not said:
                return ()
            groups.append(f"({' OR '.join(said)})")
        if not groups:
            return ()
        if parties:
            groups.append(f"names : ({' OR '.join(map(_pattern, parties))})")
        words = " AND ".join(groups)
        if among is None:
            rows = await self._connection.execute(_HAVING, {"words": words, "limit": limit})
        else:
            rows = await self._connection.execute(_AMONG, {"words": words, "among": as_list(among)})
        return tuple(rows.scalars())

    async def _said(self, pattern: str) -> list[str]:
        """What full text is asked for a pattern; nothing where no story has it.

        A beginning is asked for by the words that begin so. To find the newest stories of a word takes no time, while of a
        beginning full text first collects all stories there are: milliseconds for a common one, in a large store.
        """
        start = pattern.removesuffix("*")
        if start == pattern or not _PLAIN.fullmatch(start):
            return [_pattern(pattern)]
        if start not in self._begun:
            bounds = {"first": start, "end": f"{start}\U0010ffff", "most": _BEGUN_MOST + 1}
            self._begun[start] = list((await self._connection.execute(_BEGUN, bounds)).scalars())
        found = self._begun[start]
        return [_pattern(pattern)] if len(found) > _BEGUN_MOST else [_pattern(word) for word in found]
