"""Give hostile texts to every function that reads what people send, and print those that take too long.

``python -m tests.unit.readers`` is run by a test in a process of its own, where only CPU time counts.
"""

from __future__ import annotations

import contextlib
import importlib
import inspect
import json
import sys
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from types import SimpleNamespace
from typing import Any

from bot.entities.company_index import CompanyIndex
from bot.entities.company_matcher import CompanyMatcher
from bot.model.dates import PartialDate
from bot.model.delivery_settings import DeliverySettings
from bot.model.follow_settings import DEFAULT_FOLLOW_SETTINGS
from bot.newsroom.drafts import parse_partial_date
from bot.newsroom.expected_event_extraction import extract_expected_events
from bot.newsroom.story_files import read_file
from bot.newsroom.term_extraction import extract_terms
from bot.platforms.discord.user_input import extract_question_before_mention, find_leading_mention, truncate_message
from bot.query.date_ranges import parse_date_range
from bot.query.facets import find_facets
from bot.query.query_parser import parse_query
from bot.redaction import Redactor
from cogs.delivery_settings import parse_settings
from cogs.find_story import extract_texts
from cogs.follows.follow_options import FollowOptions
from cogs.vocabulary_option import MODE_OPTION, PING_OPTION
from tests.unit.patterns import LONGEST, MOST_GROWTH, ROOT, growth, modules

#: The container whose public functions on nothing but texts are found by themselves. What publishers send is read elsewhere, in
#: a process with limits.
ROOMS = (
    "bot.cards",
    "bot.platforms.discord.user_input",
    "bot.languages",
    "bot.library",
    "bot.model",
    "bot.entities",
    "bot.query",
    "bot.newsroom",
    "bot.redaction",
    "cogs",
)
_ELSEWHERE = (
    "bot.newsroom.parsing",
    "bot.newsroom.tracker.embedding",
    "bot.languages.catalogues",
    "bot.languages.formatting",
)
#: Seconds that the event loop can do without: no text of the longest length may need more.
MOST_SECONDS = 0.1
TEXTS = (
    " ", "1", "a", "-", ".", ",", ";", "|", "[", "(", "<", "&", "$", "@", "\n", "\t", "é", "\u0301", "語", "から", "까", "😀", "\u202e", "\ufdfa",
    "a ", "1 ", "- ", ", ", "a,", "a.", "a-", "a'", "in ", "from ", "nissan ", "nissan foxconn ", "日産", "22:00-", "1:", "http://", "http://a.b/",
    "[](", "[a](", "<@1", "<#1>", "&#", "&amp;", "not ", "-a ", "without a ", "$A ", "NYSE: ", "stage ", "stage changes ", "a|b\n", "https://a.b | ", "2025-",
    "last 3 ", "Q1 ", "Mr. ", "A. ", "A ", "ABC-", "…", "*", "_", "`", "a\n", "# ", "\r\n", "**", "||", "{a}", "{", "%s", "\0",
)  # fmt: skip
ENDS = ("", "<")


def readers() -> dict[str, Callable[[str], object]]:
    """Return what reads a text, by name: the public functions of the container that need nothing else, and what is named here."""
    functions: dict[str, Callable[[str], object]] = {}
    for module in modules():
        if module.startswith(ROOMS) and not module.startswith(_ELSEWHERE):
            for name, function in vars(importlib.import_module(module)).items():
                if _reads_texts(function, module) and not name.startswith("_"):
                    functions[f"{module}.{name}"] = partial(_call, function)
    return {**functions, **_more()}


def _reads_texts(function: Any, module: str) -> bool:
    if not callable(function) or not inspect.isfunction(plain := inspect.unwrap(function)):
        return False
    if plain.__module__ != module or inspect.iscoroutinefunction(plain):
        return False
    needed = [one for one in inspect.signature(plain).parameters.values() if _is_needed(one)]
    return any(one.annotation == "str" for one in needed) and all(
        one.annotation == "str" or (one.annotation, one.name) == ("int", "limit") for one in needed
    )


def _is_needed(parameter: inspect.Parameter) -> bool:
    is_many = parameter.kind in (inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL)
    return not is_many and parameter.default is inspect.Parameter.empty


