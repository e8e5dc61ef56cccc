"""What a card says in a language in which every message stands in brackets: nothing of ours may stand outside of them."""

from __future__ import annotations

import re

import discord

from tests.languages.pseudo import outside
from tests.unit.cards.limits import accept, parts, payload


def texts_in(card: discord.ui.LayoutView) -> list[str]:
    """Return all texts that people see."""
    keys = ("content", "label", "placeholder", "description")
    found = list(parts(payload(card)))
    found += [option for part in found for option in part.get("options", ())]
    return [str(part[key]) for part in found for key in keys if part.get(key)]


def accept_translated(card: discord.ui.LayoutView, elsewhere: re.Pattern[str]) -> None:
    """Fail if Discord would refuse the card or a word is untranslated; what ``elsewhere`` matches is in no catalogue."""
    accept(card)
    for said in texts_in(card):
        left = elsewhere.sub("", outside(said))
        assert not re.search("[A-Za-z]", left), said
