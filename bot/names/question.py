"""What a question says: companies, kinds and stages, a time, and other words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.names import abroad
from bot.names.fold import words
from bot.names.index import NameIndex
from bot.names.when import Span, read_span
from bot.names.wishes import DEALS, Wish, wishes_in

#: Words that people put around what they mean. They count only when nothing else was typed.
FILLERS = frozenset(
    "a an the of and or vs versus with without between about on in for to from by at as into out up is are was were be been"
    " am being do does did doing done has have had having will would can could should may might must shall if then than that"
    " this these those there here it its they them their we us our you your i im ive me my he she his her who whom whose what"
    " whats which when where why how any anyone anything some all more most much many far still yet now lately recently recent ever"
    " again also just only not no nor so too very really please tell show give find get got know heard hear hey hi hello ok"
    " thanks thank want wants wanted going go goes went gonna happened happening happens happen new news latest last update"
    " updates status state story stories thing things stuff info information company companies announce announced announces"
    " say says said x plus deal deals start started begin began stand stands bring brings bringing come comes up after before"
    " ago whos hows wheres whens whys thats theres und mit von der die das et avec de la le y con".split()
) | frozenset(words(abroad.FILLERS))
#: Of these, what asks for the newest when nothing else was said.
NEWS = frozenset("new news latest update updates story stories".split())
_LONGEST = 40
_CASHTAG = re.compile(r"\$([A-Za-z][A-Za-z0-9.\-]{0,11})\b")
_AT_EXCHANGE = re.compile(
    r"\b(?:NYSE|NASDAQ|AMEX|LSE|LON|TYO|TSE|TPE|TWSE|HKG|HKEX|SHA|SHE|SSE|KRX|ETR|FRA|XETRA|EPA|STO|OSL|ASX|NSE|BSE|TSX|BME|SWX)"
    r"\s?:\s?([A-Za-z0-9.\-]{1,12})\b",
    re.IGNORECASE,
)
_UNWANTED = re.compile(
    r"(?<!\S)(?:-(?=\w)|(?:except|excluding|but\s+not|außer|ausser|excepto)\s+)(?P<word>\S{1,60})", re.IGNORECASE
)
#: Before a company these say it too; before other words they are what people say around what they mean.
_WITHOUT = re.compile(r"(?<!\S)(?:without|not|ohne|sin)\s+(?P<word>\S{1,60}(?:\s+\S{1,60})?)", re.IGNORECASE)
#: ``EX-30`` as one word: where a text has it as two it is found as such too.
_MODEL = re.compile(r"\b([A-Za-z]{1,4})-(\d{1,3})\b")
_CAPITALS = re.compile(r"(?<![\w.])[A-Z][A-Z0-9\-]{2,9}(?![\w])")


@dataclass(frozen=True, slots=True)
class Question:
    """What was understood: companies by their full names, in order; ``rest`` are the words that say none of it.

    ``without`` are companies and words that a story must not have (``-foxconn``); ``deals`` tells that the word was there; ``fillers`` are what is left when nothing else was said; ``typed`` is the whole,
    folded.
    """

    companies: tuple[str, ...] = ()
    wishes: tuple[Wish, ...] = ()
    span: Span | None = None
    rest: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    deals: bool = False
    fillers: tuple[str, ...] = ()
    typed: str = ""


def read_question(text: str, names: NameIndex, today: date) -> Question:
    """Read a question, as it was typed. The exact name of a company is that, whatever else it could say."""
    typed = " ".join(words(text)[:_LONGEST])
    exact = names.exact(text)
    if exact:
        return Question(companies=(exact,), typed=typed)
    wanted, without = _unwanted(text, names)
    span, left = read_span(with_tickers(wanted, names), today)
    left = _MODEL.sub(r"\1\2", left)
    return replace(read_words(words(left)[:_LONGEST], names, span), without=without, typed=typed)


def _unwanted(text: str, names: NameIndex) -> tuple[str, tuple[str, ...]]:
    """A question without what must not be in a story, and that: companies by their full names, and other words.

    Where it says nothing else, it is a question for what it names.
    """
    found: list[str] = []

    def word(match: re.Match[str]) -> str:
        said = names.find(words(match["word"]))
        found.extend(said.companies or said.rest)
        return " "

    def company(match: re.Match[str]) -> str:
        for length in (2, 1):
            said = match["word"].split()[:length]
            left = names.find(words(" ".join(said)))
            if left.companies and not left.rest:
                found.extend(left.companies)
                return " " + " ".join(match["word"].split()[length:])
        return match[0]

    wanted = _WITHOUT.sub(company, _UNWANTED.sub(word, text))
    return (wanted, tuple(dict.fromkeys(found))) if words(wanted) else (text, ())


def read_words(typed: Sequence[str], names: NameIndex, span: Span | None = None) -> Question:
    """Read the folded words of a question."""
    found = names.find(typed)
    wishes, left = wishes_in(found.rest)
    rest = tuple(word for word in left if word not in FILLERS)
    said = bool(found.companies or wishes or rest or span)
    return Question(
        companies=found.companies,
        wishes=wishes,
        span=span,
        rest=rest,
        deals=any(word in DEALS for word in left),
        fillers=() if said else tuple(left),
    )


def with_tickers(text: str, names: NameIndex) -> str:
    """The text with a company's name for each ticker that is written as one: ``$F``, ``NYSE: F``, ``VOW3``."""

    def name(match: re.Match[str]) -> str:
        symbol = match[match.lastindex or 0]
        company = names.ticker(symbol) or names.ticker(symbol.upper()) or names.exact(symbol)
        return f" {company} " if company else match[0]

    for pattern in (_CASHTAG, _AT_EXCHANGE, _CAPITALS):
        text = pattern.sub(name, text)
    return text
