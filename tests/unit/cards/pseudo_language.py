"""What a card says in a language in which every message stands in brackets: nothing of ours may stand outside of them."""

from __future__ import annotations

import re

import discord

from tests.languages.pseudo import outside
from tests.unit.cards.limits import accept, parts, payload


def texts_in(card: discord.ui.LayoutView) -> list[str]:
    """Return all texts that people see."""
    keys = ("content", "label", "placeholder", "description")
    components = list(parts(payload(card)))
    components += [option for part in components for option in part.get("options", ())]
    return [str(part[key]) for part in components for key in keys if part.get(key)]


def accept_translated(card: discord.ui.LayoutView, elsewhere: re.Pattern[str]) -> None:
    """Fail if Discord would refuse the card or a word is untranslated; what ``elsewhere`` matches is in no catalogue."""
    accept(card)
    for text in texts_in(card):
        untranslated = elsewhere.sub("", outside(text))
        assert not re.search("[A-Za-z]", untranslated), text
