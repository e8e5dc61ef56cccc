"""Filling a registered command's options with what a person typed or picked, as Discord's client does."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.local_discord import payloads, permissions
from tests.local_discord.failures import Impossible
from tests.local_discord.model import Channel, Guild, Json, Member, Message, Role, User

from .commands import GROUP, INTEGER, NUMBER, STRING, SUBCOMMAND

BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE = 5, 6, 7, 8, 9
PICKED: dict[int, tuple[type[User | Role | Channel], ...]] = {
    USER: (User,),
    CHANNEL: (Channel,),
    ROLE: (Role,),
    MENTIONABLE: (User, Role),
}


@dataclass(slots=True)
class Resolved:
    """The things that an interaction names by id, in full."""

    guild: Guild | None
    member: Member | None
    tables: dict[str, dict[str, Json]] = field(default_factory=dict)

    def add(self, thing: User | Role | Channel) -> str:
        """Note the thing; its id as text."""
        key = str(thing.id)
        if isinstance(thing, Role):
            self._table("roles")[key] = payloads.role(thing)
        elif isinstance(thing, Channel):
            bits = permissions.in_channel(thing, self.member) if self.member else permissions.IN_A_DM
            self._table("channels")[key] = payloads.channel_for(thing, bits)
        else:
            self._table("users")[key] = payloads.user(thing)
            if self.guild is not None and thing.id in self.guild.members:
                partial = payloads.member(self.guild.members[thing.id], with_user=False)
                self._table("members")[key] = partial | {"permissions": "0"}
        return key

    def add_message(self, message: Message, shape: Json) -> str:
        self._table("messages")[str(message.id)] = shape
        return str(message.id)

    def _table(self, name: str) -> dict[str, Json]:
        return self.tables.setdefault(name, {})


def fill(
    command: Json, path: list[str], values: Mapping[str, Any], resolved: Resolved, focus: str | None
) -> list[Json]:
    """Return the `options` of the interaction: nested under the sub-commands of `path`, in the command's own order.

    With `focus` (autocomplete) required options may be missing and are not checked. Raises Impossible for what the
    client would not send: an unknown or missing option, a value of a wrong kind or outside its bounds.
    """
    options, nesting = _descend(command, path)
    if leftover := set(values) - {option["name"] for option in options}:
        raise Impossible(f"/{command['name']} {' '.join(path)} has no option {', '.join(sorted(leftover))}")
    filled = []
    for option in options:
        name = option["name"]
        if name not in values:
            if option.get("required") and focus is None:
                raise Impossible(f"the option {name} is required")
            continue
        value = values[name] if name == focus else _value(option, values[name], resolved)
        filled.append({"name": name, "type": option["type"], "value": value})
        if name == focus:
            filled[-1]["focused"] = True
    for kind, name in reversed(nesting):
        filled = [{"name": name, "type": kind, "options": filled}]
    return filled


def _descend(command: Json, path: list[str]) -> tuple[list[Json], list[tuple[int, str]]]:
    options, nesting = command.get("options") or [], []
    for name in path:
        command_option = next(
            (each for each in options if each["name"] == name and each["type"] in (SUBCOMMAND, GROUP)), None
        )
        if command_option is None:
            raise Impossible(f"/{command['name']} has no sub-command {name}")
        nesting.append((command_option["type"], name))
        options = command_option.get("options") or []
    if any(each["type"] in (SUBCOMMAND, GROUP) for each in options):
        raise Impossible(f"/{command['name']} {' '.join(path)} is not a command, but a group of them")
    return options, nesting


def _value(option: Json, value: Any, resolved: Resolved) -> Any:
    kind, name = option["type"], option["name"]
    if kind in PICKED:
        if not isinstance(value, PICKED[kind]):
            raise Impossible(f"{name} wants {' or '.join(each.__name__ for each in PICKED[kind])}, not {value!r}")
        _check_picked(option, value)
        return resolved.add(value)
    if choices := option.get("choices"):
        return _choice(name, choices, value)
    if kind == STRING:
        _check_text(option, value)
    elif kind == BOOLEAN:
        if not isinstance(value, bool):
            raise Impossible(f"{name} wants True or False, not {value!r}")
    elif kind in (INTEGER, NUMBER):
        _check_number(option, value)
    else:
        raise Impossible(f"options of type {kind} are beyond this server")
    return value


def _check_picked(option: Json, value: Any) -> None:
    kinds = option.get("channel_types")
    if kinds and isinstance(value, Channel) and value.kind not in kinds:
        raise Impossible(f"{option['name']} offers no channels like {value.name}")


def _choice(name: str, choices: list[Json], value: Any) -> Any:
    for choice in choices:
        if value in (choice["name"], choice["value"]):
            return choice["value"]
    raise Impossible(f"{name} offers {', '.join(each['name'] for each in choices)}, not {value!r}")


def _check_text(option: Json, value: Any) -> None:
    least, most = option.get("min_length") or 0, option.get("max_length") or 6_000
    if not isinstance(value, str) or not least <= len(value) <= most:
        raise Impossible(f"{option['name']} wants text of {least} to {most} characters, not {value!r}")


def _check_number(option: Json, value: Any) -> None:
    wanted = int if option["type"] == INTEGER else (int, float)
    if isinstance(value, bool) or not isinstance(value, wanted):
        raise Impossible(f"{option['name']} wants a number, not {value!r}")
    least, most = option.get("min_value"), option.get("max_value")
    if (least is not None and value < least) or (most is not None and value > most):
        raise Impossible(f"{option['name']} wants a number from {least} to {most}, not {value}")
