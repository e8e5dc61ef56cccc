"""HTML, entities and hostile characters to plain text."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable

from lxml import etree
from lxml import html as lxml_html

_TAG = re.compile(r"<(?:/?[A-Za-z][^<>]*|!--|!\[CDATA\[)", re.DOTALL)
_CDATA = re.compile(r"<!\[CDATA\[|\]\]>")
# What is spelled out as markup ("&lt;b&gt;") is taken for markup only if it is some that publishers escape by mistake.
_KNOWN_TAG = re.compile(
    r"</?(?:a|b|i|u|p|br|em|strong|span|div|img|h\d|ul|ol|li|font|sup|sub|small|blockquote|script|style|iframe)\b[^<>]*>",
    re.IGNORECASE,
)
# Many publishers escape twice.
_ESCAPED_TIMES = 2
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_BLOCKS = frozenset(
    "address article blockquote br center dd details div dl dt fieldset figure h1 h2 h3 h4 h5 h6 header hr li main ol p pre section table td th tr ul".split()
)
_UNREAD = frozenset(
    "script style head nav footer aside form button select option textarea iframe object embed svg math noscript template figcaption canvas audio video".split()
)
# Invisible, though Unicode calls them letters, marks or symbols.
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\uffa0\ufff9-\ufffc\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


class _Seen(dict[int, int | None]):
    """For ``str.translate``: each character as it is, or None if nobody can see it; found out when it is first met."""

    def __missing__(self, code: int) -> int | None:
        mark = chr(code)
        hidden = mark != "\n" and (unicodedata.category(mark) in _HIDDEN or _INVISIBLE.match(mark) is not None)
        self[code] = None if hidden else code
        return self[code]


_SEEN = _Seen()
# More marks in a row than a letter keeps can only be where so many characters are of none of these scripts.
_MANY_MARKS = re.compile("[^\x00-\u02ff\u2010-\u205f\u3041-\u3096\u30a0-\u9fff\uac00-\ud7a3]{5}")
_MARKS = frozenset({"Mn", "Me"})
#: The most accents in a row that a letter keeps; every living script needs fewer.
_MARKS_A_LETTER = 4
_BREAKS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
#: More markup than this is not read: the texts that are kept are far shorter.
_MARKUP_LIMIT = 60_000


def plain_line(text: str, limit: int) -> str:
    """One line of plain text of at most ``limit`` characters, cut between words where that can be."""
    return cut(" ".join(plain_text(text).split()), limit)


def plain_text(text: str) -> str:
    """Plain text, a line a paragraph, no empty ones."""
    text = _CDATA.sub("", text)
    if "<" in text and _TAG.search(text):
        text = _without_tags(text)
    for _ in range(_ESCAPED_TIMES):
        if not ("&" in text and _ENTITY.search(text)):
            break
        text = html.unescape(text)
        if _KNOWN_TAG.search(text):
            text = _without_tags(text)
    return tidy(text)


def tidy(text: str) -> str:
    """The text without hidden characters, heaped accents and needless blanks."""
    if not (text.isascii() and text.isprintable()):
        text = _BREAKS.sub("\n", text).replace("\t", " ")
        text = unicodedata.normalize("NFC", text.translate(_SEEN))
        text = "".join(_few_marks(text)) if _MANY_MARKS.search(text) else text
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def cut(text: str, limit: int) -> str:
    """At most ``limit`` characters, ending in ``…`` where something is left out."""
    if len(text) <= limit:
        return text
    short = text[: limit - 1]
    blank = max(short.rfind(" "), short.rfind("\n"))
    return (short[:blank] if blank > limit * 3 // 4 else short).rstrip() + "…"


def _few_marks(text: str) -> Iterable[str]:
    """Of heaped accents the first few."""
    heap = 0
    for mark in text:
        heap = heap + 1 if unicodedata.category(mark) in _MARKS else 0
        if heap <= _MARKS_A_LETTER:
            yield mark


def _without_tags(text: str) -> str:
    """The text of the markup, blocks apart."""
    short = text[:_MARKUP_LIMIT]
    try:
        root = lxml_html.fragment_fromstring(short, create_parent="div")
    except (etree.LxmlError, ValueError, AssertionError):
        return _TAG.sub(" ", short)
    parts: list[str] = []
    _walk(root, parts)
    return "".join(parts)


def _walk(root: etree._Element, parts: list[str]) -> None:
    """The texts in order of reading, without recursion: a publisher decides how deep it goes."""
    unread: list[etree._Element] = []
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        name = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            parts.append("\n" if name in _BLOCKS else "")
            if name in _UNREAD:
                unread.append(element)
            elif not unread:
                parts.append(("- " if name == "li" else "") + (element.text or ""))
            continue
        if unread and unread[-1] is element:
            unread.pop()
        parts.append("\n" if name in _BLOCKS else "")
        if not unread and element is not root:
            parts.append(element.tail or "")
