"""Upgrade the tables of an older store to this version, step by step."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from bot.errors import StoreMissing, StoreTooNew, StoreUnavailable
from bot.languages import say

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

#: While an upgrade has begun and is not finished, a row says so.
_SELECT_UPGRADE = text("SELECT value FROM revision WHERE noun = 'upgrade begun'")
_INSERT_UPGRADE = text("INSERT INTO revision (noun, value) VALUES ('upgrade begun', 1)")
_DELETE_UPGRADE = text("DELETE FROM revision WHERE noun = 'upgrade begun'")


def _get_migrations_folder() -> Path:
    return Path(__file__).parent / "migrations"


def make_config(connection: Connection | None = None) -> Config:
    """Return Alembic's settings, for the connection whose transaction the steps are to run in."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_get_migrations_folder()))
    config.attributes["connection"] = connection
    return config


def is_upgrade_pending(connection: Connection, name: str, *, create: bool = True) -> bool:
    """Return whether migration steps are missing; ``name`` is what messages call the database.

    Raises StoreTooNew if the store has a step that this program does not know, StoreMissing if there are no tables yet
    and none may be created, and StoreUnavailable if there are only tables of another program.
    """
    current_revision = _get_current_revision(connection)
    if current_revision == get_newest_revision():
        return False
    if current_revision is None and inspect(connection).get_table_names():
        raise StoreUnavailable(
            f"The database {name} already exists and belongs to another program; give Dealwire a file of its own."
        )
    if current_revision is None and not create:
        raise StoreMissing(name)
    if current_revision is not None and current_revision not in list_revisions():
        raise StoreTooNew(
            say("The database {path} was written by a newer version of Dealwire; update the program.", path=name)
        )
    return True


def list_revisions() -> frozenset[str]:
    """Return all steps by the names of their files, ``s0001_first.py``. Loading Alembic would cost every command 0.3 s."""
    return frozenset(file.stem[1:5] for file in (_get_migrations_folder() / "versions").glob("s[0-9]*.py"))


def get_newest_revision() -> str:
    """Return the newest step; empty if there is none."""
    return max(list_revisions(), default="")


def _get_current_revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def is_backup_due(connection: Connection) -> bool:
    """Return whether an upgrade begins that changes an existing store, and not one that was interrupted and goes on.

    Call it in the transaction of a missing step.
    """
    if _get_current_revision(connection) is None:
        return False
    return not _has_revision_table(connection) or connection.execute(_SELECT_UPGRADE).scalar_one_or_none() is None


def upgrade_one_step(connection: Connection) -> None:
    """Run the next missing step in the caller's transaction, together with the record that it was run."""
    from alembic.runtime.environment import EnvironmentContext

    # As alembic.command.upgrade does, which reads every script again at each step.
    scripts, target = _read_scripts(_get_migrations_folder()), "+1"
    with EnvironmentContext(
        make_config(connection),
        scripts,
        fn=lambda current, _: scripts._upgrade_revs(target, current),  # noqa: SLF001
        destination_rev=target,
    ):
        scripts.run_env()
    if _has_revision_table(connection):
        connection.execute(_DELETE_UPGRADE)
        if _get_current_revision(connection) != get_newest_revision():
            connection.execute(_INSERT_UPGRADE)


@cache
def _read_scripts(folder: Path) -> ScriptDirectory:
    from alembic.script import ScriptDirectory

    return ScriptDirectory(str(folder))


def _has_revision_table(connection: Connection) -> bool:
    return inspect(connection).has_table("revision")
