"""What the desk is told after it has published, corrected, retracted, merged or changed something, with a button to undo it."""

from __future__ import annotations

from typing import Any

from discord import ui

from bot.cards import custom_ids, labels
from bot.cards.components import Card, button, container, row, text
from bot.cards.description import description_prompt
from bot.cards.escaping import escape_line
from bot.cards.markdown import join_sentences
from bot.languages import say, say_as, say_count
from bot.model.story import Development, Story

_HEADLINE_LIMIT = 300
_MERGED_HEADLINE_LIMIT = 300


def publication_card(
    story: Story, development: Development, *, is_new_story: bool, deliveries: int, edits: int, hint: str = ""
) -> Card:
    """Return that a development was published, and where it goes."""
    template = (
        say("Published “{development}” in the new story **{story}** (`{slug}`).", **_get_names(story, development))
        if is_new_story
        else say("Published “{development}” in **{story}** (`{slug}`).", **_get_names(story, development))
    )
    sending = say_count("Sending to {count} channel.", "Sending to {count} channels.", deliveries)
    return _outcome_card(
        story,
        join_sentences(template, sending, _edits_label(edits), hint),
        _undo_button("withdraw", development),
        _full_story_button(story),
    )


def correction_card(story: Story, development: Development, edits: int) -> Card:
    """Return that a development was corrected."""
    message = say("Corrected “{development}” in **{story}** (`{slug}`).", **_get_names(story, development))
    return _outcome_card(story, join_sentences(message, _edits_label(edits)), _full_story_button(story))


def repetition_card(story: Story, development: Development, edits: int) -> Card:
    """Return that a development which was to be published was there already, and was corrected."""
    message = say(
        "“{development}” was already in **{story}** (`{slug}`). It was updated.", **_get_names(story, development)
    )
    return _outcome_card(story, join_sentences(message, _edits_label(edits)), _full_story_button(story))


def retraction_card(story: Story, development: Development, edits: int) -> Card:
    """Return that a development was retracted."""
    message = say("Retracted “{development}” in **{story}** (`{slug}`).", **_get_names(story, development))
    return _outcome_card(
        story,
        join_sentences(message, _edits_label(edits)),
        _undo_button("reinstate", development),
        _full_story_button(story),
    )


def known_retraction_card(story: Story, development: Development) -> Card:
    """Return that a development was retracted before, and why."""
    message = say(
        "“{development}” in **{story}** is already retracted: {reason}",
        development=escape_line(development.headline, _HEADLINE_LIMIT),
        story=escape_line(story.headline, _HEADLINE_LIMIT),
        reason=escape_line(development.localized_retraction_reason, _HEADLINE_LIMIT),
    )
    return _outcome_card(story, message, _undo_button("reinstate", development), colour=labels.NEUTRAL_COLOUR)


def withdrawal_card(story: Story, development: Development, edits: int) -> Card:
    """Return that a publication was taken back."""
    message = say("Withdrew “{development}” from **{story}** (`{slug}`).", **_get_names(story, development))
    return _outcome_card(
        story,
        join_sentences(message, _edits_label(edits)),
        _undo_button("reinstate", development, label=say_as("button", "Publish again")),
        colour=labels.NEUTRAL_COLOUR,
    )


def reinstatement_card(story: Story, development: Development, *, deliveries: int, edits: int) -> Card:
    """Return that a development is valid again."""
    message = say("Restored “{development}” in **{story}** (`{slug}`).", **_get_names(story, development))
    sending = say_count("Sending to {count} channel.", "Sending to {count} channels.", deliveries) if deliveries else ""
    return _outcome_card(story, join_sentences(message, sending, _edits_label(edits)), _full_story_button(story))


def story_change_card(story: Story, *, is_new: bool, edits: int) -> Card:
    """Return that a story was created, or changed except for its developments."""
    names = {"story": escape_line(story.headline, _HEADLINE_LIMIT), "slug": story.slug}
    message = (
        say("Story created: **{story}** (`{slug}`).", **names)
        if is_new
        else say("Story changed: **{story}** (`{slug}`).", **names)
    )
    return _outcome_card(story, join_sentences(message, _edits_label(edits)), _full_story_button(story))


def description_card(story: Story, *, is_kept: bool) -> Card:
    """Return that headline and summary were written anew, or that they are declared to fit still."""
    name = escape_line(story.headline, _HEADLINE_LIMIT)
    message = (
        say("Kept the headline and summary of **{story}**.", story=name)
        if is_kept
        else say("Updated the headline and summary of **{story}**.", story=name)
    )
    return _outcome_card(story, message, _full_story_button(story))


def no_change_card(story: Story) -> Card:
    """Return that nothing was changed, because everything is as it was sent."""
    message = say("No change: **{story}** already says this.", story=escape_line(story.headline, _HEADLINE_LIMIT))
    return _outcome_card(story, message, _full_story_button(story), colour=labels.NEUTRAL_COLOUR)


def _outcome_card(story: Story, message: str, *buttons: ui.Button[Any], colour: int = labels.SUCCESS_COLOUR) -> Card:
    return Card(container(text(message), row(*buttons), *description_prompt(story), colour=colour))


def _get_names(story: Story, development: Development) -> dict[str, str]:
    return {
        "development": escape_line(development.headline, _HEADLINE_LIMIT),
        "story": escape_line(story.headline, _HEADLINE_LIMIT),
        "slug": story.slug,
    }


def _edits_label(edits: int) -> str:
    return say_count("Updating {count} post.", "Updating {count} posts.", edits) if edits else ""


def _undo_button(action: str, development: Development, *, label: str = "") -> ui.Button[Any]:
    return button(
        label or say_as("button", "Undo"), custom_ids.UNDO.build(action=action, development_id=development.id)
    )


def _full_story_button(story: Story) -> ui.Button[Any]:
    return button(say_as("button", "Full story"), custom_ids.FULL_STORY.build(slug=story.slug, page=0))


def merge_card(source: Story, target: Story) -> Card:
    """Return which story was merged into which, with a button that undoes it."""
    message = say_count(
        "**{gone}** was merged into **{story}** (`{slug}`): {count} development moved, with follows and posts. `{former}` still works.",
        "**{gone}** was merged into **{story}** (`{slug}`): {count} developments moved, with follows and posts. `{former}` still works.",
        len(source.developments),
        gone=escape_line(source.headline, _MERGED_HEADLINE_LIMIT),
        story=escape_line(target.headline, _MERGED_HEADLINE_LIMIT),
        slug=target.slug,
        former=source.slug,
    )
    return Card(
        container(
            text(message),
            row(button(say_as("button", "Undo"), custom_ids.UNMERGE.build(slug=source.slug))),
            colour=labels.SUCCESS_COLOUR,
        )
    )


def unmerge_card(source: Story, target: Story) -> Card:
    """Return that the two are separate stories again."""
    message = say(
        "**{first}** (`{first_slug}`) and **{second}** (`{second_slug}`) are separate stories again. What was added since stays with the second.",
        first=escape_line(source.headline, _MERGED_HEADLINE_LIMIT),
        first_slug=source.slug,
        second=escape_line(target.headline, _MERGED_HEADLINE_LIMIT),
        second_slug=target.slug,
    )
    return Card(container(text(message), colour=labels.NEUTRAL_COLOUR))
