"""Files into the store: all of them are read and checked before the first is written."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from bot.errors import AddressRefused, InputError
from bot.newsroom.companies import check_names
from bot.newsroom.desk import Desk
from bot.newsroom.entering import Outcome, merged
from bot.newsroom.feeds.addresses import Guard
from bot.newsroom.feeds.subscriptions import Subscriptions
from bot.newsroom.files import ReadFile, check_related, find_files, read_all, read_file
from bot.store import Session, Store

#: Told after each file: how many are done, and of how many.
Progress = Callable[[int, int], None]


@dataclass(slots=True)
class ImportReport:
    """What an import did (or, as a dry run, would do), in figures."""

    files: int = 0
    companies: int = 0
    feeds_added: int = 0
    feeds_changed: int = 0
    stories_added: int = 0
    stories_changed: int = 0
    developments_added: int = 0
    developments_corrected: int = 0
    owed: int = 0

    def count(self, outcome: Outcome) -> None:
        """Add what came of one story."""
        self.stories_added += outcome.created
        self.stories_changed += outcome.changed and not outcome.created
        self.developments_added += len(outcome.added)
        self.developments_corrected += len(outcome.corrected)
        self.owed += outcome.owed


async def import_paths(
    store: Store,
    desk: Desk,
    paths: Iterable[Path],
    *,
    actor: str,
    announce: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
    subscriptions: Subscriptions | None = None,
) -> ImportReport:
    """Import story, company and feed files, stories last. Repeated, it changes nothing.

    Raises InputError before anything is written when any of the files is refused, FilesRefused when several are.
    """
    files = read_all(find_files(paths), read_file)
    async with store.read() as session:
        known = await session.stories.slugs()
        check_related(files, known)
        await _check_fit(session, files, frozenset(known))
    subscriptions = subscriptions or Subscriptions(store, desk.clock, Guard())
    _check_feeds(subscriptions, files)
    report = ImportReport(files=len(files))
    ordered = sorted(files, key=lambda read: read.story is not None)
    for done, read in enumerate(ordered, start=1):
        if read.feeds:
            await _subscribe(subscriptions, read, report, actor=actor, dry_run=dry_run)
        else:
            await _take_in(desk, read, report, actor=actor, announce=announce, dry_run=dry_run)
        if progress:
            progress(done, len(ordered))
    return report


async def _check_fit(session: Session, files: Iterable[ReadFile], slugs: Collection[str]) -> None:
    """Refuse what is right by itself, and wrong beside what the store has."""
    read_in = list(files)
    given = [company for read in read_in for company in read.companies]
    companies = {company.name: company for company in await session.companies.sharing(given)}
    for read in read_in:
        try:
            if read.companies:
                check_names(read.companies, companies)
            if read.story and read.story.slug in slugs:
                await merged(session, read.story)
        except InputError as exc:
            raise exc.in_file(read.path.name) from exc
        companies.update((company.name, company) for company in read.companies)


async def _take_in(
    desk: Desk, read: ReadFile, report: ImportReport, *, actor: str, announce: bool, dry_run: bool
) -> None:
    try:
        if read.story is None:
            report.companies += await desk.add_companies(read.companies, actor=actor, dry_run=dry_run)
        elif dry_run:
            report.count(await desk.would(read.story))
        else:
            report.count(await desk.publish(read.story, actor=actor, announce=announce))
    except InputError as exc:
        raise exc.in_file(read.path.name) from exc


def _check_feeds(subscriptions: Subscriptions, files: Iterable[ReadFile]) -> None:
    """Refuse an address at which no feed may be."""
    for read in files:
        for place, draft in enumerate(read.feeds, start=1):
            try:
                subscriptions.address(draft.url)
            except AddressRefused as exc:
                raise InputError(f"feed[{place}].url", str(exc), read.path.name) from exc


async def _subscribe(
    subscriptions: Subscriptions, read: ReadFile, report: ImportReport, *, actor: str, dry_run: bool
) -> None:
    taken = await subscriptions.take(read.feeds, by=actor, dry_run=dry_run)
    report.feeds_added += taken.added
    report.feeds_changed += taken.changed
