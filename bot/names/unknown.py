"""Names in a text that are no known company's and look like one: candidates, for a person to look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib import resources
from zoneinfo import available_timezones

from bot.names.context import BUSINESS, FORMS, Token, has_support, is_headline_case, tokens_of
from bot.names.fold import fold, words
from bot.names.frequency import frequencies
from bot.names.intext import LIMIT, Mention

#: No name of more words is offered.
_LONGEST = 5
_NOT_COMPANIES = frozenset(
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
def _places() -> frozenset[str]:
    """Countries and cities, as the time zones' own tables name them."""
    cities = {word for zone in available_timezones() for word in words(zone.rsplit("/", 1)[-1].replace("_", " "))}
    table = resources.files("tzdata").joinpath("zoneinfo", "iso3166.tab").read_text(encoding="utf-8")
    countries = {word for line in table.splitlines() if line[:1] != "#" for word in words(line.split("\t")[-1])}
    return frozenset(cities | countries)


def unknown_names(text: str, known: Iterable[Mention] = ()) -> tuple[Mention, ...]:
    """Capitalised names that may be companies, each once, at its first place; ``company`` is the name as it is spelled.

    A name counts that has a company's form (*Orbex Motors*), stands by words of business, or comes twice. Known mentions are
    left out, as are months, places, common words, and what has a capital only because a sentence begins.
    """
    text = text[:LIMIT]
    tokens = tokens_of(text)
    taken = {place for mention in known for place in range(mention.start, mention.end)}
    headline = is_headline_case(tokens)
    runs = list(_runs([None if token.start in taken else token for token in tokens], headline=headline))
    times = Counter(fold(_spelled(text, tokens, run)) for run in runs)
    found: dict[str, Mention] = {}
    for first, last in runs:
        spelled = _spelled(text, tokens, (first, last))
        if times[fold(spelled)] > 1 or _looks_like_one(tokens, first, last, headline=headline):
            found.setdefault(fold(spelled), Mention(spelled, tokens[first].start, tokens[last].bare_end, spelled))
    return tuple(found.values())


def _spelled(text: str, tokens: Sequence[Token], run: tuple[int, int]) -> str:
    return text[tokens[run[0]].start : tokens[run[1]].bare_end]


def _runs(tokens: Sequence[Token | None], *, headline: bool) -> Iterator[tuple[int, int]]:
    """Rows of capitalised words, from the first to the last that is no common word, a place or a month."""
    first: int | None = None
    for place, token in enumerate([*tokens, None]):
        goes_on = token is not None and _may_be_named(token, headline=headline)
        if first is not None and (not goes_on or token is None or token.opens or place - first == _LONGEST):
            yield first, place - 1
            first = None
        if goes_on and first is None and token is not None and token.folded not in FORMS:
            first = place


def _may_be_named(token: Token, *, headline: bool) -> bool:
    if not token.spelled[0].isupper() or len(token.bare) < 2:
        return False
    if token.bare in _NOT_COMPANIES or token.bare in _places() or token.bare in BUSINESS:
        return False
    if token.folded in FORMS:
        return True
    return not ((token.opens or headline) and frequencies().is_common(token.bare))


def _looks_like_one(tokens: Sequence[Token], first: int, last: int, *, headline: bool) -> bool:
    if any(token.folded in FORMS for token in tokens[first + 1 : last + 1]):
        return True
    if tokens[first].opens and first == last and frequencies().is_known(tokens[first].bare):
        return False
    return has_support(tokens, first, last) and not (headline and last > first + 1)
