"""The known companies that a text names, each with its place and its spelling there."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from bot.model.company import Company
from bot.names.context import (
    LISTS,
    Token,
    acts,
    belongs,
    has_support,
    is_doubtful,
    is_genitive_of_brand,
    is_headline_case,
    second_part,
    stands_alone,
    tokens_of,
)
from bot.names.fold import UNSPACED, fold, words

#: No text is read beyond this: an article's title and text are far shorter.
LIMIT = 20_000
#: Korean writes these onto the name.
_PARTICLES = ("에서", "으로", "은", "는", "이", "가", "을", "를", "과", "와", "의", "에", "도", "로")
#: A ticker counts where it is written as one.
_TICKER = re.compile(
    r"\((?:[A-Z]{2,8}\s?:\s?)?([A-Z0-9][A-Z0-9.]{0,9})\)|\b(?:NYSE|NASDAQ|TSE|LSE)\s?:\s?([A-Z0-9.]{1,10})"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A company named in a text: ``text[start:end]`` is ``spelling``; ``company`` its full name."""

    company: str
    start: int
    end: int
    spelling: str


@dataclass(frozen=True, slots=True)
class _Name:
    company: str
    words: tuple[str, ...]
    spelled: str


@dataclass(frozen=True, slots=True)
class _Hit:
    mention: Mention
    sure: bool


class CompaniesInText:
    """Finds companies by name and alias: whole words, any script, the longest name first.

    A name that is also a word (*Fox*, *Live*, *Titan*) counts only where the words around it, or another name of the same
    company, say that it is meant. The first of two companies of one name keeps it. The work grows with the text's length
    alone.
    """

    def __init__(self, companies: Iterable[Company]) -> None:
        self._names: dict[tuple[str, ...], _Name] = {}
        self._unspaced: dict[str, str] = {}
        self._tickers: dict[str, str] = {}
        for company in companies:
            for spelled in (company.name, *company.aliases):
                self._add(company.name, spelled)
            if company.ticker:
                self._tickers.setdefault(company.ticker, company.name)
        self._longest = max(map(len, self._names), default=0)
        self._lengths = sorted({len(name) for name in self._unspaced}, reverse=True)

    def _add(self, company: str, spelled: str) -> None:
        name = words(spelled)
        if name:
            self._names.setdefault(name, _Name(company, name, spelled))
        folded = fold(spelled)
        if UNSPACED.search(folded) and " " not in folded:
            self._unspaced.setdefault(folded, company)

    def names_in(self, text: str) -> frozenset[str]:
        """The full names of the companies that a text names."""
        return frozenset(mention.company for mention in self.find(text))

    def find(self, text: str) -> tuple[Mention, ...]:
        """Every mention, in order; no two overlap."""
        text = text[:LIMIT]
        tokens = tokens_of(text)
        hits = _with_lists(list(self._hits(text, tokens)), text)
        certain = {hit.mention.company for hit in hits if hit.sure}
        found = [hit.mention for hit in hits if hit.sure or hit.mention.company in certain]
        taken = {place for mention in found for place in range(mention.start, mention.end)}
        for match in _TICKER.finditer(text):
            group = 1 if match.group(1) else 2
            company = self._tickers.get(match.group(group))
            if company and match.start(group) not in taken:
                found.append(Mention(company, match.start(group), match.end(group), match.group(group)))
        return tuple(sorted(found, key=lambda mention: mention.start))

    def _hits(self, text: str, tokens: Sequence[Token]) -> Iterator[_Hit]:
        headline = is_headline_case(tokens)
        place = 0
        while place < len(tokens):
            if UNSPACED.search(tokens[place].spelled):
                yield from (_Hit(mention, sure=True) for mention in self._inside(text, tokens[place]))
                place += 1
                continue
            name, parts = self._name_at(tokens, place)
            if name is None or not _fits(name, parts):
                place += 1
                continue
            last = place + len(parts) - 1
            start, end = parts[0].start, self._end(parts[-1], name.words[-1])
            sure = _is_sure(name, tokens, place, last, text, headline=headline)
            yield _Hit(Mention(name.company, start, end, text[start:end]), sure)
            place += len(parts)

    def _name_at(self, tokens: Sequence[Token], place: int) -> tuple[_Name | None, Sequence[Token]]:
        """The longest name that begins at a place, with its words; the first may have lost an article (*l'Audi*)."""
        for first in filter(None, (tokens[place], tokens[place].without_elision())):
            for length in range(min(self._longest, len(tokens) - place), 0, -1):
                parts = (first, *tokens[place + 1 : place + length])
                start = tuple(token.folded for token in parts[:-1])
                behind = tokens[place + length : place + length + 2]
                for ending in _endings(parts[-1], behind):
                    name = self._names.get((*start, ending))
                    if name is not None:
                        return name, parts
        return None, ()

    @staticmethod
    def _end(token: Token, word: str) -> int:
        for folded, end in ((token.folded, token.end), (token.bare, token.bare_end), (token.stem, token.stem_end)):
            if folded == word:
                return end
        return token.end - (len(token.folded) - len(word))

    def _inside(self, text: str, token: Token) -> Iterator[Mention]:
        """Names within a word of a script without blanks, the longest at each place."""
        letters = [(fold(cluster), start, end) for cluster, start, end in _clusters(text, token)]
        line = "".join(letter for letter, _, _ in letters)
        places = [place for letter, start, end in letters for place in [(start, end)] * len(letter)]
        at = 0
        while at < len(line):
            sizes = (size for size in self._lengths if at + size <= len(line))
            length = next((size for size in sizes if line[at : at + size] in self._unspaced), 0)
            if length:
                start, end = places[at][0], places[at + length - 1][1]
                yield Mention(self._unspaced[line[at : at + length]], start, end, text[start:end])
            at += length or 1


