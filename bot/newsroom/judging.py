"""The tracker as the intake asks it: kept in step with the stories and companies, whoever changes them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.clock import Clock
from bot.errors import StoreError
from bot.loops import ErrorLog
from bot.model.article import Article
from bot.model.company import Company
from bot.model.review import Suggestion
from bot.model.tracking import Decision, Judgement
from bot.names.intext import CompaniesInText
from bot.names.unknown import unknown_names
from bot.newsroom.intake import Judged
from bot.newsroom.tracker import Embedder, load_embedder
from bot.newsroom.tracking import Tracking
from bot.store import Store

log = logging.getLogger(__name__)

#: The most names that are offered as those of new companies.
_NAMES = 10
_STORIES = 3


class TrackerJudge:
    """Judges by a :class:`Tracking`, which is opened for the first article: who has no feeds pays nothing for it.

    ``embedder`` loads what compares meanings; it is slow, and called in a thread.
    """

    def __init__(self, store: Store, clock: Clock, embedder: Callable[[], Embedder | None] = load_embedder) -> None:
        self._store = store
        self._clock = clock
        self._load = embedder
        self._opened: Tracking | None = None
        self._revision = -1
        self._seen: datetime | None = None
        self._known: tuple[Company, ...] = ()
        self._turn = asyncio.Lock()
        self._errors = ErrorLog(log, "Telling the tracker of a change")

    async def judge(self, article: Article) -> Judged:
        """Judge it by what the stories say now."""
        tracking = await self._current()
        judgement = await tracking.judge(article)
        event = tracking.event_of(article.id) or judgement.event
        suggestion = await asyncio.to_thread(self._suggestion, article, judgement, tracking.companies)
        twin = "" if judgement.twin.story else judgement.twin.key
        return Judged(event, suggestion, judgement.sure, twin, brings_new=judgement.brings_new)

    async def settle(self, article_id: str, slug: str) -> None:
        """The article is in that story, or in none: what follows is judged by it."""
        if self._opened is not None:
            await self._opened.settle(article_id, slug)
            return
        # An editor's click does not wait until the tracker is open; it finds this when it is.
        async with self._store.write() as session:
            await session.tracked.settle(article_id, slug)

    async def _current(self) -> Tracking:
        """The tracker, once it knows what the stories say now, whichever process changed them."""
        async with self._turn:
            revision = await self._store.revision()
            if self._opened is None:
                self._opened = await self._open()
            elif revision != self._revision:
                await self._catch_up(self._opened)
            self._revision = revision
            return self._opened

    async def _open(self) -> Tracking:
        async with self._store.read() as session:
            self._seen = await session.stories.last_change()
            self._known = await session.companies.all()
        tracking = Tracking(self._store, self._clock, await asyncio.to_thread(self._load))
        await tracking.open()
        return tracking

    async def _catch_up(self, tracking: Tracking) -> None:
        async with self._store.read() as session:
            changed = await session.stories.changed_since(self._seen)
            joined = await session.joining.since(self._seen)
            last = await session.stories.last_change()
            companies = await session.companies.all()
        if companies != self._known:
            # Most changes are of stories alone.
            await self._try(tracking.know(companies))
            self._known = companies
        for slug, into in joined:
            await self._try(tracking.join(slug, into))
        for story in changed:
            await self._try(tracking.learn(story))
        self._seen = last

    async def _try(self, teaching: Awaitable[None]) -> None:
        """Teach the tracker one thing. One that it cannot learn must not keep it from judging articles."""
        try:
            await teaching
        except StoreError:
            raise
        except Exception as exc:  # noqa: BLE001 - it is judged without that
            self._errors.failed(exc)
        else:
            self._errors.succeeded()

    def _suggestion(self, article: Article, judgement: Judgement, companies: CompaniesInText) -> Suggestion:
        text = f"{article.title}\n{article.text}"
        mentions = companies.find(text)
        told, twin = judgement.suggestion, judgement.twin
        marked = [words.words for words in (told.stage_words, told.claim_words) if words]
        is_retold = judgement.decision is Decision.RE_REPORT and bool(twin.story)
        unknown = dict.fromkeys(mention.spelling for mention in unknown_names(text, mentions))
        return Suggestion(
            verdict=judgement.decision,
            stories=tuple(candidate.story for candidate in judgement.candidates)[:_STORIES],
            story=twin.story if is_retold else "",
            key=twin.key if is_retold else "",
            claim=told.claim,
            stage=told.stage,
            words=tuple(dict.fromkeys(marked)),
            companies=tuple(dict.fromkeys(mention.company for mention in mentions)),
            names=tuple(unknown)[:_NAMES],
        )
