"""Servers: what they are, their channels, roles and members."""

from tests.local_discord import payloads, permissions
from tests.local_discord.failures import missing_access, unknown
from tests.local_discord.model import Json
from tests.local_discord.routing import Call, Routes

routes = Routes()


@routes("GET", "/users/@me/guilds")
def my_guilds(call: Call) -> list[Json]:
    limit, after = call.number("limit", 200, 1, 200), call.query_id("after") or 0
    mine = sorted((each for each in call.world.guilds.values() if each.bot_in and each.id > after), key=lambda g: g.id)
    return [
        {"id": str(each.id), "name": each.name, "icon": None, "owner": False, "features": []}
        | {"permissions": str(permissions.in_guild(each, call.world.me_in(each)))}
        | (
            {"approximate_member_count": each.size or len(each.members)}
            if call.query.get("with_counts") in ("1", "true")
            else {}
        )
        for each in mine[:limit]
    ]


@routes("DELETE", "/users/@me/guilds/{guild_id}")
def leave(call: Call) -> None:
    guild = call.world.guild_of_bot(call.id("guild_id"))
    call.world.events.remove_guild(guild, outage=False)
    guild.bot_in = False


@routes("GET", "/guilds/{guild_id}")
def one_guild(call: Call) -> Json:
    return payloads.guild(call.world.guild_of_bot(call.id("guild_id")))


@routes("GET", "/guilds/{guild_id}/channels")
def guild_channels(call: Call) -> list[Json]:
    guild = call.world.guild_of_bot(call.id("guild_id"))
    return [payloads.channel(each) for each in guild.channels.values() if not each.is_thread]


@routes("GET", "/guilds/{guild_id}/roles")
def guild_roles(call: Call) -> list[Json]:
    guild = call.world.guild_of_bot(call.id("guild_id"))
    return [payloads.role(each) for each in (guild.everyone, *guild.roles.values())]


@routes("GET", "/guilds/{guild_id}/roles/{role_id}")
def one_role(call: Call) -> Json:
    guild = call.world.guild_of_bot(call.id("guild_id"))
    role_id = call.id("role_id")
    role = guild.everyone if role_id == guild.id else guild.roles.get(role_id)
    if role is None:
        raise unknown("Role")
    return payloads.role(role)


@routes("GET", "/guilds/{guild_id}/members")
def guild_members(call: Call) -> list[Json]:
    guild = call.world.guild_of_bot(call.id("guild_id"))
    if "members" not in call.world.application.privileged:
        raise missing_access()
    limit, after = call.number("limit", 1, 1, 1000), call.query_id("after") or 0
    ids = sorted(each for each in guild.members if each > after)
    return [payloads.member(guild.members[each]) for each in ids[:limit]]


@routes("GET", "/guilds/{guild_id}/members/search")
def search_members(call: Call) -> list[Json]:
    guild = call.world.guild_of_bot(call.id("guild_id"))
    limit, start = call.number("limit", 1, 1, 1000), call.query.get("query", "").lower()
    matches = [each for each in guild.members.values() if each.user.name.lower().startswith(start)]
    return [payloads.member(each) for each in matches[:limit]]


@routes("GET", "/guilds/{guild_id}/members/{user_id}")
def one_member(call: Call) -> Json:
    guild = call.world.guild_of_bot(call.id("guild_id"))
    member = guild.members.get(call.id("user_id"))
    if member is None:
        raise unknown("Member")
    return payloads.member(member)
