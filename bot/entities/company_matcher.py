"""Find the mentions of known companies in a text, each with its position and spelling."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from bot.entities.disambiguation import (
    acts_as_subject,
    begins_longer_name,
    find_hyphenated_word,
    find_list_neighbour,
    has_company_context,
    is_ambiguous,
    is_brand_genitive,
    is_company_compound,
    is_first_name,
    is_german,
    is_listed_with_company,
    is_object,
    is_other_name,
    is_owned_namesake,
    is_product,
    is_standalone_name,
    stands_among_words,
)
from bot.entities.other_terms import OTHER_TERMS, UNSPACED_OTHER_TERMS, is_whole_unspaced_name, measure_longest
from bot.entities.tickers import find_bare_tickers
from bot.entities.tokens import Token, is_headline_case, tokenize
from bot.entities.word_frequencies import is_common_word
from bot.model.company import Company
from bot.model.text_folding import UNSPACED, fold, fold_words

#: Texts are cut at this many characters; an article's title and text are far shorter.
MAX_TEXT_LENGTH = 20_000
#: Particles that Korean attaches to a name.
_KOREAN_PARTICLES = ("에서", "으로", "은", "는", "이", "가", "을", "를", "과", "와", "의", "에", "도", "로")
#: Only what is written like a ticker counts as one: in parentheses or after an exchange.
_TICKER_PATTERN = re.compile(
    r"\((?:[A-Z]{2,8}\s?:\s?)?([A-Z0-9][A-Z0-9.]{0,9})\)|\b(?:NYSE|NASDAQ|TSE|LSE)\s?:\s?([A-Z0-9.]{1,10})"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A mention of a company in a text: ``text[start:end]`` is ``spelling``, ``company`` is the full name."""

    company: str
    start: int
    end: int
    spelling: str


@dataclass(frozen=True, slots=True)
class _NamePattern:
    company: str
    words: tuple[str, ...]
    surface: str


@dataclass(frozen=True, slots=True)
class _Hit:
    mention: Mention
    is_certain: bool
    #: The indexes of its first and last token.
    first: int
    last: int


