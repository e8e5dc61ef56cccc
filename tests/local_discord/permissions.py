"""Who may do what: Discord's permission bits and how roles and overwrites add up."""

from .model import Channel, Guild, Member


class Permission:
    """The permission bits that this server knows: plain numbers, for they are weighed on every request."""

    KICK_MEMBERS = 1 << 1
    BAN_MEMBERS = 1 << 2
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    USE_EXTERNAL_EMOJIS = 1 << 18
    MANAGE_ROLES = 1 << 28
    MANAGE_WEBHOOKS = 1 << 29
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    CREATE_PRIVATE_THREADS = 1 << 36
    SEND_MESSAGES_IN_THREADS = 1 << 38


ALL = (1 << 53) - 1

# What @everyone has in a new server.
EVERYDAY = (
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.ADD_REACTIONS
    | Permission.USE_APPLICATION_COMMANDS
    | Permission.CREATE_PUBLIC_THREADS
    | Permission.SEND_MESSAGES_IN_THREADS
)

IN_A_DM = EVERYDAY & ~(Permission.CREATE_PUBLIC_THREADS | Permission.SEND_MESSAGES_IN_THREADS)


def in_guild(guild: Guild, member: Member) -> int:
    """Return what the member may do in the server, before any channel has its say."""
    if guild.owner is member.user:
        return ALL
    bits = guild.everyone.permissions
    for role in member.roles:
        bits |= role.permissions
    return ALL if bits & Permission.ADMINISTRATOR else bits


def in_channel(channel: Channel, member: Member) -> int:
    """Return what the member may do in the channel; a thread asks its parent. Nothing at all without VIEW_CHANNEL."""
    guild = member.guild
    bits = in_guild(guild, member)
    if bits == ALL:
        return ALL
    overwrites = (channel.parent or channel if channel.is_thread else channel).overwrites
    if overwrites:
        bits = _overwritten(bits, overwrites, guild, member)
    return bits if bits & Permission.VIEW_CHANNEL else 0


def _overwritten(bits: int, overwrites: "dict[int, tuple[int, int]]", guild: Guild, member: Member) -> int:
    allow, deny = overwrites.get(guild.id, (0, 0))
    bits = bits & ~deny | allow
    allow = deny = 0
    for role in member.roles:
        role_allow, role_deny = overwrites.get(role.id, (0, 0))
        allow |= role_allow
        deny |= role_deny
    bits = bits & ~deny | allow
    allow, deny = overwrites.get(member.user.id, (0, 0))
    return bits & ~deny | allow
