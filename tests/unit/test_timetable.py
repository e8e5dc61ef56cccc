"""When posts may go: over every time zone's jumps, quiet hours over midnight, a clock set back, year ends."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from bot.model.delivery_schedule import apply_hourly_cap, get_next_digest, is_quiet_time, skip_quiet_hours
from bot.model.delivery_settings import DeliveryMode, DeliverySettings
from bot.model.text_input import WEEKDAYS, format_time_of_day, parse_quiet_hours, parse_time_of_day, parse_weekday

#: Zones with a jump of an hour, of half an hour, at midnight, backwards in winter, over a whole day, and none.
ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "America/Sao_Paulo",
    "Africa/Casablanca",
    "Europe/Dublin",
    "America/St_Johns",
    "Asia/Tokyo",
)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
moments = st.datetimes(datetime(2000, 1, 2), datetime(2039, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001 - zoned by hypothesis
minutes = st.integers(0, 1439)
digests = st.sampled_from([DeliveryMode.DAILY, DeliveryMode.WEEKLY])


@st.composite
def timetables(draw: st.DrawFn) -> DeliverySettings:
    """Any timetable, half of them with quiet hours."""
    quiet: tuple[int, int] | None = draw(
        st.none() | st.tuples(minutes, minutes).filter(lambda ends: ends[0] != ends[1])
    )
    begin, end = quiet or (None, None)
    return DeliverySettings(draw(st.sampled_from(ZONES)), draw(st.integers(0, 23)), draw(st.integers(0, 6)), begin, end)


def at(table: DeliverySettings, *wall: int) -> datetime:
    """Return what the local clock shows as a moment; in a gap or a repeated hour, as Python's fold 0 has it."""
    return datetime(*wall, tzinfo=ZoneInfo(table.zone)).astimezone(UTC)  # type: ignore[arg-type,misc]  # year to minute


def wall(table: DeliverySettings, moment: datetime) -> datetime:
    """Return what the local clock shows then."""
    return moment.astimezone(ZoneInfo(table.zone)).replace(tzinfo=None)


@given(timetables(), digests, moments)
@example(DeliverySettings("Pacific/Apia", 12), DeliveryMode.DAILY, datetime(2011, 12, 29, 23, tzinfo=UTC))
@example(DeliverySettings("America/Sao_Paulo", 0), DeliveryMode.DAILY, datetime(2018, 11, 3, 12, tzinfo=UTC))
@settings(max_examples=400)
def test_a_digest_is_later_and_at_its_hour(table: DeliverySettings, mode: DeliveryMode, after: datetime) -> None:
    """Or, where the clock skips that hour, at the first moment after the gap."""
    due = get_next_digest(table, mode, after)
    assert after < due <= after + timedelta(days=9)
    shown = wall(table, due)
    if (shown.hour, shown.minute, shown.second) != (table.digest_hour, 0, 0):
        before = wall(table, due - timedelta(seconds=1))
        assert before < shown - timedelta(seconds=1), "no gap of the clock excuses another hour"
        assert before.replace(minute=0, second=0) <= before
    elif mode is DeliveryMode.WEEKLY:
        assert shown.weekday() == table.digest_day


@given(timetables(), digests, moments, st.timedeltas(timedelta(0), timedelta(days=20)))
@settings(max_examples=300)
def test_a_clock_set_back_finds_no_other_moments(
    table: DeliverySettings, mode: DeliveryMode, after: datetime, back: timedelta
) -> None:
    """The later one asks, the later the answer; and whoever asks earlier again comes to the same moments."""
    due = get_next_digest(table, mode, after)
    earlier = get_next_digest(table, mode, after - back)
    assert earlier <= due
    while earlier < due:
        earlier = get_next_digest(table, mode, earlier)
    assert earlier == due


@given(st.sampled_from(ZONES), st.integers(0, 23), st.integers(2000, 2038))
@settings(max_examples=60, deadline=None)
def test_every_local_day_of_a_year_has_just_one(zone: str, hour: int, year: int) -> None:
    """Both jumps of the clock included; a day that a zone skipped whole has none of its own."""
    table = DeliverySettings(zone, hour)
    due, days = get_next_digest(table, DeliveryMode.DAILY, at(table, year, 1, 1, 0, 0) - MINUTE), []
    while wall(table, due).year == year:
        days.append(wall(table, due).date())
        due = get_next_digest(table, DeliveryMode.DAILY, due)
    expected = {date(year, 1, 1) + timedelta(days=n) for n in range(366)} - {date(year + 1, 1, 1)}
    if (zone, year) == ("Pacific/Apia", 2011):
        expected.remove(date(2011, 12, 30))
    assert set(days) == expected
    # A digest whose day was skipped comes at the end of the gap, and the next one at its own hour of that day.
    assert len(days) <= len(expected) + 1


