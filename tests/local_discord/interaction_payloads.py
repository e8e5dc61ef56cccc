"""How an interaction looks when the gateway tells the bot of it."""

from . import payloads, permissions
from .interactions import Interaction, InteractionType
from .model import Json, Message
from .world import World


def interaction(world: World, one: Interaction) -> Json:
    """Return the INTERACTION_CREATE of a person's act."""
    channel, guild = one.channel, one.channel.guild
    shape: Json = {
        "id": str(one.id),
        "application_id": str(world.application.id),
        "type": int(one.type),
        "data": one.data,
        "token": one.token,
        "version": 1,
        "channel_id": str(channel.id),
        "app_permissions": str(world.bot_permissions(channel)),
        "locale": "en-US",
        "entitlements": [],
        "attachment_size_limit": 10 * 1024 * 1024,
    }
    if one.source is not None and one.type in (InteractionType.COMPONENT, InteractionType.MODAL):
        shape["message"] = message(world, one.source)
    if guild is None:
        shape["user"] = payloads.user(one.user)
        shape["channel"] = payloads.channel_for(channel, permissions.IN_A_DM)
        return shape | {"context": 1, "authorizing_integration_owners": {"0": "0"}}
    member = world.member(guild, one.user)
    shape["member"] = payloads.member_for(member, channel)
    shape["channel"] = payloads.channel_for(channel, permissions.in_channel(channel, member))
    shape["guild_id"] = str(guild.id)
    shape["guild"] = {"id": str(guild.id), "locale": "en-US", "features": []}
    shape["guild_locale"] = "en-US"
    return shape | {"context": 0, "authorizing_integration_owners": {"0": str(guild.id)}}


def message(world: World, one: Message) -> Json:
    """Return a message inside an interaction: with its content, whatever the intents."""
    return payloads.message(one, world.events.files_url)


def callback(one: Interaction, kind: int, answered: Message | None, shape: Json | None) -> Json:
    """Return what the bot gets for its answer when it asked for it (`?with_response=true`)."""
    summary: Json = {"id": str(one.id), "type": int(one.type), "channel_id": str(one.channel.id)}
    if one.channel.guild is not None:
        summary["guild_id"] = str(one.channel.guild.id)
    resource: Json = {"type": kind}
    if answered is not None:
        summary["response_message_id"] = str(answered.id)
        summary["response_message_loading"] = answered.loading
        summary["response_message_ephemeral"] = answered.ephemeral
        resource["message"] = shape
    return {"interaction": summary, "resource": resource}
