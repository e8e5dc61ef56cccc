"""No text that somebody can send takes long to read, whichever part of the bot reads it."""

from __future__ import annotations

import json
import re
import resource
import subprocess
import sys
from functools import partial
from typing import Any

import pytest

from tests.unit import readers
from tests.unit.patterns import ROOT, Place, hostile, modules, slow

#: Seconds of CPU time after which a pattern that never ends is given up.
ENDLESS = 400

#: Who puts patterns together when they run; each is among the readers, or reads a part of a text that is short.
MADE_OF_VALUES = {
    "bot.redaction",
    "bot.store.engines.sqlite.backup",
    "bot.store.migrations.versions.s0031_unused_ids",
    "bot.cards.review",
    "bot.platforms.discord.user_input",
    "bot.model.text_folding",
    "bot.model.follow_settings",
    "bot.query.date_ranges",
    "bot.query.question_kinds",
    "bot.query.figures",
    "bot.query.query_parser",
    "bot.newsroom.parsing.urls",
    "bot.newsroom.parsing.plain_text",
    "bot.newsroom.statement_reader",
    "bot.newsroom.expected_event_extraction",
    "bot.newsroom.term_extraction",
    "bot.query.lexicon.phrases",
    "bot.newsroom.tracker.figures",
}


def report_of(module: str) -> dict[str, Any]:
    """Return what one of the two programs reports, which have a process of their own: only its CPU time counts."""
    limit = partial(resource.setrlimit, resource.RLIMIT_CPU, (ENDLESS, ENDLESS))
    done = subprocess.run(
        [sys.executable, "-m", module], cwd=ROOT, capture_output=True, text=True, check=False, preexec_fn=limit
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    report: dict[str, Any] = json.loads(done.stdout)
    return report


@pytest.fixture(scope="module")
def patterns() -> dict[str, Any]:
    """Return what is reported of the patterns."""
    return report_of("tests.unit.patterns")


def test_every_pattern_is_linear_or_bounded(patterns: dict[str, Any]) -> None:
    """Those of all modules, also in tables and calls: a new one is found by itself."""
    assert patterns["patterns"] > 200
    assert patterns["slow"] == []


def test_no_reader_of_text_takes_long() -> None:
    report = report_of("tests.unit.readers")
    assert {"settings quiet_hours", "bot.cards.escaping.escape_block", "read_question", "texts_of"} <= set(
        report["readers"]
    )
    assert report["slow"] == {}


def test_who_makes_patterns_of_values_is_known(patterns: dict[str, Any]) -> None:
    """Such a pattern is not found by itself: what reads with it has to be among the readers."""
    assert {entry.partition(":")[0] for entry in patterns["made of values"]} <= MADE_OF_VALUES


@pytest.mark.parametrize(
    "pattern",
    [
        r"\s*(?:-|to)\s*",
        r"\[([^\]]*)\]\([^)]*\)",
        r"(?:\b(?:in|from)\s+)*\d",
        r"\w*ß\w*",
    ],
)
def test_a_pattern_that_is_more_than_linear_is_found(pattern: str) -> None:
    """The check itself is checked."""
    assert slow(Place(__name__, re.compile(pattern)))


def test_a_reader_that_is_more_than_linear_is_found() -> None:
    between = re.compile(r"\s*(?:[-–—]|から|\b(?:to|until|bis)\b)\s*", re.IGNORECASE)
    assert readers.slow(between.split)


def test_hostile_texts_are_of_the_length_that_is_asked_for() -> None:
    for build in hostile(re.compile(r"from\s+x")):
        assert 5_900 <= len(build(6_000)) <= 6_010


def test_every_module_is_looked_at() -> None:
    assert {
        "bot.model.delivery_settings",
        "cogs.find_story",
        "bot.newsroom.parsing.urls",
        "bot.platforms.discord.client",
    } <= set(modules())
