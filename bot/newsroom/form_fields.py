"""Fields of an editor's form that hold several values, one a line: parsed, and formatted again."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Sequence
from typing import Any

from bot.errors import InputError
from bot.languages import lazy, lazy_as, say, say_as
from bot.model.company import Party
from bot.model.figures import format_amount, parse_figure
from bot.model.story import Source
from bot.model.terms import Term, TermName, canonicalize_unit
from bot.model.vocabulary import Bound, Claim
from bot.newsroom.drafts import StoryHeader, parse_story, parse_term
from bot.newsroom.story_files import get_term_fields

#: How a source and a party are written in a form; translated where they are displayed.
SOURCE_FORMAT = lazy("Publisher | title | link | date")
PARTY_FORMAT = lazy("Company | role")

#: The names of a form's fields, as they precede an error: ``source[2].date: expected …``.
_FIELD_LABELS = {
    # Said: a field of a form, before what is wrong with it, such as "headline: expected a text, it is empty"
    "headline": lazy_as("field", "headline"),
    "summary": lazy_as("field", "summary"),
    "text": lazy_as("field", "text"),
    "date": lazy_as("field", "date"),
    "kind": lazy_as("field", "kind"),
    "stage": lazy_as("field", "stage"),
    "claim": lazy_as("field", "claim"),
    # Said: before what is wrong with a line of the field for parties, such as "party[2].role: …"
    "party": lazy_as("field", "party"),
    "company": lazy_as("field", "company"),
    "role": lazy_as("field", "role"),
    # Said: before what is wrong with a line of the field for sources, such as "source[2].date: …"
    "source": lazy_as("field", "source"),
    "publisher": lazy_as("field", "publisher"),
    "title": lazy_as("field", "title"),
    # Said: the link of a source
    "url": lazy_as("field", "url"),
    # Said: the field for related stories
    "related": lazy_as("field", "related"),
    "development": lazy_as("field", "development"),
    "story": lazy_as("field", "story"),
    # Said: the field in which a reader says what is wrong with a post
    "note": lazy_as("field", "note"),
    # Said: the field for a figure of a deal, such as "$69bn"
    "figure": lazy_as("field", "figure"),
}

#: The unit of a bare number.
_DEFAULT_UNITS = {TermName.JOBS: "jobs"}
_SOURCE_KEYS = ("publisher", "title", "url", "date")
_PARTY_KEYS = ("company", "role")
_WORD = re.compile("[a-z]+")


def parse_sources(text: str) -> list[dict[str, str]]:
    """Parse sources into tables of a story file: one source a line, its parts in order and separated by ``|``.

    A part that is a link is taken for the link, wherever it stands.
    """
    rows = []
    for index, line in enumerate(_split_lines(text), start=1):
        parts = [part.strip() for part in line.split("|")]
        links = [part for part in parts if part.startswith(("http://", "https://"))]
        others = [part for part in parts if part not in links]
        if len(links) > 1 or len(others) > 3 + (not links):
            raise InputError(f"source[{index}]", _build_hint(SOURCE_FORMAT))
        blanks = [""] * (2 - len(others[:2]))
        values = [*others[:2], *blanks, links[0], *others[2:]] if links else others
        rows.append({key: value for key, value in zip(_SOURCE_KEYS, values, strict=False) if value})
    return rows


def parse_parties(text: str) -> list[dict[str, str]]:
    """Parse parties into tables of a story file: one party a line, its role after ``|``."""
    rows = []
    for index, line in enumerate(_split_lines(text), start=1):
        parts = [part.strip() for part in line.split("|")]
        if len(parts) > len(_PARTY_KEYS):
            raise InputError(f"party[{index}]", _build_hint(PARTY_FORMAT))
        rows.append({key: value for key, value in zip(_PARTY_KEYS, parts, strict=False) if value})
    return rows


def parse_header(headline: str, summary: str, kind: str, parties: str, related: str) -> StoryHeader:
    """Parse a form into all of a story except its developments. Raises InputError with the name of the field."""
    data: dict[str, Any] = {
        "slug": "new",
        "headline": headline,
        "summary": summary,
        "kind": kind,
        "party": parse_parties(parties),
        "related": related.replace(",", " ").split(),
    }
    header = parse_story(data).header
    if header is None:
        raise InputError("headline", say("expected a story"))
    return header


def parse_term_fields(name: TermName, figure: str) -> dict[str, str]:
    """Parse a figure as people write it into the fields of a story file's term: amount, unit and bound; empty for no bound."""
    try:
        written = parse_figure(figure)
    except ValueError as exc:
        raise InputError("figure", str(exc)) from exc
    unit = canonicalize_unit(written.unit) or _DEFAULT_UNITS.get(name, "")
    if not unit:
        raise InputError("figure", say("expected a unit too, such as $69bn or 100,000 vehicles/year"))
    fields = {"name": name.value, "amount": format_amount(written.amount), "unit": unit}
    try:
        parse_term({**fields, "id": "new", "claim": Claim.REPORTED.value}, "")
    except InputError as exc:
        # The form has one field for amount and unit.
        raise InputError("figure", exc.expected) from exc
    return {**fields, "bound": written.bound.value if written.bound else ""}


def format_term_figure(term: Term) -> str:
    """Format a figure as :func:`parse_term_fields` parses it: as it is shown if that says the same, else in digits."""
    fields = get_term_fields(term)
    expected = {name: fields.get(name, "") for name in ("name", "amount", "unit", "bound")}
    with contextlib.suppress(InputError):
        if parse_term_fields(term.name, term.display) == {**expected, "amount": format_amount(term.amount)}:
            return term.display.replace("\u00a0", " ")
    sign = {None: "", Bound.ABOUT: "~", Bound.UP_TO: "<=", Bound.AT_LEAST: ">="}[term.bound]
    return f"{sign} {format_amount(term.amount)} {term.unit}".strip()


def format_sources(sources: Iterable[Source]) -> str:
    """Format sources as :func:`parse_sources` parses them."""
    return "\n".join(_join_parts([s.publisher, s.title, s.url, s.date.input_text if s.date else ""]) for s in sources)


def format_parties(parties: Iterable[Party]) -> str:
    """Format parties as :func:`parse_parties` parses them."""
    return "\n".join(_join_parts([p.company, p.role]) for p in parties)


def localize_field(error: Exception) -> Exception:
    """Return the same InputError with the form's field named in the current language; any other error as it is."""
    if not isinstance(error, InputError):
        return error
    field, separator, name = error.key.partition(" ")
    return InputError(_WORD.sub(_get_label, field) + separator + name, error.expected, error.file)


def _get_label(word: re.Match[str]) -> str:
    return say_as("field", _FIELD_LABELS[word[0]]) if word[0] in _FIELD_LABELS else word[0]


def _build_hint(line_format: str) -> str:
    # Said: {form} is how a line of a form is to be written, such as "Company | role"
    return say("expected {form}", form=say(line_format))


def _join_parts(parts: Sequence[str]) -> str:
    return " | ".join(part.replace("|", "/") for part in parts).rstrip(" |")


def _split_lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
