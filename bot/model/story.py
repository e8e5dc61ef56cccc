"""A story, its developments, and what follows from them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from bot.languages import lazy, say
from bot.model.company import Party
from bot.model.dates import PartialDate
from bot.model.expected_event import ExpectedEvent, ExpectedOutcome
from bot.model.terms import Term
from bot.model.vocabulary import Claim, Kind, Stage

#: The retraction reason of a development whose publication the desk took back; stored in English.
PUBLICATION_WITHDRAWN = lazy("The desk has taken its publication back.")


@dataclass(frozen=True, slots=True)
class Source:
    """A publisher of a development or a figure, with title, link and date as far as they are known."""

    publisher: str
    title: str = ""
    url: str = ""
    date: PartialDate | None = None


@dataclass(frozen=True, slots=True)
class Development:
    """Something that happened in a story, with its date.

    Attributes:
        key: its id within the story, as the story file writes it.
        stage: the stage that it moves the deal to; a denial moves none.
        retraction_reason: why it was retracted; empty while it is valid.
        id: its id in the store; 0 before it is stored.
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
        """Why it was retracted: the editor's words, or ours in the current language; empty while it is valid."""
        return say(PUBLICATION_WITHDRAWN) if self.retraction_reason == PUBLICATION_WITHDRAWN else self.retraction_reason


@dataclass(frozen=True, slots=True)
class Dispute:
    """The two sides of a disputed story: the newest valid denial, and the newest claim against it."""

    denial: Development
    counterclaim: Development | None


