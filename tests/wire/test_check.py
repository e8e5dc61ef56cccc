"""``dealwire check`` says what is in order, what to fix, and how to invite the bot with the least that it needs."""

import asyncio
import contextlib
import sqlite3
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from discord.http import Route

from bot.clock import utc_now
from bot.platforms.discord.checks import check_discord
from bot.settings import load_settings
from bot.terminal.check import format_findings
from bot.terminal.check.database import check_database
from tests.local_discord import Permission
from tests.wire.newsroom import Newsroom, open_newsroom
from tests.wire.process import Ended, Process

NEEDED = (
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.SEND_MESSAGES_IN_THREADS
    | Permission.READ_MESSAGE_HISTORY
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
)


def installation(permissions: int) -> dict[str, object]:
    """Return the default install settings for servers and users, with these permissions in servers."""
    server = {"scopes": ["applications.commands", "bot"], "permissions": str(int(permissions))}
    user = {"scopes": ["applications.commands"], "permissions": "0"}
    return {"0": {"oauth2_install_params": server}, "1": {"oauth2_install_params": user}}


@pytest.fixture
def newsroom(newsroom: Newsroom) -> Newsroom:
    """Pause the feeds of the starter collection, which are on the internet."""
    with contextlib.closing(sqlite3.connect(newsroom.database)) as rows, rows:
        rows.execute("UPDATE feed SET state = 'paused'")
    return newsroom


async def check(newsroom: Newsroom, code: int, problems: int = 1, **env: str) -> Ended:
    """Run it, and see that it ends with this status and without a traceback."""
    ended = await newsroom.command("check", **{"EMBEDDINGS": "none", **env})
    assert ended.code == code, ended.out + ended.err
    ended.check_quiet()
    if code:
        assert ended.err == f"dealwire: {problems} problem{'s' * (problems > 1)} to fix; see above.\n"
        assert ended.out.count("FIX ") == problems
    return ended


@pytest.fixture(autouse=True)
def _restore_api_url(monkeypatch: pytest.MonkeyPatch) -> None:
    """Undo what the check of Discord sets for its whole process."""
    monkeypatch.setattr(Route, "BASE", Route.BASE)


async def ask_discord(newsroom: Newsroom, problems: int = 0, **env: str) -> str:
    """Return the lines of that part of ``check`` that asks Discord. It runs in this process, which is cheaper."""
    settings = load_settings({**newsroom.env, **env})
    out = "\n".join(format_findings(await check_discord(settings, None, utc_now)))
    assert out.count("FIX ") == problems, out
    return out


async def examine_database(newsroom: Newsroom, problems: int = 0, **env: str) -> str:
    """Return the lines of that part of ``check`` that looks at the database, in this process too."""
    report = await check_database(load_settings({**newsroom.env, **env}))
    out = "\n".join(format_findings(report.findings))
    assert out.count("FIX ") == problems, out
    return out


async def test_all_is_well(newsroom: Newsroom) -> None:
    """Beside a running bot too; the invite link asks for the least."""
    await newsroom.bot()
    ended = await check(newsroom, 0)
    for line in (
        "Discord accepts the token: the bot is dealwire",
        "The message-content intent is on: !deal works.",
        f"The database {newsroom.database} is intact; stories: 16.",
        "SQLite ",
        f"The folder {newsroom.folder} can be written.",
        "The disk with the database has room: ",
        "Feeds and web pages can be read.",
        "Pictures can be drawn, and their fonts are there.",
        "The memory of the processes that read feeds is limited.",
        "This machine's clock agrees with Discord's.",
        "A start of the bot starts 1 shard; 999 of 1,000 starts of a shard are left",
        "The bot is in 1 server; the desk's server is known.",
    ):
        assert f"ok    {line}" in ended.out
    assert newsroom.here.identifies == 1
    (link,) = (word for word in ended.out.split() if word.startswith("https://discord.com/"))
    parameters = parse_qs(urlsplit(link).query)
    assert parameters["client_id"] == [str(newsroom.here.bot.id)]
    assert set(parameters["scope"][0].split()) == {"bot", "applications.commands"}
    assert int(parameters["permissions"][0]) == NEEDED


async def test_the_intent_is_off(newsroom: Newsroom) -> None:
    """A note: the bot works without it."""
    newsroom.here.world.application.privileged = frozenset()
    ended = await ask_discord(newsroom)
    assert "note  The message-content intent is off, so typed commands such as !deal do not work" in ended


async def test_what_the_portal_lacks_is_named_with_where_to_set_it(newsroom: Newsroom) -> None:
    """Notes: the bot works without it."""
    newsroom.here.world.application.portal = {"bot_public": False, "bot_require_code_grant": True}
    out = await ask_discord(newsroom)
    for line in (
        "The application still needs a description, tags and an icon, which people see before they add it. Portal, General Information",
        "The application does not link to its Terms of Service and Privacy Policy; verification and the App Directory",
        "Nobody can add the bot while “Requires OAuth2 Code Grant” is on: turn it off. Portal, Bot.",
        "Only you can add the bot; “Public Bot” lets others do so. Portal, Bot.",
        "for servers, add the scopes applications.commands and bot; turn on “User Install”. Portal, Installation.",
        "CONTACT_URL is not set",
    ):
        assert any(line in note for note in out.splitlines() if note.startswith("note  ")), line


