"""The time of an article is the one its feed gives, if it can be true; else the one it was changed; else now, and that is said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from babel import Locale
from babel.dates import format_date, format_datetime
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.languages import LANGUAGES
from bot.newsroom.parsing.page_extraction import extract_page
from bot.newsroom.parsing.publication_dates import MONTHS, choose_publication_date, find_month, fold_date, parse_date
from tests.unit.parsing.feeds import NOW as READ
from tests.unit.parsing.feeds import item, json_feed, read, rss

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC)


@pytest.mark.parametrize(
    ("told", "read"),
    [
        ("2026-02-03T04:05:06Z", datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)),
        ("2026-02-03T04:05:06+09:00", datetime(2026, 2, 2, 19, 5, 6, tzinfo=UTC)),
        ("2026-02-03", datetime(2026, 2, 3, tzinfo=UTC)),
        ("Tue, 03 Feb 2026 04:05:06 GMT", datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)),
        ("Tue, 03 Feb 2026 04:05:06 -0500", datetime(2026, 2, 3, 9, 5, 6, tzinfo=UTC)),
    ],
)
def test_a_time_is_read_as_utc(told: str, read: datetime) -> None:
    assert parse_date(told) == read
    assert choose_publication_date([told], NOW) == (read, True)


@pytest.mark.parametrize(
    "told",
    [
        "",
        "yesterday",
        "2026-13-45",
        "Mon, 99 Foo 2026 99:99:99 GMT",
        "0001-01-01T00:00:00+14:00",
        "9" * 5_000,
        "\ud800",
        "Thu, 01 Jan 1970 00:00:00 GMT",
    ],
)
def test_what_is_no_time_falls_back_on_the_next_and_then_on_now(told: str) -> None:
    assert choose_publication_date([told, "2026-02-03"], NOW) == (datetime(2026, 2, 3, tzinfo=UTC), True)
    assert choose_publication_date([told], NOW) == (NOW, False)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Sun, 29 Nov 2026 09:15 PM", at(2026, 11, 29, 21, 15)),
        ("Sun, 29 Nov 2026 12:15 AM", at(2026, 11, 29, 0, 15)),
        ("Sun, 29 Nov 2026 12:15 p.m.", at(2026, 11, 29, 12, 15)),
        ("Nov 28, 2026 10 PM", at(2026, 11, 28, 22)),
        ("11/25/2026 10:00pm", at(2026, 11, 25, 22)),
        ("25 nov. 2026 10:00 p. m.", at(2026, 11, 25, 22)),
        ("2026-11-29T10:00:00 PM", at(2026, 11, 29, 22)),
        ("2026年11月5日 午後3時05分", at(2026, 11, 5, 15, 5)),
        ("2026년 11월 5일 오후 3:05", at(2026, 11, 5, 15, 5)),
        # A suffix that a 24-hour clock does not need.
        ("Sunday,November 29,2026 13:14 pm", at(2026, 11, 29, 13, 14)),
    ],
)
def test_the_half_of_the_day_counts(text: str, moment: datetime) -> None:
    assert parse_date(text) == moment


@pytest.mark.parametrize(
    ("zone", "hours"),
    [
        ("+02:00", 2), ("+0200", 2), ("+02", 2), ("+2", 2), ("+2:00", 2), (" +02:00:00", 2), ("GMT+2", 2), ("GMT+0200", 2), ("GMT+02:00", 2),
        ("UTC+2", 2), ("UTC + 2", 2), ("UTC +02:00", 2), ("UT+2", 2), ("-0500", -5), ("−05:00", -5), ("GMT-5", -5), ("-0500 (EST)", -5),
        ("+0530", 5.5), ("+5:30", 5.5), ("+530", 5.5), ("+1245", 12.75), ("-0330", -3.5), ("-0000", 0), ("Z", 0), ("GMT", 0), ("UTC", 0), ("UT", 0),
        ("GMT+0100 (Central European Standard Time)", 1), ("+01:00[Europe/Berlin]", 1), ("EST", -5), ("EDT", -4), ("ET", -5), ("CET", 1), ("(CET)", 1),
        ("CEST", 2), ("MEZ", 1), ("MESZ", 2), ("AEST", 10), ("AEDT", 11), ("BST", 1), ("HKT", 8), ("JST", 9), ("IST", 5.5), ("", 0),
    ],
)  # fmt: skip
def test_every_spelling_of_a_time_zone_counts(zone: str, hours: float) -> None:
    moment = at(2026, 11, 25, 10) - timedelta(hours=hours)
    spellings = (
        f"Wed, 25 Nov 2026 10:00:00 {zone}", f"Wed Nov 25 10:00:00 {zone} 2026", f"25.11.2026 10:00 {zone}", f"2026-11-25T10:00:00{zone}",
        f"2026-11-25 10:00 {zone}", f"November 25, 2026 10:00 AM {zone}",
    )  # fmt: skip
    assert [parse_date(text) for text in spellings] == [moment] * len(spellings)


def test_american_time_knows_its_summer() -> None:
    assert parse_date("July 25, 2026 10:00 PM ET") == at(2026, 7, 26, 2)
    assert parse_date("November 25, 2026 10:00 PM ET") == at(2026, 11, 26, 3)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("05.11.2026 09:30", at(2026, 11, 5, 9, 30)),
        ("13.11.2026 09:30", at(2026, 11, 13, 9, 30)),
        ("Mi, 21.10.2026 - 15:26", at(2026, 10, 21, 15, 26)),
        ("5. 11. 2026", at(2026, 11, 5)),
        ("am 25.11.2026 um 10.30 Uhr", at(2026, 11, 25, 10, 30)),
        ("2026.11.05", at(2026, 11, 5)),
        ("2026/11/5 7:05", at(2026, 11, 5, 7, 5)),
        ("25/11/2026 - 10:00h", at(2026, 11, 25, 10)),
        ("11-25-2026", at(2026, 11, 25)),
        ("11/11/2026", at(2026, 11, 11)),
        ("Mo, 19 Okt 2026 14:10:00 +0200", at(2026, 10, 19, 12, 10)),
        ("Mi, 25 Mär 2026 10:00:00 +0100", at(2026, 3, 25, 9)),
        ("mer., 25 nov. 2026 10:00:00 +0100", at(2026, 11, 25, 9)),
        ("mar., 24 nov. 2026 à 10h30", at(2026, 11, 24, 10, 30)),
        ("Ke, 25 Lok 2026 11:34:37 +0000", at(2026, 10, 25, 11, 34, 37)),
        ("1er décembre 2026", at(2026, 12, 1)),
        ("5 de noviembre de 2026, 9:30", at(2026, 11, 5, 9, 30)),
        ("2026年11月5日 10:00", at(2026, 11, 5, 10)),
        ("2026年11月5日(木)10時30分", at(2026, 11, 5, 10, 30)),
        ("令和8年11月5日", at(2026, 11, 5)),
        ("２０２６年１１月５日 １０：００", at(2026, 11, 5, 10)),
        ("November 25th, 2026", at(2026, 11, 25)),
        ("Wednesday, 25-Nov-26 10:00:00 GMT", at(2026, 11, 25, 10)),
        ("2. Dez. 2026 07:05 MEZ", at(2026, 12, 2, 6, 5)),
        ("10:30, 25 Nov 2026", at(2026, 11, 25, 10, 30)),
        ("2026-11-29T24:00:00Z", at(2026, 11, 30)),
        ("Tue, 30 Jun 2015 23:59:60 GMT", at(2015, 7, 1)),
        ("2026-11-29+01:00", at(2026, 11, 28, 23)),
        ("20261129T100000Z", at(2026, 11, 29, 10)),
        ("20261129", at(2026, 11, 29)),
        ("1764496800", at(2025, 11, 30, 10)),
        ("1764496800123", at(2025, 11, 30, 10)),
        ("1764496800.0", at(2025, 11, 30, 10)),
    ],
)
def test_dates_are_read_as_publishers_write_them(text: str, moment: datetime) -> None:
    assert parse_date(text) == moment


@pytest.mark.parametrize(
    "text",
    [
        "11/05/2026 10:00",
        "05-11-2026",
        "05.11.26",
        "2026",
        "2026-11",
        "November 2026",
        "25 November",
        "12",
        "31 Feb 2026 10:00",
        "31.02.2026",
        "2026-02-29",
        "2026-13-01",
        "29 Nov 2026 25:00",
        "29 Nov 2026 10:61",
        "29 Nov 2026 24:30",
        "29 Nov 0000",
        "0000-11-29",
        "29 Nov 9999",
        "9999-12-31T23:59:59Z9",
        "Wed, 25 Nov 2026 10:00:00 +9999",
        "Wed, 25 Nov 2026 10:00:00 +0175",
        "Wed, 25 Nov 2026 10:00:00 XYZT",
        "Wed, 25 Nov 2026 10:00:00 Eastern Standard Time",
        "Wed, 25 Nov 2026 10:00 - 12:00",
        "Wed, 25 Nov 2026 10:00:00 +0100 PM",
        "25 Nov 2026, 30 Nov 2026",
        "Nov 25-26, 2026",
        "٢٥.١١.٢٠٢٦",
        "start=2026-11-29T10:00+01:00;scheme=W3C-DTF",
    ],
)
def test_what_has_no_sure_meaning_is_no_date(text: str) -> None:
    assert parse_date(text) is None


def test_todays_article_of_a_german_feed_is_of_today() -> None:
    """Month first it would be half a year old, and so no news."""
    now = datetime(2026, 12, 5, 12, tzinfo=UTC)
    assert choose_publication_date(["05.12.2026 09:30"], now) == (datetime(2026, 12, 5, 9, 30, tzinfo=UTC), True)


moments = st.datetimes(datetime(1990, 1, 1), datetime(2099, 12, 31), timezones=st.just(UTC)).map(  # noqa: DTZ001 - the zone follows
    lambda moment: moment.replace(microsecond=0, second=0)
)


@settings(max_examples=300, deadline=None)
@given(moments, st.sampled_from(sorted(MONTHS)), st.sampled_from(["full", "long", "medium", "short"]))
def test_a_date_in_any_language_is_never_misread(moment: datetime, language: str, length: str) -> None:
    """What CLDR makes of it in that language; some of it can only be undated."""
    assert parse_date(format_datetime(moment, length, locale=language)) in (None, moment)


@settings(max_examples=200, deadline=None)
@given(moments, st.sampled_from(sorted(LANGUAGES)), st.sampled_from(["long", "medium"]))
def test_a_date_in_a_language_of_the_bot_is_read(moment: datetime, language: str, length: str) -> None:
    day = format_date(moment, length, locale=language)
    assert parse_date(f"{day} {moment:%H:%M}") == moment


@settings(max_examples=300, deadline=None)
@given(moments, st.integers(-12 * 4, 14 * 4), st.sampled_from(["%d %b %Y %H:%M:%S", "%d.%m.%Y %H:%M", "%Y-%m-%dT%H:%M:%S", "%B %d, %Y %I:%M %p"]),
       st.sampled_from(["%s%02d:%02d", "%s%02d%02d", " %s%02d%02d", " GMT%s%02d:%02d", " UTC%s%d:%02d"]))  # fmt: skip
def test_an_offset_is_read_back(moment: datetime, quarters: int, date_form: str, zone_form: str) -> None:
    offset = timedelta(minutes=15 * quarters)
    hours, minutes = divmod(abs(15 * quarters), 60)
    local = moment.astimezone(timezone(offset))
    written = local.strftime(date_form) + zone_form % ("-" if quarters < 0 else "+", hours, minutes)
    assert parse_date(written) == moment


@settings(max_examples=500, deadline=None)
@given(st.text(max_size=110) | st.text("0123456789 :.-/+,()TZapmuhrGEST年月日時Nov", max_size=60))
def test_no_text_is_too_odd_to_be_no_date(text: str) -> None:
    moment = parse_date(text)
    assert moment is None or moment.tzinfo is UTC


@pytest.mark.parametrize("language", sorted(MONTHS))
def test_names_of_months_are_those_of_cldr(language: str) -> None:
    """Whatever else CLDR calls a month, alone or abbreviated, is that month or none."""
    names = Locale(language).months
    assert fold_date(MONTHS[language]).split() == [fold_date(names["format"]["wide"][month]) for month in range(1, 13)]
    for words in (names[form][width] for form in ("format", "stand-alone") for width in ("wide", "abbreviated")):
        for month, word in words.items():
            assert find_month(fold_date(word).rstrip(".")) in (None, month)


def test_the_second_date_field_replaces_a_bad_first() -> None:
    second = {"pubDate": "sometime", "dc:date": "2026-02-03T04:05:06Z"}
    body = rss([item("One", **second), item("Two", link="https://paper.example/2", pubDate="5 Feb 2026 10:00 PM")])
    feed = read(body.replace("<rss ", '<rss xmlns:dc="http://purl.org/dc/elements/1.1/" '))
    assert [article.published_at for article in feed.articles] == [at(2026, 2, 3, 4, 5, 6), at(2026, 2, 5, 22)]
    assert feed.undated_ids == frozenset()


@pytest.mark.parametrize("guid", ["12", "20260205", "2026-02-05"])
def test_a_feed_invents_no_date(guid: str) -> None:
    """A library takes the id of an entry without a date for one."""
    [article] = (feed := read(rss([item(pubDate="", guid=guid)]))).articles
    assert (article.published_at, feed.undated_ids) == (READ, frozenset({article.id}))


def test_json_and_pages_are_dated_the_same_way() -> None:
    items = [
        {"id": str(n), "title": f"No. {n}", "date_published": told}
        for n, told in enumerate(("5. Feb. 2026", 1770300000))
    ]
    assert [one.published_at for one in read(json_feed(items)).articles] == [at(2026, 2, 5), at(2026, 2, 5, 14)]
    page = "<html><head><title>A</title><meta property='article:published_time' content='05.02.2026 11:00 PM CET'></head></html>"
    assert (
        extract_page(page.encode(), "https://paper.example/1", "text/html", READ)["published"]
        == at(2026, 2, 5, 22).isoformat()
    )


def test_nothing_is_published_in_the_future() -> None:
    """A wrong time zone is not believed to the hour, a far future not at all."""
    soon, far = NOW + timedelta(hours=9), NOW + timedelta(days=400)
    assert choose_publication_date([soon.isoformat()], NOW) == (NOW, True)
    assert choose_publication_date([far.isoformat()], NOW) == (NOW, False)
    assert choose_publication_date([far.isoformat(), "2026-02-03"], NOW) == (datetime(2026, 2, 3, tzinfo=UTC), True)


def test_any_zone_comes_out_as_utc() -> None:
    local = datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    published, _ = choose_publication_date([local.isoformat()], NOW)
    assert published.tzinfo is UTC
    assert published == local
