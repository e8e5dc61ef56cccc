"""Parse RSS, Atom and RDF feeds from a tree of elements.

An element of the item's own namespace comes before one of an extension: ``title`` before ``media:title``, ``link``
before ``atom:link``. Nothing is guessed: a date is what a date element says, an address what a link element says.
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

from bot.newsroom.parsing.markup import get_inner_markup, get_text
from bot.newsroom.parsing.raw_feed import RawEntry, RawFeed, RawText, get_text_value
from bot.newsroom.parsing.results import FeedFormat
from bot.newsroom.parsing.urls import join_url

FORMATS = {"rss": FeedFormat.RSS, "channel": FeedFormat.RSS, "feed": FeedFormat.ATOM, "rdf": FeedFormat.RDF}

_ENTRY_NAMES = ("item", "entry")
_SUMMARY_NAMES = ("description", "summary", "abstract", "subtitle")
_CONTENT_NAMES = ("encoded", "content", "body", "fullitem")
_PUBLISHED_NAMES = ("pubdate", "published", "issued", "date", "created", "available")
_UPDATED_NAMES = ("lastbuilddate", "updated", "modified")
_PERIOD_MINUTES = {"hourly": 60, "daily": 1_440, "weekly": 10_080, "monthly": 43_200, "yearly": 525_600}
#: How the namespaces (or undeclared prefixes) of Media RSS and of podcasts end, in the spellings that feeds use.
_MEDIA_NAMESPACES = ("/mrss", "/mrss/", "/podcast-1.0.dtd", "media", "itunes")
#: The white space of XML. Python would strip U+0085 too, by which publishers mean an ellipsis.
_XML_BLANKS = " \t\r\n"
_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_RDF_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_ALTERNATE = "http://www.iana.org/assignments/relation/alternate"
#: Links with these relations lead to something other than the entry: its picture, its comments, the feed, a hub.
_OTHER_RELATIONS = frozenset(
    "self edit hub replies enclosure next previous first last license via related author search".split()
)
#: Types that a person cannot read as an article: media, data for programs, feeds.
_NOT_A_PAGE = re.compile(r"^(?:audio|video|image)/|json|(?:atom|rss|rdf)\+xml")
_IS_DATA = re.compile(r"(?!text/|application/(?:[\w.-]+\+)?xml)[\w.-]+/")
_PLAIN_TYPES = frozenset({"text", "text/plain"})
_PAGE_TYPES = frozenset({"", "text/html", "application/xhtml+xml"})
#: How many tags are cached. A feed has fewer than a hundred.
_TAG_CACHE_SIZE = 4_096


_Group: TypeAlias = "defaultdict[str, list[etree._Element]]"  # noqa: SLF001 - lxml's stubs give its type no other name


@dataclass(slots=True)
class _Children:
    """The children of an element by their names in lower case.

    Attributes:
        same_namespace: those of the element's own namespace.
        extensions: those of other namespaces.
        media: those that are about a picture, a video or a podcast.
    """

    same_namespace: _Group = field(default_factory=lambda: defaultdict(list))
    extensions: _Group = field(default_factory=lambda: defaultdict(list))
    media: _Group = field(default_factory=lambda: defaultdict(list))

    def find(self, *names: str, media: bool = False) -> Iterator[etree._Element]:
        """Yield the children with these names: first those of the feed's own namespace, then extensions, then, with ``media``, media.

        Within each of these groups they are in the order of the names.
        """
        for group in (self.same_namespace, self.extensions, self.media)[: 3 if media else 2]:
            for name in names:
                yield from group.get(name, ())


def parse_xml_feed(root: etree._Element, url: str) -> RawFeed | None:
    """Return the feed in a tree; None if the tree is something else."""
    feed_format = FORMATS.get(_get_local_name(root.tag))
    if feed_format is None:
        return None
    elements = list(_find_entries(root))
    channel = next((child for child in root if _get_local_name(child.tag) == "channel"), root)
    children = _group_children(channel)
    feed = RawFeed(
        feed_format, _get_first_text(children.find("title")), _find_link(children, url), ttl_minutes=_get_ttl(children)
    )
    feed.read_entries(elements, lambda element, position: _parse_entry(element, position, url))
    return feed


def _find_entries(root: etree._Element) -> Iterator[etree._Element]:
    for element in root.iter(etree.Element):
        if _get_local_name(element.tag) in _ENTRY_NAMES:
            parent = element.getparent()
            if parent is None or _get_local_name(parent.tag) not in _ENTRY_NAMES:
                yield element


def _parse_entry(element: etree._Element, position: int, url: str) -> RawEntry:
    children = _group_children(element)
    about = element.get(_RDF_ABOUT) or element.get("href") or element.get("HREF") or ""
    text_elements = (
        *children.find(*_SUMMARY_NAMES, media=True),
        *children.find(*_CONTENT_NAMES),
        *_find_media_descriptions(element),
    )
    return RawEntry(
        position=position,
        title=_get_first_text(chain(children.find("title", media=True), _find_inner_titles(element))),
        link=_find_original_link(children) or _find_link(children, url) or about,
        guid=_find_guid(children) or about,
        texts=tuple(text for text in map(_get_raw_text, text_elements) if text.text),
        dates=tuple(filter(None, map(_get_line, children.find(*_PUBLISHED_NAMES, *_UPDATED_NAMES)))),
        source=_find_source(children),
    )


def _group_children(element: etree._Element) -> _Children:
    namespace, _ = _split_tag(element.tag)
    children = _Children()
    for child in element.iterchildren(etree.Element):
        child_namespace, name = _split_tag(child.tag)
        if child_namespace == namespace:
            children.same_namespace[name].append(child)
        elif child_namespace.endswith(_MEDIA_NAMESPACES):
            children.media[name].append(child)
        else:
            children.extensions[name].append(child)
    return children


def _get_first_text(elements: Iterable[etree._Element]) -> RawText:
    """Return the first text that is not empty."""
    return next((text for element in elements if (text := _get_raw_text(element)).text), RawText())


def _get_raw_text(element: etree._Element) -> RawText:
    kind = (element.get("type") or "").strip().lower()
    if len(element):
        return RawText(get_text_value(get_inner_markup(element)).strip(_XML_BLANKS))
    if element.get("mode") == "base64" or _IS_DATA.match(kind):
        return RawText(_decode_base64(element.text or ""))
    return RawText(get_text_value(element.text or "").strip(_XML_BLANKS), is_markup=kind not in _PLAIN_TYPES)


def _decode_base64(text: str) -> str:
    """Return a text that is encoded as base64; empty if it is no text."""
    try:
        return get_text_value(base64.b64decode(text).decode()).strip()
    except ValueError:
        return ""


def _find_inner_titles(element: etree._Element) -> Iterator[etree._Element]:
    """Yield titles further inside, for an entry without one of its own, except those of its source and in its texts."""
    for child in element.iterchildren(etree.Element):
        if _get_local_name(child.tag) not in ("source", *_SUMMARY_NAMES, *_CONTENT_NAMES):
            yield from (
                inner for inner in child.iterdescendants(etree.Element) if _get_local_name(inner.tag) == "title"
            )


def _find_media_descriptions(element: etree._Element) -> Iterator[etree._Element]:
    """Yield the descriptions of an entry's media, which may be inside groups. A video has no other text."""
    for child in element.iterchildren(etree.Element):
        namespace, name = _split_tag(child.tag)
        if name in ("group", "content") and namespace.endswith(_MEDIA_NAMESPACES):
            yield from (
                inner
                for inner in child.iterdescendants(etree.Element)
                if _split_tag(inner.tag) == (namespace, "description")
            )


