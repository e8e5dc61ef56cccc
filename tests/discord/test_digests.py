"""Digests: at the server's hour, once, with everything that came, grouped by story."""

from __future__ import annotations

import pytest

from tests.discord.seen import check_limits, menus, prose, said
from tests.discord.stage import Scene
from tests.discord.times import DAY, HOUR, at, follow, jump, later, news, settings, texts


async def test_a_daily_digest_comes_at_the_servers_hour_once(blank: Scene) -> None:
    """At eight in Berlin, not before, not again, and not as single posts."""
    await settings(blank, time_zone="berlin", digest_hour="8")
    await follow(blank, mode="daily")
    await news(blank, "supply", "First news")
    await news(blank, "supply", "Second news")
    await at(blank, "2026-01-01T06:59:59")
    assert blank.posts() == []
    await at(blank, "2026-01-01T07:00:00")
    (post,) = blank.posts()
    assert "The day's digest: 2 developments" in said(post)
    assert "First news" in said(post)
    assert "Second news" in said(post)
    await later(blank, 60)
    await at(blank, "2026-01-02T07:00:00")
    assert len(blank.posts()) == 1, "a day without news has no digest"


async def test_a_weekly_digest_comes_on_its_day(blank: Scene) -> None:
    await settings(blank, digest_day="friday", digest_hour="18:00")
    await follow(blank, mode="weekly")
    jump(blank, "2026-01-02T18:00:00")
    await news(blank, "supply", "After this friday's")
    await at(blank, "2026-01-09T17:59:00")
    assert blank.posts() == []
    await at(blank, "2026-01-09T18:00:00")
    (post,) = blank.posts()
    assert "The week's digest: 1 development" in said(post)


async def test_fifty_developments_take_as_few_messages_as_possible(blank: Scene) -> None:
    """Every headline once, each under its story, and no message that Discord would refuse."""
    await follow(blank, mode="daily")
    for number in range(50):
        await news(blank, f"story-{number % 7}", f"Development number {number:02d} " + "of many words " * 5)
    await at(blank, "2026-01-01T08:00:00")
    posts = blank.posts()
    assert 2 <= len(posts) <= 6
    for post in posts:
        check_limits(post)
    shown = texts(posts)
    assert [shown.count(f"number {number:02d} ") for number in range(50)] == [1] * 50
    first = [line for line in texts(posts[:1]).splitlines() if line.startswith("**") or "Development" in line]
    assert first[0] == "**Story 0**"
    assert all("Development" in line for line in first[1:8]), "the seven of the first story stand together"


async def test_only_the_first_message_of_a_digest_notifies(blank: Scene) -> None:
    """A digest is one interruption, and a silent follow's is none."""
    quiet = blank.guild.create_text_channel("quiet")
    await blank.env.settle()
    await follow(blank, mode="daily")
    await follow(blank, at=quiet, mode="daily", silent=True)
    for number in range(30):
        await news(blank, "supply", f"Development number {number:02d} " + "of many words " * 5)
    await at(blank, "2026-01-01T08:00:00")
    flags = [post.flags.suppress_notifications for post in blank.posts()]
    assert len(flags) >= 2
    assert flags == [False, *[True] * (len(flags) - 1)]
    assert all(post.flags.suppress_notifications for post in blank.posts(quiet))


async def test_a_digest_of_several_stories_has_a_menu_of_them(blank: Scene) -> None:
    await follow(blank, mode="daily")
    await news(blank, "one-deal", "News of one")
    await news(blank, "other-deal", "News of the other")
    await at(blank, "2026-01-01T08:00:00")
    (post,) = blank.posts()
    assert menus(post) == {"Open a story (2)": {"One deal": "one-deal", "Other deal": "other-deal"}}
    opened = await blank.reader.select(post, ["other-deal"], custom_id="dw:pick:0")
    assert "Other deal" in prose(opened)[0]


@pytest.mark.parametrize(
    ("before", "hour", "due"),
    [
        ("2026-03-28T12:00:00", "2", "2026-03-29T01:00:00"),
        ("2026-10-24T12:00:00", "2", "2026-10-25T00:00:00"),
    ],
)
async def test_the_hour_is_the_local_one_on_the_days_when_clocks_jump(
    blank: Scene, before: str, hour: str, due: str
) -> None:
    """In spring the hour that is skipped comes when the gap ends; in autumn the first of the two, and only that."""
    await settings(blank, time_zone="Europe/Berlin", digest_hour=hour)
    await follow(blank, mode="daily")
    jump(blank, before)
    await news(blank, "supply", "News")
    jump(blank, due)
    blank.env.backend.advance_clock(-1)
    await blank.send_posts()
    assert blank.posts() == []
    await later(blank, 1)
    assert len(blank.posts()) == 1
    await news(blank, "supply", "More")
    await later(blank, HOUR)
    await later(blank, HOUR)
    assert len(blank.posts()) == 1, "the hour that comes twice has one digest"
    await later(blank, DAY)
    assert len(blank.posts()) == 2


async def test_a_digest_is_made_once_though_the_bot_stops_in_between(blank: Scene) -> None:
    """What was gathered before the stop comes after the start, late rather than never, and once."""
    await follow(blank, mode="daily")
    await news(blank, "supply", "Before the stop")
    jump(blank, "2026-01-01T10:00:00")
    await blank.restart()
    await blank.send_posts()
    assert "Before the stop" in texts(blank.posts())
    await blank.restart()
    await at(blank, "2026-01-02T08:00:00")
    assert len(blank.posts()) == 1


