"""What people did with the bot's commands, buttons, menus and modals, and what the bot made of it."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Literal

from . import payloads
from .components import LABEL, TEXT_INPUT, walk
from .failures import ApiError, Impossible, unknown
from .model import Channel, Json, Message, User
from .observation import Changes
from .snowflakes import Snowflakes

TOKEN_LIFE = 15 * 60
Kind = Literal["message", "deferred", "update", "deferred update", "choices", "modal"]


class InteractionType(IntEnum):
    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL = 5


@dataclass(frozen=True, slots=True)
class Choice:
    """One suggestion of an autocomplete."""

    name: str
    value: str | int | float


@dataclass(frozen=True, slots=True)
class Modal:
    """A form that the bot opened for the user in the channel; `source` is the message whose component opened it."""

    custom_id: str
    title: str
    components: list[Json]
    user: User
    channel: Channel
    source: Message | None

    @property
    def fields(self) -> dict[str, Json]:
        """The things to fill, by custom id; each under its `label`, whether in a Label or of its own."""
        fields = {}
        for part in self.components:
            for component in walk([part]):
                if component.get("custom_id"):
                    label = part.get("label") if part["type"] == LABEL else component.get("label")
                    fields[component["custom_id"]] = component | {"label": label}
        return fields

    def field(self, name: str) -> Json:
        """Return the field with this custom id or label."""
        for custom_id, component in self.fields.items():
            if name in (custom_id, component["label"]):
                return component
        labels = [str(each["label"]) for each in self.fields.values()]
        raise Impossible(f"the modal {self.title!r} has no field {name!r}, but {', '.join(labels)}")

    @property
    def values(self) -> dict[str, str]:
        """What the text fields are filled with when the modal opens, by custom id."""
        texts = {key: each for key, each in self.fields.items() if each["type"] == TEXT_INPUT}
        return {key: each.get("value") or "" for key, each in texts.items()}


@dataclass(slots=True, eq=False)
class Interaction:
    """One act of a person and the bot's answer to it.

    `kind` is how the bot answered, None until it did: with a `message` (also when it was deferred first: the message is
    `loading` until it is filled), an `update` of the `source` message, `choices` or a `modal`.
    """

    id: int
    token: str = field(repr=False)
    type: InteractionType
    user: User
    channel: Channel
    data: Json = field(repr=False)
    source: Message | None
    at: float
    changes: Changes = field(repr=False)
    kind: Kind | None = None
    message: Message | None = None
    followups: list[Message] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    modal: Modal | None = None
    edits: int = 0
    over: bool = False

    @property
    def deferred(self) -> bool:
        """Return whether the bot first asked for time."""
        return self.kind in ("deferred", "deferred update")

    @property
    def ephemeral(self) -> bool:
        """Return whether only the person sees the answer."""
        return self.message is not None and self.message.ephemeral

    @property
    def metadata(self) -> Json:
        """What messages made by it carry."""
        common: Json = {"id": str(self.id), "type": int(self.type), "user": payloads.user(self.user)}
        owners: Json = {
            "authorizing_integration_owners": {"0": str(self.channel.guild.id)} if self.channel.guild else {}
        }
        shape: Json = {"interaction_metadata": common | owners}
        if self.type is InteractionType.COMMAND:
            shape["interaction"] = common | {"name": self.data["name"]}
        elif self.source is not None:
            shape["interaction_metadata"]["interacted_message_id"] = str(self.source.id)
        return shape

    async def final(self, timeout: float = 60.0) -> Message:
        """Wait for the answer: at once, or, deferred, when the bot has filled, edited or followed it up."""
        return await self.changes.until(self._final, timeout, f"the answer to {self.data.get('name', 'a component')}")

    def _final(self) -> Message | None:
        if self.kind == "deferred update" and not self.edits:
            return self.followups[0] if self.followups else None
        if self.message is not None and not self.message.loading:
            return self.message
        return None

    async def followup(self, index: int = 0, timeout: float = 60.0) -> Message:
        """Wait for the follow-up message of this number, and return it."""

        def probe() -> Message | None:
            return self.followups[index] if len(self.followups) > index else None

        return await self.changes.until(probe, timeout, f"follow-up {index}")


class Interactions:
    """The interactions so far. Times are on the given clock: 3 seconds to answer, 15 minutes to follow up."""

    def __init__(self, ids: Snowflakes, clock: Callable[[], float], changes: Changes, answer_within: float) -> None:
        self._ids = ids
        self._clock = clock
        self._changes = changes
        self.answer_within = answer_within
        self._by_token: dict[str, Interaction] = {}
        self.opened: list[Interaction] = []

    def open(
        self, kind: InteractionType, user: User, channel: Channel, data: Json, source: Message | None
    ) -> Interaction:
        made = Interaction(
            id=self._ids.now(),
            token=secrets.token_urlsafe(48),
            type=kind,
            user=user,
            channel=channel,
            data=data,
            source=source,
            at=self._clock(),
            changes=self._changes,
        )
        self._by_token[made.token] = made
        self.opened.append(made)
        self._changes.notify()
        return made

    def to_answer(self, interaction_id: int, token: str) -> Interaction:
        """Return the interaction for a callback. Raises 10062 when it is unknown or too late, 40060 when it was answered."""
        interaction = self._by_token.get(token)
        if interaction is None or interaction.id != interaction_id:
            raise unknown("interaction")
        if interaction.kind is not None:
            raise ApiError(400, 40060, "Interaction has already been acknowledged.")
        if interaction.over or self._clock() - interaction.at > self.answer_within:
            raise unknown("interaction")
        return interaction

    def to_follow_up(self, token: str) -> Interaction:
        """Return the interaction for a webhook. Raises 10015 when unknown or not answered, 50027 after 15 minutes."""
        interaction = self._by_token.get(token)
        if interaction is None or interaction.kind is None:
            raise unknown("Webhook")
        if self._clock() - interaction.at > TOKEN_LIFE:
            raise ApiError(401, 50027, "Invalid Webhook Token")
        return interaction

    def answered(self, interaction: Interaction, kind: Kind, **results: Any) -> None:
        """Note how the bot answered, and wake the person."""
        interaction.kind = kind
        for name, value in results.items():
            setattr(interaction, name, value)
        self._changes.notify()
