"""A language that only tests speak: every message of a catalogue comes in brackets, so that what is said outside of them is seen."""

from __future__ import annotations

import gettext
from collections.abc import Iterator
from contextlib import contextmanager

from bot.languages import catalogues
from bot.languages.context import use_language


class Bracketed(gettext.NullTranslations):
    """Says ⟦…⟧ for everything."""

    def gettext(self, message: str) -> str:
        """Return the message in brackets."""
        return f"⟦{message}⟧"

    def pgettext(self, context: str, message: str) -> str:
        """Return the message in brackets."""
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return the form of English in brackets."""
        return f"⟦{msgid1 if n == 1 else msgid2}⟧"


@contextmanager
def bracketed() -> Iterator[None]:
    """Speak it within the block, in place of German."""
    made = catalogues._load_translations
    catalogues._load_translations = lambda code: Bracketed() if code == "de" else made(code)  # type: ignore[assignment]
    try:
        with use_language("de"):
            yield
    finally:
        catalogues._load_translations = made


def outside(shown: str) -> str:
    """Return what of a text stands outside of all brackets."""
    depth, left = 0, []
    for mark in shown:
        depth += (mark == "⟦") - (mark == "⟧")
        if depth == 0 and mark not in "⟦⟧":
            left.append(mark)
    return "".join(left)
