"""What an editor types into a form, a line an item, and how it is shown there again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from bot.errors import InputError
from bot.languages import noted, noted_as, say, say_as
from bot.model.company import Party
from bot.model.story import Source
from bot.newsroom.drafts import Face, read_story

#: How sources and parties are written in a form: said where they are shown.
SOURCE_FORM = noted("Publisher | title | link | date")
PARTY_FORM = noted("Company | role")

#: A form's fields, as they are named before what is wrong with them: ``source[2].date: expected …``.
_FIELDS = {
    # Said: a field of a form, before what is wrong with it, such as "headline: expected a text, it is empty"
    "headline": noted_as("field", "headline"),
    "summary": noted_as("field", "summary"),
    "text": noted_as("field", "text"),
    "date": noted_as("field", "date"),
    "kind": noted_as("field", "kind"),
    "stage": noted_as("field", "stage"),
    "claim": noted_as("field", "claim"),
    # Said: before what is wrong with a line of the field for parties, such as "party[2].role: …"
    "party": noted_as("field", "party"),
    "company": noted_as("field", "company"),
    "role": noted_as("field", "role"),
    # Said: before what is wrong with a line of the field for sources, such as "source[2].date: …"
    "source": noted_as("field", "source"),
    "publisher": noted_as("field", "publisher"),
    "title": noted_as("field", "title"),
    # Said: the link of a source
    "url": noted_as("field", "url"),
    # Said: the field for related stories
    "related": noted_as("field", "related"),
    "development": noted_as("field", "development"),
    "story": noted_as("field", "story"),
    # Said: the field in which a reader says what is wrong with a post
    "note": noted_as("field", "note"),
}

_SOURCE_KEYS = ("publisher", "title", "url", "date")
_PARTY_KEYS = ("company", "role")
_WORD = re.compile("[a-z]+")


def source_fields(text: str) -> list[dict[str, str]]:
    """The sources in a form as the tables of a story file: one a line, its parts in order, behind ``|``.

    A part that is a link is the link, wherever it stands.
    """
    rows = []
    for place, line in enumerate(_lines(text), start=1):
        parts = [part.strip() for part in line.split("|")]
        links = [part for part in parts if part.startswith(("http://", "https://"))]
        others = [part for part in parts if part not in links]
        if len(links) > 1 or len(others) > 3 + (not links):
            raise InputError(f"source[{place}]", _expected(SOURCE_FORM))
        blanks = [""] * (2 - len(others[:2]))
        values = [*others[:2], *blanks, links[0], *others[2:]] if links else others
        rows.append({key: value for key, value in zip(_SOURCE_KEYS, values, strict=False) if value})
    return rows


def party_fields(text: str) -> list[dict[str, str]]:
    """The parties in a form as the tables of a story file: one a line, the role behind ``|``."""
    rows = []
    for place, line in enumerate(_lines(text), start=1):
        parts = [part.strip() for part in line.split("|")]
        if len(parts) > len(_PARTY_KEYS):
            raise InputError(f"party[{place}]", _expected(PARTY_FORM))
        rows.append({key: value for key, value in zip(_PARTY_KEYS, parts, strict=False) if value})
    return rows


def read_face(headline: str, summary: str, kind: str, parties: str, related: str) -> Face:
    """All of a story but its developments, from a form; InputError names the field."""
    data: dict[str, Any] = {
        "slug": "new",
        "headline": headline,
        "summary": summary,
        "kind": kind,
        "party": party_fields(parties),
        "related": related.replace(",", " ").split(),
    }
    face = read_story(data).face
    if face is None:
        raise InputError("headline", say("expected a story"))
    return face


def show_sources(sources: Iterable[Source]) -> str:
    """Sources as :func:`source_fields` reads them."""
    return "\n".join(_joined([s.publisher, s.title, s.url, str(s.date or "")]) for s in sources)


def show_parties(parties: Iterable[Party]) -> str:
    """Parties as :func:`party_fields` reads them."""
    return "\n".join(_joined([p.company, p.role]) for p in parties)


def in_words(error: Exception) -> Exception:
    """The same refusal, with the form's field named in the language that is spoken; any other error as it is."""
    if not isinstance(error, InputError):
        return error
    field, blank, name = error.key.partition(" ")
    return InputError(_WORD.sub(_called, field) + blank + name, error.expected, error.file)


def _called(word: re.Match[str]) -> str:
    return say_as("field", _FIELDS[word[0]]) if word[0] in _FIELDS else word[0]


def _expected(form: str) -> str:
    # Said: {form} is how a line of a form is to be written, such as "Company | role"
    return say("expected {form}", form=say(form))


def _joined(parts: Sequence[str]) -> str:
    return " | ".join(part.replace("|", "/") for part in parts).rstrip(" |")


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
