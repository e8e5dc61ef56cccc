"""The tables. Statements elsewhere in this room are written against these, for every engine alike.

Times are aware UTC, kept as text of one width, so that they sort as they read. Dates of the news keep their
precision: ``2025``, ``2025-08`` or ``2025-08-16``.
"""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

from bot.model.feed import ArticleState, FeedState, Trust
from bot.model.follow import FollowState, Place, TargetKind
from bot.model.post import Form, PostState
from bot.model.review import ReviewState
from bot.model.terms import Ping
from bot.model.timetable import Mode
from bot.model.tracked import Part
from bot.model.vocabulary import Claim, Kind, Stage


@lru_cache(maxsize=256)
def _written(value: datetime) -> str:
    # Ten thousand rows that are written at once have one time.
    if value.tzinfo is None:
        raise ValueError("a time needs its zone")
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Instant(TypeDecorator[datetime]):
    """An aware UTC time as ISO 8601 text with microseconds; a naive one is refused."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """Write it."""
        return None if value is None else _written(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Read it."""
        return None if value is None else datetime.fromisoformat(value)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _one_of(column: str, words: type[StrEnum]) -> CheckConstraint:
    listed = ", ".join(f"'{word.value}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def _partial_date(column: str) -> CheckConstraint:
    return CheckConstraint(f"length({column}) IN (4, 7, 10)", name=column)


def _index_where(name: str, where: str, *columns: str) -> Index:
    """An index of some rows only. A statement that is to use it says the condition in just these words."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


def _id() -> Column[int]:
    # SQLite numbers rows by itself only in a column of exactly this type.
    return Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True)


def _ref(column: str, target: str, *, nullable: bool = False, index: bool = True) -> Column[int]:
    reference = ForeignKey(f"{target}.id", ondelete="CASCADE")
    return Column(column, BigInteger().with_variant(Integer, "sqlite"), reference, nullable=nullable, index=index)


revision = Table(
    "revision",
    metadata,
    Column("noun", Text, primary_key=True),
    Column("value", BigInteger, nullable=False),
)

company = Table(
    "company",
    metadata,
    _id(),
    Column("name", Text, nullable=False, unique=True),
    Column("country", Text, nullable=False, server_default=""),
    Column("ticker", Text, nullable=False, server_default="", index=True),
    # However it is spelled (:func:`bot.model.spelling.fold`), a name is one name: so it is looked up.
    Column("folded", Text, nullable=False, server_default="", index=True),
)

alias = Table(
    "alias",
    metadata,
    _id(),
    _ref("company_id", "company"),
    Column("alias", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("folded", Text, nullable=False, server_default="", index=True),
    UniqueConstraint("company_id", "alias"),
)

story = Table(
    "story",
    metadata,
    _id(),
    Column("slug", Text, nullable=False, unique=True),
    Column("headline", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("stage", Text),
    Column("is_deal", Integer, nullable=False),
    Column("is_open", Integer, nullable=False),
    Column("disputed", Integer, nullable=False),
    Column("as_of", Text, nullable=False, server_default=""),
    Column("as_of_sort", BigInteger, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    _one_of("kind", Kind),
    _one_of("stage", Stage),
    CheckConstraint("is_deal = 1 OR stage IS NULL", name="stage_of_deals"),
    # For lists, newest first: of all, and of what they are narrowed to.
    Index("ix_story_newest", "as_of_sort", "id"),
    Index("ix_story_newest_deals", "is_deal", "as_of_sort", "id"),
    Index("ix_story_newest_of_stage", "stage", "as_of_sort", "id"),
    Index("ix_story_newest_of_kind", "kind", "as_of_sort", "id"),
    Index("ix_story_newest_of_kind_and_stage", "kind", "stage", "as_of_sort", "id"),
)

joined = Table(
    "joined",
    metadata,
    _id(),
    # The slug of a story that was joined to another, and what it takes to part them (:mod:`bot.store.joining`).
    Column("slug", Text, nullable=False, unique=True),
    _ref("into_id", "story"),
    Column("at", Instant, nullable=False),
    Column("kept", Text, nullable=False),
)

related = Table(
    "related",
    metadata,
    _id(),
    _ref("story_id", "story"),
    # By slug: a story may name one that comes in a moment later in the same import.
    Column("slug", Text, nullable=False),
    Column("position", Integer, nullable=False),
    UniqueConstraint("story_id", "slug"),
)

party = Table(
    "party",
    metadata,
    _id(),
    _ref("story_id", "story"),
    _ref("company_id", "company"),
    Column("role", Text, nullable=False, server_default=""),
    Column("position", Integer, nullable=False),
    # As in the story's row: so that the newest of a company's thousands of stories are found without a look at all.
    Column("is_deal", Integer, nullable=False, server_default="0"),
    Column("is_open", Integer, nullable=False, server_default="0"),
    Column("as_of_sort", BigInteger, nullable=False, server_default="0"),
    UniqueConstraint("story_id", "company_id", "role"),
    Index("ix_party_newest", "company_id", "as_of_sort", "story_id"),
    Index("ix_party_newest_deals", "company_id", "is_deal", "as_of_sort", "story_id"),
    Index("ix_party_newest_open", "company_id", "is_open", "as_of_sort", "story_id"),
)

development = Table(
    "development",
    metadata,
    _id(),
    _ref("story_id", "story"),
    Column("key", Text, nullable=False),
    Column("date", Text, nullable=False),
    Column("date_sort", BigInteger, nullable=False),
    Column("headline", Text, nullable=False),
    Column("text", Text, nullable=False, server_default=""),
    Column("claim", Text, nullable=False),
    Column("stage", Text),
    Column("retracted", Text, nullable=False, server_default=""),
    Column("announced", Integer, nullable=False, server_default="0"),
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("story_id", "key"),
    _partial_date("date"),
    _one_of("claim", Claim),
    _one_of("stage", Stage),
    # Of those that stand: all by date, and each story's; and those few that tell where a story stands.
    _index_where("ix_development_newest", "retracted = ''", "date_sort", "id"),
    _index_where("ix_development_standing", "retracted = ''", "story_id", "date_sort", "id"),
    _index_where("ix_development_newest_of_claim", "retracted = ''", "claim", "date_sort", "id"),
    _index_where("ix_development_newest_of_stage", "retracted = '' AND stage IS NOT NULL", "stage", "date_sort", "id"),
    _index_where("ix_development_telling", "stage IS NOT NULL OR claim = 'denied'", "story_id"),
)

former_name = Table(
    "former_name",
    metadata,
    _id(),
    _ref("development_id", "development"),
    Column("date", Text, nullable=False),
    Column("headline", Text, nullable=False),
    UniqueConstraint("development_id", "date", "headline"),
    _partial_date("date"),
)

source = Table(
    "source",
    metadata,
    _id(),
    _ref("development_id", "development"),
    Column("position", Integer, nullable=False),
    Column("publisher", Text, nullable=False),
    Column("title", Text, nullable=False, server_default=""),
    Column("url", Text, nullable=False, server_default=""),
    Column("date", Text, nullable=False, server_default=""),
)

guild = Table(
    "guild",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("left_at", Instant),
)

destination = Table(
    "destination",
    metadata,
    _id(),
    Column("place", Text, nullable=False),
    Column("discord_id", BigInteger, nullable=False, unique=True),
    Column("guild_id", BigInteger, nullable=False, index=True),
    # While nothing can arrive: why, since when, and when it is tried again.
    Column("blocked", Text, nullable=False, server_default=""),
    Column("blocked_at", Instant),
    Column("retry_at", Instant),
    # A story's thread: the channel or forum that it is in, the story, and the card that opens it. Until that card stands
    # the thread has no id of Discord's yet, and ``discord_id`` is the card's number, negative.
    _ref("parent_id", "destination", nullable=True),
    _ref("story_id", "story", nullable=True),
    Column("card_id", BigInteger, index=True),
    UniqueConstraint("parent_id", "story_id"),
    _one_of("place", Place),
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
)

follow = Table(
    "follow",
    metadata,
    _id(),
    _ref("destination_id", "destination"),
    Column("target_kind", Text, nullable=False),
    Column("target_key", Text, nullable=False),
    _ref("company_id", "company", nullable=True),
    _ref("story_id", "story", nullable=True),
    Column("role_id", BigInteger, nullable=False, server_default="0"),
    Column("mode", Text, nullable=False, server_default=Mode.INSTANT.value),
    # Words of ``Only``, separated by blanks; keywords, a line each.
    Column("only", Text, nullable=False, server_default=""),
    Column("words", Text, nullable=False, server_default=""),
    Column("without", Text, nullable=False, server_default=""),
    Column("ping", Text, nullable=False, server_default=Ping.ALWAYS.value),
    Column("silent", Integer, nullable=False, server_default="0"),
    Column("threads", Integer, nullable=False, server_default="0"),
    Column("changed_at", Instant),
    Column("created_by", BigInteger, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("state", Text, nullable=False, server_default=FollowState.ACTIVE.value),
    Column("reason", Text, nullable=False, server_default=""),
    UniqueConstraint("destination_id", "target_key"),
    _one_of("target_kind", TargetKind),
    _one_of("state", FollowState),
    _one_of("mode", Mode),
    _one_of("ping", Ping),
    Index("ix_follow_target_key", "target_key"),
)

post = Table(
    "post",
    metadata,
    _id(),
    Column("key", Text, nullable=False, unique=True),
    _ref("destination_id", "destination", index=False),
    Column("state", Text, nullable=False),
    Column("form", Text, nullable=False, server_default=Form.POST.value),
    # Of a card: its story.
    _ref("story_id", "story", nullable=True),
    Column("roles", Text, nullable=False, server_default=""),
    Column("silent", Integer, nullable=False, server_default="0"),
    # In an announcement channel: whether it is still to be published, and why it will not be.
    Column("publish", Integer, nullable=False, server_default="0"),
    Column("unpublished", Text, nullable=False, server_default=""),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("in_doubt", Integer, nullable=False, server_default="0"),
    # Sent again although nobody could look whether an earlier try had arrived.
    Column("unsettled", Integer, nullable=False, server_default="0"),
    # How often what it carries was corrected, and which of these the message shows.
    Column("wanted", Integer, nullable=False, server_default="0"),
    Column("shown", Integer, nullable=False, server_default="0"),
    Column("created_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("lease_until", Instant),
    Column("message_id", BigInteger),
    Column("sent_at", Instant),
    Column("reason", Text, nullable=False, server_default=""),
    _one_of("state", PostState),
    _one_of("form", Form),
    Index("ix_post_publishing", "due_at", sqlite_where=text("publish = 1"), postgresql_where=text("publish = 1")),
    _index_where("ix_post_unsettled", "unsettled = 1", "id"),
    Index("ix_post_destination_id_id", "destination_id", "id"),
    Index("ix_post_state_due_at", "state", "due_at"),
    Index("ix_post_stale", "due_at", sqlite_where=text("shown < wanted"), postgresql_where=text("shown < wanted")),
)

delivery = Table(
    "delivery",
    metadata,
    _id(),
    _ref("development_id", "development", index=False),
    _ref("destination_id", "destination"),
    _ref("post_id", "post", nullable=True),
    Column("created_at", Instant, nullable=False),
    # While it waits for a digest it has no post: when that is made, whom it pings, whether it may notify.
    Column("mode", Text, nullable=False, server_default=Mode.INSTANT.value),
    Column("gather_at", Instant),
    Column("roles", Text, nullable=False, server_default=""),
    Column("silent", Integer, nullable=False, server_default="0"),
    # Why it will be in no post.
    Column("reason", Text, nullable=False, server_default=""),
    UniqueConstraint("development_id", "destination_id"),
    _one_of("mode", Mode),
    Index(
        "ix_delivery_gather_at",
        "gather_at",
        sqlite_where=text("gather_at IS NOT NULL"),
        postgresql_where=text("gather_at IS NOT NULL"),
    ),
)

reader_note = Table(
    "reader_note",
    metadata,
    _id(),
    _ref("post_id", "post", index=False),
    Column("user_id", BigInteger, nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("settled_at", Instant),
    Column("settled_by", Text, nullable=False, server_default=""),
    UniqueConstraint("post_id", "user_id"),
)

looked = Table(
    "looked",
    metadata,
    _id(),
    _ref("destination_id", "destination"),
    Column("user_id", BigInteger, nullable=False),
    Column("at", Instant, nullable=False, index=True),
    # The newest delivery and development that there were then.
    Column("delivery", BigInteger, nullable=False),
    Column("development", BigInteger, nullable=False),
    UniqueConstraint("user_id", "destination_id"),
)

audit = Table(
    "audit",
    metadata,
    _id(),
    Column("at", Instant, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False, index=True),
    Column("before", Text, nullable=False, server_default=""),
    Column("after", Text, nullable=False, server_default=""),
)

command_sync = Table(
    "command_sync",
    metadata,
    Column("scope", Text, primary_key=True),
    Column("digest", Text, nullable=False),
)

feed = Table(
    "feed",
    metadata,
    _id(),
    Column("url", Text, nullable=False, unique=True),
    # The address that it was added by, before its publisher moved it: a list that names that one names this feed.
    Column("given_url", Text, nullable=False, index=True),
    Column("host", Text, nullable=False, index=True),
    Column("title", Text, nullable=False, server_default=""),
    Column("trust", Text, nullable=False, server_default=Trust.REVIEW.value),
    Column("state", Text, nullable=False, server_default=FeedState.ACTIVE.value),
    # As the publisher sent them.
    Column("etag", Text, nullable=False, server_default=""),
    Column("last_modified", Text, nullable=False, server_default=""),
    Column("interval_seconds", BigInteger, nullable=False),
    Column("next_poll", Instant, nullable=False),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("reason", Text, nullable=False, server_default=""),
    # Whether the desk has been told that it is broken.
    Column("named", Integer, nullable=False, server_default="0"),
    Column("read_at", Instant),
    Column("succeeded_at", Instant),
    Column("added_by", Text, nullable=False, server_default=""),
    Column("added_at", Instant, nullable=False),
    _one_of("trust", Trust),
    _one_of("state", FeedState),
    Index("ix_feed_state_next_poll", "state", "next_poll"),
)

article = Table(
    "article",
    metadata,
    _id(),
    # What it is known by, whatever changes about it.
    Column("key", Text, nullable=False, unique=True),
    # The feed that had it first. What is known stays known when that feed is removed.
    Column(
        "feed_id",
        BigInteger().with_variant(Integer, "sqlite"),
        ForeignKey("feed.id", ondelete="SET NULL"),
        index=True,
    ),
    Column("title", Text, nullable=False),
    Column("url", Text, nullable=False, server_default=""),
    Column("publisher", Text, nullable=False, server_default=""),
    Column("text", Text, nullable=False, server_default=""),
    Column("published", Instant, nullable=False),
    Column("first_seen", Instant, nullable=False),
    # When a feed was last read that still lists it, to the day.
    Column("last_seen", Instant, nullable=False),
    Column("state", Text, nullable=False),
    _one_of("state", ArticleState),
    Index("ix_article_state_id", "state", "id"),
)

review = Table(
    "review",
    metadata,
    _id(),
    _ref("article_id", "article", index=False),
    Column("event", Text, nullable=False, index=True),
    # What the tracker makes of it (:class:`bot.model.review.Suggestion`), as JSON.
    Column("suggestion", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("decided_at", Instant),
    Column("decided_by", Text, nullable=False, server_default=""),
    Column("slug", Text, nullable=False, server_default=""),
    Column("development_key", Text, nullable=False, server_default=""),
    Column("taken", Integer),
    # The message in the desk's channel; how often it had to change, and which of these it shows.
    Column("channel_id", BigInteger, nullable=False, server_default="0"),
    Column("message_id", BigInteger, nullable=False, server_default="0"),
    Column("in_doubt", Integer, nullable=False, server_default="0"),
    Column("wanted", Integer, nullable=False, server_default="0"),
    Column("shown", Integer, nullable=False, server_default="0"),
    UniqueConstraint("article_id"),
    _one_of("state", ReviewState),
    Index("ix_review_state_id", "state", "id"),
)

retelling = Table(
    "retelling",
    metadata,
    _id(),
    _ref("review_id", "review"),
    _ref("article_id", "article", index=False),
    UniqueConstraint("article_id"),
)

tracked = Table(
    "tracked",
    metadata,
    # The order of its numbers is that in which the texts were taken in.
    _id(),
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
    _one_of("part", Part),
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
