"""A company and its partners: one line to each, by the stage of the deal between them."""

from __future__ import annotations

from bot.languages import say_count
from bot.pictures.draw.fonts import fitted, legible, lines_of
from bot.pictures.draw.palette import DIM, ENDED, INK, PANEL, look
from bot.pictures.draw.sheet import MARGIN, WIDTH, Sheet
from bot.pictures.plan import Edge, Web

_CENTRE = 88.0
_LEFT = 152.0
_BOX = WIDTH - MARGIN - _LEFT
_NAME = 11.0
_TOLD = 10.0
_LINE = 14.0
_GAP = 8.0


def draw_web(plan: Web) -> bytes:
    """The picture of a company's partners: the company on the left, they below each other on the right."""
    heights = [_height(edge) for edge in plan.edges]
    body = max(sum(heights) + _GAP * (len(heights) - 1), 60)
    sheet = Sheet(MARGIN * 2 + body + (16 if plan.foot else 0))
    middle, y = MARGIN + body / 2, float(MARGIN)
    for edge, height in zip(plan.edges, heights, strict=True):
        _line(sheet, edge, middle, y + height / 2)
        _partner(sheet, edge, y, height)
        y += height + _GAP
    _centre(sheet, legible(plan.centre), middle)
    if plan.foot:
        sheet.text(_LEFT, MARGIN + body + 14, fitted(plan.foot, _BOX, _TOLD), _TOLD, DIM)
    return sheet.png()


def _line(sheet: Sheet, edge: Edge, middle: float, y: float) -> None:
    own, begin = look(edge.stage), MARGIN + _CENTRE
    sheet.curve((begin, middle), (_LEFT, y), own, min(1.3 + 0.5 * edge.deals, 4))
    if edge.stage in ENDED:
        sheet.badge(_LEFT - 12, y, ENDED[edge.stage], own)


def _partner(sheet: Sheet, edge: Edge, y: float, height: float) -> None:
    own = look(edge.stage)
    sheet.box(_LEFT, y, _BOX, height, PANEL, own.colour)
    lines = _name(edge)
    for place, line in enumerate(lines):
        sheet.text(_LEFT + 8, y + 12 + place * _LINE, line, _NAME, INK, bold=True)
    told = y + 12 + len(lines) * _LINE
    stands = f"⚠ {edge.stands}" if edge.disputed else edge.stands
    sheet.text(_LEFT + 8, told, fitted(stands, _BOX - 16, _TOLD), _TOLD, own.colour)
    sheet.text(_LEFT + 8, told + 13, fitted(_kind(edge), _BOX - 16, _TOLD), _TOLD, DIM)


def _kind(edge: Edge) -> str:
    return edge.kind if edge.deals == 1 else say_count("{count} deal", "{count} deals", edge.deals)


def _name(edge: Edge) -> list[str]:
    return lines_of(legible(edge.partner), _BOX - 16, _NAME, 2, bold=True)


def _height(edge: Edge) -> float:
    return len(_name(edge)) * _LINE + 35


def _centre(sheet: Sheet, name: str, middle: float) -> None:
    lines = lines_of(name, _CENTRE - 10, 12, 3, bold=True)
    height = len(lines) * 15 + 12
    sheet.box(MARGIN, middle - height / 2, _CENTRE, height, INK, INK)
    for place, line in enumerate(lines):
        y = middle + (place - (len(lines) - 1) / 2) * 15
        sheet.text(MARGIN + _CENTRE / 2, y, line, 12, PANEL, bold=True, at="center")