class CompanyMatcher:
    """Finds companies by name, alias and ticker: whole words, any script, the longest name first.

    A name that is also a word (*Fox*, *Live*, *Titan*) counts only if the words around it, or another name of the same
    company, show that the company is meant. If two companies share a name, the first one wins. The time depends only on the
    length of the text. Companies can be added, replaced and removed.
    """

    def __init__(self, companies: Iterable[Company] = ()) -> None:
        self._companies: dict[str, Company] = {}
        self._names: dict[tuple[str, ...], _NamePattern] = {}
        #: How many words the longest name has that begins with a word. It never shrinks: it only bounds the search.
        self._max_name_words: dict[str, int] = {}
        self._unspaced_names: dict[str, str] = {}
        #: The lengths of these names, the longest first, also of removed ones.
        self._unspaced_lengths: list[int] = []
        self._tickers: dict[str, str] = {}
        for company in companies:
            self.put(company)

    def __len__(self) -> int:
        return len(self._companies)

    def put(self, company: Company) -> None:
        """Add a company, or replace its former names."""
        self.remove(company.name)
        self._companies[company.name] = company
        for surface in (company.name, *company.aliases):
            self._add(company.name, surface)
        if company.ticker:
            self._tickers.setdefault(company.ticker, company.name)

    def remove(self, company: str) -> None:
        """Remove a company; do nothing if it is unknown."""
        former_entry = self._companies.pop(company, None)
        if former_entry is None:
            return
        for surface in (former_entry.name, *former_entry.aliases):
            name = self._names.get(fold_words(surface))
            if name is not None and name.company == company:
                del self._names[name.words]
            if self._unspaced_names.get(fold(surface)) == company:
                del self._unspaced_names[fold(surface)]
        if self._tickers.get(former_entry.ticker) == company:
            del self._tickers[former_entry.ticker]

    def _add(self, company: str, surface: str) -> None:
        folded_name = fold(surface)
        name_words = tuple(folded_name.split())
        if name_words:
            name = self._names.setdefault(name_words, _NamePattern(company, name_words, surface))
            if name.company == company and name.surface.isupper():
                # *Nio* beside *NIO*: both are the company's ways to write it.
                self._names[name_words] = _NamePattern(company, name_words, surface)
            self._max_name_words[name_words[0]] = max(self._max_name_words.get(name_words[0], 0), len(name_words))
        if UNSPACED.search(folded_name) and " " not in folded_name:
            self._unspaced_names.setdefault(folded_name, company)
            if len(folded_name) not in self._unspaced_lengths:
                self._unspaced_lengths = sorted((*self._unspaced_lengths, len(folded_name)), reverse=True)

    def find_names(self, text: str) -> frozenset[str]:
        """Return the full names of the companies that a text mentions."""
        return frozenset(mention.company for mention in self.find_mentions(text))

    def find_mentions(self, text: str) -> tuple[Mention, ...]:
        """Return all mentions in order; no two overlap."""
        text = text[:MAX_TEXT_LENGTH]
        tokens = tokenize(text)
        hits = _merge_hits(self._find_hits(text, tokens), self._find_tickers(text, tokens))
        hits = _confirm_listed_names(hits, tokens, text)
        certain_companies = {hit.mention.company for hit in hits if hit.is_certain}
        return tuple(hit.mention for hit in hits if hit.is_certain or hit.mention.company in certain_companies)

    def _find_tickers(self, text: str, tokens: Sequence[Token]) -> Iterator[_Hit]:
        """Yield the tickers in parentheses, after an exchange, after a dollar sign, or in a list of stocks."""
        indexes = {token.start: index for index, token in enumerate(tokens)}
        for match in _TICKER_PATTERN.finditer(text):
            group = 1 if match.group(1) else 2
            company = self._tickers.get(match.group(group))
            index = indexes.get(match.start(group))
            if company and index is not None:
                mention = Mention(company, match.start(group), match.end(group), match.group(group))
                yield _Hit(mention, is_certain=True, first=index, last=index)
        for index in find_bare_tickers(tokens, text, self._tickers):
            token = tokens[index]
            mention = Mention(self._tickers[token.surface], token.start, token.end, token.surface)
            yield _Hit(mention, is_certain=True, first=index, last=index)

    def _find_hits(self, text: str, tokens: Sequence[Token]) -> Iterator[_Hit]:
        is_headline: bool | None = None
        is_german_text = is_german(tokens)
        index = 0
        while index < len(tokens):
            if self._begins_no_name(tokens[index]):
                index += 1
                continue
            if UNSPACED.search(tokens[index].surface):
                for mention in self._find_unspaced_names(text, tokens[index]):
                    yield _Hit(mention, is_certain=True, first=index, last=index)
                index += 1
                continue
            name, parts = self._match_at(tokens, index, is_german_text=is_german_text)
            last = index + len(parts) - 1
            if parts and (name is None or is_other_name(name.words, tokens, last, text)):
                index = last + 1
                continue
            if name is None or not _is_capitalized_like(name, parts) or is_owned_namesake(name.words, tokens, index):
                index += 1
                continue
            start, end = parts[0].start, self._find_end(parts[-1], name.words[-1])
            # Most texts name no company.
            is_headline = is_headline_case(tokens) if is_headline is None else is_headline
            is_certain = _is_certain(
                name, tokens, index, last, text, is_headline=is_headline, is_german_text=is_german_text
            )
            yield _Hit(Mention(name.company, start, end, text[start:end]), is_certain, index, last)
            index += len(parts)

    def _begins_no_name(self, token: Token) -> bool:
        """Return whether a word has no form but its own, and no name begins with that: what most words are is seen at once."""
        surface = token.surface
        has_one_form = surface.isascii() and surface.isalnum() and not surface.endswith("s")
        word = token.normal_form
        return has_one_form and word not in self._max_name_words and word not in OTHER_TERMS.max_words

    def _match_at(
        self, tokens: Sequence[Token], index: int, *, is_german_text: bool
    ) -> tuple[_NamePattern | None, Sequence[Token]]:
        """Return the longest name that begins at an index, with its tokens; an elided article is stripped (*l'Audi*).

        Return None with the tokens of a longer name or term that is nobody's of these companies (*Daimler Truck*).
        """
        for first in filter(None, (tokens[index], tokens[index].strip_elision())):
            # The ending of a single word may hide the name, so its forms are always tried.
            max_length = max(
                self._max_name_words.get(first.normal_form, 0), OTHER_TERMS.max_words.get(first.base_form, 0), 1
            )
            for length in range(min(max_length, len(tokens) - index), 0, -1):
                parts = (first, *tokens[index + 1 : index + length])
                start = tuple(token.normal_form for token in parts[:-1])
                next_tokens = tokens[index + length : index + length + 2]
                for ending in _generate_forms(parts[-1], next_tokens, is_german_text=is_german_text):
                    name = self._names.get((*start, ending))
                    if name is not None:
                        return name, parts
                    if (*start, ending) in OTHER_TERMS.terms:
                        return None, parts
        return None, ()

    @staticmethod
    def _find_end(token: Token, word: str) -> int:
        for form, end in (
            (token.normal_form, token.end),
            (token.base_form, token.base_form_end),
            (token.apostrophe_stem, token.apostrophe_stem_end),
        ):
            if form == word:
                return end
        return token.end - (len(token.normal_form) - len(word))

    def _find_unspaced_names(self, text: str, token: Token) -> Iterator[Mention]:
        """Yield the names inside a word of an unspaced script, the longest at each position."""
        letters = [(fold(cluster), start, end) for cluster, start, end in _split_clusters(text, token)]
        folded_run = "".join(letter for letter, _, _ in letters)
        spans = [span for letter, start, end in letters for span in [(start, end)] * len(letter)]
        position = 0
        end_of_name = -1
        while position < len(folded_run):
            length = self._measure_unspaced(folded_run, position)
            start = spans[position][0]
            name = folded_run[position : position + length]
            end = spans[position + length - 1][1] if length else start
            company = None if name in UNSPACED_OTHER_TERMS else self._unspaced_names.get(name)
            if company and is_whole_unspaced_name(
                text, start, end, follows_name=end_of_name == start, is_word=self._is_word(company)
            ):
                yield Mention(company, start, end, text[start:end])
            end_of_name = end
            position += length or 1

    def _is_word(self, company: str) -> bool:
        """Return whether a name of a company is a word too, so that in katakana it may be the start of another."""
        names = (company, *self._companies[company].aliases)
        return any(is_ambiguous(fold_words(name)) for name in names)

    def _measure_unspaced(self, run: str, position: int) -> int:
        """Return the length of the longest name or other term at a position of a folded run; 0 if there is none."""
        name_length = measure_longest(run, position, self._unspaced_names, self._unspaced_lengths)
        return max(name_length, UNSPACED_OTHER_TERMS.measure(run, position))


