"""Where connections go: Discord behind a proxy, feeds past it, and both over IPv6."""

import shutil
import socket
from pathlib import Path

import pytest

from tests.feeds.local import publishing
from tests.wire.newsroom import Newsroom, open_newsroom
from tests.wire.proxy import open_proxy

BEHIND = "discord.invalid"
FEED = """<rss version="2.0"><channel><title>A</title><item><title>Nissan opens a plant</title>
<link>http://a.example/b</link></item></channel></rss>"""
LOGIN, PASSWORD = "me@office", "pass:w\u00f6rd"
#: ``me@office:pass:wörd``
AUTHORIZATION = "Basic bWVAb2ZmaWNlOnBhc3M6d8O2cmQ="


def has_ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


ipv6 = pytest.mark.skipif(not has_ipv6(), reason="this machine has no ::1")


def nobody_listens() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


async def read_error(room: Newsroom, **env: str) -> str:
    """Return the one sentence with which the bot fails to start."""
    ended = await room.command("run", **env)
    assert ended.code == 1
    ended.check_quiet()
    return ended.last_line.removeprefix("dealwire: ")


def write_feed_file(folder: Path, url: str) -> Path:
    path = folder / "feeds.toml"
    path.write_text(f'[[feed]]\nurl = "{url}"\n')
    return path


async def test_discord_is_reached_through_a_proxy(tmp_path: Path, seeded: Path) -> None:
    """Requests, the gateway and answers go through it, under a name that only the proxy resolves; feeds do not."""
    shutil.copy(seeded, tmp_path / "dealwire.db")
    async with open_proxy(AUTHORIZATION) as proxy, publishing() as here, open_newsroom(tmp_path, name=BEHIND) as room:
        here.says("/feed", FEED)
        url = f"http://me%40office:pass%3Aw%C3%B6rd@127.0.0.1:{proxy.port}"
        env = {"https_proxy": url, "http_proxy": url, "FEED_ALLOW": "127.0.0.1"}
        checked = await room.command("check", **env)
        assert checked.code == 0, checked.out + checked.err
        await room.import_file(write_feed_file(tmp_path, here.url("/feed", "127.0.0.1")))
        bot = await room.bot(**env)
        await room.check_answers(room.news)
        await room.slash("status")
        await here.until_asked("/feed", 1, 60.0)
        targets = [request.split(" ")[1] for request in proxy.requests]
        assert [target for target in targets if f"//{BEHIND}:{room.here.port}/gateway" in target], targets
        assert all(BEHIND in target for target in targets)
        assert all(f"proxy-authorization: {AUTHORIZATION.lower()}" in request for request in proxy.requests)
        assert here.paths() == ["/feed"]
        for text in (checked.out, checked.err, bot.err):
            assert PASSWORD not in text
            assert "pass%3A" not in text


async def test_no_proxy_and_empty_proxy_connect_directly(newsroom: Newsroom) -> None:
    proxy = f"http://127.0.0.1:{nobody_listens()}"
    for env in (
        {"HTTPS_PROXY": proxy, "NO_PROXY": "other.example, 127.0.0.0/8"},
        {"HTTPS_PROXY": "", "ALL_PROXY": proxy},
    ):
        assert (await newsroom.command("check", **env)).code == 0


async def test_a_proxy_that_is_unreachable_is_named(newsroom: Newsroom) -> None:
    port = nobody_listens()
    error = await read_error(newsroom, HTTPS_PROXY=f"http://me:canary-password@127.0.0.1:{port}")
    assert error == f"The proxy 127.0.0.1:{port} cannot be reached: check HTTPS_PROXY (Connection refused)."


async def test_a_proxy_that_refuses_the_password_is_named(newsroom: Newsroom) -> None:
    async with open_proxy(AUTHORIZATION) as proxy:
        error = await read_error(newsroom, HTTPS_PROXY=f"http://me:canary-password@127.0.0.1:{proxy.port}")
    assert error == "The proxy refused the connection to Discord with status 407: check HTTPS_PROXY."


@ipv6
async def test_discord_and_feeds_are_reached_over_ipv6(tmp_path: Path, seeded: Path) -> None:
    shutil.copy(seeded, tmp_path / "dealwire.db")
    async with publishing("::1") as here, open_newsroom(tmp_path, host="::1") as room:
        here.says("/feed", FEED)
        env = {"FEED_ALLOW": "[::1]"}
        assert (await room.command("check", **env)).code == 0
        await room.import_file(write_feed_file(tmp_path, here.url("/feed", "[::1]")))
        await room.bot(**env)
        await room.check_answers(room.news)
        await room.slash("status")
        await here.until_asked("/feed", 1, 60.0)
        refused = await room.command("feeds", "check", here.url("/feed", "[::1]"))
        assert refused.code == 1
        assert "an address of this machine" in refused.err
