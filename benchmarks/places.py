"""Where a trial's news arrives: channels, digests, threads, a forum, announcements and their copies; and what stands there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.delivery.delivery_settings import DeliverySettingsService
from bot.delivery.subscriptions import Subscriptions
from bot.model.delivery_settings import DeliveryMode, DeliverySettings
from bot.model.follow import EVERYTHING, Destination, DestinationKind, Target, TargetKind
from bot.model.follow_settings import FollowSettings
from bot.model.vocabulary import Stage
from tests.local_discord import Channel, LocalDiscord, Message

NAMED = re.compile(r"News (\d{6})(?: version (\d+))?")
STRUCK = re.compile(r"~~News (\d{6})")
TOLD = re.compile(r"Trial (\d{4})(?: revised (\d+))?")
#: News of the story that the crowd follows; in the other places it is not counted.
CROWD_NEWS = re.compile(r"Crowd (\d{6})")
CROWD_SLUG, CROWD_NUMBER = "trial-crowd", 9999
#: So many channels follow that story alone, and can all hang at once.
CROWD_SIZE = 32
IS_CARD = "each development is a message in this thread"
TAGS = [stage.label for stage in Stage]
TIMED = DeliverySettings(cap=8, quiet_from=22 * 60, quiet_until=7 * 60)


class Sort(StrEnum):
    """How news comes to a spot."""

    PLAIN = "channel"
    DIGEST = "digest"
    TIMED = "capped"
    THREADS = "threads"
    FORUM = "forum"
    ANNOUNCED = "announcements"
    COPIES = "copies"

    @property
    def in_threads(self) -> bool:
        """Return whether each story has a thread."""
        return self in (Sort.THREADS, Sort.FORUM)


#: What the follows of each sort ask for; copies come by themselves.
TERMS = {
    Sort.PLAIN: (DestinationKind.CHANNEL, FollowSettings()),
    Sort.DIGEST: (DestinationKind.CHANNEL, FollowSettings(mode=DeliveryMode.DAILY)),
    Sort.TIMED: (DestinationKind.CHANNEL, FollowSettings()),
    Sort.THREADS: (DestinationKind.CHANNEL, FollowSettings(threads=True)),
    Sort.FORUM: (DestinationKind.FORUM, FollowSettings()),
    Sort.ANNOUNCED: (DestinationKind.ANNOUNCEMENT, FollowSettings()),
}
EACH = (Sort.DIGEST, Sort.TIMED, Sort.THREADS, Sort.FORUM, Sort.ANNOUNCED)


@dataclass(frozen=True, slots=True)
class Spot:
    """One place where all news must arrive."""

    sort: Sort
    channel: Channel

    def posts(self, discord: LocalDiscord, *, last: int = 0) -> Iterator[Message]:
        """Return the messages that carry news, here and in the stories' threads; with ``last`` only so many of each, newest first."""
        for channel in self.channels(discord):
            for message in self._messages(channel, last):
                if IS_CARD not in message.text:
                    yield message

    def cards(self, discord: LocalDiscord) -> Iterator[Message]:
        """Return the stories' cards."""
        if self.sort.in_threads:
            places = discord.threads(self.channel) if self.sort is Sort.FORUM else [self.channel]
            for place in places:
                yield from (message for message in self._messages(place, 0) if IS_CARD in message.text)

    def channels(self, discord: LocalDiscord) -> list[Channel]:
        """Return the channel and its threads."""
        return [self.channel, *(discord.threads(self.channel) if self.sort.in_threads else ())]

    @staticmethod
    def _messages(channel: Channel, last: int) -> Iterator[Message]:
        messages = channel.history.before() if last else channel.history.after()
        for number, message in enumerate(messages):
            if last and number >= last:
                return
            if not message.system:
                yield message


def shown(message: Message) -> set[tuple[int, int]]:
    """Return the numbers of the news in a message, each with the version that it shows."""
    return {(int(number), int(version or 0)) for number, version in NAMED.findall(message.text)}


async def set_up_spots(
    discord: LocalDiscord,
    subscriptions: Subscriptions,
    delivery_settings: DeliverySettingsService,
    channels: int,
    *,
    each: bool,
) -> list[Spot]:
    """So many channels that follow everything; with ``each`` also one spot of every other sort."""
    guild, timed = discord.add_guild("Trial"), discord.add_guild("Timed")
    spots = [Spot(Sort.PLAIN, discord.add_channel(guild, f"news-{number}")) for number in range(channels)]
    for sort in EACH if each else ():
        home = timed if sort is Sort.TIMED else guild
        if sort is Sort.FORUM:
            spots.append(Spot(sort, discord.add_forum(home, sort.value, tags=TAGS)))
        elif sort is Sort.ANNOUNCED:
            copies = discord.add_channel(home, Sort.COPIES.value)
            announcements = discord.add_announcements(home, sort.value, followed_into=[copies])
            spots += [Spot(sort, announcements), Spot(Sort.COPIES, copies)]
        else:
            spots.append(Spot(sort, discord.add_channel(home, sort.value)))
    await delivery_settings.save(timed.id, TIMED)
    for spot in spots:
        if spot.sort in TERMS and spot.channel.guild is not None:
            place, terms = TERMS[spot.sort]
            where = Destination(place, spot.channel.id, spot.channel.guild.id)
            await subscriptions.follow(where, EVERYTHING, created_by=guild.owner.id, settings=terms)
    return spots


async def set_up_crowd(discord: LocalDiscord, subscriptions: Subscriptions) -> list[Channel]:
    """Channels of a server of their own that follow the crowd's story, which must be in the store."""
    guild = discord.add_guild("Crowd")
    channels = [discord.add_channel(guild, f"crowd-{number}") for number in range(CROWD_SIZE)]
    target = Target(TargetKind.STORY, CROWD_SLUG)
    for channel in channels:
        await subscriptions.follow(
            Destination(DestinationKind.CHANNEL, channel.id, guild.id), target, created_by=guild.owner.id
        )
    return channels
