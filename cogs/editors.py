"""Who is an editor, and the base of the commands that only editors may use."""

from __future__ import annotations

import discord
from discord import app_commands

from bot.errors import DealwireError, NotAllowed
from bot.languages import say
from bot.platforms.discord.client import Context, Dealwire, Interaction
from cogs.permissions import get_bot, get_user


async def check_editor(ctx: Context | Interaction) -> None:
    """Raise NotAllowed unless the user is an editor.

    Discord's own command permissions are only a default that servers can change, so they are checked again here.
    """
    bot, user = get_bot(ctx), get_user(ctx)
    if await bot.is_owner(user):
        return
    desk_guild_id = bot.desk_server.guild_id
    if not desk_guild_id:
        raise NotAllowed(
            say(
                "The desk is off: the bot doesn't know which server the desk is in. The bot's "
                "operator can set `DESK_GUILD_ID`."
            )
        )
    if ctx.guild is None or ctx.guild.id != desk_guild_id:
        raise NotAllowed(say("The desk only works in its own server."))
    role_id = bot.services.settings.desk_role_id
    if role_id and not (isinstance(user, discord.Member) and user.get_role(role_id)):
        raise NotAllowed(say("Only the desk can do this: members with {role}.", role=f"<@&{role_id}>"))
    if not role_id and not ctx.permissions.manage_guild:
        raise NotAllowed(say("Only the desk can do this: members with Manage Server."))


def get_actor(interaction: Interaction) -> str:
    """Return the name of the editor for the audit."""
    return f"discord:{interaction.user.id}"


def get_default_permissions(bot: Dealwire) -> discord.Permissions | None:
    """Return who is offered the desk's commands: everybody if there is a desk role, as its holders must see them."""
    return None if bot.services.settings.desk_role_id else discord.Permissions(manage_guild=True)


class EditorsGroup(app_commands.Group):
    """A command group of the desk's server: offered to possible editors, and refused to everybody else."""

    def __init__(self, bot: Dealwire, name: str, description: str) -> None:
        super().__init__(
            name=name, description=description, guild_only=True, default_permissions=get_default_permissions(bot)
        )

    async def interaction_check(self, interaction: Interaction, /) -> bool:  # type: ignore[override]  # the base leaves the client open
        """Refuse everybody but editors."""
        if interaction.type is not discord.InteractionType.autocomplete:
            try:
                await check_editor(interaction)
            except (DealwireError, discord.HTTPException) as exc:
                # discord.py passes on an error of a check only if it is one of its own.
                raise app_commands.CommandInvokeError(self.commands[0], exc) from exc  # type: ignore[arg-type]  # no groups in it
        return True