async def test_a_complete_portal_is_in_order(newsroom: Newsroom) -> None:
    newsroom.here.world.application.portal = {
        "description": "Follow an industry's deals.",
        "tags": ["news"],
        "icon": "a1b2",
        "terms_of_service_url": "https://example.org/terms",
        "privacy_policy_url": "https://example.org/privacy",
        "integration_types_config": installation(NEEDED | Permission.CREATE_PUBLIC_THREADS),
    }
    out = await ask_discord(newsroom, CONTACT_URL="https://example.org")
    for line in (
        "The application has a description, tags and an icon.",
        "The application links to its terms and its privacy policy.",
        "“Add App” works for servers and for people, with the permissions that the bot needs.",
    ):
        assert f"ok    {line}" in out
    assert next(line for line in out.splitlines() if line.startswith("note")).startswith("note  Invite link")


async def test_permissions_of_the_install_link_are_compared(newsroom: Newsroom) -> None:
    permissions = NEEDED & ~Permission.READ_MESSAGE_HISTORY | Permission.MANAGE_GUILD
    newsroom.here.world.application.portal = {"integration_types_config": installation(permissions)}
    assert (
        "in the permissions for servers, add Read Message History and remove Manage Server, which the bot does not need."
        in await ask_discord(newsroom)
    )


async def test_the_limits_of_intents_and_servers_are_told_early(newsroom: Newsroom) -> None:
    """From 10,000 people on Discord reviews privileged intents, from 100 servers on the bot must be verified."""
    application = newsroom.here.world.application
    application.privileged = frozenset({"message_content", "members"})
    application.portal = {"approximate_guild_count": 80}
    newsroom.guild.size = 7_000
    assert "members. From 10,000 people on" not in await ask_discord(newsroom)
    newsroom.guild.size = 8_000
    out = await ask_discord(newsroom)
    assert (
        "note  The bot's servers have 8,000 members. From 10,000 people on, Discord reviews the message-content" in out
    )
    assert "note  The bot does not use the Server Members Intent: turn it off. Portal, Bot." in out
    assert (
        "note  The bot is in 80 servers, and Discord lets an application that is not verified into 100 at most." in out
    )


async def test_which_server_is_the_desks(newsroom: Newsroom) -> None:
    newsroom.here.add_guild("Another")
    unset, named, elsewhere = await asyncio.gather(
        ask_discord(newsroom),
        ask_discord(newsroom, DESK_GUILD_ID=str(newsroom.guild.id)),
        ask_discord(newsroom, 1, DESK_GUILD_ID="123456789012345678"),
    )
    assert "note  The bot is in 2 servers and DESK_GUILD_ID is not set" in unset
    assert "ok    The bot is in 2 servers" in named
    assert "FIX   DESK_GUILD_ID is a server that the bot is not in" in elsewhere


async def test_a_server_that_lacks_permissions_is_named(newsroom: Newsroom) -> None:
    """Whoever invited the bot with another link, or changed its role."""
    newsroom.here.add_guild("Elsewhere", bot_permissions=Permission.VIEW_CHANNEL)
    everyone = newsroom.here.world.guilds
    assert len(everyone) == 2
    ended = await ask_discord(newsroom)
    assert "In the server Elsewhere, the bot lacks" not in ended, "@everyone may do it there"
    for guild in everyone.values():
        newsroom.here.change_role(guild, guild.everyone, permissions=int(Permission.VIEW_CHANNEL))
    ended = await ask_discord(newsroom)
    assert "note  In the server Elsewhere, the bot lacks Send Messages, " in ended


async def test_the_desks_role_and_channel_are_checked(newsroom: Newsroom) -> None:
    """Each missing permission has a line, under Discord's name."""
    channel = newsroom.deals
    thread = newsroom.here.add_thread(channel, "queue")
    right, in_thread, wrong = await asyncio.gather(
        ask_discord(newsroom, DESK_ROLE_ID=str(newsroom.role.id), DESK_CHANNEL_ID=str(channel.id)),
        ask_discord(newsroom, DESK_CHANNEL_ID=str(thread.id)),
        ask_discord(newsroom, 2, DESK_ROLE_ID="123456789012345678", DESK_CHANNEL_ID="123456789012345678"),
    )
    assert "ok    The desk's role is deal-watch." in right
    assert "ok    The bot can post in the desk's channel #deals." in right
    assert "ok    The bot can post in the desk's channel #queue." in in_thread
    assert "FIX   DESK_ROLE_ID is not a role of the desk's server (Newsroom), so only the application's owner" in wrong
    assert "FIX   DESK_CHANNEL_ID is not a channel that the bot can see" in wrong
    newsroom.here.deny_bot(channel, Permission.SEND_MESSAGES | Permission.EMBED_LINKS)
    denied = await ask_discord(newsroom, 3, DESK_ROLE_ID=str(newsroom.guild.id), DESK_CHANNEL_ID=str(channel.id))
    assert "FIX   DESK_ROLE_ID is the role @everyone of the desk's server (Newsroom)" in denied
    for name in ("Send Messages", "Embed Links"):
        assert f"FIX   The bot lacks {name} in the desk's channel #deals. Edit the channel, Permissions" in denied


