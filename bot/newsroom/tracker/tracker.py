"""The tracker: it judges one article after another by those before it.

It does no I/O and has no clock. Its state is in memory; :mod:`bot.newsroom.persistent_tracker` keeps it in the store.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

import numpy as np

from bot.entities.company_matcher import CompanyMatcher
from bot.model.article import Article
from bot.model.company import Company
from bot.model.review import Fit
from bot.model.story import Story
from bot.model.tracking import (
    Decision,
    Extraction,
    Judgement,
    MeanVectorState,
    StatedStatus,
    TrackedText,
    TrackedTextKind,
)
from bot.newsroom.claim_extraction import extract_stage_and_claim
from bot.newsroom.tracker.decider import (
    MIN_LIKELIHOOD,
    MIN_PARTIES,
    VECTOR_THRESHOLDS,
    WORD_THRESHOLDS,
    Decider,
    EventMatch,
    StoryCandidate,
    StoryRanking,
    Thresholds,
    rank_stories,
)
from bot.newsroom.tracker.embedding import Embedder, MeanVector, Vector
from bot.newsroom.tracker.event_clusters import EventClusters
from bot.newsroom.tracker.headings import find_heading
from bot.newsroom.tracker.re_report_classifier import VECTOR_MODEL, WORD_MODEL, find_duplicate
from bot.newsroom.tracker.similarity import GroupMember
from bot.newsroom.tracker.story_classifier import (
    VECTOR_STORY_MODEL,
    WORD_STORY_MODEL,
    StoryComparison,
    compare_with_story,
)
from bot.newsroom.tracker.story_profiles import StoryProfiles, build_story_records
from bot.newsroom.tracker.text_features import (
    TextFeatures,
    build_embedding_text,
    extract_lead,
    tokenize,
)

log = logging.getLogger(__name__)

#: How many articles are compared. Twice as many judgements are remembered.
CAPACITY = 20_000
#: How many similar stories are compared in detail.
_SIMILAR_STORY_LIMIT = 8
#: The newest texts of an event and of a story that an article is compared with.
_NEIGHBOUR_LIMIT = 24


@dataclass(frozen=True, slots=True)
class PendingJudgement:
    """A judgement that the tracker does not remember yet, with all that it needs to do so.

    Attributes:
        record: the article as it is stored.
        duplicate_event: an event that has turned out to be the article's own, and is merged into that; empty for none.
        raw_vector: the vector as the embedder returned it, for the running mean.
    """

    judgement: Judgement
    record: TrackedText
    member: GroupMember
    duplicate_event: str
    raw_vector: Vector


class Tracker:
    """Judges articles in the order in which they are given, preferably that of their publication.

    The same articles with the same assignments get the same judgements, with or without a restart in between
    (:meth:`restore`). Memory is bounded: events that are over, and the oldest articles beyond ``capacity``, are removed.
    Not to be used by two threads at once.
    """

    def __init__(
        self, embedder: Embedder | None = None, *, companies: Iterable[Company] = (), thresholds: Thresholds | None = None,
        capacity: int = CAPACITY,
    ) -> None:  # fmt: skip
        self._embedder = embedder
        size = embedder.size if embedder else 0
        self._decider = Decider(thresholds or (VECTOR_THRESHOLDS if embedder else WORD_THRESHOLDS))
        self._classifier = VECTOR_MODEL if embedder else WORD_MODEL
        self._story_model = VECTOR_STORY_MODEL if embedder else WORD_STORY_MODEL
        self._mean = MeanVector(size)
        self._clusters = EventClusters(size)
        self._profiles = StoryProfiles(size)
        self._judgements: dict[str, Judgement] = {}
        self._capacity = capacity
        self.set_companies(companies)

    def set_companies(self, companies: Iterable[Company]) -> None:
        """Set the known companies."""
        self._company_matcher = CompanyMatcher(companies)

    @property
    def company_matcher(self) -> CompanyMatcher:
        """Return the matcher of the known companies."""
        return self._company_matcher

    @property
    def embedder_name(self) -> str:
        """Return the name of the embedder, empty without one."""
        return self._embedder.name if self._embedder else ""

    @property
    def mean_state(self) -> MeanVectorState:
        """Return the running mean as it is stored."""
        return MeanVectorState(self.embedder_name, self._mean.count, self._mean.total.tobytes())

    def is_compared(self, key: str) -> bool:
        """Return whether a text still takes part in comparisons."""
        return self._clusters.get_member(key) is not None or self._profiles.has(key)

    def compute_mean_after(self, pending: PendingJudgement) -> MeanVectorState:
        """Return the running mean as it will be after :meth:`commit`."""
        total = self._mean.total + pending.raw_vector
        return MeanVectorState(self.embedder_name, self._mean.count + 1, total.tobytes())

    def embed(self, articles: Sequence[Article]) -> Sequence[Vector]:
        """Return the vectors of articles, for :meth:`evaluate`. Slow, changes no state, and is faster for many at once."""
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

    def rate_fit(self, judgement: Judgement) -> Fit | None:
        """Return how well an article fits the first of its candidates; None without any."""
        if not judgement.candidates:
            return None
        if judgement.story:
            return Fit.CLEAR
        return Fit.LIKELY if judgement.candidates[0].score >= MIN_LIKELIHOOD else Fit.WEAK

    def get_judgement(self, article_id: str) -> Judgement | None:
        """Return the judgement of an article; None if it is unknown, or forgotten."""
        return self._judgements.get(article_id)

    def find_event(self, article_id: str) -> str:
        """Return the event that an article is in now, else that of its judgement; empty if the article is unknown."""
        judgement = self._judgements.get(article_id)
        return self._clusters.find_event(article_id) or (judgement.event if judgement else "")

    def evaluate(self, article: Article, vector: Vector) -> PendingJudgement:
        """Judge an unknown article, and remember nothing of it."""
        lead = extract_lead(article)
        features = self._build_features(article.title, lead, vector, article.published_at)
        extraction = extract_stage_and_claim(article.title, article.text)
        member = self._make_member(
            article.id, article.id, article.published_at, features, article.title, lead, extraction
        )
        match = self._decider.match_event(self._clusters.find_nearest(member), self._clusters.compute_cohesion)
        member = replace(member, group=match.event or article.id)
        stories = self._rank_stories(member)
        neighbours = self._find_neighbours(match, stories.likely_story)
        duplicate, brings_new = find_duplicate(member, neighbours, self._classifier, self._clusters.frequencies.idf)
        verdict = self._decider.decide(match, stories, duplicate, brings_new=brings_new)
        event = member.group
        judgement = Judgement(
            article.id, event, verdict.decision, verdict.story, stories.candidates, verdict.score, verdict.is_sure, duplicate,
            extraction, brings_new, stories.confidence,
        )  # fmt: skip
        record = TrackedText(
            article.id, TrackedTextKind.ARTICLE, article.title, article.published_at, lead, event, "", self.embedder_name,
            features.vector.tobytes(), features.weights, judgement,
        )  # fmt: skip
        return PendingJudgement(judgement, record, member, match.duplicate_event, vector)

    def find_story(self, article: Article) -> str:
        """Return the story that an article surely belongs to, and names a party of; empty if there is none. Remember nothing."""
        pending = self.evaluate(article, self.embed([article])[0])
        story = pending.judgement.story if pending.judgement.sure else ""
        return story if pending.member.companies & self._profiles.get_parties(story) else ""

    def commit(self, pending: PendingJudgement) -> tuple[str, ...]:
        """Remember what :meth:`evaluate` returned, with nothing committed in between.

        Return the ids of the articles that are no longer compared.
        """
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
        """Return the texts that an article may repeat: of its event the nearest and the newest, of its story the newest."""
        members = list(self._clusters.get_members(match.event)) if match.event else []
        neighbours = [member for member in members if member.key == match.nearest_key] + members[-_NEIGHBOUR_LIMIT:]
        neighbours += self._profiles.get_members(story)[-_NEIGHBOUR_LIMIT:] if story else ()
        # A story's headline is no report: it summarizes many.
        return list({member.key: member for member in neighbours if member.key != f"{member.group}#"}.values())

    def compare_with_stories(self, member: GroupMember) -> tuple[StoryComparison, ...]:
        """Compare an article, which is in the group of its event, with the stories that are most similar to it."""
        shares = self._compute_story_shares(member.group)
        idf = cache(self._clusters.frequencies.idf)
        return tuple(
            compare_with_story(
                member.features, match, self._profiles.get_vocabulary(match.group), idf, shares.get(match.group, 0.0)
            )
            for match in self._profiles.find_nearest(member, _SIMILAR_STORY_LIMIT)
        )

    def _rank_stories(self, member: GroupMember) -> StoryRanking:
        comparisons = self.compare_with_stories(member)
        likelihoods = self._story_model.predict([each.features for each in comparisons])
        return rank_stories(
            StoryCandidate(each.story, likelihood, self._is_doubtful(member, each))
            for each, likelihood in zip(comparisons, likelihoods, strict=True)
        )

    def _is_doubtful(self, member: GroupMember, comparison: StoryComparison) -> bool:
        """Return whether an editor decides about a story, however likely the article belongs to it.

        A deal's party has other news too, often on the same day, so an article must name two of its parties.
        """
        parties = self._profiles.get_parties(comparison.story)
        named_count = len(member.companies & parties)
        names_nothing = comparison.knows_no_name and not named_count
        return bool(member.heading) or names_nothing or named_count < min(MIN_PARTIES, len(parties))

    def _compute_story_shares(self, event: str) -> dict[str, float]:
        """Return for each story its part of an event's articles, of those that are in any story."""
        stories = [self._profiles.get_story(member.key) for member in self._clusters.get_members(event)]
        counts = Counter(filter(None, stories))
        return {story: count / counts.total() for story, count in counts.items()}

    def assign(self, article_id: str, story: str) -> None:
        """Put an article into a story, or into none if ``story`` is empty: later articles are judged by it.

        The desk does so, or a sure judgement. Of an article that is no longer compared only the story is recorded.
        """
        member = self._clusters.get_member(article_id) or self._profiles.get_member(article_id)
        if member is None:
            self._profiles.record_story(article_id, story)
            return
        judgement = self._judgements.get(article_id)
        adds_text = judgement is None or judgement.decision is not Decision.RE_REPORT
        self._profiles.assign(member, story, adds_text=adds_text)

    def get_story(self, article_id: str) -> str:
        """Return the story that an article was put into; empty for none."""
        return self._profiles.get_story(article_id)

    def learn(self, story: Story) -> tuple[TrackedText, ...]:
        """Learn a story's headline and developments as they are now; return the records of the new texts.

        Texts that it no longer has are forgotten. Slow if texts are new, because they are embedded.
        """
        records = build_story_records(story)
        self._profiles.set_parties(story.slug, {party.company for party in story.parties})
        self._profiles.retain_only(story.slug, {record.key: record.title for record in records})
        self._profiles.set_statuses(story)
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
        """Forget a story. Its articles are in none then."""
        self._profiles.forget(slug)

    def merge_stories(self, slug: str, target_slug: str) -> None:
        """Move a story's articles into another story."""
        self._profiles.merge(slug, target_slug)

    def restore(self, records: Sequence[TrackedText], mean_state: MeanVectorState | None) -> tuple[TrackedText, ...]:
        """Continue where another tracker left off, from its records in the order in which they came.

        Texts that have no vector of this embedder are embedded anew and counted for the mean. Their records are returned, to
        be stored with :attr:`mean_state`, so that the next tracker does not embed and count them again.
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
        embedded_records = []
        for each in records:
            try:
                vector = self._restore_one(each, vectors.get(each.key))
            except Exception:
                # A text that cannot be restored must not keep the tracker from judging by the others.
                log.exception("The tracker cannot restore %s and continues without it.", each.key[:200])
            else:
                if self._embedder is not None and each.key in vectors:
                    embedded_records.append(replace(each, embedder=self.embedder_name, vector=vector.tobytes()))
        return tuple(embedded_records)

    def _restore_one(self, record: TrackedText, raw_vector: Vector | None) -> Vector:
        """Restore a record; return the vector that its text is compared by, of length 0 if it is not compared."""
        if record.judgement is not None:
            self._judgements[record.key] = record.judgement
        if record.weights:
            return self._restore_text(record, raw_vector)
        if record.story:
            self._profiles.record_story(record.key, record.story)
        return np.zeros(0, np.float32)

    def _restore_text(self, record: TrackedText, raw_vector: Vector | None) -> Vector:
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
        return vector

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
            key,
            group,
            published_at,
            features,
            companies,
            StatedStatus(stage_and_claim.stage, stage_and_claim.claim),
            find_heading(title),
        )

    def _embed_texts(self, texts: Sequence[str]) -> Sequence[Vector]:
        if self._embedder is None:
            return [np.zeros(0, np.float32)] * len(texts)
        return list(self._embedder.embed(texts)) if texts else []

    def _build_features(self, title: str, lead: str, vector: Vector, published: datetime) -> TextFeatures:
        tokens = tokenize(title, lead, published)
        return TextFeatures(tokens, self._clusters.frequencies.weigh(tokens.terms), self._mean.subtract_from(vector))
