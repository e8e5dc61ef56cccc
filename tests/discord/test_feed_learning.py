"""A trusted feed: the desk corrects what the bot publishes alone, so that it asks; and after enough right ones it acts alone again."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.model.feed import Trust
from bot.newsroom.feed_confidence import STORY_LIMITS
from tests.discord.pressroom import Press, open_press
from tests.discord.seen import buttons, check_limits, message_of, said
from tests.discord.stage import OPPAMA, Scene, Stage

SURE = round(STORY_LIMITS.shipped + 0.02, 3)


@pytest.fixture
async def scene(stage: Stage) -> AsyncIterator[Scene]:
    """Yield a scene in which the desk has a channel."""
    async with stage.open() as new_scene:
        await new_scene.restart(desk_channel_id=new_scene.desk.id)
        yield new_scene


async def read_list(scene: Scene) -> str:
    """Return what the list says about the feed of the press."""
    listed = await scene.editor.slash(scene.desk, "feeds list")
    while "Press feed" not in said(listed):
        listed = await scene.editor.click(message_of(listed), label="Next")
    check_limits(listed)
    return said(listed).split("Press feed")[1]


async def publish_alone(scene: Scene, press: Press, title: str) -> bool:
    """Bring an article that the tracker is just sure of; return whether it was published without asking."""
    await press.brings(title, confidence=SURE)
    return await scene.container.services.review_queue.count_waiting() == 0


async def test_the_desk_teaches_the_bot_when_to_ask(scene: Scene) -> None:
    press, usual = await open_press(scene, Trust.AUTO), f"{STORY_LIMITS.shipped:.0%}"
    queue = scene.container.services.review_queue
    assert f"The bot publishes without asking when it is at least {usual} sure" in await read_list(scene)

    assert await publish_alone(scene, press, "Nissan sells a plant")
    assert "right 1 of 1 time" in await read_list(scene)
    await scene.env.advance_time(3)
    (item,) = [message for message in scene.own(scene.desk) if "Undo" in buttons(message)]
    await scene.editor.click(item, label="Undo")
    await scene.editor.click(message_of(await scene.editor.slash(scene.desk, "desk queue")), label="Not news")
    listed = await read_list(scene)
    raised = f"{SURE + 0.01:.0%}"
    assert f"The bot publishes without asking when it is at least {raised} sure (usually {usual})" in listed

    for number in range(14):
        assert not await publish_alone(scene, press, f"Nissan hires {number} engineers")
        waiting = await queue.get_at()
        assert waiting is not None
        await queue.publish(waiting.item.id, OPPAMA, actor="discord:1")
    listed = await read_list(scene)
    assert f"when it is at least {usual} sure · right 14 of 15 times" in listed
    assert await publish_alone(scene, press, "Nissan opens a design studio")
