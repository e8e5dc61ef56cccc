"""Quiet hours hold and then deliver; a cap folds what is above it; nothing is lost to either."""

from __future__ import annotations

from tests.discord.seen import check_limits, said
from tests.discord.stage import Scene
from tests.discord.times import HOUR, at, follow, jump, later, news, settings, texts


async def test_posts_are_held_until_quiet_hours_end(blank: Scene) -> None:
    """Over midnight, in the server's own time."""
    await settings(blank, time_zone="berlin", quiet_hours="22:00-07:00")
    await follow(blank)
    await at(blank, "2026-01-01T20:59:00")
    await news(blank, "supply", "In the evening")
    await blank.send_posts()
    assert len(blank.posts()) == 1
    await at(blank, "2026-01-01T21:00:00")
    await news(blank, "supply", "At night")
    for moment in ("2026-01-01T21:00:00", "2026-01-01T23:30:00", "2026-01-02T05:59:59"):
        await at(blank, moment)
        assert len(blank.posts()) == 1, moment
    await at(blank, "2026-01-02T06:00:00")
    assert ["At night" in said(post) for post in blank.posts()] == [False, True]
    await later(blank, HOUR)
    assert len(blank.posts()) == 2


async def test_a_night_full_of_news_comes_folded_in_the_morning(blank: Scene) -> None:
    await settings(blank, quiet_hours="00:00-07:00")
    await follow(blank)
    for number in range(12):
        await news(blank, f"deal-{number % 3}", f"Night news {number:02d}")
    await at(blank, "2026-01-01T03:00:00")
    assert blank.posts() == []
    await at(blank, "2026-01-01T07:00:00")
    (post,) = blank.posts()
    assert "12 developments since the last post" in said(post)
    assert all(f"Night news {number:02d}" in said(post) for number in range(12))


async def test_a_restart_at_night_wakes_nobody(blank: Scene) -> None:
    await settings(blank, quiet_hours="00:00-07:00")
    await follow(blank)
    await news(blank, "supply", "At night")
    await blank.send_posts()
    jump(blank, "2026-01-01T02:00:00")
    await blank.restart()
    async with blank.container.services.store.write() as tx:
        await tx.outbox.recover(blank.env.now())
    await blank.send_posts()
    assert blank.posts() == []
    await at(blank, "2026-01-01T07:00:00")
    assert len(blank.posts()) == 1


async def test_a_digest_whose_hour_is_quiet_comes_when_it_is_no_more(blank: Scene) -> None:
    await settings(blank, quiet_hours="22:00-09:00", digest_hour="8")
    await follow(blank, mode="daily")
    await news(blank, "supply", "News")
    await at(blank, "2026-01-01T08:00:00")
    assert blank.posts() == []
    await at(blank, "2026-01-01T09:00:00")
    assert "The day's digest" in texts(blank.posts())


async def test_quiet_hours_that_are_switched_off_let_go_at_once(blank: Scene) -> None:
    await settings(blank, quiet_hours="00:00-07:00")
    await follow(blank)
    await news(blank, "supply", "News")
    await blank.send_posts()
    held = said(await blank.editor.slash(blank.deals, "why", query="supply"))
    assert "waiting for the end of quiet hours" in held
    await settings(blank, quiet_hours="off")
    await blank.send_posts()
    assert len(blank.posts()) == 1


async def test_quiet_hours_of_one_server_hold_nobody_elses_posts(blank: Scene) -> None:
    await settings(blank, quiet_hours="00:00-07:00")
    await follow(blank)
    await blank.reader.user.slash("follow", target="everything")
    await news(blank, "supply", "News")
    await blank.send_posts()
    assert blank.posts() == []
    assert len(blank.posts(blank.reader.user.dm_channel)) == 1


async def test_a_correction_is_no_post_and_needs_no_waking_hour(blank: Scene) -> None:
    """An edit notifies nobody: what is wrong is mended at night too."""
    await follow(blank)
    key = await news(blank, "supply", "Wrong")
    await blank.send_posts()
    await settings(blank, quiet_hours="00:00-07:00")
    await blank.container.services.desk.correct("supply", key, {"headline": "Right"}, actor="test")
    await blank.send_posts()
    assert "Right" in texts(blank.posts())


async def test_above_the_cap_posts_come_folded_and_none_is_lost(blank: Scene) -> None:
    """Three an hour: two come alone, the third takes along what waits; what comes after that waits for the next hour."""
    await settings(blank, cap=3)
    await follow(blank)
    for number in range(9):
        await news(blank, f"deal-{number}", f"Burst {number}")
    await blank.send_posts()
    assert len(blank.posts()) == 3
    assert all(f"Burst {number}" in texts(blank.posts()) for number in range(9))
    await later(blank, 600)
    for number in range(4):
        await news(blank, f"deal-{number}", f"Later {number}")
    await blank.send_posts()
    assert len(blank.posts()) == 3
    held = said(await blank.editor.slash(blank.deals, "why", query="deal-0"))
    assert "this hour's limit is reached" in held
    await later(blank, HOUR)
    assert 4 <= len(blank.posts()) <= 6
    assert all(f"Later {number}" in texts(blank.posts()) for number in range(4))
    for post in blank.posts():
        check_limits(post)


async def test_a_cap_counts_over_a_restart(blank: Scene) -> None:
    await settings(blank, cap=1)
    await follow(blank)
    await news(blank, "supply", "First")
    await blank.send_posts()
    await blank.restart()
    await news(blank, "supply", "Second")
    await blank.send_posts()
    assert len(blank.posts()) == 1
    await later(blank, HOUR)
    assert len(blank.posts()) == 2


async def test_a_cap_holds_for_a_channel_with_its_threads_together(blank: Scene) -> None:
    """Cards and the posts in their threads are one place to its readers: never more than the cap in any hour."""
    await settings(blank, cap=2)
    await follow(blank, threads=True)
    for number in range(4):
        await news(blank, f"deal-{number}", f"News {number}")
    before = 0
    for _ in range(8):
        await blank.send_posts()
        stand = [len(blank.posts(place)) for place in (blank.deals, *blank.deals.threads)]
        assert sum(stand) - before <= 2
        before = sum(stand)
        blank.env.backend.advance_clock(HOUR)
    shown = [texts(blank.posts(thread)) for thread in blank.deals.threads]
    assert all(sum(f"News {number}" in text for text in shown) == 1 for number in range(4))


async def test_without_a_cap_a_burst_comes_one_by_one(blank: Scene) -> None:
    await follow(blank)
    for number in range(20):
        await news(blank, "supply", f"Burst {number}")
    await blank.send_posts()
    assert len(blank.posts()) == 20
