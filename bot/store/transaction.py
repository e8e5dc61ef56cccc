"""One transaction of the store, through which every subject is reached."""

from __future__ import annotations

from collections.abc import Coroutine
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar, overload

from bot.clock import Clock
from bot.model.dates import get_latest_date
from bot.store.articles import Articles
from bot.store.audit import Audit
from bot.store.candidates import StoryCandidates
from bot.store.companies import Companies
from bot.store.delivery_settings import StoredDeliverySettings
from bot.store.engines.hot_statements import read_together
from bot.store.expected_events import ExpectedEvents
from bot.store.failures import Failures
from bot.store.feeds import Feeds
from bot.store.filtered_lists import FilteredLists, ListQueries
from bot.store.followed_articles import Clusters, FollowedArticles
from bot.store.follows import Follows
from bot.store.fulltext.fulltext import FullText
from bot.store.last_seen import LastSeenMarks
from bot.store.listing import StoryLists
from bot.store.mentions import Mentions
from bot.store.metadata import StoreMetadata
from bot.store.outbox.deliveries import Deliveries
from bot.store.outbox.delivery_reports import DeliveryReports
from bot.store.outbox.destination_health import Destinations
from bot.store.outbox.digests import Digests, Folding
from bot.store.outbox.fan_out import FanOut
from bot.store.outbox.outbox import Outbox
from bot.store.outbox.post_outcomes import PostOutcomes
from bot.store.outbox.reminders import Reminders
from bot.store.outbox.rescheduling import Rescheduling
from bot.store.outbox.set_aside_posts import SetAsidePosts
from bot.store.outbox.story_threads import StoryThreads
from bot.store.outbox.subscribers import Subscribers
from bot.store.publication_drafts import PublicationDrafts
from bot.store.reader_reports import ReaderReports
from bot.store.restored_state import RestoredState
from bot.store.review_outcomes import ReviewOutcomes
from bot.store.reviews import Reviews
from bot.store.statistics import Statistics
from bot.store.stories import Stories
from bot.store.story_merges import StoryMerges
from bot.store.story_pages import StoryPages
from bot.store.story_splits import StorySplits
from bot.store.terms import Terms
from bot.store.tracker_state import TrackerState
from bot.store.workers import Workers

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

_T1 = TypeVar("_T1")
_T2 = TypeVar("_T2")


