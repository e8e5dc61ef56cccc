"""A page to draw on: 320 pixels wide, counted from the top left; written as a sharper PNG.

A card on a phone of 400 pixels has room for 275 to 350: letters of 10 and 11 are drawn so that they can still be read there.
"""

from __future__ import annotations

import io
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyBboxPatch, PathPatch, Polygon, Rectangle
from matplotlib.path import Path

from bot.pictures.draw.fonts import get_font
from bot.pictures.draw.palette import DARK, DENIAL, FAINT, GROUND, INK, StageStyle

WIDTH = 320
MARGIN = 12
#: Pixels of the file for one of the page.
_SHARPNESS = 3
_POINTS = 0.72


class Sheet:
    """A picture that is being drawn. All sizes are pixels of the page."""

    def __init__(self, height: float) -> None:
        self._figure = Figure(figsize=(WIDTH / 100, height / 100), dpi=100 * _SHARPNESS, facecolor=GROUND)
        self._canvas = FigureCanvasAgg(self._figure)
        self._axes = self._figure.add_axes((0, 0, 1, 1))
        self._axes.set_xlim(0, WIDTH)
        self._axes.set_ylim(height, 0)
        self._axes.axis("off")

    def png(self) -> bytes:
        """Return the picture, without any metadata."""
        out = io.BytesIO()
        self._canvas.print_png(out, metadata={"Software": None})  # type: ignore[no-untyped-call]  # matplotlib's stubs leave it so
        return out.getvalue()

    def text(
        self,
        x: float,
        y: float,
        content: str,
        size: float,
        colour: str = INK,
        *,
        bold: bool = False,
        align: Any = "left",
    ) -> None:
        """Draw a line of text whose middle is at that height. Nothing in it is taken for a formula."""
        self._axes.text(
            x,
            y,
            content,
            fontproperties=get_font(size, bold=bold),
            color=colour,
            ha=align,
            va="center_baseline",
            parse_math=False,
            zorder=7,
        )

    def line(self, x1: float, y1: float, x2: float, y2: float, colour: str = FAINT, width: float = 1.0) -> None:
        """Draw a straight line."""
        self._axes.add_line(Line2D([x1, x2], [y1, y2], color=colour, linewidth=width * _POINTS, zorder=1))

    def bar(
        self,
        x1: float,
        x2: float,
        y: float,
        height: float,
        stage_style: StageStyle,
        *,
        faint: bool = False,
        z_order: int = 2,
    ) -> None:
        """Draw a stage's surface, with its pattern; ``faint`` while it is not certain."""
        self._axes.add_patch(
            Rectangle(
                (x1, y),
                max(x2 - x1, 1),
                height,
                facecolor=stage_style.colour,
                edgecolor=DARK,
                hatch=stage_style.hatch or None,
                hatch_linewidth=0.35,
                linewidth=0,
                alpha=0.45 if faint else 1,
                zorder=z_order,
            )
        )

    def arrow(self, x: float, y: float, height: float, stage_style: StageStyle) -> None:
        """Draw the end of a bar that goes on."""
        tip = [(x, y), (x + height * 0.5, y + height / 2), (x, y + height)]
        self._axes.add_patch(Polygon(tip, facecolor=stage_style.colour, linewidth=0, zorder=3))

    def box(self, x: float, y: float, width: float, height: float, ground: str, edge: str) -> None:
        """Draw a box with round corners."""
        shape = f"round,pad=0,rounding_size={min(6.0, height / 2)}"
        self._axes.add_patch(
            FancyBboxPatch((x, y), width, height, shape, facecolor=ground, edgecolor=edge, linewidth=0.9, zorder=4)
        )

    def claim(self, x1: float, x2: float, y: float, claim: str, radius: float = 5.0) -> None:
        """Draw a development: a round mark for a day, a long one for the days that its date can mean.

        It is filled if confirmed, hollow if reported, crossed if denied.
        """
        colour = DENIAL if claim == "denied" else INK
        if x2 - x1 <= 2 * radius:
            x1 = x2 = (x1 + x2) / 2
        ground = INK if claim == "confirmed" else GROUND
        half_height = radius if x1 == x2 else radius * 0.8
        shape = f"round,pad=0,rounding_size={half_height}"
        patch = FancyBboxPatch(
            (x1 - (radius if x1 == x2 else 0), y - half_height),
            2 * radius if x1 == x2 else x2 - x1,
            2 * half_height,
            shape,
            facecolor=ground,
            edgecolor=colour,
            linewidth=1.2,
            zorder=5,
        )
        self._axes.add_patch(patch)
        if claim == "denied":
            self._cross((x1 + x2) / 2, y, half_height * 0.62, colour)

    def open_line(self, x1: float, x2: float, y: float) -> None:
        """Draw an arrow to the left that ends nowhere: dotted, for all the time before a day."""
        self._axes.add_line(Line2D([x1, x2], [y, y], color=INK, linewidth=1.2 * _POINTS, linestyle=":", zorder=4))
        self._axes.add_line(
            Line2D([x1 + 4, x1, x1 + 4], [y - 3, y, y + 3], color=INK, linewidth=1.2 * _POINTS, zorder=4)
        )

    def curve(
        self, start: tuple[float, float], end: tuple[float, float], stage_style: StageStyle, width: float
    ) -> None:
        """Draw a line from box to box that leaves and arrives horizontally."""
        middle = (start[0] + end[0]) / 2
        path = Path(
            [start, (middle, start[1]), (middle, end[1]), end], [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4]
        )
        self._axes.add_patch(
            PathPatch(
                path,
                facecolor="none",
                edgecolor=stage_style.colour,
                linewidth=width,
                linestyle=stage_style.dashes,
                zorder=2,
            )
        )

    def badge(self, x: float, y: float, sign: str, stage_style: StageStyle) -> None:
        """Draw a small sign on a line or a bar that shows how the deal ended."""
        self.box(x - 7, y - 7, 14, 14, stage_style.colour, DARK)
        self._axes.text(
            x, y, sign, fontproperties=get_font(9.5, bold=True), color=DARK, ha="center", va="center", zorder=7
        )

    def _cross(self, x: float, y: float, half_width: float, colour: str) -> None:
        for slope in (1, -1):
            ends = ([x - half_width, x + half_width], [y - slope * half_width, y + slope * half_width])
            self._axes.add_line(Line2D(*ends, color=colour, linewidth=1.2, zorder=6))