@dataclass(frozen=True, slots=True)
class DescribedState:
    """The state of a deal that its headline and summary were written for.

    Attributes:
        stage: None if the deal had no stage yet; then they cannot contradict the one that it gets.
        as_of: the date of the newest development at that time; None if it is not known.
    """

    stage: Stage | None
    as_of: PartialDate | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """A story. Its developments are in the order in which they happened, its expected events in that of their dates.

    Everything below the developments is derived from the valid ones and never entered. Of a story with very many
    developments, a card gets those that it can show and those that decide the stage; ``omitted_count`` is the number of
    the other valid ones.

    Attributes:
        described_state: for which state headline and summary were written; None means for the present one.
        latest_date: the latest day that a valid development can be dated (:func:`bot.model.dates.get_latest_date`); None for no
            limit. Versions that accepted later ones have stored some: nothing is derived from these until their day has come.
    """

    slug: str
    headline: str
    summary: str
    kind: Kind
    parties: tuple[Party, ...] = ()
    developments: tuple[Development, ...] = ()
    related_slugs: tuple[str, ...] = ()
    expected_events: tuple[ExpectedEvent, ...] = ()
    omitted_count: int = 0
    terms: tuple[Term, ...] = ()
    described_state: DescribedState | None = None
    latest_date: date | None = field(default=None, repr=False, compare=False)
    valid_developments: tuple[Development, ...] = field(init=False, repr=False, compare=False)
    _stages: dict[str, Stage | None] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "developments", sort_developments(self.developments))
        object.__setattr__(self, "expected_events", tuple(sorted(self.expected_events, key=lambda event: event.date)))
        object.__setattr__(self, "valid_developments", tuple(d for d in self.developments if self._counts(d)))
        object.__setattr__(self, "_stages", _compute_stages_before(self.valid_developments))

    def _counts(self, development: Development) -> bool:
        is_early = self.latest_date is not None and development.date.is_after(self.latest_date)
        return development.is_valid and not is_early

    @property
    def stage(self) -> Stage | None:
        """The newest stage that is no denial; None if the story is no deal, or if no stage is known."""
        if not self.kind.is_deal:
            return None
        return next(
            (d.stage for d in reversed(self.valid_developments) if d.stage and d.claim is not Claim.DENIED), None
        )

    @property
    def is_description_outdated(self) -> bool:
        """Whether the deal has left the stage that headline and summary were written for."""
        described_stage = self.described_state.stage if self.described_state else None
        return self.kind.is_deal and described_stage is not None and described_stage is not self.stage

    @property
    def title_development(self) -> Development | None:
        """The development that stands for the story while its headline is outdated: the newest that names the present stage.

        None if the headline is up to date, or if no development is valid.
        """
        if not self.is_description_outdated:
            return None
        candidates = [d for d in self.valid_developments if d.claim is not Claim.DENIED]
        of_stage = [d for d in candidates if d.stage is not None and d.stage is self.stage]
        return next(iter([*of_stage[-1:], *candidates[-1:], *self.valid_developments[-1:]]), None)

    @property
    def title(self) -> str:
        """What heads the story where there is room for one line: its headline, or the newest development if that is outdated."""
        return self.title_development.headline if self.title_development else self.headline

    @property
    def is_open(self) -> bool:
        """Whether the story can go on: any story but a deal that was completed, was terminated or has lapsed."""
        return self.stage is None or self.stage.is_open

    @property
    def dispute(self) -> Dispute | None:
        """The two sides while no later confirmation settles the newest denial, else None.

        The other side is the newest claim that the denial answers, or that answers the denial: one before it, or one after it
        with a stage. Other news meanwhile is no side.
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
    def roles_by_company(self) -> dict[str, tuple[str, ...]]:
        """The roles of each company among the parties, in the order of the parties; empty for a party without one."""
        roles: dict[str, tuple[str, ...]] = {}
        for party in self.parties:
            roles[party.company] = (*roles.get(party.company, ()), *([party.role] if party.role else []))
        return roles

    @property
    def as_of(self) -> PartialDate | None:
        """The date of the newest valid development; it can be bounded."""
        return self.valid_developments[-1].date if self.valid_developments else None

    @property
    def open_events(self) -> tuple[ExpectedEvent, ...]:
        """The expected events whose outcome is not known, soonest first; none of a deal that has ended."""
        return tuple(e for e in self.expected_events if self.get_outcome(e) is None) if self.is_open else ()

    def get_outcome(self, event: ExpectedEvent) -> ExpectedOutcome | None:
        """Return what became of an expected event; None if it is not known, or if it is known only from what was retracted."""
        development = self.find_development(event.development_key) if event.development_key else None
        return event.outcome if development is None or development.is_valid else None

    def get_stage_before(self, development: Development) -> Stage | None:
        """Return the stage that the valid developments before this one had moved the deal to, without denials."""
        if development.key in self._stages:
            return self._stages[development.key]
        earlier = [d for d in self.valid_developments if d.date.sort_key <= development.date.sort_key]
        return next((d.stage for d in reversed(earlier) if d.stage and d.claim is not Claim.DENIED), None)

    def find_term(self, key: str) -> Term | None:
        """Return the term with this key, even if it was retracted; None if there is none."""
        return next((term for term in self.terms if term.key == key), None)

    def find_expected_event(self, key: str) -> ExpectedEvent | None:
        """Return the expected event with this key; None if there is none."""
        return next((event for event in self.expected_events if event.key == key), None)

    def find_development(self, key: str) -> Development | None:
        """Return the development with this key, even if it was retracted; None if there is none."""
        return next((d for d in self.developments if d.key == key), None)


def sort_developments(developments: Iterable[Development]) -> tuple[Development, ...]:
    """Return developments by date, oldest first; those of one date keep their order."""
    return tuple(sorted(developments, key=lambda d: d.date.sort_key))


def _compute_stages_before(developments: Iterable[Development]) -> dict[str, Stage | None]:
    """Return the stage before each development, by its key, in one pass."""
    stages: dict[str, Stage | None] = {}
    stage: Stage | None = None
    for development in developments:
        stages.setdefault(development.key, stage)
        if development.stage and development.claim is not Claim.DENIED:
            stage = development.stage
    return stages


@dataclass(frozen=True, slots=True)
class StoryListItem:
    """A story in a list: enough to recognise it and to see its stage.

    Attributes:
        terms: the figures that the list shows, usually its value; those that nobody denies, without sources.
        current_headline: the headline of the development that stands for the story while its own is outdated; else empty.
    """

    slug: str
    headline: str
    kind: Kind
    stage: Stage | None
    is_open: bool
    is_disputed: bool
    as_of: PartialDate | None
    parties: tuple[str, ...] = ()
    terms: tuple[Term, ...] = ()
    current_headline: str = ""

    @property
    def title(self) -> str:
        """What heads the story in a list: see :attr:`Story.title`."""
        return self.current_headline or self.headline


@dataclass(frozen=True, slots=True)
class DevelopmentListItem:
    """A development in a list, with its story."""

    story: StoryListItem
    development: Development


@dataclass(frozen=True, slots=True)
class ExpectedListItem:
    """An expected event in a list, with its story."""

    story: StoryListItem
    event: ExpectedEvent


def take_free_key(base: str, keys: set[str]) -> str:
    """Return ``base``, or else the first free one of those with a number behind it, and add it to the keys."""
    key, count = base, 1
    while key in keys:
        count += 1
        key = f"{base}-{count}"
    keys.add(key)
    return key
