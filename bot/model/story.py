"""A running story: its developments, and all that follows from them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.languages import lazy, say
from bot.model.company import Party
from bot.model.dates import PartialDate
from bot.model.vocabulary import Claim, Kind, Stage

#: Why a development does not stand whose publication the desk took back; the story keeps it in English.
PUBLICATION_WITHDRAWN = lazy("The desk has taken its publication back.")


@dataclass(frozen=True, slots=True)
class Source:
    """Who said it and where: publisher, and title, link and date where they are known."""

    publisher: str
    title: str = ""
    url: str = ""
    date: PartialDate | None = None


@dataclass(frozen=True, slots=True)
class Development:
    """One dated thing that happened in a story.

    Attributes:
        key: its id within the story, as the story file writes it.
        stage: the stage that it moves the deal to; a denial moves none.
        retracted: why it no longer stands, empty while it does.
        number: the store's own number of it, 0 before it is stored.
    """

    key: str
    date: PartialDate
    headline: str
    claim: Claim
    text: str = ""
    stage: Stage | None = None
    sources: tuple[Source, ...] = ()
    retraction_reason: str = ""
    id: int = 0

    @property
    def is_valid(self) -> bool:
        """Whether it has not been retracted."""
        return not self.retraction_reason

    @property
    def localized_retraction_reason(self) -> str:
        """Why it no longer stands: in the editor's words, or in ours in the language that is spoken; empty while it does."""
        return say(PUBLICATION_WITHDRAWN) if self.retraction_reason == PUBLICATION_WITHDRAWN else self.retraction_reason


@dataclass(frozen=True, slots=True)
class Dispute:
    """Both sides of a disputed story: the denial that stands, and the newest claim against it."""

    denial: Development
    counterclaim: Development | None


@dataclass(frozen=True, slots=True)
class Story:
    """One running matter. Its developments are kept in the order in which they happened.

    Everything below the developments is derived from those that stand, and typed in nowhere. Of a story with very many
    developments a card is given those that it can show and those that tell where the story stands; ``left_out`` counts
    the other ones that stand.
    """

    slug: str
    headline: str
    summary: str
    kind: Kind
    parties: tuple[Party, ...] = ()
    developments: tuple[Development, ...] = ()
    related_slugs: tuple[str, ...] = ()
    omitted_count: int = 0
    valid_developments: tuple[Development, ...] = field(init=False, repr=False, compare=False)
    _stages: dict[str, Stage | None] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "developments", sort_developments(self.developments))
        object.__setattr__(self, "valid_developments", tuple(d for d in self.developments if d.is_valid))
        object.__setattr__(self, "_stages", _compute_stages_before(self.valid_developments))

    @property
    def stage(self) -> Stage | None:
        """Where the deal stands: the newest stage that was not a denial; None for no deal, or when none is known."""
        if not self.kind.is_deal:
            return None
        return next(
            (d.stage for d in reversed(self.valid_developments) if d.stage and d.claim is not Claim.DENIED), None
        )

    @property
    def is_open(self) -> bool:
        """Whether it can still move: every story but a deal that was completed, terminated or has lapsed."""
        return self.stage is None or self.stage.is_open

    @property
    def dispute(self) -> Dispute | None:
        """Both sides while the newest denial is not settled by a later confirmation, else None.

        The other side is the newest claim that the denial answers, or that answers it: one before it, or one after it that
        says where the deal stands. Other news goes on meanwhile, and is no side.
        """
        denials = [index for index, d in enumerate(self.valid_developments) if d.claim is Claim.DENIED]
        if not denials:
            return None
        newest_index = denials[-1]
        if any(d.claim is Claim.CONFIRMED for d in self.valid_developments[newest_index + 1 :]):
            return None
        claims = [(position, d) for position, d in enumerate(self.valid_developments) if d.claim is not Claim.DENIED]
        sides = [d for position, d in claims if position < newest_index or d.stage] or [d for _, d in claims[:1]]
        return Dispute(self.valid_developments[newest_index], sides[-1] if sides else None)

    @property
    def as_of(self) -> PartialDate | None:
        """The date of the newest development that stands."""
        return self.valid_developments[-1].date if self.valid_developments else None

    def get_stage_before(self, development: Development) -> Stage | None:
        """The stage that those before it had moved the deal to, which stand and are no denials."""
        if development.key in self._stages:
            return self._stages[development.key]
        earlier = [d for d in self.valid_developments if d.date <= development.date]
        return next((d.stage for d in reversed(earlier) if d.stage and d.claim is not Claim.DENIED), None)

    def find_development(self, key: str) -> Development | None:
        """The development of that id, retracted ones too."""
        return next((d for d in self.developments if d.key == key), None)


def sort_developments(developments: Iterable[Development]) -> tuple[Development, ...]:
    """Oldest first; those of one date stay as they were given."""
    return tuple(sorted(developments, key=lambda d: d.date.sort_key))


def _compute_stages_before(developments: Iterable[Development]) -> dict[str, Stage | None]:
    """By its key, the stage before each: found in one pass, where each by itself would look through all before it."""
    stages: dict[str, Stage | None] = {}
    stage: Stage | None = None
    for development in developments:
        stages.setdefault(development.key, stage)
        if development.stage and development.claim is not Claim.DENIED:
            stage = development.stage
    return stages


@dataclass(frozen=True, slots=True)
class StoryListItem:
    """A story in a list: enough to recognise it and to see where it stands."""

    slug: str
    headline: str
    kind: Kind
    stage: Stage | None
    is_open: bool
    is_disputed: bool
    as_of: PartialDate | None
    parties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DevelopmentListItem:
    """A development in a list, with the story that it belongs to."""

    story: StoryListItem
    development: Development
