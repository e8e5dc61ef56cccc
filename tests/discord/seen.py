"""How what stands in Discord is read: texts, buttons, menus, forms, limits, as a person's client shows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import discord
from simcord.results import InteractionResult, ResponseMessage

Message = discord.Message | ResponseMessage
Shown = Message | InteractionResult

TEXT, BUTTON, MENU, INPUT, CONTAINER = 10, 2, 3, 4, 17


async def erase(who: Any, message: Message, label: str) -> InteractionResult:
    """Click a button that erases, in English or as a pseudo-translation, and confirm."""
    question = await who.click(message, label=label)
    confirm = next(each for each in buttons(question) if "Erase for good" in each)
    result: InteractionResult = await who.click(message_of(question), label=confirm)
    return result


def message_of(shown: Shown) -> Message:
    """Return the message that a person sees as the answer: the last follow-up, else the response."""
    if not isinstance(shown, InteractionResult):
        return shown
    answer = shown.followups[-1] if shown.followups else shown.response
    assert answer is not None, "nothing was answered"
    return answer


def parts(shown: Shown) -> list[Mapping[str, Any]]:
    """Return every component of a message, an outer one before those inside it."""
    message = message_of(shown)
    raw: Sequence[Any] = message.components
    if isinstance(message, discord.Message):
        raw = [component.to_dict() for component in raw]
    return list(_walk(raw))


def said(shown: Shown) -> str:
    """Return all the text of a message: its content, and what its components show."""
    keys = ("content", "label", "placeholder")
    texts = [str(part[key]) for part in parts(shown) for key in keys if part.get(key)]
    return "\n".join([message_of(shown).content, *texts])


def prose(shown: Shown) -> list[str]:
    """Return the text displays of a message, in order."""
    return [str(part["content"]) for part in parts(shown) if part["type"] == TEXT]


def buttons(shown: Shown) -> dict[str, bool]:
    """Return the labels of the buttons, and whether each can be clicked."""
    return {str(part["label"]): not part.get("disabled") for part in parts(shown) if part["type"] == BUTTON}


def menus(shown: Shown) -> dict[str, dict[str, str]]:
    """Return the menus by their placeholders; each has its choices by label, with their values."""
    return {
        str(part.get("placeholder")): {str(option["label"]): str(option["value"]) for option in part["options"]}
        for part in parts(shown)
        if part["type"] == MENU
    }


def menu_id(shown: Shown, title: str) -> str:
    """Return the ``custom_id`` of the menu whose placeholder begins with the title."""
    matches = [part for part in parts(shown) if part["type"] == MENU and part["placeholder"].startswith(title)]
    assert len(matches) == 1, f"{len(matches)} menus begin with {title!r}"
    return str(matches[0]["custom_id"])


def private(shown: Shown) -> bool:
    """Return whether only the person who asked sees the message."""
    return message_of(shown).flags.ephemeral


def check_limits(shown: Shown) -> None:
    """Fail where Discord would: it refuses what the simulated one may let pass."""
    listed = parts(shown)
    assert len(listed) <= 40
    texts = prose(shown)
    assert all(texts), "an empty text"
    assert sum(len(text.encode("utf-16-le")) // 2 for text in texts) <= 4000
    for part in listed:
        assert len(str(part.get("custom_id", ""))) <= 100
        assert len(str(part.get("label", ""))) <= 80
        options = part.get("options", ())
        assert len(options) <= 25
        assert all(0 < len(option["label"]) <= 100 and 0 < len(option["value"]) <= 100 for option in options)


class OpenForm:
    """A form as it stands on somebody's screen: fields by their labels."""

    def __init__(self, shown: InteractionResult) -> None:
        modal = shown.modal
        assert modal is not None, f"no form was opened, but: {said(shown)}"
        self.shown = shown
        self.title: str = modal["title"]
        self._controls: dict[str, dict[str, Any]] = {c["label"]: c["component"] for c in modal["components"]}
        assert len(self.title) <= 45
        assert 1 <= len(self._controls) <= 5
        for control in self._controls.values():
            # Discord refuses a form whose text is longer than its field.
            assert len(control.get("value") or "") <= control.get("max_length", 4000)

    @property
    def labels(self) -> list[str]:
        """Return the labels of the fields, from top to bottom."""
        return list(self._controls)

    def text(self, label: str) -> str:
        """Return the content of a text field."""
        return str(self._controls[label].get("value") or "")

    def choices(self, label: str) -> dict[str, str]:
        """Return the choices of a menu in the form by label, with their values."""
        return {option["label"]: option["value"] for option in self._controls[label]["options"]}

    def chosen(self, label: str) -> list[str]:
        """Return the values that are selected in a menu when the form opens."""
        return [option["value"] for option in self._controls[label]["options"] if option.get("default")]

    def control_id(self, label: str) -> str:
        """Return the ``custom_id`` of a field."""
        return str(self._controls[label]["custom_id"])

    def filled(self, **typed: str) -> dict[str, Any]:
        """Return what is submitted: the content of the fields, replaced by ``typed`` (by the label's first word)."""
        values: dict[str, Any] = {}
        for label, control in self._controls.items():
            word = label.split()[0].strip(",").lower()
            if control["type"] == MENU:
                values[control["custom_id"]] = [typed[word]] if word in typed else self.chosen(label)
            else:
                values[control["custom_id"]] = typed.get(word, self.text(label))
        return values


def _walk(components: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for component in components:
        yield component
        yield from _walk(component.get("components") or ())
        if component.get("accessory"):
            yield from _walk([component["accessory"]])