def _is_certain(
    name: _NamePattern,
    tokens: Sequence[Token],
    first: int,
    last: int,
    text: str,
    *,
    is_headline: bool,
    is_german_text: bool,
) -> bool:
    """Return whether the name means the company; in a headline, capitals are no evidence."""
    if not is_ambiguous(name.words):
        return True
    hyphenated_word = find_hyphenated_word(tokens, last, text)
    if is_company_compound(hyphenated_word):
        return True
    if hyphenated_word is not None and not hyphenated_word.is_capitalized:
        return False
    if not tokens[first].is_capitalized and tokens[first].strip_elision() is None:
        return False  # *smart*, which its company writes like the word
    if tokens[first].normal_form == f"{name.words[0]}s" and not tokens[first].is_possessive:
        # A German genitive, or it would not match: *Apples neue Brille*, but *Harrison Fords neuer Film*.
        return tokens[first].is_sentence_start or not tokens[first - 1].is_capitalized
    if is_product(tokens, last) or acts_as_subject(tokens, first, last, text):
        return True
    if not is_headline and begins_longer_name(tokens, last, text, is_german_text=is_german_text):
        return False
    if has_company_context(tokens, first, last) or is_object(tokens, first, last):
        return True
    if stands_among_words(tokens, first, last):
        return True
    return not is_headline and is_standalone_name(tokens, first, last)


def _merge_hits(names: Iterable[_Hit], tickers: Iterable[_Hit]) -> list[_Hit]:
    """Return all hits in order. A ticker that is a name too is the name, and certain; inside a name it is none."""
    hits = {hit.mention.start: hit for hit in names}
    inside = {position for hit in hits.values() for position in range(hit.mention.start + 1, hit.mention.end)}
    for ticker in tickers:
        start = ticker.mention.start
        name = hits.get(start, ticker)
        if name.mention.company == ticker.mention.company and start not in inside:
            hits[start] = replace(name, is_certain=True)
    return [hits[start] for start in sorted(hits)]


