"""The parser with its real workers: everything that publishers send goes through, and what is sent to harm costs its sender alone."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from html import escape
from typing import Any
from urllib.parse import urlsplit

import pytest
import pytest_asyncio

from bot.cards.escaping import escape_block, escape_line, masked_link
from bot.errors import DealwireError, NotAFeed, ParserLimitExceeded, ParsingError, WorkerDied
from bot.model.article import Article
from bot.newsroom.parsing import ParsedFeed, Parser
from bot.newsroom.parsing.parser import ParserPool
from bot.subprocesses.pool import WorkerLimits
from tests.unit.cards.limits import active_markup
from tests.unit.parsing.feeds import FEEDS, NOW, item, json_feed, rss
from tests.unit.parsing.hostile import COSTLY, COSTLY_PAGES, hostile_titles

URL = "https://paper.example/feed.xml"
GOOD = rss([item("Nissan and Foxconn talk")]).encode()
#: What Discord would act on, or turn round.
ALIVE = re.compile(
    r"@everyone|@here|(?<!\\)<[@#:/ait]|[\u202a-\u202e\u2066-\u2069\u200b-\u200f\u2060\ufeff\ud800-\udfff]"
)
MASKED = re.compile(r"(?<!\\)\]\(")


@pytest.fixture
async def parser() -> AsyncIterator[Parser]:
    async with Parser(lambda: NOW, WorkerLimits(seconds=30)) as opened:
        yield opened


async def test_a_feed_a_page_and_its_feeds_are_read_in_a_worker(parser: Parser) -> None:
    feed = await parser.read_feed(GOOD, url=URL, content_type="application/rss+xml")
    assert [article.title for article in feed.articles] == ["Nissan and Foxconn talk"]
    page = (
        b"<html><head><title>Paper</title><link rel='alternate' type='application/rss+xml' href='/rss'></head></html>"
    )
    with pytest.raises(NotAFeed) as refused:
        await parser.read_feed(page, url=URL, content_type="text/html")
    assert refused.value.is_web_page
    assert await parser.find_feed_links(page, url=URL) == ("https://paper.example/rss",)
    assert (await parser.read_page(page, url=URL)).title == "Paper"


def test_a_worker_for_feeds_does_not_load_what_pages_need() -> None:
    """Loading it takes longer than all else, and half of the memory."""
    code = "import sys, bot.newsroom.parsing.jobs as jobs; jobs.warm_up(); print('trafilatura' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


async def test_a_codec_or_a_language_that_is_met_late_needs_no_file(parser: Parser) -> None:
    """A worker can open none any more; what it needs, it has loaded."""
    for encoding in ("big5", "euc_kr", "koi8-r", "iso-2022-jp", "cp1257", "hz", "utf-32-be"):
        text = rss([item("Nissan")]).replace('"1.0"', f'"1.0" encoding="{encoding}"')
        assert (await parser.read_feed(text.encode(encoding), url=URL)).articles[0].title == "Nissan"
    body = (
        "<html lang='{}'><body><article>"
        + "<p>Die Hersteller bauen ein Werk, 日産と鴻海が協議している。</p>" * 5
        + "</article><time>3. Februar 2026</time>"
    )
    for language in ("de", "ja", "ar", "xx"):
        assert "Werk" in (await parser.read_page(body.format(language).encode(), url=URL)).text


async def test_a_call_after_the_parser_was_closed_is_a_bug_and_no_hang() -> None:
    async with Parser() as opened:
        pass
    with pytest.raises(RuntimeError):
        await opened.read_feed(GOOD, url=URL)


class OneAnswer(ParserPool):
    """Workers that all end with the same part."""

    def __init__(self, part: dict[str, Any]) -> None:
        super().__init__()
        self._part = part

    async def ask(self, header: Mapping[str, str], body: bytes) -> list[dict[str, Any]]:
        return [self._part]


@pytest.mark.parametrize(
    ("error", "kind", "sentence"),
    [
        ("memory", ParserLimitExceeded, "Reading it takes too much memory."),
        ("failed", ParsingError, "It's too broken to be read."),
        ("new", WorkerDied, "The process that reads feeds returned an unreadable answer."),
    ],
)
async def test_each_error_of_a_worker_has_its_sentence(
    parser: Parser, error: str, kind: type[ParsingError], sentence: str
) -> None:
    parser._pools["feed"] = OneAnswer({"error": error})
    with pytest.raises(ParsingError) as refused:
        await parser.read_feed(GOOD, url=URL)
    assert (type(refused.value), str(refused.value)) == (kind, sentence)


async def test_calls_that_are_cancelled_mix_up_no_others(parser: Parser) -> None:
    """Of sixty calls at once every third is given up at some moment; each of the others gets what is its own."""

    def body(number: int) -> bytes:
        return rss([item(f"Title {number}", description="word " * 2_000)] * (1 + number % 5)).encode()

    calls = [asyncio.create_task(parser.read_feed(body(number), url=URL)) for number in range(60)]
    for number, call in enumerate(calls):
        if number % 3 == 0:
            for _ in range(number):
                await asyncio.sleep(0)
            call.cancel()
    answers = await asyncio.gather(*calls, return_exceptions=True)
    for number, answer in enumerate(answers):
        if isinstance(answer, ParsedFeed):
            assert [article.title for article in answer.articles] == [f"Title {number}"]
        else:
            assert (number % 3, type(answer)) == (0, asyncio.CancelledError)


async def test_what_is_too_large_never_reaches_a_worker(parser: Parser) -> None:
    with pytest.raises(ParserLimitExceeded, match=r"larger than the limit of 10,000,000 bytes"):
        await parser.read_feed(b"<" * 10_000_001, url=URL)


async def test_every_feed_file_goes_through(parser: Parser) -> None:
    """Each is read, or refused as no feed: no crash, no hang; and every whole real feed gives entries."""
    files = [path for path in FEEDS.rglob("*") if path.is_file()]
    refused, entries = dict[str, DealwireError](), dict[str, int]()
    for path in files:
        try:
            entries[path.name] = len((await parser.read_feed(path.read_bytes(), url=URL)).articles)
        except ParsingError as exc:
            refused[path.name] = exc
    assert [(name, exc) for name, exc in refused.items() if not isinstance(exc, NotAFeed)] == []
    real = [path for path in files if path.parent.name == "real" and path.suffix == ".xml"]
    assert [path.name for path in real if not entries.get(path.name)] == []
    assert len(refused) * 100 <= len(files)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def hurried() -> AsyncIterator[Parser]:
    """Yield a parser with a short limit, for what takes as long as it may."""
    async with Parser(lambda: NOW, WorkerLimits(seconds=1.0, max_workers=1)) as opened:
        yield opened


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("name", COSTLY)
async def test_a_costly_feed_costs_at_most_the_limit(hurried: Parser, name: str) -> None:
    await _costs_little(hurried, hurried.read_feed(COSTLY[name](), url=URL))


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("name", COSTLY_PAGES)
async def test_a_costly_page_costs_at_most_the_limit(hurried: Parser, name: str) -> None:
    await _costs_little(hurried, hurried.read_page(COSTLY_PAGES[name](), url=URL))
    await _costs_little(hurried, hurried.find_feed_links(COSTLY_PAGES[name](), url=URL))


async def _costs_little(parser: Parser, call: object) -> None:
    """Check that it is answered or refused in little more than the limit, and that the next feed is read as if nothing had happened."""
    assert asyncio.iscoroutine(call)
    loop = asyncio.get_running_loop()
    began = loop.time()
    try:
        async with asyncio.timeout(20):
            await call
    except ParsingError as exc:
        message = str(exc)
    else:
        message = "Done."
    assert re.fullmatch(r"[A-Z][^\n]+\.", message)
    assert loop.time() - began < 15
    assert len((await _read_good_feed(parser)).articles) == 1


async def _read_good_feed(parser: Parser) -> ParsedFeed:
    """Read a small feed. On a busy machine, starting the next worker alone may take as long as the limit."""
    async with asyncio.timeout(60):
        while True:
            with contextlib.suppress(ParserLimitExceeded):
                return await parser.read_feed(GOOD, url=URL)


async def test_a_feed_that_needs_more_memory_than_there_is_is_refused() -> None:
    """The limit is the worker's, not the bot's."""
    body = json_feed([]).replace("[]", "[" + "{}," * 3_000_000 + "{}]").encode()
    async with Parser(lambda: NOW, WorkerLimits(seconds=30, memory=200_000_000, max_workers=1)) as opened:
        assert len((await opened.read_feed(GOOD, url=URL)).articles) == 1
        with pytest.raises(ParserLimitExceeded, match="too much memory"):
            await opened.read_feed(body, url=URL)
        assert len((await opened.read_feed(GOOD, url=URL)).articles) == 1


async def test_500_hostile_titles_ping_nobody_and_hide_no_link(parser: Parser) -> None:
    """As the title and as the text of articles, read by a worker and made safe for a card."""
    titles = list(hostile_titles())
    assert len(titles) == 500
    items = [
        item(escape(title), description=escape(title), link=f"https://paper.example/{n}")
        for n, title in enumerate(titles)
    ]
    plain = [
        item(title.replace("\ud800", ""), description=title, link=f"https://paper.example/p/{n}")
        for n, title in enumerate(titles)
    ]
    articles = [
        article
        for each in (items, plain)
        for article in (await parser.read_feed(rss(each).encode(errors="replace"), url=URL)).articles
    ]
    assert len(articles) > 900
    for article in articles:
        check_harmless(article)


async def test_hostile_titles_of_a_json_feed_ping_nobody(parser: Parser) -> None:
    items = [
        {"id": str(n), "url": f"https://paper.example/{n}", "title": title, "content_text": title}
        for n, title in enumerate(hostile_titles())
    ]
    for article in (
        await parser.read_feed(json.dumps({"title": "@everyone", "items": items}).encode(), url=URL)
    ).articles:
        check_harmless(article)


def check_harmless(article: Article) -> None:
    for output in (
        escape_line(article.title, 250),
        escape_block(article.text, 1_000),
        escape_line(article.publisher, 100),
    ):
        assert not ALIVE.search(output.replace("@\u200b", "").replace("-\u200b#", "")), output
        assert not MASKED.search(output), output
        assert not re.search(r"[*_~|`\[<]", active_markup(output)), output
    linked = masked_link(article.title, article.url)
    target = re.fullmatch(r"\[(?P<label>.*)\]\((?P<target>https://paper\.example/[\w/]+)\)", linked, re.DOTALL)
    assert target, linked
    assert "://" not in target["label"].replace("\\:", "")
    assert urlsplit(target["target"]).hostname == "paper.example"


async def test_the_clock_that_is_handed_in_is_the_one_that_counts() -> None:
    late = datetime(2030, 1, 1, tzinfo=UTC)
    async with Parser(lambda: late) as opened:
        feed = await opened.read_feed(rss([item(pubDate="")]).encode(), url=URL)
    assert feed.articles[0].published_at == late
    assert feed.undated_ids == {feed.articles[0].id}
