"""The ``backup`` and ``restore`` commands."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from bot.settings import Settings
from bot.store.backups import RestoreReport, back_up_store, restore_store
from bot.terminal.progress import show_progress


async def backup_command(settings: Settings, file: Path) -> int:
    """Back up the database, and print the size of the backup."""
    with show_progress("Copying, in MB") as progress:
        backup = await back_up_store(settings.database_url, file, report=progress)
    print(f"Wrote {_format_path(file)}: {backup.size / 1_000_000:,.1f} MB, as of {_format_time(backup.at)}.")
    return 0


async def restore_command(settings: Settings, file: Path) -> int:
    """Restore a backup, and print what that means for the bot's posts."""
    with show_progress("Copying, in MB") as progress:
        report = await restore_store(settings.database_url, file, report=progress)
    print("\n".join(_format_lines(report, file)))
    return 0


def _format_lines(report: RestoreReport, file: Path) -> list[str]:
    made = f"a backup of {_format_time(report.made_at)}" if report.made_at else "which does not say when it was made"
    lines = [f"Restored {_format_path(report.path)} from {_format_path(file)}, {made}."]
    if report.is_upgraded:
        lines.append("Its tables were upgraded to this version.")
    if report.former is not None:
        lines.append(
            f"The former database is kept as {_format_path(report.former)}; delete it when you no longer need it."
        )
    counts = report.counts
    if counts.open_posts:
        lines.append(
            f"Posts that may have been sent since the backup: {counts.open_posts}. The bot looks for each in its channel"
            " before it sends it."
        )
    if counts.dropped_notices or counts.dropped_articles:
        lines.append(
            f"Not posted, because it may have been posted since the backup: {counts.dropped_notices} items of digests and"
            f" reminders, {counts.dropped_articles} articles of feeds."
        )
    lines.append(
        "Data that people or servers have erased since the backup is back. PRIVACY.md says what you must do about it."
    )
    return lines


def _format_time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"


def _format_path(path: Path) -> str:
    # A file name can contain line breaks, terminal escapes and bytes that no terminal shows.
    return str(path) if str(path).isprintable() else repr(str(path))
