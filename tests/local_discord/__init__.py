"""A local Discord for tests and benchmarks: REST and gateway over real HTTP and WebSocket on loopback.

    async with LocalDiscord(token="x") as discord:
        guild = discord.add_guild("Newsroom")
        channel = discord.add_channel(guild, "news")
        reader = discord.add_user("reader")
        discord.add_member(guild, reader)
        ...  # start the bot with DISCORD_API_URL=discord.api_url
        await discord.wait_until_ready()
        question = await discord.say(channel, reader, "!deal nissan")
        answer = await discord.message_in(channel, after=question)

It knows nothing of the bot that it serves, and follows what Discord documents or was seen to do.
"""

from .failures import ApiError, Impossible
from .faults import Fault
from .interactions import Choice, Interaction, Modal
from .limits import Limits
from .local import LocalDiscord
from .model import Attachment, Channel, ChannelKind, Guild, Member, Message, Role, Tag, User
from .observation import Request, Violation
from .permissions import EVERYDAY, Permission
from .user_actions import NotAnswered

__all__ = [
    "EVERYDAY",
    "ApiError",
    "Attachment",
    "Channel",
    "ChannelKind",
    "Choice",
    "Fault",
    "Guild",
    "Impossible",
    "Interaction",
    "Limits",
    "LocalDiscord",
    "Member",
    "Message",
    "Modal",
    "NotAnswered",
    "Permission",
    "Request",
    "Role",
    "Tag",
    "User",
    "Violation",
]
