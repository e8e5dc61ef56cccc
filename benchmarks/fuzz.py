"""Everything that reads what publishers send, under hostile inputs.

Run it with ``python -m benchmarks.fuzz [--inputs N] [--seed N] [--processes N]``; ``--only NUMBER`` runs one input again, with its traceback.

An input is a feed or a page changed at random, or a text, a date, an address or a server's headers made of hostile pieces. Whatever it is, what a worker does with it in a
process of its own must end in an answer that the bot accepts, or in NotAFeed: no other exception, no crash, no long wait; what comes out holds nothing
that is hidden; cleaning what is clean changes nothing. Each that breaks this is a *find*.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import json
import multiprocessing
import multiprocessing.connection
import random
import signal
import time
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from multiprocessing.sharedctypes import Synchronized
from types import FrameType

from lxml import etree

from benchmarks.inputs import (
    PAGES,
    TOKENS,
    hostile_address,
    hostile_body,
    hostile_date,
    hostile_headers,
    hostile_text,
    mutated,
    seeds,
)
from bot.errors import AddressNotAllowed, InputError, NotAFeed
from bot.model.invisible_characters import NEEDED_JOINER
from bot.newsroom.feeds.address_guard import AddressGuard
from bot.newsroom.feeds.decompression import DecompressedTooLargeError, DecompressionError, decompress
from bot.newsroom.feeds.http_headers import get_remaining_freshness, parse_retry_after
from bot.newsroom.feeds.opml import read_opml
from bot.newsroom.feeds.pasted_addresses import extract_address, is_address
from bot.newsroom.parsing.answer_validation import validate_feed, validate_links, validate_page
from bot.newsroom.parsing.boilerplate import remove_boilerplate
from bot.newsroom.parsing.decoding import decode, encode_as_utf8
from bot.newsroom.parsing.jobs import parse_parts, run_links_job
from bot.newsroom.parsing.page_jobs import run_page_job
from bot.newsroom.parsing.plain_text import tidy, to_plain_line, to_plain_text
from bot.newsroom.parsing.publication_dates import choose_publication_date, parse_date
from bot.newsroom.parsing.urls import build_link_key, clean_link
from bot.newsroom.parsing.xml_repair import repair_xml

NOW = datetime(2026, 11, 1, tzinfo=UTC)
URL = "https://paper.example/feed.xml"
#: So many bytes may come of an answer.
UNPACKED = 100_000
#: An input of a few thousand bytes that takes more of the processor's time is a find.
SLOW_SECONDS = 3.0
#: What an XML parser says of a reference that it cannot resolve.
REFERENCES = {
    "ERR_UNDECLARED_ENTITY",
    "WAR_UNDECLARED_ENTITY",
    "ERR_ENTITYREF_NO_NAME",
    "ERR_ENTITYREF_SEMICOL_MISSING",
    "ERR_INVALID_CHARREF",
}
#: A quotation mark or an XML declaration that nothing closes: what follows is one value, whatever sections are in it.
UNCLOSED = {"ERR_LT_IN_ATTRIBUTE", "ERR_XMLDECL_NOT_FINISHED"}
#: Finds of one kind that are told; the rest is counted.
TOLD = 20


@dataclass
class Report:
    """What a run came to."""

    inputs: int = 0
    articles: int = 0
    no_feed: int = 0
    finds: dict[str, list[int]] = field(default_factory=lambda: collections.defaultdict(list))


class Slow(Exception):
    """It took too long."""


def try_one(number: int, seed: int, corpus: Sequence[bytes]) -> int:
    """Try the input of this number; how many articles came of it. Raises NotAFeed where that is the answer, anything else for a find."""
    chance = random.Random(f"{seed}/{number}")  # noqa: S311 - to be the same each time
    kind = chance.random()
    if kind < 0.7:
        return try_feed(
            mutated(chance, corpus), chance.choice(("", "text/xml", "application/rss+xml; charset=iso-8859-1"))
        )
    if kind < 0.72:
        try_page(mutated(chance, PAGES))
    elif kind < 0.8:
        try_text(hostile_text(chance))
    elif kind < 0.86:
        try_document(mutated(chance, corpus))
    elif kind < 0.9:
        try_date(hostile_date(chance))
    elif kind < 0.93:
        try_answer(hostile_headers(chance), hostile_body(chance))
    elif kind < 0.95:
        try_address(hostile_address(chance))
    else:
        try_link(
            "".join(
                part.decode(errors="replace")
                for part in chance.choices(
                    [*TOKENS, b"https://", b"a.example", b"/", b"?", b"&", b"amp"], k=chance.randint(1, 8)
                )
            )
        )
    return 0


def try_feed(body: bytes, content_type: str) -> int:
    header = {"url": URL, "content_type": content_type, "now": NOW.isoformat()}
    feed = validate_feed(json.loads(json.dumps(parse_parts(header, body))), NOW)
    for article in feed.articles:
        for text in (article.title, article.text, article.publisher):
            check_seen(text)
        assert clean_link(article.url) == article.url, article.url
    return len(feed.articles)


def try_page(body: bytes) -> None:
    header = {"url": URL, "content_type": "text/html", "now": NOW.isoformat()}
    lead = validate_page(run_page_job(header, body), NOW)
    for text in (lead.title, lead.text, lead.publisher):
        check_seen(text)
    validate_links(run_links_job(header, body))


def try_document(body: bytes) -> None:
    """Repairing a document breaks none that is whole, and leaves no reference that XML does not define."""
    text = decode(body)
    document = encode_as_utf8(repair_xml(text))
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False)
    with contextlib.suppress(etree.XMLSyntaxError):
        etree.fromstring(document, parser)
    faults = {error.type_name for error in parser.error_log}
    assert faults & UNCLOSED or not faults & REFERENCES, faults
    assert not is_whole(encode_as_utf8(text)) or is_whole(document), "it was whole before"


def is_whole(document: bytes) -> bool:
    try:
        etree.fromstring(document, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except etree.XMLSyntaxError:
        return False
    return True


def try_text(text: str) -> None:
    check_seen(to_plain_text(text, markup=False))
    plain = to_plain_text(text)
    check_seen(plain)
    assert tidy(plain) == plain
    kept = remove_boilerplate(plain)
    assert remove_boilerplate(kept) == kept
    assert len(to_plain_line(text, 500)) <= 500


def try_date(text: str) -> None:
    moment = parse_date(text)
    assert moment is None or moment.tzinfo is UTC, text
    published, is_dated = choose_publication_date([text], NOW)
    assert published <= NOW, text
    assert is_dated or published == NOW, text


def try_answer(headers: Mapping[str, str], body: bytes) -> None:
    """Return what the bot itself makes of a server's answer, before a worker sees it."""
    assert get_remaining_freshness(headers, NOW) >= timedelta(0), headers
    until = parse_retry_after(headers.get("Retry-After", ""), NOW)
    assert until is None or until >= NOW, headers
    with contextlib.suppress(DecompressionError, DecompressedTooLargeError):
        assert len(decompress(body, headers.get("Content-Encoding", ""), UNPACKED)) <= max(UNPACKED, len(body))


