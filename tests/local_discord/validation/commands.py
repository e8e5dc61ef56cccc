"""What Discord lets be registered as commands."""

import re
from collections import Counter
from typing import Any

from tests.local_discord.failures import FormErrors
from tests.local_discord.model import Json

# Letters of any script without capitals, digits, "-", "_" and "'": Discord's pattern without its two script classes.
NAME = re.compile(r"^[-_'\w]{1,32}$")
SUBCOMMAND, GROUP, STRING, INTEGER, NUMBER = 1, 2, 3, 4, 10
MOST = {1: 100, 2: 15, 3: 15}
CHARACTERS = 8_000


def check_commands(commands: list[Json]) -> None:
    """Refuse a whole scope's commands if one is bad. Raises ApiError 50035."""
    errors = FormErrors()
    kinds = Counter(command.get("type") or 1 for command in commands)
    for kind, count in kinds.items():
        if count > MOST.get(kind, 0):
            errors.add("", "APPLICATION_COMMANDS_MAX", f"Maximum number of commands of type {kind} reached")
    for index, command in enumerate(commands):
        _check_command(command, str(index), errors)
    _check_unique([f"{each.get('type') or 1} {each.get('name')}" for each in commands], "", errors)
    errors.raise_if_any()


def _check_command(command: Json, path: str, errors: FormErrors) -> None:
    options = command.get("options") or []
    if (command.get("type") or 1) == 1:
        _check_name(command, path, errors)
        errors.too_long(f"{path}.description", command.get("description"), 100, 1)
    else:
        errors.too_long(f"{path}.name", command.get("name"), 32, 1)
        if command.get("description") or options:
            errors.add(
                f"{path}.description",
                "APPLICATION_COMMAND_CONTEXT_MENU",
                "Context menu commands cannot have description or options",
            )
    _check_options(options, f"{path}.options", 0, errors)
    if _characters(command) > CHARACTERS:
        errors.add(path, "APPLICATION_COMMAND_TOO_LARGE", f"Command exceeds maximum size ({CHARACTERS})")


def _check_options(options: list[Any], path: str, depth: int, errors: FormErrors) -> None:
    if len(options) > 25:
        errors.add(path, "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
    nested = [option for option in options if option.get("type") in (SUBCOMMAND, GROUP)]
    if nested and len(nested) < len(options):
        errors.add(path, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Sub-commands and options cannot be mixed")
    _check_unique([option.get("name") for option in options], path, errors)
    optional_before = False
    for index, option in enumerate(options):
        here = f"{path}.{index}"
        if option.get("required") and optional_before:
            errors.add(
                here,
                "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
                "Required options must be placed before non-required options",
            )
        optional_before = optional_before or not option.get("required")
        _check_option(option, here, depth, errors)


def _check_option(option: Json, path: str, depth: int, errors: FormErrors) -> None:
    kind = option.get("type")
    _check_name(option, path, errors)
    errors.too_long(f"{path}.description", option.get("description"), 100, 1)
    if kind in (SUBCOMMAND, GROUP):
        if depth > (1 if kind == SUBCOMMAND else 0):
            errors.add(path, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Sub-commands cannot be nested so deeply")
        _check_options(option.get("options") or [], f"{path}.options", depth + 1, errors)
    choices = option.get("choices") or []
    if choices and option.get("autocomplete"):
        errors.add(path, "APPLICATION_COMMAND_AUTOCOMPLETE_CHOICES", "Autocomplete and choices exclude each other")
    if option.get("autocomplete") and kind not in (STRING, INTEGER, NUMBER):
        errors.add(path, "APPLICATION_COMMAND_AUTOCOMPLETE_TYPE", "Only text and numbers can be completed")
    if len(choices) > 25:
        errors.add(f"{path}.choices", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
    for index, choice in enumerate(choices):
        errors.too_long(f"{path}.choices.{index}.name", choice.get("name"), 100, 1)


def _check_name(thing: Json, path: str, errors: FormErrors) -> None:
    name = thing.get("name")
    if not isinstance(name, str) or not NAME.match(name) or name != name.lower():
        errors.add(f"{path}.name", "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")


def _check_unique(names: list[Any], path: str, errors: FormErrors) -> None:
    for name, count in Counter(names).items():
        if count > 1:
            errors.add(path, "APPLICATION_COMMANDS_DUPLICATE_NAME", f"The name is used {count} times: {name}")


def _characters(thing: Json) -> int:
    """Return the characters that count against a command's 8,000: names, descriptions, and values of choices."""
    own = len(thing.get("name") or "") + len(thing.get("description") or "")
    choices = sum(len(each["name"]) + len(str(each["value"])) for each in thing.get("choices") or ())
    return own + choices + sum(_characters(option) for option in thing.get("options") or ())
