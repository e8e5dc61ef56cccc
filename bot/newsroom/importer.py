"""Import of files into the store: all of them are read and checked before the first is written."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.errors import AddressNotAllowed, InputError
from bot.newsroom.company_writer import check_company_names
from bot.newsroom.desk import Desk
from bot.newsroom.drafts import StoryDraft
from bot.newsroom.feeds.address_guard import AddressGuard
from bot.newsroom.feeds.feed_subscriptions import FeedSubscriptions
from bot.newsroom.revision import apply_draft
from bot.newsroom.story_files import (
    ParsedFile,
    check_related,
    find_files,
    locate_error,
    raise_errors,
    read_file,
    try_files,
)
from bot.newsroom.story_writer import PublishOutcome, build_revision
from bot.store import Store, Transaction

#: How many stories are written in one transaction: a fraction of a second in which nobody else can write.
_STORIES_AT_ONCE = 25

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

    Raises InputError before anything is written if a file is refused, and FilesRejected with all of them if several are.
    """
    paths_of_files = find_files(paths)
    files, errors = try_files(paths_of_files, read_file)
    subscriptions = subscriptions or FeedSubscriptions(store, desk.clock, AddressGuard())
    async with store.read() as tx:
        stored_slugs = await tx.stories.list_slugs()
        if not errors:
            # A file that cannot be read may have the slug that seems to be missing.
            errors += check_related(files, stored_slugs)
        refused_names = {error.file for error in errors if isinstance(error, InputError)}
        unchecked_files = [file for file in files if file.path.name not in refused_names]
        errors += await _check_against_store(tx, unchecked_files, frozenset(stored_slugs))
    errors += _check_feeds(subscriptions, files)
    raise_errors(errors, len(paths_of_files))
    report = ImportReport(files=len(files))
    files_in_order = sorted(files, key=lambda file: file.story is not None)
    others = [file for file in files_in_order if file.story is None]
    stories = files_in_order[len(others) :]
    counts = itertools.count(1)

    def count_file() -> None:
        if progress:
            progress(next(counts), len(files))

    for parsed_file in others:
        if parsed_file.feeds:
            await _import_feeds(subscriptions, parsed_file, report, actor=actor, dry_run=dry_run)
        else:
            await _import_companies(desk, parsed_file, report, actor=actor, dry_run=dry_run)
        count_file()
    for start in range(0, len(stories), _STORIES_AT_ONCE):
        batch = stories[start : start + _STORIES_AT_ONCE]
        if dry_run:
            await _preview_stories(desk, batch, report, count_file)
        else:
            await _import_stories(desk, batch, report, count_file, actor=actor, announce=announce)
    while not dry_run and await desk.index_mentions():
        pass
    return report


async def _check_against_store(
    tx: Transaction, files: Sequence[ParsedFile], slugs: Collection[str]
) -> list[InputError]:
    """Return the errors of files that are correct by themselves but do not fit the store."""
    errors: list[InputError] = []
    new_companies = [company for parsed_file in files for company in parsed_file.companies]
    companies = {company.name: company for company in await tx.companies.find_sharing_names(new_companies)}
    for parsed_file in files:
        try:
            if parsed_file.companies:
                check_company_names(parsed_file.companies, companies)
            if parsed_file.story and parsed_file.story.slug in slugs:
                await build_revision(tx, parsed_file.story)
            elif parsed_file.story:
                apply_draft(None, parsed_file.story, {}, tx.latest_date)
        except InputError as exc:
            errors.append(locate_error(exc, parsed_file.path))
        companies.update((company.name, company) for company in parsed_file.companies)
    return errors


async def _import_companies(
    desk: Desk, parsed_file: ParsedFile, report: ImportReport, *, actor: str, dry_run: bool
) -> None:
    with _naming(parsed_file):
        report.companies += await desk.add_companies(parsed_file.companies, actor=actor, dry_run=dry_run)


async def _preview_stories(
    desk: Desk, files: Iterable[ParsedFile], report: ImportReport, count_file: Callable[[], None]
) -> None:
    for parsed_file in files:
        with _naming(parsed_file):
            report.add(await desk.preview(_get_story(parsed_file)))
        count_file()


async def _import_stories(
    desk: Desk,
    files: Iterable[ParsedFile],
    report: ImportReport,
    count_file: Callable[[], None],
    *,
    actor: str,
    announce: bool,
) -> None:
    """Import stories in one transaction: a commit waits for the disk, whatever it writes."""
    outcomes: list[PublishOutcome] = []
    async with desk.transaction(actor) as writer:
        for parsed_file in files:
            with _naming(parsed_file):
                outcomes.append(await writer.publish(_get_story(parsed_file), announce=announce))
            count_file()
    for outcome in outcomes:
        report.add(outcome)


def _get_story(parsed_file: ParsedFile) -> StoryDraft:
    assert parsed_file.story is not None  # noqa: S101 - the caller has only such files
    return parsed_file.story


@contextlib.contextmanager
def _naming(parsed_file: ParsedFile) -> Iterator[None]:
    """Name the file in the error of a value that is refused."""
    try:
        yield
    except InputError as exc:
        raise locate_error(exc, parsed_file.path) from exc


def _check_feeds(subscriptions: FeedSubscriptions, files: Iterable[ParsedFile]) -> list[InputError]:
    """Return the errors of files with an address that no feed may have."""
    errors: list[InputError] = []
    for parsed_file in files:
        for index, draft in enumerate(parsed_file.feeds, start=1):
            try:
                subscriptions.normalize_address(draft.url)
            except AddressNotAllowed as exc:
                errors.append(locate_error(InputError(f"feed[{index}].url", str(exc)), parsed_file.path))
                break
    return errors


async def _import_feeds(
    subscriptions: FeedSubscriptions, parsed_file: ParsedFile, report: ImportReport, *, actor: str, dry_run: bool
) -> None:
    counts = await subscriptions.import_feeds(parsed_file.feeds, by=actor, dry_run=dry_run)
    report.feeds_added += counts.added_count
    report.feeds_changed += counts.changed_count
