"""An article that an editor has pasted, on its way to becoming a development."""

from __future__ import annotations

from dataclasses import dataclass

from bot.model.company import Party
from bot.model.dates import PartialDate
from bot.model.review import Recommendation
from bot.model.stages import StageChange, classify_stage_change
from bot.model.story import Development, Source, Story
from bot.model.vocabulary import Claim, Kind, Stage


@dataclass(frozen=True, slots=True)
class PublicationDraft:
    """What is to be published, as far as the page and the editor say it.

    Attributes:
        slug: the story that it is for; empty for a new one.
        kind, parties: of the new story.
        text: what the editor wrote; ``lead`` is the publisher's, and only shown.
        problem: why the page could not be read; empty if it was.
        id: its id in the store; 0 before it is stored.
    """

    headline: str
    date: PartialDate
    sources: tuple[Source, ...]
    recommendation: Recommendation
    slug: str = ""
    kind: Kind = Kind.OTHER
    parties: tuple[Party, ...] = ()
    claim: Claim = Claim.REPORTED
    stage: Stage | None = None
    text: str = ""
    lead: str = ""
    problem: str = ""
    id: int = 0

    def get_stage(self, story: Story | None) -> Stage | None:
        """Return the stage that it can move a story to: none if that is no deal, and none by a denial."""
        kind = story.kind if story else self.kind
        return self.stage if kind.is_deal and self.claim is not Claim.DENIED else None

    def find_repeated(self, story: Story | None) -> Development | None:
        """Return the valid development of a story that the article repeats; None if it is news.

        That is one with its headline or its link, or else the one that the tracker names.
        """
        if story is None:
            return None
        links = {source.url for source in self.sources if source.url}
        headline = self.headline.casefold()
        for development in reversed(story.valid_developments):
            if development.headline.casefold() == headline or links & {source.url for source in development.sources}:
                return development
        repeated = story.find_development(self.recommendation.development_key)
        is_here = self.recommendation.story == story.slug and repeated is not None and repeated.is_valid
        return repeated if is_here else None


def propose_stage(stage: Stage | None, story: Story | None) -> Stage | None:
    """Return the stage that an article states, unless the story is there already or beyond: an article may look back."""
    if stage is None or story is None:
        return stage
    if not story.kind.is_deal or not story.is_open:
        return None
    change = classify_stage_change(story.stage, stage)
    return None if change in (StageChange.UNCHANGED, StageChange.STEPPED_BACK) else stage
