"""Which texts contradict the stage of their deal, in the bot's languages. Whatever states no stage contradicts none."""

from __future__ import annotations

import pytest

from bot.model.vocabulary import Stage
from bot.newsroom.description_check import find_contradicted_stage


@pytest.mark.parametrize(
    ("text", "stage", "contradicted"),
    [
        ("Nissan and Foxconn in talks over building EVs at Oppama", Stage.SIGNED, Stage.TALKS),
        ("Microsoft agrees to buy Activision Blizzard", Stage.COMPLETED, Stage.SIGNED),
        ("Microsoft completes its acquisition of Activision", Stage.TERMINATED, Stage.COMPLETED),
        ("Nissan und Foxconn verhandeln über Oppama", Stage.SIGNED, Stage.TALKS),
        ("Nissan und Foxconn in Gesprächen über Oppama", Stage.TERMINATED, Stage.TALKS),
        ("Nissan y Foxconn negocian la planta de Oppama", Stage.SIGNED, Stage.TALKS),
        ("日産と鴻海、追浜工場を巡り協議中", Stage.SIGNED, Stage.TALKS),
        ("ホンダと日産、経営統合で基本合意", Stage.TERMINATED, Stage.AGREED),
    ],
)
def test_a_text_that_states_a_stage_that_is_left_contradicts(text: str, stage: Stage, contradicted: Stage) -> None:
    assert find_contradicted_stage(text, stage) is contradicted


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("Nissan and Foxconn in talks over building EVs at Oppama", Stage.TALKS),
        ("Nissan and Foxconn in talks over building EVs at Oppama", Stage.RUMOURED),
        ("Nissan and Foxconn in talks over building EVs at Oppama", None),
        ("Nissan and Foxconn: EV production at Oppama", Stage.SIGNED),
        ("Microsoft agrees to buy Activision Blizzard", Stage.SIGNED),
        ("Microsoft agrees to buy Activision Blizzard", Stage.REVIEW),
        ("Nissan denies talks with Foxconn over a deal", Stage.SIGNED),
        ("Honda and Nissan signed a memorandum on a merger in 2024. They ended the merger talks in 2025.", Stage.TERMINATED),
        ("Nissan und Foxconn verhandeln nicht", Stage.SIGNED),
        ("日産と鴻海は協議していないと説明", Stage.SIGNED),
        ("", Stage.SIGNED),
    ],
)  # fmt: skip
def test_any_other_text_does_not(text: str, stage: Stage | None) -> None:
    """Nor one that tells how the deal came to its stage."""
    assert find_contradicted_stage(text, stage) is None
