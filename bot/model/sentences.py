"""Where the sentences of a text end, in English, German, Spanish and Japanese.

A full stop is ambiguous. It ends no sentence behind an abbreviation (``Rep. Orb``, ``z. B.``, ``EE. UU.``), an initial or a
German ordinal (``am 3. Dezember``), and none if the text goes on in lower case. Where a sentence could end behind an
abbreviation of a name or a measure (``Warner Bros. Discovery``, ``at Orbex Inc. The plant …``), it does if the next word is
one that often begins a sentence: two sentences in one are better than half a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_OPENERS: Final = "\"'“”„‟‘‚«»‹›「『（(["
_CLOSERS: Final = "\"'”“’»«›‹」』）)]"
#: What can end a sentence: a line break, or marks with the quotation marks and brackets behind them.
_END = re.compile(
    rf"\n|(?P<marks>[.!?…]{{1,9}})[{re.escape(_CLOSERS)}]{{0,4}}(?=\s)|[。！？]{{1,9}}(?P<closers>[{re.escape(_CLOSERS)}]{{0,4}})"
)
_BLANKS = re.compile(r"\s*")
#: How many characters before a full stop and after it are looked at.
_REACH = 24
_LAST_TOKENS = re.compile(r"(?:(?P<previous>[\w.'’-]{1,16})\s)?(?P<last>[\w.'’&-]{1,24})$")
_NEXT_WORD = re.compile(rf"[{re.escape(_OPENERS)}¿¡]{{0,3}}(?P<word>\w{{1,24}})")
#: U.S, p.m, S.p.A, and a single letter.
_INITIALS = re.compile(r"[^\W\d_](?:[^\W\d_]?\.[^\W\d_]{1,2}){0,4}")
_TIME = re.compile(r"[ap]\.?m", re.IGNORECASE)
#: A Japanese sentence goes on behind a quotation with 「…。」と述べた.
_GOES_ON = re.compile(r"[\u3041-\u3096、，]")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Abbreviations that always have something behind them, in lower case; titles count only with a capital: *the sales rep.*
_TITLES = _words(
    "mr mrs ms dr prof gov sen rep gen brig col lt sgt cpl pvt pfc capt maj cmdr adm rev hon messrs st mt dipl sra srta dra dña lic ing arq"
)
_NEVER_LAST = _words("approx vs nr bzw lt evtl inkl exkl ggf zzgl abzgl gral ee avda dpto sr sra dr dra")
#: Those that have a number behind them, and are words of their own otherwise.
_BEFORE_NUMBERS = _words(
    "no nos núm num art arts abs ziff kap fig sec vol pp pág págs bd aufl max mind ca rd"
    " jan feb mar apr jun jul aug sep sept oct nov dec mär mrz okt dez ene abr dic"
)
#: Those of names, forms of companies and measures. They can end a sentence.
_CAN_BE_LAST = _words("bros co cos corp inc ltd mfg jr sr mio mrd tsd mill cía cia hnos usw etc")
#: Those that are other words without a capital: days, states and the like.
_CAN_BE_LAST_CAPITALISED = _words(
    "intl dept assn govt univ ave blvd uu mon tue tues wed thu thurs fri mo di mi do fr sa so"
    " ala ariz ark calif colo conn del fla ga ill ind kan ky la mass md mich minn miss mont neb nev okla ore pa tenn tex va vt"
    " wash wis wyo"
)
#: Words behind a time of the day that do not begin a sentence.
_AFTER_TIMES = _words(
    "et est edt ct cst cdt mt pt pst pdt gmt utc bst cet cest jst kst ist hkt eastern central pacific london tokyo"
    " monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun"
    " jan january feb february mar march apr april may jun june jul july aug august sep sept september oct october"
    " nov november dec december local"
)
#: Words that often begin a sentence and no name.
_STARTERS = _words(
    "a an the it its he his she her they their we our this that these those there in on at by for from to with of after"
    " before as if when while under since but and or so both neither some many most all last next both no yes about"
    " according analysts shares sources however meanwhile regulators rescuers separately"
    " der die das den dem ein eine einer eines einem er sie es wir im am bei mit nach vor zudem auch damit dies diese dieser"
    " dieses dort doch nun jetzt laut aus auf für über unter seit beide zuvor außerdem ferner daher sein ihre seine"
    " el los las un una unos unas lo su sus ese esa este esta estos estas en según por para con se tras además también"
    " pero al del ambas ambos ahora así hoy no sin sobre cuando mientras"
)
_MONTHS_AND_ORDINAL_NOUNS = _words(
    "januar jänner februar märz april mai juni juli august september oktober november dezember"
    " jan feb mär mrz apr jun jul aug sep sept okt nov dez"
    " quartal halbjahr jahrhundert generation platz mal stock runde phase stufe etappe auflage staffel senat kammer"
)
_BEFORE_ORDINALS = _words("der die das den dem des am im zum zur vom bis ab seit beim jeder jedem einem einen ein eine")


def find_sentences(text: str) -> Iterator[tuple[int, str]]:
    """Yield each sentence with its position, blanks behind it included, so that together they are the text.

    A line break always ends one. A quotation of several sentences is several. The time is linear in the length.
    """
    start = 0
    for match in _END.finditer(text):
        if match.start() < start or not _ends_sentence(text, match):
            continue
        blanks = _BLANKS.match(text, match.end())
        end = blanks.end() if blanks else match.end()
        yield start, text[start:end]
        start = end
    if start < len(text):
        yield start, text[start:]


def _ends_sentence(text: str, match: re.Match[str]) -> bool:
    if match.group() == "\n":
        return True
    if match["marks"] is None:
        return not match["closers"] or not _GOES_ON.match(text, match.end())
    blanks = _BLANKS.match(text, match.end())
    following = text[blanks.end() : blanks.end() + _REACH] if blanks else ""
    if not following or "\n" in text[match.end() : match.end() + 2]:
        return True
    next_word = _NEXT_WORD.match(following)
    word = next_word["word"] if next_word else ""
    # In lower case it goes on, unless the word is a name such as iPhone.
    if word.islower() or following[0] in ",;:–—":
        return False
    if match["marks"] != ".":
        return not (match["marks"] == "!" and text.endswith("Yahoo", 0, match.start()))
    return not _is_abbreviation(text[max(0, match.start() - 2 * _REACH) : match.start()], word)


def _is_abbreviation(before: str, next_word: str) -> bool:
    """Return whether a full stop belongs to what is before it, if it is followed by a word that is not in lower case."""
    tokens = _LAST_TOKENS.search(before)
    if tokens is None:
        return False
    last, following = tokens["last"], next_word.lower()
    key = last.lower().rpartition("-")[2]
    if _TIME.fullmatch(last) or (key == "m" and (tokens["previous"] or "").lower() in ("a.", "p.")):
        return following in _AFTER_TIMES
    if last.isdigit():
        is_ordinal = following in _MONTHS_AND_ORDINAL_NOUNS or (tokens["previous"] or "").lower() in _BEFORE_ORDINALS
        return len(last) <= 2 and is_ordinal
    if key in _BEFORE_NUMBERS:
        return next_word[:1].isdigit()
    is_capitalised = last[:1].isupper()
    if key in _NEVER_LAST or (key in _TITLES and is_capitalised) or _is_in_spaced_initials(tokens):
        return True
    is_short_form = key in _CAN_BE_LAST or (key in _CAN_BE_LAST_CAPITALISED and is_capitalised)
    return (is_short_form or _INITIALS.fullmatch(last) is not None) and following not in _STARTERS


def _is_in_spaced_initials(tokens: re.Match[str]) -> bool:
    """Return whether the last token is the end of *z. B.*, *u. a.* or *p. ej.*"""
    previous, last = tokens["previous"] or "", tokens["last"]
    return len(previous) == 2 and previous[0].islower() and previous[1] == "." and len(last) <= 2
