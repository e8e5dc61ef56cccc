"""The local Discord's faults, rate limits and checks."""

import asyncio

import aiohttp
import discord
import pytest

from tests.local_discord import (
    Limits,
)
from tests.local_discord.reporter import Reporter
from tests.local_discord.tests.stage import TOKEN, Stage, place


async def test_an_answer_that_is_lost_leaves_the_message_posted(stage: Stage, bot: Reporter) -> None:
    channel = place(bot, stage.channel)
    fault = stage.here.faults.add("POST", "/channels/*/messages", when="after", action="drop")
    with pytest.raises(aiohttp.ClientError):
        await channel.send("once", nonce="k")
    assert fault.hits == 1
    assert [each.content for each in stage.here.messages(stage.channel)] == ["once"]
    assert (await channel.send("once", nonce="k")).id == stage.here.messages(stage.channel)[0].id
    assert [each.status for each in stage.here.requests_to("POST", "/channels/*/messages")] == [None, 200]


async def test_a_request_that_is_lost_posts_nothing(stage: Stage, bot: Reporter) -> None:
    stage.here.faults.add("POST", "/channels/*/messages", action="drop")
    stage.here.faults.add("POST", "/channels/*/messages", action=503)
    for error in (aiohttp.ClientError, discord.DiscordServerError):
        with pytest.raises(error):
            await place(bot, stage.channel).send("never")
    assert stage.here.messages(stage.channel) == []


async def test_an_answer_can_be_held_back(stage: Stage, bot: Reporter) -> None:
    fault = stage.here.faults.add("POST", "/channels/*/messages", when="after", action="hold")
    sending = asyncio.create_task(place(bot, stage.channel).send("held"))
    await fault.wait_until_reached()
    assert [each.content for each in stage.here.messages(stage.channel)] == ["held"]
    assert not sending.done()
    fault.release()
    await sending


async def test_limits_are_told_in_headers_and_refused_beyond(stage: Stage) -> None:
    stage.here.limits = Limits(per_second=8)
    url = f"{stage.here.api_url}/channels/{stage.channel.id}/messages"
    headers = {"Authorization": f"Bot {TOKEN}"}
    statuses, answers = [], []
    async with aiohttp.ClientSession(headers=headers) as session:
        for number in range(9):
            async with session.post(url, json={"content": str(number)}) as response:
                statuses.append(response.status)
                answers.append((response.headers, await response.json()))
    assert statuses == [200] * 5 + [429] * 4
    assert answers[0][0]["X-RateLimit-Remaining"] == "4"
    assert answers[5][0]["X-RateLimit-Scope"] == "user"
    assert 0 < answers[5][1]["retry_after"] <= 5
    assert [body["global"] for _, body in answers[5:]] == [False, False, False, True]
    assert stage.here.invalid_requests == 4


async def test_a_body_that_the_description_forbids_is_refused(stage: Stage) -> None:
    if stage.here._api._openapi is None:
        pytest.skip("Discord's OpenAPI description is not beside the repository")
    headers = {"Authorization": f"Bot {TOKEN}"}
    url = f"{stage.here.api_url}/channels/{stage.channel.id}/messages"
    async with aiohttp.ClientSession(headers=headers) as session:
        async with session.post(url, json={"content": "x", "tts": "perhaps"}) as response:
            assert (response.status, (await response.json())["code"]) == (400, 50035)
        async with session.get(f"{stage.here.api_url}/no/such/route") as response:
            assert response.status == 404
    (violation,) = stage.here.violations
    assert violation.where == "tts"
    assert [each.path for each in stage.here.unknown_routes] == ["/no/such/route"]
    stage.here.violations.clear()
    stage.here.unknown_routes.clear()
