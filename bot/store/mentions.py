"""The companies that stories mention without being parties, and the queue of stories whose texts must be read for them again.

The caller reads the texts, since it knows how to find companies in them; this stores what was found.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, insert, or_, select

from bot.model.story import Story
from bot.store import tables as t
from bot.store.engines.json_values import select_texts, to_json_array
from bot.store.engines.sql_batches import iter_batches
from bot.store.row_values import build_mention_columns
from bot.store.subject import StoreSubject

#: A text of a story (the id of a development, or None for headline and summary), and a company that it names.
TextMention = tuple[int | None, str]

_INSERT = insert(t.mention)


@dataclass(frozen=True, slots=True)
class StoryMention:
    """A company that a story mentions. ``texts`` are ids of developments, and None if its headline or summary names it."""

    company_id: int
    company: str
    texts: frozenset[int | None]

    def covers(self, development_id: int) -> bool:
        """Return whether followers of the company get a development: its text, or the story's headline or summary names it.

        What an earlier development said in passing does not make all later ones news about the company.
        """
        return None in self.texts or development_id in self.texts


class Mentions(StoreSubject):
    """The mentions in one transaction."""

    async def save(
        self, story: Story, mentions: Iterable[TextMention], *, replaced_texts: Collection[int | None] | None = None
    ) -> None:
        """Replace the mentions of a story, or only those in some of its texts. Its parties are left out."""
        parties = {party.company for party in story.parties}
        values = [(text, company) for text, company in dict.fromkeys(mentions) if company not in parties]
        is_replacement = replaced_texts is None or bool(replaced_texts)
        if not values and not is_replacement:
            return
        story_id = (await self._tx.stories.get_ids([story.slug]))[story.slug]
        if is_replacement:
            await self._connection.execute(delete(t.mention).where(*_is_in_texts(story_id, replaced_texts)))
        if not values:
            return
        company_ids = await self._tx.companies.get_ids(list({company for _, company in values}))
        columns = {"story_id": story_id, **build_mention_columns(story)}
        rows = [
            {"company_id": company_ids[company], "development_id": text, **columns}
            for text, company in values
            if company in company_ids
        ]
        for batch in iter_batches(rows):
            await self._connection.execute(_INSERT, list(batch))

    async def get_companies(self, slug: str, development_id: int | None = None) -> tuple[str, ...]:
        """Return the companies that a story mentions, sorted by name.

        With a development, only those that its text, or the story's headline or summary names.
        """
        mentions = await self.list_of_story(slug)
        return tuple(each.company for each in mentions if development_id is None or each.covers(development_id))

    async def get_current(self, slug: str, development_id: int, stored_names: str) -> tuple[str, ...]:
        """Return those of the companies stored with a delivery that the development or its story still mentions."""
        if not stored_names:
            return ()
        names = stored_names.split("\n")
        return tuple(company for company in await self.get_companies(slug, development_id) if company in names)

    async def list_of_story(self, slug: str) -> tuple[StoryMention, ...]:
        """Return the companies that a story mentions, sorted by name, each with the texts that name it."""
        rows = await self._connection.execute(
            select(t.company.c.id, t.company.c.name, t.mention.c.development_id)
            .join(t.mention, t.mention.c.company_id == t.company.c.id)
            .join(t.story, t.story.c.id == t.mention.c.story_id)
            .where(t.story.c.slug == slug)
            .order_by(t.company.c.name)
        )
        texts: defaultdict[tuple[int, str], set[int | None]] = defaultdict(set)
        for company_id, name, development_id in rows:
            texts[company_id, name].add(development_id)
        return tuple(
            StoryMention(company_id, name, frozenset(of_company)) for (company_id, name), of_company in texts.items()
        )

    async def queue_stories(self, story_ids: Collection[int]) -> None:
        """Put stories into the queue. One that is in it already keeps its place."""
        for batch in iter_batches(sorted(story_ids)):
            queued_ids = select(t.mention_queue.c.story_id)
            query = select(t.story.c.id).where(t.story.c.id.in_(batch), t.story.c.id.not_in(queued_ids))
            await self._connection.execute(insert(t.mention_queue).from_select(["story_id"], query))

    async def list_queued(self, limit: int) -> tuple[str, ...]:
        """Return the slugs of the stories that have been in the queue for longest."""
        query = select(t.story.c.slug).join(t.mention_queue, t.mention_queue.c.story_id == t.story.c.id)
        return tuple((await self._connection.execute(query.order_by(t.mention_queue.c.id).limit(limit))).scalars())

    async def remove_from_queue(self, slugs: Sequence[str]) -> None:
        """Take stories out of the queue."""
        story_ids = select(t.story.c.id).where(t.story.c.slug.in_(select_texts("slugs")))
        statement = delete(t.mention_queue).where(t.mention_queue.c.story_id.in_(story_ids))
        await self._connection.execute(statement, {"slugs": to_json_array(slugs)})


def _is_in_texts(story_id: int, texts: Collection[int | None] | None) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [t.mention.c.story_id == story_id]
    if texts is not None:
        is_header = t.mention.c.development_id.is_(None)
        is_development = t.mention.c.development_id.in_([text for text in texts if text is not None])
        conditions.append(or_(is_header, is_development) if None in texts else is_development)
    return conditions
