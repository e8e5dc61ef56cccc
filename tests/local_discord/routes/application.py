"""The bot itself: its account, its application, its gateway, its commands."""

from typing import Any

from tests.local_discord import payloads
from tests.local_discord.failures import bad_form, unknown
from tests.local_discord.model import Json
from tests.local_discord.routing import Answer, Call, Routes
from tests.local_discord.world import World

routes = Routes()
COMMANDS = "/applications/{application_id}/commands"
GUILD_COMMANDS = "/applications/{application_id}/guilds/{guild_id}/commands"


@routes("GET", "/users/@me")
def who_am_i(call: Call) -> Json:
    return payloads.user(call.world.bot) | {"verified": True, "mfa_enabled": True, "email": None, "flags": 0}


@routes("GET", "/users/{user_id}")
def somebody(call: Call) -> Json:
    return payloads.user(call.world.user(call.id("user_id")))


@routes("GET", "/oauth2/applications/@me", "/applications/@me")
def my_application(call: Call) -> Json:
    application = call.world.application
    return {
        "id": str(application.id),
        "name": application.name,
        "description": "",
        "icon": None,
        "summary": "",
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": application.flags,
        "owner": payloads.user(application.owner),
        "team": _team(call.world),
        "rpc_origins": [],
        "approximate_guild_count": sum(1 for guild in call.world.guilds.values() if guild.bot_in),
        "integration_types_config": {"0": {}},
        **application.portal,
    }


def _team(world: World) -> Json | None:
    members = world.application.team
    if not members:
        return None
    team_id = str(world.application.id + 1)
    return {
        "id": team_id,
        "name": "The team",
        "icon": None,
        "owner_user_id": str(members[0].id),
        "members": [
            {
                "team_id": team_id,
                "membership_state": 2,
                "permissions": ["*"],
                "role": "admin",
                "user": payloads.user(each),
            }
            for each in members
        ],
    }


def _scope(call: Call) -> int | None:
    """Whose commands a request is about. Raises ApiError for another application or an unknown server."""
    if call.id("application_id") != call.world.application.id:
        raise unknown("Application")
    if "guild_id" not in call.params:
        return None
    return call.world.guild_of_bot(call.id("guild_id")).id


@routes("GET", COMMANDS, GUILD_COMMANDS)
def commands(call: Call) -> list[Json]:
    return call.world.commands.listing(_scope(call))


@routes("PUT", COMMANDS, GUILD_COMMANDS)
def replace_commands(call: Call) -> list[Json]:
    bodies: Any = call.body
    if not isinstance(bodies, list):
        raise bad_form("", "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
    return call.world.commands.replace(_scope(call), bodies)


@routes("POST", COMMANDS, GUILD_COMMANDS)
def add_command(call: Call) -> Answer:
    scope = _scope(call)
    keys = {(each["type"], each["name"]) for each in call.world.commands.listing(scope)}
    new = (call.body.get("type") or 1, call.body.get("name")) not in keys
    return Answer(201 if new else 200, call.world.commands.add(scope, call.body))


@routes("GET", f"{COMMANDS}/{{command_id}}", f"{GUILD_COMMANDS}/{{command_id}}")
def one_command(call: Call) -> Json:
    return call.world.commands.get(_scope(call), call.id("command_id"))


@routes("DELETE", f"{COMMANDS}/{{command_id}}", f"{GUILD_COMMANDS}/{{command_id}}")
def delete_command(call: Call) -> None:
    call.world.commands.delete(_scope(call), call.id("command_id"))