class Transaction:
    """One transaction, which can only be used inside its ``async with``.

    Each subject is built when it is first used, and is given the transaction, so that subjects reach each other through it.
    ``clock`` says what is in the future; ``fulltext_type`` is the full-text index of the engine.
    """

    def __init__(self, connection: AsyncConnection, clock: Clock, fulltext_type: type[FullText]) -> None:
        self.connection = connection
        self._clock = clock
        self._fulltext_type = fulltext_type

    @property
    def latest_date(self) -> date:
        """The latest day that something which has happened can be dated."""
        return get_latest_date(self._clock())

    @overload
    async def read_together(
        self, first: Coroutine[Any, Any, _T1], second: Coroutine[Any, Any, _T2], /
    ) -> tuple[_T1, _T2]: ...

    @overload
    async def read_together(self, *reads: Coroutine[Any, Any, _T1]) -> tuple[_T1, ...]: ...

    async def read_together(self, *reads: Coroutine[Any, Any, Any]) -> tuple[Any, ...]:
        """Return the results of several reads, none of which needs another's. In a thread, a server gets their statements together.

        If one of them fails, its error is raised and the others are ended.
        """
        return await read_together(self.connection, reads)

    @cached_property
    def companies(self) -> Companies:
        """Companies with their aliases."""
        return Companies(self)

    @cached_property
    def stories(self) -> Stories:
        """Whole stories with their developments."""
        return Stories(self)

    @cached_property
    def expected_events(self) -> ExpectedEvents:
        """What sources expect to happen in stories."""
        return ExpectedEvents(self)

    @cached_property
    def terms(self) -> Terms:
        """The terms of stories."""
        return Terms(self)

    @cached_property
    def mentions(self) -> Mentions:
        """The companies that stories mention without being parties."""
        return Mentions(self)

    @cached_property
    def story_merges(self) -> StoryMerges:
        """Merging two stories, and undoing it."""
        return StoryMerges(self)

    @cached_property
    def story_splits(self) -> StorySplits:
        """Splitting a story, and undoing it."""
        return StorySplits(self)

    @cached_property
    def story_pages(self) -> StoryPages:
        """Each story as its card shows it, in one row."""
        return StoryPages(self)

    @cached_property
    def listing(self) -> StoryLists:
        """Lists of stories and developments, a page at a time."""
        return StoryLists(self)

    @cached_property
    def filtered_lists(self) -> FilteredLists:
        """Lists of stories and developments by all their filters."""
        return FilteredLists(self)

    @cached_property
    def list_queries(self) -> ListQueries:
        """The lists that buttons refer to."""
        return ListQueries(self)

    @cached_property
    def last_seen(self) -> LastSeenMarks:
        """When each person last looked at the news of a destination."""
        return LastSeenMarks(self)

    @cached_property
    def fulltext(self) -> FullText:
        """The full-text index of the stories."""
        return self._fulltext_type(self)

    @cached_property
    def candidates(self) -> StoryCandidates:
        """The stories that a question may mean."""
        return StoryCandidates(self)

    @cached_property
    def follows(self) -> Follows:
        """Follows of destinations."""
        return Follows(self)

    @cached_property
    def subscribers(self) -> Subscribers:
        """The destinations whose follows want a story."""
        return Subscribers(self)

    @cached_property
    def fan_out(self) -> FanOut:
        """Posts and deliveries of a development for its followers."""
        return FanOut(self)

    @cached_property
    def deliveries(self) -> Deliveries:
        """Deliveries: which development goes to which destination."""
        return Deliveries(self)

    @cached_property
    def clusters(self) -> Clusters:
        """Articles of followed feeds that report the same, for each destination."""
        return Clusters(self)

    @cached_property
    def outbox(self) -> Outbox:
        """Posts: leased, sent, edited, published."""
        return Outbox(self)

    @cached_property
    def post_outcomes(self) -> PostOutcomes:
        """What became of a post: sent, edited, published, failed or put back."""
        return PostOutcomes(self)

    @cached_property
    def delivery_reports(self) -> DeliveryReports:
        """What became of each development of a story in a destination."""
        return DeliveryReports(self)

    @cached_property
    def set_aside_posts(self) -> SetAsidePosts:
        """Posts that are set aside for the operator."""
        return SetAsidePosts(self)

    @cached_property
    def digests(self) -> Digests:
        """Digests, and when each is made."""
        return Digests(self)

    @cached_property
    def reminders(self) -> Reminders:
        """Reminders of expected events on their day."""
        return Reminders(self)

    @cached_property
    def story_threads(self) -> StoryThreads:
        """The thread that a story has in a channel or forum."""
        return StoryThreads(self)

    @cached_property
    def delivery_settings(self) -> StoredDeliverySettings:
        """Delivery settings of servers, and of people by DM."""
        return StoredDeliverySettings(self)

    @cached_property
    def rescheduling(self) -> Rescheduling:
        """New times for what waits, after the clock was put back or settings changed."""
        return Rescheduling(self)

    @cached_property
    def restored_state(self) -> RestoredState:
        """What changes when a backup is restored."""
        return RestoredState(self)

    @cached_property
    def reader_reports(self) -> ReaderReports:
        """Reports of readers about posts."""
        return ReaderReports(self)

    @cached_property
    def tracker_state(self) -> TrackerState:
        """The texts and vectors that the tracker compares with."""
        return TrackerState(self)

    @cached_property
    def folding(self) -> Folding:
        """Folding waiting posts into one."""
        return Folding(self)

    @cached_property
    def destination_health(self) -> Destinations:
        """Destinations, and whether anything can arrive there."""
        return Destinations(self)

    @cached_property
    def feeds(self) -> Feeds:
        """Feeds, and when each is polled."""
        return Feeds(self)

    @cached_property
    def articles(self) -> Articles:
        """Articles of feeds."""
        return Articles(self)

    @cached_property
    def followed_articles(self) -> FollowedArticles:
        """Articles of the feeds that servers and people follow themselves."""
        return FollowedArticles(self)

    @cached_property
    def reviews(self) -> Reviews:
        """The review queue."""
        return Reviews(self)

    @cached_property
    def review_outcomes(self) -> ReviewOutcomes:
        """What became of the tracker's recommendations."""
        return ReviewOutcomes(self)

    @cached_property
    def publication_drafts(self) -> PublicationDrafts:
        """What editors have pasted and not published yet."""
        return PublicationDrafts(self)

    @cached_property
    def failures(self) -> Failures:
        """Articles and reviews that failed, and their next attempts."""
        return Failures(self)

    @cached_property
    def audit(self) -> Audit:
        """The audit trail."""
        return Audit(self)

    @cached_property
    def statistics(self) -> Statistics:
        """The state of the store in figures."""
        return Statistics(self)

    @cached_property
    def workers(self) -> Workers:
        """The bots that share the store."""
        return Workers(self)

    @cached_property
    def metadata(self) -> StoreMetadata:
        """What the program remembers about itself."""
        return StoreMetadata(self)
