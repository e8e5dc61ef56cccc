"""Pictures are drawn once, by a process that may die."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import subprocess
import sys

import pytest

from bot.errors import PictureError
from bot.pictures import renderer as renderers
from bot.pictures.plan import Plan
from bot.pictures.renderer import PictureRenderer, open_picture_renderer
from bot.pictures.timeline_plan import plan_story_timeline
from tests.unit.pictures.examples import make_development, open_picture, story


def plan_of(headline: str) -> Plan:
    plan = plan_story_timeline(story(make_development("2025-08-20", headline=headline)))
    assert plan is not None
    return plan


def drawer_of(picture_renderer: PictureRenderer) -> asyncio.subprocess.Process:
    """Return the process that draws, while it has nothing to do."""
    (worker,) = picture_renderer._pool._idle_workers
    return worker.process


async def test_equal_plans_are_drawn_once_and_a_changed_story_anew() -> None:
    async with open_picture_renderer() as picture_renderer:
        first, same = await asyncio.gather(picture_renderer.draw(plan_of("One")), picture_renderer.draw(plan_of("One")))
        assert first is same is await picture_renderer.draw(plan_of("One"))
        assert picture_renderer.drawing_count == 1
        assert await picture_renderer.draw(plan_of("Another")) != first
        assert picture_renderer.drawing_count == 2
        assert open_picture(first).width == 960


async def test_a_killed_drawer_is_replaced_and_what_was_kept_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_picture_renderer() as picture_renderer:
        first = await picture_renderer.draw(plan_of("One"))
        before = drawer_of(picture_renderer).pid
        os.kill(before, signal.SIGKILL)
        assert await picture_renderer.draw(plan_of("Two"))
        assert drawer_of(picture_renderer).pid != before
        assert await picture_renderer.draw(plan_of("One")) is first
        monkeypatch.setattr(renderers, "CACHE_BYTES", len(first) + 10)
        await picture_renderer.draw(plan_of("Three"))
        assert picture_renderer._cache_bytes <= len(first) + 10


async def test_who_gives_up_waiting_takes_the_picture_from_nobody_else() -> None:
    async with open_picture_renderer() as picture_renderer:
        gone = asyncio.create_task(picture_renderer.draw(plan_of("One")))
        stays = asyncio.create_task(picture_renderer.draw(plan_of("One")))
        await asyncio.sleep(0)
        gone.cancel()
        assert open_picture(await stays).width == 960
        assert gone.cancelled()


async def test_a_drawer_that_cannot_draw_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """One that cannot start, of which the log says why; one that says nothing in time; more pictures than can wait."""
    dying = PictureRenderer("tests.unit.pictures.no_such_module")
    for number in ("One", "Two"):
        with pytest.raises(PictureError, match="couldn't be drawn"):
            await dying.draw(plan_of(number))
    await dying.close()
    (line,) = (record.getMessage() for record in caplog.records if record.name == "bot.subprocesses.pool")
    assert line.endswith("No module named tests.unit.pictures.no_such_module")
    monkeypatch.setattr(renderers, "START_SECONDS", 0.01)
    silent = PictureRenderer()
    with pytest.raises(PictureError, match="couldn't be drawn"):
        await silent.draw(plan_of("One"))
    monkeypatch.setattr(renderers, "MAX_WAITING", 0)
    with pytest.raises(PictureError, match="try again in a moment"):
        await silent.draw(plan_of("Two"))
    await silent.close()


async def test_the_drawer_ends_with_the_bot() -> None:
    """However that ends: its input is closed then."""
    picture_renderer = PictureRenderer()
    await picture_renderer.draw(plan_of("One"))
    process = drawer_of(picture_renderer)
    assert process.stdin is not None
    process.stdin.close()
    assert await asyncio.wait_for(process.wait(), 20) == 0
    await picture_renderer.close()


async def test_a_drawer_without_work_is_ended() -> None:
    picture_renderer = PictureRenderer(idle_seconds=0.01)
    await picture_renderer.draw(plan_of("One"))
    process = drawer_of(picture_renderer)
    await asyncio.wait_for(process.wait(), 20)
    assert open_picture(await picture_renderer.draw(plan_of("Two"))).width == 960
    await picture_renderer.close()


async def test_a_drawer_is_limited_in_files_and_memory() -> None:
    picture_renderer = PictureRenderer()
    await picture_renderer.draw(plan_of("One"))
    pid = drawer_of(picture_renderer).pid
    assert resource.prlimit(pid, resource.RLIMIT_FSIZE) == (0, 0)
    assert resource.prlimit(pid, resource.RLIMIT_AS) == (2 << 30, 2 << 30)
    await picture_renderer.close()


def test_the_bot_itself_loads_nothing_that_draws() -> None:
    """It would cost every command its start, and the bot its memory."""
    request = "import sys, bot.app, bot.platforms.discord.client, cogs.timeline; print({'matplotlib', 'PIL', 'trafilatura'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", request], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
