"""The tables. All statements of the store are written against these, for every engine alike.

Times are aware UTC, stored as text of one width, so that they sort as they read. Dates of the news keep their
precision: ``2025``, ``2025-08`` or ``2025-08-16``.
"""

from bot.store.tables.column_types import Instant, metadata
from bot.store.tables.delivery import delivery, destination, follow, guild, last_seen, post, preference, reader_report
from bot.store.tables.followed_feeds import cluster, cluster_article, followed_article
from bot.store.tables.newsroom import (
    article,
    failure,
    feed,
    publication_draft,
    retelling,
    review,
    tracked_centre,
    tracked_text,
)
from bot.store.tables.stories import (
    alias,
    company,
    development,
    expected_event,
    expected_source,
    former_name,
    mention,
    mention_queue,
    party,
    related,
    source,
    story,
    story_merge,
    story_split,
    story_title,
    term,
    term_source,
)
from bot.store.tables.system import audit, command_sync, list_query, revision

__all__ = [
    "Instant",
    "alias",
    "article",
    "audit",
    "cluster",
    "cluster_article",
    "command_sync",
    "company",
    "delivery",
    "destination",
    "development",
    "expected_event",
    "expected_source",
    "failure",
    "feed",
    "follow",
    "followed_article",
    "former_name",
    "guild",
    "last_seen",
    "list_query",
    "mention",
    "mention_queue",
    "metadata",
    "party",
    "post",
    "preference",
    "publication_draft",
    "reader_report",
    "related",
    "retelling",
    "review",
    "revision",
    "source",
    "story",
    "story_merge",
    "story_split",
    "story_title",
    "term",
    "term_source",
    "tracked_centre",
    "tracked_text",
]
