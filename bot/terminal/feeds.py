"""``feeds``: which feeds there are, what would come in by one, lists in and out."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.clock import utc_now
from bot.errors import DealwireError, InputError
from bot.model.feed import Feed, FeedState, Trust
from bot.newsroom.feeds.addresses import Guard, is_address
from bot.newsroom.feeds.checking import Checked, check_feed
from bot.newsroom.feeds.fetching import SIZE_LIMIT, Fetcher
from bot.newsroom.feeds.finding import find_feed
from bot.newsroom.feeds.opml import SubscriptionList, read_opml, write_opml
from bot.newsroom.feeds.ports import FeedReader, ReadableFeed
from bot.newsroom.feeds.subscriptions import Listed, Subscriptions
from bot.newsroom.feeds.unpacking import UnpackingError, UnpacksTooLarge, unpacked
from bot.newsroom.files import read_all, read_file
from bot.newsroom.parsing import Parser
from bot.regular_files import FileTooLarge, read_regular
from bot.rooms import Rooms, open_rooms, open_rooms_for_trial
from bot.settings import Settings
from bot.terminal.files import naming_refused_files, replace_file

BY = "terminal"


@dataclass(frozen=True, slots=True)
class _Tools:
    """What a command works with."""

    rooms: Rooms
    guard: Guard

    @property
    def feeds(self) -> Subscriptions:
        return self.rooms.services.subscriptions

    @contextlib.asynccontextmanager
    async def asking(self) -> AsyncIterator[tuple[Fetcher, FeedReader]]:
        """Somebody who fetches, and somebody who reads."""
        async with Fetcher(self.guard, utc_now) as fetcher, Parser() as reader:
            yield fetcher, reader


_Action = Callable[[_Tools, argparse.Namespace], Awaitable[str]]


async def feeds_command(settings: Settings, options: argparse.Namespace) -> int:
    """Do what the word behind ``feeds`` says, and print what came of it."""
    action: _Action = _ACTIONS[options.action]
    if options.action == "check" or getattr(options, "dry_run", False):
        opening = open_rooms_for_trial(settings)
    else:
        opening = open_rooms(settings, seeds=False, create=options.action in _CREATING)
    async with opening as rooms:
        said = await action(_Tools(rooms, Guard(settings.feed_allow)), options)
    print(said)
    return 0


async def _add(tools: _Tools, options: argparse.Namespace) -> str:
    trust = Trust(options.trust) if options.trust else None
    async with tools.asking() as (fetcher, reader):
        feed, is_new = await tools.feeds.add(
            fetcher, reader, options.address, title=options.title or "", trust=trust, by=BY
        )
    told = f"{'Added' if is_new else 'Known already'}: feed {feed.number}, {feed.label} ({feed.url}), trust {feed.trust.value}."
    return told + (" What it has now is known; what comes will be news." if is_new else "")


async def _list(tools: _Tools, _options: argparse.Namespace) -> str:
    listed = await tools.feeds.all()
    return (
        "\n".join(line for one in listed for line in _lines_of(one))
        or "There are no feeds; `dealwire feeds add` adds one."
    )


def _lines_of(listed: Listed) -> Iterator[str]:
    feed = listed.feed
    parts = [f"{feed.number:>4}  {feed.label}", feed.trust.value, _health(feed), _counted(listed.articles, "article")]
    yield " · ".join(parts)
    yield f"      {feed.url}"
    if feed.reason:
        yield f"      {feed.reason}"


def _health(feed: Feed) -> str:
    if feed.state is not FeedState.ACTIVE:
        return feed.state.value
    if feed.failures:
        return f"failed {_counted(feed.failures, 'time')} in a row, next try {feed.next_poll:%Y-%m-%d %H:%M} UTC"
    if feed.succeeded_at is None:
        return "not polled yet"
    return f"polled {feed.succeeded_at:%Y-%m-%d %H:%M} UTC, next {feed.next_poll:%Y-%m-%d %H:%M} UTC"


async def _check(tools: _Tools, options: argparse.Namespace) -> str:
    url, read = await _read(tools, options.source)
    return "\n".join(_checked_lines(await check_feed(tools.rooms.services.store, url, read)))


async def _read(tools: _Tools, source: str) -> tuple[str, ReadableFeed]:
    """The feed in a file, or at an address."""
    if not is_address(source) or ("://" not in source and os.path.lexists(source)):
        body = _unpacked(Path(source))
        async with Parser() as reader:
            return source, await reader.feed(body, url="", content_type="")
    async with tools.asking() as (fetcher, reader):
        found = await find_feed(fetcher, reader, source)
    return str(found.fetched.kept_url), found.read


def _checked_lines(checked: Checked) -> Iterator[str]:
    yield f"{checked.title or 'A feed without a title'} ({checked.format.upper()}), {checked.url}"
    for article, reason in checked.articles:
        yield f"  {article.published:%Y-%m-%d %H:%M}  {article.title}" + (f"  [{reason}]" if reason else "")
    for entry, reason in checked.skipped:
        yield f"  skipped: {entry or 'an entry without a title'}: {reason}"
    old, skipped = len(checked.articles) - checked.fresh, len(checked.skipped)
    yield f"{_counted(checked.fresh, 'article')} would come in, {old} would not be news, {skipped} skipped. Nothing was stored."


async def _import(tools: _Tools, options: argparse.Namespace) -> str:
    with naming_refused_files():
        lists = read_all(options.paths, lambda path: (path, _list_in(path, tools.guard)))
    added = changed = 0
    for path, named in lists:
        # Only a file of our own form is meant to say what a feed is called and how far it is trusted.
        taken = await tools.feeds.take(named.feeds, by=BY, dry_run=options.dry_run, amend=path.suffix == ".toml")
        added, changed = added + taken.added, changed + taken.changed
        for sentence in named.left_out:
            print(f"left out of {path.name}: {sentence}", file=sys.stderr)
    known = sum(len(named.feeds) for _, named in lists) - added - changed
    left_out = sum(len(named.left_out) for _, named in lists)
    done = "would be added" if options.dry_run else "added"
    said = f"{_counted(added, 'feed')} {done}, {changed} changed, {known} known already"
    return said + (f", {left_out} left out." if left_out else ".")


def _list_in(path: Path, guard: Guard) -> SubscriptionList:
    """The feeds that a list names: ``feeds.toml``, or OPML under any other name."""
    if path.suffix == ".toml":
        read = read_file(path)
        if not read.feeds:
            raise InputError("feed", "expected feeds, it has none", path.name)
        return SubscriptionList(read.feeds)
    try:
        return read_opml(_bytes_of(path), guard)
    except InputError as exc:
        raise exc.in_file(path.name) from exc


async def _export(tools: _Tools, options: argparse.Namespace) -> str:
    feeds = await tools.feeds.feeds()
    written = write_opml(feeds, tools.rooms.services.clock())
    if options.file is None:
        return written.decode().rstrip("\n")
    try:
        replace_file(options.file, written)
    except OSError as exc:
        raise DealwireError(f"{options.file} cannot be written: {exc.strerror or exc}.") from exc
    return f"Exported {_counted(len(feeds), 'feed')} to {options.file}."


async def _pause(tools: _Tools, options: argparse.Namespace) -> str:
    feed = await tools.feeds.pause(options.feed, by=BY)
    return f"Feed {feed.number}, {feed.label}, is {feed.state.value}."


async def _resume(tools: _Tools, options: argparse.Namespace) -> str:
    feed = await tools.feeds.resume(options.feed, by=BY)
    return f"Feed {feed.number}, {feed.label}, is polled again."


async def _remove(tools: _Tools, options: argparse.Namespace) -> str:
    feed = await tools.feeds.remove(options.feed, by=BY)
    return f"Feed {feed.number}, {feed.label}, is removed; what it brought stays known."


_ACTIONS: dict[str, _Action] = {
    "add": _add,
    "list": _list,
    "check": _check,
    "pause": _pause,
    "resume": _resume,
    "remove": _remove,
    "import": _import,
    "export": _export,
}


#: Those that make a store where there is none.
_CREATING = ("add", "import")


def _bytes_of(path: Path) -> bytes:
    try:
        return read_regular(path, SIZE_LIMIT)
    except FileTooLarge as exc:
        raise InputError("", f"expected at most {SIZE_LIMIT:,} bytes", path.name) from exc
    except OSError as exc:
        said = exc.strerror or exc
        raise DealwireError(f"{path}: cannot be read: {said}. An address begins with http:// or https://.") from exc


def _unpacked(path: Path) -> bytes:
    try:
        return unpacked(_bytes_of(path), "", SIZE_LIMIT)
    except UnpacksTooLarge as exc:
        raise InputError("", f"expected at most {SIZE_LIMIT:,} bytes unpacked", path.name) from exc
    except UnpackingError as exc:
        raise DealwireError(f"{path}: it looks like {exc.coding} and cannot be unpacked.") from exc


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
