"""Back up a store, and restore a backup."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.clock import Clock, utc_now
from bot.store.engines.cancellation import await_uninterrupted, run_stoppable
from bot.store.engines.engine import Backup, CopyProgress
from bot.store.engines.finding import find_engine
from bot.store.engines.path_names import format_path
from bot.store.migrate import get_newest_revision
from bot.store.restored_state import RestoredCounts
from bot.store.store import Store, upgrade_tables

__all__ = ["Backup", "RestoreReport", "back_up_store", "format_path", "restore_store"]


@dataclass(frozen=True, slots=True)
class RestoreReport:
    """A finished restore.

    Attributes:
        name: what messages call the database.
        made_at: when the backup was made; None if it does not say.
        restored_at: when the backup was restored, by this machine's clock.
        former: where the former database is kept; None if there was none.
        is_upgraded: whether the backup had the tables of an older version.
        counts: what was changed so that nothing is posted twice.
    """

    name: str
    made_at: datetime | None
    restored_at: datetime
    former: Path | None
    is_upgraded: bool
    counts: RestoredCounts


async def back_up_store(url: str, target: Path, *, clock: Clock = utc_now, report: CopyProgress) -> Backup:
    """Copy the store at a URL to a new file, while others use it. An older store is not upgraded.

    Raises SettingsError for a URL that is not supported, StoreMissing if there is no store, StoreUnavailable if the store
    is damaged or the file cannot be written. If it fails, there is no such file; if it is cancelled, there is none or a
    whole one.
    """
    engine = find_engine(url)
    return await run_stoppable(lambda stop: engine.back_up(target, clock, stop, report))


async def restore_store(
    url: str, backup: Path | None, *, clock: Clock = utc_now, report: CopyProgress
) -> RestoreReport:
    """Put a copy of a backup, with the present tables, in the place of the store at a URL, and keep that beside it.

    Without a backup, prepare the store for what it does not know, after the server's own program has restored it.

    Raises StoreBusy if the store is in use, StoreTooNew, or StoreUnavailable if the backup is damaged or not one of ours.
    If it fails or is cancelled, the store is as it was. Once the store is being replaced, it ends normally even if it is
    cancelled.
    """
    engine = find_engine(url)
    with engine.open_restoration(backup) as restoration:
        revision, made_at = await run_stoppable(lambda stop: restoration.copy_backup(stop, report))
        now = clock()
        async with restoration.open_copy() as database:
            await upgrade_tables(database, clock, create=False, keeps_backup=False)
            async with Store(database, clock).write() as tx:
                counts = await tx.restored_state.apply(made_at, now)
        replacing = asyncio.ensure_future(asyncio.to_thread(restoration.replace_database, now))
        # Whoever interrupts it here must still be told what was restored.
        with contextlib.suppress(asyncio.CancelledError):
            await await_uninterrupted(replacing)
        former = replacing.result()
    return RestoreReport(engine.name, made_at, now, former, revision != get_newest_revision(), counts)
