"""RSS, Atom and RDF feeds, read from a tree of elements.

An element of the item's own namespace comes before one of an extension: ``title`` before ``media:title``, ``link`` before ``atom:link``.
Nothing is guessed: a date is what a date element says, an address what a link element says.
"""

from __future__ import annotations

import base64
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from typing import TypeAlias

from lxml import etree

from bot.newsroom.parsing.links import joined
from bot.newsroom.parsing.markup import inner_markup, text_in
from bot.newsroom.parsing.raw import RawEntry, RawFeed, RawText, text_of
from bot.newsroom.parsing.results import FeedFormat

FORMATS = {"rss": FeedFormat.RSS, "channel": FeedFormat.RSS, "feed": FeedFormat.ATOM, "rdf": FeedFormat.RDF}

_ENTRIES = ("item", "entry")
_SUMMARIES = ("description", "summary", "abstract", "subtitle")
_CONTENTS = ("encoded", "content", "body", "fullitem")
_PUBLISHED = ("pubdate", "published", "issued", "date", "created", "available")
_UPDATED = ("lastbuilddate", "updated", "modified")
_PERIODS = {"hourly": 60, "daily": 1_440, "weekly": 10_080, "monthly": 43_200, "yearly": 525_600}
#: How the namespaces of Media RSS and of podcasts end in the spellings that feeds use, or how their undeclared prefixes do.
_MEDIA_SPACES = ("/mrss", "/mrss/", "/podcast-1.0.dtd", "media", "itunes")
#: XML's own. Python would strip U+0085 too, in whose place publishers mean an ellipsis.
_BLANKS = " \t\r\n"
_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_RDF_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_ALTERNATE = "http://www.iana.org/assignments/relation/alternate"
#: Links of these relations lead to something else than the entry: its picture, its comments, the feed, a hub.
_OTHER_PAGES = frozenset(
    "self edit hub replies enclosure next previous first last license via related author search".split()
)
#: Types that a person cannot read as an article: files of media, data for programs, feeds.
_NO_PAGE = re.compile(r"^(?:audio|video|image)/|json|(?:atom|rss|rdf)\+xml")
_IS_DATA = re.compile(r"(?!text/|application/(?:[\w.-]+\+)?xml)[\w.-]+/")
_PLAIN_TYPES = frozenset({"text", "text/plain"})
_PAGE_TYPES = frozenset({"", "text/html", "application/xhtml+xml"})
#: Names that a cached tag may have; a feed's own are fewer than a hundred.
_TAGS_KEPT = 4_096


_Group: TypeAlias = "defaultdict[str, list[etree._Element]]"  # noqa: SLF001 - lxml's stubs give its type no other name


@dataclass(slots=True)
class _Children:
    """The children of an element by their names in small letters.

    Attributes:
        own: those of the element's own namespace.
        others: those of extensions.
        media: those that are about a picture, a video or a podcast.
    """

    own: _Group = field(default_factory=lambda: defaultdict(list))
    others: _Group = field(default_factory=lambda: defaultdict(list))
    media: _Group = field(default_factory=lambda: defaultdict(list))

    def named(self, *names: str, media: bool = False) -> Iterator[etree._Element]:
        """All of these names: the element's own, those of extensions and, if asked for, those of media; each by name in the order given."""
        for group in (self.own, self.others, self.media)[: 3 if media else 2]:
            for name in names:
                yield from group.get(name, ())


def read_xml_feed(root: etree._Element, url: str) -> RawFeed | None:
    """Return the feed in a tree; None if the tree is of something else."""
    kind = FORMATS.get(_name(root.tag))
    if kind is None:
        return None
    elements = list(_entries(root))
    channel = next((child for child in root if _name(child.tag) == "channel"), root)
    children = _children(channel)
    feed = RawFeed(kind, _text(children.named("title")), _link(children, url), ttl_minutes=_ttl(children))
    feed.read_entries(elements, lambda element, place: _entry(element, place, url))
    return feed


def _entries(root: etree._Element) -> Iterator[etree._Element]:
    for element in root.iter(etree.Element):
        if _name(element.tag) in _ENTRIES:
            parent = element.getparent()
            if parent is None or _name(parent.tag) not in _ENTRIES:
                yield element


def _entry(element: etree._Element, place: int, url: str) -> RawEntry:
    children = _children(element)
    about = element.get(_RDF_ABOUT) or element.get("href") or element.get("HREF") or ""
    written = (*children.named(*_SUMMARIES, media=True), *children.named(*_CONTENTS), *_described(element))
    return RawEntry(
        place=place,
        title=_text(chain(children.named("title", media=True), _titles_inside(element))),
        link=_origin(children) or _link(children, url) or about,
        guid=_guid(children) or about,
        texts=tuple(text for text in map(_raw_text, written) if text.text),
        dates=tuple(filter(None, map(_line, children.named(*_PUBLISHED, *_UPDATED)))),
        source=_source(children),
    )


