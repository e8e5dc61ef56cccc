"""Closes the elements of a feed that its publisher left open, so that they swallow no later entry."""

from __future__ import annotations

import re
from collections import Counter

_MARKUP = re.compile(
    r"<(?:(?P<section>!\[CDATA\[|!--|\?)"
    r"""|(?P<close>/)?(?P<name>[^\s<>/!?"']++)(?:[^<>"'/]++|"[^"<]*+"|'[^'<]*+'|/(?!>))*+(?P<empty>/)?>)"""
)
_ENDS = {"![CDATA[": "]]>", "!--": "-->", "?": "?>"}
_ENTRY_NAMES = frozenset({"item", "entry"})
#: Elements of an entry that contain no others.
_LEAF_NAMES = frozenset(
    {"title", "link", "guid", "pubdate", "category", "comments", "id", "updated", "published", "dc:date"}
)
_TEXT_NAMES = frozenset({"description", "summary", "content", "content:encoded"})
#: Elements that are in no text, even if that is unescaped HTML.
_NEVER_IN_TEXT = frozenset({"guid", "pubdate", "published", "updated", "dc:date"})


def balance_tags(document: str) -> str:
    """Return the document with an end for each element that begins, and without stray ends. The work is linear in the
    length.
    """
    open_elements = _OpenElements()
    parts: list[str] = []
    position = 0
    while match := _MARKUP.search(document, position):
        parts.append(document[position : match.start()])
        position = match.end()
        if match["section"]:
            end = document.find(_ENDS[match["section"]], position)
            position = len(document) if end < 0 else end + len(_ENDS[match["section"]])
            parts.append(document[match.start() : position])
        elif match["close"]:
            parts.append(open_elements.close(match["name"]))
        else:
            parts.append(open_elements.close_before(match["name"].lower()) + match[0])
            if not match["empty"]:
                open_elements.add(match["name"])
    return "".join(parts) + document[position:] + open_elements.close_all()


class _OpenElements:
    """The names of the elements that are open at a position, and the tags that end them."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._counts: Counter[str] = Counter()

    def add(self, name: str) -> None:
        """Remember that an element begins."""
        self._names.append(name)
        self._counts[name.lower()] += 1

    def close(self, name: str) -> str:
        """Return the tags that end an element and everything inside it; none if there is no such element."""
        name = name.lower()
        if not self._counts[name]:
            return ""
        tags = ""
        while True:
            last = self._names[-1].lower()
            tags += self._pop_end_tag()
            if last == name:
                return tags

    def close_before(self, name: str) -> str:
        """Return the tags that end everything that cannot contain an element of this name."""
        tags = ""
        if name in _ENTRY_NAMES and self._counts[name]:
            tags += self.close(name)
        if name in _NEVER_IN_TEXT:
            tags += "".join(self.close(text) for text in _TEXT_NAMES if self._counts[text])
        if name in _LEAF_NAMES | _TEXT_NAMES:
            while self._names and self._names[-1].lower() in _LEAF_NAMES:
                tags += self._pop_end_tag()
        return tags

    def close_all(self) -> str:
        """Return the tags that end everything."""
        tags = ""
        while self._names:
            tags += self._pop_end_tag()
        return tags

    def _pop_end_tag(self) -> str:
        name = self._names.pop()
        self._counts[name.lower()] -= 1
        return f"</{name}>"
