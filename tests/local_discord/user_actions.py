"""What users do: write messages, send commands, press buttons, choose from menus, fill in modals."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any

from . import interaction_payloads, permissions, posting, threads
from .commands import CHAT, OF_MESSAGE, OF_USER
from .components import SELECTS
from .failures import Impossible
from .interactions import Choice, Interaction, InteractionType, Modal
from .mentions import Allowed, pings
from .model import Channel, ChannelKind, Guild, Json, Message, User
from .permissions import Permission
from .posting import DEFAULT, REPLY
from .validation.modals import fill_in, pick
from .validation.options import Resolved, fill
from .world import World

# A person needs a moment from seeing a message to pressing its button. A program that had none would press before the
# bot has even read Discord's answer to its own post, and so before it can know the button.
REACTION = 0.05


class NotAnswered(Exception):
    """The bot did not answer an interaction in time: the person reads "The application did not respond"."""


class UserActions:
    """Actions of users. Each raises Impossible if Discord's client would not offer it."""

    world: World

    async def say(self, channel: Channel, user: User, content: str, *, reply_to: Message | None = None) -> Message:
        """Write a message in the channel as the user. This opens a thread that is archived."""
        self._check_may_write(channel, user)
        if channel.archived:
            self.world.archive(channel, archived=False, locked=channel.locked)
        world = self.world
        message = Message(world.ids.now(), channel, user, content, reference=reply_to)
        message.kind = REPLY if reply_to else DEFAULT
        mentions = pings(world.users, channel, user, content, Allowed.read(None), reply_to)
        message.mentions, message.mention_roles, message.mention_everyone = (
            mentions.users,
            mentions.roles,
            mentions.everyone,
        )
        posting.keep(world, message)
        return message

    async def start_thread(self, message: Message, user: User, name: str) -> Channel:
        """Start a thread from the message as the user."""
        guild = message.channel.guild
        if guild is None or message.channel.kind not in threads.PARENTS or message.thread is not None:
            raise Impossible(f"no thread can be started from this message in {message.channel.name}")
        self._check_may(message.channel, user, Permission.CREATE_PUBLIC_THREADS)
        thread = threads.draft(self.world, guild, message.channel, user, name, thread_id=message.id)
        return threads.begin_under(self.world, message, guild, thread, user)

    async def open_post(self, forum: Channel, user: User, name: str, content: str, *tags: str) -> Channel:
        """Open a post in the forum as the user, with the tags of these names."""
        if forum.guild is None or forum.kind is not ChannelKind.FORUM:
            raise Impossible(f"{forum.name} is no forum")
        self._check_may(forum, user, Permission.SEND_MESSAGES)
        post = threads.draft(self.world, forum.guild, forum, user, name)
        threads.begin_post(self.world, forum.guild, post, user, {"content": content}, [])
        if tags:
            threads.tag_post(self.world, post, tags)
        return post

    async def slash(self, channel: Channel, user: User, name: str, /, **options: Any) -> Interaction:
        """Send a command ("follow", "desk publish") as the user, with options; channels, roles and users as objects.

        Returns once the bot has answered or deferred; NotAnswered after `answer_within` seconds.
        """
        data = self._command_data(channel, user, name, options, None)
        return await self._interact(InteractionType.COMMAND, channel, user, data)

    async def autocomplete(
        self, channel: Channel, user: User, name: str, option: str, value: str, /, **others: Any
    ) -> list[Choice]:
        """Return what the bot suggests while the user types `value` for the option."""
        data = self._command_data(channel, user, name, others | {option: value}, option)
        answer = await self._interact(InteractionType.AUTOCOMPLETE, channel, user, data)
        return answer.choices

    async def menu(self, channel: Channel, user: User, name: str, target: Message | User) -> Interaction:
        """Pick an entry of the context menu of a message or a user."""
        kind = OF_MESSAGE if isinstance(target, Message) else OF_USER
        command = self.find_command(channel, user, kind, name)
        resolved = self._resolved(channel, user)
        if isinstance(target, Message):
            readable = interaction_payloads.message(self.world, target)
            target_id = resolved.add_message(target, readable)
        else:
            target_id = resolved.add(target)
        data = {"id": command["id"], "type": kind, "name": name, "target_id": target_id, "resolved": resolved.tables}
        return await self._interact(InteractionType.COMMAND, channel, user, data)

    async def click(
        self, message: Message, user: User, *, custom_id: str | None = None, label: str | None = None
    ) -> Interaction:
        """Press the button with the custom id or the label (or the only one) as the user."""
        button = _one_of(message.buttons, "button", custom_id=custom_id, label=label)
        if button.get("disabled") or "custom_id" not in button:
            raise Impossible(f"the button {button.get('label')!r} is disabled or a link")
        data = {"custom_id": button["custom_id"], "component_type": button["type"], "id": button["id"]}
        return await self._use_component(message, user, data)

    async def choose(self, message: Message, user: User, values: Any, *, custom_id: str | None = None) -> Interaction:
        """Choose from the menu with the custom id (or the only one): one or several values, labels or objects."""
        select = _one_of(message.selects, "menu", custom_id=custom_id)
        if select["type"] not in SELECTS or select.get("disabled"):
            raise Impossible("the menu is disabled")
        resolved = self._resolved(message.channel, user)
        data = {"custom_id": select["custom_id"], "component_type": select["type"], "id": select["id"]}
        data["values"] = pick(select, values, resolved)
        if resolved.tables:
            data["resolved"] = resolved.tables
        return await self._use_component(message, user, data)

    async def submit(self, modal: Modal, user: User, values: Mapping[str, Any] | None = None) -> Interaction:
        """Fill fields (by custom id or label) and send the modal; the others stay as they opened."""
        if user is not modal.user:
            raise Impossible("the modal is open for somebody else")
        resolved = self._resolved(modal.channel, user)
        components = fill_in(modal, values or {}, resolved)
        data: Json = {"custom_id": modal.custom_id, "components": components}
        if resolved.tables:
            data["resolved"] = resolved.tables
        await asyncio.sleep(REACTION)
        return await self._interact(InteractionType.MODAL, modal.channel, user, data, modal.source)

    async def _use_component(self, message: Message, user: User, data: Json) -> Interaction:
        if message.deleted:
            raise Impossible("the message is gone")
        remaining = REACTION - (self.world.wall() - message.changed_at)
        if remaining > 0:
            await asyncio.sleep(remaining)
        return await self._interact(InteractionType.COMPONENT, message.channel, user, data, message)

    async def _interact(
        self, kind: InteractionType, channel: Channel, user: User, data: Json, source: Message | None = None
    ) -> Interaction:
        world = self.world
        if channel.locked and kind is not InteractionType.MODAL:
            raise Impossible(f"{channel.name} is locked: nothing can be asked or pressed there")
        interaction = world.interactions.open(kind, user, channel, data, source)
        world.events.interaction_created(interaction_payloads.interaction(world, interaction), channel.guild)
        try:
            await world.changes.until(
                lambda: interaction.kind, world.interactions.answer_within, "an answer to the interaction"
            )
        except TimeoutError:
            interaction.over = True
            raise NotAnswered(f"{kind.name} {data.get('name') or data.get('custom_id')}: no answer") from None
        return interaction

    def _command_data(
        self, channel: Channel, user: User, name: str, values: Mapping[str, Any], focus: str | None
    ) -> Json:
        root, *path = name.split()
        command = self.find_command(channel, user, CHAT, root)
        resolved = self._resolved(channel, user)
        options = fill(command, path, values, resolved, focus)
        data: Json = {"id": command["id"], "type": CHAT, "name": root, "options": options}
        if "guild_id" in command:
            data["guild_id"] = command["guild_id"]
        if resolved.tables:
            data["resolved"] = resolved.tables
        return data

    def find_command(self, channel: Channel, user: User, kind: int, name: str) -> Json:
        """Return the command as the client offers it here. Raises Impossible when it does not."""
        guild = channel.guild
        command = self.world.commands.find(guild.id if guild else None, kind, name)
        if command is None:
            names = ", ".join(self.world.commands.names(guild.id if guild else None)) or "none"
            raise Impossible(f"no command {name!r} is registered here; registered: {names}")
        if guild is None:
            contexts = command.get("contexts")
            if command.get("dm_permission") is False or (contexts is not None and 1 not in contexts):
                raise Impossible(f"{name!r} is for servers")
            return command
        self._check_may_command(guild, channel, user, command)
        return command

    def _check_may_command(self, guild: Guild, channel: Channel, user: User, command: Json) -> None:
        bits = permissions.in_channel(channel, self.world.member(guild, user))
        if not bits & Permission.USE_APPLICATION_COMMANDS:
            raise Impossible(f"{user.name} may not use commands in {channel.name}")
        needed = command["default_member_permissions"]
        if needed is None or command["name"] in guild.permitted_commands:
            return
        # A default of no permissions at all means: administrators only.
        allowed = int(needed) & ~bits == 0 if int(needed) else bits & Permission.ADMINISTRATOR
        if not allowed:
            raise Impossible(f"{command['name']!r} is not offered to {user.name}: see permit_command")

    def _check_may_write(self, channel: Channel, user: User) -> None:
        if channel.guild is None:
            if channel.recipient is not user:
                raise Impossible(f"{user.name} is not in this DM")
            return
        bits = self._check_may(
            channel, user, Permission.SEND_MESSAGES_IN_THREADS if channel.is_thread else Permission.SEND_MESSAGES
        )
        if channel.locked and not bits & Permission.MANAGE_THREADS:
            raise Impossible(f"{channel.name} is locked")

    def _check_may(self, channel: Channel, user: User, needed: int) -> int:
        """Return what the user may do in the channel of a server. Raises Impossible when `needed` is not in it."""
        bits = permissions.in_channel(channel, self.world.member(channel.guild, user)) if channel.guild else 0
        if channel.deleted or needed & ~bits:
            raise Impossible(f"{user.name} may not do that in {channel.name}")
        return bits

    def _resolved(self, channel: Channel, user: User) -> Resolved:
        guild = channel.guild
        return Resolved(guild, self.world.member(guild, user) if guild else None)


def _one_of(components: Iterable[Json], what: str, **wanted: str | None) -> Json:
    """Return the component with the wanted properties; without any, the only one."""
    everything = list(components)
    criteria = {key: value for key, value in wanted.items() if value is not None}
    fitting = [each for each in everything if all(each.get(key) == value for key, value in criteria.items())]
    if len(fitting) != 1:
        there = [(each.get("label") or each.get("placeholder"), each.get("custom_id")) for each in everything]
        raise Impossible(f"{len(fitting)} {what}s fit {criteria}; there are {there}")
    return fitting[0]