def _confirm_listed_names(hits: Sequence[_Hit], tokens: Sequence[Token], text: str) -> list[_Hit]:
    """Make ambiguous names certain if they are in a list with another company, in either order: *Ford, Renault agree*.

    Two ambiguous names make each other certain, unless they are common words: *Puma, Nike Fight*, but not *Smart, Sharp Design*.
    """
    confirmed_hits = [
        hit if hit.is_certain else replace(hit, is_certain=is_listed_with_company(tokens, hit.first, hit.last, text))
        for hit in hits
    ]
    for indexes in (range(len(hits) - 1), range(len(hits) - 2, -1, -1)):
        for index in indexes:
            hit, next_hit = confirmed_hits[index], confirmed_hits[index + 1]
            if (hit.is_certain and next_hit.is_certain) or find_list_neighbour(
                tokens, hit.last, 1, text
            ) != next_hit.first:
                continue
            if (
                hit.is_certain
                or next_hit.is_certain
                or not (_is_common_word(tokens, hit) or _is_common_word(tokens, next_hit))
            ):
                confirmed_hits[index], confirmed_hits[index + 1] = (
                    replace(hit, is_certain=True),
                    replace(next_hit, is_certain=True),
                )
    return confirmed_hits


def _is_common_word(tokens: Sequence[Token], hit: _Hit) -> bool:
    return is_common_word(tokens[hit.first].base_form)


def _generate_forms(token: Token, next_tokens: Sequence[Token], *, is_german_text: bool) -> Iterator[str]:
    """Yield the folded forms by which a token may match a name: as it is, and without endings and particles."""
    yield token.normal_form
    if token.base_form != token.normal_form:
        yield token.base_form
    if token.apostrophe_stem not in (token.normal_form, token.base_form):
        yield token.apostrophe_stem
    if token.surface.endswith("s") and _is_genitive(token.surface, next_tokens):
        genitive = token.normal_form[:-1]
        is_plain = not is_ambiguous((genitive,))
        if len(genitive) > 1 and (
            is_plain or is_brand_genitive(token.normal_form) or (is_german_text and not is_first_name(token))
        ):
            yield genitive
    for particle in _KOREAN_PARTICLES if "\uac00" <= token.normal_form[-1:] <= "\ud7a3" else ():
        if token.normal_form.endswith(particle) and len(token.normal_form) > len(particle):
            yield token.normal_form.removesuffix(particle)


def _is_genitive(surface: str, next_tokens: Sequence[Token]) -> bool:
    """Return whether a word can be a German genitive: before a noun (capitalised), or before an adjective and a noun.

    *Nissans Sparplan* and *Nissans neuer Chef* are, *Toyotas and Hondas* are not. An abbreviation of more than two letters
    always can be (*BMWs*); one of two letters may be a plural (*TVs*).
    """
    if len(surface) > 3 and surface[:-1].isupper():
        return True
    nouns = [token.is_capitalized and not token.is_sentence_start for token in next_tokens]
    if not nouns or nouns[0]:
        return any(nouns)
    return all(nouns[1:]) and len(nouns) > 1 and next_tokens[0].normal_form.endswith(("e", "er", "en", "es", "em"))


def _is_capitalized_like(name: _NamePattern, tokens: Sequence[Token]) -> bool:
    """Return whether tokens are capitalised as the name is: *ford the river* and *it* for *IT* are not."""
    surface = "".join(token.surface for token in tokens)
    if len(surface) <= 3 and name.surface.isupper():
        return surface[: len(name.surface)].isupper()
    if name.surface[:1].islower():
        return True
    return tokens[0].is_capitalized


def _split_clusters(text: str, token: Token) -> Iterator[tuple[str, int, int]]:
    """Yield each letter with its combining marks (*ｶﾞ* is two characters but one letter), its start and its end."""
    start = token.start
    for position in range(token.start + 1, token.end + 1):
        if position < token.end and (text[position] in "\uff9e\uff9f" or unicodedata.combining(text[position])):
            continue
        yield text[start:position], start, position
        start = position
