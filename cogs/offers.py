"""What is offered while an option is typed: shown as it is called in the language that is spoken, sent as its value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from discord import app_commands

from bot.cards.budget import OPTION_TEXT_LIMIT
from bot.cards.safe import plain
from bot.model.vocabulary import Claim, Kind, Stage

#: The most that Discord shows.
MOST = 25


def choice(label: str, value: str) -> app_commands.Choice[str]:
    """One that is shown as plain text, and with a mark where it is cut: labels may come from outside."""
    return app_commands.Choice(name=plain(label, OPTION_TEXT_LIMIT), value=value[:OPTION_TEXT_LIMIT])


def choices_of(values: Iterable[str]) -> list[app_commands.Choice[str]]:
    """Choices that are shown as they are, such as names."""
    return [choice(value, value) for value in values][:MOST]


def offered(labels: Mapping[str, str], typed: str) -> list[app_commands.Choice[str]]:
    """Those of these values, with what each is called, that have what is typed in one or the other."""
    begun = typed.strip().casefold()
    found = [(value, label) for value, label in labels.items() if begun in value or begun in label.casefold()]
    return [choice(label, value) for value, label in found[:MOST]]


def labels_of(words: Iterable[Kind | Stage | Claim]) -> dict[str, str]:
    """The values of these words, with what each is called."""
    return {word.value: word.label for word in words}


def value_of(typed: str, labels: Mapping[str, str]) -> str:
    """The value of which the label was typed; what was typed where it is none."""
    called = {label.casefold(): value for value, label in labels.items()}
    return called.get(typed.strip().casefold(), typed)
