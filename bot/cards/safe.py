"""Text from outside, made safe to show: it reads as it was typed, formats nothing, pings nobody, breaks out of nothing.

The work goes by *atoms*: the smallest pieces of the output that may not be split (an escape with its character, a letter
with its accents, a flag, a whole link). Cutting between atoms can therefore never leave half of anything, and a cut
always shows as ``…``. Limits count UTF-16 units of the output, escapes included.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from bot.cards.addresses import address
from bot.cards.budget import units

ELLIPSIS = "…"
#: Stands for a text in which nothing can be seen.
BLANK = "–"

# Invisible, though Unicode calls them letters or marks: fillers, joiners, variation selectors.
_INVISIBLE = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_HIDDEN = ("Cc", "Cf", "Cs")
_BREAKS = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# What Discord turns into a link: it takes everything up to a blank or "<", our escapes too.
# Longer than any address that is left as it is, so that a text full of openings is read in one go.
_RUN_LONGEST = 400
_RUN = re.compile(rf"(https?|steam)(://)([^\s<]{{0,{_RUN_LONGEST}}})", re.IGNORECASE)
_OPENING = re.compile("(?:https?|steam)://", re.IGNORECASE)
_URL_END = re.compile(r"[\s<]")
_HOST = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,62}\.[A-Za-z0-9]")
_URL_TAIL = ".,:;!?\"')"
_URL_DANGER = re.compile(r"[()*~|`\[\]\\^{}\">']|@(?=everyone|here)|_(?=_)")
_URL_LONGEST = 300
# Where a line starts, these begin a heading, a small text, a quote, a list.
_LINE_START = re.compile(r"(?:[-+#>=]|\d{1,9}[.)](?=\s|$))", re.MULTILINE)
_PING = re.compile(r"@(?=everyone|here|[!&]?\d)", re.IGNORECASE)
_ENTITY = re.compile(r"&(?=#?\w{1,32};)")
_ESCAPED = frozenset("\\*_~|`[](<")
# All of these in one, where no address is: what stands between them is shown as it is.
_MARKUP = re.compile(
    rf"^(?P<start>{_LINE_START.pattern})|(?P<ping>{_PING.pattern})|{_ENTITY.pattern}|[{re.escape(''.join(_ESCAPED))}]",
    re.MULTILINE | re.IGNORECASE,
)
_REGIONAL = ("\U0001f1e6", "\U0001f1ff")
_SKIN = ("\U0001f3fb", "\U0001f3ff")
_FIRST_MARK = "\u0300"
_MARKS_A_LETTER = 12
# A cut goes back to a blank that is not further away than this.
_LONG_WORD = 16
#: How many shown texts of a kind are remembered.
_KEPT = 2_048


def line(text: str, limit: int) -> str:
    """The text in one line of at most ``limit`` units; never empty."""
    return _line(text, limit)


def block(text: str, limit: int) -> str:
    """The text with its line breaks (never two empty lines running), at most ``limit`` units; never empty."""
    return _block(text, limit)


def pieces(text: str, size: int) -> list[str]:
    """The whole text as blocks of at most ``size`` units, broken between words where it can be.

    Nothing is left out; a piece that goes on in the next ends in ``…``, and that one begins with it. ``size`` must leave
    room for an atom, so at least 100.
    """
    cleaned = _lines(text)
    whole = _whole(cleaned, size)
    if whole:
        return [whole.strip()]
    atoms = list(_atoms(cleaned, size // 2)) or [BLANK]
    found: list[str] = []
    while atoms:
        lead = ELLIPSIS if found else ""
        end = _fitting(atoms, size - len(lead))
        if end < len(atoms):
            most = _fitting(atoms, size - len(lead) - 2)
            end = max(_word_end(atoms, most, most // 2), 1)
        part = "".join(atoms[:end]).strip()
        found.append(lead + (_unfinished(part) if end < len(atoms) else part))
        atoms = atoms[end:]
    return found


def plain(text: str, limit: int) -> str:
    """One line for places without markdown (buttons, menus): cleaned and cut, not escaped; never empty."""
    return _plain(text, limit)


def link(label: str, url: str, limit: int = 3_000) -> str:
    """A masked link, or just the label if the address is no http(s) address or the whole would pass ``limit`` units.

    The label must be raw: it is escaped here.
    """
    target = _address(url)
    shown = line(_link_label(label), limit if not target else max(limit // 2, 1))
    whole = f"[{shown}]({target})"
    return whole if target and units(whole) <= limit else shown


def linkable(url: str, limit: int) -> bool:
    """Whether :func:`link` can link to this address within ``limit`` units for the address alone."""
    target = _address(url)
    return bool(target) and units(target) <= limit


def struck(safe: str) -> str:
    """A safe text struck through. Discord ends a strike at any two tildes, escaped or not, so those are swapped."""
    return f"~~{safe.replace(chr(92) + '~', '∼')}~~"


def heading(safe: str, level: int = 3) -> str:
    """A safe line as a heading. Discord drops number signs from a heading's end: an invisible mark keeps them."""
    return f"{'#' * level} {safe}" + ("\u200b" if safe.endswith("#") else "")


