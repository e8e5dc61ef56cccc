"""The demo's page in front of the simulated Discord's own one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.demo.page import DemoChannel, DemoPage
from tests.discord.stage import Scene


class Browser:
    """What the page's scripts do: open a page for a viewer, and send an action."""

    def __init__(self, session: aiohttp.ClientSession, page: DemoPage) -> None:
        self._session = session
        self.origin, self.key = page.url.split("/#")
        self._headers = {"X-Simcord-Capability": self.key}

    async def get(self, path: str, **headers: str) -> tuple[int, str]:
        """Return the status and the text of an answer."""
        async with self._session.get(self.origin + path, headers=headers) as answer:
            return answer.status, await answer.text()

    async def choose(self, channel: str, key: str) -> int:
        """Choose a channel, and return the status."""
        headers = {"X-Simcord-Capability": key}
        async with self._session.post(f"{self.origin}/dealwire/channels/{channel}", headers=headers) as answer:
            return answer.status

    async def open_for(self, viewer_id: int) -> dict[str, Any]:
        """Open the page for a viewer, and return its state."""
        async with self._session.post(
            f"{self.origin}/api/pages", json={"viewer_id": str(viewer_id)}, headers=self._headers
        ) as answer:
            state: dict[str, Any] = await answer.json()
        return state

    async def send(self, content: str, state: dict[str, Any]) -> dict[str, Any]:
        """Type a message on a page in the state that it had, and return the page's receipt."""
        action = {
            "kind": "send_message",
            "content": content,
            "reply_to_id": None,
            "target_id": state["targetId"],
            "protocol_version": 3,
            "sequence": 1,
            "request_id": "first",
            "generation": state["context"]["generation"],
            "bot_generation": state["botGeneration"],
            "published_revision": state["publishedRevision"],
        }
        headers = {**self._headers, "X-Simcord-Context": state["context"]["id"]}
        async with self._session.post(f"{self.origin}/api/action", json=action, headers=headers) as answer:
            receipt: dict[str, Any] = await answer.json()
        return receipt


@pytest.fixture
async def page(scene: Scene) -> AsyncIterator[DemoPage]:
    """Serve a page with two channels."""
    channels = [DemoChannel("deals", scene.deals), DemoChannel("desk", scene.desk)]
    opened = DemoPage(scene.env, channels, [scene.reader, scene.editor], scene.env.backend.bot_user.id)
    async with opened.open(0):
        yield opened


@pytest.fixture
async def browser(page: DemoPage) -> AsyncIterator[Browser]:
    """Open a browser on the page."""
    async with aiohttp.ClientSession() as session:
        yield Browser(session, page)


async def test_the_demo_page_shows_our_name(browser: Browser) -> None:
    status, text = await browser.get("/")
    assert status == 200
    assert "<title>Dealwire · demo</title>" in text
    assert "/dealwire.js" in text
    assert "<strong>SimCord" not in text
    for path in ("/dealwire.js", "/dealwire.css", "/app.js"):
        assert (await browser.get(path))[0] == 200


async def test_a_typed_name_of_the_bot_is_a_mention(scene: Scene, browser: Browser) -> None:
    receipt = await browser.send("@Dealwire nissan foxconn", await browser.open_for(scene.reader.id))
    assert receipt["settlement"] == "settled"
    question, answer = scene.deals.history()[-2:]
    assert question.content == f"{scene.mention} nissan foxconn"
    assert answer.author.id == scene.env.backend.bot_user.id


async def test_a_post_that_arrives_meanwhile_hinders_nobody(scene: Scene, page: DemoPage, browser: Browser) -> None:
    """What was typed before the page showed the post is sent all the same."""
    state = await browser.open_for(scene.reader.id)
    await scene.client.get_partial_messageable(scene.deals.id).send("A post")
    await page.refresh()
    receipt = await browser.send("!deal nissan foxconn", state)
    assert (receipt["rejected"], receipt["settlement"]) == (False, "settled")
    assert scene.deals.history()[-2].content == "!deal nissan foxconn"


async def test_only_the_holder_of_the_key_chooses_a_channel(browser: Browser, page: DemoPage) -> None:
    assert await browser.choose("desk", "guessed") == 401
    assert await browser.choose("nowhere", browser.key) == 404
    assert await browser.choose("desk", browser.key) == 200
    assert '"current": "desk"' in (await browser.get("/dealwire/channels"))[1]
    assert page.url.split("#")[1] == browser.key, "the address that was printed stays good"
    assert (await browser.get("/api/state", **{"X-Simcord-Capability": "guessed"}))[0] == 401
    assert (await browser.get("/api/state", **{"X-Simcord-Capability": browser.key}))[0] != 401


async def test_a_page_elsewhere_cannot_use_the_demo(browser: Browser) -> None:
    """By DNS rebinding it would name its own host."""
    assert (await browser.get("/", Host="evil.example"))[0] == 403
    assert (await browser.get("/", Origin="http://evil.example"))[0] == 403