async def test_the_clock_is_compared_with_discords(tmp_path: Path) -> None:
    async with open_newsroom(tmp_path, wall=lambda: time.time() - 7_200) as newsroom:
        ended = await ask_discord(newsroom, 1)
    assert "FIX   This machine's clock is 2 hours ahead of Discord's. Digests, quiet hours" in ended


async def test_too_few_shards_are_named(newsroom: Newsroom) -> None:
    newsroom.here.world.application.portal = {"approximate_guild_count": 6_000}
    ended = await ask_discord(newsroom, 1, SHARD_COUNT="2", DESK_GUILD_ID=str(newsroom.guild.id))
    assert "FIX   SHARD_COUNT is 2, and the bot is in 6,000 servers" in ended


async def test_few_session_starts_keep_the_bot_from_starting(newsroom: Newsroom) -> None:
    """`run` says so in one sentence too, and identifies not once."""
    newsroom.here.gateway.starts_left = 100
    assert "FIX   100 of 1,000 starts of a shard are left for the next 24 hours" in await ask_discord(newsroom, 1)
    ended = await newsroom.command("run", EMBEDDINGS="none")
    assert ended.code == 1
    assert ended.last_line.startswith("dealwire: Discord allows only 100 of 1,000 session starts until 20")
    assert newsroom.here.identifies == 0


async def test_the_token_is_missing_or_wrong(newsroom: Newsroom) -> None:
    missing = await ask_discord(newsroom, 1, DISCORD_TOKEN="")
    wrong = await ask_discord(newsroom, 1, DISCORD_TOKEN="wrong")
    assert "FIX   DISCORD_TOKEN is not set. In Discord's developer portal" in missing
    assert "FIX   Discord rejected the token: check DISCORD_TOKEN" in wrong


async def test_discord_is_away(newsroom: Newsroom) -> None:
    await newsroom.here.go_down()
    ended = await check(newsroom, 1)
    assert "FIX   Discord cannot be reached at http://127.0.0.1" in ended.out
    assert "ok    The database" in ended.out


async def test_the_database_is_of_a_newer_version_or_damaged(newsroom: Newsroom) -> None:
    with sqlite3.connect(newsroom.database) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999_future'")
    connection.close()
    assert "was written by a newer version of Dealwire" in await examine_database(newsroom, 1)
    newsroom.database.write_bytes(b"no database " * 1000)
    assert "is not an intact SQLite database" in await examine_database(newsroom, 1)


async def test_a_token_is_not_sent_to_an_address_of_a_file(newsroom: Newsroom) -> None:
    """The file of whatever folder one stands in."""
    (newsroom.folder / ".env").write_text(f"DISCORD_API_URL={newsroom.here.api_url}\n")
    env = {name: value for name, value in newsroom.env.items() if name != "DISCORD_API_URL"}
    for command in ("check", "run"):
        ended = await (await Process.start(command, env=env, cwd=newsroom.folder)).wait_for_end()
        assert ended.code == 1
        assert ended.err.startswith(
            f"dealwire: DISCORD_API_URL: {newsroom.folder}/.env sets it, but DISCORD_TOKEN comes"
        )
        assert ended.err.count("\n") == 1
    assert newsroom.here.requests == []


async def test_the_file_that_settings_come_from_is_named(newsroom: Newsroom) -> None:
    (newsroom.folder / ".env").write_text("TIMEZONE=Europe/Berlin\n")
    assert (
        f"ok    Settings are read from the environment and from {newsroom.folder}/.env."
        in (await check(newsroom, 0)).out
    )
    assert f"from {newsroom.folder}/.env." in (await newsroom.bot()).err


async def test_there_is_no_database_yet(newsroom: Newsroom) -> None:
    """Before the first start that is as it should be, and `check` makes none; where none can be made it says so."""
    url = f"sqlite:///{newsroom.folder}/new/dealwire.db"
    out = await examine_database(newsroom, DATABASE_URL=url)
    assert f"note  There is no database at {newsroom.folder}/new/dealwire.db yet; the first `dealwire run`" in out
    assert not (newsroom.folder / "new").exists()
    (newsroom.folder / "file").touch()
    out = await examine_database(newsroom, 1, DATABASE_URL=f"sqlite:///{newsroom.folder}/file/dealwire.db")
    assert f"FIX   There is no database at {newsroom.folder}/file/dealwire.db, and none can be created:" in out
