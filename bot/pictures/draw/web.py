"""A company among its partners: one line each, by the stage of the deal between them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.pictures.draw.fonts import fitted, legible, lines_of, wide
from bot.pictures.draw.palette import DIM, ENDED, INK, PANEL, look
from bot.pictures.draw.sheet import MARGIN, WIDTH, Sheet
from bot.pictures.plan import Edge, Web

_BOX = 128.0
_CENTRE = 84.0
_NAME = 11.0
_TOLD = 10.0
_LINE = 14.0
_GAP = 10.0


def draw_web(plan: Web) -> bytes:
    """The picture of a company's partners, half of them on each side."""
    half = (len(plan.edges) + 1) // 2
    sides = (plan.edges[:half], plan.edges[half:])
    heights = [sum(_height(edge) + _GAP for edge in side) - _GAP for side in sides]
    body = max(*heights, 60)
    sheet = Sheet(MARGIN * 2 + body + (18 if plan.foot else 0))
    middle = MARGIN + body / 2
    for side, height, right in zip(sides, heights, (False, True), strict=True):
        _column(sheet, side, middle - height / 2, middle, right=right)
    _centre(sheet, legible(plan.centre), middle)
    if plan.foot:
        sheet.text(MARGIN, MARGIN * 2 + body + 4, plan.foot, _TOLD, DIM)
    return sheet.png()


def _column(sheet: Sheet, edges: Sequence[Edge], y: float, middle: float, *, right: bool) -> None:
    x = WIDTH - MARGIN - _BOX if right else float(MARGIN)
    for edge in edges:
        height, own = _height(edge), look(edge.stage)
        near = (x if right else x + _BOX, y + height / 2)
        far = (WIDTH / 2 + (_CENTRE / 2 if right else -_CENTRE / 2), middle)
        sheet.curve(far, near, own, min(1.3 + 0.5 * edge.deals, 4))
        if edge.stage in ENDED:
            # Where the curve is half way.
            sheet.badge((near[0] + far[0]) / 2, (near[1] + far[1]) / 2, ENDED[edge.stage], own)
        _partner(sheet, edge, x, y, height)
        y += height + _GAP


def _partner(sheet: Sheet, edge: Edge, x: float, y: float, height: float) -> None:
    own = look(edge.stage)
    sheet.box(x, y, _BOX, height, PANEL, own.colour)
    lines = _name(edge)
    for place, line in enumerate(lines):
        sheet.text(x + 7, y + 12 + place * _LINE, line, _NAME, INK, bold=True)
    told = y + 12 + len(lines) * _LINE
    stands = f"⚠ {edge.stands}" if edge.disputed else edge.stands
    sheet.text(x + 7, told, fitted(stands, _BOX - 14, _TOLD), _TOLD, own.colour)
    sheet.text(x + 7, told + 13, fitted(_kind(edge), _BOX - 14, _TOLD), _TOLD, DIM)


def _kind(edge: Edge) -> str:
    return edge.kind if edge.deals == 1 else f"{edge.deals} deals"


def _name(edge: Edge) -> list[str]:
    return lines_of(legible(edge.partner), _BOX - 14, _NAME, 2, bold=True)


def _height(edge: Edge) -> float:
    return len(_name(edge)) * _LINE + 33


def _centre(sheet: Sheet, name: str, middle: float) -> None:
    lines = lines_of(name, _CENTRE - 10, 12, 3, bold=True)
    height = len(lines) * 15 + 12
    sheet.box((WIDTH - _CENTRE) / 2, middle - height / 2, _CENTRE, height, INK, INK)
    for place, line in enumerate(lines):
        y = middle + (place - (len(lines) - 1) / 2) * 15
        sheet.text(WIDTH / 2, y, line, 12, PANEL, bold=True, at="center")
    assert all(wide(line, 12, bold=True) <= _CENTRE for line in lines)  # noqa: S101 - a line that sticks out is a bug
