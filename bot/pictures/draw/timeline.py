"""Draw timelines: one story with its developments listed, or the stories of a company below each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bot.languages import format_date, format_month, say
from bot.model.vocabulary import Claim
from bot.pictures.draw.fonts import choose_spelling, fit, measure, wrap
from bot.pictures.draw.palette import (
    DARK,
    DENIAL,
    DIM,
    ENDED,
    FAINT,
    INK,
    NO_STAGE,
    STAGES,
    get_stage_name,
    get_stage_style,
)
from bot.pictures.draw.sheet import MARGIN, WIDTH, Sheet
from bot.pictures.plan import Lane, StageSpan, Timeline, TimelineMark, TimelineNote

_MONTHS_PER_YEAR = 12
_MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1_200, 12_000)


class Scale:
    """The days from ``first`` to ``last``, over a part of the page."""

    def __init__(self, first: int, last: int, x_min: float, x_max: float) -> None:
        self.x_min, self.x_max = x_min, x_max
        self._first, self._last = first, last
        self._pixels_per_day = (x_max - x_min) / max(last - first, 1)

    def get_x(self, day: int) -> float:
        """Return the position of a day."""
        return self.x_min + (min(max(day, self._first), self._last) - self._first) * self._pixels_per_day

    def generate_ticks(self, max_ticks: int) -> Iterator[tuple[float, str]]:
        """Yield the first days of some months or years, at most ``max_ticks``, with their names in the current
        language.
        """
        begin, end = date.fromordinal(self._first), date.fromordinal(self._last)
        months = (end.year - begin.year) * 12 + end.month - begin.month
        step = next(step for step in _MONTH_STEPS if months <= step * max_ticks)
        for month in range(begin.year * 12 + begin.month - 1, end.year * 12 + end.month):
            if month % step == 0:
                year, month_index = divmod(month, 12)
                day = date(max(year, 1), month_index + 1, 1).toordinal()
                if self._first <= day <= self._last:
                    yield (
                        self.get_x(day),
                        format_date(year) if step >= _MONTHS_PER_YEAR else format_month(year, month_index + 1),
                    )


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
    if any(mark.last > mark.first and not mark.is_bounded for mark in marks):
        # Translators: in the legend of a picture, of a mark as long as the month or the year that is all that is known of a date
        yield say("day unknown"), 26, _draw_date_range
    if any(mark.is_bounded for mark in marks):
        # Translators: in the legend of a picture, of a mark at the latest day on which it can have happened
        yield say("this date or earlier"), 26, _draw_bound


def _make_swatch(stage: str) -> _DrawSymbol:
    return lambda sheet, x, y: sheet.bar(x, x + 16, y - 5, 10, STAGES[stage])


def _make_claim_symbol(claim: str) -> _DrawSymbol:
    return lambda sheet, x, y: sheet.claim(x + 5, x + 5, y, claim, 4.5)


def _draw_date_range(sheet: Sheet, x: float, y: float) -> None:
    sheet.claim(x, x + 26, y, "reported", 4.5)


def _draw_bound(sheet: Sheet, x: float, y: float) -> None:
    sheet.open_line(x, x + 17, y)
    sheet.claim(x + 21, x + 21, y, "reported", 4.5)


_RADIUS = 5.0
#: How far a mark reaches to the left if only its last day is known.
_TAIL = 18.0
_LABEL = 11.0
_NOTE = 11.0
_LINE = 14.0
_NOTE_X = 42.0
_MAX_ROWS = 4
_MAX_TICKS = 4


@dataclass(frozen=True, slots=True)
class _Size:
    """The sizes that differ between one story and many lanes, in pixels."""

    label: float
    row: float
    band: float
    gap: float


_SINGLE_LANE = _Size(label=0, row=25, band=20, gap=6)
_SEVERAL_LANES = _Size(label=17, row=13, band=12, gap=12)


def draw_timeline(plan: Timeline) -> bytes:
    """Return the picture of a timeline."""
    size = _SINGLE_LANE if plan.notes else _SEVERAL_LANES
    scale = Scale(plan.first, plan.last, MARGIN, WIDTH - MARGIN - 8)
    rows = [_assign_rows(lane.marks, scale) for lane in plan.lanes]
    heights = [size.label + (max(lane_rows, default=0) + 1) * size.row + size.band + size.gap for lane_rows in rows]
    legend = Legend(plan.lanes)
    notes = [(note, _wrap_note(note)) for note in plan.notes]
    axis = MARGIN + sum(heights)
    notes_top = axis + 24 + legend.height
    foot = notes_top + sum(len(lines) * _LINE + 3 for _, lines in notes)
    sheet = Sheet(foot + (20 if plan.foot else 8))
    _draw_axis(sheet, scale, axis)
    top = float(MARGIN)
    for lane, lane_rows, height in zip(plan.lanes, rows, heights, strict=True):
        _draw_lane(sheet, scale, lane, lane_rows, top, size)
        top += height
    legend.draw(sheet, axis + 24)
    _draw_notes(sheet, notes, notes_top)
    if plan.foot:
        sheet.text(MARGIN, foot + 8, fit(plan.foot, WIDTH - 2 * MARGIN, 10), 10, DIM)
    return sheet.png()


def _draw_axis(sheet: Sheet, scale: Scale, y: float) -> None:
    sheet.line(scale.x_min, y, scale.x_max, y, DIM)
    for x, label in scale.generate_ticks(_MAX_TICKS):
        sheet.line(x, MARGIN, x, y + 3, FAINT, 0.8)
        half = measure(label, 10) / 2
        sheet.text(min(max(x, MARGIN + half), WIDTH - MARGIN - half), y + 11, label, 10, DIM, align="center")


def _draw_lane(sheet: Sheet, scale: Scale, lane: Lane, rows: Sequence[int], top: float, size: _Size) -> None:
    if size.label:
        label = f"⚠ {choose_spelling(lane.label)}" if lane.disputed else choose_spelling(lane.label)
        sheet.text(MARGIN, top + 7, fit(label, WIDTH - 2 * MARGIN, _LABEL, bold=True), _LABEL, bold=True)
    top += size.label
    band = top + (max(rows, default=0) + 1) * size.row
    for mark, row in zip(lane.marks, rows, strict=True):
        _draw_mark(sheet, scale, mark, band - row * size.row - _RADIUS - 3)
    _draw_band(sheet, scale, lane, band, size.band)


def _draw_mark(sheet: Sheet, scale: Scale, mark: TimelineMark, y: float) -> None:
    start, end = _get_extent(scale, mark)
    if mark.is_bounded:
        sheet.open_line(start, end - 2 * _RADIUS, y)
        start = end - 2 * _RADIUS
    sheet.claim(start, end, y, mark.claim, _RADIUS)
    if mark.number:
        sheet.text((start + end) / 2, y - 11, str(mark.number), 10, INK, bold=True, align="center")


def _draw_band(sheet: Sheet, scale: Scale, lane: Lane, y: float, height: float) -> None:
    if not lane.stretches:
        begin = min(scale.get_x(mark.first) for mark in lane.marks)
        sheet.bar(begin, scale.x_max, y + height / 2 - 2, 4, NO_STAGE)
        return
    begin = min(scale.get_x(mark.first) for mark in lane.marks)
    if begin < scale.get_x(lane.stretches[0].first):
        sheet.bar(begin, scale.get_x(lane.stretches[0].first), y + height / 2 - 2, 4, NO_STAGE)
    for span in lane.stretches:
        _draw_span(sheet, scale, span, y, height)
    last = lane.stretches[-1]
    if lane.is_open:
        sheet.arrow(scale.x_max, y, height, get_stage_style(last.stage))
    elif last.stage in ENDED:
        sheet.badge(scale.get_x(last.last), y + height / 2, ENDED[last.stage], get_stage_style(last.stage))


def _draw_span(sheet: Sheet, scale: Scale, span: StageSpan, y: float, height: float) -> None:
    first, sure, last = scale.get_x(span.first), scale.get_x(span.sure), scale.get_x(span.last)
    stage_style = get_stage_style(span.stage)
    if sure > first:
        sheet.bar(first, sure, y, height, stage_style, faint=True)
    if last > sure:
        sheet.bar(sure, last, y, height, stage_style)
    label = get_stage_name(span.stage)
    width = measure(label, 10, bold=True) + 6
    # The badge that shows how it ended is on the end of the bar.
    end = last - (10 if span.stage in ENDED else 0)
    interval = (sure, end) if end - sure > width + 4 else (first, end)
    if height >= _SINGLE_LANE.band and interval[1] - interval[0] > width + 4:
        # The label has a background of its own, because the pattern would run through the letters.
        middle = sum(interval) / 2
        sheet.box(middle - width / 2, y + 3, width, height - 6, stage_style.colour, stage_style.colour)
        sheet.text(middle, y + height / 2, label, 10, DARK, bold=True, align="center")


def _assign_rows(marks: Sequence[TimelineMark], scale: Scale) -> list[int]:
    """Return for each mark the row in which it overlaps no other, counted upwards from the band. In the highest row
    they may.
    """
    ends: list[float] = []
    rows = []
    for mark in marks:
        start, end = _get_extent(scale, mark)
        row = next((row_index for row_index, row_end in enumerate(ends) if start > row_end + 3), len(ends))
        row = min(row, _MAX_ROWS - 1)
        if row == len(ends):
            ends.append(end)
        ends[row] = max(ends[row], end)
        rows.append(row)
    return rows


def _get_extent(scale: Scale, mark: TimelineMark) -> tuple[float, float]:
    start, end = scale.get_x(mark.first), scale.get_x(mark.last)
    if mark.is_bounded:
        return max(end - _RADIUS - _TAIL, MARGIN / 2), end + _RADIUS
    if end - start < 2 * _RADIUS:
        middle = (start + end) / 2
        return middle - _RADIUS, middle + _RADIUS
    return start, end


def _wrap_note(note: TimelineNote) -> list[str]:
    indent = measure(f"{note.date}  ", _NOTE, bold=True)
    return wrap(choose_spelling(note.text), WIDTH - MARGIN - _NOTE_X, _NOTE, 3, indent=indent)


def _draw_notes(sheet: Sheet, notes: Iterable[tuple[TimelineNote, Sequence[str]]], y: float) -> None:
    for note, lines in notes:
        sheet.text(22, y + 7, str(note.number), 10, INK, bold=True, align="right")
        sheet.claim(32, 32, y + 7, note.claim, 4.5)
        colour = DENIAL if note.claim == "denied" else DIM
        sheet.text(_NOTE_X, y + 7, note.date, _NOTE, colour, bold=True)
        for index, line in enumerate(lines):
            x = _NOTE_X + (0 if index else measure(f"{note.date}  ", _NOTE, bold=True))
            sheet.text(x, y + 7 + index * _LINE, line, _NOTE)
        y += len(lines) * _LINE + 3
