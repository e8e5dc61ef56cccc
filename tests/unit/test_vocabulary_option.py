"""Options of a fixed vocabulary, as people type them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from bot.errors import InputError
from bot.languages import LANGUAGES, use_language
from bot.model.delivery_settings import DeliveryMode
from bot.model.follow_settings import PingPolicy
from bot.model.vocabulary import Claim, Kind, Stage
from cogs.vocabulary_option import MODE_OPTION, PING_OPTION, VocabularyOption

OPTIONS: list[tuple[VocabularyOption[Any], Iterable[Any]]] = [
    (VocabularyOption("stage", Stage), Stage),
    (VocabularyOption("kind", Kind), Kind),
    (VocabularyOption("claim", Claim), Claim),
    (MODE_OPTION, DeliveryMode),
    (PING_OPTION, PingPolicy),
]


@pytest.mark.parametrize("spoken", LANGUAGES)
@pytest.mark.parametrize("typed", LANGUAGES)
def test_a_label_in_any_language_is_its_member(spoken: str, typed: str) -> None:
    """In any case and spacing, whichever language the bot speaks just now."""
    for option, members in OPTIONS:
        for member in members:
            with use_language(typed):
                label = member.label
            with use_language(spoken):
                assert [option.parse(text) for text in (f"  {label.upper()} ", member.value)] == [member, member]


def test_aliases_are_taken_and_a_blank_is_none() -> None:
    assert MODE_OPTION.parse("At  once") is DeliveryMode.INSTANT
    assert PING_OPTION.parse("stages") is PingPolicy.STAGE_CHANGES
    assert PING_OPTION.parse("  ") is None


def test_another_word_is_refused_by_the_name_of_the_option() -> None:
    with pytest.raises(InputError, match="mode: expected one of instant, daily, weekly, not 'hourly'"):
        MODE_OPTION.parse("hourly")
