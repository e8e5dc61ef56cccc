"""The figures of a headline: quantities, shares and dates that distinguish one news from another.

Not every number is one. Takes of a news wire (*UPDATE 1-*), clock times, tickers and reading times differ between two
reports of the same news, and so does the day on which an article was published.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from bot.languages import LANGUAGES, get_calendar_names
from bot.model.figures import find_quantities, format_amount, replace_number_words
from bot.model.text_folding import replace_lookalikes

#: How many characters are read: headlines and first paragraphs are shorter.
CHARACTER_LIMIT = 1_000

_ZONE = r"(?:gmt|utc|e[sd]?t|p[sd]?t|c[de]?s?t|mes?z|jst|bst|kst|ist)"
_UPDATE = r"(?:updated?|wrap-?up|round-?up|aktualisier(?:t|ung)|actualizaci[oó]n|mise [àa] jour|更新|続報)"
_TAKE = (
    rf"(?:{_UPDATE}|corrected|correction|refiled?|lead|ld|writethru|write-through|snap|breaking|exclusive|factbox"
    r"|nachtrag|zusammenfassung|wdhl?g?|korr(?:ektur|igiert)?|actualizado|resumen)"
)
_NUMBER = r"(?:#|n[or]\.?\s?)?\d{1,2}"
_MEDIA = r"(?:photos?|pictures?|images?|videos?|comments?|bilder|fotos|kommentare|comentarios)"
_MINUTES = r"min(?:\.|utes?|uten?|utos?|s)?"
#: Numbers that say nothing about the news, one kind in each row.
_LABELS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # UPDATE 1-, REFILE-UPDATE 2:, LEAD 3/, UPDATE 4 Honda, 2nd LD
        rf"^\s?(?:{_TAKE}[\s/-]?){{0,2}}(?:{_TAKE}[\s-]?{_NUMBER}(?:st|nd|rd|th)?\s?[-–—:/|.)]|{_UPDATE}[\s-]?{_NUMBER}(?![\d.,]?\d))",
        rf"^\s?\d{{1,2}}(?:st|nd|rd|th)\s{_TAKE}\b",
        r"第\d{1,2}報",
        # (UPDATE 2), [2nd LD], (LEAD)
        rf"[(\[【（]\s?(?:{_TAKE}\s?-?\s?{_NUMBER}|\d{{1,2}}(?:st|nd|rd|th)?\s?{_TAKE})\s?[)\]】）]",
        # … - Update 2, … | 2nd update
        rf"[-–—|:,]\s?(?:{_TAKE}\s?{_NUMBER}|\d{{1,2}}(?:st|nd|rd|th)\s{_TAKE})\s?$",
        # (2), [2/3], (1 of 2), and a number in front: 2), 3., 1/2, #4
        r"[(\[【（<]\s?\d{1,3}(?:\s?(?:/|of|von|de)\s?\d{1,3})?\s?[)\]】）>]",
        r"^\s?(?:\d{1,2}(?:[.)]\s|\))|[1-9]/[1-9]?\s|#\d{1,2}\s)",
        r"\b(?:page|part|seite|teil|p[áa]gina|parte)\s\d{1,2}\b",
        # 10:45, 10:45:30 p.m. ET, 10.45 Uhr, 10h45, 9 a.m., 0845 GMT, 午前10時45分
        rf"(?<![\d:.,])(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)?(?![\d:])(?:\s?[ap]\.?m\b\.?)?(?:\s?{_ZONE}\b(?:[+-]\d{{1,2}}(?::?\d\d)?)?)?",
        r"\b\d{1,2}[.h][0-5]\d\s?(?:uhr|h|hrs)\b|\b\d{1,2}h[0-5]\d\b|\b\d{1,2}\s?uhr\b",
        r"\b\d{1,2}(?:[.:][0-5]\d)?\s?[ap](?:\.m\.|m\b)",
        rf"\b[0-2]\d[0-5]\d\s?(?:hrs|{_ZONE})\b",
        r"(?:午前|午後)?\d{1,2}時(?:\d{1,2}分)?",
        # 3 hours ago, vor 3 Stunden, hace 3 horas, 3時間前
        rf"\b\d{{1,3}}\s?(?:{_MINUTES}|h|hrs?|hours?|d|days?)\sago\b",
        rf"\b(?:vor|hace)\s\d{{1,3}}\s(?:{_MINUTES}|stunden?|tagen?|horas?|d[ií]as?)\b",
        r"\d{1,3}(?:分|時間|日)前",
        # (7267.T), <7267>, (NYSE: F), TYO:7267, 005930.KS, WKN 716460
        r"[(\[<【（](?:[a-z]{2,8}\s?:\s?[a-z0-9]{1,6}(?:\.[a-z]{1,3})?|\d{3,6}\.[a-z]{1,3}|[a-z]{1,5}\d{1,2}(?:\.[a-z]{1,2})?)[)\]>】）]",
        r"[<【]\d{4}[】>]|(?<=[\u3040-\u9fff])[(（]\d{4}[)）]",
        r"\b(?:nyse|nasdaq|tse|tyo|lse|fra|xetra|hkg|hkex|sehk|krx|tpe|twse|sha|she|sse|szse|bme|epa|etr)\s?:\s?\w{1,8}(?:\.\w{1,3})?",
        r"\b\d{3,6}\.(?:t|to|ks|kq|tw|two|hk|ss|sz|sh|de|pa|l|ax|ns|bo|si|mi|mc|as|sw)\b",
        r"\b(?:wkn|isin|valor)\s?:?\s?[a-z0-9]{6,12}\b",
        # 3 min read, (4 min), Lesezeit: 3 Minuten, 読了3分
        rf"\b\d{{1,3}}[\s-]?{_MINUTES}[\s-](?:to\s)?(?:read|video|lesezeit|lesedauer|(?:de\s)?lectura|(?:de\s)?lecture)\b",
        rf"[(\[]\s?\d{{1,3}}\s?{_MINUTES}\s?[)\]]",
        rf"\b(?:lesezeit|lesedauer|reading time|read time|(?:tiempo de )?lectura)\s?:?\s?(?:de\s|ca\.\s|about\s)?\d{{1,3}}\s?(?:{_MINUTES})?",
        r"読了(?:時間|目安)?\s?:?\s?約?\d{1,3}分|\d{1,3}分で読め(?:る|ます)?",
        # (12 photos), 3 comments
        rf"[(\[]\s?(?:(?:with|mit|con)\s|\+\s?)?\d{{1,3}}\s{_MEDIA}\s?[)\]]|[-–—|•·]\s?\d{{1,3}}\s{_MEDIA}\s?$",
    )
)  # fmt: skip

_ORDINALS = {
    word: str(value)
    for value, word in enumerate("first second third fourth fifth sixth seventh eighth ninth tenth".split(), start=1)
}
_ONES = "one two three four five six seven eight nine".split()
_TEENS = "thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_TEEN_OR_TENS = re.compile(
    rf"\b(?:(?P<teen>{'|'.join(_TEENS)})|(?P<tens>{'|'.join(_TENS)})(?:[\s-](?P<one>{'|'.join(_ONES)}))?)\b",
    re.IGNORECASE,
)
#: *For the first time* and *second-hand* are no ordinals.
_ORDINAL = re.compile(
    rf"\b(?:(?P<word>{'|'.join(_ORDINALS)})(?![\s-](?:time|look|hand|thoughts|ever)\b)|(?P<digits>\d{{1,3}})(?:st|nd|rd|th)\b"
    r"|q(?P<quarter>[1-4])\b|\b(?P<quarter_before>[1-4])q\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that distinguishes one news from another.

    Attributes:
        value: the number in full without separators (``69000000000``), a day as ``month-day``, or a weekday's or month's name.
        unit: ``%``, an ISO 4217 code, ``th`` for an ordinal, ``day`` for a date; None if the text gives none.
    """

    value: str
    unit: str | None = None

    def is_in(self, figures: Iterable[Figure]) -> bool:
        """Return whether one of these is the same. A sum without a currency is the same in any."""
        return any(self._equals(other) for other in figures if other.value == self.value)

    def _equals(self, other: Figure) -> bool:
        if self.unit == other.unit:
            return True
        return {"%", "th", "day"}.isdisjoint((self.unit, other.unit)) and None in (self.unit, other.unit)


