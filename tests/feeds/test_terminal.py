"""``dealwire feeds``: what each word does, in the terminal's own words, with the real reader of feeds."""

from __future__ import annotations

import contextlib
import gzip
import http.server
import json
import os
import re
import threading
from collections.abc import Iterator
from email.utils import format_datetime
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.newsroom.tracker.decider import MIN_CONFIDENCE
from bot.settings import SETTINGS
from tests.store.material import START
from tests.unit.newsdesk import development, story_file

SHARED = Path(__file__).parents[2].parent / "shared" / "feeds"
ITEM = "<item><title>Part {n} of the news</title><link>https://acme.example/{n}</link><pubDate>{date}</pubDate></item>"
ITEMS = "".join(ITEM.format(n=n, date=format_datetime(START)) for n in (1, 2))
RSS = f'<?xml version="1.0"?><rss version="2.0"><channel><title>Acme Wire</title>{ITEMS}</channel></rss>'
PARTIES = '[[party]]\ncompany = "Acme"\nrole = "buyer"\n[[party]]\ncompany = "Roadworks"\nrole = "target"\n'
PAGE = '<html><head><link rel="alternate" type="application/rss+xml" href="/feed"></head><body>Hello</body></html>'


class Handler(http.server.BaseHTTPRequestHandler):
    """A publisher with a page and a feed."""

    def do_GET(self) -> None:
        body, kind = (RSS, "application/rss+xml") if self.path == "/feed" else (PAGE, "text/html")
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        """Nothing is logged."""


@pytest.fixture
def publisher() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        serving.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        serving.join()


class Terminal:
    """Types commands; each gives its exit status and what it said."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *words: str | Path) -> tuple[int, str, str]:
        status = 2
        with contextlib.suppress(SystemExit):
            status = main(["feeds", *map(str, words)])
        message = self._capsys.readouterr()
        return status, message.out.rstrip("\n"), message.err.rstrip("\n")

    def done(self, *words: str | Path) -> str:
        status, out, err = self(*words)
        assert (status, err) == (0, "")
        return out

    def failed(self, *words: str | Path) -> str:
        status, out, err = self(*words)
        assert (status, out) == (1, "")
        assert "\n" not in err
        return err


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    for name, _, _ in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FEED_ALLOW", "127.0.0.1")
    return Terminal(capsys)


def test_a_feed_is_added_by_its_page_listed_paused_and_removed(terminal: Terminal, publisher: str) -> None:
    assert "There is no database at data/dealwire.db" in terminal.failed("list")
    added = terminal.done("add", publisher)
    assert added.startswith(f"Added: feed 1, Acme Wire ({publisher}/feed), trust review.")
    assert terminal.done("add", f"{publisher}/feed", "--trust", "auto", "--title", "Acme").startswith(
        "Already known: feed 1, Acme"
    )
    assert terminal.done("pause", "1") == "Feed 1, Acme, is paused."
    assert terminal.done("list").splitlines() == [
        "   1  Acme · auto · paused · 2 articles",
        f"      {publisher}/feed",
        f"      The bot publishes without asking when it is at least {MIN_CONFIDENCE:.0%} sure.",
    ]
    assert terminal.done("resume", f"{publisher}/feed") == "Feed 1, Acme, is active again."
    assert terminal.done("list").startswith("   1  Acme · auto · checked 20")
    assert terminal.done("remove", "1") == "Feed 1, Acme, was removed; its past articles stay."
    assert terminal.failed("remove", "1") == "dealwire: No feed matches “1”."


def test_check_says_what_would_come_in_and_stores_nothing(terminal: Terminal, publisher: str) -> None:
    assert terminal.done("check", publisher) == (
        f"Acme Wire (RSS), {publisher}/feed\n"
        "  2026-01-01 12:00  Part 1 of the news\n"
        "  2026-01-01 12:00  Part 2 of the news\n"
        "2 articles would be imported, 0 would not count as news, 0 skipped. Nothing was stored."
    )
    assert "There is no database" in terminal.failed("list")
    terminal.done("add", publisher)
    assert terminal.done("check", publisher).endswith(
        "Part 2 of the news  [already known]\n"
        "0 articles would be imported, 2 would not count as news, 0 skipped. Nothing was stored."
    )


def test_check_names_the_story_that_an_article_would_join(terminal: Terminal, tmp_path: Path) -> None:
    """And why; as JSON too. What repeats a development says so, and what fits no story names none."""
    talks = development("2025-12-30", "Acme in talks to buy Roadworks", stage="talks")
    (tmp_path / "acme.toml").write_text(story_file("acme-roadworks", PARTIES + talks))
    assert main(["import", "acme.toml"]) == 0
    titles = ("Acme signs deal to buy Roadworks", "Acme in talks to buy Roadworks", "Museum returns a painting")
    items = [ITEM.replace("Part {n} of the news", title) for title in titles]
    feed = "".join(item.format(n=n, date=format_datetime(START)) for n, item in enumerate(items))
    (tmp_path / "feed.xml").write_text(RSS.replace(ITEMS, feed))
    lines = terminal.done("check", "feed.xml").splitlines()
    joins = [line.strip() for line in lines if "would be added to" in line]
    assert joins == [
        "would be added to acme-roadworks: both name Acme, Roadworks; clear match",
        "would be added to acme-roadworks: both name Acme, Roadworks; clear match; repeats “Acme in talks to buy Roadworks”",
    ]
    checked = json.loads(terminal.done("check", "feed.xml", "--json"))
    assert (checked["title"], checked["format"], checked["skipped"]) == ("Acme Wire", "rss", [])
    assert [article["story"] for article in checked["articles"]] == ["acme-roadworks", "acme-roadworks", None]
    assert checked["articles"][0]["why"] == {"companies": ["Acme", "Roadworks"], "fit": "clear", "repeats": None}
    assert {"title", "url", "published", "undated", "text", "publisher"} <= checked["articles"][0].keys()


def test_check_reads_a_file(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_text(RSS)
    assert terminal.done("check", "feed.xml").startswith("Acme Wire (RSS), feed.xml\n")


@pytest.mark.skipif(not (SHARED / "real").exists(), reason="no real feeds are at hand")
def test_a_real_feed_is_read(terminal: Terminal) -> None:
    """The first; the parser's own tests take all."""
    for path in sorted((SHARED / "real").glob("*.xml"))[:1]:
        assert not terminal.done("check", path).splitlines()[-1].startswith("0 articles")


