"""Letters: which fonts there are, which spelling of a text they can show, how wide it is, where it must be cut.

DejaVu Sans comes with matplotlib (Latin, Greek, Cyrillic, Arabic, Hebrew, …), Noto Sans CJK for Chinese, Japanese and Korean.
Since 3.11 matplotlib shapes and orders text itself (libraqm). What no font has is left out, never drawn as a box.
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from pathlib import Path

import noto_cjk_sans_jp_regular  # type: ignore[import-untyped]  # a file and its path
from matplotlib import font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties

from bot.pictures.plan import Label

BLANK = "–"
ELLIPSIS = "…"
_CJK = str(noto_cjk_sans_jp_regular.FONT_PATH)
#: matplotlib counts points, of which there are 72 an inch; everything here counts pixels of a page that has 100 an inch.
POINTS = 0.72


@cache
def families() -> tuple[str, ...]:
    """The fonts by name, the first for what it has, the others for the rest."""
    font_manager.fontManager.addfont(_CJK)
    return "DejaVu Sans", font_manager.get_font(_CJK).family_name


@lru_cache(maxsize=64)
def style(size: float, *, bold: bool = False) -> FontProperties:
    """The fonts in this size, in pixels."""
    return FontProperties(family=list(families()), size=size * POINTS, weight="bold" if bold else "normal")


def legible(label: Label) -> str:
    """The first spelling of which every letter can be drawn (symbols that cannot are left out), else what can be of the first."""
    for spelling in label:
        kept = "".join(mark for mark in spelling if drawable(mark) or unicodedata.category(mark)[0] in "SM").strip()
        if kept and kept == spelling:
            return _without_symbols(kept)
    return _without_symbols(label[0] if label else "")


def drawable(mark: str) -> bool:
    """Whether some font has this letter."""
    return ord(mark) in _covered()


def fitted(text: str, width: float, size: float, *, bold: bool = False) -> str:
    """The text, cut with an ellipsis where it would be wider than this many pixels."""
    if wide(text, size, bold=bold) <= width:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if wide(_begun(text, middle), size, bold=bold) <= width:
            low = middle
        else:
            high = middle - 1
    return _begun(text, low)


def lines_of(text: str, width: float, size: float, most: int, *, bold: bool = False, indent: float = 0) -> list[str]:
    """The text in at most so many lines of this width, the first shorter by ``indent``; the last is cut if it must be."""
    lines: list[str] = []
    rest = text
    while rest and len(lines) < most - 1:
        room = width - (0 if lines else indent)
        if wide(rest, size, bold=bold) <= room:
            break
        at = _break(rest, room, size, bold=bold)
        lines.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    return [*lines, fitted(rest, width - (0 if lines else indent), size, bold=bold)] if rest else lines


def wide(text: str, size: float, *, bold: bool = False) -> float:
    """How many pixels a text takes in a line."""
    return _wide(text, size, bold)


@lru_cache(maxsize=4_096)
def _wide(text: str, size: float, bold: bool) -> float:
    renderer = _ruler().get_renderer()  # type: ignore[no-untyped-call]  # matplotlib's stubs leave it so
    width, _, _ = renderer.get_text_width_height_descent(text, style(size, bold=bold), False)
    return float(width)


@cache
def _ruler() -> FigureCanvasAgg:
    return FigureCanvasAgg(Figure(figsize=(1, 1), dpi=100))


@cache
def _covered() -> frozenset[int]:
    plain = font_manager.findfont(FontProperties(family="DejaVu Sans"))
    files = (plain, str(Path(_CJK)))
    return frozenset(code for file in files for code in font_manager.get_font(file).get_charmap())


def _without_symbols(text: str) -> str:
    kept = "".join(mark for mark in text if drawable(mark))
    return " ".join(kept.split()) or BLANK


def _begun(text: str, count: int) -> str:
    """So many letters, never between a letter and its accent."""
    while 0 < count < len(text) and unicodedata.category(text[count]).startswith("M"):
        count -= 1
    return text[:count].rstrip() + ELLIPSIS


def _break(text: str, width: float, size: float, *, bold: bool) -> int:
    """Where the first line ends: behind the last blank that fits, else (no blanks in Japanese) where the width ends."""
    end = 1
    while end < len(text) and wide(text[: end + 1], size, bold=bold) <= width:
        end += 1
    blank = text.rfind(" ", 0, end + 1)
    return blank if blank > end // 2 else end
