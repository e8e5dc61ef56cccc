"""Why a question has no answer, and what is suggested instead."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import NamedTuple

from bot.entities.company_index import CompanyIndex
from bot.entities.well_known import ends_name, find_ambiguous_name, find_well_known_name, find_well_known_phrases
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
#: Of the companies with a word in their names, so many are looked at.
_MAX_NAMESAKES = 20


def explain_no_answer(
    matches: Sequence[RankedStory], interpretation: QueryInterpretation, company_index: CompanyIndex
) -> tuple[NoAnswerReason | None, tuple[str, ...]]:
    """Return why the best match is no answer, and the names that the reason is about; None if it is one.

    A story that lacks a company of the question is no answer. That may be a well-known company that the store does not know,
    or a word with which a company's name begins.
    """
    parsed_query = interpretation.parsed_query
    companies = parsed_query.companies
    best = matches[0] if matches else None
    names_by_word = _find_other_names(parsed_query, best.missing_parts if best else (), company_index)
    if best and best.is_exact:
        return None, ()
    if best and (_is_part_of_names(parsed_query, company_index) or _lacks_topic(best, parsed_query)):
        return NoAnswerReason.NO_MATCH, ()
    if best and {*companies, *names_by_word}.isdisjoint(best.missing_parts):
        return None, ()
    if companies and not matches and parsed_query.exclusions:
        return NoAnswerReason.ALL_EXCLUDED, companies
    names = (*companies, *names_by_word.values())
    if not names:
        return NoAnswerReason.NO_MATCH, ()
    return (NoAnswerReason.NO_STORY if len(names) == 1 else NoAnswerReason.NOT_TOGETHER), names


def _is_part_of_names(parsed_query: ParsedQuery, company_index: CompanyIndex) -> bool:
    """Return whether a question is nothing but a word that several companies have in their names: *air*, *motors*."""
    if len(parsed_query.terms) != 1 or parsed_query.companies or parsed_query.facets or parsed_query.date_range:
        return False
    word = parsed_query.terms[0]
    if not (is_common_word(word) or ends_name(word)):
        return False
    names = company_index.find_by_prefix(word, _MAX_NAMESAKES)
    return sum(word in fold_words(name) for name in names) > 1


def _lacks_topic(best: RankedStory, parsed_query: ParsedQuery) -> bool:
    """Return whether the best story is not of the kind that a question without names is about, such as *strikes*.

    A kind of deal may be called by another name; other kinds are different news.
    """
    if parsed_query.companies or not all(map(is_common_word, parsed_query.terms)):
        return False
    return any(
        not facet.kinds[0].is_deal and facet.short_label in best.missing_parts
        for facet in parsed_query.facets
        if facet.kinds
    )


def _find_other_names(
    parsed_query: ParsedQuery, missing_parts: Collection[str], company_index: CompanyIndex
) -> dict[str, str]:
    """Return the typed words that stand for companies besides those that were recognised, each with its name.

    ``missing_parts`` are those that the best story lacks. A common word with which a name begins (*general*), or that is also
    a name (*target*), counts only beside one other name, without other terms.
    """
    names: dict[str, str] = {}
    is_pair = len(parsed_query.companies) + len(parsed_query.terms) == _PAIR
    for word in parsed_query.terms:
        name = find_well_known_name(word)
        if name or (company_index.is_first_word(word) and (is_pair or not is_common_word(word))):
            typed_word = parsed_query.spell(word)
            names[typed_word] = name or typed_word
    missing_words = [word for word in parsed_query.terms if parsed_query.spell(word) in missing_parts]
    names |= _find_phrases(parsed_query, missing_words)
    if is_pair and parsed_query.companies:
        names |= {
            parsed_query.spell(word): name for word in missing_words if (name := find_ambiguous_name(word)) is not None
        }
    return names


def _find_phrases(parsed_query: ParsedQuery, missing_words: Sequence[str]) -> dict[str, str]:
    """Return the names of several words of which the story lacks one, by that word: of large companies, and *X Airlines*."""
    query_words = parsed_query.folded_text.split()
    names: dict[str, str] = {}
    for word, following in pairwise(query_words):
        if (
            word in missing_words
            and following in parsed_query.terms
            and ends_name(following)
            and not is_common_word(word)
        ):
            names[parsed_query.spell(word)] = f"{parsed_query.spell(word)} {parsed_query.spell(following)}"
    for phrase, name in find_well_known_phrases(query_words).items():
        missing_word = next((word for word in phrase if word in missing_words), None)
        if missing_word is not None:
            names[parsed_query.spell(missing_word)] = name
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
