"""Which server is the desk's, over shards, joins, removals and restarts. A stranger's server never becomes it unasked."""

import shutil
from pathlib import Path

import pytest

from tests.local_discord import Channel, Guild, Message, User
from tests.wire.newsroom import SOON, Newsroom, open_newsroom

OFF = "The desk is off"
FORM = "Publish a development"


def shard_of(guild: Guild, count: int = 2) -> int:
    return (guild.id >> 22) % count


class Stranger:
    """Somebody with a server of their own, of which they are the owner."""

    def __init__(self, room: Newsroom, *, shard: int | None = None) -> None:
        self.room = room
        self.user: User = room.here.add_user("stranger")
        self.guild: Guild = room.here.add_guild("Strangers", owner=self.user)
        if shard not in (None, shard_of(self.guild)):
            room.here.remove_guild(self.guild)
            self.guild = room.here.add_guild("Strangers", owner=self.user)
        self.channel: Channel = room.here.add_channel(self.guild, "lobby")

    async def button(self) -> Message:
        """Return the bot's message with the button that opens the desk's form."""
        return await self.room.ask(self.channel, "!desk", self.user)

    async def refused(self, message: Message) -> str:
        """Press the button and return what the bot says; a form must not open."""
        click = await self.room.here.click(message, self.user, label=FORM)
        assert click.modal is None, "a stranger got the desk's form"
        return (await click.final()).text


def commands(room: Newsroom, guild: Guild) -> set[str]:
    """Return the commands that are registered in the server alone, not everywhere."""
    return {name for name in room.here.world.commands.names(guild.id) if name in ("desk", "feeds", "Add to a story")}


async def gone(room: Newsroom, guild: Guild) -> None:
    await room.here.until(lambda: not commands(room, guild), SOON, "the desk's commands to be taken back")


@pytest.fixture
async def room(newsroom: Newsroom) -> Newsroom:
    """Open a newsroom whose Discord lets all shards begin at once."""
    newsroom.here.max_concurrency = 16
    return newsroom


async def test_one_shard_of_two_makes_no_strangers_server_the_desk(room: Newsroom) -> None:
    """In a process that runs only the stranger's shard theirs is the only server that it is told of."""
    stranger = Stranger(room)
    bot = await room.bot(SHARD_COUNT="2", SHARD_IDS=str(shard_of(stranger.guild)))
    await bot.wait_for_log("The bot has 2 shards and DESK_GUILD_ID is not set, so the desk is off.")
    assert OFF in await stranger.refused(await stranger.button())
    assert commands(room, stranger.guild) == set()


async def test_old_buttons_are_refused_before_all_shards_are_up(newsroom: Newsroom) -> None:
    """Between the first shard's READY and the last's, minutes in a large bot, the servers of the first are all it knows."""
    room, stranger = newsroom, Stranger(newsroom, shard=0)
    bot = await room.bot(DESK_GUILD_ID=str(room.guild.id))
    old = await stranger.button()
    await bot.stop()
    await room.here.wait_until_disconnected()
    await room.launch("run", SHARD_COUNT="2")
    await room.here.until(lambda: any(each.greeted for each in room.here.gateway.sessions.values()), SOON)
    assert len(room.here.gateway.sessions) == 1
    assert OFF in await stranger.refused(old)


async def test_shards_that_discord_advises_turn_the_desk_off_too(tmp_path: Path, seeded: Path) -> None:
    """The commands that an earlier start with one shard registered are taken back; ``check`` says the same."""
    shutil.copy(seeded, tmp_path / "dealwire.db")
    async with open_newsroom(tmp_path, max_concurrency=16) as room:
        bot = await room.bot()
        await room.here.wait_for_commands("desk", guild=room.guild)
        await bot.stop()
        room.here.shards = 2
        bot = await room.bot()
        await bot.wait_for_log("The bot has 2 shards and DESK_GUILD_ID is not set")
        await gone(room, room.guild)
        checked = await room.command("check")
        assert "note  The bot has 2 shards and DESK_GUILD_ID is not set" in checked.out
        await bot.stop()
        await room.bot(DESK_GUILD_ID=str(room.guild.id))
        await room.here.wait_for_commands("desk", guild=room.guild)
        checked = await room.command("check", DESK_GUILD_ID=str(room.guild.id))
        assert "ok    The bot is in 1 server; the desk's server is known." in checked.out


async def test_check_counts_the_shards_that_are_set(room: Newsroom) -> None:
    checked = await room.command("check", SHARD_COUNT="3")
    assert "note  The bot has 3 shards and DESK_GUILD_ID is not set, so the desk is off." in checked.out


async def test_a_second_server_turns_the_desk_off_and_it_is_told(room: Newsroom) -> None:
    """Once, also over a restart; when the second server is gone the desk is on again."""
    bot = await room.bot(DESK_CHANNEL_ID=str(room.deals.id))
    await room.here.wait_for_commands("desk", guild=room.guild)
    old = await room.ask(room.news, "!desk", room.editor)
    stranger = Stranger(room)
    notice = await room.here.message_in(room.deals, after=old, timeout=SOON)
    assert "now in more than one server, so the desk is off" in notice.text
    assert f"DESK_GUILD_ID={room.guild.id}" in notice.text
    await bot.wait_for_log("The bot is in 2 servers and DESK_GUILD_ID is not set, so the desk is off.")
    await gone(room, room.guild)
    assert OFF in (await (await room.here.click(old, room.editor, label=FORM)).final()).text
    assert OFF in await stranger.refused(await stranger.button())
    await bot.stop()
    await room.here.wait_until_disconnected()
    bot = await room.bot(DESK_CHANNEL_ID=str(room.deals.id))
    await bot.wait_for_log("The bot is in 2 servers and DESK_GUILD_ID is not set, so the desk is off.")
    room.here.remove_guild(stranger.guild)
    await room.here.wait_for_commands("desk", guild=room.guild)
    assert (await room.here.click(old, room.editor, label=FORM)).modal is not None
    assert [each.text for each in room.here.messages(room.deals)] == [notice.text]


