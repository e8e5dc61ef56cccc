"""Find out when an article was published, from what its feed or page says.

Publishers write dates in many ways. A date is read only if it can mean one moment. Otherwise the article is undated,
because a wrong date would make today's news too old to be news.
"""

from __future__ import annotations

import contextlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

#: The full names as CLDR writes them in a date (a test compares them). An abbreviation is the beginning of one.
MONTHS = {
    "en": "january february march april may june july august september october november december",
    "de": "januar februar märz april mai juni juli august september oktober november dezember",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
    "da": "januar februar marts april maj juni juli august september oktober november december",
    "nb": "januar februar mars april mai juni juli august september oktober november desember",
    "fi": "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta marraskuuta joulukuuta",
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "cs": "ledna února března dubna května června července srpna září října listopadu prosince",
    "hu": "január február március április május június július augusztus szeptember október november december",
    "ro": "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
    "tr": "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
    "id": "januari februari maret april mei juni juli agustus september oktober november desember",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "uk": "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    "el": "ιανουαρίου φεβρουαρίου μαρτίου απριλίου μαΐου ιουνίου ιουλίου αυγούστου σεπτεμβρίου οκτωβρίου νοεμβρίου δεκεμβρίου",
}  # fmt: skip
# Names and abbreviations that are not the beginning of one above.
_OTHER_MONTHS = {
    "jänner": 1, "feber": 2, "mrz": 3, "mrt": 3, "setiembre": 9, "май": 5, "μάιος": 5, "čvn": 6, "čvc": 7, "červenec": 7,
    "styczeń": 1, "luty": 2, "marzec": 3, "kwiecień": 4, "maj": 5, "czerwiec": 6, "lipiec": 7, "sierpień": 8, "wrzesień": 9,
    "październik": 10, "listopad": 11, "grudzień": 12, "leden": 1, "únor": 2, "březen": 3, "duben": 4, "květen": 5, "červen": 6,
    "srpen": 8, "říjen": 10, "prosinec": 12,
}  # fmt: skip
#: Hours ahead of UTC. Of names that are used in several places, the one of RFC 5322, else the one with the most speakers.
_ZONE_HOURS = {
    "utc": 0, "ut": 0, "gmt": 0, "z": 0, "wet": 0, "west": 1, "bst": 1, "cet": 1, "cest": 2, "mez": 1, "mesz": 2, "met": 1, "mest": 2,
    "wat": 1, "cat": 2, "sast": 2, "eet": 2, "eest": 3, "idt": 3, "msk": 3, "trt": 3, "eat": 3, "irst": 3.5, "gst": 4, "pkt": 5, "ist": 5.5,
    "npt": 5.75, "wib": 7, "ict": 7, "wita": 8, "hkt": 8, "sgt": 8, "myt": 8, "pht": 8, "awst": 8, "wit": 9, "jst": 9, "kst": 9, "acst": 9.5,
    "acdt": 10.5, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13, "nst": -3.5, "ndt": -2.5, "brt": -3, "art": -3, "clst": -3, "adt": -3,
    "clt": -4, "ast": -4, "edt": -4, "est": -5, "cdt": -5, "cot": -5, "pet": -5, "cst": -6, "mdt": -6, "mst": -7, "pdt": -7, "pst": -8,
    "akdt": -8, "akst": -9, "hst": -10,
}  # fmt: skip
# American sites write these all year. They are loaded at import, because a worker can open no file later.
_AMERICAN_ZONES = {
    "et": ZoneInfo("America/New_York"),
    "ct": ZoneInfo("America/Chicago"),
    "mt": ZoneInfo("America/Denver"),
    "pt": ZoneInfo("America/Los_Angeles"),
}
#: The shortest abbreviation of a month.
_MIN_ABBREVIATION = 3


def fold_date(text: str) -> str:
    """Return the text in lower case, without accents, in the plain form of each character."""
    decomposed = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    base_text = "".join(character for character in decomposed if unicodedata.category(character) != "Mn")
    return unicodedata.normalize("NFC", base_text)


def find_month(word: str) -> int | None:
    """Return the month that a folded word names or abbreviates; None if it names none, or different ones in several
    languages.
    """
    return _MONTH_BY_WORD.get(word)


