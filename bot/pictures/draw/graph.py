"""Draw a company and its partners: one line to each, by the stage of the deal between them."""

from __future__ import annotations

from bot.languages import say_count
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
_GAP = 8.0


def draw_partner_graph(plan: PartnerGraph) -> bytes:
    """Return the picture: the company on the left, its partners below each other on the right."""
    heights = [_get_height(edge) for edge in plan.edges]
    body = max(sum(heights) + _GAP * (len(heights) - 1), 60)
    sheet = Sheet(MARGIN * 2 + body + (16 if plan.foot else 0))
    middle, y = MARGIN + body / 2, float(MARGIN)
    for edge, height in zip(plan.edges, heights, strict=True):
        _draw_edge(sheet, edge, middle, y + height / 2)
        _draw_partner(sheet, edge, y, height)
        y += height + _GAP
    _draw_centre(sheet, choose_spelling(plan.centre), middle)
    if plan.foot:
        sheet.text(_PARTNER_X, MARGIN + body + 14, fit(plan.foot, _PARTNER_WIDTH, _DETAIL_SIZE), _DETAIL_SIZE, DIM)
    return sheet.png()


def _draw_edge(sheet: Sheet, edge: Edge, middle: float, y: float) -> None:
    stage_style, start_x = get_stage_style(edge.stage), MARGIN + _CENTRE_WIDTH
    sheet.curve((start_x, middle), (_PARTNER_X, y), stage_style, min(1.3 + 0.5 * edge.deals, 4))
    if edge.stage in ENDED:
        sheet.badge(_PARTNER_X - 12, y, ENDED[edge.stage], stage_style)


def _draw_partner(sheet: Sheet, edge: Edge, y: float, height: float) -> None:
    stage_style = get_stage_style(edge.stage)
    sheet.box(_PARTNER_X, y, _PARTNER_WIDTH, height, PANEL, stage_style.colour)
    lines = _wrap_name(edge)
    for index, line in enumerate(lines):
        sheet.text(_PARTNER_X + 8, y + 12 + index * _LINE_HEIGHT, line, _NAME_SIZE, INK, bold=True)
    detail_y = y + 12 + len(lines) * _LINE_HEIGHT
    stage_label = f"⚠ {edge.stage_label}" if edge.disputed else edge.stage_label
    sheet.text(
        _PARTNER_X + 8, detail_y, fit(stage_label, _PARTNER_WIDTH - 16, _DETAIL_SIZE), _DETAIL_SIZE, stage_style.colour
    )
    sheet.text(
        _PARTNER_X + 8, detail_y + 13, fit(_get_kind_label(edge), _PARTNER_WIDTH - 16, _DETAIL_SIZE), _DETAIL_SIZE, DIM
    )


def _get_kind_label(edge: Edge) -> str:
    return edge.kind if edge.deals == 1 else say_count("{count} deal", "{count} deals", edge.deals)


def _wrap_name(edge: Edge) -> list[str]:
    return wrap(choose_spelling(edge.partner), _PARTNER_WIDTH - 16, _NAME_SIZE, 2, bold=True)


def _get_height(edge: Edge) -> float:
    return len(_wrap_name(edge)) * _LINE_HEIGHT + 35


def _draw_centre(sheet: Sheet, name: str, middle: float) -> None:
    lines = wrap(name, _CENTRE_WIDTH - 10, 12, 3, bold=True)
    height = len(lines) * 15 + 12
    sheet.box(MARGIN, middle - height / 2, _CENTRE_WIDTH, height, INK, INK)
    for index, line in enumerate(lines):
        y = middle + (index - (len(lines) - 1) / 2) * 15
        sheet.text(MARGIN + _CENTRE_WIDTH / 2, y, line, 12, PANEL, bold=True, align="center")
