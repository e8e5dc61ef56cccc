"""Messages remember what they were made of: they are stored so, and said in another language."""

from __future__ import annotations

import json

import pytest

from bot.errors import FetchError, describe_error
from bot.languages import Message, decode_message, encode_message, lazy, localize, say, say_as, say_count, use_language

WRONG_DATE = "expected a date as YYYY, YYYY-MM, YYYY-MM-DD or by YYYY-MM, not {typed!r}"


def in_german(text: str) -> str:
    """Return what a stored text is in German."""
    with use_language("de"):
        return localize(decode_message(encode_message(text)))


@pytest.mark.parametrize("template", ["No company matches “{query}”.", "There is no database at {path}."])
def test_a_stored_message_reads_as_it_was_said(template: str) -> None:
    message = say(template, query="a", path="b")
    assert decode_message(encode_message(message)) == message


def test_a_value_that_is_quoted_is_stored_as_it_is() -> None:
    message = say(WRONG_DATE, typed="it's “soon”")
    assert json.loads(encode_message(message))["values"] == {"typed": "it's “soon”"}
    with use_language("de"):
        assert in_german(message) == say(WRONG_DATE, typed="it's “soon”") != message


def test_messages_within_messages_change_their_language_too() -> None:
    inner = say("the channel no longer exists")
    with use_language("de"):
        expected = say("The test post couldn't be sent: {reason}.", reason=say("the channel no longer exists"))
    assert in_german(say("The test post couldn't be sent: {reason}.", reason=inner)) == expected
    assert expected != say("The test post couldn't be sent: {reason}.", reason=inner)


def test_an_error_in_a_message_shows_its_own_message() -> None:
    """An error within a message is shown as the message that the error carries."""
    message = say("The test post couldn't be sent: {reason}.", reason=FetchError(say("the channel no longer exists")))
    assert in_german(message) == in_german(
        say("The test post couldn't be sent: {reason}.", reason=say("the channel no longer exists"))
    )


def test_a_message_that_was_said_in_german_is_read_in_english() -> None:
    with use_language("de"):
        stored = encode_message(say_count("{count} more entry", "{count} more entries", 1_200))
    assert decode_message(stored) == "1,200 more entries"


def test_the_context_of_a_message_is_stored() -> None:
    with use_language("de"):
        expected = say_as("kind", "Merger")
    assert in_german(say_as("kind", "Merger")) == expected != "Merger"


@pytest.mark.parametrize("text", ["", "Discord said: {no}", '{"message": 1}', "“quoted”", "[1]"])
def test_other_texts_are_stored_as_they_are(text: str) -> None:
    assert decode_message(encode_message(text)) == text
    assert localize(text) is text


@pytest.mark.parametrize(
    "stored",
    [
        '{"message": "{x.__class__}", "values": {"x": "a"}}',
        '{"message": "{x:>999999999}", "values": {"x": "a"}}',
        '{"message": "{0}", "values": {"0": "a"}}',
        '{"message": "{missing}", "values": {}}',
        '{"message": ""}',
        '{"message": "a", "values": 1}',
        "[]",
        "not JSON",
    ],
)
def test_what_is_no_message_of_ours_is_only_a_text(stored: str) -> None:
    """A worker process that reads hostile bytes sends messages too: no template reaches beyond the values."""
    text = decode_message(stored)
    assert (text, isinstance(text, Message)) == (stored, False)


def test_a_constant_is_filled_in_english() -> None:
    with use_language("de"):
        message = lazy("Discord answered {status}").fill(status=502)
    assert message == "Discord answered 502"
    assert in_german(message) != message


def test_the_reason_of_an_error_stays_a_message() -> None:
    assert isinstance(describe_error(FetchError(say("the channel no longer exists"))), Message)
    assert not isinstance(describe_error(FetchError(say("the channel no longer exists") * 40)), Message)
    assert describe_error(ValueError("a\nb")) == "ValueError: a b"
