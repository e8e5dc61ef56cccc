"""Figures as people write them in forms and questions, in the bot's languages."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.model.figures import find_quantities, format_amount, parse_figure
from bot.model.vocabulary import Bound


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        *((text, "69000000000", "USD") for text in (
            "$69bn", "$69 bn", "US$69bn", "69 billion dollars", "69bn USD", "USD 69 billion", "69,000,000,000 USD", "69000000000 usd",
            "69 Mrd. US-Dollar", "69 Milliarden Dollar", "69.000 millones de dólares", "69 mil millones de dólares", "690億ドル", "690億米ドル",
        )),
        ("690億円", "69000000000", "JPY"),
        ("１兆２０００億円", "1200000000000", "JPY"),
        ("1.2 Mrd. Euro", "1200000000", "EUR"),
        ("1,2 Mrd. €", "1200000000", "EUR"),
        ("€1.2bn", "1200000000", "EUR"),
        ("HK$5bn", "5000000000", "HKD"),
        ("5bn Swiss francs", "5000000000", "CHF"),
        ("$95 a share", "95", "USD"),
        ("95 Euro je Aktie", "95", "EUR"),
        ("51%", "51", "%"),
        ("51 percent", "51", "%"),
        ("51,5 Prozent", "51.5", "%"),
        ("100,000 vehicles/year", "100000", "vehicles/year"),
        ("100.000 Fahrzeuge", "100000", "Fahrzeuge"),
        ("3万5000人", "35000", "人"),
        ("2m vehicles", "2000000", "vehicles"),
        ("six plants", "6", "plants"),
        ("2 GWh", "2", "GWh"),
        ("35,000", "35000", ""),
    ],
)  # fmt: skip
def test_a_figure_is_read_as_people_write_it(text: str, amount: str, unit: str) -> None:
    figure = parse_figure(text)
    assert (format_amount(figure.amount), figure.unit, figure.bound) == (amount, unit, None)


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        *((text, Bound.ABOUT) for text in ("about $69bn", "~$69bn", "around 69bn USD", "rund 69 Mrd. Dollar", "unos 69 mil millones de dólares", "約690億ドル")),
        *((text, Bound.UP_TO) for text in ("up to $69bn", "bis zu 69 Mrd. Dollar", "hasta 69 mil millones de dólares", "最大690億ドル", "690億ドル以下")),
        *((text, Bound.AT_LEAST) for text in ("at least $69bn", "more than $69bn", "mindestens 69 Mrd. Dollar", "al menos 69 mil millones de dólares", "690億ドル以上")),
    ],
)  # fmt: skip
def test_a_bound_is_part_of_a_figure(text: str, bound: Bound) -> None:
    figure = parse_figure(text)
    assert (format_amount(figure.amount), figure.unit, figure.bound) == ("69000000000", "USD", bound)


@pytest.mark.parametrize(
    "text", ["", "nothing", "$5-6bn", "$69bn and 51%", "$69bn deal", "not $69bn", "$69bn " + "x" * 50]
)
def test_anything_else_is_refused(text: str) -> None:
    """A guess would be on a card."""
    with pytest.raises(ValueError, match=r"^expected"):
        parse_figure(text)


def test_the_figures_of_a_text_are_found_with_their_places() -> None:
    text = "Alpha buys 51% of Beta for $1.5bn in 2026"
    quantities = list(find_quantities(text))
    assert [(text[q.start : q.end], q.amount, q.unit) for q in quantities] == [
        ("51%", 51, "%"),
        ("$1.5bn", Decimal(1_500_000_000), "USD"),
        ("2026", 2026, None),
    ]


def test_letters_that_only_look_like_ascii_are_read_as_such() -> None:
    figure = parse_figure("sİx mıllıon ınr")
    assert (format_amount(figure.amount), figure.unit) == ("6000000", "INR")
    assert [(format_amount(each.amount), each.unit) for each in find_quantities("5 ınr")] == [("5", "INR")]
