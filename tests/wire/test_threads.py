"""The real bot and stories' threads that are deleted, archived or locked, and announcements beyond their hour's number."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from benchmarks.counting import count
from benchmarks.crash import drain
from benchmarks.places import Sort, Spot
from benchmarks.trial import Trial
from tests.local_discord import Channel, Limits
from tests.wire.trials import get_spot, open_trial


@pytest.fixture
async def trial(tmp_path: Path) -> AsyncIterator[Trial]:
    """Post a story with one development in places of all sorts; the bot does not run afterwards."""
    async with open_trial(tmp_path) as opened:
        await opened.publish(new_story=True)
        await drain(opened)
        yield opened


def threads(trial: Trial) -> list[tuple[Spot, Channel]]:
    """Return the stories' threads, in the channel and in the forum."""
    spots = get_spot(trial, Sort.THREADS), get_spot(trial, Sort.FORUM)
    return [(each, thread) for each in spots for thread in trial.discord.threads(each.channel)]


async def test_a_story_whose_threads_are_deleted_is_told_in_new_ones(trial: Trial) -> None:
    """It stops no follow that a card has lost its thread, whatever of it the bot meets first: the card or the news."""
    for place, thread in threads(trial):
        trial.delete_thread(place, thread)
    await trial.revise()
    await drain(trial)
    await trial.publish(new_story=False)
    await drain(trial)
    await trial.publish(new_story=True)
    await drain(trial)
    assert (await count(trial)).faults == 0
    assert len(threads(trial)) == 4


async def test_a_thread_deleted_during_the_search_is_skipped(trial: Trial) -> None:
    """A forum's post is in doubt, and the threads are read for its key: it stops no follow that one of them goes just then."""
    forum = get_spot(trial, Sort.FORUM)
    (thread,) = trial.discord.threads(forum.channel)
    trial.discord.faults.add("POST", f"/channels/{forum.channel.id}/threads", action="drop")
    looking = trial.discord.faults.add("GET", f"/channels/{thread.id}/messages", action="hold")
    await trial.publish(new_story=True)
    bot = trial.start()
    try:
        await looking.wait_until_reached(30)
        trial.delete_thread(forum, thread)
        looking.release()
        await trial.discord.thread_in(forum.channel, name="Trial 0002", timeout=60)
    finally:
        trial.discord.faults.clear()
        bot.stop()
    await drain(trial)
    assert (await count(trial)).faults == 0


async def test_an_archived_thread_is_named_as_its_story_is(trial: Trial) -> None:
    for _, thread in threads(trial):
        trial.discord.archive_thread(thread)
    await trial.revise()
    await trial.publish(new_story=True)
    await drain(trial)
    assert (await count(trial)).faults == 0
    assert {thread.name for _, thread in threads(trial)} == {"Trial 0001 revised 1", "Trial 0002"}


async def test_a_locked_thread_keeps_no_other_story_from_arriving(trial: Trial) -> None:
    for _, thread in threads(trial):
        trial.discord.archive_thread(thread, locked=True)
    await trial.revise()
    bot = trial.start()
    try:
        await trial.discord.wait_until_ready(30)
        await trial.publish(new_story=True)
        for place in (get_spot(trial, Sort.THREADS), get_spot(trial, Sort.FORUM)):
            await trial.discord.until(lambda place=place: _has(trial, place, "News 000002"), 20)  # type: ignore[misc]  # bound now
    finally:
        bot.stop()
    for _, thread in threads(trial):
        trial.discord.unlock_thread(thread)
    await drain(trial)
    assert (await count(trial)).faults == 0


def _has(trial: Trial, place: Spot, words: str) -> bool:
    return any(words in message.text for message in place.posts(trial.discord))


async def test_publishing_goes_on_in_the_next_hour(trial: Trial) -> None:
    """Discord asked the bot to wait for most of an hour: that is kept in the outbox, and no request waits so long."""
    trial.discord.limits = Limits(publishes=(1, 3_600.0))
    await trial.publish(3)
    async with asyncio.timeout(40):
        await drain(trial)
    assert (await count(trial)).faults == 0
