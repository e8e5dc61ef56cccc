"""Names in a text that are no known company's and look like one: candidates, for a person to look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib import resources
from zoneinfo import available_timezones

from bot.entities.company_matcher import MAX_TEXT_LENGTH, Mention
from bot.entities.disambiguation import (
    BUSINESS_WORDS,
    COMPANY_SUFFIXES,
    Token,
    has_company_context,
    is_headline_case,
    tokenize,
)
from bot.entities.fold import fold, fold_words
from bot.entities.word_frequencies import get_word_frequencies

#: No name of more words is offered.
_MAX_NAME_WORDS = 5
_NON_COMPANY_WORDS = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september
    october november december jan feb mar apr jun jul aug sep sept oct nov dec christmas easter american british chinese
    japanese german french italian spanish dutch swedish russian indian korean taiwanese brazilian mexican canadian european
    asian african australian swiss austrian belgian polish czech turkish israeli iranian saudi thai vietnamese indonesian
    malaysian irish scottish welsh danish norwegian finnish greek portuguese ukrainian hungarian romanian egyptian america
    britain england scotland wales europe asia africa california texas michigan ohio georgia florida washington detroit
    wolfsburg stuttgart munich turin beijing shenzhen guangzhou hangzhou taipei seoul osaka nagoya yokohama mumbai delhi
    chennai bavaria uk us usa eu un nato ceo cfo coo cto ev evs suv suvs gdp ipo ai it pm am et gmt utc mr mrs ms dr
    president minister king queen pope north south east west central new the a an in of and for with""".split()
)


@cache
def _get_place_names() -> frozenset[str]:
    """Countries and cities, as the time zones' own tables name them."""
    cities = {word for zone in available_timezones() for word in fold_words(zone.rsplit("/", 1)[-1].replace("_", " "))}
    table = resources.files("tzdata").joinpath("zoneinfo", "iso3166.tab").read_text(encoding="utf-8")
    countries = {word for line in table.splitlines() if line[:1] != "#" for word in fold_words(line.split("\t")[-1])}
    return frozenset(cities | countries)


def find_candidate_names(text: str, known_mentions: Iterable[Mention] = ()) -> tuple[Mention, ...]:
    """Capitalised names that may be companies, each once, at its first place; ``company`` is the name as it is spelled.

    A name counts that has a company's form (*Orbex Motors*), stands by words of business, or comes twice. Known mentions are
    left out, as are months, places, common words, and what has a capital only because a sentence begins.
    """
    text = text[:MAX_TEXT_LENGTH]
    tokens = tokenize(text)
    mention_positions = {position for mention in known_mentions for position in range(mention.start, mention.end)}
    is_headline = is_headline_case(tokens)
    runs = list(
        _find_capitalized_runs(
            [None if token.start in mention_positions else token for token in tokens], is_headline=is_headline
        )
    )
    counts = Counter(fold(_get_surface(text, tokens, run)) for run in runs)
    candidates: dict[str, Mention] = {}
    for first, last in runs:
        surface = _get_surface(text, tokens, (first, last))
        if counts[fold(surface)] > 1 or _looks_like_company(tokens, first, last, is_headline=is_headline):
            candidates.setdefault(
                fold(surface), Mention(surface, tokens[first].start, tokens[last].base_form_end, surface)
            )
    return tuple(candidates.values())


def _get_surface(text: str, tokens: Sequence[Token], run: tuple[int, int]) -> str:
    return text[tokens[run[0]].start : tokens[run[1]].base_form_end]


def _find_capitalized_runs(tokens: Sequence[Token | None], *, is_headline: bool) -> Iterator[tuple[int, int]]:
    """Rows of capitalised words, from the first to the last that is no common word, a place or a month."""
    first: int | None = None
    for index, token in enumerate([*tokens, None]):
        continues = token is not None and _may_be_name(token, is_headline=is_headline)
        if first is not None and (
            not continues or token is None or token.is_sentence_start or index - first == _MAX_NAME_WORDS
        ):
            yield first, index - 1
            first = None
        if continues and first is None and token is not None and token.normal_form not in COMPANY_SUFFIXES:
            first = index


def _may_be_name(token: Token, *, is_headline: bool) -> bool:
    if not token.surface[0].isupper() or len(token.base_form) < 2:
        return False
    if (
        token.base_form in _NON_COMPANY_WORDS
        or token.base_form in _get_place_names()
        or token.base_form in BUSINESS_WORDS
    ):
        return False
    if token.normal_form in COMPANY_SUFFIXES:
        return True
    return not ((token.is_sentence_start or is_headline) and get_word_frequencies().is_common(token.base_form))


def _looks_like_company(tokens: Sequence[Token], first: int, last: int, *, is_headline: bool) -> bool:
    if any(token.normal_form in COMPANY_SUFFIXES for token in tokens[first + 1 : last + 1]):
        return True
    if tokens[first].is_sentence_start and first == last and get_word_frequencies().is_known(tokens[first].base_form):
        return False
    return has_company_context(tokens, first, last) and not (is_headline and last > first + 1)
