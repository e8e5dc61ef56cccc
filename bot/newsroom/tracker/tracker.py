"""The tracker: one article after another gets its event, its story, and whether it tells anything new.

It does no I/O and asks no clock. What it has taken in is in memory; :mod:`bot.newsroom.tracking` keeps it in the store.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

import numpy as np

from bot.model.article import Article
from bot.model.company import Company
from bot.model.story import Story
from bot.model.tracked import CentreState, Part, Tracked
from bot.model.tracking import Decision, Judgement, Position, Suggestion, Twin
from bot.names.intext import CompaniesInText
from bot.newsroom.reading import read_suggestion
from bot.newsroom.tracker import telling
from bot.newsroom.tracker.centre import Centre
from bot.newsroom.tracker.decider import (
    OFFERED,
    WITH_VECTORS,
    WORDS_ALONE,
    Decider,
    EventMatch,
    Thresholds,
)
from bot.newsroom.tracker.embedding import Embedder, Vector
from bot.newsroom.tracker.events import Events
from bot.newsroom.tracker.faces import Faces, parts_of
from bot.newsroom.tracker.figures import strip_labels
from bot.newsroom.tracker.space import Member
from bot.newsroom.tracker.words import Told, lead_of, take_apart

log = logging.getLogger(__name__)

#: How many articles are kept for comparing, and how many judgements for being asked again.
CAPACITY = 20_000
#: The newest texts of an event and of a story that an article may tell again, and how many of those it is weighed against.
_COMPARED = 24
_WEIGHED = 8


@dataclass(frozen=True, slots=True)
class Considered:
    """A judgement that is not yet remembered, with all that remembering it takes.

    Attributes:
        kept: the article as it is to be kept.
        same: an event that has turned out to be the article's own: its articles are now in that; empty: none.
        raw: the vector as the embedder gave it, for the running mean.
    """

    judgement: Judgement
    kept: Tracked
    member: Member
    same: str
    raw: Vector


class Tracker:
    """Judges articles in the order in which they are given, best that of their publishing.

    The same articles, settled the same, get the same judgements, whether or not there was a restart in between
    (:meth:`restore`). Memory is bounded: events that are over, and the oldest beyond ``capacity``, are let go. Not for use by
    two threads at once.
    """

    def __init__(
        self, embedder: Embedder | None = None, *, companies: Iterable[Company] = (), lines: Thresholds | None = None,
        capacity: int = CAPACITY,
    ) -> None:  # fmt: skip
        self._embedder = embedder
        size = embedder.size if embedder else 0
        self._decider = Decider(lines or (WITH_VECTORS if embedder else WORDS_ALONE))
        self._weighing = telling.WITH_VECTORS if embedder else telling.WORDS_ALONE
        self._centre = Centre(size)
        self._events = Events(size)
        self._faces = Faces(size)
        self._judged: dict[str, Judgement] = {}
        self._capacity = capacity
        self.know(companies)

    def know(self, companies: Iterable[Company]) -> None:
        """Take these for the known companies from now on."""
        self._companies = CompaniesInText(companies)

    @property
    def companies(self) -> CompaniesInText:
        """The known companies, as they are found in texts."""
        return self._companies

    @property
    def embedder(self) -> str:
        """The name of the embedder, empty without one."""
        return self._embedder.name if self._embedder else ""

    @property
    def centre(self) -> CentreState:
        """The running mean as it is to be kept."""
        return CentreState(self.embedder, self._centre.count, self._centre.total.tobytes())

    def compares(self, key: str) -> bool:
        """Whether a text still takes part in comparisons."""
        return self._events.member(key) is not None or self._faces.has(key)

    def centre_after(self, considered: Considered) -> CentreState:
        """The running mean as it will be once this is accepted."""
        total = self._centre.total + considered.raw
        return CentreState(self.embedder, self._centre.count + 1, total.tobytes())

    # -- articles -----------------------------------------------------------------------------------------------

    def embed(self, articles: Sequence[Article]) -> Sequence[Vector]:
        """The vectors of articles, for :meth:`consider`: slow, touches no state, and many at once go faster."""
        return self._vectors([text_of(article.title, lead_of(article), article.published) for article in articles])

    def judge(self, article: Article, vector: Vector | None = None) -> Judgement:
        """Judge an article and remember it. Judged again by its id, it gets the same judgement, whatever else has changed."""
        known = self.judgement(article.id)
        if known is not None:
            return known
        considered = self.consider(article, self.embed([article])[0] if vector is None else vector)
        self.accept(considered)
        return considered.judgement

    def judgement(self, article_id: str) -> Judgement | None:
        """What was said of an article; None when it is not known, or no longer."""
        return self._judged.get(article_id)

    def event_of(self, article_id: str) -> str:
        """The event that an article is in by now, else the one it was in when it was judged; empty when it is not known."""
        judged = self._judged.get(article_id)
        return self._events.of(article_id) or (judged.event if judged else "")

    def consider(self, article: Article, vector: Vector) -> Considered:
        """Judge an article that is not known, and remember nothing of it."""
        lead = lead_of(article)
        told = self._told(article.title, lead, vector, article.published)
        match = self._decider.event(self._events.likest(told, article.published), self._events.cohesion)
        suggestion = read_suggestion(article.title, article.text)
        member = self._member(
            article.id, match.event or article.id, article.published, told, article.title, lead, suggestion
        )
        settled = self._story_of_event(match)
        found = self._faces.likest(told, article.published, OFFERED + 1, member.companies)
        stories = self._decider.stories(found, settled, match.score)
        near = self._near(match, stories.candidates[0].story if stories.sure else "")
        twin, brings_new = self._twin(member, near)
        verdict = self._decider.decide(match, stories, twin, brings_new=brings_new)
        event = member.group
        judgement = Judgement(
            article.id, event, verdict.decision, verdict.story, stories.candidates, verdict.score, verdict.sure, twin,
            suggestion, brings_new,
        )  # fmt: skip
        kept = Tracked(
            article.id, Part.ARTICLE, article.title, article.published, lead, event, "", self.embedder,
            told.vector.tobytes(), told.weights, judgement,
        )  # fmt: skip
        return Considered(judgement, kept, member, match.same, vector)

    def accept(self, considered: Considered) -> tuple[str, ...]:
        """Remember what was considered, with nothing accepted in between; the ids of articles that are no longer compared."""
        self._judged[considered.kept.key] = considered.judgement
        self._centre.add(considered.raw)
        self._events.add(considered.member)
        if considered.same:
            self._events.merge(considered.same, considered.judgement.event)
        over = self._events.expire(considered.member.at, self._capacity)
        for article_id in over:
            if not self._faces.has(article_id):
                self._faces.mark(article_id, "")
        for article_id in list(self._judged)[: max(0, len(self._judged) - 2 * self._capacity)]:
            del self._judged[article_id]
        return over

    def _near(self, match: EventMatch, story: str) -> list[Member]:
        """The texts that an article may tell again: of its event the nearest and the newest, of its story the newest."""
        members = list(self._events.members(match.event)) if match.event else []
        near = [member for member in members if member.key == match.nearest] + members[-_COMPARED:]
        near += self._faces.members(story)[-_COMPARED:] if story else ()
        # A story's headline is no report: it sums up many.
        return list({member.key: member for member in near if not member.key.endswith("#")}.values())

    def _twin(self, new: Member, near: Sequence[Member]) -> tuple[Twin, bool]:
        """The text that an article most likely tells again, and whether it brings what none of these texts has.

        That is a figure, a known company, or another claim or stage.
        """
        if not near:
            return Twin(), False
        rarity = cache(self._events.rarity.of)
        likest = sorted(near, key=lambda member: -new.told.alike(member.told))[:_WEIGHED]
        likely = [self._weighing.likelihood(telling.signs(new.told, member.told, rarity)) for member in likest]
        able = [place for place, member in enumerate(likest) if telling.can_retell(new, member, near)]
        best = max(able or range(len(likest)), key=likely.__getitem__)
        companies = frozenset[str]().union(*(member.companies for member in near))
        brings_new = (
            not able
            or not new.companies <= companies
            or telling.brings_new_figure(new.told.words, [member.told.words for member in near])
        )
        return _twin_of(likest[best], round(likely[best], 3)), brings_new

    def _story_of_event(self, match: EventMatch) -> str:
        if not match.event:
            return ""
        settled = [self._faces.story_of(member.key) for member in self._events.members(match.event)]
        nearest = self._faces.story_of(match.nearest)
        return nearest or next((story for story in reversed(settled) if story), "")

    # -- stories ------------------------------------------------------------------------------------------------

    def settle(self, article_id: str, story: str) -> None:
        """The desk, or a sure judgement, has put an article into a story: what follows is judged by it.

        Settled again elsewhere it moves; an empty ``story`` takes it out. An article that is no longer compared is passed over.
        """
        member = self._events.member(article_id) or self._faces.member(article_id)
        if member is None:
            self._faces.mark(article_id, story)
            return
        judged = self._judged.get(article_id)
        tells_anew = judged is None or judged.decision is not Decision.RE_REPORT
        self._faces.settle(member, story, shows=tells_anew)

    def story_of(self, article_id: str) -> str:
        """The story that an article was settled in; empty for none."""
        return self._faces.story_of(article_id)

    def learn(self, story: Story) -> tuple[Tracked, ...]:
        """Know a story by its headline and its developments as they stand now: the texts that are new, as they are to be kept.

        What it said before and no longer does is forgotten. Slow where texts are new, for they are embedded.
        """
        parts = parts_of(story)
        self._faces.name(story.slug, {party.company for party in story.parties})
        self._faces.keep_only(story.slug, {part.key: part.title for part in parts})
        self._faces.place(story)
        new = [part for part in parts if not self._faces.has(part.key)]
        kept = []
        vectors = self._vectors([part.title for part in new])
        for part, vector in zip(new, vectors, strict=True):
            told = self._told(part.title, "", vector, part.at)
            kept.append(replace(part, embedder=self.embedder, vector=told.vector.tobytes(), weights=told.weights))
            self._faces.add(self._member(part.key, story.slug, part.at, told, part.title, ""), part.title)
        return tuple(kept)

    def forget(self, slug: str) -> None:
        """A story is gone; what was settled in it is in none."""
        self._faces.forget(slug)

    def join(self, slug: str, into: str) -> None:
        """Two stories have become one."""
        self._faces.join(slug, into)

    # -- keeping ------------------------------------------------------------------------------------------------

    def restore(self, kept: Sequence[Tracked], centre: CentreState | None) -> None:
        """Begin where another tracker of the same embedder left off: what it kept, in the order in which it came.

        Texts with the vector of another embedder, or of none, are embedded anew.
        """
        if centre is not None and centre.embedder == self.embedder:
            self._centre = Centre(self._centre.size, centre.count, np.frombuffer(centre.total).copy())
        compared = [each for each in kept if each.weights]
        foreign = [each for each in compared if each.embedder != self.embedder]
        vectors = dict(
            zip(
                (each.key for each in foreign),
                self._vectors([text_of(each.title, each.lead, each.at) for each in foreign]),
                strict=True,
            )
        )
        for each in kept:
            try:
                self._restore_one(each, vectors.get(each.key))
            except Exception:
                # A text that cannot be restored must not keep the tracker from judging by the others.
                log.exception("The tracker cannot restore %s, and judges without it.", each.key[:200])

    def _restore_one(self, kept: Tracked, raw: Vector | None) -> None:
        if kept.judgement is not None:
            self._judged[kept.key] = kept.judgement
        if kept.weights:
            self._restore(kept, raw)
        elif kept.story:
            self._faces.mark(kept.key, kept.story)

    def _restore(self, kept: Tracked, raw: Vector | None) -> None:
        if raw is None:
            vector = np.frombuffer(kept.vector, np.float32)
        else:
            vector = self._centre.centred(raw)
            self._centre.add(raw)
        told = Told(take_apart(kept.title, kept.lead, kept.at), kept.weights, vector)
        suggestion = kept.judgement.suggestion if kept.judgement else None
        member = self._member(kept.key, kept.event or kept.story, kept.at, told, kept.title, kept.lead, suggestion)
        if kept.event:
            self._events.add(member)
        if kept.story:
            tells_anew = kept.judgement is None or kept.judgement.decision is not Decision.RE_REPORT
            if kept.part is Part.ARTICLE:
                self._faces.settle(member, kept.story, shows=tells_anew)
            else:
                self._faces.add(member, kept.title)

    def _member(
        self,
        key: str,
        group: str,
        at: datetime,
        told: Told,
        title: str,
        lead: str,
        suggestion: Suggestion | None = None,
    ) -> Member:
        read = suggestion or read_suggestion(title)
        companies = self._companies.names_in(f"{title}\n{lead}")
        return Member(key, group, at, told, companies, Position(read.stage, read.claim))

    def _vectors(self, texts: Sequence[str]) -> Sequence[Vector]:
        if self._embedder is None:
            return [np.zeros(0, np.float32)] * len(texts)
        return list(self._embedder.embed(texts)) if texts else []

    def _told(self, title: str, lead: str, vector: Vector, published: datetime) -> Told:
        words = take_apart(title, lead, published)
        return Told(words, self._events.rarity.weigh(words.terms), self._centre.centred(vector))


def text_of(title: str, lead: str, published: datetime) -> str:
    """Return what is embedded of an article: headline and lead, without takes, tickers and the like."""
    headline = strip_labels(title, published).strip() or title
    return f"{headline}. {lead}" if lead else headline


def _twin_of(member: Member, likelihood: float) -> Twin:
    story, separator, key = member.key.rpartition("#")
    return Twin(key, story, likelihood) if separator and story == member.group else Twin(member.key, "", likelihood)
