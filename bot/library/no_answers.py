"""Why a question has no answer, and what is suggested instead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from bot.entities.company_index import CompanyIndex
from bot.entities.well_known import find_well_known_name
from bot.entities.word_frequencies import is_common_word
from bot.library.answers import NoAnswerReason, QuerySuggestion, SuggestionKind
from bot.library.headline_index import HeadlineIndex
from bot.library.ranking import RankedStory
from bot.library.story_search import QueryInterpretation, StorySearch
from bot.model.text_folding import fold_words
from bot.query.query_parser import ParsedQuery
from bot.store import Transaction

_MAX_SUGGESTIONS = 5
_PAIR = 2


def explain_no_answer(
    matches: Sequence[RankedStory], interpretation: QueryInterpretation, company_index: CompanyIndex
) -> tuple[NoAnswerReason | None, tuple[str, ...]]:
    """Return why the best match is no answer, and the names that the reason is about; None if it is one.

    A story that lacks a company of the question is no answer. That may be a well-known company that the store does not know,
    or a word with which a company's name begins.
    """
    parsed_query = interpretation.parsed_query
    companies = parsed_query.companies
    names_by_word = _find_other_names(parsed_query, company_index)
    best = matches[0] if matches else None
    if best and (best.is_exact or {*companies, *names_by_word}.isdisjoint(best.missing_parts)):
        return None, ()
    if companies and not matches and parsed_query.exclusions:
        return NoAnswerReason.ALL_EXCLUDED, companies
    names = (*companies, *names_by_word.values())
    if not names:
        return NoAnswerReason.NO_MATCH, ()
    return (NoAnswerReason.NO_STORY if len(names) == 1 else NoAnswerReason.NOT_TOGETHER), names


def _find_other_names(parsed_query: ParsedQuery, company_index: CompanyIndex) -> dict[str, str]:
    """Return the typed words that stand for companies besides those that were recognised, each with its name.

    A common word with which a name begins (*general*) counts only beside one other name, without other terms.
    """
    names: dict[str, str] = {}
    is_pair = len(parsed_query.companies) + len(parsed_query.terms) == _PAIR
    for word in parsed_query.terms:
        name = find_well_known_name(word)
        if name or (company_index.is_first_word(word) and (is_pair or not is_common_word(word))):
            typed_word = parsed_query.spell(word)
            names[typed_word] = name or typed_word
    return names


class Suggester(NamedTuple):
    """Suggests stories and companies for a question that has no answer."""

    tx: Transaction
    company_index: CompanyIndex
    headline_index: HeadlineIndex
    search: StorySearch

    async def suggest(
        self, query: str, matches: Sequence[RankedStory], interpretation: QueryInterpretation
    ) -> tuple[QuerySuggestion, ...]:
        """Return the nearest of the matches, if they are no answer; else similar names and headlines.

        What the question excludes is not suggested, nor the companies that it names itself.
        """
        parsed_query = interpretation.parsed_query
        if matches or parsed_query.companies:
            headlines = {match.candidate.slug: match.candidate.title for match in _choose_nearest(matches)}
        else:
            headlines = await self._find_similar_headlines(query, interpretation)
        stories = [QuerySuggestion(SuggestionKind.STORY, slug, headline) for slug, headline in headlines.items()]
        return (*suggest_companies(self._find_similar_companies(query, interpretation)), *stories)[:_MAX_SUGGESTIONS]

    async def _find_similar_headlines(self, query: str, interpretation: QueryInterpretation) -> dict[str, str]:
        """Return the headlines of stories with similar words, and of those that match too little, by slug."""
        lines = await self.tx.listing.get_items(self.headline_index.find_similar(fold_words(query)[:40], 3))
        headlines = {line.slug: line.title for line in lines} | {
            candidate.slug: candidate.title for candidate in interpretation.near_misses
        }
        ids = await self.tx.stories.get_ids(list(headlines))
        excluded_ids = (
            await self.search.find_excluded(interpretation.parsed_query, list(ids.values()))
            if interpretation.parsed_query.exclusions
            else ()
        )
        return {slug: headline for slug, headline in headlines.items() if ids.get(slug) not in excluded_ids}

    def _find_similar_companies(self, query: str, interpretation: QueryInterpretation) -> tuple[str, ...]:
        parsed_query = interpretation.parsed_query
        guessed_names = [name for word in interpretation.guesses for name in self.company_index.find_by_prefix(word, 2)]
        similar_names = () if parsed_query.companies else self.company_index.find_similar(query, 3)
        unwanted_names = {*parsed_query.companies, *parsed_query.exclusions}
        return tuple(name for name in dict.fromkeys((*guessed_names, *similar_names)) if name not in unwanted_names)[:3]


def _choose_nearest(matches: Sequence[RankedStory]) -> list[RankedStory]:
    """Return the best match, then the best one of each company that those before it do not name, then the others."""
    chosen: list[RankedStory] = []
    named_companies: set[str] = set()
    for match in matches:
        names = {*match.candidate.matched_companies, *match.candidate.mentioned_companies}
        if not names <= named_companies:
            chosen.append(match)
            named_companies |= names
    return [*chosen, *(match for match in matches if match not in chosen)][:_MAX_SUGGESTIONS]


def suggest_companies(names: tuple[str, ...]) -> tuple[QuerySuggestion, ...]:
    """Return companies as suggestions, in the same order."""
    return tuple(QuerySuggestion(SuggestionKind.COMPANY, name, name) for name in names)