async def test_a_digest_still_comes_after_a_change_of_mode(blank: Scene) -> None:
    """Weekly becomes instant: what is new comes at once, what waited comes when it was to come, nothing twice."""
    await follow(blank, mode="weekly")
    await news(blank, "supply", "Gathered")
    changed = await follow(blank, mode="instant")
    assert "already follows **everything**. Settings updated" in said(changed)
    await news(blank, "supply", "At once")
    await blank.send_posts()
    assert ["At once" in said(post) for post in blank.posts()] == [True]
    await at(blank, "2026-01-05T08:00:00")
    assert ["Gathered" in said(post) for post in blank.posts()] == [False, True]
    await at(blank, "2026-01-12T08:00:00")
    assert len(blank.posts()) == 2


async def test_the_terms_that_are_not_named_stay(blank: Scene) -> None:
    await follow(blank, mode="daily", only="deals", words="supply", mention=blank.role)
    await follow(blank, silent=True)
    (found,) = await blank.follows()
    assert (found.settings.mode.value, found.settings.keywords, found.settings.role_id) == (
        "daily",
        ("supply",),
        blank.role.id,
    )
    assert found.settings.silent
    await follow(blank, words="none", only="everything")
    (found,) = await blank.follows()
    assert (found.settings.keywords, found.settings.filters, found.settings.mode.value) == ((), frozenset(), "daily")


async def test_a_new_zone_or_hour_times_what_waits_anew(blank: Scene) -> None:
    await follow(blank, mode="daily")
    await news(blank, "supply", "Waits")
    await settings(blank, time_zone="Asia/Tokyo", digest_hour="12")
    await at(blank, "2026-01-01T02:59:00")
    assert blank.posts() == []
    await at(blank, "2026-01-01T03:00:00")
    assert len(blank.posts()) == 1


async def test_a_digest_that_was_due_is_not_put_off_by_new_settings(blank: Scene) -> None:
    """The bot was down at eight; whoever sets the hour right after the start does not lose a day by it."""
    await follow(blank, mode="daily")
    await news(blank, "supply", "Overdue")
    jump(blank, "2026-01-01T09:00:00")
    await settings(blank, digest_hour="7")
    await blank.send_posts()
    assert len(blank.posts()) == 1


async def test_a_correction_and_a_retraction_reach_a_digest(blank: Scene) -> None:
    await follow(blank, mode="daily")
    first, second = await news(blank, "supply", "It is so"), await news(blank, "supply", "It is off")
    gone = await news(blank, "supply", "Never was")
    await blank.container.services.desk.retract("supply", gone, "A mistake", actor="test")
    await at(blank, "2026-01-01T08:00:00")
    (post,) = blank.posts()
    assert "Never was" not in said(post), "what was retracted before the digest is in none"
    await blank.container.services.desk.correct("supply", first, {"headline": "It is otherwise"}, actor="test")
    await blank.container.services.desk.retract("supply", second, "The source withdrew it", actor="test")
    await blank.send_posts()
    (post,) = blank.posts()
    assert "It is otherwise" in said(post)
    assert "~~It is off~~" in said(post)


async def test_a_digest_pings_its_role_once(blank: Scene) -> None:
    await follow(blank, mode="daily", mention=blank.role)
    for number in range(3):
        await news(blank, "supply", f"News {number}")
    await at(blank, "2026-01-01T08:00:00")
    (post,) = blank.posts()
    assert blank.pinged(post) == [str(blank.role.id)]


async def test_only_the_first_message_of_a_digest_pings(blank: Scene) -> None:
    """One digest is one interruption, however many messages it needs."""
    await follow(blank, mode="daily", mention=blank.role)
    for number in range(40):
        await news(blank, "supply", f"News {number:02d} " + "and more of it " * 8)
    await at(blank, "2026-01-01T08:00:00")
    posts = blank.posts()
    assert len(posts) > 1
    assert [blank.pinged(post) for post in posts] == [[str(blank.role.id)], *([[]] * (len(posts) - 1))]


async def test_a_digest_by_dm_comes_at_ones_own_hour(blank: Scene) -> None:
    reader = blank.reader.user
    await reader.slash("follow", target="everything", mode="daily")
    await reader.slash("settings", time_zone="Asia/Tokyo", digest_hour="20:00")
    await settings(blank, digest_hour="5")
    await news(blank, "supply", "News")
    await at(blank, "2026-01-01T10:59:00")
    assert blank.posts(reader.dm_channel) == []
    await at(blank, "2026-01-01T11:00:00")
    assert "The day's digest" in texts(blank.posts(reader.dm_channel))


async def test_when_the_last_follow_ends_its_digest_is_not_made(blank: Scene) -> None:
    await follow(blank, mode="daily")
    await news(blank, "supply", "News")
    await blank.editor.slash(blank.deals, "unfollow", target="everything")
    await at(blank, "2026-01-01T08:00:00")
    assert blank.posts() == []
    why = said(await blank.reader.slash(blank.deals, "why", query="supply"))
    assert "the follow ended before the digest was made" in why


async def test_following_says_how_much_waits_for_the_digest(blank: Scene) -> None:
    await follow(blank, mode="daily")
    await news(blank, "supply", "News")
    shown = said(await blank.editor.slash(blank.deals, "following"))
    assert "daily digest at 08:00" in shown
    assert "1 for the digest" in shown