def try_address(text: str) -> None:
    understood = extract_address(text)
    assert not is_address(text) or extract_address(understood) == understood, text
    with contextlib.suppress(AddressNotAllowed):
        url = AddressGuard().parse(understood)
        assert url.scheme in ("http", "https"), text
        assert str(AddressGuard().parse(str(url))) == str(url), text
    with contextlib.suppress(InputError):
        read_opml(f'<opml><outline xmlUrl="{text}"/></opml>'.encode(errors="replace"), AddressGuard())


def try_link(link: str) -> None:
    clean, key = clean_link(link, URL), build_link_key(link)
    assert clean_link(clean) == clean, clean
    assert build_link_key(clean_link(link)) == key, link
    assert not key or build_link_key(f"https://{key}") == key, key


def check_seen(text: str) -> None:
    """Nothing in it is hidden but the joiners that a script or an emoji needs."""
    plain = NEEDED_JOINER.sub("", text)
    hidden = [mark for mark in plain if mark != "\n" and unicodedata.category(mark) in ("Cc", "Cf", "Cs", "Co", "Cn")]
    assert not hidden, hidden


def run_range(start: int, stop: int, seed: int, reached: Synchronized[int] | None = None) -> Report:
    """Try these inputs in this process."""
    report, corpus = Report(), seeds()
    signal.signal(signal.SIGPROF, _too_slow)
    for number in range(start, stop):
        if reached is not None:
            reached.value = number
        signal.setitimer(signal.ITIMER_PROF, SLOW_SECONDS)
        report.inputs += 1
        try:
            report.articles += try_one(number, seed, corpus)
        except NotAFeed:
            report.no_feed += 1
        except Exception as exc:  # noqa: BLE001 - any is a find
            report.finds[
                f"{type(exc).__name__}: {str(exc)[:80]}" if not isinstance(exc, AssertionError) else "AssertionError"
            ].append(number)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
    return report


