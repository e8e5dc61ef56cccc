"""Stories' threads: under a card in a channel, or as posts of a forum."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime
from typing import Any, Final

import discord

from bot.cards.post import post_card
from bot.cards.safe import plain
from bot.delivery.port import Blocked, CannotLook, Gone, Locked, TryAgain
from bot.languages import noted
from bot.model.follow import Place
from bot.model.post import Post, Standing
from bot.model.story import Story
from bot.model.vocabulary import Stage
from bot.publisher.keys import carries
from bot.publisher.refusals import (
    ARCHIVED,
    CHANNEL_GONE,
    FAULTS,
    MESSAGE_GONE,
    THREAD_STANDS,
    code_of,
    delivery_error,
)
from bot.publisher.searching import TOO_FAR, time_of

#: Characters that a thread's name holds.
NAME_LIMIT = 100
#: Tags that a forum's post has at most.
MOST_TAGS = 5
#: In minutes: after how long without a message Discord puts a thread into its archive, where the channel does not say.
A_DAY: Final = 1440
#: How many archived threads of a forum are looked through for a post in doubt.
ARCHIVED_MOST = 1_000
NO_FORUM = noted("the channel is no forum any more")


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

    async def find(self, post: Post) -> Standing | None:
        """The thread whose first message carries the post's key, among those that were made since its first try.

        Raises CannotLook if too many threads have been put into the archive since.
        """
        forum = await self._forum(post)
        async for thread in self._threads(forum, time_of(post.search_after)):
            first = await _first_message(thread)
            if first is not None and carries(first, post.key):
                return Standing(first.id, thread.id)
        return None

    async def open_under(self, post: Post, message_id: int) -> int:
        """The id of the thread under a card's message; it is opened once, whoever asks again."""
        where, name = post.destination.discord_id, thread_name(_story(post))
        channel = self._client.get_channel(where)
        rests_after = channel.default_auto_archive_duration if isinstance(channel, discord.TextChannel) else A_DAY
        try:
            # Not by way of a message, which must know its server: at a start the client does not yet.
            thread = await self._client.http.start_thread_with_message(
                where, message_id, name=name, auto_archive_duration=rests_after
            )
        except discord.HTTPException as exc:
            if code_of(exc) != THREAD_STANDS:
                raise
            # A thread that was opened from a message has the message's id.
            return message_id
        return int(thread["id"])

    async def bring_up_to_date(self, post: Post) -> None:
        """Name a card's thread as its story is named now, and tag it by the stage. Raises Gone, or Locked, when it is that."""
        try:
            forum = await self._forum(post) if post.destination.place is Place.FORUM else None
            await self._bring_up_to_date(await self._thread(post.thread_id), forum, _story(post))
        except FAULTS as exc:
            error = delivery_error(exc)
            # Who may not change it may still have changed the card; and its parent is there, whatever has become of it.
            raise (Locked(error.reason) if isinstance(error, Blocked) else error) from exc

    async def _bring_up_to_date(self, thread: discord.Thread, forum: discord.ForumChannel | None, story: Story) -> None:
        changes: dict[str, Any] = {}
        if thread.name != thread_name(story):
            changes["name"] = thread_name(story)
        if forum is not None:
            given = await self._tags_of(thread, forum)
            tags = list(dict.fromkeys([*stage_tags(forum, story), *plain_tags(given)]))[:MOST_TAGS]
            if {tag.id for tag in tags} != {tag.id for tag in given}:
                changes["applied_tags"] = [str(tag.id) for tag in tags]
        if changes:
            await self._change(thread.id, changes)

    async def _tags_of(self, thread: discord.Thread, forum: discord.ForumChannel) -> Sequence[discord.ForumTag]:
        if thread.parent is not None:
            return thread.applied_tags
        # While the client has not been told of the forum, a thread does not say which tags it has.
        told: Any = await self._client.http.get_channel(thread.id)
        ids = {int(tag) for tag in told.get("applied_tags", ())}
        return [tag for tag in forum.available_tags if tag.id in ids]

    async def _change(self, thread: int, changes: dict[str, Any]) -> None:
        """Change a thread; one that Discord has put into the archive is opened by it."""
        try:
            await self._client.http.edit_channel(thread, **changes)
        except discord.HTTPException as exc:
            if code_of(exc) != ARCHIVED:
                raise
            await self._client.http.edit_channel(thread, archived=False, **changes)

    async def _forum(self, post: Post) -> discord.ForumChannel:
        number = post.destination.discord_id
        forum = self._client.get_channel(number) or await self._client.fetch_channel(number)
        if not isinstance(forum, discord.ForumChannel):
            raise Gone(NO_FORUM)
        return forum

    async def _thread(self, number: int) -> discord.Thread:
        thread = self._client.get_channel(number) or await self._client.fetch_channel(number)
        if not isinstance(thread, discord.Thread):
            raise Gone(noted("the thread is gone"))
        return thread

    async def _threads(self, forum: discord.ForumChannel, since: datetime) -> AsyncIterator[discord.Thread]:
        after = discord.utils.time_snowflake(since)
        for thread in await forum.guild.active_threads():
            if thread.parent_id == forum.id and self._is_ours(thread) and thread.id >= after:
                yield thread
        count = 0
        # Those that were put there last come first: what was there before the first try was made before it, too.
        async for thread in forum.archived_threads(limit=ARCHIVED_MOST):
            if thread.archive_timestamp < since:
                return
            if self._is_ours(thread) and thread.id >= after:
                yield thread
            count += 1
        if count >= ARCHIVED_MOST:
            raise CannotLook(TOO_FAR)

    def _is_ours(self, thread: discord.Thread) -> bool:
        return self._client.user is not None and thread.owner_id == self._client.user.id


