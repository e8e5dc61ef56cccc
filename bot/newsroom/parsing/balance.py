"""Close the elements of a feed that its publisher has left open, so that they take no later entry with them."""

from __future__ import annotations

import re
from collections import Counter

_SPOT = re.compile(
    r"<(?:(?P<section>!\[CDATA\[|!--|\?)"
    r"""|(?P<close>/)?(?P<name>[^\s<>/!?"']++)(?:[^<>"'/]++|"[^"<]*+"|'[^'<]*+'|/(?!>))*+(?P<empty>/)?>)"""
)
_ENDS = {"![CDATA[": "]]>", "!--": "-->", "?": "?>"}
_ENTRIES = frozenset({"item", "entry"})
#: Elements of an entry that hold no others.
_LEAVES = frozenset(
    {"title", "link", "guid", "pubdate", "category", "comments", "id", "updated", "published", "dc:date"}
)
_TEXTS = frozenset({"description", "summary", "content", "content:encoded"})
#: What stands in no text, even where that is unescaped HTML.
_BEHIND_TEXTS = frozenset({"guid", "pubdate", "published", "updated", "dc:date"})


def balanced(document: str) -> str:
    """Return the document with an end for each element that begins, and without ends of none. The work is linear in the length."""
    open_elements = _OpenElements()
    parts: list[str] = []
    place = 0
    while spot := _SPOT.search(document, place):
        parts.append(document[place : spot.start()])
        place = spot.end()
        if spot["section"]:
            end = document.find(_ENDS[spot["section"]], place)
            place = len(document) if end < 0 else end + len(_ENDS[spot["section"]])
            parts.append(document[spot.start() : place])
        elif spot["close"]:
            parts.append(open_elements.close(spot["name"]))
        else:
            parts.append(open_elements.make_room(spot["name"].lower()) + spot[0])
            if not spot["empty"]:
                open_elements.add(spot["name"])
    return "".join(parts) + document[place:] + open_elements.close_all()


class _OpenElements:
    """The names of the elements around a place, and the tags that end them."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._counts: Counter[str] = Counter()

    def add(self, name: str) -> None:
        """Remember that an element begins."""
        self._names.append(name)
        self._counts[name.lower()] += 1

    def close(self, name: str) -> str:
        """Return the tags that end an element and all inside of it; none if there is no such element."""
        name = name.lower()
        if not self._counts[name]:
            return ""
        tags = ""
        while True:
            last = self._names[-1].lower()
            tags += self._end()
            if last == name:
                return tags

    def make_room(self, name: str) -> str:
        """Return the tags that end what an element of this name cannot be inside of."""
        tags = ""
        if name in _ENTRIES and self._counts[name]:
            tags += self.close(name)
        if name in _BEHIND_TEXTS:
            tags += "".join(self.close(text) for text in _TEXTS if self._counts[text])
        if name in _LEAVES | _TEXTS:
            while self._names and self._names[-1].lower() in _LEAVES:
                tags += self._end()
        return tags

    def close_all(self) -> str:
        """Return the tags that end everything."""
        tags = ""
        while self._names:
            tags += self._end()
        return tags

    def _end(self) -> str:
        name = self._names.pop()
        self._counts[name.lower()] -= 1
        return f"</{name}>"
