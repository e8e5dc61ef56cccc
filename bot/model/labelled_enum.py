"""The base of fixed vocabularies whose words people read."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, ClassVar, Self

from bot.languages import say_as


class LabelledEnum(StrEnum):
    """A fixed vocabulary, in one table: each member is its stored value, its label, and whatever else belongs to it.

    A subclass names the translators' context of its labels, and takes further data of a member in its ``__init__``::

        class Claim(LabelledEnum, label_context="claim"):
            CONFIRMED = "confirmed", lazy_as("claim", "Confirmed")
    """

    _label_context: ClassVar[str]
    _label: str

    def __init_subclass__(cls, *, label_context: str, **options: Any) -> None:
        super().__init_subclass__(**options)
        cls._label_context = label_context

    def __new__(cls, value: str, label: str = "", *_data: object) -> Self:
        """Make a member that equals its stored value. For a type checker, a look-up such as ``Kind("merger")`` is this call too."""
        member = str.__new__(cls, value)
        member._value_ = value
        member._label = label  # noqa: SLF001 - its own
        return member

    @property
    def label(self) -> str:
        """The word as people read it, in the current language."""
        return say_as(self._label_context, self._label)