def find_zone(name: str) -> tzinfo | None:
    """Return the time zone of a folded name such as ``cet``; None if it is unknown."""
    hours = _ZONE_HOURS.get(name)
    return _AMERICAN_ZONES.get(name) if hours is None else timezone(timedelta(hours=hours))


def _build_month_words() -> dict[str, int]:
    meanings: defaultdict[str, set[int]] = defaultdict(set)
    for names in MONTHS.values():
        for word, month in _generate_abbreviations(names):
            meanings[word].add(month)
    words = {word: months.pop() for word, months in meanings.items() if len(months) == 1}
    # “Mar” also begins a Finnish November, but feeds write English.
    words.update(_generate_abbreviations(MONTHS["en"]))
    words.update((fold_date(word), month) for word, month in _OTHER_MONTHS.items())
    return words


def _generate_abbreviations(names: str) -> Iterator[tuple[str, int]]:
    for month, name in enumerate(fold_date(names).split(), 1):
        for length in range(_MIN_ABBREVIATION, len(name) + 1):
            yield name[:length], month


_MONTH_BY_WORD = _build_month_words()


#: Clocks and time zones of publishers are wrong by up to this. A date further ahead is no time of publishing.
MAX_AHEAD = timedelta(hours=26)
#: An older date comes from a clock that was never set.
_OLDEST = datetime(1990, 1, 1, tzinfo=UTC)
#: A longer text is no date.
_MAX_LENGTH = 100
#: No place on Earth is further from UTC.
_MAX_OFFSET = timedelta(hours=14)
#: RFC 5322, 4.3: two-digit years from here on are of the last century.
_LAST_CENTURY = 50

_ISO = re.compile(r"\d{4}-?\d\d-?\d\d[T ]\d\d\S*|\d{4}-\d\d-\d\d|\d{4}-W\d\d-\d", re.ASCII)
# The format of nearly all RSS feeds. The general way takes ten times as long.
_RFC = re.compile(
    r"(?:[A-Za-z]{3}, )?(\d{1,2}) ([A-Za-z]{3}) (\d{4}) (\d\d):(\d\d):([0-5]\d) (?:GMT|UTC|([+-])(\d\d)([0-5]\d))",
    re.ASCII,
)
# The seconds or milliseconds since 1970 of a time from 2001 to 2033, and dates of digits alone. No number is both.
_EPOCH_SECONDS = re.compile(r"(1\d{9})(?:\d{3}|\.\d{1,9})?", re.ASCII)
_DIGITS = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?", re.ASCII)

_REIWA = re.compile(r"令和\s?(\d{1,2}|元)\s?年", re.ASCII)
#: Rewrites, applied in this order, that make all dates and times look alike.
_REWRITES = tuple(
    (re.compile(pattern, re.ASCII), alike)
    for pattern, alike in (
        (r"[‐‑‒–—−]", "-"),
        # Japanese, Chinese and Korean write a unit behind each number.
        (r"(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]", r"\1-\2-\3 "),
        (r"(\d{1,2})\s?[時时시]\s?(\d{1,2})\s?[分분]\s?(\d{1,2})\s?[秒초]", r" \1:\2:\3 "),
        (r"(\d{1,2})\s?[時时시]\s?(\d{1,2})\s?[分분]", r" \1:\2 "),
        (r"(\d{1,2})\s?[時时시]", r" \1:00 "),
        (r"午前|上午|오전", " am "),
        (r"午後|下午|오후", " pm "),
        (r"(?<![a-z])([ap])\.?\s?m\.?(?![a-z])", r" \1m "),
        (r"(\d)\s?h\s?(\d\d)(?!\d)", r"\1:\2"),
        (r"(?<![\d:.])(\d{1,2})\s?(?:uhr|hrs|h)\b(?!\s?\d)", r"\1:00"),
        (r"(?<![\d:.-])(\d{1,2})\s*(?=[ap]m )", r"\1:00"),
        (r"(?<![a-z])(?:uhr|hrs|h)\b\.?", " "),
        (r"(?<=\d)t(?=\d)", " "),
        (r"(?<![a-z])(?:gmt|utc?|z)\s?([+-])\s?(?=\d)", r" \1"),
        # A time zone on a day alone, which XML Schema allows.
        (r"^(\d{4}-\d\d-\d\d)(?=z$|[+-]\d\d:?\d\d$)", r"\1 0:00"),
        # An offset says more than the name behind it.
        (r"([+-]\d\d:?\d\d)\s?[(\[][^)\]]*[)\]]", r"\1"),
        (r"[()\[\]]", " "),
    )
)
_YEAR_FIRST = re.compile(r"(?<!\d)((?:19|20)\d\d)([-/.])\s?(\d{1,2})\2\s?(\d{1,2})(?!\d)", re.ASCII)
_YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2})([-/.])\s?(\d{1,2})\2\s?((?:19|20)\d\d)(?!\d)", re.ASCII)
_CLOCK = re.compile(
    r"(?:(?P<before>[ap])m\s+)?(?<![\d:.])(?P<hour>\d{1,2})[:.](?P<minute>\d{1,2})(?:[:.](?P<second>\d{1,2}))?"
    r"(?:[.,]\d{1,9})?(?![:.]?\d)(?:\s*(?P<after>[ap])m\b)?",
    re.ASCII,
)
_OFFSET = re.compile(r"[\s,]*([+-])(\d{1,2})(?::?(\d\d))?(?::?00)?(?![\d:])", re.ASCII)
_OFFSET_LAST = re.compile(r"(?<=\s)([+-])(\d\d):?(\d\d)\s*$", re.ASCII)
_NAME = re.compile(r"[\s,]*([^\W\d_]+)(,?)")
_NAME_LAST = re.compile(r"(?<![^\W\d_])([a-z]{2,5})\s*$")
_NAME_BEFORE = re.compile(r"(?<![^\W\d_])([a-z]{3,5})[\s,]*$")
#: Words that may be between a time and the date behind it.
_FILLER_WORDS = frozenset(("on", "of", "de", "del", "den", "the", "le", "el", "am", "il", "em"))
_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\d+", re.ASCII)


