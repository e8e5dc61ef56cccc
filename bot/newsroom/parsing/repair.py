"""Make a feed's text well-formed XML where publishers most often break it, so that no parser has to drop what it cannot read.

Entities that XML does not know (HTML's, and those that the document declares) become the characters they stand for, and a ``&`` or ``<`` that
begins no markup becomes text. CDATA sections, comments and processing instructions stay as they are. The work is linear in the text's length.
"""

from __future__ import annotations

import re
from functools import cached_property
from html import escape
from html.entities import html5

from bot.newsroom.parsing.plain import HTML_ELEMENTS

#: The characters that replaced entities may add to a document: a few entities that stand for long texts could multiply it.
EXPANSION_LIMIT = 1_000_000
#: Longer values of entities are no abbreviations.
_VALUE_LIMIT = 2_000
#: How much of a document may stand before its first element.
_HEAD = 60_000

_NAME = r"[A-Za-z_][\w.-]{0,60}"
_HEAD_SPOT = re.compile(r"<(?:(?P<section>!--|\?)|!DOCTYPE|[A-Za-z])", re.IGNORECASE)
_DOCTYPE = re.compile(
    r"""<!DOCTYPE[^<>\[]*+(?:\[(?P<subset>(?:[^\]"'<]++|"[^"]*+"|'[^']*+'|<!--(?:(?!-->).)*+-->|<)*+)\]\s*+)?>""",
    re.IGNORECASE | re.DOTALL,
)
_DECLARATION = re.compile(rf"""<!ENTITY\s+(?P<name>{_NAME})\s+(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)')\s*>""")
# Each of these begins with a plain character, by which the regular expression engine skips everything else.
_REFERENCE = (
    r"&(?!(?:amp|lt|gt|quot|apos|\#\d+|\#x[0-9A-Fa-f]+);)"
    rf"(?:(?P<name>{_NAME});|\#(?P<number>\d{{1,7}}|[xX][0-9A-Fa-f]{{1,6}})(?![0-9A-Fa-f]);?)?"
)
_SECTION = r"<(?P<section>!\[CDATA\[|!--|\?)"
# A tag with a "<" in a value; the limits keep hostile documents cheap.
_TAG = (
    r"""<(?P<tag>(?=[^<>]*<)[A-Za-z_:][\w:.-]*+(?:\s+[\w:.-]++\s*=\s*(?:"[^"]{0,300}"|'[^']{0,300}')){1,12}+\s*/?>)"""
)
_SIMPLE_TAG = r"<(?=(?P<simple>[A-Za-z][\w.-]*+)>)"
# XML allows no "<" inside a tag, and a tag of words without values is none that a feed needs. An address (“<me@host>”) is no tag.
_STRAY = (
    r"<(?:(?![A-Za-z_:/!?]|[^\x00-\x7f])|(?=[A-Za-z][\w:.-]*+(?:[^\s/>]|/(?!\s*>)))|(?=[^<>]*<)"
    r"|(?=[A-Za-z][\w:.-]*\s+[^\s<>=/][^<>=]*>))"
)
_SPOT = re.compile(f"{_REFERENCE}|{_SECTION}|{_TAG}|{_SIMPLE_TAG}|{_STRAY}")
_CDATA = "![CDATA["
_ENDS = {_CDATA: "]]>", "!--": "-->", "?": "?>"}
_ENTRY_END = re.compile(r"</(?:\w{1,20}:)?(?:item|entry)\s*>", re.IGNORECASE)
_CLOSED = re.compile(r"</([A-Za-z][\w.-]*)")
#: Elements that a feed may leave open where it is cut off.
_OF_FEEDS = frozenset(
    "rss channel feed rdf item entry title link description guid pubdate author category source comments id updated published name content".split()
)


