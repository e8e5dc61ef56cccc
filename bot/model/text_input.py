"""Words that people type for nothing, in whichever language they are spoken to."""

from __future__ import annotations

from bot.languages import say_as
from bot.model.text_folding import fold_keyword


def get_off_label() -> str:
    """What is shown, and can be typed, for what is switched off, such as quiet hours: ``off``."""
    # Said: typed into a setting, and shown there, for one that is switched off
    return say_as("setting", "off")


def is_none_word(text: str) -> bool:
    """Whether a text takes away what stands there: ``off``, ``none``, or nothing at all."""
    word = fold_keyword(text)
    # Said: what somebody types where a list is to be empty, such as that of unwanted words
    none_word = say_as("typed", "none")
    return word in ("", "-", "off", "none", "no", fold_keyword(get_off_label()), fold_keyword(none_word))