def strip_labels(text: str, published: datetime | None = None) -> str:
    """Return a headline or paragraph without update numbers, clock times, tickers, and the day of its publication.

    Compatible forms of letters and digits are unified (NFKC, https://www.unicode.org/reports/tr15/).
    """
    text = replace_lookalikes(unicodedata.normalize("NFKC", text[:CHARACTER_LIMIT]))
    for pattern in _LABELS:
        text = pattern.sub(" ", text)
    return _strip_own_day(text, published) if published is not None else text


def extract_figures(text: str) -> frozenset[Figure]:
    """Return the figures of a text without labels (:func:`strip_labels`)."""
    figures: set[Figure] = set()
    dates, _, words = _build_date_patterns()
    text = dates.sub(_collect(figures, _parse_day), text)
    text = words.sub(_collect(figures, _parse_calendar_word), text)
    text = _ORDINAL.sub(_collect(figures, _parse_ordinal), text)
    quantities = find_quantities(replace_number_words(_TEEN_OR_TENS.sub(_spell_digits, text)))
    figures.update(Figure(format_amount(quantity.amount), quantity.unit) for quantity in quantities)
    return frozenset(figures)


def _spell_digits(match: re.Match[str]) -> str:
    if match["teen"]:
        return str(13 + _TEENS.index(match["teen"].lower()))
    ones = 1 + _ONES.index(match["one"].lower()) if match["one"] else 0
    return str(20 + 10 * _TENS.index(match["tens"].lower()) + ones)


@cache
def _get_calendar_names() -> tuple[dict[str, int], dict[str, int]]:
    """Return months (1 to 12) and weekdays (0 to 6, Monday first) by all their names in the bot's languages."""
    months, weekdays = {"sept": 9}, dict[str, int]()
    for code in LANGUAGES:
        for names, numbers in zip((months, weekdays), get_calendar_names(code), strict=True):
            names |= {name: number for name, number in numbers.items() if len(name) > 2 and name.isalpha()}
    return months, weekdays