def repaired(text: str) -> str:
    """Return the document without its DOCTYPE, with all references resolved that XML alone does not define."""
    text, entities = _without_doctype(text)
    repair = _Repair(entities, text)
    sections = _Sections(text)
    parts: list[str] = []
    place = 0
    while spot := _SPOT.search(text, place):
        parts.append(text[place : spot.start()])
        place = spot.end()
        if not spot["section"]:
            parts.append(repair.replacement(spot))
        elif end := sections.end(spot):
            place = end
            parts.append(text[spot.start() : place])
        elif spot["section"] != _CDATA:
            parts.append(f"&lt;{spot['section']}")
    return "".join(parts) + text[place:]


def _without_doctype(text: str) -> tuple[str, dict[str, str]]:
    spot = _HEAD_SPOT.search(text, 0, _HEAD)
    while spot and spot["section"]:
        spot = _HEAD_SPOT.search(text, _end_of(text, spot), _HEAD)
    found = _DOCTYPE.match(text, spot.start(), _HEAD) if spot else None
    if found is None:
        return text, {}
    return text[: found.start()] + text[found.end() :], _declared(found["subset"] or "")


def _declared(subset: str) -> dict[str, str]:
    """The internal entities of a DTD, each with its value as it stands in a document; the first declaration counts."""
    entities: dict[str, str] = {}
    for found in _DECLARATION.finditer(subset):
        value = found["double"] or found["single"] or ""
        resolved = _SPOT.sub(_Repair(entities).replacement, value[:_VALUE_LIMIT])
        if len(resolved) <= _VALUE_LIMIT:
            entities.setdefault(found["name"], resolved)
    return entities


def _end_of(text: str, spot: re.Match[str]) -> int:
    """Where a section ends that is left as it is; one that nothing ends goes to the document's end."""
    end = _ENDS[spot["section"]]
    place = text.find(end, spot.end())
    return len(text) if place < 0 else place + len(end)


class _Sections:
    """Knows where sections end. Each end is searched for once, so that thousands of sections without one cost little."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._next: dict[str, int] = {}

    def end(self, spot: re.Match[str]) -> int:
        """Return where a section ends; 0 for one that nothing ends, so that what is behind its opening must be read as markup."""
        kind = spot["section"]
        if 0 <= self._next.get(kind, 0) < spot.end() or kind not in self._next:
            self._next[kind] = self._text.find(_ENDS[kind], spot.end())
        found = self._next[kind]
        return 0 if found < 0 or self._is_another(kind, spot.end(), found) else found + len(_ENDS[kind])

    def _is_another(self, kind: str, start: int, end: int) -> bool:
        """Whether the next end is that of a section in a later entry."""
        opening = self._text.find(f"<{kind}", start, end)
        return opening >= 0 and _ENTRY_END.search(self._text, start, opening) is not None


class _Repair:
    """Replaces references and stray characters, within the limit on what that may add."""

    def __init__(self, entities: dict[str, str], text: str = "") -> None:
        self._entities = entities
        self._text = text
        self._left = EXPANSION_LIMIT

    @cached_property
    def _closed(self) -> frozenset[str]:
        """The names of all elements that are closed somewhere."""
        return frozenset(name.lower() for name in _CLOSED.findall(self._text))

    def replacement(self, spot: re.Match[str]) -> str:
        if spot["section"]:
            return spot[0]
        if spot["tag"]:
            return "<" + _SPOT.sub(self.replacement, spot["tag"].replace("<", "&lt;"))
        if spot["simple"]:
            return "<" if self._is_element(spot["simple"].lower()) else "&lt;"
        if spot[0] == "<":
            return "&lt;"
        if spot["number"]:
            return f"&#{spot['number'].lower()};"
        value = self._value(spot["name"]) if spot["name"] else None
        self._left -= len(value or "")
        return escape(spot[0], quote=False) if value is None or self._left < 0 else value

    def _is_element(self, name: str) -> bool:
        return name in HTML_ELEMENTS or name in _OF_FEEDS or name in self._closed

    def _value(self, name: str) -> str | None:
        if name in self._entities:
            return self._entities[name]
        return escape(html5[f"{name};"]) if f"{name};" in html5 else None
