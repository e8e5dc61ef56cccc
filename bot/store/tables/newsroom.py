"""The tables of feeds, articles, the review queue, and the tracker."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
)

from bot.model.feed import ArticleState, FeedState, Trust
from bot.model.review import ReviewState
from bot.model.tracking import TrackedTextKind
from bot.store.tables.column_types import (
    BIG_ID,
    Instant,
    MessageText,
    OptionalId,
    enum_check,
    id_column,
    metadata,
    reference_column,
)

feed = Table(
    "feed",
    metadata,
    id_column(),
    Column("url", Text, nullable=False, unique=True),
    # The address that it was added by, before its publisher moved it. Imported lists may still use it.
    Column("given_url", Text, nullable=False, index=True),
    Column("host", Text, nullable=False, index=True),
    Column("title", Text, nullable=False, server_default=""),
    Column("trust", Text, nullable=False, server_default=Trust.REVIEW.value),
    Column("state", Text, nullable=False, server_default=FeedState.ACTIVE.value),
    # As the publisher's server sent them.
    Column("etag", Text, nullable=False, server_default=""),
    Column("last_modified", Text, nullable=False, server_default=""),
    Column("interval_seconds", BigInteger, nullable=False),
    Column("next_poll", Instant, nullable=False),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("reason", MessageText, nullable=False, server_default=""),
    # Whether the desk has been told that it is broken.
    Column("named", Integer, nullable=False, server_default="0"),
    Column("read_at", Instant),
    Column("succeeded_at", Instant),
    Column("added_by", Text, nullable=False, server_default=""),
    Column("added_at", Instant, nullable=False),
    # Whether it is one of the desk's. Otherwise it is polled for the servers and people who follow it themselves.
    Column("desk", Integer, nullable=False, server_default="1"),
    # When its articles were last read for those; without it, what it has at the next reading is known.
    Column("followed_read_at", Instant),
    enum_check("trust", Trust),
    enum_check("state", FeedState),
    Index("ix_feed_state_next_poll", "state", "next_poll"),
)

article = Table(
    "article",
    metadata,
    id_column(),
    # What identifies the article, whatever else changes.
    Column("key", Text, nullable=False, unique=True),
    # The feed that had it first. The article stays known if that feed is removed.
    Column(
        "feed_id",
        BIG_ID,
        ForeignKey("feed.id", ondelete="SET NULL"),
        index=True,
    ),
    Column("title", Text, nullable=False),
    Column("url", Text, nullable=False, server_default=""),
    Column("publisher", Text, nullable=False, server_default=""),
    Column("text", Text, nullable=False, server_default=""),
    Column("published", Instant, nullable=False),
    Column("first_seen", Instant, nullable=False),
    # When a feed that still lists it was last read, to the day.
    Column("last_seen", Instant, nullable=False),
    Column("state", Text, nullable=False),
    # The version of the rule that made the key. Keys of version 1 are matched by an article's former ids, and then replaced.
    Column("key_rule", Integer, nullable=False, server_default="1"),
    enum_check("state", ArticleState),
    Index("ix_article_state_id", "state", "id"),
)

review = Table(
    "review",
    metadata,
    id_column(),
    reference_column("article_id", "article", index=False),
    Column("event", Text, nullable=False, index=True),
    # What the tracker makes of it (:class:`bot.model.review.Recommendation`), as JSON.
    Column("suggestion", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("decided_at", Instant),
    Column("decided_by", Text, nullable=False, server_default=""),
    Column("slug", Text, nullable=False, server_default=""),
    Column("development_key", Text, nullable=False, server_default=""),
    Column("taken", Integer),
    # The message in the desk's channel; how often it had to change, and which of these revisions it shows.
    Column("channel_id", OptionalId, nullable=False, server_default="0"),
    Column("message_id", OptionalId, nullable=False, server_default="0"),
    Column("in_doubt", Integer, nullable=False, server_default="0"),
    Column("wanted", Integer, nullable=False, server_default="0"),
    Column("shown", Integer, nullable=False, server_default="0"),
    # The newest Discord id that was known before the first attempt in doubt.
    Column("search_after", OptionalId, nullable=False, server_default="0"),
    UniqueConstraint("article_id"),
    enum_check("state", ReviewState),
    Index("ix_review_state_id", "state", "id"),
    # Buttons in old messages refer to a review by its id, so no id is used twice.
    sqlite_autoincrement=True,
)

retelling = Table(
    "retelling",
    metadata,
    id_column(),
    reference_column("review_id", "review"),
    reference_column("article_id", "article", index=False),
    UniqueConstraint("article_id"),
)

# What editors have pasted and not published yet. Buttons in old messages refer to a draft by its id.
publication_draft = Table(
    "publication_draft",
    metadata,
    id_column(),
    Column("created_at", Instant, nullable=False, index=True),
    # The draft without its problem, as JSON.
    Column("content", Text, nullable=False),
    Column("problem", MessageText, nullable=False, server_default=""),
    sqlite_autoincrement=True,
)

# Articles that could not be processed, and reviews that could not be shown in the desk's channel.
failure = Table(
    "failure",
    metadata,
    id_column(),
    reference_column("article_id", "article", nullable=True, index=False),
    reference_column("review_id", "review", nullable=True, index=False),
    Column("attempts", Integer, nullable=False),
    Column("retry_at", Instant),
    Column("reason", MessageText, nullable=False, server_default=""),
    Column("set_aside_at", Instant),
    # The message in the desk's channel.
    Column("channel_id", OptionalId, nullable=False, server_default="0"),
    Column("message_id", OptionalId, nullable=False, server_default="0"),
    UniqueConstraint("article_id"),
    UniqueConstraint("review_id"),
    CheckConstraint("(article_id IS NULL) <> (review_id IS NULL)", name="of_one_thing"),
    # Buttons in old messages refer to a failure by its id, so no id is used twice.
    sqlite_autoincrement=True,
)

# The table keeps the name that it was released with.
tracked_text = Table(
    "tracked",
    metadata,
    # Ids are in the order in which the texts were added.
    id_column(),
    Column("key", Text, nullable=False, unique=True),
    Column("part", Text, nullable=False),
    Column("event", Text, nullable=False),
    Column("story", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("lead", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("embedder", Text, nullable=False),
    Column("vector", LargeBinary, nullable=False),
    Column("weights", Text, nullable=False),
    Column("judgement", Text, nullable=False),
    enum_check("part", TrackedTextKind),
    Index("ix_tracked_event", "event"),
    Index("ix_tracked_story", "story"),
)

tracked_centre = Table(
    "tracked_centre",
    metadata,
    Column("embedder", Text, primary_key=True),
    Column("count", BigInteger, nullable=False),
    Column("total", LargeBinary, nullable=False),
)
