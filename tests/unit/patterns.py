"""Run every regular expression of the project against hostile strings, and print how its cost grows.

``python -m tests.unit.patterns`` prints a line of JSON per pattern that is too slow; tests run it in a process of its
own, where only CPU time counts, so that a busy machine changes nothing.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import pkgutil
import re
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from re import _constants as opcodes  # type: ignore[attr-defined]  # no public module names what a pattern is made of
from re import _parser as parser  # type: ignore[attr-defined]  # as above
from types import FrameType
from typing import Any

ROOT = Path(__file__).parents[2]
#: Modules that compile the phrases of a language when a text in it is first read.
LATE = ("bot.newsroom.claim_extraction", "bot.newsroom.expected_event_extraction", "bot.newsroom.term_extraction")
LANGUAGES = ("en", "de", "es", "ja")
PACKAGES = ("bot", "cogs")
#: The longest text that a person can send to a bot: an option of a slash command.
LONGEST = 6_000
#: How much shorter the second string is, and how much less time it must take at least: of what is quadratic, a 16th.
TIMES = 4
MOST_GROWTH = 8.0
#: Seconds within which nothing that is more than linear reads the first string.
NEGLIGIBLE = 0.003
_ENOUGH = 0.005
ATTEMPTS = 3
#: Import of these has effects of its own.
_EFFECTS = ("__main__", "migrations")
_READERS = frozenset(("compile", "search", "match", "fullmatch", "split", "findall", "finditer", "sub", "subn"))


#: Modules whose patterns read no more than so many characters at a time.
_SHORTER = {
    # A rule of clutter reads a line that is no longer, or the end of a text.
    "bot.newsroom.parsing.boilerplate": 400,
    # Nothing longer is taken for a date.
    "bot.newsroom.parsing.publication_dates": 100,
    # Of a question, or a sentence, no more is read.
    "bot.query.exclusions": 300,
    "bot.query.query_parser": 300,
    "bot.query.question_kinds": 300,
    # Of a headline, no more is read.
    "bot.newsroom.tracker.headings": 80,
    # Of a title, a text or a summary, sentence by sentence.
    "bot.newsroom.statement_reader": 2_000,
    # Of a title and a lead, sentence by sentence.
    "bot.query.lexicon.phrases": 500,
    "bot.newsroom.expected_event_extraction": 500,
    "bot.newsroom.term_extraction": 500,
}


@dataclass(frozen=True, slots=True)
class Place:
    """A regular expression, and the module that has it."""

    module: str
    pattern: re.Pattern[Any]

    @property
    def longest(self) -> int:
        """Return the most characters that the module reads at a time."""
        return _SHORTER.get(self.module, LONGEST)

    def ways(self) -> tuple[Callable[[Any], object], ...]:
        """Return how its module asks it, such as only at the beginning of a text; both ways for one in a table."""
        source = inspect.getsource(importlib.import_module(self.module))
        names = [name for name, value in vars(importlib.import_module(self.module)).items() if value is self.pattern]
        uses = {use for name in names for use in re.findall(rf"\b{name}\b(?! = )([.\w]*)", source)}
        methods = {".match": self.pattern.match, ".fullmatch": self.pattern.fullmatch, ".search": self.pattern.search}
        if uses and uses <= methods.keys():
            return tuple(methods[use] for use in uses)
        return (self.pattern.findall,) if uses else (self.pattern.findall, self.pattern.fullmatch)


def compiled() -> list[Place]:
    """Return what the modules compile while they are imported or later, also what they hide in tables and functions."""
    places: list[Place] = []
    genuine = re.compile

    def recording(pattern: Any, flags: int = 0) -> re.Pattern[Any]:
        pattern_object = genuine(pattern, flags)
        module = _caller(sys._getframe(1))
        if module.split(".")[0] in PACKAGES:
            places.append(Place(module, pattern_object))
        return pattern_object

    re.compile = recording
    try:
        for module in modules():
            importlib.import_module(module)
        for module in LATE:
            for code in LANGUAGES:
                # Whatever the reader of a language compiles, at once or when it is needed.
                inspect.getmembers(importlib.import_module(module)._get_reader(code))
    finally:
        re.compile = genuine
    return places


def inline() -> list[Place]:
    """Return the patterns that stand in calls such as ``re.sub("a+", …)``, which are compiled when they are needed."""
    return [
        Place(module, re.compile(ast.literal_eval(call.args[0]), _flags(call)))
        for module, call in _late_calls()
        if isinstance(call.args[0], ast.Constant)
    ]


def made_of_values() -> list[str]:
    """Return the modules of calls whose pattern is put together when they run, each with what it is made of."""
    return [
        f"{module}: {ast.unparse(call.args[0])}"
        for module, call in _late_calls()
        if not isinstance(call.args[0], ast.Constant)
    ]


def modules() -> Iterator[str]:
    """Yield the names of all modules of the project."""
    for package in PACKAGES:
        yield package
        for module in pkgutil.walk_packages([str(ROOT / package)], f"{package}."):
            if not any(part in _EFFECTS for part in module.name.split(".")):
                yield module.name


def slow(place: Place) -> dict[str, Any] | None:
    """Return the string at which the pattern is more than linear, and its times; None for a pattern that is fine."""
    pattern, ways = place.pattern, place.ways()
    for build in hostile(pattern):
        for ask in ways:
            times = growth(ask, build, place.longest, NEGLIGIBLE)
            if times > MOST_GROWTH:
                return {
                    "module": place.module,
                    "pattern": str(pattern.pattern)[:200],
                    "text": str(build(60)),
                    "growth": round(times, 1),
                }
    return None


def hostile(pattern: re.Pattern[Any]) -> Iterator[Callable[[int], Any]]:
    """Yield makers of strings of any length that the pattern reads for long: what it wants, again and again, but no end."""
    tree = parser.parse(pattern.pattern, pattern.flags)
    samples = {_sample(tree, repeats) for repeats in (0, 1, 2)}
    letters = {letter for sample in samples for letter in sample} | set(" 1a.-[(<")
    beginnings = {sample[:cut] for sample in samples for cut in range(2, min(len(sample), 16) + 1)}
    heads = {"", *(sample[:1] for sample in samples)}
    is_bytes = isinstance(pattern.pattern, bytes)
    for pump in sorted(letters | beginnings | samples - {""}):
        for head in sorted(heads):
            for end in ("\0", "<"):
                yield partial(_pumped, head, pump, end, is_bytes)


def _pumped(head: str, pump: str, end: str, is_bytes: bool, length: int) -> str | bytes:
    text = head + pump * (length // len(pump)) + end
    return text.encode("latin-1", "replace") if is_bytes else text


def growth(ask: Callable[[Any], object], build: Callable[[int], Any], length: int, negligible: float) -> float:
    """Return how many times as long the longest text takes as a shorter one; 0 if it is read in a negligible time."""
    longest, shorter = build(length), build(length // TIMES)
    if _is_read_within(ask, shorter, negligible / TIMES**2, attempts=1) or _is_read_within(ask, longest, negligible):
        return 0.0
    least = float("inf")
    for _ in range(ATTEMPTS):
        least = min(least, _seconds(ask, longest) / _seconds(ask, shorter))
        if least <= MOST_GROWTH:
            break
    return least


def _is_read_within(ask: Callable[[Any], object], text: Any, seconds: float, attempts: int = ATTEMPTS) -> bool:
    """Return whether one of a few readings is over so soon by the clock on the wall: a busy machine only makes it later.

    What takes several times as long is not tried again.
    """
    for _ in range(attempts):
        begin = time.perf_counter()
        ask(text)
        elapsed = time.perf_counter() - begin
        if elapsed <= seconds:
            return True
        if elapsed > 4 * seconds:
            break
    return False


def _seconds(ask: Callable[[Any], object], text: Any) -> float:
    """Return the CPU time of one reading: of so many that the clock of CPU time, which can be coarse, measures them."""
    times = 1
    while True:
        begin = time.process_time()
        for _ in range(times):
            ask(text)
        seconds = time.process_time() - begin
        if seconds >= _ENOUGH:
            return seconds / times
        times *= 4


def _sample(tree: Any, repeats: int) -> str:
    """Return a text that the pattern takes, or nearly: its repeats are done so many times more than they must."""
    return "".join(_part(op, value, repeats) for op, value in tree)


def _part(op: Any, value: Any, repeats: int) -> str:
    match op:
        case opcodes.LITERAL:
            return chr(value)
        case opcodes.NOT_LITERAL:
            return "b" if value == ord("a") else "a"
        case opcodes.ANY:
            return "a"
        case opcodes.IN:
            return _one_of(value)
        case opcodes.BRANCH:
            return _sample(value[1][min(repeats, len(value[1]) - 1)], repeats)
        case opcodes.SUBPATTERN:
            return _sample(value[-1], repeats)
        case opcodes.MAX_REPEAT | opcodes.MIN_REPEAT | opcodes.POSSESSIVE_REPEAT:
            least, most, inner = value
            return _sample(inner, repeats) * min(int(least) + repeats, int(most), 20)
        case opcodes.ATOMIC_GROUP:
            return _sample(value, repeats)
        case _:
            return ""


_CATEGORIES = {
    opcodes.CATEGORY_DIGIT: "1",
    opcodes.CATEGORY_NOT_DIGIT: "a",
    opcodes.CATEGORY_SPACE: " ",
    opcodes.CATEGORY_NOT_SPACE: "a",
    opcodes.CATEGORY_WORD: "a",
    opcodes.CATEGORY_NOT_WORD: " ",
}


def _one_of(members: list[Any]) -> str:
    wanted = re.compile("|".join(_member(*member) for member in members if member[0] is not opcodes.NEGATE) or "a")
    if members[0][0] is opcodes.NEGATE:
        return next(letter for letter in "a1 -.é\0\u2603" if not wanted.match(letter))
    op, value = members[0]
    if op is opcodes.RANGE:
        return chr(value[0])
    return chr(value) if op is opcodes.LITERAL else _CATEGORIES[value]


def _member(op: Any, value: Any) -> str:
    if op is opcodes.RANGE:
        return f"[{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}]"
    return re.escape(chr(value)) if op is opcodes.LITERAL else re.escape(_CATEGORIES[value])


def _caller(frame: FrameType | None) -> str:
    return str(frame.f_globals.get("__name__", "")) if frame else ""


@cache
def _late_calls() -> tuple[tuple[str, ast.Call], ...]:
    """Return the calls of ``re`` in functions, each with its module."""
    found: list[tuple[str, ast.Call]] = []
    for package in PACKAGES:
        for file in sorted((ROOT / package).rglob("*.py")):
            source = file.read_text(encoding="utf-8")
            if "re." in source:
                module = ".".join(file.relative_to(ROOT).with_suffix("").parts)
                found += ((module, call) for call in _calls_in_functions(ast.parse(source)) if _reads(call))
    return tuple(found)


def _calls_in_functions(tree: ast.Module) -> Iterator[ast.Call]:
    waiting: list[tuple[ast.AST, bool]] = [(tree, False)]
    while waiting:
        node, is_in_function = waiting.pop()
        if is_in_function and isinstance(node, ast.Call):
            yield node
        is_in_function = is_in_function or _is_function(node)
        waiting += ((child, is_in_function) for child in ast.iter_child_nodes(node))


def _is_function(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)


def _flags(call: ast.Call) -> int:
    arguments = [ast.unparse(value) for value in (*call.args[1:], *(keyword.value for keyword in call.keywords))]
    return sum(getattr(re, name[3:]) for name in arguments if re.fullmatch(r"re\.[A-Z]+", name))


def _reads(call: ast.Call) -> bool:
    named = call.func
    return (
        isinstance(named, ast.Attribute)
        and isinstance(named.value, ast.Name)
        and named.value.id == "re"
        and named.attr in _READERS
        and bool(call.args)
    )


def report() -> dict[str, Any]:
    """Return what was looked at, and what is too slow."""
    places = list({(place.module, place.pattern): place for place in (*compiled(), *inline())}.values())
    slow_ones = []
    for place in places:
        # What never ends is killed by its limit of CPU time, and was named last.
        print(place.module, repr(place.pattern.pattern)[:200], file=sys.stderr)
        if bad := slow(place):
            slow_ones.append(bad)
    return {"patterns": len(places), "slow": slow_ones, "made of values": made_of_values()}


if __name__ == "__main__":
    print(json.dumps(report()))
