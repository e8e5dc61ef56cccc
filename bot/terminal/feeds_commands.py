"""The ``feeds`` commands: list, add, preview, pause, resume and remove feeds, import and export lists."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.clock import utc_now
from bot.container import Container, open_container, open_dry_run_container
from bot.errors import DealwireError, InputError
from bot.model.confidence_line import FeedLines
from bot.model.feed import Feed, FeedState, Trust
from bot.model.review import ArticleMatch, FeedReviewStats
from bot.newsroom.feeds.address_guard import AddressGuard
from bot.newsroom.feeds.decompression import DecompressedTooLargeError, DecompressionError, decompress
from bot.newsroom.feeds.feed_lookup import FeedReader, find_feed
from bot.newsroom.feeds.feed_subscriptions import FeedSubscriptions, FeedSummary
from bot.newsroom.feeds.fetcher import SIZE_LIMIT, Fetcher
from bot.newsroom.feeds.opml import SubscriptionList, read_opml, write_opml
from bot.newsroom.feeds.pasted_addresses import is_address
from bot.newsroom.feeds.preview import FeedPreview, preview_feed
from bot.newsroom.parsing import ParsedFeed, Parser
from bot.newsroom.story_files import read_file, read_files
from bot.redaction import redact_address
from bot.regular_files import FileTooLarge, read_regular_file
from bot.settings import Settings
from bot.terminal.import_export import replace_file, report_refused_files

ACTOR = "terminal"


@dataclass(frozen=True, slots=True)
class _Context:
    """What a command works with."""

    container: Container
    guard: AddressGuard
    contact_url: str

    @property
    def subscriptions(self) -> FeedSubscriptions:
        return self.container.services.feed_subscriptions

    @contextlib.asynccontextmanager
    async def open_tools(self) -> AsyncIterator[tuple[Fetcher, FeedReader]]:
        """Open a fetcher and a parser, and close them at the end."""
        async with Fetcher(self.guard, utc_now, contact_url=self.contact_url) as fetcher, Parser() as reader:
            yield fetcher, reader


_Action = Callable[[_Context, argparse.Namespace], Awaitable[str]]


async def feeds_command(settings: Settings, options: argparse.Namespace) -> int:
    """Run a subcommand of ``feeds``, and print its result."""
    action: _Action = _ACTIONS[options.action]
    if options.action == "check" or getattr(options, "dry_run", False):
        container_context = open_dry_run_container(settings)
    else:
        container_context = open_container(settings, with_seeds=False, create=options.action in _CREATING_ACTIONS)
    async with container_context as container:
        message = await action(_Context(container, AddressGuard(settings.feed_allow), settings.contact_url), options)
    print(message)
    return 0


async def _add(context: _Context, options: argparse.Namespace) -> str:
    trust = Trust(options.trust) if options.trust else None
    async with context.open_tools() as (fetcher, reader):
        feed, is_new = await context.subscriptions.add(
            fetcher, reader, options.address, title=options.title or "", trust=trust, by=ACTOR
        )
    message = f"{'Added' if is_new else 'Already known'}: feed {feed.id}, {feed.label} ({redact_address(feed.url)}), trust {feed.trust.value}."
    return message + (" Only items published from now on count as news." if is_new else "")


async def _list(context: _Context, _options: argparse.Namespace) -> str:
    summaries = await context.subscriptions.list_summaries()
    records = await context.container.services.review_queue.get_records(each.feed.id for each in summaries)
    return (
        "\n".join(
            line
            for summary in summaries
            for line in _format_summary(summary, records.get(summary.feed.id, FeedReviewStats()))
        )
        or "No feeds yet. Add one with `dealwire feeds add`."
    )


def _format_summary(summary: FeedSummary, record: FeedReviewStats) -> Iterator[str]:
    feed = summary.feed
    parts = [
        f"{feed.id:>4}  {feed.label}",
        feed.trust.value,
        _format_health(feed),
        _format_count(summary.article_count, "article"),
    ]
    yield " · ".join(parts)
    yield f"      {redact_address(feed.url)}"
    if feed.reason:
        yield f"      {feed.reason}"
    if record.lines is not None:
        yield from (f"      {each}" for each in _format_lines(feed.trust, record.lines))


def _format_lines(trust: Trust, lines: FeedLines) -> Iterator[str]:
    """Yield what the bot does with a feed's articles without an editor, and how often it was right."""
    stories, re_reports = lines.stories, lines.re_reports
    right = f"right {stories.right_count} of {_format_count(stories.count, 'time')}"
    if trust is Trust.REVIEW:
        if stories.count:
            yield f"When the bot was at least {_format_percent(stories.line or stories.shipped)} sure, it was {right}."
    elif stories.line is None:
        yield f"The bot publishes nothing without asking: it was {right}."
    else:
        usual = "" if stories.line == stories.shipped else f" (usually {_format_percent(stories.shipped)})"
        record = f"; it was {right}" if stories.count else ""
        yield f"The bot publishes without asking when it is at least {_format_percent(stories.line)} sure{usual}{record}."
    if re_reports.line is None:
        yield "The bot asks about every re-report."
    elif re_reports.line != re_reports.shipped:
        yield f"The bot adds re-reports without asking when it is at least {_format_percent(re_reports.line)} sure."


