"""Names in a text that look like unknown companies: candidates for an editor to review."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib import resources
from zoneinfo import available_timezones

from bot.entities.company_matcher import MAX_TEXT_LENGTH, Mention
from bot.entities.disambiguation import BUSINESS_WORDS, COMPANY_SUFFIXES, has_company_context
from bot.entities.tokens import Token, is_headline_case, tokenize
from bot.entities.word_frequencies import get_word_frequencies
from bot.model.text_folding import fold, fold_words

#: Longer runs of capitalised words are cut here: no company name is that long.
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
    """Return the folded words of country and city names, taken from the time zone tables.

    See https://data.iana.org/time-zones/tz-link.html for ``iso3166.tab`` and the zone names.
    """
    cities = {word for zone in available_timezones() for word in fold_words(zone.rsplit("/", 1)[-1].replace("_", " "))}
    table = resources.files("tzdata").joinpath("zoneinfo", "iso3166.tab").read_text(encoding="utf-8")
    countries = {word for line in table.splitlines() if line[:1] != "#" for word in fold_words(line.split("\t")[-1])}
    return frozenset(cities | countries)


def find_candidate_names(text: str, known_mentions: Iterable[Mention] = ()) -> tuple[Mention, ...]:
    """Find capitalised names that may be companies; each comes once, at its first position, with its spelling as ``company``.

    A name qualifies if it has a company suffix (*Orbex Motors*), is near business words, or occurs twice. Skip known mentions,
    months, places, common words, and words that are capitalised only because a sentence begins.
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
    """Yield the first and last index of each run of at most five words that may be a name."""
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
