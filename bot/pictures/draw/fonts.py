"""Fonts: which spelling of a text they can show, how wide it is, where it must be cut.

DejaVu Sans comes with matplotlib (Latin, Greek, Cyrillic, Arabic, Hebrew, …); Noto Sans CJK is for Chinese, Japanese
and Korean. Since 3.11 matplotlib shapes and orders text itself (libraqm). A character that no font has is left out,
never drawn as a box.
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
#: matplotlib measures in points (72 per inch), everything here in pixels of a page with 100 per inch.
POINTS = 0.72


@cache
def get_families() -> tuple[str, ...]:
    """Return the names of the fonts: the first is used for the characters that it has, the others for the rest."""
    font_manager.fontManager.addfont(_CJK)
    return "DejaVu Sans", font_manager.get_font(_CJK).family_name


@lru_cache(maxsize=64)
def get_font(size: float, *, bold: bool = False) -> FontProperties:
    """Return the fonts in this size, in pixels."""
    return FontProperties(family=list(get_families()), size=size * POINTS, weight="bold" if bold else "normal")


def choose_spelling(label: Label) -> str:
    """Return the first spelling whose letters can all be drawn, without symbols that cannot be.

    If there is none, return what can be drawn of the first spelling.
    """
    for spelling in label:
        printable = "".join(
            character for character in spelling if is_drawable(character) or unicodedata.category(character)[0] in "SM"
        ).strip()
        if printable and printable == spelling:
            return _remove_symbols(printable)
    return _remove_symbols(label[0] if label else "")


def is_drawable(character: str) -> bool:
    """Return whether some font has this character."""
    return ord(character) in _get_covered_codes()


def fit(text: str, width: float, size: float, *, bold: bool = False) -> str:
    """Return the text, cut with an ellipsis if it is wider than this many pixels."""
    if measure(text, size, bold=bold) <= width:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if measure(_cut_with_ellipsis(text, middle), size, bold=bold) <= width:
            low = middle
        else:
            high = middle - 1
    return _cut_with_ellipsis(text, low)


def wrap(text: str, width: float, size: float, max_lines: int, *, bold: bool = False, indent: float = 0) -> list[str]:
    """Return the text in at most ``max_lines`` lines of this width, the first shorter by ``indent``. The last is cut if
    necessary.
    """
    lines: list[str] = []
    rest = text
    while rest and len(lines) < max_lines - 1:
        available = width - (0 if lines else indent)
        if measure(rest, size, bold=bold) <= available:
            break
        break_at = _find_break(rest, available, size, bold=bold)
        lines.append(rest[:break_at].rstrip())
        rest = rest[break_at:].lstrip()
    return [*lines, fit(rest, width - (0 if lines else indent), size, bold=bold)] if rest else lines


def measure(text: str, size: float, *, bold: bool = False) -> float:
    """Return how many pixels wide a text is on one line."""
    return _measure(text, size, bold)


@lru_cache(maxsize=4_096)
def _measure(text: str, size: float, bold: bool) -> float:
    renderer = _get_measuring_canvas().get_renderer()  # type: ignore[no-untyped-call]  # matplotlib's stubs leave it so
    width, _, _ = renderer.get_text_width_height_descent(text, get_font(size, bold=bold), False)
    return float(width)


@cache
def _get_measuring_canvas() -> FigureCanvasAgg:
    return FigureCanvasAgg(Figure(figsize=(1, 1), dpi=100))


@cache
def _get_covered_codes() -> frozenset[int]:
    dejavu = font_manager.findfont(FontProperties(family="DejaVu Sans"))
    files = (dejavu, str(Path(_CJK)))
    return frozenset(code for file in files for code in font_manager.get_font(file).get_charmap())


def _remove_symbols(text: str) -> str:
    printable = "".join(character for character in text if is_drawable(character))
    return " ".join(printable.split()) or BLANK


def _cut_with_ellipsis(text: str, count: int) -> str:
    """Return the first ``count`` characters and an ellipsis, never cut between a letter and its accent."""
    while 0 < count < len(text) and unicodedata.category(text[count]).startswith("M"):
        count -= 1
    return text[:count].rstrip() + ELLIPSIS


def _find_break(text: str, width: float, size: float, *, bold: bool) -> int:
    """Return where the first line ends: after the last space that fits. Without one, as in Japanese, the width decides."""
    end = 1
    while end < len(text) and measure(text[: end + 1], size, bold=bold) <= width:
        end += 1
    blank = text.rfind(" ", 0, end + 1)
    return blank if blank > end // 2 else end
