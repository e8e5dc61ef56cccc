"""Draw a company and its partners: one line to each, by the stage of the deal between them; others in its deals apart."""

from __future__ import annotations

from itertools import pairwise

from bot.pictures.draw.fonts import choose_spelling, fit, wrap
from bot.pictures.draw.palette import DIM, ENDED, INK, PANEL, get_stage_style
from bot.pictures.draw.sheet import MARGIN, WIDTH, Sheet
from bot.pictures.plan import Edge, PartnerGraph

_CENTRE_WIDTH = 88.0
_PARTNER_X = 152.0
_PARTNER_WIDTH = WIDTH - MARGIN - _PARTNER_X
_NAME_SIZE = 11.0
_DETAIL_SIZE = 10.0
_LINE_HEIGHT = 14.0
_DETAIL_HEIGHT = 13.0
_GAP = 8.0
#: Between those who deal with the company and those who do not.
_APART_GAP = 20.0


def draw_partner_graph(plan: PartnerGraph) -> bytes:
    """Return the picture: the company on the left, its partners below each other on the right."""
    heights = [_get_height(edge) for edge in plan.edges]
    gaps = [_get_gap(edge, next_edge) for edge, next_edge in pairwise(plan.edges)]
    body = max(sum(heights) + sum(gaps), 60)
    sheet = Sheet(MARGIN * 2 + body + (16 if plan.foot else 0))
    linked_height = sum(
        height + gap for edge, height, gap in zip(plan.edges, heights, [*gaps, 0.0], strict=True) if not edge.is_apart
    )
    middle, y = MARGIN + max(linked_height, 60) / 2, float(MARGIN)
    for edge, height, gap in zip(plan.edges, heights, [*gaps, 0.0], strict=True):
        if not edge.is_apart:
            _draw_edge(sheet, edge, middle, y + height / 2)
        _draw_partner(sheet, edge, y, height)
        y += height + gap
    _draw_centre(sheet, choose_spelling(plan.centre), middle)
    if plan.foot:
        foot = fit(plan.foot, WIDTH - 2 * MARGIN, _DETAIL_SIZE)
        sheet.text(MARGIN, MARGIN + body + 14, foot, _DETAIL_SIZE, DIM)
    return sheet.png()


def _draw_edge(sheet: Sheet, edge: Edge, middle: float, y: float) -> None:
    stage_style, start_x = get_stage_style(edge.stage), MARGIN + _CENTRE_WIDTH
    sheet.curve((start_x, middle), (_PARTNER_X, y), stage_style, min(1.3 + 0.5 * edge.deals, 4))
    if edge.stage in ENDED:
        sheet.badge(_PARTNER_X - 12, y, ENDED[edge.stage], stage_style)


def _draw_partner(sheet: Sheet, edge: Edge, y: float, height: float) -> None:
    stage_style = get_stage_style(edge.stage)
    sheet.box(_PARTNER_X, y, _PARTNER_WIDTH, height, PANEL, PANEL if edge.is_apart else stage_style.colour)
    lines = _wrap_name(edge)
    for index, line in enumerate(lines):
        sheet.text(_PARTNER_X + 8, y + 12 + index * _LINE_HEIGHT, line, _NAME_SIZE, INK, bold=True)
    detail_y = y + 12 + len(lines) * _LINE_HEIGHT
    stage_label = f"⚠ {edge.stage_label}" if edge.disputed else edge.stage_label
    sheet.text(
        _PARTNER_X + 8, detail_y, fit(stage_label, _PARTNER_WIDTH - 16, _DETAIL_SIZE), _DETAIL_SIZE, stage_style.colour
    )
    for index, detail in enumerate(_get_details(edge), start=1):
        text_y = detail_y + index * _DETAIL_HEIGHT
        sheet.text(_PARTNER_X + 8, text_y, fit(detail, _PARTNER_WIDTH - 16, _DETAIL_SIZE), _DETAIL_SIZE, DIM)


def _get_details(edge: Edge) -> list[str]:
    return [edge.kind, *([edge.others] if edge.others else [])]


def _get_gap(edge: Edge, next_edge: Edge) -> float:
    return _APART_GAP if next_edge.is_apart and not edge.is_apart else _GAP


def _wrap_name(edge: Edge) -> list[str]:
    return wrap(choose_spelling(edge.partner), _PARTNER_WIDTH - 16, _NAME_SIZE, 2, bold=True)


def _get_height(edge: Edge) -> float:
    return len(_wrap_name(edge)) * _LINE_HEIGHT + 22 + len(_get_details(edge)) * _DETAIL_HEIGHT


def _draw_centre(sheet: Sheet, name: str, middle: float) -> None:
    lines = wrap(name, _CENTRE_WIDTH - 10, 12, 3, bold=True)
    height = len(lines) * 15 + 12
    sheet.box(MARGIN, middle - height / 2, _CENTRE_WIDTH, height, INK, INK)
    for index, line in enumerate(lines):
        y = middle + (index - (len(lines) - 1) / 2) * 15
        sheet.text(MARGIN + _CENTRE_WIDTH / 2, y, line, 12, PANEL, bold=True, align="center")
