"""Delivery's port to Discord."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from functools import partial

import discord
from discord.abc import Messageable

from bot.cards.notes import error_note
from bot.cards.post import post_card
from bot.cards.safe import line
from bot.delivery.port import Blocked, CannotLook, DeliveryError, Gone, MessageGone, TryAgain, Undeliverable
from bot.languages import ENGLISH, noted, restated, say, speaking
from bot.model.follow import Destination, Place
from bot.model.post import Form, Post, Standing
from bot.publisher.forums import Forums
from bot.publisher.keys import carries
from bot.publisher.reaching import opened, place_of
from bot.publisher.refusals import (
    ALREADY_PUBLISHED,
    FAULTS,
    FORBIDDEN,
    MESSAGE_GONE,
    MISSING_PERMISSIONS,
    NO_ANNOUNCEMENTS,
    OLD_EDITS,
    code_of,
    delivery_error,
    looking_error,
)
from bot.publisher.searching import CANNOT_READ, Ids, search

#: Edits of old messages are limited hard, and Discord does not say for how long.
OLD_EDIT_SECONDS = 600.0
THREAD_GONE = noted("the thread was deleted, and the card with it")


async def in_english(_destination: Destination) -> str:
    """Whatever comes anywhere is said in English."""
    return ENGLISH


class DiscordPublisher:
    """Sends, edits and publishes posts through the client, in the language that ``language_at`` gives for a destination."""

    def __init__(
        self, client: discord.Client, language_at: Callable[[Destination], Awaitable[str]] = in_english
    ) -> None:
        self._client = client
        self._language_at = language_at
        self._forums = Forums(client)
        self._ids = Ids(client)

    def newest(self, destination: Destination) -> int:
        """Return the newest id of Discord's that is known, in this destination or anywhere; 0 if none is."""
        return self._ids.newest(destination.discord_id)

    async def find(self, post: Post) -> Standing | None:
        """Our message that carries the post's key; None when the history holds none."""
        try:
            if post.destination.place is Place.FORUM:
                return await self._forums.find(post)
            place = await place_of(self._client, post.destination)
            message = await search(self._client, place, post.search_after, partial(carries, key=post.key))
        except FAULTS as exc:
            if code_of(exc) in FORBIDDEN:
                raise CannotLook(CANNOT_READ) from exc
            raise looking_error(exc) from exc
        return Standing(message.id) if message else None

    async def send(self, post: Post) -> Standing:
        """Send the post, pinging the roles that its follows name and nobody else."""
        async with self._spoken_at(post.destination):
            stands = await self._send(post)
        self._ids.note(stands.message_id)
        return stands

    async def _send(self, post: Post) -> Standing:
        mentions = discord.AllowedMentions(
            everyone=False, users=False, replied_user=False, roles=[discord.Object(role) for role in post.role_ids]
        )
        try:
            if post.destination.place is Place.FORUM:
                return await self._forums.open(post, mentions)
            place = await place_of(self._client, post.destination)
            message = await opened(
                self._client,
                post.destination.discord_id,
                lambda: place.send(
                    view=post_card(post), nonce=post.nonce, allowed_mentions=mentions, silent=post.silent
                ),
            )
        except FAULTS as exc:
            # A nonce that Discord still knows, of a message that was deleted since, is answered so.
            raise _told_of_message(exc) from exc
        return Standing(message.id)

    async def open_thread(self, post: Post, message_id: int) -> int:
        """The thread under a card; one that is open already has the message's id."""
        async with self._spoken_at(post.destination):
            try:
                return await self._forums.open_under(post, message_id)
            except FAULTS as exc:
                raise _told_of_message(exc) from exc

    async def edit(self, post: Post) -> None:
        """Bring the post's message up to date, and the name and tags of a card's thread; an edit pings nobody."""
        async with self._spoken_at(post.destination):
            await (self._edit_in_forum(post) if post.destination.place is Place.FORUM else self._edit(post))

    async def _edit(self, post: Post) -> None:
        try:
            await self._edit_in(post.destination, post)
        except FAULTS as exc:
            raise _told_of_message(exc) from exc
        if post.form is Form.CARD and post.thread_id:
            # The card is up to date, and there is no thread any more that could be.
            with contextlib.suppress(Gone):
                await self._forums.bring_up_to_date(post)

    async def _edit_in_forum(self, post: Post) -> None:
        """A card is the first message of its thread; without the thread there is none, and the forum is none the worse."""
        if not post.thread_id:
            raise MessageGone(THREAD_GONE)
        try:
            await self._edit_in(Destination(Place.THREAD, post.thread_id, post.destination.guild_id), post)
            await self._forums.bring_up_to_date(post)
        except Gone as exc:
            raise MessageGone(THREAD_GONE) from exc
        except FAULTS as exc:
            error = _told_of_message(exc)
            raise (MessageGone(THREAD_GONE) if isinstance(error, Gone) else error) from exc

    async def _edit_in(self, where: Destination, post: Post) -> None:
        message = _message(await place_of(self._client, where), post)
        await opened(
            self._client,
            where.discord_id,
            lambda: message.edit(view=post_card(post), allowed_mentions=discord.AllowedMentions.none()),
        )

    async def publish(self, post: Post) -> None:
        """Publish the post's message; one that was published already is."""
        try:
            await _message(await place_of(self._client, post.destination), post).publish()
        except FAULTS as exc:
            code = code_of(exc)
            if code == NO_ANNOUNCEMENTS:
                raise Undeliverable(noted("the channel is no announcement channel any more")) from exc
            if code == MISSING_PERMISSIONS:
                raise Blocked(
                    noted("the bot may not publish there: give it Send Messages, or Manage Messages")
                ) from exc
            if code != ALREADY_PUBLISHED:
                raise _told_of_message(exc) from exc

    async def warn(self, destination: Destination, makers: Iterable[int], reason: str) -> None:
        """Tell by DM those who made the follows, and the server's owner; who cannot be told is passed over."""
        guild = self._client.get_guild(destination.guild_id) if destination.guild_id else None
        people = {*makers, *([guild.owner_id] if guild and guild.owner_id else [])}
        if destination.place is Place.DM:
            people.discard(destination.discord_id)
        for user_id in people:
            private = Destination(Place.DM, user_id)
            with contextlib.suppress(*FAULTS):
                place = await place_of(self._client, private)
                async with self._spoken_at(private):
                    await place.send(view=error_note(_nothing_can_be_posted(destination, guild, reason)))

    @contextlib.asynccontextmanager
    async def _spoken_at(self, destination: Destination) -> AsyncIterator[None]:
        """Within it the destination's language is spoken; what is recorded and logged after it is in English."""
        with speaking(await self._language_at(destination)):
            yield


def _nothing_can_be_posted(destination: Destination, guild: discord.Guild | None, reason: str) -> str:
    channel, why = f"<#{destination.discord_id}>", line(restated(reason), 400)
    if guild is None:
        return say(
            "Nothing can be posted in {channel}: {why}. `/following` there shows more.", channel=channel, why=why
        )
    return say(
        "Nothing can be posted in {channel} of {server}: {why}. `/following` there shows more.",
        channel=channel,
        server=discord.utils.escape_markdown(guild.name),
        why=why,
    )


def _message(place: Messageable, post: Post) -> discord.PartialMessage:
    return discord.PartialMessage(channel=place, id=post.message_id)  # type: ignore[arg-type]  # all that it needs


def _told_of_message(exc: Exception) -> DeliveryError:
    if code_of(exc) == MESSAGE_GONE:
        return MessageGone(noted("the message was deleted"))
    if code_of(exc) == OLD_EDITS:
        return TryAgain(noted("Discord limits edits of old messages"), in_doubt=False, after=OLD_EDIT_SECONDS)
    return delivery_error(exc)
