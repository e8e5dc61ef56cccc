"""Publish posts in Discord: the implementation of delivery's port."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from functools import partial

import discord
from discord.abc import Messageable

from bot.cards.escaping import escape_line
from bot.cards.post import post_card
from bot.cards.simple_cards import error_card
from bot.delivery.port import (
    CannotSearch,
    DeliveryError,
    DestinationBlocked,
    DestinationGone,
    MessageGone,
    TryAgain,
    Undeliverable,
)
from bot.languages import ENGLISH, lazy, localize, say, use_language
from bot.model.follow import Destination, DestinationKind
from bot.model.post import Post, PostType, SentMessage
from bot.platforms.discord.channel_resolver import resolve_channel, run_unarchived
from bot.platforms.discord.error_mapping import (
    ALREADY_PUBLISHED,
    FORBIDDEN_CODES,
    MESSAGE_GONE,
    MISSING_PERMISSIONS,
    NO_ANNOUNCEMENTS,
    OLD_EDIT_LIMIT,
    REQUEST_ERRORS,
    get_error_code,
    to_delivery_error,
    to_search_error,
)
from bot.platforms.discord.forums import Forums
from bot.platforms.discord.history_search import CANNOT_READ_REASON, SnowflakeTracker, has_key, search_history
from bot.platforms.discord.other_processes import is_elsewhere

#: Discord limits edits of old messages strictly, and does not say for how long.
OLD_EDIT_SECONDS = 600.0
THREAD_GONE_REASON = lazy("the thread was deleted, and the card with it")


async def use_english(_destination: Destination) -> str:
    """Return English for every destination."""
    return ENGLISH


class DiscordPublisher:
    """Sends, edits and publishes posts through the client, in the language that ``find_language`` returns for a destination."""

    def __init__(
        self, client: discord.Client, find_language: Callable[[Destination], Awaitable[str]] = use_english
    ) -> None:
        self._client = client
        self._find_language = find_language
        self._forums = Forums(client)
        self._snowflakes = SnowflakeTracker(client)

    def newest_id(self, destination: Destination) -> int | None:
        """Return the newest id of Discord's that is known, in this destination or anywhere; None if none is known."""
        return self._snowflakes.get_newest(destination.discord_id)

    async def find(self, post: Post) -> SentMessage | None:
        """Return our message that carries the post's key; None if the history has none."""
        try:
            if post.destination.kind is DestinationKind.FORUM:
                return await self._forums.find(post)
            channel = await resolve_channel(self._client, post.destination)
            message = await search_history(self._client, channel, post.search_after, partial(has_key, key=post.key))
        except REQUEST_ERRORS as exc:
            if get_error_code(exc) in FORBIDDEN_CODES:
                raise CannotSearch(CANNOT_READ_REASON) from exc
            raise to_search_error(exc) from exc
        return SentMessage(message.id) if message else None

    async def send(self, post: Post) -> SentMessage:
        """Send the post. Ping the roles that its follows name, and nobody else."""
        async with self._use_language_of(post.destination):
            message = await self._send(post)
        self._snowflakes.record(message.message_id)
        return message

    async def _send(self, post: Post) -> SentMessage:
        mentions = discord.AllowedMentions(
            everyone=False, users=False, replied_user=False, roles=[discord.Object(role) for role in post.role_ids]
        )
        try:
            if post.destination.kind is DestinationKind.FORUM:
                return await self._forums.create_thread(post, mentions)
            channel = await resolve_channel(self._client, post.destination)
            message = await run_unarchived(
                self._client,
                post.destination.discord_id,
                lambda: channel.send(
                    view=post_card(post), nonce=post.nonce, allowed_mentions=mentions, silent=post.silent
                ),
            )
        except REQUEST_ERRORS as exc:
            # Discord answers so to a nonce that it remembers if that message was deleted since.
            raise _to_message_error(exc) from exc
        return SentMessage(message.id)

    async def open_thread(self, post: Post, message_id: int) -> int:
        """Open the thread under a card's message, and return its id; return that of a thread that is already open."""
        async with self._use_language_of(post.destination):
            try:
                return await self._forums.open_thread(post, message_id)
            except REQUEST_ERRORS as exc:
                raise _to_message_error(exc) from exc

    async def edit(self, post: Post) -> None:
        """Bring the post's message up to date, and the name and tags of a card's thread. An edit pings nobody."""
        async with self._use_language_of(post.destination):
            await (self._edit_in_forum(post) if post.destination.kind is DestinationKind.FORUM else self._edit(post))

    async def _edit(self, post: Post) -> None:
        try:
            await self._edit_message(post.destination, post)
        except REQUEST_ERRORS as exc:
            raise _to_message_error(exc) from exc
        if post.post_type is PostType.CARD and post.thread_id:
            # The card is up to date; its thread is gone.
            with contextlib.suppress(DestinationGone):
                await self._forums.update_thread(post, post.thread_id)

    async def _edit_in_forum(self, post: Post) -> None:
        """Edit a card, which is the first message of its thread; if the thread is gone, the forum can still take posts."""
        if not post.thread_id:
            raise MessageGone(THREAD_GONE_REASON)
        try:
            await self._edit_message(
                Destination(DestinationKind.THREAD, post.thread_id, post.destination.guild_id), post
            )
            await self._forums.update_thread(post, post.thread_id)
        except DestinationGone as exc:
            raise MessageGone(THREAD_GONE_REASON) from exc
        except REQUEST_ERRORS as exc:
            error = _to_message_error(exc)
            raise (MessageGone(THREAD_GONE_REASON) if isinstance(error, DestinationGone) else error) from exc

    async def _edit_message(self, destination: Destination, post: Post) -> None:
        message = _partial_message(await resolve_channel(self._client, destination), post)
        await run_unarchived(
            self._client,
            destination.discord_id,
            lambda: message.edit(view=post_card(post), allowed_mentions=discord.AllowedMentions.none()),
        )

    async def publish(self, post: Post) -> None:
        """Publish the post's message to the channels that follow its channel. Do nothing if it is published already.

        See https://discord.com/developers/docs/resources/message#crosspost-message.
        """
        try:
            await _partial_message(await resolve_channel(self._client, post.destination), post).publish()
        except REQUEST_ERRORS as exc:
            code = get_error_code(exc)
            if code == NO_ANNOUNCEMENTS:
                raise Undeliverable(lazy("the channel is no longer an announcement channel")) from exc
            if code == MISSING_PERMISSIONS:
                raise DestinationBlocked(
                    lazy("the bot can't publish there: give it Send Messages, or Manage Messages")
                ) from exc
            if code != ALREADY_PUBLISHED:
                raise _to_message_error(exc) from exc

    async def warn(self, destination: Destination, creator_ids: Iterable[int], reason: str) -> None:
        """Tell the makers of the follows and the server's owner by DM. Skip those who cannot be reached."""
        guild = await self._find_guild(destination.guild_id) if destination.guild_id else None
        user_ids = {*creator_ids, *([guild.owner_id] if guild and guild.owner_id else [])}
        if destination.kind is DestinationKind.DM:
            user_ids.discard(destination.discord_id)
        for user_id in user_ids:
            dm = Destination(DestinationKind.DM, user_id)
            with contextlib.suppress(*REQUEST_ERRORS):
                channel = await resolve_channel(self._client, dm)
                async with self._use_language_of(dm):
                    await channel.send(view=error_card(_build_warning(destination, guild, reason)))

    async def _find_guild(self, guild_id: int) -> discord.Guild | None:
        guild = self._client.get_guild(guild_id)
        if guild is None and is_elsewhere(self._client, guild_id):
            with contextlib.suppress(*REQUEST_ERRORS):
                guild = await self._client.fetch_guild(guild_id, with_counts=False)
        return guild

    @contextlib.asynccontextmanager
    async def _use_language_of(self, destination: Destination) -> AsyncIterator[None]:
        """Use the destination's language within this context. Log messages and stored reasons after it are in English."""
        with use_language(await self._find_language(destination)):
            yield


def _build_warning(destination: Destination, guild: discord.Guild | None, reason: str) -> str:
    channel, why = f"<#{destination.discord_id}>", escape_line(localize(reason), 400)
    if guild is None:
        return say(
            "Posts can't be delivered in {channel}: {why}. Use `/following` there for details.",
            channel=channel,
            why=why,
        )
    return say(
        "Posts can't be delivered in {channel} of {server}: {why}. Use `/following` there for details.",
        channel=channel,
        server=discord.utils.escape_markdown(guild.name),
        why=why,
    )


def _partial_message(channel: Messageable, post: Post) -> discord.PartialMessage:
    return discord.PartialMessage(channel=channel, id=post.message_id)  # type: ignore[arg-type]  # all that it needs


def _to_message_error(exc: Exception) -> DeliveryError:
    if get_error_code(exc) == MESSAGE_GONE:
        return MessageGone(lazy("the message was deleted"))
    if get_error_code(exc) == OLD_EDIT_LIMIT:
        return TryAgain(lazy("Discord limits edits of old messages"), in_doubt=False, retry_after=OLD_EDIT_SECONDS)
    return to_delivery_error(exc)