def _get_line(element: etree._Element) -> str:
    return get_text_value(get_text(element))


def _find_guid(children: _Children) -> str:
    return next(filter(None, map(_get_line, children.find("guid", "id"))), "")


def _find_original_link(children: _Children) -> str:
    """Return the publisher's own address, which a feed proxy keeps beside its own."""
    return next(filter(None, map(_get_line, children.find("origlink"))), "")


def _find_link(children: _Children, url: str) -> str:
    """Return the page that the element is about: the best of its links."""
    best = min(filter(_leads_to_page, children.find("link")), key=_rank_link, default=None)
    return "" if best is None else _make_absolute(best, _get_target(best), url)


def _get_target(link: etree._Element) -> str:
    """Return the address of a link, without line breaks in its middle."""
    address = (
        get_text_value("".join(str(part) for part in link.itertext())).strip()
        or link.get("href")
        or link.get("link")
        or ""
    )
    return "".join(line.strip() for line in address.splitlines())


def _leads_to_page(link: etree._Element) -> bool:
    return (
        bool(_get_target(link))
        and _get_relation(link) not in _OTHER_RELATIONS
        and not _NOT_A_PAGE.search(_get_content_type(link))
    )


def _rank_link(link: etree._Element) -> tuple[bool, bool]:
    """Return a rank, the smaller the better: a link to the entry itself, to a page that a person can read."""
    return _get_relation(link) not in ("alternate", _ALTERNATE), _get_content_type(link) not in _PAGE_TYPES


def _get_relation(link: etree._Element) -> str:
    return (link.get("rel") or "alternate").strip().lower()


def _get_content_type(link: etree._Element) -> str:
    return (link.get("type") or "").split(";")[0].strip().lower()


def _make_absolute(element: etree._Element, link: str, url: str) -> str:
    """Return the link made absolute by ``xml:base`` of its element and those around it; as it is if there is none."""
    bases = [base for each in (element, *element.iterancestors()) if (base := each.get(_XML_BASE))]
    if not bases:
        return get_text_value(link)
    absolute_base = url
    for base in reversed(bases):
        absolute_base = join_url(absolute_base, base.strip())
    return get_text_value(join_url(absolute_base, link))


def _find_source(children: _Children) -> str:
    for source in children.find("source"):
        if (
            name := _get_first_text(_group_children(source).find("title")).text
            or get_text_value(source.text or "").strip()
        ):
            return name
    return ""


def _get_ttl(children: _Children) -> int:
    """Return for how many minutes the feed is valid; 0 if it does not say."""
    ttl, period, frequency = (
        next(map(_get_line, children.find(name)), "") for name in ("ttl", "updateperiod", "updatefrequency")
    )
    return parse_number(ttl) or _PERIOD_MINUTES.get(period.lower(), 0) // (parse_number(frequency) or 1)


def parse_number(text: str) -> int:
    """Return the number that a text is; 0 for any other text."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else 0


def _get_local_name(tag: object) -> str:
    return _split_tag(tag)[1] if isinstance(tag, str) else ""


@lru_cache(maxsize=_TAG_CACHE_SIZE)
def _split_tag(tag: str) -> tuple[str, str]:
    """Return a tag's namespace (its prefix, if that is undeclared) and its name, in lower case."""
    namespace, _, name = tag.rpartition("}") if "}" in tag else tag.rpartition(":")
    return namespace.lower(), name.lower()
