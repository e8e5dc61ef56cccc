"""The tracker: one article after another gets its event, its story, and whether it tells anything new.

It does no I/O and asks no clock. What it has taken in is in memory; :mod:`bot.newsroom.persistent_tracker` keeps it in the store.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

import numpy as np

from bot.entities.company_matcher import CompanyMatcher
from bot.model.article import Article
from bot.model.company import Company
from bot.model.story import Story
from bot.model.tracking import (
    Decision,
    Duplicate,
    Extraction,
    Judgement,
    MeanVectorState,
    StatedStatus,
    TrackedText,
    TrackedTextKind,
)
from bot.newsroom.claim_extraction import extract_stage_and_claim
from bot.newsroom.tracker import re_report_classifier
from bot.newsroom.tracker.decider import (
    CANDIDATE_LIMIT,
    VECTOR_THRESHOLDS,
    WORD_THRESHOLDS,
    Decider,
    EventMatch,
    Thresholds,
)
from bot.newsroom.tracker.embedding import Embedder, Vector
from bot.newsroom.tracker.event_clusters import EventClusters
from bot.newsroom.tracker.figures import strip_labels
from bot.newsroom.tracker.mean_vector import MeanVector
from bot.newsroom.tracker.similarity import GroupMember
from bot.newsroom.tracker.story_profiles import StoryProfiles, build_story_records
from bot.newsroom.tracker.text_features import TextFeatures, extract_lead, tokenize

log = logging.getLogger(__name__)

#: How many articles are kept for comparing, and how many judgements for being asked again.
CAPACITY = 20_000
#: The newest texts of an event and of a story that an article may tell again, and how many of those it is weighed against.
_NEIGHBOUR_LIMIT = 24
_CLASSIFIED_LIMIT = 8


@dataclass(frozen=True, slots=True)
class PendingJudgement:
    """A judgement that is not yet remembered, with all that remembering it takes.

    Attributes:
        kept: the article as it is to be kept.
        same: an event that has turned out to be the article's own: its articles are now in that; empty: none.
        raw: the vector as the embedder gave it, for the running mean.
    """

    judgement: Judgement
    record: TrackedText
    member: GroupMember
    duplicate_event: str
    raw_vector: Vector


class Tracker:
    """Judges articles in the order in which they are given, best that of their publishing.

    The same articles, settled the same, get the same judgements, whether or not there was a restart in between
    (:meth:`restore`). Memory is bounded: events that are over, and the oldest beyond ``capacity``, are let go. Not for use by
    two threads at once.
    """

    def __init__(
        self, embedder: Embedder | None = None, *, companies: Iterable[Company] = (), thresholds: Thresholds | None = None,
        capacity: int = CAPACITY,
    ) -> None:  # fmt: skip
        self._embedder = embedder
        size = embedder.size if embedder else 0
        self._decider = Decider(thresholds or (VECTOR_THRESHOLDS if embedder else WORD_THRESHOLDS))
        self._classifier = re_report_classifier.VECTOR_MODEL if embedder else re_report_classifier.WORD_MODEL
        self._mean = MeanVector(size)
        self._clusters = EventClusters(size)
        self._profiles = StoryProfiles(size)
        self._judgements: dict[str, Judgement] = {}
        self._capacity = capacity
        self.set_companies(companies)

    def set_companies(self, companies: Iterable[Company]) -> None:
        """Take these for the known companies from now on."""
        self._company_matcher = CompanyMatcher(companies)

    @property
    def company_matcher(self) -> CompanyMatcher:
        """The known companies, as they are found in texts."""
        return self._company_matcher

    @property
    def embedder_name(self) -> str:
        """The name of the embedder, empty without one."""
        return self._embedder.name if self._embedder else ""

    @property
    def mean_state(self) -> MeanVectorState:
        """The running mean as it is to be kept."""
        return MeanVectorState(self.embedder_name, self._mean.count, self._mean.total.tobytes())

    def is_compared(self, key: str) -> bool:
        """Whether a text still takes part in comparisons."""
        return self._clusters.get_member(key) is not None or self._profiles.has(key)

    def compute_mean_after(self, pending: PendingJudgement) -> MeanVectorState:
        """The running mean as it will be once this is accepted."""
        total = self._mean.total + pending.raw_vector
        return MeanVectorState(self.embedder_name, self._mean.count + 1, total.tobytes())

    # -- articles -----------------------------------------------------------------------------------------------

    def embed(self, articles: Sequence[Article]) -> Sequence[Vector]:
        """The vectors of articles, for :meth:`evaluate`: slow, touches no state, and many at once go faster."""
        return self._embed_texts(
            [build_embedding_text(article.title, extract_lead(article), article.published_at) for article in articles]
        )

    def judge(self, article: Article, vector: Vector | None = None) -> Judgement:
        """Judge an article and remember it. Judged again by its id, it gets the same judgement, whatever else has changed."""
        earlier_judgement = self.get_judgement(article.id)
        if earlier_judgement is not None:
            return earlier_judgement
        pending = self.evaluate(article, self.embed([article])[0] if vector is None else vector)
        self.commit(pending)
        return pending.judgement

    def get_judgement(self, article_id: str) -> Judgement | None:
        """What was said of an article; None when it is not known, or no longer."""
        return self._judgements.get(article_id)

    def find_event(self, article_id: str) -> str:
        """The event that an article is in by now, else the one it was in when it was judged; empty when it is not known."""
        judgement = self._judgements.get(article_id)
        return self._clusters.find_event(article_id) or (judgement.event if judgement else "")

    def evaluate(self, article: Article, vector: Vector) -> PendingJudgement:
        """Judge an article that is not known, and remember nothing of it."""
        lead = extract_lead(article)
        features = self._build_features(article.title, lead, vector, article.published_at)
        match = self._decider.match_event(
            self._clusters.find_nearest(features, article.published_at), self._clusters.compute_cohesion
        )
        extraction = extract_stage_and_claim(article.title, article.text)
        member = self._make_member(
            article.id, match.event or article.id, article.published_at, features, article.title, lead, extraction
        )
        event_story = self._find_story_of_event(match)
        matches = self._profiles.find_nearest(features, article.published_at, CANDIDATE_LIMIT + 1, member.companies)
        stories = self._decider.rank_stories(matches, event_story, match.score)
        neighbours = self._find_neighbours(match, stories.candidates[0].story if stories.is_sure else "")
        duplicate, brings_new = self._find_duplicate(member, neighbours)
        verdict = self._decider.decide(match, stories, duplicate, brings_new=brings_new)
        event = member.group
        judgement = Judgement(
            article.id, event, verdict.decision, verdict.story, stories.candidates, verdict.score, verdict.is_sure, duplicate,
            extraction, brings_new,
        )  # fmt: skip
        record = TrackedText(
            article.id, TrackedTextKind.ARTICLE, article.title, article.published_at, lead, event, "", self.embedder_name,
            features.vector.tobytes(), features.weights, judgement,
        )  # fmt: skip
        return PendingJudgement(judgement, record, member, match.duplicate_event, vector)

    def commit(self, pending: PendingJudgement) -> tuple[str, ...]:
        """Remember what was considered, with nothing accepted in between; the ids of articles that are no longer compared."""
        self._judgements[pending.record.key] = pending.judgement
        self._mean.add(pending.raw_vector)
        self._clusters.add(pending.member)
        if pending.duplicate_event:
            self._clusters.merge(pending.duplicate_event, pending.judgement.event)
        expired_ids = self._clusters.expire(pending.member.published_at, self._capacity)
        for article_id in expired_ids:
            if not self._profiles.has(article_id):
                self._profiles.record_story(article_id, "")
        for article_id in list(self._judgements)[: max(0, len(self._judgements) - 2 * self._capacity)]:
            del self._judgements[article_id]
        return expired_ids

    def _find_neighbours(self, match: EventMatch, story: str) -> list[GroupMember]:
        """The texts that an article may tell again: of its event the nearest and the newest, of its story the newest."""
        members = list(self._clusters.get_members(match.event)) if match.event else []
        neighbours = [member for member in members if member.key == match.nearest_key] + members[-_NEIGHBOUR_LIMIT:]
        neighbours += self._profiles.get_members(story)[-_NEIGHBOUR_LIMIT:] if story else ()
        # A story's headline is no report: it sums up many.
        return list({member.key: member for member in neighbours if not member.key.endswith("#")}.values())

    def _find_duplicate(self, new: GroupMember, neighbours: Sequence[GroupMember]) -> tuple[Duplicate, bool]:
        """The text that an article most likely tells again, and whether it brings what none of these texts has.

        That is a figure, a known company, or another claim or stage.
        """
        if not neighbours:
            return Duplicate(), False
        idf = cache(self._clusters.frequencies.idf)
        nearest = sorted(neighbours, key=lambda member: -new.features.similarity_to(member.features))[
            :_CLASSIFIED_LIMIT
        ]
        likelihoods = [
            self._classifier.predict(re_report_classifier.compute_pair_features(new.features, member.features, idf))
            for member in nearest
        ]
        eligible_indices = [
            index
            for index, member in enumerate(nearest)
            if re_report_classifier.can_be_re_report(new, member, neighbours)
        ]
        best = max(eligible_indices or range(len(nearest)), key=likelihoods.__getitem__)
        companies = frozenset[str]().union(*(member.companies for member in neighbours))
        brings_new = (
            not eligible_indices
            or not new.companies <= companies
            or re_report_classifier.brings_new_figure(
                new.features.tokens, [member.features.tokens for member in neighbours]
            )
        )
        return _make_duplicate(nearest[best], round(likelihoods[best], 3)), brings_new

    def _find_story_of_event(self, match: EventMatch) -> str:
        if not match.event:
            return ""
        stories = [self._profiles.get_story(member.key) for member in self._clusters.get_members(match.event)]
        nearest_story = self._profiles.get_story(match.nearest_key)
        return nearest_story or next((story for story in reversed(stories) if story), "")

    # -- stories ------------------------------------------------------------------------------------------------

    def assign(self, article_id: str, story: str) -> None:
        """The desk, or a sure judgement, has put an article into a story: what follows is judged by it.

        Settled again elsewhere it moves; an empty ``story`` takes it out. An article that is no longer compared is passed over.
        """
        member = self._clusters.get_member(article_id) or self._profiles.get_member(article_id)
        if member is None:
            self._profiles.record_story(article_id, story)
            return
        judgement = self._judgements.get(article_id)
        adds_text = judgement is None or judgement.decision is not Decision.RE_REPORT
        self._profiles.assign(member, story, adds_text=adds_text)

    def get_story(self, article_id: str) -> str:
        """The story that an article was settled in; empty for none."""
        return self._profiles.get_story(article_id)

    def learn(self, story: Story) -> tuple[TrackedText, ...]:
        """Know a story by its headline and its developments as they stand now: the texts that are new, as they are to be kept.

        What it said before and no longer does is forgotten. Slow where texts are new, for they are embedded.
        """
        records = build_story_records(story)
        self._profiles.set_parties(story.slug, {party.company for party in story.parties})
        self._profiles.retain_only(story.slug, {record.key: record.title for record in records})
        self._profiles.set_positions(story)
        new_records = [record for record in records if not self._profiles.has(record.key)]
        embedded_records = []
        vectors = self._embed_texts([record.title for record in new_records])
        for record, vector in zip(new_records, vectors, strict=True):
            features = self._build_features(record.title, "", vector, record.at)
            embedded_records.append(
                replace(record, embedder=self.embedder_name, vector=features.vector.tobytes(), weights=features.weights)
            )
            self._profiles.add(
                self._make_member(record.key, story.slug, record.at, features, record.title, ""), record.title
            )
        return tuple(embedded_records)

    def forget(self, slug: str) -> None:
        """A story is gone; what was settled in it is in none."""
        self._profiles.forget(slug)

    def merge_stories(self, slug: str, target_slug: str) -> None:
        """Two stories have become one."""
        self._profiles.merge(slug, target_slug)

    # -- keeping ------------------------------------------------------------------------------------------------

    def restore(self, records: Sequence[TrackedText], mean_state: MeanVectorState | None) -> None:
        """Begin where another tracker of the same embedder left off: what it kept, in the order in which it came.

        Texts with the vector of another embedder, or of none, are embedded anew.
        """
        if mean_state is not None and mean_state.embedder == self.embedder_name:
            self._mean = MeanVector(self._mean.size, mean_state.count, np.frombuffer(mean_state.total).copy())
        active_records = [each for each in records if each.weights]
        foreign_records = [each for each in active_records if each.embedder != self.embedder_name]
        vectors = dict(
            zip(
                (each.key for each in foreign_records),
                self._embed_texts([build_embedding_text(each.title, each.lead, each.at) for each in foreign_records]),
                strict=True,
            )
        )
        for each in records:
            try:
                self._restore_one(each, vectors.get(each.key))
            except Exception:
                # A text that cannot be restored must not keep the tracker from judging by the others.
                log.exception("The tracker cannot restore %s, and judges without it.", each.key[:200])

    def _restore_one(self, record: TrackedText, raw_vector: Vector | None) -> None:
        if record.judgement is not None:
            self._judgements[record.key] = record.judgement
        if record.weights:
            self._restore_text(record, raw_vector)
        elif record.story:
            self._profiles.record_story(record.key, record.story)

    def _restore_text(self, record: TrackedText, raw_vector: Vector | None) -> None:
        if raw_vector is None:
            vector = np.frombuffer(record.vector, np.float32)
        else:
            vector = self._mean.subtract_from(raw_vector)
            self._mean.add(raw_vector)
        features = TextFeatures(tokenize(record.title, record.lead, record.at), record.weights, vector)
        extraction = record.judgement.suggestion if record.judgement else None
        member = self._make_member(
            record.key, record.event or record.story, record.at, features, record.title, record.lead, extraction
        )
        if record.event:
            self._clusters.add(member)
        if record.story:
            adds_text = record.judgement is None or record.judgement.decision is not Decision.RE_REPORT
            if record.kind is TrackedTextKind.ARTICLE:
                self._profiles.assign(member, record.story, adds_text=adds_text)
            else:
                self._profiles.add(member, record.title)

    def _make_member(
        self,
        key: str,
        group: str,
        published_at: datetime,
        features: TextFeatures,
        title: str,
        lead: str,
        extraction: Extraction | None = None,
    ) -> GroupMember:
        stage_and_claim = extraction or extract_stage_and_claim(title)
        companies = self._company_matcher.find_names(f"{title}\n{lead}")
        return GroupMember(
            key, group, published_at, features, companies, StatedStatus(stage_and_claim.stage, stage_and_claim.claim)
        )

    def _embed_texts(self, texts: Sequence[str]) -> Sequence[Vector]:
        if self._embedder is None:
            return [np.zeros(0, np.float32)] * len(texts)
        return list(self._embedder.embed(texts)) if texts else []

    def _build_features(self, title: str, lead: str, vector: Vector, published: datetime) -> TextFeatures:
        tokens = tokenize(title, lead, published)
        return TextFeatures(tokens, self._clusters.frequencies.weigh(tokens.terms), self._mean.subtract_from(vector))


def build_embedding_text(title: str, lead: str, published: datetime) -> str:
    """Return what is embedded of an article: headline and lead, without takes, tickers and the like."""
    headline = strip_labels(title, published).strip() or title
    return f"{headline}. {lead}" if lead else headline


def _make_duplicate(member: GroupMember, likelihood: float) -> Duplicate:
    story, separator, key = member.key.rpartition("#")
    return (
        Duplicate(key, story, likelihood)
        if separator and story == member.group
        else Duplicate(member.key, "", likelihood)
    )