@given(st.sampled_from(ZONES), st.integers(0, 23), st.integers(0, 6), st.integers(2000, 2038))
@settings(max_examples=60, deadline=None)
def test_every_week_has_just_one_over_year_ends_too(zone: str, hour: int, day: int, year: int) -> None:
    """The 53rd week of a long year included."""
    assume((zone, year) != ("Pacific/Apia", 2011))
    table = DeliverySettings(zone, hour, day)
    due, weeks = get_next_digest(table, DeliveryMode.WEEKLY, at(table, year, 12, 1, 0, 0)), []
    while due < at(table, year + 1, 2, 1, 0, 0):
        weeks.append(wall(table, due).date().isocalendar()[:2])
        due = get_next_digest(table, DeliveryMode.WEEKLY, due)
    assert len(weeks) == len(set(weeks)) >= 8
    assert ((year, 53) in weeks) == (date(year, 12, 28).isocalendar().week == 53)


@given(timetables(), moments)
@example(DeliverySettings("America/Sao_Paulo", quiet_from=1, quiet_until=0), datetime(2001, 10, 13, 3, 1, tzinfo=UTC))
@settings(max_examples=400)
def test_quiet_hours_hold_until_they_end_and_no_longer(table: DeliverySettings, moment: datetime) -> None:
    """What comes in them goes at their end; what comes outside goes at once.

    If the clock skips the only minutes that are not quiet, as in the example, the whole day is quiet.
    """
    free = skip_quiet_hours(table, moment)
    assert not is_quiet_time(table, free)
    if not is_quiet_time(table, moment):
        assert free == moment
        return
    free_minutes = ((table.quiet_from or 0) - (table.quiet_until or 0)) % (24 * 60)
    assert moment < free <= moment + timedelta(hours=26 if free_minutes > 60 else 50)
    assert is_quiet_time(table, free - timedelta(seconds=1))
    between = moment + (free - moment) / 3
    assert is_quiet_time(table, between), "they end once"


@pytest.mark.parametrize(
    ("zone", "quiet", "moment", "until"),
    [
        ("Europe/Berlin", "22:00-07:00", "2026-11-01T23:30+00:00", "2026-11-02T06:00+00:00"),
        ("Europe/Berlin", "22:00-07:00", "2026-11-02T05:59+00:00", "2026-11-02T06:00+00:00"),
        ("Europe/Berlin", "22:00-07:00", "2026-11-02T06:00+00:00", "2026-11-02T06:00+00:00"),
        ("Europe/Berlin", "12:00-14:00", "2026-07-01T10:30+00:00", "2026-07-01T12:00+00:00"),
        # The night has an hour less, then one more; the end lies in the gap, or comes twice.
        ("Europe/Berlin", "22:00-07:00", "2026-03-28T22:00+00:00", "2026-03-29T05:00+00:00"),
        ("Europe/Berlin", "22:00-07:00", "2026-10-24T22:00+00:00", "2026-10-25T06:00+00:00"),
        ("Europe/Berlin", "22:00-02:30", "2026-03-28T23:00+00:00", "2026-03-29T01:00+00:00"),
        ("Europe/Berlin", "22:00-02:30", "2026-10-24T23:00+00:00", "2026-10-25T00:30+00:00"),
        ("Pacific/Apia", "22:00-07:00", "2011-12-30T09:00+00:00", "2011-12-30T17:00+00:00"),
    ],
)
def test_quiet_hours_by_the_calendar(zone: str, quiet: str, moment: str, until: str) -> None:
    """Worked out by hand."""
    begin, end = parse_quiet_hours(quiet) or (None, None)
    table = DeliverySettings(zone, quiet_from=begin, quiet_until=end)
    assert skip_quiet_hours(table, datetime.fromisoformat(moment)) == datetime.fromisoformat(until)


@pytest.mark.parametrize(
    ("zone", "hour", "after", "due"),
    [
        ("Europe/Berlin", 2, "2026-03-28T12:00+00:00", "2026-03-29T01:00+00:00"),
        ("Europe/Berlin", 2, "2026-03-29T01:00+00:00", "2026-03-30T00:00+00:00"),
        ("Europe/Berlin", 2, "2026-10-24T12:00+00:00", "2026-10-25T00:00+00:00"),
        ("Europe/Berlin", 2, "2026-10-25T00:00+00:00", "2026-10-26T01:00+00:00"),
        ("Australia/Lord_Howe", 2, "2026-10-03T12:00+00:00", "2026-10-03T15:30+00:00"),
        ("America/Sao_Paulo", 0, "2018-11-03T12:00+00:00", "2018-11-04T03:00+00:00"),
    ],
)
def test_a_daily_digest_at_both_jumps(zone: str, hour: int, after: str, due: str) -> None:
    """Worked out by hand: once in the spring, once in the autumn."""
    table = DeliverySettings(zone, hour)
    assert get_next_digest(table, DeliveryMode.DAILY, datetime.fromisoformat(after)) == datetime.fromisoformat(due)


