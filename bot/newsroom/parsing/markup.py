"""Trees of hostile markup: how they are made, and what is asked of them."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree
from lxml import html as lxml_html


def page_tree(text: str) -> etree._Element | None:
    """A page's elements; None if it has none."""
    if not text.strip():
        return None
    try:
        parser = lxml_html.HTMLParser(encoding="utf-8", no_network=True)
        return lxml_html.document_fromstring(text.encode(errors="replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return None


def feed_tree(document: bytes) -> etree._Element | None:
    """A feed's elements, as far as they can be read; None if there are none. Entities stay unresolved, and nothing is fetched."""
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(document, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def strings(tree: etree._Element, path: str) -> Iterator[str]:
    """The attributes or texts at an XPath, trimmed, without empty ones."""
    found = tree.xpath(path)
    for told in found if isinstance(found, list) else ():
        if text := str(told).strip():
            yield text


def text_in(element: etree._Element) -> str:
    """All text in it, in one line."""
    return " ".join("".join(str(part) for part in element.itertext()).split())


def name_of(element: etree._Element) -> str:
    """The element's name without its namespace, in small letters; empty for comments and the like."""
    tag: object = element.tag
    return tag.rsplit("}", 1)[-1].lower() if isinstance(tag, str) else ""
