"""Answering interactions: the one callback, and the messages after it through the interaction's webhook."""

from typing import Any

from tests.local_discord import interaction_payloads, posting
from tests.local_discord.components import number
from tests.local_discord.failures import FormErrors, bad_form, thread_archived, unknown
from tests.local_discord.interactions import Choice, Interaction, InteractionType, Modal
from tests.local_discord.model import EPHEMERAL, Json, Message
from tests.local_discord.posting import Origin
from tests.local_discord.routing import Call, Routes
from tests.local_discord.validation.components import check_modal
from tests.local_discord.world import World

routes = Routes()
WEBHOOK = "/webhooks/{webhook_id}/{webhook_token}"
ORIGINAL = f"{WEBHOOK}/messages/@original"
MESSAGE = f"{WEBHOOK}/messages/{{message_id}}"
REPLY, DEFER, DEFER_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
COMPONENT_ONLY = (DEFER_UPDATE, UPDATE)


@routes("POST", "/interactions/{interaction_id}/{interaction_token}/callback", public=True)
def answer(call: Call) -> Json | None:
    world = call.world
    interaction = world.interactions.to_answer(call.id("interaction_id"), call.params["interaction_token"])
    kind = call.body.get("type")
    _check_fits(interaction, kind)
    data = call.body.get("data") or {}
    message = _ANSWERS[kind](call, interaction, data)
    if call.query.get("with_response") not in ("true", "1"):
        return None
    shape = world.message_shape(message) if message else None
    return interaction_payloads.callback(interaction, kind, message, shape)


def _check_fits(interaction: Interaction, kind: Any) -> None:
    """Refuse an answer of a kind that this interaction does not take."""
    completes = interaction.type is InteractionType.AUTOCOMPLETE
    if (
        kind not in _ANSWERS
        or completes != (kind == CHOICES)
        or (kind in COMPONENT_ONLY and interaction.source is None)
        or (kind == MODAL and interaction.type is InteractionType.MODAL)
    ):
        raise bad_form(
            "type", "INTERACTION_CALLBACK_TYPE", f"An interaction of this type takes no answer of type {kind}"
        )


def _origin(interaction: Interaction, data: Json) -> Origin:
    return Origin(interaction.metadata, ephemeral=bool((data.get("flags") or 0) & EPHEMERAL))


def _reply(call: Call, interaction: Interaction, data: Json) -> Message:
    world = call.world
    origin = _origin(interaction, data)
    message = posting.post(world, interaction.channel, world.bot, data, call.uploads, origin)
    world.interactions.answered(interaction, "message", message=message)
    return message


def _defer(call: Call, interaction: Interaction, data: Json) -> Message:
    world = call.world
    message = posting.loading(world, interaction.channel, world.bot, _origin(interaction, data))
    world.interactions.answered(interaction, "deferred", message=message)
    return message


def _defer_update(call: Call, interaction: Interaction, _: Json) -> Message | None:
    call.world.interactions.answered(interaction, "deferred update", message=interaction.source)
    return None


def _update(call: Call, interaction: Interaction, data: Json) -> Message | None:
    source = interaction.source
    if source is None or source.deleted:
        raise unknown("Message")
    posting.edit(call.world, source, data, call.uploads)
    call.world.interactions.answered(interaction, "update", message=source)
    return source


def _suggest(call: Call, interaction: Interaction, data: Json) -> None:
    errors = FormErrors()
    choices = data.get("choices") or []
    if len(choices) > 25:
        errors.add("data.choices", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
    for index, choice in enumerate(choices):
        errors.too_long(f"data.choices.{index}.name", choice.get("name"), 100, 1)
        if isinstance(choice.get("value"), str):
            errors.too_long(f"data.choices.{index}.value", choice["value"], 100, 1)
    errors.raise_if_any()
    offered = [Choice(each["name"], each["value"]) for each in choices]
    call.world.interactions.answered(interaction, "choices", choices=offered)


def _open_modal(call: Call, interaction: Interaction, data: Json) -> None:
    check_modal(data)
    number(data["components"])
    modal = Modal(
        data["custom_id"], data["title"], data["components"], interaction.user, interaction.channel, interaction.source
    )
    call.world.interactions.answered(interaction, "modal", modal=modal)


_ANSWERS: dict[Any, Any] = {
    REPLY: _reply,
    DEFER: _defer,
    DEFER_UPDATE: _defer_update,
    UPDATE: _update,
    CHOICES: _suggest,
    MODAL: _open_modal,
}


@routes("POST", WEBHOOK, public=True)
def follow_up(call: Call) -> Json:
    """Another message. The first after a deferred answer fills that one instead, as visible as it was announced."""
    world, body = call.world, call.body or {}
    interaction = _interaction(call)
    waiting = interaction.message
    if interaction.kind == "deferred" and waiting is not None and waiting.loading and not waiting.deleted:
        posting.edit(world, waiting, body, call.uploads)
        return world.message_shape(waiting)
    origin = Origin(interaction.metadata, bool((body.get("flags") or 0) & EPHEMERAL), kind=posting.DEFAULT)
    message = posting.post(world, interaction.channel, world.bot, body, call.uploads, origin)
    interaction.followups.append(message)
    world.changes.notify()
    return world.message_shape(message)


@routes("GET", ORIGINAL, MESSAGE, public=True)
def get_message(call: Call) -> Json:
    return call.world.message_shape(_message(call, _interaction(call)))


@routes("PATCH", ORIGINAL, MESSAGE, public=True)
def edit_message(call: Call) -> Json:
    interaction = _interaction(call)
    message = _message(call, interaction)
    posting.edit(call.world, message, call.body or {}, call.uploads)
    _edited(call.world, interaction)
    return call.world.message_shape(message)


@routes("DELETE", ORIGINAL, MESSAGE, public=True)
def delete_message(call: Call) -> None:
    posting.delete(call.world, _message(call, _interaction(call)))


def _edited(world: World, interaction: Interaction) -> None:
    interaction.edits += 1
    world.changes.notify()


def _interaction(call: Call) -> Interaction:
    if call.id("webhook_id") != call.world.application.id:
        raise unknown("Webhook")
    return call.world.interactions.to_follow_up(call.params["webhook_token"])


def _message(call: Call, interaction: Interaction) -> Message:
    """Return the message that the path means, if this interaction made it or answered with it."""
    message = interaction.message
    if "message_id" in call.params:
        wanted = call.id("message_id")
        made = [*interaction.followups, *([message] if message else [])]
        message = next((each for each in made if each.id == wanted), None)
    if message is None or message.deleted:
        raise unknown("Message")
    if message.channel.archived and not message.ephemeral:
        raise thread_archived()
    return message
