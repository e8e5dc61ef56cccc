"""Checking request bodies against Discord's own OpenAPI description."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from tests.local_discord.model import Channel, ChannelKind

URI = "urn:discord"

# The description says that ids are text. Discord takes numbers as well, and discord.py sends them in places.
SNOWFLAKE = {"anyOf": [{"type": "string", "pattern": "^(0|[1-9][0-9]*)$"}, {"type": "integer", "minimum": 0}]}


class OpenApi:
    """Discord's description, with a validator for each documented body, made when it is first needed."""

    def __init__(self, description: dict[str, Any]) -> None:
        description["components"]["schemas"]["SnowflakeType"] = SNOWFLAKE
        self._paths = description["paths"]
        resource = Resource.from_contents(description, default_specification=DRAFT202012)
        self._registry: Registry[Any] = Registry().with_resource(URI, resource)
        self._schemas = description["components"]["schemas"]
        self._validators: dict[tuple[str, str, str], Draft202012Validator | None] = {}

    def complaint(
        self, method: str, template: str, body: Any, channel: Channel | None = None
    ) -> tuple[str, str] | None:
        """Where the body of a documented route breaks the description, and how; None when it does not.

        Some routes take one body of several, the loosest of which would let everything pass: `channel`, the one that the
        path names, says which is meant.
        """
        validator = self._validator(method.lower(), template, _meant(template, channel))
        if validator is None or validator.is_valid(body):
            return None
        worst = best_match(validator.iter_errors(body))
        if not isinstance(worst, ValidationError):
            return None
        return ".".join(str(part) for part in worst.absolute_path), worst.message

    def _validator(self, method: str, template: str, meant: str) -> Draft202012Validator | None:
        key = (method, template, meant)
        if key not in self._validators:
            self._validators[key] = self._make(method, template, meant)
        return self._validators[key]

    def _make(self, method: str, template: str, meant: str) -> Draft202012Validator | None:
        content = self._paths.get(template, {}).get(method, {}).get("requestBody", {}).get("content", {})
        if "application/json" not in content:
            return None
        escaped = template.replace("~", "~0").replace("/", "~1")
        if meant in self._schemas:
            return Draft202012Validator({"$ref": f"{URI}#/components/schemas/{meant}"}, registry=self._registry)
        pointer = f"/paths/{escaped}/{method}/requestBody/content/application~1json/schema"
        return Draft202012Validator({"$ref": f"{URI}#{pointer}"}, registry=self._registry)


def _meant(template: str, channel: Channel | None) -> str:
    """Return the schema of the body that a route takes for this channel, "" where it takes but one."""
    if channel is None or channel.guild is None:
        return ""
    if template == "/channels/{channel_id}":
        return "UpdateThreadRequestPartial" if channel.is_thread else "UpdateGuildChannelRequestPartial"
    if template == "/channels/{channel_id}/threads":
        forum = channel.kind is ChannelKind.FORUM
        return "CreateForumThreadRequest" if forum else "CreateTextThreadWithoutMessageRequest"
    return ""


@lru_cache(maxsize=4)
def load(path: Path) -> OpenApi:
    """Return the description in the file; read once a process."""
    return OpenApi(json.loads(path.read_text(encoding="utf-8")))
