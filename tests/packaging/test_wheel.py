"""The wheel in a fresh environment, used from another folder: what a person who has no checkout can do."""

from __future__ import annotations

import asyncio
import re
import subprocess
import urllib.request
from pathlib import Path

from bot.extras import EXTRAS, PAGES, PICTURES, POSTGRES
from tests.feeds.local import publishing
from tests.packaging.wheel import Installation
from tests.progress import remove_progress
from tests.wire.newsroom import OPPAMA, open_newsroom
from tests.wire.process import Ended, Process, check_quiet

FEED = """<rss version="2.0"><channel><title>Wheels</title><item><title>A headline</title><link>https://a.example/1</link>
<pubDate>Fri, 02 Jan 2026 03:04:05 GMT</pubDate></item></channel></rss>"""


async def run(installation: Installation, folder: Path, *command: str, **env: str) -> Ended:
    """Run ``dealwire COMMAND`` of an installation in a folder, to its end."""
    process = await Process.start(*command, env={"HOME": str(folder), **env}, cwd=folder, program=installation.program)
    return await process.wait_for_end()


async def test_without_extras_check_names_each_and_how_to_install_it(bare: Installation, tmp_path: Path) -> None:
    ended = await run(bare, tmp_path, "check", SEEDS="")
    assert ended.code == 1, "there is no token"
    lines = ended.out.splitlines()
    # Only a database on a server needs its driver, and then the command says so.
    assert not any(f"“{POSTGRES.name}”" in line for line in lines)
    for extra in set(EXTRAS) - {POSTGRES}:
        [line] = [line for line in lines if f"“{extra.name}”" in line]
        assert line.startswith("note  ")
        assert "To install it" in line, "this environment has no pip, so the guide is named"
    assert "ok    Feeds and web pages can be read." in lines
    assert [line for line in lines if line.startswith("FIX")] == [line for line in lines if "DISCORD_TOKEN" in line]


async def test_with_extras_check_has_a_line_for_each(whole: Installation, tmp_path: Path) -> None:
    lines = (await run(whole, tmp_path, "check", SEEDS="")).out.splitlines()
    for extra in EXTRAS:
        assert f"ok    The extra “{extra.name}” is installed: {extra.adds}." in lines


async def test_seeds_and_catalogues_come_with_the_wheel(bare: Installation, tmp_path: Path) -> None:
    """A store made by ``import`` of the installed seeds answers, and German is spoken."""
    seeds = bare.folder / "share" / "dealwire" / "seeds"
    imported = await run(bare, tmp_path, "import", str(seeds))
    assert (imported.code, remove_progress(imported.err)) == (0, "")
    shown = await run(bare, tmp_path, "show", "nissan", "foxconn")
    assert shown.code == 0
    assert OPPAMA in shown.out
    assert (tmp_path / "data" / "dealwire.db").exists()
    code = "from bot.languages import say_as, set_language; set_language('de'); print(say_as('button', 'Full story'))"
    done = await asyncio.to_thread(lambda: subprocess.check_output([bare.python, "-c", code], text=True, cwd=tmp_path))
    assert done.strip() not in ("", "Full story")


async def test_the_demo_without_its_extra_says_so(bare: Installation, tmp_path: Path) -> None:
    ended = await run(bare, tmp_path, "demo")
    assert (ended.code, ended.out) == (1, "")
    assert "The demo needs the extra “demo”" in ended.last_line
    ended.check_quiet()


async def test_feeds_are_checked_without_extras(bare: Installation, tmp_path: Path) -> None:
    async with publishing() as publishers:
        publishers.says("/feed", FEED, headers={"Content-Type": "application/rss+xml"})
        ended = await run(
            bare, tmp_path, "feeds", "check", publishers.url("/feed", "127.0.0.1"), FEED_ALLOW="127.0.0.1"
        )
    assert ended.code == 0, ended.err
    assert "A headline" in ended.out


async def test_without_extras_the_bot_runs_and_lists(bare: Installation, tmp_path: Path) -> None:
    """The log says what to install. Nothing of the extras is loaded: it is not there."""
    async with open_newsroom(tmp_path) as newsroom:
        newsroom.program = bare.program
        del newsroom.env["SEEDS"]
        bot = await newsroom.bot()
        for extra in (PICTURES, PAGES):
            assert f"The extra “{extra.name}” is not installed, so {extra.without}. To install it" in bot.err
        await newsroom.check_answers(newsroom.news)
        answer = await newsroom.ask(newsroom.news, "!timeline oppama")
        assert "This bot runs without the extra “pictures”, so here is a list." in answer.text
        assert "Autovista24" in answer.text
        ended = await bot.stop()
        check_quiet(ended.err)


async def test_with_extras_the_bot_draws_and_misses_nothing(whole: Installation, tmp_path: Path) -> None:
    async with open_newsroom(tmp_path) as newsroom:
        newsroom.program = whole.program
        bot = await newsroom.bot()
        assert "is not installed" not in bot.err
        answer = await newsroom.ask(newsroom.news, "!timeline oppama")
        assert "so here is a list" not in answer.text
        assert [each.filename for each in answer.attachments] == ["timeline.png"]


async def test_the_demo_serves_its_page(whole: Installation, tmp_path: Path) -> None:
    process = await Process.start("demo", env={"HOME": str(tmp_path)}, cwd=tmp_path, program=whole.program)
    try:
        url = await process.wait_for_output(r"http://127\.0\.0\.1:\d+/\S+")
        page = await asyncio.to_thread(lambda: urllib.request.urlopen(url.split("#")[0], timeout=30).read())  # noqa: S310
        assert re.search(rb"<html", page)
        await process.stop()
    finally:
        await process.kill()
    assert list(tmp_path.iterdir()) == []
