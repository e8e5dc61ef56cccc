"""What makes a headline contradict another one of similar words: the other direction, a negation, another day, swapped parties.

All rules compare words. They are wrong at times, and then a re-report stays a development, which an editor sees.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import product

from rapidfuzz import fuzz

from bot.entities.word_frequencies import is_name, split_without_possessives
from bot.model.text_folding import UNSPACED, fold
from bot.newsroom.tracker.directions import CONVERSES, DENIALS, NEGATIONS, OPPOSITES, find_directions, find_opposites
from bot.newsroom.tracker.figures import Figure, extract_figures
from bot.newsroom.tracker.stems import stem

#: How many words of a headline are compared one by one.
_WORD_LIMIT = 40
#: From this likeness on (percent) two names are spellings of one.
_SPELLING_RATIO = 75
#: How many names of a headline are compared in pairs.
_NAME_LIMIT = 8
_SYMMETRIC = frozenset("and with mit und con y e et".split())
_PASSIVE = frozenset("by von durch por".split())
#: Words of German headlines. Its nouns have a capital, so that a name cannot be told from another noun.
_GERMAN = frozenset("und der das bei nach fur mit von uber zur zum im am wegen sich ab".split())
#: Names of one place or company, by one of them. A capital stands for its country.
_NAMES = {
    name: names.split()[0]
    for names in (
        "eu brussels bruselas brussel europe", "us usa america washington american", "uk britain london british", "china beijing chinese", "japan tokyo japanese",
        "germany berlin german", "france paris french", "russia moscow russian kremlin", "india delhi indian", "vw volkswagen",
    )
    for name in names.split()
}  # fmt: skip
#: Words that name no action: between two names they do not tell who does what.
_LINKS = frozenset("and or with in on at for from to of over the a an as is are und mit von im in zu der die das den y con de del la el en a por una un ein eine will would says say said has have had its".split())  # fmt: skip

_SPAN = r"(?:week|month|year|quarter|summer|winter|spring|autumn|fall|decade)"
_GERMAN_SPAN = r"(?:woche|monat|jahr|quartal|sommer|winter|fruhjahr|herbst)"
_SPANISH_SPAN = r"(?:ano|mes|semana|trimestre|verano|invierno|primavera|otono)"
#: Periods in a folded headline, beside the days and months of figures.
_PERIOD = re.compile(
    rf"\b(?:(?P<which>this|next|last|coming|past) (?P<span>{_SPAN})"
    rf"|(?P<welche>diese|nachste|letzte|kommende|vergangene)[smnr]? (?P<spanne>{_GERMAN_SPAN})"
    rf"|(?P<cual>este|esta|proxim[oa]|pasad[oa]) (?P<lapso>{_SPANISH_SPAN})|{_SPANISH_SPAN} (?:que viene|pasad[oa]|proxim[oa])"
    r"|tomorrow|today|tonight|yesterday|heute|morgen|gestern|hoy|ayer|(?:(?<=\bde )|(?<=^))manana"
    r"|(?:year|month|mid year|mid month) ?end|mid ?year|jahresende|jahresmitte|fin de ano|mediados de ano"
    r"|(?:early|mid|late|anfang|mitte|ende|principios de|mediados de|finales de) (?=\d{4}\b|[a-z]{3,9} \d{4}\b)"
    r"|(?:in|by|for|this|until) (?:spring|summer|autumn|fall|winter)|fruhjahr|fruhling|sommer|herbst|primavera|verano|otono|invierno"
    r"|(?:first|second|erste[sn]?|zweite[sn]?|primer|segundo) (?:half|halbjahr|semestre)|h[12]"
    r"|(?:im|in|by|until|bis|ab|from|since) (?:jan|feb|mar|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez)|(?:million|billion) (?:dollar|euro|pound|yen)|(?:on|am) (?P<weekday>mon|tue|wed|thu|fri|sat|sun)[a-z]{0,3})\b"
    r"|[月火水木金土日]曜|今日|明日|昨日|今週|来週|先週|今月|来月|先月|今年|来年|昨年|年内|年末|上半期|下半期|上期|下期|今春|今夏|今秋|来春|来夏|来秋"
)  # fmt: skip
_PERIOD_SPELLINGS = (("coming", "next"), ("past ", "last "), ("kommende", "nachste"), ("vergangene", "letzte"))
#: The day of the report itself: it is no news if the other report does not name it.
_OWN_PERIODS = frozenset("today tonight yesterday heute gestern hoy ayer 今日 昨日".split())
#: Sizes without a number. Two that mean the same have the same key.
_SIZES = (
    ("half", "half halve halved halves halving halfte halbiert halbieren mitad 半数 半分 半減"),
    ("double", "double doubled doubles doubling twice verdoppelt verdoppeln duplica duplican doble 倍増 2倍"),
    ("triple", "triple tripled triples threefold verdreifacht triplica 3倍"),
    ("dozen", "dozen dozens dutzend dutzende docena docenas"),
    ("hundreds", "hundreds hunderte cientos centenares 数百"),
    ("thousands", "thousands tausende miles 数千"),
    ("millions", "millions 数百万"),
    ("billions", "billions"),
    ("third", "thirds drittel tercio"),
    ("quarter", "viertel"),
)
_SIZE_BY_WORD = {word: size for size, words in _SIZES for word in words.split()}
_UNITS = (
    ("km", "km kilometer kilometers kilometre kilometres kilometer"), ("mile", "mile miles"), ("t", "tonne tonnes ton tons tonnen"),
    ("kt", "kilotonne kilotonnes kt"), ("mt", "megatonne megatonnes"), ("kg", "kg kilo kilos kilogram kilograms"), ("gwh", "gwh"), ("mwh", "mwh"),
    ("twh", "twh"), ("kwh", "kwh"), ("kw", "kw"), ("mw", "mw megawatt megawatts"), ("gw", "gw gigawatt gigawatts"), ("minute", "minute minutes"),
    ("hour", "hour hours stunden horas"), ("day", "day days tage tagen dias"), ("week", "week weeks wochen semanas"), ("month", "month months monate monaten meses"),
    ("year", "year years jahre jahren anos"),
)  # fmt: skip
_UNIT_BY_WORD = {word: unit for unit, words in _UNITS for word in words.split()}
_MEASURE = re.compile(rf"\b(\d{{1,9}}) ?({'|'.join(sorted(_UNIT_BY_WORD, key=len, reverse=True))})\b")
_KATAKANA = re.compile(r"[ァ-ヺー]{2,20}")
_SUBJECT = re.compile(r"^([^がは、,]{1,12})[がは]")
_QUESTION = re.compile(r"[?？¿]|か$")


@dataclass(frozen=True, slots=True)
class Statement:
    """What a headline states, as far as another one may contradict it.

    Attributes:
        folded: the headline, folded.
        words: its folded words, at most forty, each with whether it is a name.
        stems: the stems of the words; pairs of characters in scripts without blanks.
        days: the days, weekdays and months that it names, with its own day.
        own_days: the day of its publication.
        periods: other periods, such as *next year*.
        sizes: sizes without a number, such as *dozens*.
        measures: numbers with the unit of each.
    """

    folded: str
    words: tuple[tuple[str, bool], ...]
    stems: frozenset[str]
    is_question: bool
    days: frozenset[Figure]
    own_days: frozenset[Figure]
    periods: frozenset[str]
    sizes: frozenset[str]
    measures: frozenset[tuple[str, str]]

    def contradicts(self, old: Statement) -> bool:
        """Return whether this headline cannot repeat an older one, however similar the words of the two are."""
        return (
            self.is_question != old.is_question
            or self._is_in_another_direction(old)
            or self._is_negated_otherwise(old)
            or self._has_another_time(old)
            or self._has_another_size(old)
            or self._exchanges_a_name(old)
            or self._exchanges_an_action(old)
            or self._swaps_parties(old)
        )

    def _is_in_another_direction(self, old: Statement) -> bool:
        if find_opposites(self.stems, old.stems, OPPOSITES):
            return True
        # Who sells and who buys report the same.
        return self._first_name == old._first_name and find_opposites(self.stems, old.stems, CONVERSES)

    @property
    def _first_name(self) -> str:
        return next((word for word, is_a_name in self.words if is_a_name), "")

    def _is_negated_otherwise(self, old: Statement) -> bool:
        if bool(self.stems & NEGATIONS) == bool(old.stems & NEGATIONS):
            return False
        return not (self.stems | old.stems) & DENIALS

    def _has_another_time(self, old: Statement) -> bool:
        if not (self.periods - _OWN_PERIODS <= old.periods):
            return True
        if self.periods and old.periods and self.periods.isdisjoint(old.periods):
            return True
        if not self.days or not old.days or not self.days.isdisjoint(old.days):
            return False
        # Both may name the day of the report: one by its date, the other by the weekday.
        is_own = self.days <= self.own_days and old.days <= old.own_days
        return not (is_own and {day.unit for day in self.days} != {day.unit for day in old.days})

    def _has_another_size(self, old: Statement) -> bool:
        if not self.sizes <= old.sizes:
            return True
        known = dict(old.measures)
        return any(number in known and known[number] != unit for number, unit in self.measures)

    def _exchanges_a_name(self, old: Statement) -> bool:
        """Return whether one place of otherwise equal headlines has another name."""
        ours, theirs = set(_KATAKANA.findall(self.folded)), set(_KATAKANA.findall(old.folded))
        if any(_is_foreign(word, theirs) for word in ours) and any(_is_foreign(word, ours) for word in theirs):
            return True
        one, other = ([_NAMES.get(word, word) for word, _ in each.words] for each in (old, self))
        if not _GERMAN.isdisjoint((*one, *other)):
            return False
        place = _find_only_replacement(one, other)
        if place is None:
            return False
        start, end, new_start, new_end = place
        if not all(is_a_name for _, is_a_name in (*old.words[start:end], *self.words[new_start:new_end])):
            return False
        return not any(_is_spelling(*names) for names in product(one[start:end], other[new_start:new_end]))

    def _exchanges_an_action(self, old: Statement) -> bool:
        """Return whether one place of otherwise equal headlines has an action that may be another one.

        No list has all opposites: if a word has a direction, it takes a word of the same direction to say the same.
        Right behind a name any other word is another action.
        """
        one, other = [stem(word) for word, _ in old.words], [stem(word) for word, _ in self.words]
        place = _find_only_replacement(one, other)
        if place is None:
            return False
        start, end, new_start, new_end = place
        here, there = find_directions(one[start:end]), find_directions(other[new_start:new_end])
        if here | there:
            return here.isdisjoint(there)
        follows_name = start > 0 and old.words[start - 1][1] and not old.words[start][1]
        return follows_name and not any(
            _is_spelling(*words) for words in product(one[start:end], other[new_start:new_end])
        )

    def _swaps_parties(self, old: Statement) -> bool:
        """Return whether one does to the other what the other did to it."""
        ours, theirs = _SUBJECT.match(self.folded), _SUBJECT.match(old.folded)
        if ours and theirs and ours[1] != theirs[1] and ours[1] in old.folded and theirs[1] in self.folded:
            return True
        roles, old_roles = self._find_roles(), old._find_roles()
        return any((verb, patient, agent) in old_roles for verb, agent, patient in roles) and not roles & old_roles

    def _find_roles(self) -> frozenset[tuple[str, str, str]]:
        """Return who does what to whom, by the order of the words: the verb, the agent, the patient.

        The verb is the first word after the agent that is no name. After *by* the agent comes last.
        """
        names = [index for index, (_, is_a_name) in enumerate(self.words) if is_a_name][:_NAME_LIMIT]
        roles = set[tuple[str, str, str]]()
        for start, end in product(names, names):
            before = self.words[end - 1][0]
            between = (word for word, is_a_name in self.words[start + 1 : end] if not is_a_name and word not in _LINKS)
            verb = next(between, "")
            if not verb or before in _SYMMETRIC:
                continue
            agent, patient = (end, start) if before in _PASSIVE else (start, end)
            roles.add((stem(verb), self.words[agent][0], self.words[patient][0]))
        return frozenset(roles)


def _find_only_replacement(one: Sequence[str], other: Sequence[str]) -> tuple[int, int, int, int] | None:
    """Return where two headlines differ, from and to in each; None if they differ in no place, in several, or by an addition."""
    changes = [
        change for change in SequenceMatcher(None, one, other, autojunk=False).get_opcodes() if change[0] != "equal"
    ]
    return changes[0][1:] if len(changes) == 1 and changes[0][0] == "replace" else None


def _is_spelling(one: str, other: str) -> bool:
    """Return whether two names are probably one: *Syria* and *Syrian*, *Koran* and *Quran*, *S* and *South*."""
    shorter, longer = sorted((one, other), key=len)
    return longer.startswith(shorter[:4]) or fuzz.ratio(one, other) >= _SPELLING_RATIO


def _is_foreign(word: str, others: Iterable[str]) -> bool:
    """Return whether a word neither contains any of the others nor is contained in one."""
    return not any(word in other or other in word for other in others)


def parse_statement(
    headline: str, stems: Iterable[str], days: frozenset[Figure], own_days: frozenset[Figure]
) -> Statement:
    """Read a headline without labels. The time is linear in its length, apart from its first forty words."""
    folded = fold(headline)
    spelled = split_without_possessives(headline)[:_WORD_LIMIT]
    # With a capital on few words, each of them is a name: Arm, Shell.
    is_plain = 2 * sum(word[:1].isupper() for word in spelled) <= len(spelled) + 1
    words = [(fold(word), word[:1].isupper() if is_plain else is_name(word)) for word in spelled]
    tokens = frozenset(stems)
    return Statement(
        folded=folded,
        words=tuple(pair for pair in words if not UNSPACED.search(pair[0])),
        stems=tokens,
        is_question=bool(_QUESTION.search(headline.strip())),
        days=days,
        own_days=own_days,
        periods=frozenset(_spell_period(match) for match in _PERIOD.finditer(folded)),
        sizes=frozenset(_SIZE_BY_WORD[word] for word in (*folded.split(), *tokens) if word in _SIZE_BY_WORD),
        measures=frozenset((number, _UNIT_BY_WORD[unit]) for number, unit in _MEASURE.findall(folded)),
    )


def _spell_period(match: re.Match[str]) -> str:
    text = match["weekday"] or match.group()
    for spelling, usual in _PERIOD_SPELLINGS:
        text = text.replace(spelling, usual)
    return text.strip()


def find_days(text: str) -> frozenset[Figure]:
    """Return the days, weekdays and months that a text names, its own day too."""
    return frozenset(
        each for each in extract_figures(text) if each.unit == "day" or each.value.startswith(("weekday ", "month "))
    )
