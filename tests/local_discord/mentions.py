"""Whom a message really notifies: what it names, what it allows, and what its author may do."""

import re
from dataclasses import dataclass, field

from . import permissions
from .failures import bad_form
from .model import Channel, Guild, Json, Message, Role, User
from .permissions import Permission

USER = re.compile(r"<@!?(\d+)>")
ROLE = re.compile(r"<@&(\d+)>")
EVERYONE = re.compile(r"@(everyone|here)\b")
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
ALL_KINDS = frozenset({"users", "roles", "everyone"})


@dataclass(slots=True)
class Pings:
    """Those who get a notification."""

    users: list[User] = field(default_factory=list)
    roles: list[Role] = field(default_factory=list)
    everyone: bool = False


@dataclass(slots=True)
class Allowed:
    """`allowed_mentions`: whole kinds, or single ids."""

    kinds: frozenset[str]
    users: frozenset[int]
    roles: frozenset[int]
    replied_user: bool

    @classmethod
    def read(cls, body: Json | None) -> "Allowed":
        """Read `allowed_mentions`, whose default is everything. A kind that is both allowed as a whole and listed is refused."""
        if body is None:
            return cls(ALL_KINDS, frozenset(), frozenset(), replied_user=True)
        kinds = frozenset(body.get("parse") or ())
        users = frozenset(int(each) for each in body.get("users") or ())
        roles = frozenset(int(each) for each in body.get("roles") or ())
        for kind, listed in (("users", users), ("roles", roles)):
            if kind in kinds and listed:
                raise bad_form(
                    "allowed_mentions",
                    "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
                    f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.',
                )
        return cls(kinds, users, roles, bool(body.get("replied_user")))

    def user(self, user_id: int) -> bool:
        return "users" in self.kinds or user_id in self.users

    def role(self, role_id: int) -> bool:
        return "roles" in self.kinds or role_id in self.roles


def pings(
    users: dict[int, User], channel: Channel, author: User, text: str, allowed: Allowed, reply_to: Message | None
) -> Pings:
    """Who is notified by `text`. What stands in code marks notifies nobody."""
    mentions = Pings()
    if "@" in text:
        text = CODE.sub("", text)
        named = dict.fromkeys(int(each) for each in USER.findall(text))
        mentions.users = [users[each] for each in named if each in users and allowed.user(each)]
        if channel.guild is not None:
            _ping_groups(mentions, channel, channel.guild, author, text, allowed)
    if reply_to is not None and allowed.replied_user and reply_to.author not in (author, *mentions.users):
        mentions.users.append(reply_to.author)
    return mentions


def _ping_groups(mentions: Pings, channel: Channel, guild: Guild, author: User, text: str, allowed: Allowed) -> None:
    member = guild.members.get(author.id)
    bits = permissions.in_channel(channel, member) if member else 0
    may_all = bool(bits & Permission.MENTION_EVERYONE)
    mentions.everyone = may_all and "everyone" in allowed.kinds and EVERYONE.search(text) is not None
    for role_id in dict.fromkeys(int(each) for each in ROLE.findall(text)):
        role = guild.roles.get(role_id)
        if role is not None and (role.mentionable or may_all) and allowed.role(role_id):
            mentions.roles.append(role)
