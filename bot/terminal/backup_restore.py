"""The ``backup`` and ``restore`` commands."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from bot.settings import Settings
from bot.store.backups import RestoreReport, back_up_store, format_path, restore_store
from bot.terminal.progress import show_progress
from bot.terminal.termination import clean_up_on_sigterm


async def backup_command(settings: Settings, file: Path) -> int:
    """Back up the database, and print the size of the backup."""
    with clean_up_on_sigterm(), show_progress("Copying, in MB") as progress:
        backup = await back_up_store(settings.database_url, file, report=progress)
    print(f"Wrote {format_path(file)}: {backup.size / 1_000_000:,.1f} MB, as of {_format_time(backup.at)}.")
    return 0


async def restore_command(settings: Settings, file: Path | None) -> int:
    """Restore a backup, and print what that means for the bot's posts."""
    with clean_up_on_sigterm(), show_progress("Copying, in MB") as progress:
        report = await restore_store(settings.database_url, file, report=progress)
    print("\n".join(_format_lines(report, file)))
    return 0


def _format_lines(report: RestoreReport, file: Path | None) -> list[str]:
    made = f"a backup of {_format_time(report.made_at)}" if report.made_at else "which does not say when it was made"
    if file is None:
        lines = [f"{report.name} is ready: a bot can continue with what was restored."]
    else:
        lines = [f"Restored {format_path(Path(report.name))} from {format_path(file)}, {made}."]
    if report.made_at and report.made_at > report.restored_at:
        lines.append(
            f"The clock shows {_format_time(report.restored_at)}, which is before that. If it is wrong, set it and restore the"
            " backup again before you start the bot: otherwise posts may appear twice."
        )
    if report.is_upgraded:
        lines.append("Its tables were upgraded to this version.")
    if report.former is not None:
        lines.append(
            f"The former database is kept as {format_path(report.former)}; delete it when you no longer need it."
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
