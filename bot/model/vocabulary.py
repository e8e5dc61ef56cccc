"""The field's words: what a story can be about, where a deal can stand, who says so."""

from __future__ import annotations

from enum import StrEnum


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
        """The word as it is shown, without its hyphen."""
        return self.value.replace("-", " ").capitalize()


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
        """The stage as it is shown: ``In talks``, ``Agreed (non-binding)``."""
        return _STAGE_LABELS[self]

    def is_called(self, name: str) -> bool:
        """Whether a name that people gave something, such as a forum's tag, is this stage's: ``In talks``, ``talks``."""
        return name.strip().casefold() in (self.label.casefold(), self.value)


_STAGE_LABELS = {
    Stage.RUMOURED: "Rumoured",
    Stage.TALKS: "In talks",
    Stage.AGREED: "Agreed (non-binding)",
    Stage.SIGNED: "Signed",
    Stage.REVIEW: "In review",
    Stage.COMPLETED: "Completed",
    Stage.TERMINATED: "Terminated",
    Stage.LAPSED: "Lapsed",
}

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
        """The word as it is shown."""
        return self.value.capitalize()
