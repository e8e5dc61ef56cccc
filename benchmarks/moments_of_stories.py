"""When the bot is killed in the making of threads, forum posts, digests and publications; and what befalls threads meanwhile."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Literal

from benchmarks.moments import PATIENCE, Held, Moment
from benchmarks.places import Sort
from benchmarks.trial import ALIVE, Trial

THREAD = ("POST", "/channels/{threads}/messages/*/threads")
CARD = ("POST", "/channels/{threads}/messages")
CARD_EDIT = ("PATCH", "/channels/{threads}/messages/*")
FORUM_POST = ("POST", "/channels/{forum}/threads")
LOOKING = ("GET", "/guilds/*/threads/active")
DIGEST = ("POST", "/channels/{digest}/messages")
PUBLISH = ("POST", "/channels/{announcements}/messages/*/crosspost")


async def news_of_new_story(trial: Trial) -> None:
    """Publish what opens a story."""
    await trial.publish(new_story=True)


async def _revision(trial: Trial) -> None:
    await trial.publish(new_story=False)
    await trial.revise()


async def news_of_digest(trial: Trial) -> None:
    """Publish something, and let time go by until its digest is due."""
    await trial.publish(trial.chance.randint(1, 3))
    trial.to_digest()


async def _correction_of_digest(trial: Trial) -> None:
    # An edit of what is older than an hour may have to wait for its turn, and then the moment does not come.
    if not await trial.correct(Sort.DIGEST):
        await news_of_digest(trial)


async def _announcement(trial: Trial) -> None:
    await trial.publish()
    # No more than ten an hour can be published.
    trial.clock.forward(minutes=61)


class WhileGathering(Moment):
    """When a digest comes due while it runs: before, while or just after it is made."""

    name = "while a digest is made"

    async def play(self, trial: Trial) -> bool:
        """Give the dispatcher time to look at the clock, which it does five times a second."""
        await trial.publish(trial.chance.randint(1, 3))
        bot = trial.start()
        await asyncio.sleep(trial.chance.uniform(0.5, 0.9))
        trial.to_digest()
        await asyncio.sleep(trial.chance.uniform(0.0, 0.3))
        bot.kill()
        return True


class Slept(Held):
    """The machine sleeps for hours while a request is under way: its lease is over, and it goes its way all the same."""

    async def while_held(self, trial: Trial) -> None:
        """Give the dispatcher time to look at the clock, and to go on when the request has been answered."""
        trial.clock.forward(hours=2)
        await asyncio.sleep(0.5)
        trial.discord.faults.clear()
        await asyncio.sleep(trial.chance.uniform(0.0, 0.5))


class LookingForForumPost(Held):
    """Killed after a forum took a post, and in the next life again, while it is looked for there."""

    def __init__(self) -> None:
        super().__init__("while a forum's post is looked for", LOOKING, taken=True, prepare=self._left_in_doubt)
        self._taken_post = Held("", FORUM_POST, taken=True, prepare=news_of_new_story)

    async def _left_in_doubt(self, trial: Trial) -> None:
        await self._taken_post.play(trial)


class ThreadBefallen(Moment):
    """While a post on its way into a story's thread is held, the thread is archived, or deleted."""

    def __init__(self, name: str, sort: Sort, *, deleted: bool, taken: bool) -> None:
        self.name = name  # type: ignore[misc]  # each instance is a moment of its own
        self._sort = sort
        self._deleted = deleted
        self._when: Literal["before", "after"] = "after" if taken else "before"

    async def play(self, trial: Trial) -> bool:
        """Let the bot live on for a moment."""
        await trial.publish(new_story=False)
        spot = trial.spot(self._sort)
        threads = trial.discord.threads(spot.channel)[-ALIVE:] if spot else []
        faults = [
            trial.discord.faults.add("POST", f"/channels/{thread.id}/messages", when=self._when, action="hold")
            for thread in threads
        ]
        bot = trial.start()
        with contextlib.suppress(TimeoutError):
            await trial.discord.until(lambda: any(fault.hits for fault in faults), PATIENCE)
        befallen = [thread for thread, fault in zip(threads, faults, strict=True) if fault.hits]
        for thread in befallen:
            if self._deleted and spot:
                trial.delete_thread(spot, thread)
            else:
                trial.discord.archive_thread(thread)
        trial.discord.faults.clear()
        await asyncio.sleep(trial.chance.uniform(0.0, 0.5))
        bot.kill()
        return bool(befallen)


MOMENTS_OF_STORIES: tuple[Moment, ...] = (
    Held("after a card is sent, before its record or thread", CARD, taken=True, prepare=news_of_new_story),
    Held("before a thread is opened under its card", THREAD, taken=False, prepare=news_of_new_story),
    Held("after a thread is opened, before the record", THREAD, taken=True, prepare=news_of_new_story),
    Held("before a forum takes a post", FORUM_POST, taken=False, prepare=news_of_new_story),
    Held("after a forum took a post, before the record", FORUM_POST, taken=True, prepare=news_of_new_story),
    LookingForForumPost(),
    Slept("asleep as a forum takes a post", FORUM_POST, taken=False, prepare=news_of_new_story),
    Held("after the edit of a card, before its record", CARD_EDIT, taken=True, prepare=_revision),
    WhileGathering(),
    Held("before a digest is sent", DIGEST, taken=False, prepare=news_of_digest),
    Held("after a digest is sent, before the record", DIGEST, taken=True, prepare=news_of_digest),
    Held(
        "after the edit of a digest, before its record",
        ("PATCH", "/channels/{digest}/messages/*"),
        taken=True,
        prepare=_correction_of_digest,
    ),
    Held("after a send, before it is published", PUBLISH, taken=False, prepare=_announcement),
    Held("after it is published, before the record", PUBLISH, taken=True, prepare=_announcement),
    ThreadBefallen("a thread is archived as a post comes", Sort.THREADS, deleted=False, taken=False),
    ThreadBefallen("a thread is deleted as a post comes", Sort.THREADS, deleted=True, taken=False),
    ThreadBefallen("a thread is deleted after a post came", Sort.THREADS, deleted=True, taken=True),
    ThreadBefallen("a forum's thread is archived as a post comes", Sort.FORUM, deleted=False, taken=False),
    ThreadBefallen("a forum's thread is deleted as a post comes", Sort.FORUM, deleted=True, taken=False),
)
