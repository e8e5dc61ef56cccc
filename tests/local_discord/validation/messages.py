"""What Discord lets a message hold, beyond its OpenAPI description."""

from collections.abc import Collection
from typing import Any

from tests.local_discord.failures import ApiError, FormErrors
from tests.local_discord.model import COMPONENTS_V2, Json

from .components import check_rows, check_v2

CONTENT, EMBEDS_IN_SUM, EMBEDS, FILES, FILE_BYTES, NONCE = 2_000, 6_000, 10, 10, 10 * 1024 * 1024, 25


def check_message(message: Json, files: Collection[str] = ()) -> None:
    """Refuse a whole message, as it would stand: `content`, `embeds`, `components`, `flags`, `nonce`, `attachments`.

    `files` are the names of its files, those kept and those just uploaded. Raises ApiError 50035, or 50006 when nothing
    at all is in it.
    """
    errors = FormErrors()
    content = message.get("content") or ""
    embeds = message.get("embeds") or []
    components = message.get("components") or []
    errors.too_long("content", content, CONTENT)
    errors.too_long("nonce", str(message.get("nonce") or ""), NONCE)
    _check_embeds(embeds, errors)
    if len(files) > FILES:
        errors.add("attachments", "BASE_TYPE_MAX_LENGTH", f"Must be {FILES} or fewer in length.")
    if (message.get("flags") or 0) & COMPONENTS_V2:
        _check_no_legacy(message, errors)
        check_v2(components, files, errors)
    else:
        check_rows(components, errors)
        # A message of components alone is none, unless the flag says that they are the message.
        if not (content.strip() or embeds or files or message.get("sticker_ids") or message.get("poll") or errors):
            raise ApiError(400, 50006, "Cannot send an empty message")
    errors.raise_if_any()


def _check_no_legacy(message: Json, errors: FormErrors) -> None:
    for name in ("content", "embeds", "poll", "sticker_ids"):
        if message.get(name):
            errors.add(
                name,
                "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                f"The '{name}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
            )


def _check_embeds(embeds: list[Any], errors: FormErrors) -> None:
    if len(embeds) > EMBEDS:
        errors.add("embeds", "BASE_TYPE_MAX_LENGTH", f"Must be {EMBEDS} or fewer in length.")
    total = sum(_check_embed(embed, f"embeds.{index}", errors) for index, embed in enumerate(embeds))
    if total > EMBEDS_IN_SUM:
        errors.add("embeds", "MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum size of {EMBEDS_IN_SUM}")


def _check_embed(embed: Json, path: str, errors: FormErrors) -> int:
    """Check one embed; how many characters it adds to the sum."""
    texts = [
        ("title", embed.get("title"), 256, 0),
        ("description", embed.get("description"), 4_096, 0),
        ("footer.text", (embed.get("footer") or {}).get("text"), 2_048, 0),
        ("author.name", (embed.get("author") or {}).get("name"), 256, 0),
    ]
    fields = embed.get("fields") or []
    if len(fields) > 25:
        errors.add(f"{path}.fields", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
    for index, entry in enumerate(fields):
        texts.append((f"fields.{index}.name", entry.get("name"), 256, 1))
        texts.append((f"fields.{index}.value", entry.get("value"), 1_024, 1))
    for name, text, limit, least in texts:
        errors.too_long(f"{path}.{name}", text, limit, least)
    return sum(len(text) for _, text, _, _ in texts if isinstance(text, str))
