"""Fields of an editor's form that hold several values, one a line: parsed, and formatted again."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.errors import InputError
from bot.languages import lazy, lazy_as, say, say_as
from bot.model.company import Party
from bot.model.figures import format_amount, parse_figure
from bot.model.story import Source
from bot.model.terms import Term, TermName, canonicalize_unit
from bot.model.vocabulary import Bound, Claim
from bot.newsroom.article_drafts import get_host_label
from bot.newsroom.drafts import StoryHeader, parse_story, parse_term
from bot.newsroom.story_files import get_term_fields

#: How a source and a party are written in a form; translated where they are displayed.
SOURCE_FORMAT = lazy("Publisher | title | link | date")
PARTY_FORMAT = lazy("Company | role")

#: The fields of a form that have one item a line, by the key of an item in an error: ``source[2].date: expected …``.
_LIST_FIELDS = {"source": "sources", "party": "parties"}
#: What one item of such a field is called.
_ITEM_LABELS = {
    # Translators: a line of a form's field for sources, before what is wrong with it
    "source": lazy_as("field", "Source {number}"),
    # Translators: a line of a form's field for parties, before what is wrong with it
    "party": lazy_as("field", "Party {number}"),
    "related": lazy_as("field", "Related story {number}"),
}
#: Parts of an item, and fields of forms that have no label of their own for them.
_FIELD_LABELS = {
    # Translators: a field of a form, before what is wrong with it, such as "headline: expected a text, it is empty"
    "headline": lazy_as("field", "headline"),
    "summary": lazy_as("field", "summary"),
    "text": lazy_as("field", "text"),
    "date": lazy_as("field", "date"),
    "kind": lazy_as("field", "kind"),
    "stage": lazy_as("field", "stage"),
    "claim": lazy_as("field", "claim"),
    "company": lazy_as("field", "company"),
    "role": lazy_as("field", "role"),
    "publisher": lazy_as("field", "publisher"),
    "title": lazy_as("field", "title"),
    # Translators: the link of a source
    "url": lazy_as("field", "link"),
    # Translators: the field for related stories
    "related": lazy_as("field", "related"),
    "development": lazy_as("field", "development"),
    "story": lazy_as("field", "story"),
    # Translators: the field in which a reader says what is wrong with a post
    "note": lazy_as("field", "note"),
    # Translators: the field for a figure of a deal, such as "$69bn"
    "figure": lazy_as("field", "figure"),
}

#: The unit of a bare number.
_DEFAULT_UNITS = {TermName.JOBS: "jobs"}
_SOURCE_KEYS = ("publisher", "title", "url", "date")
_PARTY_KEYS = ("company", "role")
_KEY = re.compile(r"(?P<name>[a-z_]+)(?:\[(?P<number>\d+)\])?(?P<parts>(?:\.[a-z_]+)*)(?P<rest>(?: .*)?)", re.DOTALL)
#: What a form's label has behind the field's name: ``Sources (one per line)``, ``What is wrong?``.
_LABEL_SUFFIX = re.compile(r"\s{0,3}(?:[(（].*|[?？])$")
_BAR = re.compile(r"[|｜]")
#: A colon separates like a bar where no bar does. One within a name (``Re:Build``) has no space behind it.
_COLON = re.compile(r":\s+|：\s*|:$")


def parse_sources(text: str) -> list[dict[str, str]]:
    """Parse sources into tables of a story file: one source a line, its parts in order and separated by ``|``.

    A part that is a link is taken for the link, wherever it is. A link without a publisher is named by its host.
    """
    rows = []
    for index, line in enumerate(_split_lines(text), start=1):
        parts = _split_parts(line)
        links = [part for part in parts if part.lower().startswith(("http://", "https://"))]
        others = [part for part in parts if part not in links]
        if len(links) > 1 or len(others) > 3 + (not links):
            raise InputError(
                "", _build_line_message(say_as("field", _ITEM_LABELS["source"], number=index), SOURCE_FORMAT)
            )
        blanks = [""] * (2 - len(others[:2]))
        values = [*others[:2], *blanks, links[0], *others[2:]] if links else others
        row = {key: value for key, value in zip(_SOURCE_KEYS, values, strict=False) if value}
        if links:
            row = {"publisher": get_host_label(links[0]), **row}
        if not row.get("publisher"):
            raise InputError(
                "", say("Source {number} needs a publisher. Write: {form}", number=index, form=say(SOURCE_FORMAT))
            )
        rows.append(row)
    return rows


def parse_parties(text: str) -> list[dict[str, str]]:
    """Parse parties into tables of a story file: one party a line, its role after ``|`` or a colon."""
    rows = []
    for index, line in enumerate(_split_lines(text), start=1):
        parts = _split_parts(line)
        if len(parts) > len(_PARTY_KEYS):
            raise InputError(
                "", _build_line_message(say_as("field", _ITEM_LABELS["party"], number=index), PARTY_FORMAT)
            )
        if not parts[0]:
            raise InputError(
                "", say("Party {number} needs a company. Write: {form}", number=index, form=say(PARTY_FORMAT))
            )
        rows.append({key: value for key, value in zip(_PARTY_KEYS, parts, strict=False) if value})
    return rows


def rename_party(text: str, company: str, new_name: str) -> str:
    """Return the text of a field for parties with a company replaced; the other lines stay as they were typed."""
    lines = []
    for line in _split_lines(text):
        parts = _split_parts(line)
        lines.append(_format_party(Party(new_name, *parts[1:2])) if parts[0] == company else line)
    return "\n".join(lines)


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
    return "\n".join(_format_party(party) for party in parties)


def _format_party(party: Party) -> str:
    line = _join_parts([party.company, party.role])
    # A bar keeps a colon in the company's name from separating.
    return f"{line} |" if "|" not in line and _COLON.search(line) else line


def localize_field(error: Exception, labels: Mapping[str, str] | None = None) -> Exception:
    """Return the same InputError with its field named as the form labels it, in the current language; any other error as it is.

    ``labels`` are the form's own, by the names of its fields.
    """
    match = _KEY.fullmatch(error.key) if isinstance(error, InputError) else None
    if match is None or not isinstance(error, InputError):
        return error
    name, number = match["name"], match["number"]
    if number and name in _ITEM_LABELS:
        label = say_as("field", _ITEM_LABELS[name], number=number)
    else:
        form_label = (labels or {}).get(_LIST_FIELDS.get(name, name), "")
        label = _LABEL_SUFFIX.sub("", form_label) or _get_field_label(name)
        label += f"[{number}]" if number else ""
    parts = [_get_field_label(part) for part in match["parts"].split(".") if part]
    return InputError(", ".join([label, *parts]) + match["rest"], error.expected, error.file)


def _get_field_label(name: str) -> str:
    return say_as("field", _FIELD_LABELS[name]) if name in _FIELD_LABELS else name


def _build_line_message(item: str, line_format: str) -> str:
    # Translators: {item} is a line of a form, {form} how it is to be written, such as "Company | role"
    return say("{item} can't be read. Write: {form}", item=item, form=say(line_format))


def _join_parts(parts: Sequence[str]) -> str:
    return " | ".join(part.replace("|", "/") for part in parts).rstrip(" |")


def _split_lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _split_parts(line: str) -> list[str]:
    """Split a line at its bars; without any, at its first colon."""
    if _BAR.search(line):
        return [part.strip() for part in _BAR.split(line)]
    return [part.strip() for part in _COLON.split(line, maxsplit=1) if part.strip()] or [line]
