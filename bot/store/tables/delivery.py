"""The tables of destinations, follows, followed feeds, deliveries and posts."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from bot.model.delivery_settings import DeliveryMode
from bot.model.follow import DestinationKind, FollowState, TargetKind
from bot.model.follow_settings import PingPolicy
from bot.model.post import PostState, PostType
from bot.store.tables.column_types import (
    BIG_ID,
    Instant,
    MessageText,
    OptionalId,
    enum_check,
    id_column,
    metadata,
    one_reference_check,
    partial_index,
    reference_column,
)

guild = Table(
    "guild",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("left_at", Instant),
    Column("greeted_at", Instant),
)

destination = Table(
    "destination",
    metadata,
    id_column(),
    Column("place", Text, nullable=False),
    Column("discord_id", BigInteger, nullable=False, unique=True),
    Column("guild_id", OptionalId, nullable=False, index=True),
    # While nothing can be delivered: why, since when, and when it is tried again.
    Column("blocked", MessageText, nullable=False, server_default=""),
    Column("blocked_at", Instant),
    Column("retry_at", Instant),
    # Of a story's thread: the channel or forum that it is in, the story, and the card that opens it. Until that card is
    # sent, the thread has no Discord id, and ``discord_id`` is the negative id of the card.
    reference_column("parent_id", "destination", nullable=True),
    reference_column("story_id", "story", nullable=True),
    Column("card_id", BigInteger, index=True),
    UniqueConstraint("parent_id", "story_id"),
    enum_check("place", DestinationKind),
)

preference = Table(
    "preference",
    metadata,
    # A server's id, or a user's for their DMs.
    Column("owner_id", BigInteger, primary_key=True, autoincrement=False),
    Column("zone", Text, nullable=False),
    Column("digest_hour", Integer, nullable=False),
    Column("digest_day", Integer, nullable=False),
    Column("quiet_from", Integer),
    Column("quiet_until", Integer),
    Column("cap", Integer, nullable=False),
    # The code of the bot's language there; empty: the language that Discord has there.
    Column("language", Text, nullable=False, server_default=""),
)

follow = Table(
    "follow",
    metadata,
    id_column(),
    reference_column("destination_id", "destination"),
    Column("target_kind", Text, nullable=False),
    Column("target_key", Text, nullable=False),
    reference_column("company_id", "company", nullable=True),
    reference_column("story_id", "story", nullable=True),
    reference_column("feed_id", "feed", nullable=True),
    # What a followed feed was called when it was followed.
    Column("label", Text, nullable=False, server_default=""),
    Column("role_id", OptionalId, nullable=False, server_default="0"),
    Column("mode", Text, nullable=False, server_default=DeliveryMode.INSTANT.value),
    # Words of ``FollowFilter``, separated by blanks; keywords, a line each.
    Column("only", Text, nullable=False, server_default=""),
    Column("words", Text, nullable=False, server_default=""),
    Column("without", Text, nullable=False, server_default=""),
    Column("ping", Text, nullable=False, server_default=PingPolicy.ALWAYS.value),
    Column("silent", Integer, nullable=False, server_default="0"),
    Column("threads", Integer, nullable=False, server_default="0"),
    Column("changed_at", Instant),
    Column("created_by", BigInteger, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("state", Text, nullable=False, server_default=FollowState.ACTIVE.value),
    Column("reason", MessageText, nullable=False, server_default=""),
    Column("reminders", Integer, nullable=False, server_default="0"),
    # Of a feed: the newest of its articles that was known when it was followed, and whether the channel has been told that
    # it was given up.
    Column("known_article", BigInteger, nullable=False, server_default="0"),
    Column("told", Integer, nullable=False, server_default="0"),
    UniqueConstraint("destination_id", "target_key"),
    enum_check("target_kind", TargetKind),
    enum_check("state", FollowState),
    enum_check("mode", DeliveryMode),
    enum_check("ping", PingPolicy),
    Index("ix_follow_target_key", "target_key"),
    partial_index("ix_follow_reminders", "reminders = 1", "target_key"),
    # Buttons in old messages refer to a follow by its id, so no id is used twice.
    sqlite_autoincrement=True,
)

post = Table(
    "post",
    metadata,
    id_column(),
    Column("key", Text, nullable=False, unique=True),
    reference_column("destination_id", "destination", index=False),
    Column("state", Text, nullable=False),
    Column("form", Text, nullable=False, server_default=PostType.POST.value),
    # Of a story's card: the story.
    reference_column("story_id", "story", nullable=True, index=False),
    Column("roles", Text, nullable=False, server_default=""),
    Column("silent", Integer, nullable=False, server_default="0"),
    # In an announcement channel: whether it is still to be published, and why it will not be.
    Column("publish", Integer, nullable=False, server_default="0"),
    Column("unpublished", MessageText, nullable=False, server_default=""),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("in_doubt", Integer, nullable=False, server_default="0"),
    # Sent again although nobody could check whether an earlier attempt had arrived.
    Column("unsettled", Integer, nullable=False, server_default="0"),
    # How often its content was corrected, and which of these revisions the message shows.
    Column("wanted", Integer, nullable=False, server_default="0"),
    Column("shown", Integer, nullable=False, server_default="0"),
    Column("created_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("lease_until", Instant),
    Column("message_id", BigInteger),
    Column("sent_at", Instant),
    # Since when Discord refuses it, or does not answer, without a documented reason.
    Column("refused_at", Instant),
    Column("reason", MessageText, nullable=False, server_default=""),
    # The newest Discord id that was known before the first attempt in doubt.
    Column("search_after", OptionalId, nullable=False, server_default="0"),
    # Of reminders: the end of their day, after which they are not sent any more.
    Column("expires_at", Instant),
    # The thread under an article of a followed feed. That of a story's card is a destination.
    Column("opened_thread", OptionalId, nullable=False, server_default="0"),
    # The bot that has leased it: the number of its worker row; 0 where only one bot can run.
    Column("leased_by", BigInteger),
    enum_check("state", PostState),
    enum_check("form", PostType),
    partial_index("ix_post_publishing", "publish = 1", "due_at"),
    partial_index("ix_post_unsettled", "unsettled = 1", "id"),
    partial_index("ix_post_aside", "state = 'set aside'", "id"),
    Index("ix_post_destination_id_id", "destination_id", "id"),
    # Of open posts only: nearly all are sent, and each new one would have its place among them.
    partial_index("ix_post_state_due_at", "state = 'pending' OR state = 'leased'", "state", "due_at"),
    partial_index("ix_post_failed", "state = 'failed'", "id"),
    partial_index("ix_post_story_id", "story_id IS NOT NULL", "story_id"),
    partial_index("ix_post_stale", "shown < wanted", "due_at"),
    # Buttons in old messages refer to a post by its id, so no id is used twice.
    sqlite_autoincrement=True,
)

delivery = Table(
    "delivery",
    metadata,
    id_column(),
    # The notice that is delivered: one of these.
    reference_column("development_id", "development", nullable=True, index=False),
    reference_column("cluster_id", "cluster", nullable=True, index=False),
    reference_column("expected_event_id", "expected_event", nullable=True, index=False),
    reference_column("destination_id", "destination"),
    reference_column("post_id", "post", nullable=True),
    Column("created_at", Instant, nullable=False),
    # While it waits for a digest it has no post: when the digest is made, the roles to ping, whether it is silent.
    Column("mode", Text, nullable=False, server_default=DeliveryMode.INSTANT.value),
    Column("gather_at", Instant),
    Column("roles", Text, nullable=False, server_default=""),
    Column("silent", Integer, nullable=False, server_default="0"),
    # Why it will never be in a post.
    Column("reason", MessageText, nullable=False, server_default=""),
    # The followed companies, one a line, if it comes only because the story mentions them.
    Column("mentions", Text, nullable=False, server_default=""),
    # Of an expected event: the day on which it was expected. An event that is moved has a delivery for each day.
    Column("expected_on", Text, nullable=False, server_default=""),
    UniqueConstraint("development_id", "destination_id"),
    one_reference_check("notice", "development_id", "cluster_id", "expected_event_id"),
    enum_check("mode", DeliveryMode),
    partial_index("ix_delivery_gather_at", "gather_at IS NOT NULL", "gather_at"),
    # Nearly all deliveries are of developments: each would have its place in an index of the other notices too.
    partial_index("uq_delivery_cluster", "cluster_id IS NOT NULL", "cluster_id", "destination_id", unique=True),
    partial_index(
        "uq_delivery_expected_event",
        "expected_event_id IS NOT NULL",
        "expected_event_id",
        "expected_on",
        "destination_id",
        unique=True,
    ),
)

# The table keeps the name that it was released with.
reader_report = Table(
    "reader_note",
    metadata,
    id_column(),
    reference_column("post_id", "post", index=False),
    Column("user_id", BigInteger, nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("settled_at", Instant),
    Column("settled_by", Text, nullable=False, server_default=""),
    UniqueConstraint("post_id", "user_id"),
    # Buttons in old messages refer to a report by its id, so no id is used twice.
    sqlite_autoincrement=True,
)

# The table keeps the name that it was released with.
last_seen = Table(
    "looked",
    metadata,
    id_column(),
    reference_column("destination_id", "destination"),
    Column("user_id", BigInteger, nullable=False),
    Column("at", Instant, nullable=False, index=True),
    # The newest delivery and development at that time.
    Column("delivery", BigInteger, nullable=False),
    Column("development", BigInteger, nullable=False),
    UniqueConstraint("user_id", "destination_id"),
)
# What followed feeds list. Each feed has articles of its own, so that no feed can say for another what is known.
followed_article = Table(
    "followed_article",
    metadata,
    id_column(),
    reference_column("feed_id", "feed", index=False),
    # What identifies the article, whatever else changes.
    Column("key", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("url", Text, nullable=False, server_default=""),
    Column("publisher", Text, nullable=False, server_default=""),
    # The beginning of its text, for some days.
    Column("lead", Text, nullable=False, server_default=""),
    # Without a date of the publisher's, the time at which it was first seen.
    Column("published", Instant, nullable=False),
    Column("dated", Integer, nullable=False),
    Column("first_seen", Instant, nullable=False),
    # When its feed last listed it, to the day.
    Column("last_seen", Instant, nullable=False),
    # Whether it is still to be given to those who follow the feed, and how often that has begun.
    Column("pending", Integer, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    UniqueConstraint("feed_id", "key"),
    partial_index("ix_followed_article_pending", "pending = 1", "id"),
    # A follow knows the newest article of its beginning by its id, so no id is used twice.
    sqlite_autoincrement=True,
)

# The articles of one destination that report the same news. Each destination has clusters of its own, so that nothing of one
# server reaches another, and they are erased with it.
cluster = Table(
    "cluster",
    metadata,
    id_column(),
    reference_column("destination_id", "destination", index=False),
    # The title of the first article.
    Column("headline", Text, nullable=False),
    # The story of the newsroom that it belongs to, if that is known.
    Column(
        "story_id",
        BIG_ID,
        ForeignKey("story.id", ondelete="SET NULL"),
        index=True,
    ),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Index("ix_cluster_destination_id_updated_at", "destination_id", "updated_at"),
)

cluster_article = Table(
    "cluster_article",
    metadata,
    id_column(),
    reference_column("cluster_id", "cluster", index=False),
    # What identifies the article, whatever else changes.
    Column("key", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("url", Text, nullable=False, server_default=""),
    Column("publisher", Text, nullable=False, server_default=""),
    # The part of its text by which it is compared with others; never shown.
    Column("lead", Text, nullable=False, server_default=""),
    # Without a date of the publisher's, the time at which it was first seen.
    Column("published", Instant, nullable=False),
    Column("dated", Integer, nullable=False),
    Column("added_at", Instant, nullable=False),
    UniqueConstraint("cluster_id", "key"),
)