def choose_publication_date(dates: Iterable[str], now: datetime) -> tuple[datetime, bool]:
    """Return the first date that can be true, never later than ``now``, and True; or ``now`` and False if there is none."""
    for text in dates:
        moment = parse_date(text)
        if moment is not None and _OLDEST <= moment <= now + MAX_AHEAD:
            return min(moment, now), True
    return now, False


@lru_cache(maxsize=4_096)
def parse_date(text: str) -> datetime | None:
    """Return the moment in UTC that a date means; None if it means none, or could mean several.

    A date without a time zone is taken as UTC, one without a time as midnight. Numbers between slashes or hyphens are
    read only if their order is certain (``25/11/2026``); between dots the day comes first. A month or a year alone is
    no date.
    """
    text = text.strip()
    if not text or len(text) > _MAX_LENGTH:
        return None
    with contextlib.suppress(ValueError, OverflowError):
        moment = _parse_rfc_date(text) or _parse_digits(text) or _parse_iso_date(text) or _parse_free_text(text)
        return moment and _to_utc(moment)
    return None


def _to_utc(moment: datetime) -> datetime | None:
    offset = moment.utcoffset()
    if offset is None:
        return moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC) if abs(offset) <= _MAX_OFFSET else None


def _parse_rfc_date(text: str) -> datetime | None:
    match = _RFC.fullmatch(text)
    month = find_month(match[2].lower()) if match else None
    if match is None or month is None:
        return None
    day, year, hour, minute, second = (int(match[group]) for group in (1, 3, 4, 5, 6))
    offset = timedelta(hours=int(match[8] or 0), minutes=int(match[9] or 0))
    moment = datetime(year, month, day, tzinfo=timezone(-offset if match[7] == "-" else offset))
    return moment + timedelta(hours=hour, minutes=minute, seconds=second) if hour < 24 and minute < 60 else None


def _parse_digits(text: str) -> datetime | None:
    epoch = _EPOCH_SECONDS.fullmatch(text)
    if epoch:
        return datetime.fromtimestamp(int(epoch[1]), UTC)
    digits = _DIGITS.fullmatch(text)
    if not digits:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in digits.groups())
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC)


