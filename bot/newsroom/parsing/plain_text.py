"""Convert HTML, entities and hostile characters to plain text."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable

from lxml import etree
from lxml import html as lxml_html

from bot.model.invisible_characters import HIDDEN_CATEGORIES, INVISIBLE, JOINERS, drop_needless_joiners
from bot.redaction import redact_prose

# Elements of HTML, of SVG and MathML inside it, custom ones (with a hyphen) and those of office programs (with a colon), but
# no names that were never in a standard, such as "blink".
HTML_ELEMENTS = frozenset(
    """a abbr acronym address applet area article aside audio b base basefont bdi bdo bgsound big blockquote body br button canvas caption center cite code col colgroup
data datalist dd del details dfn dialog dir div dl dt em embed fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i
iframe img input ins kbd keygen label legend li link main map mark marquee menu menuitem meta meter nav nobr noframes noscript object ol optgroup option output p param
path picture pre progress q rb rp rt rtc ruby s samp script search section select slot small source span strike strong style sub summary sup svg g math table tbody td
template textarea tfoot th thead time title tr track tt u ul use var video wbr xmp""".split()
)
#: Attributes that may have no value.
_VALUELESS_ATTRIBUTES = """hidden controls autoplay loop muted async defer disabled checked selected readonly required multiple nowrap noshade compact ismap allowfullscreen reversed open
itemscope data-[a-z-]+ src alt href title class id style name value width height target rel type lang dir align""".split()


def _build_tag_pattern(names: Iterable[str], more: str = "") -> re.Pattern[str]:
    """Return a pattern of the tags of such elements: a name, then the end or an attribute. "a <b and c" has neither."""
    return re.compile(
        rf"<(?:/?(?:{'|'.join(names)})(?:\s*/?>|[\s/]+(?:[\w:@.-]+\s*=|(?:{'|'.join(_VALUELESS_ATTRIBUTES)})[\s/>])){more})",
        re.IGNORECASE,
    )


_TAG = _build_tag_pattern(
    [*sorted(HTML_ELEMENTS), r"[a-z][a-z0-9]*[-:][a-z0-9:-]*"], r"|!--|!\[CDATA\[|!doctype\b|\?xml\b"
)
_LESS_THAN = re.compile("<")
_CDATA_MARKER = re.compile(r"<!\[CDATA\[|\]\]>")
# Escaped markup ("&lt;b&gt;") is taken for markup only if it is of a kind that publishers escape by mistake.
_KNOWN_TAG = _build_tag_pattern(
    r"a b i u p br em strong span div img h\d ul ol li font sup sub small blockquote script style iframe".split()
)
# Many publishers escape twice.
_MAX_UNESCAPES = 2
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_BLOCK_ELEMENTS = frozenset(
    "address article blockquote br center dd details div dl dt fieldset figure h1 h2 h3 h4 h5 h6 header hr li main ol p pre section table td th tr ul".split()
)
_SKIPPED_ELEMENTS = frozenset(
    "script style head nav footer aside form button select option textarea iframe object svg math noscript template figcaption canvas audio video".split()
)
# In these, everything up to the closing tag is text; without one, all that follows.
_RAW_TEXT_ELEMENTS = frozenset({"title", "textarea", "xmp", "noframes", "noscript"})
_TAG_NAME = re.compile(r"[a-z]+", re.IGNORECASE)
_END_TAG = re.compile(r"</([a-z]+)", re.IGNORECASE)
_C1_CONTROLS = range(0x80, 0xA0)


class _VisibleCharacters(dict[int, int | None]):
    """A table for ``str.translate``: each character as it is, or None if it is invisible. It fills itself on demand.

    Joiners stay, because whether one is needed depends on its neighbours. A C1 control character is replaced by what
    windows-1252 has in its place, because its publisher's program meant that.
    """

    def __missing__(self, code: int) -> int | None:
        character = bytes([code]).decode("windows-1252", "ignore") if code in _C1_CONTROLS else chr(code)
        is_hidden = character != "\n" and (
            not character
            or unicodedata.category(character) in HIDDEN_CATEGORIES
            or INVISIBLE.match(character) is not None
        )
        self[code] = None if is_hidden else ord(character)
        return self[code]


_VISIBLE_CHARACTERS = _VisibleCharacters({ord(joiner): ord(joiner) for joiner in JOINERS})
# More accents in a row than a letter keeps need this many characters outside of these scripts.
_MANY_ACCENTS = re.compile("[^\x00-\u02ff\u2010-\u205f\u3041-\u3096\u30a0-\u9fff\uac00-\ud7a3]{5}")
_ACCENT_CATEGORIES = frozenset({"Mn", "Me"})
#: The most accents in a row that a letter keeps; every living script needs fewer.
_MAX_ACCENTS = 4
_LINE_BREAKS = re.compile("\r\n|[\r\v\f\x1c-\x1e\u2028\u2029]")
#: More markup than this is not read, because the texts that are kept are far shorter.
_MARKUP_LIMIT = 60_000


def to_plain_line(text: str, limit: int, *, markup: bool = True) -> str:
    """Return one line of plain text of at most ``limit`` characters, cut between words if possible."""
    return truncate(
        " ".join(_to_plain(text, markup=markup, text_elements=_RAW_TEXT_ELEMENTS | _SKIPPED_ELEMENTS).split()), limit
    )


def to_safe_line(text: str, limit: int, *, markup: bool = True) -> str:
    """Return the same without secrets. They are removed before the text is cut, because half a secret is not recognized."""
    return truncate(redact_prose(to_plain_line(text, 2 * limit, markup=markup)), limit)


def to_plain_text(text: str, *, markup: bool = True) -> str:
    """Return plain text, one line for each paragraph, without empty lines.

    Without ``markup``, what looks like an element is text.
    """
    return _to_plain(text, markup=markup, text_elements=_RAW_TEXT_ELEMENTS)


def _to_plain(text: str, *, markup: bool, text_elements: frozenset[str]) -> str:
    """Return plain text. ``text_elements`` are text if nothing closes them: "Why <script> is slow" is about one."""
    if markup:
        text = _CDATA_MARKER.sub("", text)
        text = _remove_tags(text, text_elements) if _TAG.search(text) else text
    for _ in range(_MAX_UNESCAPES):
        if not ("&" in text and _ENTITY.search(text)):
            break
        text = html.unescape(text)
        if markup and _KNOWN_TAG.search(text):
            text = _remove_tags(text, text_elements)
    return tidy(text)


def tidy(text: str) -> str:
    """Return the text without hidden characters, heaped accents and needless blanks."""
    if not (text.isascii() and text.isprintable()):
        text = _normalize(_LINE_BREAKS.sub("\n", text).replace("\t", " ").translate(_VISIBLE_CHARACTERS))
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _normalize(text: str) -> str:
    """Drop needless joiners and heaped accents, and compose letters, until none of these makes way for another."""
    while True:
        before, text = text, unicodedata.normalize("NFC", drop_needless_joiners(text))
        if _MANY_ACCENTS.search(text):
            text = "".join(_limit_accents(text))
        if text == before:
            return text


def truncate(text: str, limit: int) -> str:
    """Return at most ``limit`` characters, with ``…`` at the end if something is left out."""
    if len(text) <= limit:
        return text
    prefix = text[: limit - 1]
    blank = max(prefix.rfind(" "), prefix.rfind("\n"))
    # A joiner at the end joins nothing.
    return (prefix[:blank] if blank > limit * 3 // 4 else prefix).rstrip().rstrip("\u200c\u200d") + "…"


def _limit_accents(text: str) -> Iterable[str]:
    """Yield the characters, but of heaped accents only the first few."""
    heap = 0
    for character in text:
        heap = heap + 1 if unicodedata.category(character) in _ACCENT_CATEGORIES else 0
        if heap <= _MAX_ACCENTS:
            yield character


def _remove_tags(text: str, text_elements: frozenset[str]) -> str:
    """Return the text of the markup, with blocks on lines of their own."""
    prefix = text[:_MARKUP_LIMIT]
    last_comment_end = prefix.rfind("-->")
    unclosed_elements = text_elements - {name.lower() for name in _END_TAG.findall(prefix)}

    def escape_if_text(sign: re.Match[str]) -> str:
        tag = _TAG.match(prefix, sign.start())
        if tag is None or (tag[0] == "<!--" and tag.end() > last_comment_end):
            return "&lt;"
        name = _TAG_NAME.match(prefix, sign.end())
        return "&lt;" if name and name[0].lower() in unclosed_elements else "<"

    try:
        root = lxml_html.fragment_fromstring(_LESS_THAN.sub(escape_if_text, prefix), create_parent="div")
    except (etree.LxmlError, ValueError, AssertionError):
        return _TAG.sub(" ", prefix)
    parts: list[str] = []
    _collect_text(root, parts)
    return "".join(parts)


def _collect_text(root: etree._Element, parts: list[str]) -> None:
    """Append the texts in reading order. Do not recurse, because a publisher decides how deep the tree is."""
    skipped_ancestors: list[etree._Element] = []
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        name = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            parts.append("\n" if name in _BLOCK_ELEMENTS else "")
            if name in _SKIPPED_ELEMENTS:
                skipped_ancestors.append(element)
            elif not skipped_ancestors:
                parts.append(("- " if name == "li" else "") + (element.text or ""))
            continue
        if skipped_ancestors and skipped_ancestors[-1] is element:
            skipped_ancestors.pop()
        parts.append("\n" if name in _BLOCK_ELEMENTS else "")
        if not skipped_ancestors and element is not root:
            parts.append(element.tail or "")
