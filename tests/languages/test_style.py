"""Whether messages are worded as an app's own, and fit a phone: short lists of relapses, and the width of each part."""

from __future__ import annotations

import ast
import asyncio
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from bot.languages.catalogues import ENGLISH, LANGUAGES, read_catalogue
from tests.languages.gathering import ROOT, gathered, list_forms
from tests.unit.documents import DOCUMENTS, name_of, read

#: Phrases that a native speaker would not write, by language, with what to write instead.
BANNED: dict[str, dict[str, str]] = {
    ENGLISH: {
        r"left out:|; none: |unset: ": "(default: …), or (leave empty to …)",
        r"\bis none of\b|(?<![Tt]here )\bis no (?!longer)": "isn't a valid …",
        r"\b(?:anew|meanwhile|begun|ever more)\b": "again, since, started, more and more",
        r"\bmend(?:s|ed)?\b": "fix",
        r"\bfares?\b": "is doing, or its health",
        r"\bowed\b": "queued",
        r"\bseen to\b": "handled",
        r"\btak(?:e|es|en) in\b": "import",
        r"\bno longer brings\b|\bbrings? (?:nothing|anything)\b": "has stopped working",
        r"\btakes? no posts\b": "can't post in …",
        r"\bfrom now on\.$": "now",
        r"\bnames (?:no|a server|port)\b": "has no, is",
        r"\bswitch(?:ed)? (?:it )?(?:on|off)\b|\bswitch “": "turn on, turn off",
        r"\b(?:has|have|is|was|been) \w+ already\b": "already before the verb",
        r"\bit is (?:missing|there twice)\b": "required, but missing; appears twice",
        r"\bwhoever runs\b": "the bot's operator",
        r"\bnot known\b": "unknown",
        r"\bgiven up by\b|\bis given up\b": "gave up on, shut down by",
        r"\bmakes? a development of\b": "adds … as a development",
        r"\[\d\]\.|\w\[\w+\]\.": "the field as the form labels it",
    },
    "de": {
        r"\berwartet (?:wird|werden)\b": "muss … sein, erforderlich",
        r"\bein(?:en)? Tag(?:s)? an jedem\b": "Tags (im Forum)",
        r"\bby JJJJ\b": "bis JJJJ-MM",
        r"\bwer den Bot betreibt, (?:lässt|erlaubt)\b": "dieser Bot darf … nicht",
    },
    "es": {
        r"\b[Ss]e esperaba(?:n)?\b": "debe ser, debe tener",
        r"\bby AAAA\b": "AAAA-MM o antes",
        r"\ben espera de ser\b": "en cola",
    },
    "ja": {
        r"(?:が必要|は不可|がある)$": "「…してください」などの文",
        r"待機を求めて": "しばらく待つ必要があります",
        r"指摘": "報告",
    },
}
#: The most columns of what a phone of 360 pixels shows on one line, or on two for the choices of a menu.
#: A Latin letter takes one column, a Chinese or Japanese character two.
COLUMNS = {"button": 40, "form": 40, "heading": 46, "status": 30, "data": 30, "menu": 64, "form hint": 76}
#: The most columns without a place to break the line.
UNBROKEN_COLUMNS = 34
#: What the longest values of a message look like: counts in millions, names as long as the cards allow on one line.
_LONG_VALUES = {"count": "1,000,000", "left": "1,000", "shown": "1,000", "total": "1,000"}
_ENGLISH_CALLS = frozenset({"debug", "info", "warning", "error", "exception", "critical", "print", "DealwireError"})


@pytest.fixture(scope="module")
def messages() -> Catalog:
    return asyncio.run(gathered())


@pytest.fixture(params=list(LANGUAGES))
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_no_message_has_a_banned_phrase(language: str, messages: Catalog) -> None:
    assert _find_banned(language, [text for _, text in _list_texts(language, messages)]) == []


def test_nothing_in_the_terminal_and_the_log_has_a_banned_phrase() -> None:
    """These are in English alone, and in no catalogue."""
    texts = [text for path in _list_sources() for text in _list_constants(path)]
    assert len(texts) > 500
    assert _find_banned(ENGLISH, texts) == []


def test_no_document_has_a_banned_phrase() -> None:
    texts = [read(document) for document in DOCUMENTS if name_of(document) != "docs/wording.md"]
    assert _find_banned(ENGLISH, texts) == []


def test_every_part_fits_the_width_of_a_phone(language: str, messages: Catalog) -> None:
    too_wide = [
        (context, text, _count_columns(text))
        for context, text in _list_texts(language, messages)
        if context in COLUMNS and _count_columns(_fill(text)) > COLUMNS[context]
    ]
    assert too_wide == []


def test_every_message_can_be_broken_into_lines(language: str, messages: Catalog) -> None:
    """In its longest form; a line is broken at a space, after a hyphen or a slash, and between Japanese characters."""
    too_wide = [
        (text, piece)
        for _, text in _list_texts(language, messages)
        for piece in re.split(r"[\s/·—-]|(?<=[\u3000-\u9fff\uff00-\uffef])", _fill(text))
        if _count_columns(piece) > UNBROKEN_COLUMNS
    ]
    assert too_wide == []


def _list_texts(language: str, messages: Catalog) -> Iterator[tuple[str, str]]:
    """Yield every form of every message of a language, with its context."""
    for message in messages if language == ENGLISH else read_catalogue(language):
        if message.id:
            for form in list_forms(message.id if language == ENGLISH else message.string):
                yield message.context or "", form


def _find_banned(language: str, texts: list[str]) -> list[tuple[str, str]]:
    """Return what is worded badly, each with what to write instead."""
    return [
        (match[0], better)
        for text in texts
        for pattern, better in BANNED[language].items()
        for match in [re.search(pattern, text)]
        if match
    ]


def _list_sources() -> list[Path]:
    return [
        path for package in ("bot", "cogs") for path in (ROOT / package).rglob("*.py") if "migrations" not in path.parts
    ]


def _list_constants(path: Path) -> Iterator[str]:
    """Yield what a module writes into the log or prints, and all that the terminal's modules say."""
    tree = ast.parse(path.read_text())
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    is_terminal = "terminal" in path.parts or path.name in ("__main__.py", "settings.py", "app.py", "portal.py")
    for node in ast.walk(tree):
        if (
            is_terminal
            and isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in docstrings
        ):
            yield node.value
        elif isinstance(node, ast.Call) and _name(node.func) in _ENGLISH_CALLS:
            yield from (
                part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str)
            )


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _fill(text: str) -> str:
    """Return a message with its longest values, as far as they are on its own line; names are cut to fit elsewhere."""
    return re.sub(r"\{(\w+)(?:![rs])?\}", lambda match: _LONG_VALUES.get(match[1], "Mitsubishi"), text)


def _count_columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
