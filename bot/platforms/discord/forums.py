"""Threads of stories and of followed feeds' news: under a card in a channel, or as posts of a forum."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime
from typing import Any, Final

import discord

from bot.cards.escaping import clean_line
from bot.cards.post import post_card
from bot.delivery.port import CannotSearch, DestinationBlocked, DestinationGone, ThreadLocked, TryAgain
from bot.languages import lazy, say_count
from bot.model.follow import DestinationKind
from bot.model.post import Post, SentMessage
from bot.model.story import Story
from bot.model.vocabulary import Stage
from bot.platforms.discord.error_mapping import (
    CHANNEL_GONE,
    MESSAGE_GONE,
    REQUEST_ERRORS,
    THREAD_ARCHIVED,
    THREAD_EXISTS,
    get_error_code,
    to_delivery_error,
)
from bot.platforms.discord.history_search import TOO_FAR_REASON, get_search_start, has_key
from bot.platforms.discord.other_processes import fetch_channel_with_permissions, is_elsewhere

#: The longest name of a thread, in characters (https://discord.com/developers/docs/resources/channel#channel-object).
NAME_LIMIT = 100
#: The most tags of a forum's post (same page).
MAX_TAGS = 5
#: After how many minutes without a message Discord archives a thread, if the channel has no default.
ONE_DAY_MINUTES: Final = 1440
#: How many archived threads of a forum are searched for a post in doubt.
MAX_ARCHIVED_THREADS = 1_000
NOT_A_FORUM_REASON = lazy("the channel is no longer a forum")


class Forums:
    """Opens threads, finds them again, and keeps their names and tags up to date."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client

    async def create_thread(self, post: Post, mentions: discord.AllowedMentions) -> SentMessage:
        """Open a post in a forum, tagged by its story's stage. Discord takes no nonce here: if in doubt, call find() first."""
        forum = await self._fetch_forum(post)
        result = await forum.create_thread(
            name=build_thread_name(post),
            view=post_card(post),
            applied_tags=find_stage_tags(forum, post.story),
            allowed_mentions=mentions,
            silent=post.silent,
        )
        return SentMessage(result.message.id, result.thread.id)

    async def find(self, post: Post) -> SentMessage | None:
        """Return the message whose thread carries the post's key, among the threads that were opened since the first attempt.

        Raises CannotSearch if too many threads have been archived since.
        """
        forum = await self._fetch_forum(post)
        async for thread in self._iter_threads(forum, get_search_start(post.search_after)):
            message = await _fetch_first_message(thread)
            if message is not None and has_key(message, post.key):
                return SentMessage(message.id, thread.id)
        return None

    async def open_thread(self, post: Post, message_id: int) -> int:
        """Open the thread under a card's message, unless it is open already; return its id."""
        channel_id, name = post.destination.discord_id, build_thread_name(post)
        channel = self._client.get_channel(channel_id)
        archive_minutes = (
            channel.default_auto_archive_duration if isinstance(channel, discord.TextChannel) else ONE_DAY_MINUTES
        )
        try:
            # Not through a Message, which must know its server: at a start the client does not know it yet.
            thread = await self._client.http.start_thread_with_message(
                channel_id, message_id, name=name, auto_archive_duration=archive_minutes
            )
        except discord.HTTPException as exc:
            if get_error_code(exc) != THREAD_EXISTS:
                raise
            # A thread has the id of the message that it was opened from:
            # https://discord.com/developers/docs/resources/channel#start-thread-from-message
            return message_id
        return int(thread["id"])

    async def update_thread(self, post: Post, thread_id: int) -> None:
        """Name a card's thread by its story, and tag it by the stage. Raises DestinationGone or ThreadLocked.

        The thread of a followed feed's article stays as it is.
        """
        if post.story is None:
            return
        try:
            forum = await self._fetch_forum(post) if post.destination.kind is DestinationKind.FORUM else None
            await self._update_thread(await self._fetch_thread(thread_id), forum, post, post.story)
        except REQUEST_ERRORS as exc:
            error = to_delivery_error(exc)
            # The card may have been edited although its thread may not, and only the thread is concerned.
            raise (ThreadLocked(error.reason) if isinstance(error, DestinationBlocked) else error) from exc

    async def _update_thread(
        self, thread: discord.Thread, forum: discord.ForumChannel | None, post: Post, story: Story
    ) -> None:
        changes: dict[str, Any] = {}
        if thread.name != build_thread_name(post):
            changes["name"] = build_thread_name(post)
        if forum is not None:
            current_tags = await self._find_tags(thread, forum)
            tags = list(dict.fromkeys([*find_stage_tags(forum, story), *without_stage_tags(current_tags)]))[:MAX_TAGS]
            if {tag.id for tag in tags} != {tag.id for tag in current_tags}:
                changes["applied_tags"] = [str(tag.id) for tag in tags]
        if changes:
            await self._edit_thread(thread.id, changes)

    async def _find_tags(self, thread: discord.Thread, forum: discord.ForumChannel) -> Sequence[discord.ForumTag]:
        if thread.parent is not None:
            return thread.applied_tags
        # While the forum is not in the client's cache, a thread does not give its tags.
        payload: Any = await self._client.http.get_channel(thread.id)
        tag_ids = {int(tag) for tag in payload.get("applied_tags", ())}
        return [tag for tag in forum.available_tags if tag.id in tag_ids]

    async def _edit_thread(self, thread_id: int, changes: dict[str, Any]) -> None:
        """Edit a thread; unarchive it if it is archived."""
        try:
            await self._client.http.edit_channel(thread_id, **changes)
        except discord.HTTPException as exc:
            if get_error_code(exc) != THREAD_ARCHIVED:
                raise
            await self._client.http.edit_channel(thread_id, archived=False, **changes)

    async def _fetch_forum(self, post: Post) -> discord.ForumChannel:
        channel_id = post.destination.discord_id
        forum: object = self._client.get_channel(channel_id) or await self._client.fetch_channel(channel_id)
        if isinstance(forum, discord.ForumChannel) and self._lacks_permissions(forum):
            forum = await fetch_channel_with_permissions(self._client, forum.guild.id, channel_id)
        if not isinstance(forum, discord.ForumChannel):
            raise DestinationGone(NOT_A_FORUM_REASON)
        return forum

    def _lacks_permissions(self, forum: discord.ForumChannel) -> bool:
        """Return whether the bot's permissions must be fetched before tags are chosen."""
        is_moderated = any(tag.moderated for tag in forum.available_tags)
        return is_moderated and forum.guild.me is None and is_elsewhere(self._client, forum.guild.id)

    async def _fetch_thread(self, thread_id: int) -> discord.Thread:
        thread = self._client.get_channel(thread_id) or await self._client.fetch_channel(thread_id)
        if not isinstance(thread, discord.Thread):
            raise DestinationGone(lazy("the thread no longer exists"))
        return thread

    async def _iter_threads(self, forum: discord.ForumChannel, since: datetime) -> AsyncIterator[discord.Thread]:
        oldest_id = discord.utils.time_snowflake(since)
        for thread in await forum.guild.active_threads():
            if thread.parent_id == forum.id and self._is_ours(thread) and thread.id >= oldest_id:
                yield thread
        count = 0
        # Those archived last come first: a thread archived before the first attempt was opened before it, too.
        async for thread in forum.archived_threads(limit=MAX_ARCHIVED_THREADS):
            if thread.archive_timestamp < since:
                return
            if self._is_ours(thread) and thread.id >= oldest_id:
                yield thread
            count += 1
        if count >= MAX_ARCHIVED_THREADS:
            raise CannotSearch(TOO_FAR_REASON)

    def _is_ours(self, thread: discord.Thread) -> bool:
        return self._client.user is not None and thread.owner_id == self._client.user.id


