"""Drawing plans with matplotlib. Only the drawing process imports this: it is slow to load and heavy to keep."""

from __future__ import annotations

from bot.languages import speaking
from bot.pictures.draw.lanes import draw_timeline
from bot.pictures.draw.web import draw_web
from bot.pictures.plan import Plan, Web

__all__ = ["draw"]


def draw(plan: Plan) -> bytes:
    """The picture of a plan in its language, as PNG."""
    with speaking(plan.language):
        return draw_web(plan) if isinstance(plan, Web) else draw_timeline(plan)