async def _first_message(thread: discord.Thread) -> discord.Message | None:
    """Return a thread's first message; None if there is none, as in a thread that was deleted a moment ago."""
    try:
        return await anext(aiter(thread.history(limit=1, oldest_first=True)), None)
    except discord.NotFound as exc:
        if code_of(exc) not in (CHANNEL_GONE, MESSAGE_GONE):
            raise
        return None


def thread_name(story: Story) -> str:
    """What a story's thread is called: its headline, as far as Discord has room."""
    return plain(story.headline, NAME_LIMIT)


def stage_tags(forum: discord.ForumChannel, story: Story) -> Sequence[discord.ForumTag]:
    """The forum's tag of the story's stage. Where one is wanted on every post and there is none, one that says nothing of
    a stage. Tags that only moderators may give are left to them.

    Raises TryAgain while the client cannot say yet what the bot may do there.
    """
    stage = story.stage
    named = [tag for tag in forum.available_tags if stage and stage.is_called(tag.name)]
    if named or not forum.flags.require_tag:
        return _free(forum, named)[:1]
    plain_ones = _free(forum, plain_tags(forum.available_tags))
    return sorted(plain_ones, key=lambda tag: not story.kind.is_called(tag.name))[:1]


def _free(forum: discord.ForumChannel, tags: Sequence[discord.ForumTag]) -> Sequence[discord.ForumTag]:
    """Those of these tags that the bot may give."""
    if not any(tag.moderated for tag in tags):
        return tags
    # Contrary to what discord.py says, there is none at a start.
    me: discord.Member | None = forum.guild.me
    if me is None:
        raise TryAgain(noted("the bot is still being told of the server"), in_doubt=False)
    may_all = forum.permissions_for(me).manage_threads
    return [tag for tag in tags if may_all or not tag.moderated]


def plain_tags(tags: Iterable[discord.ForumTag]) -> list[discord.ForumTag]:
    """Those that are named after no stage."""
    return [tag for tag in tags if not any(stage.is_called(tag.name) for stage in Stage)]


def _story(post: Post) -> Story:
    if post.story is None:
        raise ValueError(f"post {post.number} is no card of a story")
    return post.story
