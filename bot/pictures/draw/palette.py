"""Colours and patterns. No difference is shown by colour alone: stages have patterns and names, claims have shapes.

The colours of the stages are those of Okabe and Ito, which people with any common colour blindness can tell apart
(https://jfly.uni-koeln.de/color/). The background is opaque, so a picture reads the same on light and on dark pages.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.model.vocabulary import Stage

GROUND = "#1f2126"
PANEL = "#2b2e35"
INK = "#f2f3f5"
DIM = "#b4b9c2"
FAINT = "#3a3d45"
DARK = "#15161a"
DENIAL = "#ff9b73"


@dataclass(frozen=True, slots=True)
class StageStyle:
    """The look of a stage: colour, pattern as a surface, pattern as a line."""

    colour: str
    hatch: str = ""
    dashes: Any = "solid"


STAGES = {
    "rumoured": StageStyle("#a3a8b0", "....", (0, (1, 2.2))),
    "talks": StageStyle("#e69f00", "", (0, (4, 2))),
    "agreed": StageStyle("#f0e442", "////", (0, (7, 2, 1, 2))),
    "signed": StageStyle("#56b4e9", "", "solid"),
    "review": StageStyle("#cc79a7", "\\\\\\\\", (0, (7, 2))),
    "completed": StageStyle("#2fbf94", "", "solid"),
    "terminated": StageStyle("#e2683c", "xxxx", (0, (2, 3))),
    "lapsed": StageStyle("#858b95", "----", (0, (2, 3))),
}
NO_STAGE = StageStyle("#9298a3", "", (0, (1, 3)))
ENDED = {"completed": "✓", "terminated": "✕", "lapsed": "✕"}


def get_stage_style(stage: str) -> StageStyle:
    """Return the look of a stage; an empty value is no stage."""
    return STAGES.get(stage, NO_STAGE)


def get_stage_name(stage: str) -> str:
    """Return the short name of a stage in the current language; empty for no stage."""
    return Stage(stage).short_label if stage else ""
