"""Find what a question excludes: ``-foxconn``, ``except Nissan and Honda``, ``ohne Nissan oder Honda``, ``日産以外``."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bot.entities.company_index import CompanyIndex
from bot.model.text_folding import fold_words
from bot.query.lexicon import LEXICONS, any_of

_MINUS = re.compile(r"(?<!\S)[-−–](?=\w)")
_WORD = rf"(?<!\S)(?:{any_of(lexicon.exclusion_words for lexicon in LEXICONS)})\s+"
#: These words exclude a company; before other words they are stopwords.
_COMPANY_WORD = rf"(?<!\S)(?:{any_of(lexicon.company_exclusion_words for lexicon in LEXICONS)})\s+"
_PREFIX = re.compile(rf"(?P<minus>{_MINUS.pattern})|(?P<word>{_WORD})|{_COMPANY_WORD}", re.IGNORECASE)
_NEXT_ITEM = re.compile(
    rf"\s*(?:[,、;]\s*(?:(?:{any_of(lexicon.conjunctions for lexicon in LEXICONS)})\s+)?"
    rf"|\s(?:{any_of(lexicon.conjunctions for lexicon in LEXICONS)})\s+)",
    re.IGNORECASE,
)
_TYPED_WORD = re.compile(r"[^\s,、;]+")
_SUFFIX = re.compile(rf"(?P<companies>\S{{1,80}}?)(?:{any_of(lexicon.exclusion_suffixes for lexicon in LEXICONS)})の?")
_MAX_NAME_WORDS = 5


@dataclass(slots=True)
class Exclusions:
    """What a question excludes: the full names of companies, and folded words."""

    companies: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)


def extract_exclusions(text: str, company_index: CompanyIndex) -> tuple[str, Exclusions]:
    """Return a question without its exclusions, and these.

    A question that has nothing but exclusions is returned as it is, without any.
    """
    exclusions = Exclusions()
    included_text = _SUFFIX.sub(lambda match: _exclude_before_suffix(match, company_index, exclusions), text)
    position = 0
    while match := _PREFIX.search(included_text, position):
        end = _read_items(included_text, match, company_index, exclusions)
        if end > match.end():
            included_text = f"{included_text[: match.start()]} {included_text[end:]}"
            position = match.start()
        else:
            position = match.end()
    return (included_text, exclusions) if fold_words(included_text) else (text, Exclusions())


def _read_items(text: str, prefix: re.Match[str], company_index: CompanyIndex, exclusions: Exclusions) -> int:
    """Add the items of the list that follows a prefix, and return the end of the list; a minus excludes one item only."""
    may_be_words = bool(prefix["minus"] or prefix["word"])
    position = end = prefix.end()
    while True:
        companies, item_end = _read_company(text, position, company_index)
        word = _TYPED_WORD.match(text, position)
        if companies:
            exclusions.companies += companies
        elif may_be_words and word and (end == prefix.end() or _is_last(text, word)):
            exclusions.words += fold_words(word[0])
            item_end = word.end()
        else:
            return end
        end = item_end
        separator = None if prefix["minus"] else _NEXT_ITEM.match(text, end)
        if separator is None:
            return end
        position = separator.end()


def _is_last(text: str, word: re.Match[str]) -> bool:
    """Return whether nothing but more items follow a word, so that it belongs to the list and not to what is asked."""
    return re.match(r"\s{0,3}(?:$|[?!.]|[,、;])", text[word.end() :]) is not None or bool(
        _NEXT_ITEM.match(text, word.end())
    )


def _read_company(text: str, position: int, company_index: CompanyIndex) -> tuple[tuple[str, ...], int]:
    """Return the companies whose names, the longest possible, begin at a position, and the end of the names."""
    words = list(_TYPED_WORD.finditer(text, position))[:_MAX_NAME_WORDS]
    for length in range(len(words), 0, -1):
        phrase = text[position : words[length - 1].end()]
        if "," in phrase or "、" in phrase:
            continue
        matches = company_index.find(fold_words(phrase))
        if len(matches.companies) == 1 and not matches.other_words:
            return matches.companies, words[length - 1].end()
    return (), position


def _exclude_before_suffix(match: re.Match[str], company_index: CompanyIndex, exclusions: Exclusions) -> str:
    matches = company_index.find(fold_words(match["companies"]))
    if not matches.companies:
        return match[0]
    exclusions.companies += matches.companies
    return " "
