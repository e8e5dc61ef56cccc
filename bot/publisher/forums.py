"""Stories' threads: under a card in a channel, or as posts of a forum."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime
from typing import Any

import discord

from bot.cards.post import post_card
from bot.cards.safe import plain
from bot.delivery.port import Gone
from bot.model.post import Post, Standing
from bot.model.story import Story
from bot.model.vocabulary import Stage
from bot.publisher.keys import carries
from bot.publisher.refusals import ARCHIVED, CHANNEL_GONE, MISSING_PERMISSIONS, THREAD_LOCKED, THREAD_STANDS

log = logging.getLogger(__name__)

#: Characters that a thread's name holds.
NAME_LIMIT = 100
#: Tags that a forum's post has at most.
MOST_TAGS = 5
#: How many archived threads of a forum are looked through for a post in doubt.
ARCHIVED_MOST = 200
_KEEPS_ITS_NAME = (ARCHIVED, THREAD_LOCKED, MISSING_PERMISSIONS, CHANNEL_GONE)


class Forums:
    """Opens threads, finds them again, and keeps their names and tags up to date."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client

    async def open(self, post: Post, mentions: discord.AllowedMentions) -> Standing:
        """Open a story's post in a forum, tagged by its stage. Discord has no nonce for it: in doubt, :meth:`find` first."""
        forum, story = await self._forum(post), _story(post)
        made = await forum.create_thread(
            name=thread_name(story),
            view=post_card(post),
            applied_tags=stage_tags(forum, story),
            allowed_mentions=mentions,
            silent=post.silent,
        )
        return Standing(made.message.id, made.thread.id)

    async def find(self, post: Post, since: datetime) -> Standing | None:
        """The thread whose first message carries the post's key, among those that were made since."""
        forum = await self._forum(post)
        async for thread in self._threads(forum, since):
            # One that is deleted meanwhile is not what is looked for, and says nothing about its forum.
            with contextlib.suppress(discord.NotFound):
                async for message in thread.history(limit=1, oldest_first=True):
                    if carries(message, post.key):
                        return Standing(message.id, thread.id)
        return None

    async def open_under(self, post: Post, message_id: int) -> int:
        """The id of the thread under a card's message; it is opened once, whoever asks again."""
        place = self._client.get_partial_messageable(
            post.destination.discord_id, guild_id=post.destination.guild_id or None
        )
        message = discord.PartialMessage(channel=place, id=message_id)
        try:
            thread = await message.create_thread(name=thread_name(_story(post)))
        except discord.HTTPException as exc:
            if exc.code != THREAD_STANDS:
                raise
            # A thread that was opened from a message has the message's id.
            return message_id
        return thread.id

    async def bring_up_to_date(self, post: Post) -> None:
        """Name a card's thread as its story is named now, and tag it by the stage.

        A thread in the archive is opened for it. One that is locked keeps its name: what it is called is no reason to
        hold up anything. One that is gone has none.
        """
        try:
            thread = await self._thread(post.thread_id)
            if thread is not None and (changes := _changes(thread, _story(post))):
                await self._client.http.edit_channel(thread.id, **changes)
        except discord.HTTPException as exc:
            if exc.code not in _KEEPS_ITS_NAME:
                raise
            log.info("Thread %d keeps its name and tags: %s.", post.thread_id, exc.text)

    async def _forum(self, post: Post) -> discord.ForumChannel:
        number = post.destination.discord_id
        forum = self._client.get_channel(number) or await self._client.fetch_channel(number)
        if not isinstance(forum, discord.ForumChannel):
            raise Gone("the channel is no forum any more")
        return forum

    async def _thread(self, number: int) -> discord.Thread | None:
        thread = self._client.get_channel(number) or await self._client.fetch_channel(number)
        return thread if isinstance(thread, discord.Thread) else None

    async def _threads(self, forum: discord.ForumChannel, since: datetime) -> AsyncIterator[discord.Thread]:
        after = discord.utils.time_snowflake(since)
        for thread in await forum.guild.active_threads():
            if thread.parent_id == forum.id and self._is_ours(thread) and thread.id >= after:
                yield thread
        async for thread in forum.archived_threads(limit=ARCHIVED_MOST):
            if self._is_ours(thread) and thread.id >= after:
                yield thread

    def _is_ours(self, thread: discord.Thread) -> bool:
        return self._client.user is not None and thread.owner_id == self._client.user.id


def thread_name(story: Story) -> str:
    """What a story's thread is called: its headline, as far as Discord has room."""
    return plain(story.headline, NAME_LIMIT)


def _changes(thread: discord.Thread, story: Story) -> dict[str, Any]:
    """What is to be changed of a thread so that it is named and tagged as its story; empty where it is."""
    changes: dict[str, Any] = {}
    if thread.name != thread_name(story):
        changes["name"] = thread_name(story)
    if isinstance(thread.parent, discord.ForumChannel):
        tags = list(dict.fromkeys([*stage_tags(thread.parent, story), *plain_tags(thread.applied_tags)]))[:MOST_TAGS]
        if {tag.id for tag in tags} != {tag.id for tag in thread.applied_tags}:
            changes["applied_tags"] = [str(tag.id) for tag in tags]
    if changes and thread.archived:
        changes["archived"] = False
    return changes


def stage_tags(forum: discord.ForumChannel, story: Story) -> Sequence[discord.ForumTag]:
    """The forum's tag of the story's stage. Where one is wanted on every post and there is none, one that says nothing of
    a stage. Tags that only moderators may give are left to them.
    """
    may_all = forum.permissions_for(forum.guild.me).manage_threads
    free = [tag for tag in forum.available_tags if may_all or not tag.moderated]
    stage = story.stage
    named = [tag for tag in free if stage and stage.is_called(tag.name)]
    if named or not forum.flags.require_tag:
        return named[:1]
    kind = story.kind.label.casefold()
    return sorted(plain_tags(free), key=lambda tag: tag.name.casefold() != kind)[:1]


def plain_tags(tags: Iterable[discord.ForumTag]) -> list[discord.ForumTag]:
    """Those that are named after no stage."""
    return [tag for tag in tags if not any(stage.is_called(tag.name) for stage in Stage)]


def _story(post: Post) -> Story:
    if post.story is None:
        raise ValueError(f"post {post.number} is no card of a story")
    return post.story
