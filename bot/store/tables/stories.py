"""The tables of stories and companies."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    func,
)

from bot.model.expected_event import ExpectedOutcome
from bot.model.story_split import SplitState
from bot.model.terms import TermName
from bot.model.vocabulary import Bound, Claim, Kind, Stage
from bot.store.tables.column_types import (
    Instant,
    enum_check,
    id_column,
    metadata,
    partial_date_check,
    partial_index,
    reference_column,
)

company = Table(
    "company",
    metadata,
    id_column(),
    Column("name", Text, nullable=False, unique=True),
    Column("country", Text, nullable=False, server_default=""),
    Column("ticker", Text, nullable=False, server_default="", index=True),
    # The folded name (:func:`bot.model.text_folding.fold`), by which a name is found in any spelling.
    Column("folded", Text, nullable=False, server_default="", index=True),
)

alias = Table(
    "alias",
    metadata,
    id_column(),
    reference_column("company_id", "company"),
    Column("alias", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("folded", Text, nullable=False, server_default="", index=True),
    UniqueConstraint("company_id", "alias"),
)

story = Table(
    "story",
    metadata,
    id_column(),
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
    # The stage and the "as of" for which headline and summary were written, and what heads the story while they are outdated.
    Column("described_stage", Text),
    Column("described_as_of", Text, nullable=False, server_default=""),
    Column("current_headline", Text, nullable=False, server_default=""),
    enum_check("kind", Kind),
    enum_check("stage", Stage),
    CheckConstraint("is_deal = 1 OR stage IS NULL", name="stage_of_deals"),
    # For lists, newest first, with and without filters.
    Index("ix_story_newest", "as_of_sort", "id"),
    Index("ix_story_newest_deals", "is_deal", "as_of_sort", "id"),
    Index("ix_story_newest_of_stage", "stage", "as_of_sort", "id"),
    Index("ix_story_newest_of_kind", "kind", "as_of_sort", "id"),
    Index("ix_story_newest_of_kind_and_stage", "kind", "stage", "as_of_sort", "id"),
    partial_index("ix_story_outdated", "current_headline <> ''", "as_of_sort", "id"),
)

#: What heads a story where there is room for one line (:attr:`bot.model.story.Story.title`).
story_title = func.coalesce(func.nullif(story.c.current_headline, ""), story.c.headline)

# All that the card of a story shows, as one row (:mod:`bot.store.story_pages`).
story_page = Table(
    "story_page",
    metadata,
    Column(
        "story_id",
        BigInteger().with_variant(Integer, "sqlite"),
        ForeignKey("story.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    # How the content is encoded, and the revision of the stories with which it was written.
    Column("format", Integer, nullable=False),
    Column("revision", BigInteger, nullable=False),
    Column("content", Text, nullable=False),
)

# The table keeps the name that it was released with.
story_merge = Table(
    "joined",
    metadata,
    id_column(),
    # The slug of a story that was merged into another, and what undoing it needs (:mod:`bot.store.story_merges`).
    Column("slug", Text, nullable=False, unique=True),
    reference_column("into_id", "story"),
    Column("at", Instant, nullable=False),
    Column("kept", Text, nullable=False),
)

story_split = Table(
    "story_split",
    metadata,
    id_column(),
    # The slug of the story that was split. It stays when that story is merged into another, since files still name it.
    Column("slug", Text, nullable=False, index=True),
    Column("state", Text, nullable=False),
    # What the editor has chosen, as JSON; and, once it is done, what undoing it needs (:mod:`bot.store.story_splits`).
    Column("content", Text, nullable=False),
    Column("moved", Text, nullable=False, server_default=""),
    Column("changed_at", Instant, nullable=False, index=True),
    enum_check("state", SplitState),
    # Buttons in old messages refer to a split by its id, so no id is used twice.
    sqlite_autoincrement=True,
)

related = Table(
    "related",
    metadata,
    id_column(),
    reference_column("story_id", "story"),
    # By slug, since a story may name one that comes later in the same import.
    Column("slug", Text, nullable=False),
    Column("position", Integer, nullable=False),
    UniqueConstraint("story_id", "slug"),
)

party = Table(
    "party",
    metadata,
    id_column(),
    reference_column("story_id", "story"),
    reference_column("company_id", "company"),
    Column("role", Text, nullable=False, server_default=""),
    Column("position", Integer, nullable=False),
    # Copies from the story's row, so that the newest of a company's thousands of stories are found by index.
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
    id_column(),
    reference_column("story_id", "story"),
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
    partial_date_check("date"),
    enum_check("claim", Claim),
    enum_check("stage", Stage),
    # Of valid developments: all by date, and by story; and the few that decide a story's stage or dispute.
    partial_index("ix_development_newest", "retracted = ''", "date_sort", "id"),
    partial_index("ix_development_standing", "retracted = ''", "story_id", "date_sort", "id"),
    partial_index("ix_development_newest_of_claim", "retracted = ''", "claim", "date_sort", "id"),
    partial_index("ix_development_newest_of_stage", "retracted = '' AND stage IS NOT NULL", "stage", "date_sort", "id"),
    partial_index("ix_development_telling", "stage IS NOT NULL OR claim = 'denied'", "story_id"),
    # Buttons in old messages refer to a development by its id, so no id is used twice.
    sqlite_autoincrement=True,
)

# The companies that a story's texts name and that are not parties to it. Derived from the texts, never entered.
mention = Table(
    "mention",
    metadata,
    id_column(),
    reference_column("story_id", "story", index=False),
    reference_column("company_id", "company", index=False),
    # The development whose text names it; NULL: the story's headline or summary.
    reference_column("development_id", "development", nullable=True),
    # Copies from the story's row, as those of the parties.
    Column("is_open", Integer, nullable=False),
    Column("as_of_sort", BigInteger, nullable=False),
    UniqueConstraint("story_id", "company_id", "development_id"),
    Index("ix_mention_newest", "company_id", "as_of_sort", "story_id"),
)

# The stories whose texts have to be read for mentions again, since a name of a company has changed.
mention_queue = Table(
    "mention_queue",
    metadata,
    id_column(),
    reference_column("story_id", "story", index=False),
    UniqueConstraint("story_id"),
)

former_name = Table(
    "former_name",
    metadata,
    id_column(),
    reference_column("development_id", "development"),
    Column("date", Text, nullable=False),
    Column("headline", Text, nullable=False),
    UniqueConstraint("development_id", "date", "headline"),
    partial_date_check("date"),
)

source = Table(
    "source",
    metadata,
    id_column(),
    reference_column("development_id", "development"),
    Column("position", Integer, nullable=False),
    Column("publisher", Text, nullable=False),
    Column("title", Text, nullable=False, server_default=""),
    Column("url", Text, nullable=False, server_default=""),
    Column("date", Text, nullable=False, server_default=""),
)

expected_event = Table(
    "expected_event",
    metadata,
    id_column(),
    reference_column("story_id", "story"),
    Column("key", Text, nullable=False),
    Column("headline", Text, nullable=False),
    # As the story file writes it; the last day of that as a number (20250630); and whether it is a single day.
    Column("date", Text, nullable=False),
    Column("last_day", BigInteger, nullable=False),
    Column("is_day", Integer, nullable=False),
    Column("outcome", Text),
    # What it resulted in, if it happened.
    reference_column("development_id", "development", nullable=True),
    Column("created_at", Instant, nullable=False),
    # Why it was dropped.
    Column("reason", Text, nullable=False, server_default=""),
    UniqueConstraint("story_id", "key"),
    enum_check("outcome", ExpectedOutcome),
    Index("ix_expected_event_soonest", "last_day", "id"),
    # Buttons in old messages refer to an event by its id, so no id is used twice.
    sqlite_autoincrement=True,
)

expected_source = Table(
    "expected_source",
    metadata,
    id_column(),
    reference_column("expected_event_id", "expected_event"),
    Column("position", Integer, nullable=False),
    Column("publisher", Text, nullable=False),
    Column("title", Text, nullable=False, server_default=""),
    Column("url", Text, nullable=False, server_default=""),
    Column("date", Text, nullable=False, server_default=""),
)

term = Table(
    "term",
    metadata,
    id_column(),
    reference_column("story_id", "story"),
    Column("key", Text, nullable=False),
    Column("name", Text, nullable=False),
    # The exact number as text, and the nearest floating-point number, by which figures of one unit are compared and sorted.
    Column("amount", Text, nullable=False),
    Column("amount_sort", Double, nullable=False),
    Column("bound", Text),
    Column("unit", Text, nullable=False),
    Column("claim", Text, nullable=False),
    Column("date", Text, nullable=False, server_default=""),
    Column("retracted", Text, nullable=False, server_default=""),
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("story_id", "key"),
    enum_check("name", TermName),
    enum_check("bound", Bound),
    enum_check("claim", Claim),
    # The largest of a name and a unit, among those that somebody asserts.
    partial_index("ix_term_largest", "retracted = '' AND claim <> 'denied'", "name", "unit", "amount_sort", "story_id"),
    # Buttons in old messages refer to a term by its id, so no id is used twice.
    sqlite_autoincrement=True,
)

term_source = Table(
    "term_source",
    metadata,
    id_column(),
    reference_column("term_id", "term"),
    Column("position", Integer, nullable=False),
    Column("publisher", Text, nullable=False),
    Column("title", Text, nullable=False, server_default=""),
    Column("url", Text, nullable=False, server_default=""),
    Column("date", Text, nullable=False, server_default=""),
)
