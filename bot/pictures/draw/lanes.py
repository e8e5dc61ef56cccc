"""Timelines: one story with its developments told, or the stories of a company below each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.pictures.draw.fonts import fitted, legible, lines_of, wide
from bot.pictures.draw.legend import Legend
from bot.pictures.draw.palette import DARK, DENIAL, DIM, ENDED, FAINT, INK, NO_STAGE, look, name
from bot.pictures.draw.scale import Scale
from bot.pictures.draw.sheet import MARGIN, WIDTH, Sheet
from bot.pictures.plan import Lane, Mark, Note, Stretch, Timeline

_RADIUS = 5.0
_LABEL = 11.0
_NOTE = 11.0
_LINE = 14.0
_NOTE_LEFT = 42.0
_ROWS = 4
_TICKS = 4


@dataclass(frozen=True, slots=True)
class _Size:
    """What differs between one story and many lanes."""

    label: float
    row: float
    band: float
    gap: float


_ONE = _Size(label=0, row=25, band=20, gap=6)
_MANY = _Size(label=17, row=13, band=12, gap=12)


def draw_timeline(plan: Timeline) -> bytes:
    """The picture of a timeline."""
    size = _ONE if plan.notes else _MANY
    scale = Scale(plan.first, plan.last, MARGIN, WIDTH - MARGIN - 8)
    rows = [_rows(lane.marks, scale) for lane in plan.lanes]
    heights = [size.label + (max(found, default=0) + 1) * size.row + size.band + size.gap for found in rows]
    legend = Legend(plan.lanes)
    notes = [(note, _note_lines(note)) for note in plan.notes]
    axis = MARGIN + sum(heights)
    below = axis + 24 + legend.height
    foot = below + sum(len(lines) * _LINE + 3 for _, lines in notes)
    sheet = Sheet(foot + (20 if plan.foot else 8))
    _axis(sheet, scale, axis)
    top = float(MARGIN)
    for lane, found, height in zip(plan.lanes, rows, heights, strict=True):
        _lane(sheet, scale, lane, found, top, size)
        top += height
    legend.draw(sheet, axis + 24)
    _notes(sheet, notes, below)
    if plan.foot:
        sheet.text(MARGIN, foot + 8, fitted(plan.foot, WIDTH - 2 * MARGIN, 10), 10, DIM)
    return sheet.png()


def _axis(sheet: Sheet, scale: Scale, y: float) -> None:
    sheet.line(scale.left, y, scale.right, y, DIM)
    for x, said in scale.ticks(_TICKS):
        sheet.line(x, MARGIN, x, y + 3, FAINT, 0.8)
        half = wide(said, 10) / 2
        sheet.text(min(max(x, MARGIN + half), WIDTH - MARGIN - half), y + 11, said, 10, DIM, at="center")


def _lane(sheet: Sheet, scale: Scale, lane: Lane, rows: Sequence[int], top: float, size: _Size) -> None:
    if size.label:
        said = f"⚠ {legible(lane.label)}" if lane.disputed else legible(lane.label)
        sheet.text(MARGIN, top + 7, fitted(said, WIDTH - 2 * MARGIN, _LABEL, bold=True), _LABEL, bold=True)
    top += size.label
    band = top + (max(rows, default=0) + 1) * size.row
    for mark, row in zip(lane.marks, rows, strict=True):
        _mark(sheet, scale, mark, band - row * size.row - _RADIUS - 3)
    _band(sheet, scale, lane, band, size.band)


def _mark(sheet: Sheet, scale: Scale, mark: Mark, y: float) -> None:
    left, right = _reach(scale, mark)
    sheet.claim(left, right, y, mark.claim, _RADIUS)
    if mark.number:
        sheet.text((left + right) / 2, y - 11, str(mark.number), 10, INK, bold=True, at="center")


def _band(sheet: Sheet, scale: Scale, lane: Lane, y: float, height: float) -> None:
    if not lane.stretches:
        begin = min(scale.at(mark.first) for mark in lane.marks)
        sheet.bar(begin, scale.right, y + height / 2 - 2, 4, NO_STAGE)
        return
    begin = min(scale.at(mark.first) for mark in lane.marks)
    if begin < scale.at(lane.stretches[0].first):
        sheet.bar(begin, scale.at(lane.stretches[0].first), y + height / 2 - 2, 4, NO_STAGE)
    for stretch in lane.stretches:
        _stretch(sheet, scale, stretch, y, height)
    last = lane.stretches[-1]
    if lane.is_open:
        sheet.arrow(scale.right, y, height, look(last.stage))
    elif last.stage in ENDED:
        sheet.badge(scale.at(last.last), y + height / 2, ENDED[last.stage], look(last.stage))


def _stretch(sheet: Sheet, scale: Scale, stretch: Stretch, y: float, height: float) -> None:
    first, sure, last = scale.at(stretch.first), scale.at(stretch.sure), scale.at(stretch.last)
    own = look(stretch.stage)
    if sure > first:
        sheet.bar(first, sure, y, height, own, faint=True)
    if last > sure:
        sheet.bar(sure, last, y, height, own)
    said = name(stretch.stage)
    width = wide(said, 10, bold=True) + 6
    # The sign of how it ended stands on the end of the bar.
    end = last - (10 if stretch.stage in ENDED else 0)
    room = (sure, end) if end - sure > width + 4 else (first, end)
    if height >= _ONE.band and room[1] - room[0] > width + 4:
        # On a ground of its own: the pattern would run through the letters.
        middle = sum(room) / 2
        sheet.box(middle - width / 2, y + 3, width, height - 6, own.colour, own.colour)
        sheet.text(middle, y + height / 2, said, 10, DARK, bold=True, at="center")


def _rows(marks: Sequence[Mark], scale: Scale) -> list[int]:
    """For each mark the row in which it meets no other, counted upwards from the band; in the highest they may."""
    ends: list[float] = []
    found = []
    for mark in marks:
        left, right = _reach(scale, mark)
        row = next((n for n, end in enumerate(ends) if left > end + 3), len(ends))
        row = min(row, _ROWS - 1)
        if row == len(ends):
            ends.append(right)
        ends[row] = max(ends[row], right)
        found.append(row)
    return found


def _reach(scale: Scale, mark: Mark) -> tuple[float, float]:
    left, right = scale.at(mark.first), scale.at(mark.last)
    if right - left < 2 * _RADIUS:
        middle = (left + right) / 2
        return middle - _RADIUS, middle + _RADIUS
    return left, right


def _note_lines(note: Note) -> list[str]:
    indent = wide(f"{note.date}  ", _NOTE, bold=True)
    return lines_of(legible(note.text), WIDTH - MARGIN - _NOTE_LEFT, _NOTE, 3, indent=indent)


def _notes(sheet: Sheet, notes: Iterable[tuple[Note, Sequence[str]]], y: float) -> None:
    for note, lines in notes:
        sheet.text(22, y + 7, str(note.number), 10, INK, bold=True, at="right")
        sheet.claim(32, 32, y + 7, note.claim, 4.5)
        colour = DENIAL if note.claim == "denied" else DIM
        sheet.text(_NOTE_LEFT, y + 7, note.date, _NOTE, colour, bold=True)
        for place, line in enumerate(lines):
            left = _NOTE_LEFT + (0 if place else wide(f"{note.date}  ", _NOTE, bold=True))
            sheet.text(left, y + 7 + place * _LINE, line, _NOTE)
        y += len(lines) * _LINE + 3
