"""The library answers all questions, from Discord and from the terminal alike."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, timedelta, tzinfo
from functools import partial
from typing import TypeAlias

from bot.clock import Clock, utc_now
from bot.entities.company_index import CompanyIndex
from bot.entities.company_index_cache import CompanyIndexCache
from bot.errors import InputError, NotFound, StoreBusy
from bot.languages import get_language, say
from bot.library.answers import (
    Answer,
    CompanyPage,
    Examples,
    ListPage,
    NoAnswer,
    NoAnswerReason,
)
from bot.library.company_page import load_company_page
from bot.library.direct_answers import find_direct_answer, has_subject
from bot.library.headline_index import HeadlineIndex
from bot.library.no_answers import Suggester, explain_no_answer
from bot.library.ranking import RankedStories
from bot.library.story_lists import PAGE_SIZE, asks_for_list, choose_subject, load_list_page, load_typed_list
from bot.library.story_search import QueryInterpretation, StorySearch
from bot.model.company import Party
from bot.model.expected_event import ExpectedEvent
from bot.model.follow import Target, TargetKind
from bot.model.list_query import ListQuery, ListSubject
from bot.model.story import Story, StoryListItem
from bot.model.terms import Term
from bot.model.text_folding import fold
from bot.model.vocabulary import Kind
from bot.query.query_parser import parse_query
from bot.query.question_kinds import drop_question_words, find_question_kind, find_upcoming_request
from bot.store import Store, Transaction

MAX_OTHER_STORIES = 25
#: How long the buttons of a list are answered after their last use.
LIST_RETENTION = timedelta(days=90)
#: The garbage collector walks over all cached answers; this many take it less than ten milliseconds.
_CACHE_SIZE = 256
#: The newest headlines, from which typos are corrected and stories suggested.
_MAX_HEADLINES = 2_000

#: The question, whether deals come first and partial matches count, the reader's day, and the language of the labels.
_CacheKey: TypeAlias = tuple[str, bool, bool, date, str]


class Library:
    """Answers questions from the store.

    Answers are cached until any process changes the stories: every question first reads the store's revision, so the next
    answer reflects what a command has written. Other answers are read and ranked in a thread
    (:meth:`bot.store.Store.read_in_thread`), so the indexes of names and headlines have locks.
    """

    def __init__(self, store: Store, clock: Clock = utc_now, zone: tzinfo = UTC) -> None:
        self._store = store
        self._clock = clock
        self._zone = zone
        self._revision = -1
        self._company_index_cache = CompanyIndexCache(CompanyIndex)
        self._update_lock = asyncio.Lock()
        self._headline_index = HeadlineIndex()
        self._headline_revision = -1
        self._cache: OrderedDict[_CacheKey, Answer | NoAnswer] = OrderedDict()

    async def prepare(self) -> None:
        """Load the company index now, so that the first question does not have to."""
        await self._refresh()

    async def ask(self, query: str, *, deals_first: bool, accept_partial: bool = False) -> Answer | NoAnswer:
        """Return the best story for a question with the other matches; with ``deals_first``, deals win among equals.

        A story that names only some of the companies is no answer, unless ``accept_partial``.
        """
        await self._refresh()
        return await self._ask(query, deals_first=deals_first, accept_partial=accept_partial)

    async def _ask(self, query: str, *, deals_first: bool, accept_partial: bool = False) -> Answer | NoAnswer:
        key = (query, deals_first, accept_partial, self.get_today(), get_language().code)
        answer = self._cache.get(key)
        if answer is None:
            company_index, revision = self._company_index_cache.index, self._revision
            answer = await self._store.read_in_thread(
                lambda tx: self._find_answer(
                    tx, company_index, query, deals_first=deals_first, accept_partial=accept_partial
                )
            )
            if isinstance(answer, Answer):
                answer = replace(answer, today=key[3])
            if revision == self._revision:
                self._cache_answer(key, answer)
        else:
            self._cache.move_to_end(key)
        return answer

    async def get_story(self, slug: str) -> Story:
        """Return the story with this slug. Raises NotFound if it does not exist, or no longer does."""
        return await self._store.read_in_thread(lambda tx: tx.stories.get(slug))

    async def get_term(self, term_id: int) -> tuple[Story, Term]:
        """Return a term by its id, and the story that has it. Raises NotFound."""
        async with self._store.read() as tx:
            return await tx.terms.get_with_story(term_id)

    async def get_expected_event(self, event_id: int) -> tuple[Story, ExpectedEvent]:
        """Return an expected event by its id, and the story that has it. Raises NotFound."""
        async with self._store.read() as tx:
            slug, key = await tx.expected_events.locate(event_id)
            story = await tx.stories.get(slug)
        return story, next(event for event in story.expected_events if event.key == key)

    async def show_story(self, slug: str) -> Answer:
        """Return the answer for a story that was picked from a list. Raises NotFound."""
        answer = await self._store.read_in_thread(lambda tx: _answer_with_story(tx, slug, slug))
        return replace(answer, today=self.get_today())

    async def answer(self, query: str, *, deals_first: bool) -> Answer | NoAnswer | ListPage:
        """Return the list that a question asks for, or the best story as :meth:`ask` does.

        If there is nothing in the list, but a story that has all that was asked, that is the answer.
        """
        company_index = await self._refresh()
        upcoming = find_upcoming_request(query)
        if upcoming is not None and not company_index.find_exact(query):
            return await self.list_upcoming(upcoming)
        parsed_query = parse_query(query, company_index, self.get_today())
        if not asks_for_list(parsed_query) or await self._is_slug(query):
            return await self._ask(query, deals_first=deals_first)
        page = await self.list_matching(query, ListQuery(choose_subject(parsed_query, deals_first=deals_first)))
        if parsed_query.companies or parsed_query.terms:
            answer = await self._ask(query, deals_first=deals_first)
            if isinstance(answer, Answer) and (
                fold(answer.story.headline) == parsed_query.folded_text or not (page.total or answer.missing_parts)
            ):
                return answer
        return page

    async def list_matching(self, text: str, base: ListQuery) -> ListPage:
        """Return the first page of a list with the filters that a text names, besides those of *base*."""
        company_index = await self._refresh()

        async def read(tx: Transaction) -> ListPage:
            interpretation = await self._make_search(tx, company_index).interpret(text)
            return await load_typed_list(tx, interpretation, base, self.get_today())

        return await self._store.read_in_thread(read)

    async def get_list_page(self, query: ListQuery, page: int = 0) -> ListPage:
        """Return a page of a list. A number past the end gives the last page."""
        return await self._store.read_in_thread(lambda tx: load_list_page(tx, query, page, self.get_today()))

    async def list_upcoming(self, text: str) -> ListPage:
        """Return the first page of the expected events, of those that a text names if it names any."""
        base = ListQuery(ListSubject.EXPECTED_EVENTS)
        return await (self.list_matching(text, base) if text.strip() else self.get_list_page(base))

    async def find_list(self, key: str) -> ListQuery:
        """Return the list with the key of a page. Raises NotFound if it was not used for ``LIST_RETENTION``."""
        query = await self._store.read_in_thread(lambda tx: tx.list_queries.find(key))
        if query is None:
            raise NotFound("list", key)
        return query

    async def store_list(self, page: ListPage) -> ListPage:
        """Store the list of a page and return the page with its key, if it needs buttons: it has filters, or several pages."""
        query = page.query
        if page.pages == 1 and not query.filters:
            return page
        now = self._clock()
        if not await self._store.read_in_thread(lambda tx: tx.list_queries.is_recorded(query.key, now)):
            try:
                async with self._store.write() as tx:
                    await tx.list_queries.record(query, now)
            except StoreBusy:
                # A list without buttons is better than none.
                return page
        return replace(page, key=query.key)

    async def erase_unused_lists(self) -> int:
        """Erase the lists that nobody used for ``LIST_RETENTION``; return how many."""
        async with self._store.write() as tx:
            return await tx.list_queries.erase_before(self._clock() - LIST_RETENTION)

    async def find_company(self, query: str) -> CompanyPage | NoAnswer:
        """Return the company that a text names with its stories, or suggestions."""
        company_index = await self._refresh()
        return await self._store.read_in_thread(
            lambda tx: load_company_page(tx, company_index, self._make_search(tx, company_index), query)
        )

    async def resolve_company_name(self, query: str) -> str:
        """Return the full name of the company that a text names. Raises NotFound if it names none."""
        company_index = await self._refresh()
        companies = await self._store.read_in_thread(
            lambda tx: self._make_search(tx, company_index).find_companies(query)
        )
        if not companies:
            raise NotFound("company", query)
        return companies[0]

    async def find_only_company(self, text: str) -> str | None:
        """Return the company that the whole text names, by any of its names or with a typo; None if it says something else."""
        company_index = await self._refresh()
        company = company_index.find_exact(text)
        if company:
            return company
        return await self._store.read_in_thread(lambda tx: self._make_search(tx, company_index).find_only_company(text))

    async def resolve_story(self, text: str) -> str:
        """Return the slug of the one story that a text means: by its slug, or because it matches clearly better than others.

        Raises NotFound if no story matches, InputError if several may be meant: an answer may be a guess, a change may not.
        """
        answer = await self.ask(text.strip(), deals_first=False)
        if isinstance(answer, NoAnswer):
            raise NotFound("story", text)
        if not answer.is_clear:
            slugs = ", ".join([answer.story.slug, *(story.slug for story in answer.other_stories)][:4])
            raise InputError("story", say("several stories match; choose one of {slugs}.", slugs=slugs))
        return answer.story.slug

    async def list_company_stories(self, company: str, limit: int) -> tuple[tuple[Story, ...], int]:
        """Return a company's newest stories with their developments, and how many it has in total."""
        async with self._store.read() as tx:
            lines, total = await tx.listing.list_stories(company=company, limit=limit)
            return tuple([await tx.stories.get(line.slug) for line in lines]), total

    async def list_company_deals(
        self, company: str, limit: int
    ) -> tuple[tuple[tuple[StoryListItem, tuple[Party, ...]], ...], int]:
        """Return a company's newest deals with their parties, and how many it has in total."""
        async with self._store.read() as tx:
            lines, total = await tx.listing.list_stories(company=company, deals_only=True, limit=limit)
            parties = await tx.listing.get_parties([line.slug for line in lines])
        return tuple((line, parties.get(line.slug, ())) for line in lines), total

    async def get_aliases(self, companies: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """Return the other names of these companies."""
        async with self._store.read() as tx:
            return await tx.companies.get_aliases(companies)

    async def find_newest_slug(self, target: Target) -> str | None:
        """Return the slug of the story with the newest development that a target matches; None if there is none.

        If no story is about a company, that is the newest that mentions it.
        """
        if target.kind is TargetKind.STORY:
            return target.value
        lines, _ = await self._store.read_in_thread(
            lambda tx: tx.listing.list_stories(
                company=target.value if target.kind is TargetKind.COMPANY else None,
                kind=Kind(target.value) if target.kind is TargetKind.KIND else None,
                limit=1,
            )
        )
        return lines[0].slug if lines else None

    async def find_examples(self) -> Examples | None:
        """Return what a newcomer can ask about: one of the newest deals with two companies; None if there is no such deal.

        An open deal of a known stage shows most; of several, one whose date is known, then one between few companies.
        """
        lines, _ = await self._store.read_in_thread(
            lambda tx: tx.listing.list_stories(deals_only=True, limit=PAGE_SIZE)
        )
        candidates = [line for line in lines if len(line.parties) > 1]
        if not candidates:
            return None
        best = min(candidates, key=_get_example_rank)
        return Examples(best.parties[0], best.parties[1], best.slug)

    async def get_mentioning_part(self, story: Story, company: str) -> Story:
        """Return a story with those developments alone that followers of a company which it only mentions get."""
        mentions = await self._store.read_in_thread(lambda tx: tx.mentions.list_of_story(story.slug))
        developments = [
            development
            for development in story.developments
            if any(mention.company == company and mention.covers(development.id) for mention in mentions)
        ]
        return replace(story, developments=tuple(developments))

    async def complete_story(self, text: str, *, deals_only: bool, limit: int = 25) -> tuple[StoryListItem, ...]:
        """Return stories for autocomplete: those that match so far, or the newest ones if nothing is typed."""
        company_index = await self._refresh()
        return await self._store.read_in_thread(
            lambda tx: self._complete_story(tx, company_index, text, deals_only=deals_only, limit=limit)
        )

    async def complete_company(self, text: str, limit: int = 25) -> tuple[str, ...]:
        """Return companies for autocomplete: by prefix, else up to five similar ones."""
        company_index = await self._refresh()
        return company_index.find_by_prefix(text, limit) or company_index.find_similar(text, 5)

    async def _is_slug(self, query: str) -> bool:
        text = query.strip()
        company_index = self._company_index_cache.index
        return (
            "-" in text
            and await self._store.read_in_thread(lambda tx: self._make_search(tx, company_index).find_slug(text))
            is not None
        )

    async def _refresh(self) -> CompanyIndex:
        revision = await self._store.get_revision()
        if revision != self._revision:
            # It goes on in its thread if the question is cancelled, so the next one must still wait for it.
            await asyncio.shield(self._update_index(revision))
        return self._company_index_cache.index

    async def _update_index(self, revision: int) -> None:
        async with self._update_lock:
            if revision == self._revision:
                return
            await self._store.read_in_thread(self._refresh_company_index)
            self._cache.clear()
            self._revision = revision

    async def _refresh_company_index(self, tx: Transaction) -> None:
        company_index = await self._company_index_cache.refresh(tx.companies, tx.audit)
        company_index.prepare()

    def _make_search(self, tx: Transaction, company_index: CompanyIndex) -> StorySearch:
        return StorySearch(tx, company_index, self.get_today(), partial(self._correct_from_headlines, tx))

    async def _correct_from_headlines(self, tx: Transaction, word: str) -> str | None:
        await self._refresh_headlines(tx)
        return self._headline_index.correct(word)

    async def _refresh_headlines(self, tx: Transaction) -> None:
        if self._headline_revision != self._revision:
            self._headline_index.update(await tx.candidates.get_headlines(_MAX_HEADLINES))
            self._headline_revision = self._revision

    def get_today(self) -> date:
        """Return the day that it is in the newsroom's time zone."""
        return self._clock().astimezone(self._zone).date()

    def _cache_answer(self, key: _CacheKey, answer: Answer | NoAnswer) -> None:
        self._cache[key] = answer
        if len(self._cache) > _CACHE_SIZE:
            self._cache.popitem(last=False)

    async def _find_answer(
        self, tx: Transaction, company_index: CompanyIndex, query: str, *, deals_first: bool, accept_partial: bool
    ) -> Answer | NoAnswer:
        search = self._make_search(tx, company_index)
        slug = await search.find_slug(query)
        if slug:
            return await _answer_with_story(tx, query, slug)
        matches, interpretation = await search.find_stories(query, deals_first=deals_first)
        reason, names = explain_no_answer(matches, interpretation, company_index)
        if matches and (accept_partial or reason is None):
            return await _answer_with_matches(tx, query, matches, interpretation)
        await self._refresh_headlines(tx)
        suggester = Suggester(tx, company_index, self._headline_index, search)
        suggestions = await suggester.suggest(query, matches, interpretation)
        parsed_query = interpretation.parsed_query
        excluded_words = (
            map(parsed_query.spell, parsed_query.exclusions) if reason is NoAnswerReason.ALL_EXCLUDED else ()
        )
        return NoAnswer(query, suggestions, reason or NoAnswerReason.NO_MATCH, names, tuple(excluded_words))

    async def _complete_story(
        self, tx: Transaction, company_index: CompanyIndex, text: str, *, deals_only: bool, limit: int
    ) -> tuple[StoryListItem, ...]:
        if not text.strip():
            lines, _ = await tx.listing.list_stories(deals_only=deals_only, limit=limit)
            return lines
        search = self._make_search(tx, company_index)
        slug = await search.find_slug(text)
        if slug:
            return await tx.listing.get_items([slug])
        matches, _ = await search.find_stories(text, deals_first=deals_only, is_typing=True)
        return await tx.candidates.get_list_items(matches.rows[:limit])


async def _answer_with_story(tx: Transaction, query: str, slug: str) -> Answer:
    story, revision = await tx.story_pages.get(slug)
    return await _add_related_stories(tx, Answer(query, story, revision=revision))


async def _answer_with_matches(
    tx: Transaction, query: str, matches: RankedStories, interpretation: QueryInterpretation
) -> Answer:
    best = matches[0]
    page, other_stories = await tx.read_together(
        tx.story_pages.get(best.candidate.slug),
        tx.candidates.get_list_items(matches.rows[1 : MAX_OTHER_STORIES + 1]),
    )
    question = find_question_kind(query)
    is_direct = question is not None and has_subject(question, best, interpretation.parsed_query)
    direct = (
        find_direct_answer(question, page.story, interpretation.parsed_query.companies)
        if question and is_direct
        else None
    )
    answer = Answer(
        query,
        page.story,
        other_stories=other_stories,
        companies=interpretation.parsed_query.companies,
        corrections=interpretation.corrections,
        matched_parts=best.matched_parts,
        missing_parts=(
            drop_question_words(best.missing_parts, query, question) if question and direct else best.missing_parts
        ),
        mentioned_companies=best.mentioned_companies,
        is_clear=len(matches) == 1 or best.is_clearly_before(matches[1]),
        direct=direct,
        revision=page.revision,
    )
    return await _add_related_stories(tx, answer)


async def _add_related_stories(tx: Transaction, answer: Answer) -> Answer:
    other_slugs = {line.slug for line in answer.other_stories}
    related_slugs = [slug for slug in answer.story.related_slugs if slug not in other_slugs]
    return replace(answer, related_stories=await tx.listing.get_items(related_slugs)) if related_slugs else answer


def _get_example_rank(line: StoryListItem) -> tuple[bool, bool, int]:
    """Return what sorts good examples first: see :meth:`Library.find_examples`."""
    is_bounded = line.as_of is not None and line.as_of.is_bounded
    return (line.stage is None or not line.is_open, is_bounded, len(line.parties))
