"""The registered application commands: globally, and in single servers, whose own shadow the global ones."""

from collections import deque
from collections.abc import Callable
from typing import Any

from .failures import ApiError, unknown
from .model import Json
from .snowflakes import Snowflakes
from .validation.commands import check_commands

CHAT, OF_USER, OF_MESSAGE = 1, 2, 3
CREATIONS_A_DAY = 200
DAY = 24 * 3600
KEPT = ("options", "name_localizations", "description_localizations", "contexts", "nsfw")

Key = tuple[int, str]


class Commands:
    """What the bot has registered. A scope is a server's id, or None for everywhere."""

    def __init__(self, application_id: int, ids: Snowflakes, clock: Callable[[], float]) -> None:
        self._application_id = application_id
        self._ids = ids
        self._clock = clock
        self._scopes: dict[int | None, dict[Key, Json]] = {}
        self._made: dict[int | None, deque[float]] = {}
        self.replacements = 0

    def listing(self, scope: int | None) -> list[Json]:
        return list(self._scopes.get(scope, {}).values())

    def replace(self, scope: int | None, bodies: list[Json]) -> list[Json]:
        """Make these the scope's commands. One that was there under the name keeps its id.

        Raises ApiError 50035 for a bad command, 30034 when more than 200 are created in a day.
        """
        check_commands(bodies)
        before = self._scopes.get(scope, {})
        new = sum(1 for body in bodies if _key(body) not in before)
        self._count_creations(scope, new)
        self._scopes[scope] = {_key(body): self._registered(scope, body, before.get(_key(body))) for body in bodies}
        self.replacements += 1
        return self.listing(scope)

    def add(self, scope: int | None, body: Json) -> Json:
        """Create one command, or overwrite the one of its name."""
        others = [each for each in self.listing(scope) if _key(each) != _key(body)]
        self.replace(scope, [*others, body])
        return self._scopes[scope][_key(body)]

    def get(self, scope: int | None, command_id: int) -> Json:
        for command in self.listing(scope):
            if command["id"] == str(command_id):
                return command
        raise unknown("application command")

    def delete(self, scope: int | None, command_id: int) -> None:
        command = self.get(scope, command_id)
        del self._scopes[scope][_key(command)]

    def forget(self, scope: int) -> None:
        """Remove the server's commands, which go with the bot."""
        self._scopes.pop(scope, None)

    def find(self, guild_id: int | None, kind: int, name: str) -> Json | None:
        """Return the command that a person in the server (None: in a DM) reaches under this name."""
        local = self._scopes.get(guild_id, {}) if guild_id is not None else {}
        return local.get((kind, name)) or self._scopes.get(None, {}).get((kind, name))

    def names(self, guild_id: int | None) -> list[str]:
        """Return the names that a person in the server can reach."""
        reached = {**self._scopes.get(None, {}), **self._scopes.get(guild_id, {})}
        return sorted(name for _, name in reached)

    def _count_creations(self, scope: int | None, new: int) -> None:
        made = self._made.setdefault(scope, deque())
        now = self._clock()
        while made and now - made[0] >= DAY:
            made.popleft()
        if len(made) + new > CREATIONS_A_DAY:
            raise ApiError(
                400, 30034, f"Max number of daily application command creates has been reached ({CREATIONS_A_DAY})"
            )
        made.extend([now] * new)

    def _registered(self, scope: int | None, body: Json, before: Json | None) -> Json:
        permissions = body.get("default_member_permissions")
        command: Json = {
            "id": before["id"] if before else str(self._ids.now()),
            "application_id": str(self._application_id),
            "version": str(self._ids.now()),
            "type": body.get("type") or CHAT,
            "name": body["name"],
            "description": body.get("description") or "",
            "default_member_permissions": None if permissions is None else str(permissions),
            "dm_permission": body.get("dm_permission", True),
            "integration_types": body.get("integration_types") or [0],
        }
        optional: dict[str, Any] = {key: body[key] for key in KEPT if body.get(key) is not None}
        if scope is not None:
            optional["guild_id"] = str(scope)
        return command | optional


def _key(body: Json) -> Key:
    return (body.get("type") or CHAT, body["name"])