def test_lists_go_in_and_out(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "mine.opml").write_text(
        '<opml><outline text="A & B" xmlUrl="https://a.example/"/><outline xmlUrl="file:///etc/passwd"/></opml>'
    )
    status, out, err = terminal("import", "mine.opml")
    assert (status, out) == (0, "1 feed added, 0 changed, 0 already known, 1 skipped.")
    assert err == "skipped in mine.opml: file:///etc/passwd isn't an http:// or https:// address."
    (tmp_path / "feeds.toml").write_text('[[feed]]\nurl = "https://b.example/"\ntitle = "B"\ntrust = "auto"\n')
    assert terminal.done("import", "feeds.toml", "--dry-run") == "1 feed would be added, 0 changed, 0 already known."
    assert terminal.done("import", "feeds.toml") == "1 feed added, 0 changed, 0 already known."
    assert terminal.done("export", "out.opml") == "Exported 2 feeds to out.opml."
    printed, written = (
        re.sub("<dateCreated>.*?</dateCreated>", "", text)
        for text in (terminal.done("export"), (tmp_path / "out.opml").read_text().rstrip("\n"))
    )
    assert printed == written
    assert terminal.done("import", "out.opml") == "0 feeds added, 0 changed, 2 already known."
    elsewhere = f"sqlite:///{tmp_path / 'elsewhere.db'}"
    assert terminal.done("import", "out.opml", "--database", elsewhere) == "2 feeds added, 0 changed, 0 already known."
    assert terminal.done("--database", elsewhere, "list").startswith("   1  A & B · review")


