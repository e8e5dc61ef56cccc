"""What Discord allows in components: in old messages, in Components V2 messages, and in modals."""

from collections.abc import Callable, Collection, Iterable
from typing import Any

from tests.local_discord.components import BUTTON, CONTAINER, LABEL, ROW, SECTION, SELECTS, TEXT, TEXT_INPUT, walk
from tests.local_discord.failures import FormErrors
from tests.local_discord.model import Json

COMPONENTS, TEXT_SUM, CUSTOM_ID = 40, 4_000, 100
THUMBNAIL, GALLERY, FILE, SEPARATOR = 11, 12, 13, 14
TOP_LEVEL = frozenset({ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR, CONTAINER})
IN_CONTAINER = TOP_LEVEL - {CONTAINER}
IN_LABEL = SELECTS | {TEXT_INPUT, 19, 21, 22, 23}


def check_rows(components: list[Any], errors: FormErrors) -> None:
    """Check a message without the V2 flag: up to five rows of buttons or one menu."""
    if len(components) > 5:
        errors.add("components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
    _check_each(components, "components", frozenset({ROW}), (), errors)
    _check_unique(components, errors)


def check_v2(components: list[Any], files: Collection[str], errors: FormErrors) -> None:
    """Check a message with the V2 flag: 1-40 components in all, 4,000 characters over all text displays."""
    count = sum(1 for _ in walk(components))
    if not 1 <= count <= COMPONENTS:
        errors.add("components", "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {COMPONENTS} in length.")
    texts = (each.get("content") for each in walk(components) if each.get("type") == TEXT)
    if sum(len(text) for text in texts if isinstance(text, str)) > TEXT_SUM:
        errors.add(
            "components",
            "COMPONENT_MAX_TOTAL_TEXT_SIZE_EXCEEDED",
            f"The total text of all components must be {TEXT_SUM} or fewer in length.",
        )
    _check_each(components, "components", TOP_LEVEL, files, errors)
    _check_unique(components, errors)


def check_modal(modal: Json) -> None:
    """Check a modal: title of 1-45 characters, 1-5 components. Raises ApiError 50035."""
    errors = FormErrors()
    errors.too_long("data.title", modal.get("title"), 45, 1)
    errors.too_long("data.custom_id", modal.get("custom_id"), CUSTOM_ID, 1)
    components = modal.get("components") or []
    if not 1 <= len(components) <= 5:
        errors.add("data.components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
    for index, component in enumerate(components):
        _check_modal_part(component, f"data.components.{index}", errors)
    _check_unique(components, errors)
    errors.raise_if_any()


def _check_modal_part(component: Json, path: str, errors: FormErrors) -> None:
    kind = component.get("type")
    if kind == LABEL:
        errors.too_long(f"{path}.label", component.get("label"), 45, 1)
        errors.too_long(f"{path}.description", component.get("description") or "", 100)
        _check_each([component.get("component") or {}], f"{path}.component", IN_LABEL, (), errors)
    elif kind == ROW:
        inner = component.get("components") or []
        if len(inner) != 1:
            errors.add(f"{path}.components", "BASE_TYPE_BAD_LENGTH", "Must be 1 in length.")
        _check_each(inner, f"{path}.components", frozenset({TEXT_INPUT}), (), errors)
    elif kind != TEXT:
        errors.add(f"{path}.type", "UNION_TYPE_CHOICES", 'Value of field "type" must be one of (1, 10, 18).')


def _check_each(
    components: Iterable[Any], path: str, allowed: Collection[int], files: Collection[str], errors: FormErrors
) -> None:
    for index, component in enumerate(components):
        here = f"{path}.{index}"
        kind = component.get("type")
        if kind not in allowed:
            choices = ", ".join(str(each) for each in sorted(allowed))
            errors.add(f"{here}.type", "UNION_TYPE_CHOICES", f'Value of field "type" must be one of ({choices}).')
        elif kind in SELECTS:
            _check_select(component, here, errors)
        else:
            _CHECKS.get(kind, _no_check)(component, here, files, errors)


def _no_check(component: Json, path: str, files: Collection[str], errors: FormErrors) -> None:
    """Nothing to check in this kind."""


def _check_row(row: Json, path: str, files: Collection[str], errors: FormErrors) -> None:
    inner = row.get("components") or []
    room = 1 if any(each.get("type") in SELECTS for each in inner) else 5
    if not 1 <= len(inner) <= room:
        errors.add(f"{path}.components", "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {room} in length.")
    _check_each(inner, f"{path}.components", SELECTS | {BUTTON}, files, errors)


def _check_button(button: Json, path: str, files: Collection[str], errors: FormErrors) -> None:
    style = button.get("style")
    errors.too_long(f"{path}.label", button.get("label") or "", 80)
    if style == 5:
        errors.too_long(f"{path}.url", button.get("url"), 512, 1)
        if button.get("custom_id"):
            errors.add(f"{path}.custom_id", "COMPONENT_CUSTOM_ID_FORBIDDEN", "A link button has no custom id.")
    elif style in (1, 2, 3, 4):
        errors.too_long(f"{path}.custom_id", button.get("custom_id"), CUSTOM_ID, 1)
        if button.get("url"):
            errors.add(f"{path}.url", "BUTTON_COMPONENT_URL_FORBIDDEN", "Only a link button has a URL.")
    elif style != 6:
        errors.add(f"{path}.style", "BASE_TYPE_CHOICES", "Value must be one of (1, 2, 3, 4, 5, 6).")
    if style != 6 and not (button.get("label") or button.get("emoji")):
        errors.add(f"{path}", "BUTTON_COMPONENT_LABEL_REQUIRED", "A button must have a label or an emoji.")


def _check_select(select: Json, path: str, errors: FormErrors) -> None:
    errors.too_long(f"{path}.custom_id", select.get("custom_id"), CUSTOM_ID, 1)
    errors.too_long(f"{path}.placeholder", select.get("placeholder") or "", 150)
    least, most = select.get("min_values", 1), select.get("max_values", 1)
    if not 0 <= least <= most <= 25:
        errors.add(f"{path}.max_values", "NUMBER_TYPE_MAX", "min_values, max_values: 0 to 25, the first no greater.")
    if select["type"] == 3:
        _check_options(select.get("options") or [], path, most, errors)


def _check_options(options: list[Any], path: str, most: int, errors: FormErrors) -> None:
    if not 1 <= len(options) <= 25:
        errors.add(f"{path}.options", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 25 in length.")
    elif most > len(options):
        errors.add(f"{path}.max_values", "SELECT_COMPONENT_MAX_VALUES", "More than there are options.")
    seen = set()
    for index, option in enumerate(options):
        here = f"{path}.options.{index}"
        errors.too_long(f"{here}.label", option.get("label"), 100, 1)
        errors.too_long(f"{here}.value", option.get("value"), 100, 1)
        errors.too_long(f"{here}.description", option.get("description") or "", 100)
        if option.get("value") in seen:
            errors.add(
                f"{here}.value",
                "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
                "The specified option value is already used",
            )
        seen.add(option.get("value"))


def _check_section(section: Json, path: str, files: Collection[str], errors: FormErrors) -> None:
    texts = section.get("components") or []
    if not 1 <= len(texts) <= 3:
        errors.add(f"{path}.components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 3 in length.")
    _check_each(texts, f"{path}.components", frozenset({TEXT}), files, errors)
    accessory = section.get("accessory")
    if not accessory:
        errors.add(f"{path}.accessory", "BASE_TYPE_REQUIRED", "This field is required")
    else:
        _check_each([accessory], f"{path}.accessory", frozenset({BUTTON, THUMBNAIL}), files, errors)


def _check_text(text: Json, path: str, files: Collection[str], errors: FormErrors) -> None:
    errors.too_long(f"{path}.content", text.get("content"), TEXT_SUM, 1)


def _check_gallery(gallery: Json, path: str, files: Collection[str], errors: FormErrors) -> None:
    items = gallery.get("items") or []
    if not 1 <= len(items) <= 10:
        errors.add(f"{path}.items", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 10 in length.")
    for index, item in enumerate(items):
        _check_media(item.get("media"), f"{path}.items.{index}.media", files, errors)
        errors.too_long(f"{path}.items.{index}.description", item.get("description") or "", 1_024)


def _check_thumbnail(thumbnail: Json, path: str, files: Collection[str], errors: FormErrors) -> None:
    _check_media(thumbnail.get("media"), f"{path}.media", files, errors)
    errors.too_long(f"{path}.description", thumbnail.get("description") or "", 1_024)


def _check_file(component: Json, path: str, files: Collection[str], errors: FormErrors) -> None:
    _check_media(component.get("file"), f"{path}.file", files, errors)


def _check_media(media: Json | None, path: str, files: Collection[str], errors: FormErrors) -> None:
    url = (media or {}).get("url") or ""
    if url.startswith("attachment://"):
        if url.removeprefix("attachment://") not in files:
            errors.add(f"{path}.url", "MEDIA_ATTACHMENT_NOT_FOUND", "The attachment is not among the files.")
    elif not url.startswith(("http://", "https://")):
        errors.add(f"{path}.url", "URL_TYPE_INVALID_SCHEME", "Scheme must be one of ('http', 'https', 'attachment').")


def _check_container(container: Json, path: str, files: Collection[str], errors: FormErrors) -> None:
    inner = container.get("components") or []
    if not inner:
        errors.add(f"{path}.components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 40 in length.")
    _check_each(inner, f"{path}.components", IN_CONTAINER, files, errors)


def _check_input(field: Json, path: str, files: Collection[str], errors: FormErrors) -> None:
    errors.too_long(f"{path}.custom_id", field.get("custom_id"), CUSTOM_ID, 1)
    errors.too_long(f"{path}.placeholder", field.get("placeholder") or "", 100)
    errors.too_long(f"{path}.value", field.get("value") or "", 4_000)
    if field.get("style") not in (1, 2):
        errors.add(f"{path}.style", "BASE_TYPE_CHOICES", "Value must be one of (1, 2).")


def _check_unique(components: list[Any], errors: FormErrors) -> None:
    for key, code in (("custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED"), ("id", "COMPONENT_ID_DUPLICATED")):
        seen = set()
        for component in walk(components):
            value = component.get(key)
            # Component ids of 0 are those that Discord is to give.
            if value and value in seen:
                errors.add("components", code, f"Component {key} cannot be duplicated: {value}")
            seen.add(value)


_CHECKS: dict[int, Callable[[Json, str, Collection[str], FormErrors], None]] = {
    ROW: _check_row,
    BUTTON: _check_button,
    SECTION: _check_section,
    TEXT: _check_text,
    THUMBNAIL: _check_thumbnail,
    GALLERY: _check_gallery,
    FILE: _check_file,
    CONTAINER: _check_container,
    TEXT_INPUT: _check_input,
}
