"""The database: where it is, who may write it, whether it is intact, and how much room there is."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass

from bot.errors import DealwireError, SettingsError, StoreMissing
from bot.model.feed import Feed, FeedState
from bot.model.findings import Finding, has_problem
from bot.model.stages import DescriptionFault, DescriptionPart
from bot.newsroom.description_check import find_description_faults
from bot.settings import Settings
from bot.store import Store, open_store
from bot.store.engines.engine import Engine
from bot.store.engines.finding import find_engine
from bot.terminal.check.disk import check_disk
from bot.terminal.check.rights import check_rights

#: Outdated headlines and summaries beyond these are counted.
_MAX_FAULTS = 20


@dataclass(frozen=True, slots=True)
class DatabaseReport:
    """What was found, and what the other checks need: the desk's last server and its active feeds, as far as they are known.

    ``is_missing`` says that the first start will create the database.
    """

    findings: list[Finding]
    former_desk_id: int | None = None
    feeds: tuple[Feed, ...] = ()
    is_missing: bool = False


async def check_database(settings: Settings) -> DatabaseReport:
    """Check the place of the database, and what is in it. What cannot be opened is not read."""
    try:
        engine = find_engine(settings.database_url)
    except SettingsError as exc:
        return DatabaseReport([Finding.problem(str(exc))])
    findings = [*engine.check_program(), *_check_place(engine)]
    if has_problem(findings):
        return DatabaseReport(findings)
    try:
        async with open_store(settings.database_url, create=False) as store:
            report = await _check_content(store, settings)
    except StoreMissing as exc:
        findings.append(Finding.note(f"There is no database at {exc.place} yet; the first `dealwire run` creates it."))
        return DatabaseReport(findings, is_missing=True)
    except DealwireError as exc:
        return DatabaseReport([*findings, Finding.problem(str(exc))])
    return DatabaseReport([*findings, *report.findings], report.former_desk_id, report.feeds)


def _check_place(engine: Engine) -> Iterator[Finding]:
    fault = engine.find_place_fault()
    if fault:
        yield Finding.problem(fault)
    # Windows has neither these rights nor this way to ask for free space.
    if engine.file is None or not hasattr(os, "geteuid"):
        return
    yield from check_rights(engine.file)
    with contextlib.suppress(OSError, RuntimeError):
        yield from check_disk(engine.file)


async def _check_content(store: Store, settings: Settings) -> DatabaseReport:
    await store.check()
    async with store.read() as tx:
        count = await tx.stories.count()
        former_desk_id = await tx.metadata.get_desk_guild()
        feeds = await tx.feeds.list_all()
    findings = [Finding.ok(f"The database {store.name} is intact; stories: {count}.")]
    faults = await find_description_faults(store)
    findings += [
        Finding.note(f"{fault.story.slug}: {_describe_fault(fault)}; update it with `/desk story`.")
        for fault in faults[:_MAX_FAULTS]
    ]
    if len(faults) > _MAX_FAULTS:
        findings.append(Finding.note(f"{len(faults) - _MAX_FAULTS} more stories have an outdated headline or summary."))
    if not count and settings.seeds is None:
        findings.append(
            Finding.note(
                "The database is empty and SEEDS is not set, so the bot starts without stories. Add some with"
                " `dealwire import`."
            )
        )
    active = tuple(feed for feed in feeds if feed.is_desk and feed.state is FeedState.ACTIVE)
    return DatabaseReport(findings, former_desk_id, active)


def _describe_fault(fault: DescriptionFault) -> str:
    """Return what is wrong with a headline or summary: ``the headline says "In talks", but the deal is Signed``."""
    stage = fault.story.stage
    present = f"but the deal is “{stage.label}”" if stage else "but the deal has no stage any more"
    if fault.part is DescriptionPart.BOTH:
        return f"headline and summary are from “{fault.stated_stage.label}”, {present}"
    return f"the {fault.part.name.lower()} says “{fault.stated_stage.label}”, {present}"