def _is_sure(name: _Name, tokens: Sequence[Token], first: int, last: int, text: str, *, headline: bool) -> bool:
    """Return whether the company is meant; ``headline`` says that capitals are no sign."""
    if not is_doubtful(name.words):
        return True
    joined = second_part(tokens, last, text)
    if joined is not None and not joined.is_capital:
        return belongs(joined)
    if has_support(tokens, first, last) or acts(tokens, first, last, text):
        return True
    return not headline and stands_alone(tokens, first, last)


def _with_lists(hits: Sequence[_Hit], text: str) -> list[_Hit]:
    """Make names sure that stand in a list with a sure one, whichever comes first: *Ford, Renault agree*."""
    listed = list(hits)
    for order in (range(len(hits) - 1), range(len(hits) - 2, -1, -1)):
        for place in order:
            one, other = listed[place], listed[place + 1]
            between = text[one.mention.end : other.mention.start]
            if one.sure != other.sure and len(between) < 8 and between.strip().lower() in LISTS:
                listed[place], listed[place + 1] = replace(one, sure=True), replace(other, sure=True)
    return listed


def _endings(token: Token, behind: Sequence[Token]) -> Iterator[str]:
    yield token.folded
    if token.bare != token.folded:
        yield token.bare
    if token.stem not in (token.folded, token.bare):
        yield token.stem
    if token.spelled.endswith("s") and _is_genitive(token.spelled, behind):
        genitive = token.folded[:-1]
        if len(genitive) > 1 and (is_genitive_of_brand(token.folded) or not is_doubtful((genitive,))):
            yield genitive
    for particle in _PARTICLES:
        if token.folded.endswith(particle) and len(token.folded) > len(particle):
            yield token.folded.removesuffix(particle)


def _is_genitive(spelled: str, behind: Sequence[Token]) -> bool:
    """Return whether a word can be a German genitive: before a noun, which has a capital, or an adjective and a noun.

    *Nissans Sparplan*, *Nissans neuer Chef*, but not *Toyotas and Hondas*. Of an abbreviation it can be a plural as well, unless that has two
    letters (*TVs*).
    """
    if len(spelled) > 3 and spelled[:-1].isupper():
        return True
    nouns = [token.is_capital and not token.opens for token in behind]
    if not nouns or nouns[0]:
        return any(nouns)
    return all(nouns[1:]) and len(nouns) > 1 and behind[0].folded.endswith(("e", "er", "en", "es", "em"))


def _fits(name: _Name, tokens: Sequence[Token]) -> bool:
    """Whether the capitals are those of a name: *ford the river* and *at&t*'s *it* are none."""
    spelled = "".join(token.spelled for token in tokens)
    if len(spelled) <= 3 and name.spelled.isupper():
        return spelled[: len(name.spelled)].isupper()
    if name.spelled[:1].islower():
        return True
    return tokens[0].is_capital


def _clusters(text: str, token: Token) -> Iterator[tuple[str, int, int]]:
    """Letters with the marks that belong to them (*ｶﾞ* is two characters and one letter), and their places."""
    start = token.start
    for place in range(token.start + 1, token.end + 1):
        if place < token.end and (text[place] in "\uff9e\uff9f" or unicodedata.combining(text[place])):
            continue
        yield text[start:place], start, place
        start = place
