"""Picking from menus and filling in modals, checked as Discord's client checks before it sends."""

from collections.abc import Mapping
from typing import Any

from tests.local_discord.components import LABEL, ROW, SELECTS, TEXT, TEXT_INPUT
from tests.local_discord.failures import Impossible
from tests.local_discord.interactions import Modal
from tests.local_discord.model import Channel, Json, Role, User

from .options import Resolved

STRING_SELECT, USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT = 3, 5, 6, 7, 8
RADIO, CHECKBOXES, CHECKBOX = 21, 22, 23
PICKED: dict[int, tuple[type[User | Role | Channel], ...]] = {
    USER_SELECT: (User,),
    ROLE_SELECT: (Role,),
    MENTIONABLE_SELECT: (User, Role),
    CHANNEL_SELECT: (Channel,),
}


def pick(select: Json, wanted: Any, resolved: Resolved) -> list[str]:
    """Return the `values` of a menu when the person picks one thing or several: options by value or label, or objects."""
    things = list(wanted) if isinstance(wanted, (list, tuple, set, frozenset)) else [wanted]
    least, most = select.get("min_values", 1), select.get("max_values", 1)
    if not least <= len(things) <= most:
        raise Impossible(f"the menu wants {least} to {most} values, not {len(things)}")
    if select["type"] == STRING_SELECT:
        return [_option(select, thing) for thing in things]
    return [_object(select, thing, resolved) for thing in things]


def _option(component: Json, wanted: Any) -> str:
    for option in component["options"]:
        if wanted in (option["value"], option["label"]):
            return str(option["value"])
    offered = ", ".join(each["label"] for each in component["options"])
    raise Impossible(f"{wanted!r} is not offered: {offered}")


def _object(select: Json, thing: Any, resolved: Resolved) -> str:
    if not isinstance(thing, PICKED[select["type"]]):
        raise Impossible(f"the menu does not offer {thing!r}")
    kinds = select.get("channel_types")
    if kinds and isinstance(thing, Channel) and thing.kind not in kinds:
        raise Impossible(f"the menu offers no channels like {thing.name}")
    return resolved.add(thing)


def fill_in(modal: Modal, values: Mapping[str, Any], resolved: Resolved) -> list[Json]:
    """Return the `components` of the submission. `values` are by custom id or label."""
    values_by_id = {modal.field(name)["custom_id"]: value for name, value in values.items()}
    return [_part(component, values_by_id, resolved) for component in modal.components]


def _part(component: Json, given: Mapping[str, Any], resolved: Resolved) -> Json:
    shape: Json = {"type": component["type"], "id": component["id"]}
    if component["type"] == LABEL:
        return shape | {"component": _field(component["component"], given, resolved)}
    if component["type"] == ROW:
        return shape | {"components": [_field(each, given, resolved) for each in component["components"]]}
    if component["type"] == TEXT:
        return shape
    raise Impossible(f"components of type {component['type']} are beyond this server")


def _field(field: Json, given: Mapping[str, Any], resolved: Resolved) -> Json:
    kind, custom_id = field["type"], field["custom_id"]
    shape: Json = {"type": kind, "id": field["id"], "custom_id": custom_id}
    if kind == TEXT_INPUT:
        return shape | {"value": _text(field, given.get(custom_id, field.get("value") or ""))}
    if kind in SELECTS or kind == CHECKBOXES:
        return shape | {"values": _several(field, given.get(custom_id), resolved)}
    if kind == RADIO:
        return shape | {"value": _radio(field, given.get(custom_id))}
    if kind == CHECKBOX:
        return shape | {"value": bool(given.get(custom_id, field.get("default", False)))}
    raise Impossible(f"fields of type {kind} are beyond this server")


def _text(field: Json, value: Any) -> str:
    if not isinstance(value, str):
        raise Impossible(f"{field['custom_id']} wants text, not {value!r}")
    required = field.get("required", True)
    least = field.get("min_length") or (1 if required else 0)
    most = field.get("max_length") or 4_000
    if not (least <= len(value) <= most or (not value and not required)):
        raise Impossible(f"{field['custom_id']} wants {least} to {most} characters, not {len(value)}")
    return value


def _several(field: Json, wanted: Any, resolved: Resolved) -> list[str]:
    if wanted is None:
        preset = [each["value"] for each in field.get("options") or () if each.get("default")]
        preset += [each["id"] for each in field.get("default_values") or ()]
        if not preset and field.get("required", True) and field.get("min_values", 1):
            raise Impossible(f"{field['custom_id']} must be chosen")
        return preset
    if field["type"] == CHECKBOXES:
        return [_option(field, each) for each in wanted]
    return pick(field, wanted, resolved)


def _radio(field: Json, wanted: Any) -> str | None:
    if wanted is not None:
        return _option(field, wanted)
    preset = next((str(each["value"]) for each in field["options"] if each.get("default")), None)
    if preset is None and field.get("required", True):
        raise Impossible(f"{field['custom_id']} must be chosen")
    return preset
