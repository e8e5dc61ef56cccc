"""How far a deal has come: its stage in words, and as a line of symbols."""

from __future__ import annotations

from bot.cards.markdown import add_note, join_parts, subtext
from bot.languages import lazy, lazy_as, say, say_as
from bot.model.stages import StageChange, get_stage_change
from bot.model.story import Development, Story
from bot.model.vocabulary import STAGE_ORDER, Claim, Stage

_REACHED_SYMBOL, _CURRENT_SYMBOL, _AHEAD_SYMBOL, _ENDED_SYMBOL = "●", "◉", "○", "✕"
#: What each symbol of a stage line means.
SYMBOL_MEANINGS = {
    _REACHED_SYMBOL: lazy("a stage that the deal has passed"),
    _CURRENT_SYMBOL: lazy("the current stage"),
    _AHEAD_SYMBOL: lazy("a stage still to come"),
    _ENDED_SYMBOL: lazy("the deal ended here"),
}
#: The changes that have a name beside the stage: all but a step forward.
_STAGE_CHANGE_LABELS = {
    StageChange.OPENED: lazy_as("move", "started"),
    StageChange.STEPPED_BACK: lazy_as("move", "moved back"),
    StageChange.REOPENED: lazy_as("move", "reopened"),
    StageChange.BROKE_OFF: lazy_as("move", "broken off"),
}


def kind_and_progress(story: Story) -> str:
    """Return a deal's stage and kind, with its progress as a second line; of any other story its kind."""
    if not story.kind.is_deal:
        return story.kind.label
    stage = story.stage
    if stage is None:
        return join_parts(story.kind.label, say("Stage unknown"))
    prefix = "" if stage in STAGE_ORDER else f"{_ENDED_SYMBOL} "
    return f"**{prefix}{stage.label}** · {story.kind.label}\n{subtext(stage_progress(story))}"


def stage_progress(story: Story) -> str:
    """Return a symbol for each stage from rumoured to completed, and the next one: ``●━◉─○─○─○─○ next: Agreed``.

    If the deal has ended, the symbols stop at the last stage that it had reached. The line is short enough for a phone. It is
    empty if the stage is not known.
    """
    stage = story.stage
    if stage is None:
        return ""
    if stage in STAGE_ORDER:
        index = STAGE_ORDER.index(stage)
        symbols = f"{_REACHED_SYMBOL}━" * index + _CURRENT_SYMBOL + f"─{_AHEAD_SYMBOL}" * (len(STAGE_ORDER) - index - 1)
        if index + 1 == len(STAGE_ORDER):
            return symbols
        # Translators: behind the track of a deal: the stage that comes next
        next_label = say("next stage: {stage}", stage=STAGE_ORDER[index + 1].short_label)
        return f"{symbols} {next_label}"
    last_stage = _last_open_stage(story)
    if last_stage is None:
        return _ENDED_SYMBOL
    symbols = f"{_REACHED_SYMBOL}━" * (STAGE_ORDER.index(last_stage) + 1) + _ENDED_SYMBOL
    # Translators: behind the track of a deal that was broken off: the last stage that it had reached
    after_label = say("previously: {stage}", stage=last_stage.short_label)
    return f"{symbols} {after_label}"


def _last_open_stage(story: Story) -> Stage | None:
    stages = [
        development.stage
        for development in story.valid_developments
        if development.stage in STAGE_ORDER and development.claim is not Claim.DENIED
    ]
    return stages[-1] if stages else None


def stage_change_label(story: Story, development: Development) -> str:
    """Return ``In talks → **Signed**``, with a name if that is no step forward; empty if the stage did not change."""
    change, before = get_stage_change(story, development)
    if change is StageChange.UNCHANGED or development.stage is None:
        return ""
    after = f"**{development.stage.label}**"
    label = f"{before.label} → {after}" if before else after
    return add_note(label, say_as("move", _STAGE_CHANGE_LABELS[change])) if change in _STAGE_CHANGE_LABELS else label
