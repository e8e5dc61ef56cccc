"""What the shapes and patterns of a timeline mean: those that are in it, and no others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from bot.languages import say
from bot.model.vocabulary import Claim
from bot.pictures.draw.fonts import wide
from bot.pictures.draw.palette import DIM, STAGES, name
from bot.pictures.draw.sheet import MARGIN, WIDTH, Sheet
from bot.pictures.plan import Lane

_SIZE = 10.0
_ROW = 16.0
_GAP = 12.0

_Drawn = Callable[[Sheet, float, float], None]


class Legend:
    """Laid out in rows; ``height`` is known before there is a page."""

    def __init__(self, lanes: Sequence[Lane]) -> None:
        self._placed: list[tuple[float, float, str, float, _Drawn]] = []
        x, y = float(MARGIN), 0.0
        for said, symbol, drawn in _entries(lanes):
            width = symbol + 5 + wide(said, _SIZE)
            if x + width > WIDTH - MARGIN and x > MARGIN:
                x, y = float(MARGIN), y + _ROW
            self._placed.append((x, y, said, symbol, drawn))
            x += width + _GAP
        self.height = y + _ROW + 6

    def draw(self, sheet: Sheet, top: float) -> None:
        """Put it on the page."""
        for x, y, said, symbol, drawn in self._placed:
            drawn(sheet, x, top + y + 6)
            sheet.text(x + symbol + 5, top + y + 6, said, _SIZE, DIM)


def _entries(lanes: Sequence[Lane]) -> Iterator[tuple[str, float, _Drawn]]:
    stages = {stretch.stage for lane in lanes for stretch in lane.stretches}
    marks = [mark for lane in lanes for mark in lane.marks]
    for stage in STAGES:
        if stage in stages:
            yield name(stage), 16, _swatch(stage)
    for claim in Claim:
        if any(mark.claim == claim.value for mark in marks):
            yield claim.label, 10, _point(claim.value)
    if any(mark.last > mark.first for mark in marks):
        # Said: in the legend of a picture, of a mark as long as the month or the year that is all that is known of a date
        yield say("day not known"), 26, _span


def _swatch(stage: str) -> _Drawn:
    return lambda sheet, x, y: sheet.bar(x, x + 16, y - 5, 10, STAGES[stage])


def _point(claim: str) -> _Drawn:
    return lambda sheet, x, y: sheet.claim(x + 5, x + 5, y, claim, 4.5)


def _span(sheet: Sheet, x: float, y: float) -> None:
    sheet.claim(x, x + 26, y, "reported", 4.5)
