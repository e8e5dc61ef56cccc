"""A reminder of an expected event, as it is asked for and as it is shown."""

from __future__ import annotations

from typing import Any

from bot.model.delivery_settings import DeliverySettings
from tests.discord.follow_cards import open_follow_card, press
from tests.discord.seen import OpenForm, buttons, check_limits, menus, said
from tests.discord.stage import Scene
from tests.discord.stories import a_story
from tests.discord.times import at, follow, settings, texts

SOURCE = {"publisher": "Autovista24", "url": "https://autovista24.example/ev-day"}


async def expect(scene: Scene, slug: str, *events: dict[str, Any]) -> None:
    """Publish expected events of a known or new story."""
    await scene.tell(a_story(slug, expected=[{"source": [SOURCE], **event} for event in events]))


EV_DAY = {"id": "ev-day", "headline": "EV Day in Tarragona", "date": "2026-02-25"}


async def test_a_reminder_says_what_is_expected_and_who_says_so(blank: Scene) -> None:
    await settings(blank, time_zone="berlin", digest_hour="8")
    confirmed = await follow(blank, reminders=True)
    assert "Expected events are announced on the day at 08:00 (Europe/Berlin)." in said(confirmed)
    await expect(blank, "kia", EV_DAY)
    await at(blank, "2026-02-25T06:59:00")
    assert blank.posts() == []
    await at(blank, "2026-02-25T07:00:00")
    (post,) = blank.posts()
    assert "Expected on 25 Feb 2026" in said(post)
    assert "**EV Day in Tarragona**" in said(post)
    assert "[Autovista24](https://autovista24.example/ev-day)" in said(post)
    full = await blank.reader.click(post, label="Full story")
    assert "Expected event · 25 Feb 2026" in said(full)


async def test_a_reminder_comes_in_the_servers_language(blank: Scene) -> None:
    await settings(blank, language="de")
    await follow(blank, reminders=True)
    await expect(blank, "kia", EV_DAY)
    await at(blank, "2026-02-25T08:00:00")
    assert "Für den 25. Feb. 2026 erwartet" in texts(blank.posts())


async def test_what_becomes_of_an_event_is_added_to_its_reminder(blank: Scene) -> None:
    await follow(blank, reminders=True)
    await expect(blank, "kia", EV_DAY)
    await at(blank, "2026-02-25T08:00:00")
    await expect(blank, "kia", {**EV_DAY, "date": "2026-03"})
    await blank.send_posts()
    assert "new date: March 2026" in texts(blank.posts())
    await expect(blank, "kia", {**EV_DAY, "date": "2026-03", "outcome": "dropped"})
    await blank.send_posts()
    assert "**Dropped**" in texts(blank.posts())


async def test_a_day_with_many_events_is_one_message_with_a_menu(blank: Scene) -> None:
    await follow(blank, reminders=True)
    for number in range(20):
        await expect(blank, f"kia-{number}", {**EV_DAY, "headline": f"Event {number} " + "*x* " * 10})
    await at(blank, "2026-02-25T08:00:00")
    (post,) = blank.posts()
    check_limits(post)
    assert all(f"Event {number} " in said(post) for number in range(20))
    assert len(next(iter(menus(post).values()))) == 20


async def test_reminders_are_switched_by_a_button(blank: Scene) -> None:
    await follow(blank)
    on = await press(blank, await open_follow_card(blank), "Turn on reminders")
    assert "Reminders of expected events are now on." in said(on)
    assert "reminders" in said(await blank.editor.slash(blank.deals, "following"))
    off = await press(blank, on, "Turn off reminders")
    assert "Reminders of expected events are now off." in said(off)
    assert "Turn on reminders" in buttons(off)


async def test_a_reader_is_reminded_by_dm(blank: Scene) -> None:
    """Typed, without Manage Server; the reader's own hour counts."""
    await expect(blank, "kia", EV_DAY)
    await blank.hears("!follow kia reminders: yes", at=blank.reader.user.dm_channel)
    await blank.container.services.delivery_settings.save(blank.reader.id, DeliverySettings(digest_hour=18))
    await at(blank, "2026-02-25T17:59:00")
    before = len(blank.own(blank.reader.user.dm_channel))
    await at(blank, "2026-02-25T18:00:00")
    assert len(blank.own(blank.reader.user.dm_channel)) == before + 1
    assert "EV Day in Tarragona" in said(blank.own(blank.reader.user.dm_channel)[-1])


async def test_a_report_about_a_reminder_names_its_event(blank: Scene) -> None:
    await follow(blank, reminders=True)
    await expect(blank, "kia", EV_DAY)
    await at(blank, "2026-02-25T08:00:00")
    post = blank.posts()[0]
    form = OpenForm(await blank.reader.click(post, label="Something wrong?"))
    await blank.reader.submit_modal(form.shown, form.filled(what="It is in March"))
    queue = said(await blank.editor.slash(blank.desk, "desk queue"))
    assert "EV Day in Tarragona · Kia" in queue
