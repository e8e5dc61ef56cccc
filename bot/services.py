"""The services that the container opens and passes on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from bot.clock import Clock
from bot.delivery.delivery_settings import DeliverySettingsService
from bot.delivery.monitor import DeliveryMonitor
from bot.delivery.operator_queue import OperatorQueue
from bot.delivery.retention import Retention
from bot.delivery.subscriptions import Subscriptions
from bot.library.catchup import CatchUpService
from bot.library.library import Library
from bot.newsroom.article_matches import ArticleMatcher
from bot.newsroom.desk import Desk
from bot.newsroom.expected_event_desk import ExpectedEventDesk
from bot.newsroom.failure_queue import FailureQueue
from bot.newsroom.feeds.feed_subscriptions import FeedSubscriptions
from bot.newsroom.feeds.feed_tools import FeedTools
from bot.newsroom.feeds.followed_feeds import FollowedFeeds
from bot.newsroom.pasted_articles import PastedArticles
from bot.newsroom.queue_messages import QueueMessages
from bot.newsroom.reader_report_queue import ReaderReportQueue
from bot.newsroom.review_queue import ReviewQueue
from bot.newsroom.story_splitter import StorySplitter
from bot.pictures.renderer import PictureRenderer
from bot.recorder import Recorder
from bot.settings import Settings
from bot.store import Store


@dataclass(frozen=True, slots=True)
class Services:
    """The open services.

    Attributes:
        version: the version of the program.
        started_at: when the program started.
        recorder: counts what happens.
        is_message_content_off: whether the message-content intent is not granted.
    """

    settings: Settings
    store: Store
    library: Library
    catchup: CatchUpService
    picture_renderer: PictureRenderer
    desk: Desk
    expected_event_desk: ExpectedEventDesk
    story_splitter: StorySplitter
    reader_reports: ReaderReportQueue
    review_queue: ReviewQueue
    pasted_articles: PastedArticles
    article_matcher: ArticleMatcher
    queue_messages: QueueMessages
    failed_work: FailureQueue
    feed_subscriptions: FeedSubscriptions
    feed_tools: FeedTools
    followed_feeds: FollowedFeeds
    subscriptions: Subscriptions
    delivery_settings: DeliverySettingsService
    delivery_monitor: DeliveryMonitor
    retention: Retention
    operator_queue: OperatorQueue
    clock: Clock
    version: str
    started_at: datetime
    recorder: Recorder = field(default_factory=Recorder)
    is_message_content_off: bool = False
