"""Text from outside, made safe to show: it looks as it was typed, formats nothing, pings nobody and cannot break out. Only
credentials in addresses are removed.

The unit of work is an *atom*, a piece of the output that must not be split: an escape with its character, a letter with
its accents, a flag, a whole link. A cut between atoms therefore never leaves half of anything. Every cut shows as
``…``. Limits count UTF-16 units of the output, escapes included.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import quote, urlsplit

from bot.cards.message_limits import utf16_length
from bot.model.invisible_characters import CONTROL_CATEGORIES, INVISIBLE
from bot.redaction import is_webhook, redact_prose

# An address in which nothing must be encoded, like almost all.
_PLAIN_URL = re.compile(
    r"https?://[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})*(?:[/?#][A-Za-z0-9/?#!$&+,;=:%._-]*)?", re.ASCII
)


@lru_cache(maxsize=2_048)
def encode_url(url: str) -> str:
    """Return the address with everything encoded that could end it early; empty if it is no http(s) address, or a webhook's."""
    if is_webhook(url):
        return ""
    if _PLAIN_URL.fullmatch(url):
        return url
    if re.search(r"\s", url):
        return ""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or parts.username is not None or not re.fullmatch(r"[\w.-]+", host):
        return ""
    remainder = quote(url.split("//", 1)[1][len(parts.netloc) :], safe="/?#!$&+,;=:%").replace("~", "%7E")
    return f"{parts.scheme}://{host}{port}{remainder}"


ELLIPSIS = "…"
#: Replaces a text without visible characters.
BLANK_TEXT = "–"

_LINE_BREAKS = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# What Discord turns into a link: everything up to a space or "<", our escapes included.
# The limit exceeds any address that stays as it is; it keeps the time linear for a text full of openings.
_MAX_RUN = 400
_URL_RUN = re.compile(rf"(https?|steam)(://)([^\s<]{{0,{_MAX_RUN}}})", re.IGNORECASE)
_URL_OPENING = re.compile("(?:https?|steam)://", re.IGNORECASE)
_URL_END = re.compile(r"[\s<]")
_HOST = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,62}\.[A-Za-z0-9]")
_URL_TRAILING = ".,:;!?\"')"
_URL_UNSAFE = re.compile(r"[()*~|`\[\]\\^{}\">']|@(?=everyone|here)|_(?=_)")
_MAX_URL = 300
# At the start of a line these begin a heading, subtext, a quote or a list.
_LINE_START = re.compile(r"(?:[-+#>=]|\d{1,9}[.)](?=\s|$))", re.MULTILINE)
_PING = re.compile(r"@(?=everyone|here|[!&]?\d)", re.IGNORECASE)
_ENTITY = re.compile(r"&(?=#?\w{1,32};)")
_ESCAPE_CHARACTERS = frozenset("\\*_~|`[](<")
# Everything that must be escaped in a text without addresses.
_MARKUP = re.compile(
    rf"^(?P<start>{_LINE_START.pattern})|(?P<ping>{_PING.pattern})|{_ENTITY.pattern}|[{re.escape(''.join(_ESCAPE_CHARACTERS))}]",
    re.MULTILINE | re.IGNORECASE,
)
_REGIONAL_INDICATORS = ("\U0001f1e6", "\U0001f1ff")
_SKIN_TONES = ("\U0001f3fb", "\U0001f3ff")
_FIRST_COMBINING = "\u0300"
_MAX_CLUSTER = 12
# A cut goes back to a space that is no further away than this.
_MAX_CUT_BACK = 16
#: Results that are cached for each function.
_CACHE_SIZE = 2_048


def escape_line(text: str, limit: int) -> str:
    """Return the text in one line of at most ``limit`` units; never empty."""
    return _escape_line(text, limit)


def escape_block(text: str, limit: int) -> str:
    """Return the text with its line breaks, in at most ``limit`` units; never empty.

    At most one empty line in a row is kept.
    """
    return _escape_block(text, limit)