def run(inputs: int, seed: int, processes: int) -> Report:
    """Try so many, in batches in processes of their own; a process that dies is a find, and the rest of its batch is tried by another."""
    whole, at = Report(), 0
    live: dict[Connection, tuple[multiprocessing.Process, Synchronized[int], int]] = {}
    left: list[tuple[int, int]] = []
    size = max(min(10_000, inputs // processes), 1)
    began = time.monotonic()
    while at < inputs or left or live:
        while len(live) < processes and (left or at < inputs):
            first, last = left.pop() if left else (at, min(at + size, inputs))
            at = max(at, last)
            live.update([_start(first, last, seed)])
        for pipe in multiprocessing.connection.wait(list(live)):
            assert isinstance(pipe, Connection)
            process, reached, last = live.pop(pipe)
            try:
                _add(whole, pipe.recv())
            except EOFError:
                process.join()
                whole.inputs += 1
                whole.finds[f"the process died: {process.exitcode}"].append(reached.value)
                left.extend([(reached.value + 1, last)] if reached.value + 1 < last else [])
            process.join()
            _show(whole)
            print(
                f"{whole.inputs:,} inputs, {whole.articles:,} articles, {sum(map(len, whole.finds.values()))} finds, {whole.inputs / (time.monotonic() - began):.0f}/s",
                flush=True,
            )
    return whole


def _start(
    first: int, last: int, seed: int
) -> tuple[Connection, tuple[multiprocessing.Process, Synchronized[int], int]]:
    here, there = multiprocessing.Pipe(duplex=False)
    reached: Synchronized[int] = multiprocessing.Value("q", first)
    process = multiprocessing.Process(target=_child, args=(there, first, last, seed, reached))
    process.start()
    there.close()
    return here, (process, reached, last)


def _child(pipe: Connection, first: int, last: int, seed: int, reached: Synchronized[int]) -> None:
    report = run_range(first, last, seed, reached)
    pipe.send(Report(report.inputs, report.articles, report.no_feed, dict(report.finds)))


def _add(whole: Report, part: Report) -> None:
    whole.inputs += part.inputs
    whole.articles += part.articles
    whole.no_feed += part.no_feed
    for kind, numbers in part.finds.items():
        whole.finds[kind].extend(numbers)


def _too_slow(_signal: int, _frame: FrameType | None) -> None:
    raise Slow


def _show(report: Report) -> None:
    for kind, numbers in sorted(report.finds.items()):
        print(f"  {len(numbers)} × {kind}: {numbers[:TOLD]}", flush=True)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--inputs", type=int, default=20_000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--processes", type=int, default=2)
    arguments.add_argument("--only", type=int)
    options = arguments.parse_args()
    if options.only is not None:
        print(try_one(options.only, options.seed, seeds()), "articles")
        return
    report = run(options.inputs, options.seed, options.processes)
    print(
        f"{report.inputs:,} inputs: {report.articles:,} articles, {report.no_feed:,} no feeds, {sum(map(len, report.finds.values()))} finds"
    )
    _show(report)


if __name__ == "__main__":
    main()