@given(st.lists(moments, max_size=30), st.integers(1, 10), moments)
def test_a_cap_is_kept_and_frees_the_first_place_that_it_can(sent: list[datetime], cap: int, now: datetime) -> None:
    """There are fewer than the cap in the hour before, and there would not have been a moment earlier."""
    near = [now - HOUR * 2 + (moment - datetime(2000, 1, 1, tzinfo=UTC)) % (HOUR * 2) for moment in sent]
    free = apply_hourly_cap(near, cap, now)
    assert sum(free - HOUR < moment <= free for moment in near) < cap
    if free > now:
        earlier = free - timedelta(microseconds=1)
        assert sum(earlier - HOUR < moment <= earlier for moment in near) >= cap
        assert free <= now + HOUR


@given(minutes)
def test_clocks_are_read_as_they_are_shown(moment: int) -> None:
    assert parse_time_of_day(format_time_of_day(moment)) == moment


@pytest.mark.parametrize(
    ("typed", "moment"), [("7", 420), (" 07.30 ", 450), ("22 h", 1320), ("7h05", 425), ("0:00", 0), ("23:59", 1439)]
)
def test_clocks_as_people_type_them(typed: str, moment: int) -> None:
    assert parse_time_of_day(typed) == moment


@pytest.mark.parametrize("typed", ["", "24:00", "7:60", "noon", "-1", "7:5", "1234", "٧x"])
def test_what_is_no_clock_is_refused_by_name(typed: str) -> None:
    with pytest.raises(ValueError, match=r"is not a time like 22:00"):
        parse_time_of_day(typed)


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        ("22:00-07:00", (1320, 420)),
        ("22 – 7", (1320, 420)),
        ("22:00 to 07:00", (1320, 420)),
        ("off", None),
        ("None", None),
        ("  ", None),
        ("22 Uhr bis 7 Uhr", (22 * 60, 7 * 60)),
        ("22:00 a 7:00", (22 * 60, 7 * 60)),
        ("22:00 hasta 7:00", (22 * 60, 7 * 60)),
        ("22時から7時30分まで", (22 * 60, 7 * 60 + 30)),
    ],
)
def test_quiet_hours_as_people_type_them(typed: str, hours: tuple[int, int] | None) -> None:
    assert parse_quiet_hours(typed) == hours


@pytest.mark.parametrize("typed", ["22", "22-", "a-b", "1-2-3", "22:00-25:00"])
def test_what_are_no_hours_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="like 22:00"):
        parse_quiet_hours(typed)


def test_days_as_people_type_them() -> None:
    """Whole, or as much of them as tells them apart."""
    assert (
        [parse_weekday(day) for day in WEEKDAYS]
        == [parse_weekday(day[:2].upper()) for day in WEEKDAYS]
        == list(range(7))
    )
    for typed in ("", "t", "someday", "mondays"):
        with pytest.raises(ValueError, match="is not a weekday like Monday"):
            parse_weekday(typed)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"zone": "Europe/Nowhere"}, "'Europe/Nowhere' is not a time zone like Europe/Berlin"),
        ({"zone": "../../etc/passwd"}, "is not a time zone"),
        ({"zone": ""}, "is not a time zone"),
        ({"digest_hour": 24}, "the hour 24 must be between 0 and 23"),
        ({"digest_day": 7}, "the day 7 must be between"),
        ({"cap": -1}, "the cap -1 must be 0 or more"),
        ({"quiet_from": 10}, "need a start and an end"),
        ({"quiet_from": 10, "quiet_until": 10}, "start and end at the same time"),
        ({"quiet_from": 10, "quiet_until": 1440}, "between 00:00 and 23:59"),
    ],
)
def test_what_can_be_no_timetable_is_refused(fields: dict[str, object], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        DeliverySettings(**fields)  # type: ignore[arg-type]  # what a person may have typed


def test_a_time_without_its_zone_is_refused() -> None:
    for asked in (
        lambda at: get_next_digest(DeliverySettings(), DeliveryMode.DAILY, at),
        lambda at: is_quiet_time(DeliverySettings(quiet_from=1, quiet_until=2), at),
    ):
        with pytest.raises(ValueError, match="needs its zone"):
            asked(datetime(2026, 1, 1))  # noqa: DTZ001 - the fault itself


def test_what_comes_at_once_waits_for_no_digest() -> None:
    with pytest.raises(ValueError, match="at once"):
        get_next_digest(DeliverySettings(), DeliveryMode.INSTANT, datetime(2026, 1, 1, tzinfo=UTC))
