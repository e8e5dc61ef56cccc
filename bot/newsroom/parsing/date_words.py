"""The words of publishers' dates: the names of months in many languages, and the names of time zones."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta, timezone, tzinfo
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
