"""Import of files into the store: all of them are read and checked before the first is written."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from bot.errors import AddressNotAllowed, InputError
from bot.newsroom.desk import Desk
from bot.newsroom.feeds.address_guard import AddressGuard
from bot.newsroom.feeds.feed_subscriptions import FeedSubscriptions
from bot.newsroom.revision import apply_draft
from bot.newsroom.story_files import ParsedFile, check_related, find_files, read_file, read_files
from bot.newsroom.story_writer import PublishOutcome, build_revision, check_company_names
from bot.store import Store, Transaction

#: Called after each file with how many are done and how many there are.
ProgressCallback = Callable[[int, int], None]


@dataclass(slots=True)
class ImportReport:
    """The counts of what an import did, or what it would do if it is a dry run."""

    files: int = 0
    companies: int = 0
    feeds_added: int = 0
    feeds_changed: int = 0
    stories_added: int = 0
    stories_changed: int = 0
    developments_added: int = 0
    developments_corrected: int = 0
    terms_added: int = 0
    terms_corrected: int = 0
    expected_added: int = 0
    expected_changed: int = 0
    deliveries: int = 0

    def add(self, outcome: PublishOutcome) -> None:
        """Count the outcome of one story."""
        self.stories_added += outcome.is_new
        self.stories_changed += outcome.is_changed and not outcome.is_new
        self.developments_added += len(outcome.new_developments)
        self.developments_corrected += len(outcome.corrections)
        self.terms_added += len(outcome.new_terms)
        self.terms_corrected += len(outcome.term_corrections)
        added_count = sum(change.before is None for change in outcome.expected_changes)
        self.expected_added += added_count
        self.expected_changed += len(outcome.expected_changes) - added_count
        self.deliveries += outcome.deliveries


async def import_paths(
    store: Store,
    desk: Desk,
    paths: Iterable[Path],
    *,
    actor: str,
    announce: bool = False,
    dry_run: bool = False,
    progress: ProgressCallback | None = None,
    subscriptions: FeedSubscriptions | None = None,
) -> ImportReport:
    """Import story, company and feed files, stories last. Repeated, it changes nothing.

    Raises InputError before anything is written if a file is refused, and FilesRefused if several are.
    """
    files = read_files(find_files(paths), read_file)
    async with store.read() as tx:
        stored_slugs = await tx.stories.list_slugs()
        check_related(files, stored_slugs)
        await _check_against_store(tx, files, frozenset(stored_slugs))
    subscriptions = subscriptions or FeedSubscriptions(store, desk.clock, AddressGuard())
    _check_feeds(subscriptions, files)
    report = ImportReport(files=len(files))
    files_in_order = sorted(files, key=lambda file: file.story is not None)
    for index, parsed_file in enumerate(files_in_order, start=1):
        if parsed_file.feeds:
            await _import_feeds(subscriptions, parsed_file, report, actor=actor, dry_run=dry_run)
        else:
            await _import_file(desk, parsed_file, report, actor=actor, announce=announce, dry_run=dry_run)
        if progress:
            progress(index, len(files_in_order))
    while not dry_run and await desk.index_mentions():
        pass
    return report


async def _check_against_store(tx: Transaction, files: Iterable[ParsedFile], slugs: Collection[str]) -> None:
    """Refuse files that are correct by themselves but do not fit the store."""
    parsed_files = list(files)
    new_companies = [company for parsed_file in parsed_files for company in parsed_file.companies]
    companies = {company.name: company for company in await tx.companies.find_sharing_names(new_companies)}
    for parsed_file in parsed_files:
        try:
            if parsed_file.companies:
                check_company_names(parsed_file.companies, companies)
            if parsed_file.story and parsed_file.story.slug in slugs:
                await build_revision(tx, parsed_file.story)
            elif parsed_file.story:
                apply_draft(None, parsed_file.story, {}, tx.latest_date)
        except InputError as exc:
            raise exc.with_file(parsed_file.path.name) from exc
        companies.update((company.name, company) for company in parsed_file.companies)


async def _import_file(
    desk: Desk, parsed_file: ParsedFile, report: ImportReport, *, actor: str, announce: bool, dry_run: bool
) -> None:
    try:
        if parsed_file.story is None:
            report.companies += await desk.add_companies(parsed_file.companies, actor=actor, dry_run=dry_run)
        elif dry_run:
            report.add(await desk.preview(parsed_file.story))
        else:
            report.add(await desk.publish(parsed_file.story, actor=actor, announce=announce))
    except InputError as exc:
        raise exc.with_file(parsed_file.path.name) from exc


def _check_feeds(subscriptions: FeedSubscriptions, files: Iterable[ParsedFile]) -> None:
    """Refuse an address that no feed may have."""
    for parsed_file in files:
        for index, draft in enumerate(parsed_file.feeds, start=1):
            try:
                subscriptions.normalize_address(draft.url)
            except AddressNotAllowed as exc:
                raise InputError(f"feed[{index}].url", str(exc), parsed_file.path.name) from exc


async def _import_feeds(
    subscriptions: FeedSubscriptions, parsed_file: ParsedFile, report: ImportReport, *, actor: str, dry_run: bool
) -> None:
    counts = await subscriptions.import_feeds(parsed_file.feeds, by=actor, dry_run=dry_run)
    report.feeds_added += counts.added_count
    report.feeds_changed += counts.changed_count