async def test_the_last_server_left_does_not_become_the_desk(room: Newsroom) -> None:
    """Neither at once nor after a restart: only the setting moves the desk."""
    bot = await room.bot()
    await room.here.wait_for_commands("desk", guild=room.guild)
    stranger = Stranger(room)
    await gone(room, room.guild)
    room.here.remove_guild(room.guild)
    sentence = f"The bot has left the desk's server {room.guild.id}, so the desk is off."
    await bot.wait_for_log(sentence)
    old = await stranger.button()
    assert OFF in await stranger.refused(old)
    await bot.stop()
    await room.here.wait_until_disconnected()
    bot = await room.bot()
    await bot.wait_for_log(sentence)
    assert OFF in await stranger.refused(old)
    assert commands(room, stranger.guild) == set()
    assert f"set DESK_GUILD_ID={stranger.guild.id}" in (await room.command("check")).out
    await bot.stop()
    await room.bot(DESK_GUILD_ID=str(stranger.guild.id))
    await room.here.wait_for_commands("desk", guild=stranger.guild)


async def test_of_two_first_servers_neither_becomes_the_desk(room: Newsroom) -> None:
    """Nobody has said which of the two is the operator's."""
    stranger = Stranger(room)
    bot = await room.bot()
    await bot.wait_for_log("The bot is in 2 servers and DESK_GUILD_ID is not set")
    room.here.remove_guild(room.guild)
    await bot.wait_for_log(f"set DESK_GUILD_ID={stranger.guild.id}")
    assert OFF in await stranger.refused(await stranger.button())
    assert commands(room, stranger.guild) == set()


async def test_a_removed_setting_leaves_the_desk_where_it_was(room: Newsroom) -> None:
    stranger = Stranger(room)
    bot = await room.bot(DESK_GUILD_ID=str(room.guild.id))
    await room.here.wait_for_commands("desk", guild=room.guild)
    room.here.remove_guild(room.guild)
    await bot.stop()
    await room.here.wait_until_disconnected()
    bot = await room.bot()
    await bot.wait_for_log(f"The bot has left the desk's server {room.guild.id}")
    assert OFF in await stranger.refused(await stranger.button())


async def test_another_desk_server_takes_the_commands_along(room: Newsroom) -> None:
    stranger = Stranger(room)
    bot = await room.bot(DESK_GUILD_ID=str(room.guild.id))
    await room.here.wait_for_commands("desk", guild=room.guild)
    await bot.stop()
    await room.bot(DESK_GUILD_ID=str(stranger.guild.id))
    await room.here.wait_for_commands("desk", guild=stranger.guild)
    await gone(room, room.guild)


async def test_a_desk_that_invites_the_bot_again_has_its_commands(room: Newsroom) -> None:
    """Discord takes a bot's commands away with the bot."""
    bot = await room.bot()
    await room.here.wait_for_commands("desk", guild=room.guild)
    await bot.stop()
    await room.here.wait_until_disconnected()
    room.here.remove_guild(room.guild)
    bot = await room.bot()
    await bot.wait_for_log("The bot is not in any server yet.")
    room.here.invite_again(room.guild)
    await room.here.wait_for_commands("desk", guild=room.guild)


async def test_the_desk_is_off_until_discord_names_the_servers(room: Newsroom) -> None:
    fault = room.here.faults.add("GET", "/users/@me/guilds", action="hold")
    await room.bot()
    await fault.wait_until_reached(SOON)
    await room.check_answers(room.news)
    old = await room.ask(room.news, "!desk", room.editor)
    assert OFF in (await (await room.here.click(old, room.editor, label=FORM)).final()).text
    assert commands(room, room.guild) == set()
    fault.release()
    await room.here.wait_for_commands("desk", guild=room.guild)
    assert (await room.here.click(old, room.editor, label=FORM)).modal is not None


async def test_discord_that_cannot_name_the_servers_is_asked_again(room: Newsroom) -> None:
    room.here.faults.add("GET", "/users/@me/guilds", action=503)
    bot = await room.bot()
    await bot.wait_for_log("Finding the desk's server and registering its commands failed")
    await bot.wait_for_log(f"The desk is in the server {room.guild.id}.")
    await room.here.wait_for_commands("desk", guild=room.guild)


async def test_the_desks_role_counts_only_where_it_is_held(room: Newsroom) -> None:
    """Manage Server is not enough where a role is set."""
    await room.bot(DESK_ROLE_ID=str(room.role.id))
    await room.here.wait_for_commands("desk", guild=room.guild)
    message = await room.ask(room.news, "!desk", room.editor)
    assert "Only the desk can do this" in (await (await room.here.click(message, room.editor, label=FORM)).final()).text
    assert (await room.here.click(message, room.reader, label=FORM)).modal is not None
