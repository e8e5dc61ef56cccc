"""Parse hostile markup into trees, and read from them."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from lxml import etree
from lxml import html as lxml_html

#: After these errors the tree is still complete: something follows the document's end, or its end is cut off.
_HARMLESS_ERRORS = frozenset({"ERR_DOCUMENT_END", "ERR_TAG_NOT_FINISHED"})


def parse_page(text: str) -> etree._Element | None:
    """Return a page's elements; None if it has none."""
    if not text.strip():
        return None
    try:
        parser = lxml_html.HTMLParser(encoding="utf-8", no_network=True)
        return lxml_html.document_fromstring(text.encode(errors="replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return None


def parse_xml(document: bytes) -> tuple[etree._Element | None, bool]:
    """Return a document's elements as far as they can be read (None if there are none), and whether they are complete.

    Nothing is fetched, and no entity is resolved.
    """
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(document, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None, False
    return root, all(error.level_name != "FATAL" or error.type_name in _HARMLESS_ERRORS for error in parser.error_log)


def get_inner_markup(element: etree._Element) -> str:
    """Return the content of the element, as HTML."""
    parts = [escape(element.text or "", quote=False)]
    parts.extend(etree.tostring(child, encoding="unicode") for child in element)
    return "".join(parts)


def find_strings(tree: etree._Element, path: str) -> Iterator[str]:
    """Yield the attributes or texts at an XPath, trimmed, without empty ones."""
    results = tree.xpath(path)
    for result in results if isinstance(results, list) else ():
        if text := str(result).strip():
            yield text


def get_text(element: etree._Element) -> str:
    """Return all text of the element, on one line."""
    return " ".join("".join(str(part) for part in element.itertext()).split())
