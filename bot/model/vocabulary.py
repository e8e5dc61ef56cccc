"""The fixed words of the news: what a story is about, which stage a deal is in, who supports a claim.

They and the other fixed vocabularies whose words people read have one base.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from typing import Any, ClassVar, Self

from bot.languages import lazy_as, render_in_all_languages, say_as


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


class Kind(LabelledEnum, label_context="kind"):
    """What a story is about.

    Attributes:
        is_deal: whether stories of this kind have a stage.
    """

    MERGER = "merger", lazy_as("kind", "Merger"), True
    ACQUISITION = "acquisition", lazy_as("kind", "Acquisition"), True
    STAKE = "stake", lazy_as("kind", "Stake"), True
    JOINT_VENTURE = "joint-venture", lazy_as("kind", "Joint venture"), True
    ALLIANCE = "alliance", lazy_as("kind", "Alliance"), True
    SUPPLY = "supply", lazy_as("kind", "Supply"), True
    CONTRACT_MANUFACTURING = "contract-manufacturing", lazy_as("kind", "Contract manufacturing"), True
    LICENSING = "licensing", lazy_as("kind", "Licensing"), True
    FINANCING = "financing", lazy_as("kind", "Financing"), True
    PRODUCT = "product", lazy_as("kind", "Product"), False
    PLANT = "plant", lazy_as("kind", "Plant"), False
    POLICY = "policy", lazy_as("kind", "Policy"), False
    PEOPLE = "people", lazy_as("kind", "People"), False
    RESULTS = "results", lazy_as("kind", "Results"), False
    EVENT = "event", lazy_as("kind", "Event"), False
    OTHER = "other", lazy_as("kind", "Other"), False

    def __init__(self, _value: str, _label: str = "", is_deal: bool = False) -> None:
        self.is_deal = is_deal

    def is_labelled(self, name: str) -> bool:
        """Return whether a name such as that of a forum's tag is this kind's label in any of our languages."""
        return name.strip().casefold() in _get_label_variants(self)


class Stage(LabelledEnum, label_context="stage"):
    """Which stage a deal is in.

    Attributes:
        is_open: whether a deal in this stage can still move on.
    """

    RUMOURED = "rumoured", lazy_as("stage", "Rumoured"), True
    TALKS = "talks", lazy_as("stage", "In talks"), True
    AGREED = "agreed", lazy_as("stage", "Agreed (non-binding)"), True
    SIGNED = "signed", lazy_as("stage", "Signed"), True
    REVIEW = "review", lazy_as("stage", "In review"), True
    COMPLETED = "completed", lazy_as("stage", "Completed"), False
    TERMINATED = "terminated", lazy_as("stage", "Terminated"), False
    LAPSED = "lapsed", lazy_as("stage", "Lapsed"), False

    def __init__(self, _value: str, _label: str = "", is_open: bool = False) -> None:
        self.is_open = is_open

    @property
    def short_label(self) -> str:
        """The label for small places, without an explanation in brackets: ``Agreed``."""
        return say_as("stage", "Agreed") if self is Stage.AGREED else self.label

    def is_labelled(self, name: str) -> bool:
        """Return whether a name such as that of a forum's tag means this stage: ``In talks``, ``talks``.

        Labels count in any of our languages.
        """
        return name.strip().casefold() in _get_label_variants(self)


class Claim(LabelledEnum, label_context="claim"):
    """Who supports a development.

    A denial is a party's, or a publisher's report that something is not so; its source shows which.
    """

    CONFIRMED = "confirmed", lazy_as("claim", "Confirmed")
    REPORTED = "reported", lazy_as("claim", "Reported")
    DENIED = "denied", lazy_as("claim", "Denied")


class Bound(LabelledEnum, label_context="bound"):
    """How a figure limits what its source says: exactly so much unless it has one of these."""

    ABOUT = "about", lazy_as("bound", "about")
    UP_TO = "up-to", lazy_as("bound", "up to")
    AT_LEAST = "at-least", lazy_as("bound", "at least")


#: The stages of a deal that succeeds, in order.
STAGE_ORDER: tuple[Stage, ...] = (
    Stage.RUMOURED,
    Stage.TALKS,
    Stage.AGREED,
    Stage.SIGNED,
    Stage.REVIEW,
    Stage.COMPLETED,
)
ENDED_STAGES: frozenset[Stage] = frozenset(stage for stage in Stage if not stage.is_open)


@cache
def _get_label_variants(member: Kind | Stage) -> frozenset[str]:
    names = render_in_all_languages(lambda: member.label)
    return (
        names
        if isinstance(member, Kind)
        else names | render_in_all_languages(lambda: member.short_label) | {member.value}
    )