@cache
def _build_date_patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    month_names, weekday_names = _get_calendar_names()
    months = "|".join(sorted(month_names, key=len, reverse=True))
    # Without a number beside them, short forms such as *may* and *sun* are usually other words.
    standalone_names = (name for name in (*weekday_names, *month_names) if len(name) > 3 and name != "sept")
    days = "|".join(sorted(standalone_names, key=len, reverse=True))
    preposition = r"(?:\b(?:on|in|am|im|vom|el|del|en)\s)?"
    year = r"(?:,?\s(?:de\s)?(?P<year>(?:19|20)\d\d)\b)?"
    return (
        re.compile(
            rf"{preposition}(?:\b(?P<month>{months})\b\.?\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?![.,]\d|[.]?\d|%){year}"
            rf"|\b(?P<day_before>\d{{1,2}})(?:st|nd|rd|th|\.)?\s(?:de\s|of\s)?(?P<month_behind>{months})\b\.?"
            r"(?:,?\s(?:de\s)?(?P<year_behind>(?:19|20)\d\d)\b)?"
            r"|(?:(?P<year_east>(?:19|20)\d\d)年)?(?P<month_east>\d{1,2})月(?P<day_east>\d{1,2})日)",
            re.IGNORECASE,
        ),
        re.compile(
            r"(?<![\d.,/-])(?P<one>\d{1,4})(?P<sep>[-/.])(?P<two>\d{1,2})(?:(?P=sep)(?P<three>\d{2,4}))?(?![\d/-]|[.,]\d)"
        ),
        re.compile(rf"{preposition}\b(?P<name>{days})\b", re.IGNORECASE),
    )


def get_publication_days(published: datetime) -> frozenset[Figure]:
    """Return the day of publication as a headline may name it: by date or weekday, anywhere on Earth."""
    days = {_shift(published, timedelta(hours=hours)).date() for hours in (-12, 0, 14)}
    dates = (Figure(f"{day.month}-{day.day}", "day") for day in days)
    return frozenset((*dates, *(Figure(f"weekday {day.weekday()}") for day in days)))


def _shift(moment: datetime, difference: timedelta) -> datetime:
    """Return a moment before or after another one; the other one if there is none, in the year 1 or 9999."""
    try:
        return moment + difference
    except OverflowError:
        return moment


def _strip_own_day(text: str, published: datetime) -> str:
    own_days = get_publication_days(published)
    own_years = {str(_shift(published, timedelta(days=days)).year) for days in (-1, 0, 1)}

    def strip_date(match: re.Match[str]) -> str:
        year = _get_year(match)
        return " " if _parse_day(match) in own_days and (year is None or year in own_years) else match.group()

    def strip_numbers(match: re.Match[str]) -> str:
        return " " if _is_own_day(match, own_days, own_years) else match.group()

    def strip_word(match: re.Match[str]) -> str:
        return " " if _parse_calendar_word(match) in own_days else match.group()

    dates, numbers, words = _build_date_patterns()
    return words.sub(strip_word, numbers.sub(strip_numbers, dates.sub(strip_date, text)))


def _get_year(match: re.Match[str]) -> str | None:
    return match["year"] or match["year_behind"] or match["year_east"]


def _parse_day(match: re.Match[str]) -> Figure:
    name = match["month"] or match["month_behind"]
    month = _get_calendar_names()[0][name.lower()] if name else int(match["month_east"])
    day = match["day"] or match["day_before"] or match["day_east"]
    return Figure(f"{month}-{int(day)}", "day")


def _is_own_day(match: re.Match[str], own_days: frozenset[Figure], own_years: set[str]) -> bool:
    """Return whether numbers such as 11/1, 1.11.2026 or 2026-11-01 name the day of publication in some order."""
    one, two, three = match["one"], match["two"], match["three"]
    if three is None and match["sep"] != "/":
        return False
    year, month, day = (one, two, three) if len(one) == 4 else (three, one, two)
    if day is None or (year and not any(own_year.endswith(year) for own_year in own_years)):
        return False
    orders = ((month, day), (day, month))
    return any(Figure(f"{int(first)}-{int(second)}", "day") in own_days for first, second in orders)


def _parse_calendar_word(match: re.Match[str]) -> Figure:
    word = match["name"].lower()
    months, weekdays = _get_calendar_names()
    return Figure(f"month {months[word]}") if word in months else Figure(f"weekday {weekdays[word]}")


def _collect(figures: set[Figure], parse: Callable[[re.Match[str]], Figure]) -> Callable[[re.Match[str]], str]:
    def take(match: re.Match[str]) -> str:
        figures.add(parse(match))
        return " "

    return take


def _parse_ordinal(match: re.Match[str]) -> Figure:
    word = match["word"]
    value = _ORDINALS[word.lower()] if word else match["digits"] or match["quarter"] or match["quarter_before"]
    return Figure(str(int(value)), "th")