def _parse_iso_date(text: str) -> datetime | None:
    if not _ISO.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _parse_free_text(text: str) -> datetime | None:
    """Read a date as people write it."""
    text = _normalize(text)
    day, rest = _parse_numeric_day(text)
    clock = _CLOCK.search(rest)
    before, after = (rest[: clock.start()], rest[clock.end() :]) if clock else (rest, "")
    if "pm" in _WORD.findall(before) or {"am", "pm"}.intersection(_WORD.findall(after)):
        # A half of the day that does not belong to the time.
        return None
    zone, after = _parse_zone(before, after)
    if day is None:
        day = _parse_named_day(f"{before} | {after}")
    elif _NUMBER.search(before + after):
        return None
    if day is None or zone is None:
        return None
    return (day + _parse_time_of_day(clock)).replace(tzinfo=zone)


def _normalize(text: str) -> str:
    text = _REIWA.sub(lambda year: f"{2018 + int(year[1].replace('元', '1'))}年", fold_date(text))
    for pattern, replacement in _REWRITES:
        text = pattern.sub(replacement, text)
    return text


def _parse_numeric_day(text: str) -> tuple[datetime | None, str]:
    """Return a day that is all numbers, and the text without it. Raise ValueError if its order is not certain."""
    match = _YEAR_FIRST.search(text)
    if match:
        day = datetime(int(match[1]), int(match[3]), int(match[4]))  # noqa: DTZ001 - its zone is read later
    else:
        match = _YEAR_LAST.search(text)
        if not match:
            return None, text
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        if match[2] != "." and first <= 12 and second <= 12 and first != second:
            raise ValueError
        day_first = match[2] == "." or first > 12
        day = datetime(year, *((second, first) if day_first else (first, second)))  # noqa: DTZ001
    return day, f"{text[: match.start()]} {text[match.end() :]}"


def _parse_named_day(text: str) -> datetime | None:
    """Return the day that a month's name and two numbers mean."""
    months = [word for word in _WORD.finditer(text) if find_month(word[0])]
    if len(months) == 2 and months[0][0] == "mar":
        # It is a Tuesday in Spanish, French, Italian and Romanian.
        del months[0]
    numbers = list(_NUMBER.finditer(text))
    if len(months) != 1 or len(numbers) != 2:
        return None
    month = find_month(months[0][0]) or 0
    first, second = (number[0] for number in numbers)
    if len(first) == 4:
        return datetime(_parse_year(first), month, int(second))  # noqa: DTZ001
    if len(second) == 4 or (len(second) == 2 and numbers[0].end() <= months[0].start() < numbers[1].start()):
        return datetime(_parse_year(second), month, int(first))  # noqa: DTZ001
    return None


def _parse_year(digits: str) -> int:
    year = int(digits)
    if len(digits) == 4:
        if not 1900 <= year < 2100:
            raise ValueError
        return year
    return year + (1900 if year >= _LAST_CENTURY else 2000)


def _parse_time_of_day(clock: re.Match[str] | None) -> timedelta:
    """Return how far into the day a time is. Raise ValueError for one that no clock shows."""
    if clock is None:
        return timedelta(0)
    hour, minute, second = int(clock["hour"]), int(clock["minute"]), min(int(clock["second"] or 0), 60)
    half = clock["before"] or clock["after"]
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    if minute > 59 or int(clock["second"] or 0) > 60 or (hour, minute, second) > (24, 0, 0):
        raise ValueError
    return timedelta(hours=hour, minutes=minute, seconds=second)


def _parse_zone(before: str, after: str) -> tuple[tzinfo | None, str]:
    """Return the time zone of a time, and the text behind the time without it.

    The zone is None if a word may be a zone that is not known here.
    """
    offset = _OFFSET.match(after) or _OFFSET_LAST.search(after)
    if offset:
        size = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
        if int(offset[3] or 0) > 59:
            raise ValueError
        return timezone(-size if offset[1] == "-" else size), after[: offset.start()] + after[offset.end() :]
    name = _find_zone_name(after)
    if name:
        return find_zone(name[1]), after[: name.start()] + after[name.end() :]
    name = _NAME_BEFORE.search(before)
    return (name and find_zone(name[1])) or UTC, after


def _find_zone_name(after: str) -> re.Match[str] | None:
    """Return the word that must be a time zone: the first behind a time, or the last behind its date."""
    first = _NAME.match(after)
    if first and not (first[2] or first[1] in _FILLER_WORDS or find_month(first[1])):
        return first
    last = _NAME_LAST.search(after)
    return last if last and not find_month(last[1]) else None
