"""Whether the catalogues are whole, and whether what they say can be said."""

from __future__ import annotations

import ast
import asyncio
import re
import string
from collections.abc import Iterable

import pytest
from babel.messages.catalog import Catalog, Message

from bot.languages.catalogues import CATALOGUE_FOLDER, ENGLISH, LANGUAGES, read_catalogue
from tests.languages.gathering import KEYWORDS, ROOT, gathered, is_whole, list_forms, written

CODES = [code for code in LANGUAGES if code != ENGLISH]
#: The most characters that Discord takes, by where a text stands.
LIMITS = {
    "command description": 100,
    "option description": 100,
    "choice": 100,
    "button": 80,
    "form": 45,
    "form hint": 100,
    "menu": 150,
}
#: Discord's own rule for the names of commands and options, without the scripts that no language here is written in.
NAME = re.compile(r"[-_'\w]{1,32}")
COMMAND = re.compile(r"(?<![\w/<:.])/([^\W\d_][\w-]*(?: [^\W\d_][\w-]*)?)")
MARKUP = re.compile(r"\*\*|`|~~|^-# |^> |^#+ |\|\|", re.MULTILINE)


@pytest.fixture(scope="module")
def messages() -> Catalog:
    """All that the bot says, in English."""
    return asyncio.run(gathered())


@pytest.fixture(params=CODES)
def catalogue(request: pytest.FixtureRequest) -> Catalog:
    """Return the catalogue of one language."""
    return read_catalogue(request.param)


def test_the_catalogue_has_the_messages_of_the_code_alone(messages: Catalog, catalogue: Catalog) -> None:
    """``python -m tests.languages`` brings them together."""
    assert _keys(catalogue) == _keys(messages)


def test_every_message_is_translated(catalogue: Catalog) -> None:
    assert [message.id for message in _said(catalogue) if not is_whole(message) or message.fuzzy] == []


def test_no_sentence_is_in_another_language(catalogue: Catalog) -> None:
    """A sentence that is the same in two languages was pasted into the wrong file; terms such as *RSS* may be."""
    others = [read_catalogue(code) for code in CODES if code != str(catalogue.locale)]
    wrong = [
        message.id
        for message in _said(catalogue)
        for other in others
        if len(re.findall(r"[^\W\d_]{2,}", re.sub(r"\{\w+\}", "", _last(message.id)))) > 3
        and message.string in ((twin := other.get(message.id, message.context)) and twin.string, message.id)
    ]
    assert wrong == []


def test_the_file_is_written_as_the_tool_writes_it(catalogue: Catalog) -> None:
    """Else the next who runs it would change what they did not translate."""
    assert (CATALOGUE_FOLDER / f"{catalogue.locale}.po").read_bytes() == written(catalogue)


def test_every_value_has_its_place_in_every_translation(catalogue: Catalog) -> None:
    wrong = []
    for message in _said(catalogue):
        source = _values(_last(message.id))
        for form in list_forms(message.string):
            lacking = source - _values(form) - ({"count"} if message.pluralizable else set())
            if lacking or _values(form) - source:
                wrong.append((message.id, form))
    assert wrong == []


def test_a_translation_has_the_marks_of_its_message(catalogue: Catalog) -> None:
    """As much bold, code and small text as in English, and nothing blank around it that is not there too."""
    wrong = [
        (source, form)
        for message in _said(catalogue)
        for source in [_last(message.id)]
        for form in list_forms(message.string)
        if sorted(MARKUP.findall(form)) != sorted(MARKUP.findall(source))
        or (form[:1].isspace(), form[-1:].isspace()) != (source[:1].isspace(), source[-1:].isspace())
    ]
    assert wrong == []


def test_sentences_name_commands_as_that_language_does(catalogue: Catalog) -> None:
    names = {str(m.id): str(m.string) for m in _said(catalogue) if m.context == "command name"}
    wrong = [
        (source, form)
        for message in _said(catalogue)
        for source in [_last(message.id)]
        for form in list_forms(message.string)
        if sorted(_paths(form, names.values())) != sorted(_translated(path, names) for path in _paths(source, names))
    ]
    assert wrong == []


def test_no_text_is_longer_than_discord_takes(catalogue: Catalog) -> None:
    wrong = [
        (form, len(form))
        for message in _said(catalogue)
        for form in list_forms(message.string)
        if len(_filled(form)) > LIMITS.get(message.context or "", 4_000)
    ]
    assert wrong == []


def test_discord_accepts_the_names_of_commands_and_options(catalogue: Catalog) -> None:
    named = [m for m in _said(catalogue) if m.context in ("command name", "option name")]
    slash = [str(message.string) for message in named if " " not in str(message.id)]
    assert [name for name in slash if not NAME.fullmatch(name) or name != name.lower()] == []
    assert [str(m.string) for m in named if len(str(m.string)) > 32] == []


def test_no_two_names_are_the_same(catalogue: Catalog) -> None:
    for context in ("command name", "option name"):
        names = [str(message.string) for message in _said(catalogue) if message.context == context]
        assert sorted(names) == sorted(set(names))


def test_no_sentence_was_left_in_english(catalogue: Catalog) -> None:
    """A single word can be the same in two languages; three running are not."""
    same = [m.id for m in _said(catalogue) if isinstance(m.id, str) and m.string == m.id]
    assert [said for said in same if len(re.findall(r"[A-Za-z]{3,}", re.sub(r"\{\w+\}|`[^`]*`", "", said))) > 2] == []


def _keys(catalogue: Catalog) -> set[tuple[str, str | tuple[str, ...]]]:
    return {(message.context or "", _id(message)) for message in _said(catalogue)}


def _id(message: Message) -> str | tuple[str, ...]:
    return message.id if isinstance(message.id, str) else tuple(message.id)


def _said(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def _last(source: str | Iterable[str]) -> str:
    return source if isinstance(source, str) else list(source)[-1]


def _values(message: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(message) if name}


def _filled(message: str) -> str:
    """Return the text with something short in place of its values."""
    return re.sub(r"\{\w+(?:![rs])?\}", "12", message)


def _paths(text: str, known: Iterable[str]) -> list[str]:
    """Return the commands named in a text, by the words of theirs that are names: ``/desk publish``, ``/follow nissan``."""
    names, found = set(known), []
    for path in COMMAND.findall(text):
        first, _, second = path.partition(" ")
        if first in names:
            found.append(f"{first} {second}" if second in names else first)
    return found


def _translated(path: str, names: dict[str, str]) -> str:
    return " ".join(names[word] for word in path.split())


@pytest.mark.parametrize("room", ["bot", "cogs"])
def test_no_message_stands_where_it_is_not_found(room: str) -> None:
    """Within an f-string it depends on the version of Python whether a message gets into the catalogues."""
    hidden = [
        f"{path}:{call.lineno}"
        for path in (ROOT / room).rglob("*.py")
        for text in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in KEYWORDS
        if any(isinstance(argument, ast.Constant) for argument in call.args[-1:])
    ]
    assert hidden == []
