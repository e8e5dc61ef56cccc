"""Drawing plans with matplotlib. Only the drawing process imports this, because it loads slowly and takes much memory."""

from __future__ import annotations

from bot.languages import use_language
from bot.pictures.draw.graph import draw_partner_graph
from bot.pictures.draw.timeline import draw_timeline
from bot.pictures.plan import PartnerGraph, Plan

__all__ = ["draw"]


def draw(plan: Plan) -> bytes:
    """Return the picture of a plan in its language, as PNG."""
    with use_language(plan.language):
        return draw_partner_graph(plan) if isinstance(plan, PartnerGraph) else draw_timeline(plan)