def clean(text: str) -> str:
    """The text without control, format and invisible characters and lone surrogates; breaks and tabs are made plain."""
    if text.isprintable():
        # Nothing of what is hidden or breaks a line counts as printable.
        return text if text.isascii() else _INVISIBLE.sub("", text)
    text = _BREAKS.sub("\n", text).replace("\t", " ")
    kept = (mark for mark in text if mark == "\n" or unicodedata.category(mark) not in _HIDDEN)
    return _INVISIBLE.sub("", "".join(kept))


# The same few texts are shown again and again.
@lru_cache(maxsize=_KEPT)
def _line(text: str, limit: int) -> str:
    return _shown(_one_line(text), limit)


@lru_cache(maxsize=_KEPT)
def _block(text: str, limit: int) -> str:
    return _shown(_lines(text), limit)


@lru_cache(maxsize=_KEPT)
def _plain(text: str, limit: int) -> str:
    cleaned = _one_line(text)
    return (cleaned if units(cleaned) <= limit else _cut(list(_clusters(cleaned)), limit)) or BLANK


def _shown(cleaned: str, limit: int) -> str:
    return _whole(cleaned, limit) or _cut(list(_atoms(cleaned, limit // 2)), limit) or BLANK


def _whole(cleaned: str, limit: int) -> str:
    """The escaped text where it fits, as its atoms would make it, at once; empty where it is to be cut, or has an address."""
    if "://" in cleaned:
        return ""
    escaped = _MARKUP.sub(_escaped_mark, cleaned)
    return escaped if units(escaped) <= limit else ""


def _escaped_mark(found: re.Match[str]) -> str:
    if found["start"]:
        return _escaped_start(found["start"], found.string, found.start())
    return f"{found[0]}\u200b" if found["ping"] else f"\\{found[0]}"


def _escaped_start(opening: str, text: str, at: int) -> str:
    # SimCord takes an escaped "-#" for small text all the same; an invisible mark parts the two.
    return f"{opening[:-1]}\\{opening[-1]}" + ("\u200b" if text.startswith("-# ", at) else "")


def _one_line(text: str) -> str:
    return " ".join(clean(text).split())


def _lines(text: str) -> str:
    trimmed = "\n".join(" ".join(part.split()) for part in clean(text).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", trimmed).strip("\n")


def _atoms(text: str, longest: int) -> Iterator[str]:
    """The escaped text, piece by piece; an address longer than ``longest`` is text like any other."""
    at = 0
    while run := _RUN.search(text, at):
        yield from _escaped(text, at, run.start())
        core = _bare_url(text, run, min(longest, _URL_LONGEST))
        if core:
            yield _URL_DANGER.sub(lambda found: f"%{ord(found[0]):02X}", core)
            at = run.start() + len(core)
            yield from text[at : run.end()]
            at = run.end()
        else:
            yield from (*run[1], "\\:", "/", "/")
            at = run.end(2)
    yield from _escaped(text, at, len(text))


def _bare_url(text: str, run: re.Match[str], longest: int) -> str:
    """The address that can stand in the text as it is; empty if Discord would take into it what must be escaped."""
    if len(run[3]) == _RUN_LONGEST:
        return ""
    whole = run[0]
    core = whole.rstrip(_URL_TAIL)
    if core.count("(") > core.count(")") and whole[len(core) :].startswith(")"):
        core += ")"
    elif _URL_DANGER.fullmatch(core[-1:]):
        return ""
    fits = len(core) + 2 * len(_URL_DANGER.findall(core)) <= longest and core.isascii()
    quoted = "<" in (text[run.start() - 1 : run.start()], text[run.end() : run.end() + 1])
    return core if fits and not quoted and run[1].lower() != "steam" and _HOST.match(run[3]) else ""


def _escaped(text: str, start: int, end: int) -> Iterator[str]:
    at = start
    while at < end:
        if (at == 0 or text[at - 1] == "\n") and (opening := _LINE_START.match(text, at, end)):
            escaped = _escaped_start(opening[0], text, at)
            digits = len(opening[0]) - 1
            yield from escaped[:digits]
            yield escaped[digits:]
            at = opening.end()
            continue
        size = _cluster_size(text, at, end)
        yield _atom(text, at, size)
        at += size


def _atom(text: str, at: int, size: int) -> str:
    mark = text[at]
    shown = text[at : at + size]
    if mark in _ESCAPED or (mark == "&" and _ENTITY.match(text, at)):
        return "\\" + shown
    if mark == "@" and _PING.match(text, at):
        return "@\u200b" + shown[1:]
    return shown


def _cluster_size(text: str, at: int, end: int) -> int:
    """How many characters from here belong together: a letter and its accents, an emoji and its skin, a flag."""
    first, size = text[at], 1
    if _between(first, _REGIONAL) and at + 1 < end and _between(text[at + 1], _REGIONAL):
        size = 2
    while size < _MARKS_A_LETTER and at + size < end and _attaches(text[at + size]):
        size += 1
    return size


def _clusters(text: str) -> Iterator[str]:
    at = 0
    while at < len(text):
        size = _cluster_size(text, at, len(text))
        yield text[at : at + size]
        at += size


def _attaches(mark: str) -> bool:
    return mark >= _FIRST_MARK and (unicodedata.category(mark).startswith("M") or _between(mark, _SKIN))


def _between(mark: str, bounds: tuple[str, str]) -> bool:
    return bounds[0] <= mark <= bounds[1]


def _cut(atoms: list[str], limit: int) -> str:
    if sum(map(units, atoms)) <= limit:
        return "".join(atoms)
    end = _fitting(atoms, limit - 2)
    return _unfinished("".join(atoms[: _word_end(atoms, end, max(end - _LONG_WORD, end // 2))]))


def _unfinished(text: str) -> str:
    """The text with the mark of a cut, which must not become part of an address before it. At most two units more."""
    text = text.rstrip()
    last_word = _URL_END.split(text)[-1]
    return text + (" " if _OPENING.search(last_word) else "") + ELLIPSIS


def _fitting(atoms: list[str], limit: int) -> int:
    """How many atoms fit."""
    for count, atom in enumerate(atoms):
        limit -= units(atom)
        if limit < 0:
            return count
    return len(atoms)


def _word_end(atoms: list[str], end: int, least: int) -> int:
    """The last blank after ``least`` and not after ``end``, else ``end``."""
    blanks = (at for at in range(min(end, len(atoms) - 1), least, -1) if atoms[at] in (" ", "\n"))
    return next(blanks, end)


def _link_label(text: str) -> str:
    # Discord pairs brackets in a label even when they are escaped, and shows no link whose label is an address.
    return re.sub(r"https?://", "", text, flags=re.IGNORECASE).replace("[", "(").replace("]", ")")


def _address(url: str) -> str:
    return address(url) if clean(url) == url else ""
