"""The field's words: what a story can be about, where a deal can stand, who says so."""

from __future__ import annotations

from enum import StrEnum
from functools import cache

from bot.languages import lazy_as, render_in_all_languages, say_as


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

    def is_labelled(self, name: str) -> bool:
        """Whether a name that people gave something, such as a forum's tag, is this kind's label in a language of the bot's."""
        return name.strip().casefold() in _get_label_variants(self)


_KIND_LABELS = {
    Kind.MERGER: lazy_as("kind", "Merger"),
    Kind.ACQUISITION: lazy_as("kind", "Acquisition"),
    Kind.STAKE: lazy_as("kind", "Stake"),
    Kind.JOINT_VENTURE: lazy_as("kind", "Joint venture"),
    Kind.ALLIANCE: lazy_as("kind", "Alliance"),
    Kind.SUPPLY: lazy_as("kind", "Supply"),
    Kind.CONTRACT_MANUFACTURING: lazy_as("kind", "Contract manufacturing"),
    Kind.LICENSING: lazy_as("kind", "Licensing"),
    Kind.FINANCING: lazy_as("kind", "Financing"),
    Kind.PRODUCT: lazy_as("kind", "Product"),
    Kind.PLANT: lazy_as("kind", "Plant"),
    Kind.POLICY: lazy_as("kind", "Policy"),
    Kind.PEOPLE: lazy_as("kind", "People"),
    Kind.RESULTS: lazy_as("kind", "Results"),
    Kind.EVENT: lazy_as("kind", "Event"),
    Kind.OTHER: lazy_as("kind", "Other"),
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
        return self not in ENDED_STAGES

    @property
    def label(self) -> str:
        """The stage as it is shown, in the language that is spoken: ``In talks``, ``Agreed (non-binding)``."""
        return say_as("stage", _STAGE_LABELS[self])

    @property
    def short_label(self) -> str:
        """The stage where there is little room, without what is explained in brackets: ``Agreed``."""
        return say_as("stage", "Agreed") if self is Stage.AGREED else self.label

    def is_labelled(self, name: str) -> bool:
        """Whether a name that people gave something, such as a forum's tag, is this stage's: ``In talks``, ``talks``.

        In whatever language of the bot's.
        """
        return name.strip().casefold() in _get_label_variants(self)


_STAGE_LABELS = {
    Stage.RUMOURED: lazy_as("stage", "Rumoured"),
    Stage.TALKS: lazy_as("stage", "In talks"),
    Stage.AGREED: lazy_as("stage", "Agreed (non-binding)"),
    Stage.SIGNED: lazy_as("stage", "Signed"),
    Stage.REVIEW: lazy_as("stage", "In review"),
    Stage.COMPLETED: lazy_as("stage", "Completed"),
    Stage.TERMINATED: lazy_as("stage", "Terminated"),
    Stage.LAPSED: lazy_as("stage", "Lapsed"),
}


@cache
def _get_label_variants(member: Kind | Stage) -> frozenset[str]:
    names = render_in_all_languages(lambda: member.label)
    return (
        names
        if isinstance(member, Kind)
        else names | render_in_all_languages(lambda: member.short_label) | {member.value}
    )


#: The way of a deal that comes about.
STAGE_ORDER: tuple[Stage, ...] = tuple(list(Stage)[:6])
ENDED_STAGES: frozenset[Stage] = frozenset({Stage.COMPLETED, Stage.TERMINATED, Stage.LAPSED})


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
    Claim.CONFIRMED: lazy_as("claim", "Confirmed"),
    Claim.REPORTED: lazy_as("claim", "Reported"),
    Claim.DENIED: lazy_as("claim", "Denied"),
}