def _children(element: etree._Element) -> _Children:
    space, _ = _split(element.tag)
    children = _Children()
    for child in element.iterchildren(etree.Element):
        child_space, name = _split(child.tag)
        if child_space == space:
            children.own[name].append(child)
        elif child_space.endswith(_MEDIA_SPACES):
            children.media[name].append(child)
        else:
            children.others[name].append(child)
    return children


def _text(elements: Iterable[etree._Element]) -> RawText:
    """The first that is not empty."""
    return next((text for element in elements if (text := _raw_text(element)).text), RawText())


def _raw_text(element: etree._Element) -> RawText:
    kind = (element.get("type") or "").strip().lower()
    if len(element):
        return RawText(text_of(inner_markup(element)).strip(_BLANKS))
    if element.get("mode") == "base64" or _IS_DATA.match(kind):
        return RawText(_decoded(element.text or ""))
    return RawText(text_of(element.text or "").strip(_BLANKS), markup=kind not in _PLAIN_TYPES)


def _decoded(text: str) -> str:
    """The text that somebody has packed as base64; empty if it is no text."""
    try:
        return text_of(base64.b64decode(text).decode()).strip()
    except ValueError:
        return ""


def _titles_inside(element: etree._Element) -> Iterator[etree._Element]:
    """Titles further inside, for an entry without one of its own. Those of its source and in its texts are of something else."""
    for child in element.iterchildren(etree.Element):
        if _name(child.tag) not in ("source", *_SUMMARIES, *_CONTENTS):
            yield from (inner for inner in child.iterdescendants(etree.Element) if _name(inner.tag) == "title")


def _described(element: etree._Element) -> Iterator[etree._Element]:
    """The descriptions of an entry's media, which may be inside of groups; a video has no other text."""
    for child in element.iterchildren(etree.Element):
        space, name = _split(child.tag)
        if name in ("group", "content") and space.endswith(_MEDIA_SPACES):
            yield from (
                inner for inner in child.iterdescendants(etree.Element) if _split(inner.tag) == (space, "description")
            )


def _line(element: etree._Element) -> str:
    return text_of(text_in(element))


def _guid(children: _Children) -> str:
    return next(filter(None, map(_line, children.named("guid", "id"))), "")


def _origin(children: _Children) -> str:
    """The publisher's own address, which a service that passes feeds on keeps beside that of its own."""
    return next(filter(None, map(_line, children.named("origlink"))), "")


def _link(children: _Children, url: str) -> str:
    """The page that the element is about: the best of its links."""
    best = min(filter(_leads_to_page, children.named("link")), key=_rank, default=None)
    return "" if best is None else _absolute(best, _target(best), url)


def _target(link: etree._Element) -> str:
    """The address that a link gives; a line break in the midst of one is none of it."""
    written = (
        text_of("".join(str(part) for part in link.itertext())).strip() or link.get("href") or link.get("link") or ""
    )
    return "".join(line.strip() for line in written.splitlines())


def _leads_to_page(link: etree._Element) -> bool:
    return bool(_target(link)) and _relation(link) not in _OTHER_PAGES and not _NO_PAGE.search(_kind(link))


def _rank(link: etree._Element) -> tuple[bool, bool]:
    """The smaller the better: a link to the entry itself, to a page that a person can read."""
    return _relation(link) not in ("alternate", _ALTERNATE), _kind(link) not in _PAGE_TYPES


def _relation(link: etree._Element) -> str:
    return (link.get("rel") or "alternate").strip().lower()


def _kind(link: etree._Element) -> str:
    return (link.get("type") or "").split(";")[0].strip().lower()


def _absolute(element: etree._Element, link: str, url: str) -> str:
    """The link as the bases of its element and all around it make it; as it is where there are none."""
    bases = [base for each in (element, *element.iterancestors()) if (base := each.get(_XML_BASE))]
    if not bases:
        return text_of(link)
    whole = url
    for base in reversed(bases):
        whole = joined(whole, base.strip())
    return text_of(joined(whole, link))


def _source(children: _Children) -> str:
    for source in children.named("source"):
        if named := _text(_children(source).named("title")).text or text_of(source.text or "").strip():
            return named
    return ""


def _ttl(children: _Children) -> int:
    """How many minutes the feed holds; 0 where it does not say so."""
    ttl, period, frequency = (
        next(map(_line, children.named(name)), "") for name in ("ttl", "updateperiod", "updatefrequency")
    )
    return number_in(ttl) or _PERIODS.get(period.lower(), 0) // (number_in(frequency) or 1)


def number_in(text: str) -> int:
    """The number that a text is; 0 for any other text."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else 0


def _name(tag: object) -> str:
    return _split(tag)[1] if isinstance(tag, str) else ""


@lru_cache(maxsize=_TAGS_KEPT)
def _split(tag: str) -> tuple[str, str]:
    """A tag's namespace (or its prefix, if that stands for none) and its name in small letters."""
    space, _, name = tag.rpartition("}") if "}" in tag else tag.rpartition(":")
    return space.lower(), name.lower()