def test_what_cannot_be_done_is_said_in_one_sentence(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "empty.opml").write_text("<opml/>")
    (tmp_path / "story.toml").write_text('slug = "a"')
    (tmp_path / "bad.toml").write_text('[[feed]]\nurl = "https://a.example/"\ntrust = "blind"\n')
    (tmp_path / "page.html").write_text(PAGE)
    assert terminal.failed("check", "nowhere.xml").startswith("dealwire: nowhere.xml: cannot be read: No such file")
    assert terminal.failed("check", "page.html").startswith("dealwire: ")
    assert terminal.failed("check", "http://10.0.0.1/").startswith(
        "dealwire: http://10.0.0.1/ can't be used: it leads to"
    )
    assert (
        terminal.failed("add", "ftp://a.example/") == "dealwire: ftp://a.example/ isn't an http:// or https:// address."
    )
    assert terminal.failed("import", "empty.opml").startswith("dealwire: empty.opml: expected an OPML list")
    assert terminal.failed("import", "story.toml").startswith("dealwire: story.toml")
    assert (
        terminal.failed("import", "bad.toml")
        == "dealwire: bad.toml:3: feed[1].trust: expected one of review, auto, not 'blind'"
    )
    assert terminal.failed("export", tmp_path / "no" / "such" / "x.opml").endswith("No such file or directory.")


@pytest.mark.parametrize("words", [["add"], ["fetch"], ["add", "http://a.example/", "--trust", "blind"], ["pause"]])
def test_wrong_usage_is_told_apart(terminal: Terminal, words: list[str]) -> None:
    status, out, err = terminal(*words)
    assert (status, out) == (2, "")
    assert "usage: dealwire feeds" in err


def test_a_list_that_is_no_file_is_refused_at_once(terminal: Terminal, tmp_path: Path) -> None:
    """A named pipe that nobody writes into would be waited for, and a device never ends."""
    pipe, device, huge = tmp_path / "pipe.opml", tmp_path / "device.opml", tmp_path / "huge.toml"
    os.mkfifo(pipe)
    device.symlink_to("/dev/zero")
    with huge.open("wb") as file:
        file.truncate(20_000_000_000)
    status, out, err = terminal("import", pipe, device, huge)
    assert (status, out) == (1, "")
    assert [
        line.partition(": ")[2].removeprefix(f"{tmp_path}/").partition(". A web")[0] for line in err.splitlines()
    ] == [
        "pipe.opml: cannot be read: it is a named pipe, not a regular file",
        "device.opml: cannot be read: it is a device, not a regular file",
        "huge.toml: expected at most 5,000,000 bytes",
        "Nothing was imported: 3 of the 3 files were refused.",
    ]
    assert terminal("check", pipe)[2].startswith(f"dealwire: {pipe}: cannot be read: it is a named pipe")


def test_an_address_needs_no_scheme_and_a_file_comes_first(terminal: Terminal, publisher: str, tmp_path: Path) -> None:
    """What is neither is refused as the file that it is not."""
    assert "127.0.0.1" in terminal.done("check", f"<{publisher}/feed>")
    assert "Added: feed 1" in terminal.done("add", publisher.replace("http:", "feed:") + "/feed")
    (tmp_path / "acme.example").write_text(RSS)
    assert terminal.done("check", "acme.example").startswith("Acme Wire (RSS), acme.example")
    for name in ("example", "feed.xml", "folder/feed.xml"):
        assert "cannot be read: No such file or directory" in terminal.failed("check", name)
        assert f"{name} isn't an http:// or https:// address." in terminal.failed("add", name)
    assert "operator can allow the host with FEED_ALLOW" in terminal.failed("check", "10.0.0.1/feed")


def test_a_packed_file_is_unpacked(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "feed.xml.gz").write_bytes(gzip.compress(RSS.encode()))
    assert "Acme Wire" in terminal.done("check", "feed.xml.gz")
    (tmp_path / "bomb.gz").write_bytes(gzip.compress(bytes(20_000_000)))
    assert "expected at most 5,000,000 bytes after decompression" in terminal.failed("check", "bomb.gz")
    (tmp_path / "broken.gz").write_bytes(b"\x1f\x8b\x08junk")
    assert "can't be unpacked" in terminal.failed("check", "broken.gz")
