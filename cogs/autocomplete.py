"""Choices for the autocomplete of options: shown with their label in the user's language, sent as their value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from discord import app_commands

from bot.cards.escaping import clean_line
from bot.cards.message_limits import OPTION_TEXT_LIMIT
from bot.model.story import StoryListItem
from bot.model.vocabulary import Claim, Kind, Stage

#: The value of the option ``stage`` for no stage.
NO_STAGE = "none"
#: Maximum number of choices that Discord accepts.
#: https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-response-object-autocomplete
MAX_CHOICES = 25


def make_choice(label: str, value: str) -> app_commands.Choice[str]:
    """Return a choice with its label as plain text, shortened to Discord's limit. Labels may come from outside."""
    return app_commands.Choice(name=clean_line(label, OPTION_TEXT_LIMIT), value=value[:OPTION_TEXT_LIMIT])


def make_choices(values: Iterable[str]) -> list[app_commands.Choice[str]]:
    """Return choices whose label is their value, such as names."""
    return [make_choice(value, value) for value in values][:MAX_CHOICES]


def make_story_choices(stories: Iterable[StoryListItem]) -> list[app_commands.Choice[str]]:
    """Return choices of stories: their headlines, sent as their slugs."""
    return [make_choice(story.title, story.slug) for story in stories][:MAX_CHOICES]


def filter_choices(labels: Mapping[str, str], text: str) -> list[app_commands.Choice[str]]:
    """Return the choices whose value or label contains *text*. *labels* has the label of each value."""
    query = text.strip().casefold()
    matches = [(value, label) for value, label in labels.items() if query in value or query in label.casefold()]
    return [make_choice(label, value) for value, label in matches[:MAX_CHOICES]]


def get_labels(members: Iterable[Kind | Stage | Claim]) -> dict[str, str]:
    """Return the label of each member's value."""
    return {member.value: member.label for member in members}


def find_value(text: str, labels: Mapping[str, str]) -> str:
    """Return the value whose label is *text*, or *text* itself if there is none."""
    values_by_label = {label.casefold(): value for value, label in labels.items()}
    return values_by_label.get(text.strip().casefold(), text)
