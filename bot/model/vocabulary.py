"""The field's words: what a story can be about, where a deal can stand, who says so."""

from __future__ import annotations

from enum import StrEnum
from functools import cache

from bot.languages import in_every_language, noted_as, say_as


class Kind(StrEnum):
    """What a story is about. The first nine are deals and have a stage."""

    MERGER = "merger"
    ACQUISITION = "acquisition"
    STAKE = "stake"
    JOINT_VENTURE = "joint-venture"
    ALLIANCE = "alliance"
    SUPPLY = "supply"
    CONTRACT_MANUFACTURING = "contract-manufacturing"
    LICENSING = "licensing"
    FINANCING = "financing"
    PRODUCT = "product"
    PLANT = "plant"
    POLICY = "policy"
    PEOPLE = "people"
    RESULTS = "results"
    EVENT = "event"
    OTHER = "other"

    @property
    def is_deal(self) -> bool:
        """Whether stories of this kind have a stage."""
        return self in DEAL_KINDS

    @property
    def label(self) -> str:
        """The word as it is shown, in the language that is spoken: ``Joint venture``."""
        return say_as("kind", _KIND_LABELS[self])

    def is_called(self, name: str) -> bool:
        """Whether a name that people gave something, such as a forum's tag, is this kind's label in a language of the bot's."""
        return name.strip().casefold() in _names_of(self)


_KIND_LABELS = {
    Kind.MERGER: noted_as("kind", "Merger"),
    Kind.ACQUISITION: noted_as("kind", "Acquisition"),
    Kind.STAKE: noted_as("kind", "Stake"),
    Kind.JOINT_VENTURE: noted_as("kind", "Joint venture"),
    Kind.ALLIANCE: noted_as("kind", "Alliance"),
    Kind.SUPPLY: noted_as("kind", "Supply"),
    Kind.CONTRACT_MANUFACTURING: noted_as("kind", "Contract manufacturing"),
    Kind.LICENSING: noted_as("kind", "Licensing"),
    Kind.FINANCING: noted_as("kind", "Financing"),
    Kind.PRODUCT: noted_as("kind", "Product"),
    Kind.PLANT: noted_as("kind", "Plant"),
    Kind.POLICY: noted_as("kind", "Policy"),
    Kind.PEOPLE: noted_as("kind", "People"),
    Kind.RESULTS: noted_as("kind", "Results"),
    Kind.EVENT: noted_as("kind", "Event"),
    Kind.OTHER: noted_as("kind", "Other"),
}

DEAL_KINDS: frozenset[Kind] = frozenset(list(Kind)[:9])


class Stage(StrEnum):
    """Where a deal stands, in the order in which deals usually move."""

    RUMOURED = "rumoured"
    TALKS = "talks"
    AGREED = "agreed"
    SIGNED = "signed"
    REVIEW = "review"
    COMPLETED = "completed"
    TERMINATED = "terminated"
    LAPSED = "lapsed"

    @property
    def is_open(self) -> bool:
        """Whether a deal in this stage can still move on."""
        return self not in ENDED

    @property
    def label(self) -> str:
        """The stage as it is shown, in the language that is spoken: ``In talks``, ``Agreed (non-binding)``."""
        return say_as("stage", _STAGE_LABELS[self])

    @property
    def short(self) -> str:
        """The stage where there is little room, without what is explained in brackets: ``Agreed``."""
        return say_as("stage", "Agreed") if self is Stage.AGREED else self.label

    def is_called(self, name: str) -> bool:
        """Whether a name that people gave something, such as a forum's tag, is this stage's: ``In talks``, ``talks``.

        In whatever language of the bot's.
        """
        return name.strip().casefold() in _names_of(self)


_STAGE_LABELS = {
    Stage.RUMOURED: noted_as("stage", "Rumoured"),
    Stage.TALKS: noted_as("stage", "In talks"),
    Stage.AGREED: noted_as("stage", "Agreed (non-binding)"),
    Stage.SIGNED: noted_as("stage", "Signed"),
    Stage.REVIEW: noted_as("stage", "In review"),
    Stage.COMPLETED: noted_as("stage", "Completed"),
    Stage.TERMINATED: noted_as("stage", "Terminated"),
    Stage.LAPSED: noted_as("stage", "Lapsed"),
}


@cache
def _names_of(word: Kind | Stage) -> frozenset[str]:
    names = in_every_language(lambda: word.label)
    return names if isinstance(word, Kind) else names | in_every_language(lambda: word.short) | {word.value}


#: The way of a deal that comes about.
TRACK: tuple[Stage, ...] = tuple(list(Stage)[:6])
ENDED: frozenset[Stage] = frozenset({Stage.COMPLETED, Stage.TERMINATED, Stage.LAPSED})


class Claim(StrEnum):
    """Who stands behind a development.

    A denial is a party's, or a publisher's report that it is not so; its source shows which.
    """

    CONFIRMED = "confirmed"
    REPORTED = "reported"
    DENIED = "denied"

    @property
    def label(self) -> str:
        """The word as it is shown, in the language that is spoken."""
        return say_as("claim", _CLAIM_LABELS[self])


_CLAIM_LABELS = {
    Claim.CONFIRMED: noted_as("claim", "Confirmed"),
    Claim.REPORTED: noted_as("claim", "Reported"),
    Claim.DENIED: noted_as("claim", "Denied"),
}
