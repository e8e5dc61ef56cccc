"""Make a feed well-formed XML where publishers most often break it, so that no parser has to drop anything.

Entities that XML does not know (HTML's, and those that the document declares) become their characters, and a ``&`` or
``<`` that begins no markup becomes text. CDATA sections, comments and processing instructions stay as they are. The
work is linear in the length of the text.
"""

from __future__ import annotations

import re
from functools import cached_property
from html import escape
from html.entities import html5

from bot.newsroom.parsing.plain_text import HTML_ELEMENTS

#: The most characters that entities may add to a document, because a few with long values could multiply it.
EXPANSION_LIMIT = 1_000_000
#: The longest value of an entity.
_VALUE_LIMIT = 2_000
#: How many characters of a document may come before its first element.
_HEAD_SIZE = 60_000

_NAME = r"[A-Za-z_][\w.-]{0,60}"
_HEAD_MARKUP = re.compile(r"<(?:(?P<section>!--|\?)|!DOCTYPE|[A-Za-z])", re.IGNORECASE)
# A literal may hold any character but its quotation mark (https://www.w3.org/TR/xml/#NT-doctypedecl). If the declaration
# is not as XML has it, it ends at the first "<" or ">".
_LITERAL = r"""\s+(?:"[^"]*+"|'[^']*+')"""
_DOCTYPE = re.compile(
    rf"""<!DOCTYPE(?:\s+[\w:.-]{{1,60}}(?:\s+(?:SYSTEM|PUBLIC{_LITERAL})(?:{_LITERAL})?)?\s*|[^<>\[]*+)"""
    r"""(?:\[(?P<subset>(?:[^\]"'<]++|"[^"]*+"|'[^']*+'|<!--(?:(?!-->).)*+-->|<)*+)\]\s*+)?>""",
    re.IGNORECASE | re.DOTALL,
)
_DECLARATION = re.compile(rf"""<!ENTITY\s+(?P<name>{_NAME})\s+(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)')\s*>""")
# Each of these begins with a literal character, so that the regular expression engine can skip everything else.
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
# XML allows no "<" inside a tag, and no feed needs a tag with attributes without values. An address (“<me@host>”) is no tag.
_STRAY = (
    r"<(?:(?![A-Za-z_:/!?]|[^\x00-\x7f])|(?=[A-Za-z][\w:.-]*+(?:[^\s/>]|/(?!\s*>)))|(?=[^<>]*<)"
    r"|(?=[A-Za-z][\w:.-]*\s+[^\s<>=/][^<>=]*>))"
)
_FAULT = re.compile(f"{_REFERENCE}|{_SECTION}|{_TAG}|{_SIMPLE_TAG}|{_STRAY}")
_CDATA = "![CDATA["
_ENDS = {_CDATA: "]]>", "!--": "-->", "?": "?>"}
_ENTRY_END = re.compile(r"</(?:\w{1,20}:)?(?:item|entry)\s*>", re.IGNORECASE)
_END_TAG = re.compile(r"</([A-Za-z][\w.-]*)")
#: Elements that a feed may leave open where it is cut off.
_FEED_ELEMENTS = frozenset(
    "rss channel feed rdf item entry title link description guid pubdate author category source comments id updated published name content".split()
)


def repair_xml(text: str) -> str:
    """Return the document without its DOCTYPE, with all references resolved that XML alone does not define."""
    text, entities = _remove_doctype(text)
    repair = _Repair(entities, text)
    sections = _SectionEnds(text)
    parts: list[str] = []
    position = 0
    while match := _FAULT.search(text, position):
        parts.append(text[position : match.start()])
        position = match.end()
        if not match["section"]:
            parts.append(repair.build_replacement(match))
        elif end := sections.find_end(match):
            position = end
            parts.append(text[match.start() : position])
        elif match["section"] != _CDATA:
            parts.append(f"&lt;{match['section']}")
    return "".join(parts) + text[position:]


