"""The first tables: stories with their developments, follows with their deliveries, and the audit."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), server_default="", nullable=False),
        sa.Column("after", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_subject"), "audit", ["subject"], unique=False)
    op.create_table(
        "command_sync",
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("scope", name=op.f("pk_command_sync")),
    )
    op.create_table(
        "company",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), server_default="", nullable=False),
        sa.Column("ticker", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company")),
        sa.UniqueConstraint("name", name=op.f("uq_company_name")),
    )
    op.create_table(
        "destination",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("discord_id", sa.BigInteger(), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("blocked", sa.Text(), server_default="", nullable=False),
        sa.Column("blocked_at", sa.Text(), nullable=True),
        sa.Column("retry_at", sa.Text(), nullable=True),
        sa.CheckConstraint("place IN ('channel', 'thread', 'dm')", name=op.f("ck_destination_place")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_destination")),
        sa.UniqueConstraint("discord_id", name=op.f("uq_destination_discord_id")),
    )
    op.create_index(op.f("ix_destination_guild_id"), "destination", ["guild_id"], unique=False)
    op.create_table(
        "guild",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("left_at", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guild")),
    )
    op.create_table(
        "revision",
        sa.Column("noun", sa.Text(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("noun", name=op.f("pk_revision")),
    )
    op.create_table(
        "story",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=True),
        sa.Column("is_deal", sa.Integer(), nullable=False),
        sa.Column("is_open", sa.Integer(), nullable=False),
        sa.Column("disputed", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Text(), server_default="", nullable=False),
        sa.Column("as_of_sort", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('merger', 'acquisition', 'stake', 'joint-venture', 'alliance', 'supply', 'contract-manufacturing', 'licensing', 'financing', 'product', 'plant', 'policy', 'people', 'results', 'event', 'other')",
            name=op.f("ck_story_kind"),
        ),
        sa.CheckConstraint(
            "stage IN ('rumoured', 'talks', 'agreed', 'signed', 'review', 'completed', 'terminated', 'lapsed')",
            name=op.f("ck_story_stage"),
        ),
        sa.CheckConstraint("is_deal = 1 OR stage IS NULL", name=op.f("ck_story_stage_of_deals")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story")),
        sa.UniqueConstraint("slug", name=op.f("uq_story_slug")),
    )
    op.create_index("ix_story_newest", "story", ["as_of_sort", "id"], unique=False)
    op.create_table(
        "alias",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("alias", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_alias_company_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alias")),
        sa.UniqueConstraint("company_id", "alias", name=op.f("uq_alias_company_id_alias")),
    )
    op.create_index(op.f("ix_alias_company_id"), "alias", ["company_id"], unique=False)
    op.create_table(
        "development",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("story_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("date", sa.Text(), nullable=False),
        sa.Column("date_sort", sa.BigInteger(), nullable=False),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("claim", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=True),
        sa.Column("retracted", sa.Text(), server_default="", nullable=False),
        sa.Column("announced", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.CheckConstraint("claim IN ('confirmed', 'reported', 'denied')", name=op.f("ck_development_claim")),
        sa.CheckConstraint(
            "stage IN ('rumoured', 'talks', 'agreed', 'signed', 'review', 'completed', 'terminated', 'lapsed')",
            name=op.f("ck_development_stage"),
        ),
        sa.CheckConstraint("length(date) IN (4, 7, 10)", name=op.f("ck_development_date")),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_development_story_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_development")),
        sa.UniqueConstraint("story_id", "key", name=op.f("uq_development_story_id_key")),
    )
    op.create_index("ix_development_newest", "development", ["date_sort", "id"], unique=False)
    op.create_index(op.f("ix_development_story_id"), "development", ["story_id"], unique=False)
    op.create_table(
        "follow",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("destination_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("target_kind", sa.Text(), nullable=False),
        sa.Column("target_key", sa.Text(), nullable=False),
        sa.Column("company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("story_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("role_id", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="active", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("state IN ('active', 'stopped')", name=op.f("ck_follow_state")),
        sa.CheckConstraint(
            "target_kind IN ('everything', 'company', 'story', 'kind')", name=op.f("ck_follow_target_kind")
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_follow_company_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["destination_id"], ["destination.id"], name=op.f("fk_follow_destination_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_follow_story_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow")),
        sa.UniqueConstraint("destination_id", "target_key", name=op.f("uq_follow_destination_id_target_key")),
    )
    op.create_index(op.f("ix_follow_company_id"), "follow", ["company_id"], unique=False)
    op.create_index(op.f("ix_follow_destination_id"), "follow", ["destination_id"], unique=False)
    op.create_index(op.f("ix_follow_story_id"), "follow", ["story_id"], unique=False)
    op.create_index("ix_follow_target_key", "follow", ["target_key"], unique=False)
    op.create_table(
        "party",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("story_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("role", sa.Text(), server_default="", nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_party_company_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_party_story_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party")),
        sa.UniqueConstraint("story_id", "company_id", "role", name=op.f("uq_party_story_id_company_id_role")),
    )
    op.create_index(op.f("ix_party_company_id"), "party", ["company_id"], unique=False)
    op.create_index(op.f("ix_party_story_id"), "party", ["story_id"], unique=False)
    op.create_table(
        "post",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("destination_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("roles", sa.Text(), server_default="", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("in_doubt", sa.Integer(), server_default="0", nullable=False),
        sa.Column("unsettled", sa.Integer(), server_default="0", nullable=False),
        sa.Column("wanted", sa.Integer(), server_default="0", nullable=False),
        sa.Column("shown", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("due_at", sa.Text(), nullable=False),
        sa.Column("lease_until", sa.Text(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("sent_at", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("state IN ('pending', 'leased', 'sent', 'failed')", name=op.f("ck_post_state")),
        sa.ForeignKeyConstraint(
            ["destination_id"], ["destination.id"], name=op.f("fk_post_destination_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
        sa.UniqueConstraint("key", name=op.f("uq_post_key")),
    )
    op.create_index("ix_post_destination_id_id", "post", ["destination_id", "id"], unique=False)
    op.create_index(
        "ix_post_stale",
        "post",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("shown < wanted"),
        postgresql_where=sa.text("shown < wanted"),
    )
    op.create_index("ix_post_state_due_at", "post", ["state", "due_at"], unique=False)
    op.create_table(
        "related",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("story_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_related_story_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_related")),
        sa.UniqueConstraint("story_id", "slug", name=op.f("uq_related_story_id_slug")),
    )
    op.create_index(op.f("ix_related_story_id"), "related", ["story_id"], unique=False)
    op.create_table(
        "delivery",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("development_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("destination_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["destination_id"], ["destination.id"], name=op.f("fk_delivery_destination_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["development_id"], ["development.id"], name=op.f("fk_delivery_development_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_delivery_post_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("development_id", "destination_id", name=op.f("uq_delivery_development_id_destination_id")),
    )
    op.create_index(op.f("ix_delivery_destination_id"), "delivery", ["destination_id"], unique=False)
    op.create_index(op.f("ix_delivery_post_id"), "delivery", ["post_id"], unique=False)
    op.create_table(
        "former_name",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("development_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("date", sa.Text(), nullable=False),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.CheckConstraint("length(date) IN (4, 7, 10)", name=op.f("ck_former_name_date")),
        sa.ForeignKeyConstraint(
            ["development_id"], ["development.id"], name=op.f("fk_former_name_development_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_name")),
        sa.UniqueConstraint(
            "development_id", "date", "headline", name=op.f("uq_former_name_development_id_date_headline")
        ),
    )
    op.create_index(op.f("ix_former_name_development_id"), "former_name", ["development_id"], unique=False)
    op.create_table(
        "source",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("development_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("publisher", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("url", sa.Text(), server_default="", nullable=False),
        sa.Column("date", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["development_id"], ["development.id"], name=op.f("fk_source_development_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
    )
    op.create_index(op.f("ix_source_development_id"), "source", ["development_id"], unique=False)
    # Full text is what differs between engines; everything else above is portable.
    op.execute(
        "CREATE VIRTUAL TABLE story_search USING fts5"
        "(headline, names, body, tokenize = 'unicode61 remove_diacritics 2')"
    )
