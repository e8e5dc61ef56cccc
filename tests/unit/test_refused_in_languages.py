"""What the newsroom refuses is refused in the asker's language, to the last word."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.errors import InputError
from bot.languages import use_language
from bot.model.feed import Trust
from bot.model.vocabulary import Claim, Kind
from bot.newsroom.drafts import parse_company, parse_development, parse_enum, parse_partial_date, parse_story
from bot.newsroom.field_validation import check_name, check_slug, check_text, check_url
from bot.newsroom.form_fields import localize_field, parse_parties, parse_sources
from tests.languages.pseudo import bracketed, outside

REFUSED: dict[str, Callable[[], object]] = {
    "no text": lambda: check_text("key", "", 5),
    "not a text": lambda: check_text("key", 3, 5),
    "too long": lambda: check_text("key", "a" * 2_001, 2_000),
    "a line break": lambda: check_text("key", "a\nb", 5),
    "a control character": lambda: check_text("key", "a\x07b", 5),
    "no name": lambda: check_name("key", "!?"),
    "no slug": lambda: check_slug("key", "Not a slug"),
    "no link": lambda: check_url("key", "file:///etc/passwd"),
    "no date": lambda: parse_partial_date("key", "soon"),
    "a date without quotes": lambda: parse_partial_date("key", 2025),
    "no word": lambda: parse_enum("key", "maybe", Claim),
    "a stage of no deal": lambda: parse_development({"stage": "talks"}, "", Kind.PRODUCT),
    "a key too few": lambda: parse_story({}),
    "a key too many": lambda: parse_story({"body": ""}),
    "a line with too many sources": lambda: parse_sources("a | b | c | d | e"),
    "a line with too many parties": lambda: parse_parties("a | b | c"),
    "too many aliases": lambda: parse_company({"name": "A", "aliases": ["a"] * 51}, ""),
    "no country": lambda: parse_company({"name": "A", "country": "jp"}, ""),
}


@pytest.mark.parametrize("work", REFUSED.values(), ids=REFUSED.keys())
def test_a_refusal_has_no_word_outside_of_the_catalogues(work: Callable[[], object]) -> None:
    with bracketed(), pytest.raises(InputError) as refused:
        work()
    assert outside(refused.value.expected) == ""


def test_a_word_is_taken_by_what_it_is_called_too() -> None:
    assert parse_enum("kind", "Joint venture", Kind) is Kind.JOINT_VENTURE
    assert parse_enum("claim", " denied ", Claim) is Claim.DENIED
    assert parse_enum("trust", "auto", Trust) is Trust.AUTO
    with bracketed():
        assert parse_enum("kind", "⟦joint venture⟧", Kind) is Kind.JOINT_VENTURE
        assert parse_enum("kind", "joint-venture", Kind) is Kind.JOINT_VENTURE
        with pytest.raises(InputError):
            parse_enum("trust", "", Trust)


def test_without_a_language_it_is_english() -> None:
    with (
        use_language("xx"),
        pytest.raises(
            InputError, match=r"^date: expected a date as YYYY, YYYY-MM, YYYY-MM-DD or by YYYY-MM, not 'soon'$"
        ),
    ):
        parse_partial_date("date", "soon")


@pytest.mark.parametrize(
    ("key", "named"),
    [
        ("headline", "Überschrift"),
        ("text", "⟦text⟧"),
        ("source[2].date", "⟦Source 2⟧, ⟦date⟧"),
        ("party[1]", "⟦Party 1⟧"),
        ("party", "Beteiligte"),
        ("company 'title date'", "⟦company⟧ 'title date'"),
        ("zone", "zone"),
        ("", ""),
    ],
)
def test_a_field_is_named_as_the_form_labels_it(key: str, named: str) -> None:
    """A field without a label of its own by its name in the language."""
    refused = InputError(key, "expected a text")
    with bracketed():
        localized = localize_field(refused, {"headline": "Überschrift", "parties": "Beteiligte (je Zeile einer)"})
    assert isinstance(localized, InputError)
    assert localized.key == named


def test_an_error_that_names_no_field_stays_what_it_is() -> None:
    bug = KeyError("headline")
    assert localize_field(bug) is bug
