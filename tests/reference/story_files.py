"""The keys of story, company and feed files: which there are and which are required is asked of the parser itself."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from unittest.mock import patch

from bot.errors import InputError
from bot.model.expected_event import ExpectedOutcome
from bot.model.feed import Trust
from bot.model.figures import UNIT_LIMIT
from bot.model.terms import TermName
from bot.model.vocabulary import Bound, Claim, Kind, Stage
from bot.newsroom import drafts
from bot.newsroom.field_validation import (
    ALIASES_LIMIT,
    HEADLINE_LIMIT,
    NAME_LIMIT,
    SLUG_LIMIT,
    SUMMARY_LIMIT,
    TEXT_LIMIT,
    URL_LIMIT,
)
from tests.reference.markdown import build_table, code

_SOURCE = {"publisher": "Press", "title": "A title", "url": "https://press.example/1", "date": "2025-08"}
#: A story with every key, except those that make another one required.
_STORY: dict[str, Any] = {
    "slug": "acme-bolt",
    "headline": "Acme and Bolt",
    "summary": "Acme buys Bolt.",
    "kind": "acquisition",
    "related": ["another-story"],
    "party": [{"company": "Acme", "role": "buyer"}],
    "development": [
        {
            "id": "signed",
            "date": "2025-08",
            "headline": "Acme signs",
            "text": "A text.",
            "claim": "confirmed",
            "stage": "signed",
            "retracted": "It was wrong.",
            "source": [_SOURCE],
        }
    ],
    "expected": [
        {
            "id": "closing",
            "headline": "The deal closes",
            "date": "2025-Q4",
            "outcome": "happened",
            "source": [_SOURCE],
        }
    ],
    "term": [
        {
            "id": "price",
            "name": "value",
            "amount": "5",
            "bound": "about",
            "unit": "USD",
            "claim": "reported",
            "date": "2025-08",
            "retracted": "It was wrong.",
            "source": [_SOURCE],
        }
    ],
}
_COMPANY = {"name": "Nissan", "aliases": ["Nissan Motor"], "country": "JP", "ticker": "7201.T"}
_FEED = {"url": "https://press.example/feed", "title": "Press", "trust": "review"}

_PARTIAL_DATE = "`YYYY`, `YYYY-MM`, `YYYY-MM-DD` or `by YYYY-MM`"
_TABLES = "tables"


@dataclass(frozen=True, slots=True)
class Key:
    """What a key holds, and what it means."""

    values: str
    meaning: str = ""


def _list_values(members: Iterable[StrEnum]) -> str:
    return "one of " + ", ".join(f"`{member.value}`" for member in members)


def _text(limit: int) -> str:
    return f"text of up to {limit:,} characters"


_SLUG = f"lower-case letters, digits and single hyphens, up to {SLUG_LIMIT} characters"
_RETRACTED = Key(_text(HEADLINE_LIMIT), "why it was retracted")
_SOURCES = Key(_TABLES, "who says so: see [source](#source)")
#: The keys of each table of the files. The tests compare them with the keys that the parser accepts.
KEYS: dict[str, dict[str, Key]] = {
    "story": {
        "slug": Key(_SLUG, "the story's name in addresses and commands; it must be unique"),
        "headline": Key(_text(HEADLINE_LIMIT)),
        "summary": Key(_text(SUMMARY_LIMIT), "two to four sentences; leave out what is derived, such as the stage"),
        "kind": Key(_list_values(Kind)),
        "related": Key("list of slugs", "other stories, which must be in the store or in the same import"),
        "party": Key(_TABLES, "see [party](#party)"),
        "development": Key(_TABLES, "see [development](#development)"),
        "expected": Key(_TABLES, "see [expected](#expected)"),
        "term": Key(_TABLES, "see [term](#term)"),
    },
    "party": {
        "company": Key(_text(NAME_LIMIT), "any name of a known company; an unknown company is created"),
        "role": Key(_text(NAME_LIMIT), "such as `buyer` or `supplier`"),
    },
    "development": {
        "id": Key(_SLUG, "identifies the development in a later import; `export` writes it"),
        "date": Key(_PARTIAL_DATE, "when it happened, only as precise as is known; tomorrow at the latest"),
        "headline": Key(_text(HEADLINE_LIMIT)),
        "text": Key(_text(TEXT_LIMIT)),
        "claim": Key(_list_values(Claim)),
        "stage": Key(_list_values(Stage), "the deal's new stage; only in deals, and not with a denial"),
        "retracted": _RETRACTED,
        "source": _SOURCES,
    },
    "source": {
        "publisher": Key(_text(NAME_LIMIT), "such as `Nikkei`, or `cited by Nikkei` if the publisher is unknown"),
        "title": Key(_text(HEADLINE_LIMIT * 2)),
        "url": Key(f"`http` or `https` address of up to {URL_LIMIT:,} characters"),
        "date": Key(_PARTIAL_DATE),
    },
    "expected": {
        "id": Key(_SLUG, "a new date under the same id moves the event"),
        "headline": Key(_text(HEADLINE_LIMIT)),
        "date": Key(f"{_PARTIAL_DATE}, or `YYYY-Q1` to `YYYY-Q4`, `YYYY-H1`, `YYYY-H2`", "when it is expected"),
        "outcome": Key(_list_values(ExpectedOutcome), "once it is known"),
        "development": Key(_SLUG, "with `happened`: the id of the development that reports it"),
        "reason": Key(_text(HEADLINE_LIMIT), "with `dropped`: why it was dropped"),
        "source": _SOURCES,
    },
    "term": {
        "id": Key(_SLUG, "the same id in a later import corrects the figure"),
        "name": Key(_list_values(TermName)),
        "amount": Key('digits in quotes, such as `"69000000000"` or `"1.5"`'),
        "bound": Key(_list_values(Bound)),
        "unit": Key(
            f"ISO 4217 currency, `%` or a noun of up to {UNIT_LIMIT} characters",
            f"{', '.join(f'`{name.value}`' for name in TermName if name.is_money)} need a currency",
        ),
        "claim": Key(_list_values(Claim)),
        "date": Key(_PARTIAL_DATE),
        "retracted": _RETRACTED,
        "source": _SOURCES,
    },
    "company": {
        "name": Key(_text(NAME_LIMIT)),
        "aliases": Key(f"list of up to {ALIASES_LIMIT} names", "other names, in any script"),
        "country": Key("two capital letters, such as `JP`"),
        "ticker": Key("text of up to 20 characters", "such as `7201.T`"),
    },
    "feed": {
        "url": Key(f"`http` or `https` address of up to {URL_LIMIT:,} characters"),
        "title": Key(_text(HEADLINE_LIMIT), "the feed's own title by default"),
        "trust": Key(_list_values(Trust), "`review` by default: every article waits for an editor"),
    },
}


def build_story_file_blocks() -> dict[str, str]:
    """Return the generated blocks of ``story-file.md``."""
    required = find_required_keys()
    return {
        name: build_table(
            ("key", "required", "value", "meaning"),
            [(code(key), "yes" if key in required[name] else "", of.values, of.meaning) for key, of in keys.items()],
        )
        for name, keys in KEYS.items()
    }


def find_accepted_keys() -> dict[str, tuple[str, ...]]:
    """Return the keys that the parser accepts, in its order, by table."""
    accepted: dict[str, tuple[str, ...]] = {}
    check_keys = drafts.check_keys

    def record(data: Mapping[str, Any], path: str, keys: Sequence[str]) -> None:
        accepted[_get_table(path)] = tuple(keys)
        check_keys(data, path, keys)

    with patch.object(drafts, "check_keys", record):
        drafts.parse_story(_STORY)
        drafts.parse_company(_COMPANY, "company")
        drafts.parse_feed_draft(_FEED, "feed")
    return accepted


def find_required_keys() -> dict[str, set[str]]:
    """Return the keys without which the parser refuses the file, by table."""
    required: dict[str, set[str]] = {name: set() for name in KEYS}
    for parse, example, name in (
        (drafts.parse_story, _STORY, "story"),
        (lambda data: drafts.parse_company(data, ""), _COMPANY, "company"),
        (lambda data: drafts.parse_feed_draft(data, ""), _FEED, "feed"),
    ):
        for table, key, shorter in _list_shorter(example, name):
            if _is_refused(parse, shorter):
                required[table].add(key)
    return required


def _list_shorter(example: Mapping[str, Any], table: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield an example without each of its keys in turn, and without each key of the first table under every key."""
    for key, value in example.items():
        yield table, key, {name: other for name, other in example.items() if name != key}
        if isinstance(value, list) and isinstance(value[0], dict):
            for lower_table, lower_key, shorter in _list_shorter(value[0], key):
                yield lower_table, lower_key, {**copy.deepcopy(dict(example)), key: [shorter]}


def _is_refused(parse: Callable[[dict[str, Any]], object], data: dict[str, Any]) -> bool:
    try:
        parse(data)
    except InputError:
        return True
    return False


def _get_table(path: str) -> str:
    """Return the table of a path such as ``development[1].source[2]``."""
    return re.sub(r"\[\d+\]", "", path.rpartition(".")[2]) or "story"
