"""The legend of a timeline: what its shapes and patterns mean, and no others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from bot.languages import say
from bot.model.vocabulary import Claim
from bot.pictures.draw.fonts import measure
from bot.pictures.draw.palette import DIM, STAGES, get_stage_name
from bot.pictures.draw.sheet import MARGIN, WIDTH, Sheet
from bot.pictures.plan import Lane

_SIZE = 10.0
_ROW = 16.0
_GAP = 12.0

_DrawSymbol = Callable[[Sheet, float, float], None]


class Legend:
    """A legend in rows. Its ``height`` is known before there is a page."""

    def __init__(self, lanes: Sequence[Lane]) -> None:
        self._items: list[tuple[float, float, str, float, _DrawSymbol]] = []
        x, y = float(MARGIN), 0.0
        for label, symbol_width, draw_symbol in _find_entries(lanes):
            width = symbol_width + 5 + measure(label, _SIZE)
            if x + width > WIDTH - MARGIN and x > MARGIN:
                x, y = float(MARGIN), y + _ROW
            self._items.append((x, y, label, symbol_width, draw_symbol))
            x += width + _GAP
        self.height = y + _ROW + 6

    def draw(self, sheet: Sheet, top: float) -> None:
        """Draw it on the page."""
        for x, y, label, symbol_width, draw_symbol in self._items:
            draw_symbol(sheet, x, top + y + 6)
            sheet.text(x + symbol_width + 5, top + y + 6, label, _SIZE, DIM)


def _find_entries(lanes: Sequence[Lane]) -> Iterator[tuple[str, float, _DrawSymbol]]:
    stages = {stretch.stage for lane in lanes for stretch in lane.stretches}
    marks = [mark for lane in lanes for mark in lane.marks]
    for stage in STAGES:
        if stage in stages:
            yield get_stage_name(stage), 16, _make_swatch(stage)
    for claim in Claim:
        if any(mark.claim == claim.value for mark in marks):
            yield claim.label, 10, _make_claim_symbol(claim.value)
    if any(mark.last > mark.first for mark in marks):
        # Said: in the legend of a picture, of a mark as long as the month or the year that is all that is known of a date
        yield say("day not known"), 26, _draw_date_range


def _make_swatch(stage: str) -> _DrawSymbol:
    return lambda sheet, x, y: sheet.bar(x, x + 16, y - 5, 10, STAGES[stage])


def _make_claim_symbol(claim: str) -> _DrawSymbol:
    return lambda sheet, x, y: sheet.claim(x + 5, x + 5, y, claim, 4.5)


def _draw_date_range(sheet: Sheet, x: float, y: float) -> None:
    sheet.claim(x, x + 26, y, "reported", 4.5)
