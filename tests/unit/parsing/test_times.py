"""The time of an article is the one its feed gives, if it can be true; else the one it was changed; else now, and that is said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.newsroom.parsing.times import published_at, read_time

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


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
    assert read_time(told) == read
    assert published_at([told], NOW) == (read, True)


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
    assert published_at([told, "2026-02-03"], NOW) == (datetime(2026, 2, 3, tzinfo=UTC), True)
    assert published_at([told], NOW) == (NOW, False)


def test_nothing_is_published_in_the_future() -> None:
    """A wrong time zone is not believed to the hour, a far future not at all."""
    soon, far = NOW + timedelta(hours=9), NOW + timedelta(days=400)
    assert published_at([soon.isoformat()], NOW) == (NOW, True)
    assert published_at([far.isoformat()], NOW) == (NOW, False)
    assert published_at([far.isoformat(), "2026-02-03"], NOW) == (datetime(2026, 2, 3, tzinfo=UTC), True)


def test_any_zone_comes_out_as_utc() -> None:
    local = datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    published, _ = published_at([local.isoformat()], NOW)
    assert published.tzinfo is UTC
    assert published == local