def _remove_doctype(text: str) -> tuple[str, dict[str, str]]:
    head_match = _HEAD_MARKUP.search(text, 0, _HEAD_SIZE)
    while head_match and head_match["section"]:
        head_match = _HEAD_MARKUP.search(text, _find_section_end(text, head_match), _HEAD_SIZE)
    doctype = _DOCTYPE.match(text, head_match.start(), _HEAD_SIZE) if head_match else None
    if doctype is None:
        return text, {}
    return text[: doctype.start()] + text[doctype.end() :], _parse_entities(doctype["subset"] or "")


def _parse_entities(subset: str) -> dict[str, str]:
    """Return the internal entities of a DTD, each with its value. If one is declared twice, the first counts."""
    entities: dict[str, str] = {}
    for declaration in _DECLARATION.finditer(subset):
        value = declaration["double"] or declaration["single"] or ""
        resolved_value = _FAULT.sub(_Repair(entities).build_replacement, value[:_VALUE_LIMIT])
        if len(resolved_value) <= _VALUE_LIMIT:
            entities.setdefault(declaration["name"], resolved_value)
    return entities


def _find_section_end(text: str, match: re.Match[str]) -> int:
    """Return where a section ends that is left as it is; the document's end if nothing ends it."""
    end_marker = _ENDS[match["section"]]
    position = text.find(end_marker, match.end())
    return len(text) if position < 0 else position + len(end_marker)


class _SectionEnds:
    """Finds the ends of sections. It searches for each end once, so that thousands of unclosed sections cost little."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._next_ends: dict[str, int] = {}

    def find_end(self, match: re.Match[str]) -> int:
        """Return where a section ends; 0 if nothing ends it, so that what follows its opening must be read as markup."""
        kind = match["section"]
        if 0 <= self._next_ends.get(kind, 0) < match.end() or kind not in self._next_ends:
            self._next_ends[kind] = self._text.find(_ENDS[kind], match.end())
        position = self._next_ends[kind]
        return (
            0 if position < 0 or self._is_in_later_entry(kind, match.end(), position) else position + len(_ENDS[kind])
        )

    def _is_in_later_entry(self, kind: str, start: int, end: int) -> bool:
        """Return whether the next end belongs to a section in a later entry."""
        opening = self._text.find(f"<{kind}", start, end)
        return opening >= 0 and _ENTRY_END.search(self._text, start, opening) is not None


class _Repair:
    """Replaces references and stray characters, within the limit on what that may add."""

    def __init__(self, entities: dict[str, str], text: str = "") -> None:
        self._entities = entities
        self._text = text
        self._expansion_left = EXPANSION_LIMIT

    @cached_property
    def _closed_elements(self) -> frozenset[str]:
        """Return the names of all elements that are closed somewhere."""
        return frozenset(name.lower() for name in _END_TAG.findall(self._text))

    def build_replacement(self, match: re.Match[str]) -> str:
        if match["section"]:
            return match[0]
        if match["tag"]:
            return "<" + _FAULT.sub(self.build_replacement, match["tag"].replace("<", "&lt;"))
        if match["simple"]:
            return "<" if self._is_element(match["simple"].lower()) else "&lt;"
        if match[0] == "<":
            return "&lt;"
        if match["number"]:
            return f"&#{match['number'].lower()};"
        value = self._get_entity_value(match["name"]) if match["name"] else None
        self._expansion_left -= len(value or "")
        return escape(match[0], quote=False) if value is None or self._expansion_left < 0 else value

    def _is_element(self, name: str) -> bool:
        return name in HTML_ELEMENTS or name in _FEED_ELEMENTS or name in self._closed_elements

    def _get_entity_value(self, name: str) -> str | None:
        if name in self._entities:
            return self._entities[name]
        return escape(html5[f"{name};"]) if f"{name};" in html5 else None