def escape_pieces(text: str, size: int) -> list[str]:
    """Return the whole text as blocks of at most ``size`` units, split between words if possible.

    Nothing is omitted. A piece that continues in the next ends in ``…``, and the next begins with it. ``size`` must
    leave room for an atom, so at least 100.
    """
    trimmed = _trim_lines(text)
    escaped = _escape_if_fits(trimmed, size)
    if escaped:
        return [escaped.strip()]
    atoms = list(_split_atoms(trimmed, size // 2)) or [BLANK_TEXT]
    results: list[str] = []
    while atoms:
        prefix = ELLIPSIS if results else ""
        end = _count_fitting(atoms, size - len(prefix))
        if end < len(atoms):
            limit = _count_fitting(atoms, size - len(prefix) - 2)
            end = max(_find_word_end(atoms, limit, limit // 2), 1)
        piece = "".join(atoms[:end]).strip()
        results.append(prefix + (_add_ellipsis(piece) if end < len(atoms) else piece))
        atoms = atoms[end:]
    return results


def clean_line(text: str, limit: int) -> str:
    """Return one line for places without markdown (buttons, menus): cleaned and cut, not escaped; never empty."""
    return _clean_line(text, limit)


def masked_link(label: str, url: str, limit: int = 3_000) -> str:
    """Return a masked link, or just the label if the address is not http(s) or the link would exceed ``limit`` units.

    The label must be raw: it is escaped here.
    """
    encoded = _encode_clean_url(url)
    escaped_label = escape_line(_clean_link_label(label), limit if not encoded else max(limit // 2, 1))
    markup = f"[{escaped_label}]({encoded})"
    return markup if encoded and utf16_length(markup) <= limit else escaped_label


def can_link(url: str, limit: int) -> bool:
    """Return whether :func:`masked_link` can link to this address within ``limit`` units for the address alone."""
    encoded = _encode_clean_url(url)
    return bool(encoded) and utf16_length(encoded) <= limit


def strike_through(escaped: str) -> str:
    """Return a safe text struck through.

    Discord ends a strike at any two tildes, escaped or not, so tildes are replaced by a similar character.
    """
    return f"~~{escaped.replace(chr(92) + '~', '∼')}~~"


def heading(escaped: str, level: int = 3) -> str:
    """Return a safe line as a heading.

    Discord drops number signs from the end of a heading; an invisible character keeps them.
    """
    return f"{'#' * level} {escaped}" + ("\u200b" if escaped.endswith("#") else "")


def clean_text(text: str) -> str:
    """Remove control, format and other invisible characters and lone surrogates; unify line breaks and tabs."""
    if text.isprintable():
        # No line break and no character of the invisible categories counts as printable.
        return text if text.isascii() else INVISIBLE.sub("", text)
    text = _LINE_BREAKS.sub("\n", text).replace("\t", " ")
    visible = (
        character
        for character in text
        if character == "\n" or unicodedata.category(character) not in CONTROL_CATEGORIES
    )
    return INVISIBLE.sub("", "".join(visible))


# Cached, because the same few texts are shown again and again.
@lru_cache(maxsize=_CACHE_SIZE)
def _escape_line(text: str, limit: int) -> str:
    return _escape_within(_to_one_line(text), limit)


@lru_cache(maxsize=_CACHE_SIZE)
def _escape_block(text: str, limit: int) -> str:
    return _escape_within(_trim_lines(text), limit)


@lru_cache(maxsize=_CACHE_SIZE)
def _clean_line(text: str, limit: int) -> str:
    content = _to_one_line(text)
    return (content if utf16_length(content) <= limit else _cut(list(_split_clusters(content)), limit)) or BLANK_TEXT


def _escape_within(content: str, limit: int) -> str:
    return _escape_if_fits(content, limit) or _cut(list(_split_atoms(content, limit // 2)), limit) or BLANK_TEXT


def _escape_if_fits(content: str, limit: int) -> str:
    """Return the escaped text at once, equal to its joined atoms; empty if it must be cut or has an address."""
    if "://" in content:
        return ""
    escaped = _MARKUP.sub(_escape_match, content)
    return escaped if utf16_length(escaped) <= limit else ""


def _escape_match(match: re.Match[str]) -> str:
    if match["start"]:
        return _escape_line_start(match["start"], match.string, match.start())
    return f"{match[0]}\u200b" if match["ping"] else f"\\{match[0]}"


def _escape_line_start(opening: str, text: str, index: int) -> str:
    # SimCord takes an escaped "-#" for small text all the same; an invisible mark parts the two.
    return f"{opening[:-1]}\\{opening[-1]}" + ("\u200b" if text.startswith("-# ", index) else "")


def _to_one_line(text: str) -> str:
    return " ".join(redact_prose(clean_text(text)).split())


def _trim_lines(text: str) -> str:
    trimmed = "\n".join(" ".join(line.split()) for line in redact_prose(clean_text(text)).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", trimmed).strip("\n")


def _split_atoms(text: str, url_limit: int) -> Iterator[str]:
    """Yield the escaped text in atoms. An address longer than ``url_limit`` is treated as any other text."""
    index = 0
    while run := _URL_RUN.search(text, index):
        yield from _escape_atoms(text, index, run.start())
        url = _find_bare_url(text, run, min(url_limit, _MAX_URL))
        if url:
            yield _URL_UNSAFE.sub(lambda match: f"%{ord(match[0]):02X}", url)
            index = run.start() + len(url)
            yield from text[index : run.end()]
            index = run.end()
        else:
            yield from (*run[1], "\\:", "/", "/")
            index = run.end(2)
    yield from _escape_atoms(text, index, len(text))


def _find_bare_url(text: str, run: re.Match[str], limit: int) -> str:
    """Return the part of a match that can stay an address; empty if Discord would link what must be escaped."""
    if len(run[3]) == _MAX_RUN:
        return ""
    matched_text = run[0]
    url = matched_text.rstrip(_URL_TRAILING)
    if url.count("(") > url.count(")") and matched_text[len(url) :].startswith(")"):
        url += ")"
    elif _URL_UNSAFE.fullmatch(url[-1:]):
        return ""
    fits = len(url) + 2 * len(_URL_UNSAFE.findall(url)) <= limit and url.isascii()
    is_bracketed = "<" in (text[run.start() - 1 : run.start()], text[run.end() : run.end() + 1])
    return url if fits and not is_bracketed and run[1].lower() != "steam" and _HOST.match(run[3]) else ""


def _escape_atoms(text: str, start: int, end: int) -> Iterator[str]:
    index = start
    while index < end:
        if (index == 0 or text[index - 1] == "\n") and (opening := _LINE_START.match(text, index, end)):
            escaped = _escape_line_start(opening[0], text, index)
            prefix_length = len(opening[0]) - 1
            yield from escaped[:prefix_length]
            yield escaped[prefix_length:]
            index = opening.end()
            continue
        size = _cluster_size(text, index, end)
        yield _escape_atom(text, index, size)
        index += size


def _escape_atom(text: str, index: int, size: int) -> str:
    character = text[index]
    cluster = text[index : index + size]
    if character in _ESCAPE_CHARACTERS or (character == "&" and _ENTITY.match(text, index)):
        return "\\" + cluster
    if character == "@" and _PING.match(text, index):
        return "@\u200b" + cluster[1:]
    return cluster


def _cluster_size(text: str, index: int, end: int) -> int:
    """Return how many characters from here belong together: a letter with accents, an emoji, a flag."""
    first, size = text[index], 1
    if (
        _is_between(first, _REGIONAL_INDICATORS)
        and index + 1 < end
        and _is_between(text[index + 1], _REGIONAL_INDICATORS)
    ):
        size = 2
    while size < _MAX_CLUSTER and index + size < end and _is_combining(text[index + size]):
        size += 1
    return size


def _split_clusters(text: str) -> Iterator[str]:
    index = 0
    while index < len(text):
        size = _cluster_size(text, index, len(text))
        yield text[index : index + size]
        index += size


def _is_combining(character: str) -> bool:
    return character >= _FIRST_COMBINING and (
        unicodedata.category(character).startswith("M") or _is_between(character, _SKIN_TONES)
    )


def _is_between(character: str, bounds: tuple[str, str]) -> bool:
    return bounds[0] <= character <= bounds[1]


def _cut(atoms: list[str], limit: int) -> str:
    if sum(map(utf16_length, atoms)) <= limit:
        return "".join(atoms)
    end = _count_fitting(atoms, limit - 2)
    return _add_ellipsis("".join(atoms[: _find_word_end(atoms, end, max(end - _MAX_CUT_BACK, end // 2))]))


def _add_ellipsis(text: str) -> str:
    """Append the mark of a cut, kept apart from an address before it. Adds at most two units."""
    text = text.rstrip()
    last_word = _URL_END.split(text)[-1]
    return text + (" " if _URL_OPENING.search(last_word) else "") + ELLIPSIS


def _count_fitting(atoms: list[str], limit: int) -> int:
    """Return how many atoms fit into the limit."""
    for count, atom in enumerate(atoms):
        limit -= utf16_length(atom)
        if limit < 0:
            return count
    return len(atoms)


def _find_word_end(atoms: list[str], end: int, start: int) -> int:
    """Return the last space after ``start`` and not after ``end``, else ``end``."""
    blanks = (index for index in range(min(end, len(atoms) - 1), start, -1) if atoms[index] in (" ", "\n"))
    return next(blanks, end)


def _clean_link_label(text: str) -> str:
    # Discord pairs brackets in a label even if they are escaped, and shows no link whose label is an address.
    return re.sub(r"https?://", "", text, flags=re.IGNORECASE).replace("[", "(").replace("]", ")")


def _encode_clean_url(url: str) -> str:
    return encode_url(url) if clean_text(url) == url else ""
