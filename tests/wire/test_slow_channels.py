"""Channels that do not answer delay no others, however many there are."""

from pathlib import Path

from bot.clock import utc_now
from bot.delivery.subscriptions import Subscriptions
from bot.model.follow import EVERYTHING, Destination, DestinationKind
from bot.store import open_store
from tests.local_discord import Channel, Fault, Limits
from tests.wire.newsroom import Newsroom

#: Hundreds leave at the rate limit before the others: this is far more than that takes, and less than one try.
LATER = 40.0
HANGING = 300
MEGABYTES = 300


async def follow_all(room: Newsroom, channels: list[Channel]) -> None:
    async with open_store(f"sqlite:///{room.database}") as store:
        subscriptions = Subscriptions(store, utc_now)
        for channel in channels:
            await subscriptions.follow(
                Destination(DestinationKind.CHANNEL, channel.id, room.guild.id), EVERYTHING, created_by=1
            )


def hang(room: Newsroom, channels: list[Channel]) -> list[Fault]:
    add = room.here.faults.add
    return [add("POST", f"/channels/{channel.id}/messages", action="hold", times=None) for channel in channels]


def resident(pid: int) -> int:
    """Return the memory of a process in megabytes."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) // 1024


async def test_hundreds_that_hang_leave_room_for_the_others(newsroom: Newsroom) -> None:
    """Also when they have hung once, and news comes again; within the rate limit; in the end each has both posts once."""
    room = newsroom
    slow = [room.here.add_channel(room.guild, f"slow-{number}") for number in range(HANGING)]
    brisk = [room.here.add_channel(room.guild, f"brisk-{number}") for number in range(10)]
    await follow_all(room, slow + brisk)
    room.here.limits = Limits()
    held = hang(room, slow)
    bot = await room.bot()
    tale = room.tale()
    for step in (1, 2):
        await tale.import_steps(step)
        for channel in brisk:
            await room.wait_for_post(channel, tale.step(step), LATER)
    assert sum(fault.hits > 0 for fault in held) == HANGING
    assert all(room.posts(channel, tale.step(1)) == [] for channel in slow)
    assert resident(bot.pid) < MEGABYTES
    assert room.here.invalid_requests == 0
    room.here.faults.clear()
    for channel in slow:
        await room.wait_for_post(channel, tale.step(2), LATER)
    every = [room.posts(channel, f"Tale {tale.number},") for channel in slow + brisk]
    assert {len(posts) for posts in every} == {2}
