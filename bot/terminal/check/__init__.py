"""``check``: what is wrong with an installation, in words on which a newcomer can act. One module per subject.

Each subject returns findings. What must be fixed is printed last, right above the prompt.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from bot.clock import utc_now
from bot.errors import DealwireError
from bot.model.findings import Finding, Severity
from bot.platforms.discord.checks import check_discord
from bot.settings import Settings
from bot.terminal.check.database import check_database
from bot.terminal.check.feeds import check_feeds
from bot.terminal.check.http_port import check_http_port
from bot.terminal.check.program import check_embeddings, check_extras, check_settings, check_system
from bot.terminal.check.seeds import check_seeds
from bot.terminal.check.workers import check_workers

_MARKS = {Severity.OK: "ok", Severity.NOTE: "note", Severity.PROBLEM: "FIX"}


async def check_command(settings: Settings) -> int:
    """Check everything, print the findings, and raise DealwireError if there is a problem."""
    database = await check_database(settings)
    seed_findings, seed_feeds = check_seeds(settings.seeds, utc_now) if database.is_missing else ([], ())
    parts = await asyncio.gather(
        check_workers(),
        asyncio.to_thread(lambda: list(check_embeddings(settings.embeddings))),
        check_http_port(settings),
        check_feeds(settings, database.feeds or seed_feeds, utc_now),
        check_discord(settings, database.former_desk_id, utc_now),
    )
    findings = [
        *check_settings(),
        *check_system(),
        *check_extras(settings.embeddings),
        *database.findings,
        *seed_findings,
        *(each for part in parts for each in part),
    ]
    # Two subjects may meet the same fault.
    findings = list(dict.fromkeys(findings))
    print("\n".join(format_findings(findings)))
    problem_count = sum(finding.severity is Severity.PROBLEM for finding in findings)
    if problem_count:
        raise DealwireError(f"{problem_count} problem{'s' if problem_count > 1 else ''} to fix; see above.")
    return 0


def format_findings(findings: Iterable[Finding]) -> list[str]:
    """Return a line for each finding: what is in order, then the notes, then the problems."""
    return [
        f"{_MARKS[finding.severity]:<6}{finding.text}"
        for finding in sorted(findings, key=lambda finding: finding.severity)
    ]