def _format_percent(confidence: float) -> str:
    return f"{round(confidence * 100, 1):g}%"


def _format_health(feed: Feed) -> str:
    if feed.state is not FeedState.ACTIVE:
        return feed.state.value
    if feed.failures:
        return (
            f"failed {_format_count(feed.failures, 'time')} in a row, next try {feed.next_poll_at:%Y-%m-%d %H:%M} UTC"
        )
    if feed.succeeded_at is None:
        return "not checked yet"
    return f"checked {feed.succeeded_at:%Y-%m-%d %H:%M} UTC, next check {feed.next_poll_at:%Y-%m-%d %H:%M} UTC"


async def _preview(context: _Context, options: argparse.Namespace) -> str:
    url, content = await _read_source(context, options.source)
    preview = await preview_feed(context.container.services.store, url, content)
    matches = await context.container.services.article_matcher.match(preview.new_articles)
    if options.json:
        return json.dumps(_encode_preview(preview, matches), ensure_ascii=False, indent=2)
    return "\n".join(_format_preview(preview, matches))


async def _read_source(context: _Context, source: str) -> tuple[str, ParsedFeed]:
    """Return the feed in a file, or at an address, and where it is."""
    if not is_address(source) or ("://" not in source and os.path.lexists(source)):
        body = _read_decompressed(Path(source))
        async with Parser() as reader:
            return source, await reader.read_feed(body, url="", content_type="")
    async with context.open_tools() as (fetcher, reader):
        lookup = await find_feed(fetcher, reader, source)
    return str(lookup.response.permanent_url), lookup.content


def _format_preview(preview: FeedPreview, matches: Mapping[str, ArticleMatch]) -> Iterator[str]:
    yield f"{preview.title or 'A feed without a title'} ({preview.format.upper()}), {redact_address(preview.url)}"
    for article, reason in preview.articles:
        yield f"  {article.published_at:%Y-%m-%d %H:%M}  {article.title}" + (f"  [{reason}]" if reason else "")
        if article.id in matches:
            yield f"      would be added to {_format_match(matches[article.id])}"
    for entry, reason in preview.skipped:
        yield f"  skipped: {entry or 'an entry without a title'}: {reason}"
    old, skipped = len(preview.articles) - preview.new_count, len(preview.skipped)
    yield f"{_format_count(preview.new_count, 'article')} would be imported, {old} would not count as news, {skipped} skipped. Nothing was stored."


def _format_match(match: ArticleMatch) -> str:
    """Return a story and why an article would join it: ``a-b: both name A and B; clear match``."""
    companies, fit, repeated = match.shared_companies, match.recommendation.fit, match.repeated_development
    reasons = (
        f"both name {', '.join(companies)}" if companies else "",
        fit.label if fit else "",
        f"repeats “{repeated.headline}”" if repeated else "",
    )
    return f"{match.story.slug}: {'; '.join(reason for reason in reasons if reason) or 'similar words'}"


def _encode_preview(preview: FeedPreview, matches: Mapping[str, ArticleMatch]) -> dict[str, Any]:
    return {
        "title": preview.title,
        "format": preview.format,
        "articles": [
            {
                "title": article.title,
                "url": article.url,
                "published": article.published_at.isoformat(),
                "undated": article.id in preview.undated_ids,
                "text": article.text,
                "publisher": article.publisher,
                "not_news": reason or None,
                **_encode_match(matches.get(article.id)),
            }
            for article, reason in preview.articles
        ],
        "skipped": [{"entry": entry, "reason": reason} for entry, reason in preview.skipped],
    }


