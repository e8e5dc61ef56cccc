"""What is offered while an option is typed: shown as it is called in the language that is spoken, sent as its value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from discord import app_commands

from bot.cards.escaping import clean_line
from bot.cards.message_limits import OPTION_TEXT_LIMIT
from bot.model.vocabulary import Claim, Kind, Stage

#: The most that Discord shows.
MAX_CHOICES = 25


def make_choice(label: str, value: str) -> app_commands.Choice[str]:
    """One that is shown as plain text, and with a mark where it is cut: labels may come from outside."""
    return app_commands.Choice(name=clean_line(label, OPTION_TEXT_LIMIT), value=value[:OPTION_TEXT_LIMIT])


def make_choices(values: Iterable[str]) -> list[app_commands.Choice[str]]:
    """Choices that are shown as they are, such as names."""
    return [make_choice(value, value) for value in values][:MAX_CHOICES]


def filter_choices(labels: Mapping[str, str], text: str) -> list[app_commands.Choice[str]]:
    """Those of these values, with what each is called, that have what is typed in one or the other."""
    query = text.strip().casefold()
    matches = [(value, label) for value, label in labels.items() if query in value or query in label.casefold()]
    return [make_choice(label, value) for value, label in matches[:MAX_CHOICES]]


def get_labels(members: Iterable[Kind | Stage | Claim]) -> dict[str, str]:
    """The values of these words, with what each is called."""
    return {member.value: member.label for member in members}


def find_value(text: str, labels: Mapping[str, str]) -> str:
    """The value of which the label was typed; what was typed where it is none."""
    values_by_label = {label.casefold(): value for value, label in labels.items()}
    return values_by_label.get(text.strip().casefold(), text)