async def _fetch_first_message(thread: discord.Thread) -> discord.Message | None:
    """Return a thread's first message; None if there is none, as in a thread that was deleted a moment ago."""
    try:
        return await anext(aiter(thread.history(limit=1, oldest_first=True)), None)
    except discord.NotFound as exc:
        if get_error_code(exc) not in (CHANNEL_GONE, MESSAGE_GONE):
            raise
        return None


def build_thread_name(post: Post) -> str:
    """Return the name of a card's thread: the story's headline or the article's title, cut to Discord's limit."""
    if post.story is not None:
        name = post.story.title
    elif len(post.feed_notices) == 1:
        name = post.feed_notices[0].reports[0].article.title
    else:
        name = say_count("{count} news item", "{count} news items", len(post.feed_notices))
    return clean_line(name, NAME_LIMIT)


def find_stage_tags(forum: discord.ForumChannel, story: Story | None) -> Sequence[discord.ForumTag]:
    """Return the forum's tag for the story's stage, as a sequence of at most one. An article has neither story nor stage.

    If there is none and the forum requires a tag, return one that names no stage. Tags that only moderators may assign are
    left to them.

    Raises TryAgain while the client does not know yet what the bot may do there.
    """
    stage = story.stage if story else None
    matches = [tag for tag in forum.available_tags if stage and stage.is_labelled(tag.name)]
    if matches or not forum.flags.require_tag:
        return _assignable_tags(forum, matches)[:1]
    neutral_tags = _assignable_tags(forum, without_stage_tags(forum.available_tags))
    return sorted(neutral_tags, key=lambda tag: not (story and story.kind.is_labelled(tag.name)))[:1]


def _assignable_tags(forum: discord.ForumChannel, tags: Sequence[discord.ForumTag]) -> Sequence[discord.ForumTag]:
    """Return those of these tags that the bot may assign."""
    if not any(tag.moderated for tag in tags):
        return tags
    # Contrary to its annotation in discord.py, it is None at a start.
    me: discord.Member | None = forum.guild.me
    if me is None:
        raise TryAgain(lazy("the bot is still loading this server"), in_doubt=False)
    can_assign_all = forum.permissions_for(me).manage_threads
    return [tag for tag in tags if can_assign_all or not tag.moderated]


def without_stage_tags(tags: Iterable[discord.ForumTag]) -> list[discord.ForumTag]:
    """Return the tags that are not named after a stage."""
    return [tag for tag in tags if not any(stage.is_labelled(tag.name) for stage in Stage)]
