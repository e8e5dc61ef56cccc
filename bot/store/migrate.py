"""Bring a store's tables to this version, step by step."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from bot.errors import StoreTooNew


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def pending(connection: Connection, path: Path) -> bool:
    """Whether steps are missing; StoreTooNew when the store knows a step that this program does not."""
    script = ScriptDirectory.from_config(_config())
    known = {step.revision for step in script.walk_revisions()}
    current = MigrationContext.configure(connection).get_current_revision()
    if current is not None and current not in known:
        raise StoreTooNew(f"The database {path} was written by a newer version of Dealwire; update the program.")
    return current != script.get_current_head()


def upgrade_one(connection: Connection) -> None:
    """Run the next missing step, in the caller's transaction: what it did and its record are one."""
    command.upgrade(_config(connection), "+1")