def _encode_match(match: ArticleMatch | None) -> dict[str, Any]:
    """Return the story that an article would join, null for none, and why."""
    if match is None:
        return {"story": None, "why": None}
    fit, repeated = match.recommendation.fit, match.repeated_development
    why = {
        "companies": list(match.shared_companies),
        "fit": fit.value if fit else None,
        "repeats": repeated.headline if repeated else None,
    }
    return {"story": match.story.slug, "why": why}


async def _import(context: _Context, options: argparse.Namespace) -> str:
    with report_refused_files():
        lists = read_files(options.paths, lambda path: (path, _read_list(path, context.guard)))
    added_count = changed_count = 0
    for path, subscription_list in lists:
        # Only our own format is meant to set a feed's title and trust.
        result = await context.subscriptions.import_feeds(
            subscription_list.feeds, by=ACTOR, dry_run=options.dry_run, amend=path.suffix == ".toml"
        )
        added_count, changed_count = added_count + result.added_count, changed_count + result.changed_count
        for sentence in subscription_list.errors:
            print(f"skipped in {path.name}: {redact_address(sentence)}", file=sys.stderr)
    known_count = sum(len(subscription_list.feeds) for _, subscription_list in lists) - added_count - changed_count
    error_count = sum(len(subscription_list.errors) for _, subscription_list in lists)
    verb = "would be added" if options.dry_run else "added"
    message = f"{_format_count(added_count, 'feed')} {verb}, {changed_count} changed, {known_count} already known"
    return message + (f", {error_count} skipped." if error_count else ".")


def _read_list(path: Path, guard: AddressGuard) -> SubscriptionList:
    """Return the feeds that a list names: ``feeds.toml``, or OPML under any other name."""
    if path.suffix == ".toml":
        file = read_file(path)
        if not file.feeds:
            raise InputError("feed", "expected feeds, but it has none", path.name)
        return SubscriptionList(file.feeds)
    try:
        return read_opml(_read_bytes(path), guard)
    except InputError as exc:
        raise exc.with_file(path.name) from exc


async def _export(context: _Context, options: argparse.Namespace) -> str:
    feeds = await context.subscriptions.list_feeds()
    document = write_opml(feeds, context.container.services.clock())
    if options.file is None:
        return document.decode().rstrip("\n")
    try:
        replace_file(options.file, document)
    except OSError as exc:
        raise DealwireError(f"{options.file} can't be written: {exc.strerror or exc}.") from exc
    return f"Exported {_format_count(len(feeds), 'feed')} to {options.file}."


async def _pause(context: _Context, options: argparse.Namespace) -> str:
    feed = await context.subscriptions.pause(options.feed, by=ACTOR)
    return f"Feed {feed.id}, {feed.label}, is {feed.state.value}."


async def _resume(context: _Context, options: argparse.Namespace) -> str:
    feed = await context.subscriptions.resume(options.feed, by=ACTOR)
    return f"Feed {feed.id}, {feed.label}, is active again."


async def _remove(context: _Context, options: argparse.Namespace) -> str:
    feed = await context.subscriptions.remove(options.feed, by=ACTOR)
    return f"Feed {feed.id}, {feed.label}, was removed; its past articles stay."


_ACTIONS: dict[str, _Action] = {
    "add": _add,
    "list": _list,
    "check": _preview,
    "pause": _pause,
    "resume": _resume,
    "remove": _remove,
    "import": _import,
    "export": _export,
}


#: The actions that create a store if there is none.
_CREATING_ACTIONS = ("add", "import")


def _read_bytes(path: Path) -> bytes:
    try:
        return read_regular_file(path, SIZE_LIMIT)
    except FileTooLarge as exc:
        raise InputError("", f"expected at most {SIZE_LIMIT:,} bytes", path.name) from exc
    except OSError as exc:
        reason = exc.strerror or exc
        raise DealwireError(
            f"{path}: cannot be read: {reason}. A web address starts with http:// or https://."
        ) from exc


def _read_decompressed(path: Path) -> bytes:
    try:
        return decompress(_read_bytes(path), "", SIZE_LIMIT)
    except DecompressedTooLargeError as exc:
        raise InputError("", f"expected at most {SIZE_LIMIT:,} bytes after decompression", path.name) from exc
    except DecompressionError as exc:
        raise DealwireError(f"{path}: it looks like {exc.encoding} but can't be unpacked.") from exc


def _format_count(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
