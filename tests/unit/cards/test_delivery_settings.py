"""The settings card in another language, and what is typed into it in one."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from bot.cards.delivery_settings import settings_card
from bot.errors import InputError
from bot.languages import LANGUAGES, get_weekday_name, use_language
from bot.model.delivery_settings import DeliverySettings
from bot.model.text_input import parse_quiet_hours, parse_time_of_day, parse_weekday
from cogs.delivery_settings import parse_settings
from tests.languages.pseudo import bracketed, outside
from tests.unit.cards.limits import accept, full_text, options
from tests.unit.cards.pseudo_language import texts_in

NOW = datetime(2026, 11, 1, 23, tzinfo=UTC)
_QUIET = DeliverySettings(quiet_from=22 * 60, quiet_until=7 * 60, cap=4, language="ja")


@pytest.mark.parametrize("table", [DeliverySettings(), _QUIET, DeliverySettings(quiet_from=60, quiet_until=120)])
@pytest.mark.parametrize("by_dm", [False, True])
@pytest.mark.parametrize("discords", ["", "de"])
def test_all_that_the_settings_say_is_said_in_the_language(table: DeliverySettings, by_dm: bool, discords: str) -> None:
    """Languages are called as they call themselves."""
    with bracketed():
        card = settings_card(table, NOW, by_dm=by_dm, client_language=discords, is_saved=by_dm)
    accept(card)
    own_names = {language.name for language in LANGUAGES.values()}
    for said in texts_in(card):
        assert said in own_names or not re.search("[A-Za-z]", outside(said)), said


def test_the_menu_marks_the_current_language() -> None:
    """With the automatic choice, the card also says which language that comes to."""
    card = settings_card(_QUIET, NOW, by_dm=True)
    assert [option["value"] for option in options(card, "dw:language") if option.get("default")] == ["ja"]
    assert "**Language** · 日本語" in full_text(card)
    assert "automatic: English, until you choose another" in full_text(
        settings_card(DeliverySettings(), NOW, by_dm=True)
    )


@pytest.mark.parametrize("code", LANGUAGES)
def test_days_are_read_in_each_language_and_in_english(code: str) -> None:
    with use_language(code):
        assert [parse_weekday(get_weekday_name(day)) for day in range(7)] == list(range(7))
        assert [parse_weekday(day) for day in ("monday", "TUE", "we", "thu", "fri", "sat", "sun")] == list(range(7))


def test_days_and_hours_are_read_as_people_type_them_there() -> None:
    with use_language("ja"):
        assert (parse_weekday("月"), parse_weekday("日曜")) == (0, 6)
    with use_language("es"):
        assert (parse_weekday("miercoles"), parse_weekday("SÁB")) == (2, 5)
    with use_language("de"), pytest.raises(ValueError, match="„d“ ist kein Wochentag wie Montag"):
        parse_weekday("d")
    assert (parse_time_of_day("22時30分"), parse_time_of_day("２２：００")) == (22 * 60 + 30, 22 * 60)
    assert parse_quiet_hours("22時〜7時") == parse_quiet_hours("22 Uhr bis 7 Uhr") == (22 * 60, 7 * 60)


def test_a_refusal_names_its_option_in_every_language() -> None:
    """What the sentence says does not decide it."""
    with bracketed(), pytest.raises(InputError) as refused:
        parse_settings(DeliverySettings(), {"quiet_hours": "22-22"})
    assert refused.value.key == "quiet_hours"
    assert refused.value.expected == "⟦quiet hours can't start and end at the same time⟧"