def _call(function: Callable[..., object], text: str) -> object:
    needed = [one for one in inspect.signature(inspect.unwrap(function)).parameters.values() if _is_needed(one)]
    arguments = [
        300 if one.annotation == "int" else text for one in needed if one.kind is not inspect.Parameter.KEYWORD_ONLY
    ]
    keywords = {one.name: text for one in needed if one.kind is inspect.Parameter.KEYWORD_ONLY}
    result = function(*arguments, **keywords)
    return list(result) if isinstance(result, Iterator) else result


def _more() -> dict[str, Callable[[str], object]]:
    """Return functions that need more than texts, and so are not found by themselves: add a new one here."""
    today = date(2026, 3, 1)
    companies = read_file(ROOT / "seeds" / "companies.toml").companies
    names, in_text = CompanyIndex(companies), CompanyMatcher(companies)
    me: Any = SimpleNamespace(id=1, name="Dealwire", global_name=None)
    more: dict[str, Callable[[str], object]] = {
        "read_span": lambda text: parse_date_range(text, today),
        # A question is cut before it is read; so it is here.
        "read_question": lambda text: parse_query(text[:200], names, today),
        # A line of the log, before anything cuts it.
        "Redactor.redact": Redactor(["a", "nissan", "http://a:b@c/"]).redact,
        "extract_terms": lambda text: extract_terms(text, text, today),
        "extract_expected_events": lambda text: extract_expected_events(text, text, today),
        "wishes_in": lambda text: find_facets(text.split()),
        "CompaniesInText": in_text.find_mentions,
        "PartialDate.parse": PartialDate.parse,
        "read_date": lambda text: parse_partial_date("date", text),
        "texts_of": lambda text: extract_texts(_message(text)),
        "cut_message": lambda text: truncate_message(text, "!"),
        "mention_at_start": lambda text: find_leading_mention(_message(text), me),
        "question_before_mention": lambda text: extract_question_before_mention(_message(text), me),
    }
    for option in ("mode", "only", "ping", "words", "without"):
        more[f"follow {option}"] = partial(_follow, option)
    for option in ("time_zone", "digest_hour", "digest_day", "quiet_hours", "cap"):
        more[f"settings {option}"] = partial(_settings, option)
    return more


def _follow(option: str, text: str) -> object:
    if option in ("mode", "ping"):
        return (MODE_OPTION if option == "mode" else PING_OPTION).parse(text)
    return FollowOptions(**{option: text}).apply_to(DEFAULT_FOLLOW_SETTINGS)  # type: ignore[arg-type]  # all of these options are texts


def _settings(option: str, text: str) -> object:
    return parse_settings(DeliverySettings(), {option: text})


def _message(text: str) -> Any:
    embed = SimpleNamespace(
        title=text,
        description=text,
        url=text,
        author=SimpleNamespace(name=text),
        fields=[],
        footer=SimpleNamespace(text=text),
    )
    return SimpleNamespace(
        content=text, embeds=[embed], components=[], attachments=[], message_snapshots=[], guild=None
    )


def slow(read: Callable[[str], object]) -> str:
    """Return a text, shortened, over which it takes too long: more than the loop has, and more than linear; or nothing."""
    for text in TEXTS:
        for end in ENDS:
            if growth(partial(_tried, read), partial(_repeated, text, end), LONGEST, MOST_SECONDS) > MOST_GROWTH:
                return f"{text!r}… {end!r}"
    return ""


def _repeated(text: str, end: str, length: int) -> str:
    return text * (length // len(text)) + end


def _tried(read: Callable[[str], object], text: str) -> None:
    # Whether it refuses such a text is tested elsewhere.
    with contextlib.suppress(Exception):
        read(text)


def report() -> dict[str, Any]:
    """Return the names of what was called, and what was slow."""
    functions = readers()
    bad = {}
    for name, read in functions.items():
        # What never ends is killed by its limit of CPU time, and was named last.
        print(name, file=sys.stderr)
        if result := slow(read):
            bad[name] = result
    return {"readers": sorted(functions), "slow": bad}


if __name__ == "__main__":
    print(json.dumps(report()))
