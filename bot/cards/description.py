"""Headline and summary for the desk: those that the deal has left behind, and a proposal next to the present summary."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from discord import ui

from bot.cards import custom_ids, labels
from bot.cards.components import Card, button, container, row, separator, story_menu, text
from bot.cards.escaping import escape_block, escape_line, heading
from bot.cards.markdown import join_parts, subtext
from bot.cards.message_limits import OPTION_LIMIT
from bot.languages import say, say_as, say_count
from bot.model.stages import DescriptionFault, DescriptionPart
from bot.model.story import Story

_HEADLINE_LIMIT = 200
_MAX_FAULTS = 15
_PROPOSAL_HEADLINE_LIMIT = 300
_SUMMARY_LIMIT = 900
#: The words of a proposal have no more characters together; an attribution is a publisher and a date.
_SENTENCE_LIMIT = 720
_ATTRIBUTION_LIMIT = 150


def description_prompt(story: Story | None) -> list[ui.Item[Any]]:
    """Return the question for headline and summary of a story that has left their stage; nothing for any other story."""
    if story is None or not story.is_description_outdated:
        return []
    described_stage = story.described_state.stage if story.described_state else None
    former_stage = described_stage.label if described_stage else ""
    if story.stage is None:
        question = say(
            "The deal is no longer **{former}**, but its headline and summary still say that it is.",
            former=former_stage,
        )
    else:
        question = say(
            "The deal is now **{stage}**, but its headline and summary are from when it was **{former}**.",
            stage=story.stage.label,
            former=former_stage,
        )
    stage = story.stage.value if story.stage else ""
    update, keep = (
        custom_ids.DESCRIBE.build(action=action, stage=stage, slug=story.slug) for action in ("edit", "keep")
    )
    buttons = row(
        button(say_as("button", "Update headline and summary"), update, primary=True),
        button(say_as("button", "They still fit"), keep),
    )
    hint = subtext(say("Until then, cards lead with the newest development and show the summary's date."))
    return [
        separator(),
        text(question, f"> {escape_line(story.headline, _HEADLINE_LIMIT)}", hint),
        *([buttons] if buttons else []),
    ]


def description_faults_card(faults: Sequence[DescriptionFault]) -> Card:
    """Return the stories whose headline or summary is about a stage that the deal has left, with a menu to open one."""
    title = heading(say_as("heading", "Headlines and summaries to update"))
    if not faults:
        message = say("All headlines and summaries match the stage of their deal.")
        return Card(container(text(title), text(message), colour=labels.SUCCESS_COLOUR))
    lines = [
        f"**{escape_line(fault.story.headline, _HEADLINE_LIMIT)}**\n"
        + subtext(labels.stage_and_kind(fault.story.kind, fault.story.stage), fault_label(fault))
        for fault in faults[:_MAX_FAULTS]
    ]
    more_count = len(faults) - len(lines)
    more = subtext(say_count("+{count} more", "+{count} more", more_count)) if more_count else ""
    choices = [labels.line_choice(fault.story) for fault in faults[:OPTION_LIMIT]]
    return Card(
        container(
            text(title),
            separator(),
            *(text(line) for line in lines),
            text(more) if more else None,
            story_menu(0, say_as("menu", "Open a story"), choices),
            colour=labels.NEUTRAL_COLOUR,
        )
    )


def fault_label(fault: DescriptionFault) -> str:
    """Return what is wrong: ``headline and summary are from “In talks”``."""
    stage = fault.stated_stage.label
    if fault.part is DescriptionPart.BOTH:
        return say("headline and summary are from “{stage}”", stage=stage)
    if fault.part is DescriptionPart.HEADLINE:
        return say("the headline says “{stage}”", stage=stage)
    return say("the summary says “{stage}”", stage=stage)


def summary_proposal_card(story: Story, sentences: Sequence[tuple[str, str]], word_count: int) -> Card:
    """Return the current summary, and sentences of the sources as a proposal, each with its publisher and date as far as they are shown.

    Nothing changes until an editor has seen it in the form.
    """
    header = text(
        heading(escape_line(story.headline, _PROPOSAL_HEADLINE_LIMIT)),
        subtext(say("a draft: nothing has been changed yet")),
    )
    current_summary = text(say_as("summary", "**Now**"), escape_block(story.summary, _SUMMARY_LIMIT))
    if not sentences:
        message = say("No development says more than the headline, so there is nothing to propose.")
        return Card(container(header, separator(), current_summary, text(message), colour=labels.NEUTRAL_COLOUR))
    count_label = say_count("{count} word quoted from sources", "{count} words quoted from sources", word_count)
    quotes = [
        f"> {escape_line(sentence, _SENTENCE_LIMIT)}{_attribution_suffix(attribution)}"
        for sentence, attribution in sentences
    ]
    return Card(
        container(
            header,
            separator(),
            current_summary,
            text(join_parts(say_as("summary", "**Proposed**"), count_label), *quotes),
            row(
                button(
                    say_as("button", "Edit and use this summary"),
                    custom_ids.SUMMARY.build(action="use", slug=story.slug),
                    primary=True,
                )
            ),
            colour=labels.NEUTRAL_COLOUR,
        )
    )


def _attribution_suffix(attribution: str) -> str:
    return f" ({escape_line(attribution, _ATTRIBUTION_LIMIT)})" if attribution else ""
