"""The settings of a server and of one's own DMs: shown to all, changed by whoever may, refused by name."""

from __future__ import annotations

from typing import Any

from bot.model.delivery_settings import DeliverySettings
from tests.discord.seen import OpenForm, buttons, check_limits, erase, message_of, private, said
from tests.discord.stage import Scene
from tests.discord.times import follow, jump, settings


async def table(scene: Scene) -> DeliverySettings:
    """Return the server's settings as they are stored."""
    return await scene.container.services.delivery_settings.get(scene.guild.id)


async def test_only_users_who_may_change_settings_get_a_button(scene: Scene) -> None:
    """Everybody is shown them and only who may change them gets a button."""
    await settings(scene, time_zone="europe/berlin", digest_hour="18", quiet_hours="22:00-07:00", cap=5)
    jump(scene, "2026-01-01T22:30:00")
    by_reader = await scene.reader.slash(scene.deals, "settings")
    by_editor = await scene.editor.slash(scene.deals, "settings")
    for answer in (by_reader, by_editor):
        assert private(answer)
        check_limits(answer)
        for expected in ("Europe/Berlin", "23:30 now", "at 18:00", "Monday", "22:00-07:00", "(quiet now)", "5 per"):
            assert expected in said(answer)
    assert "Change" not in buttons(by_reader)
    assert "Change" in buttons(by_editor)


async def test_nobody_else_changes_them(scene: Scene) -> None:
    refused = await scene.reader.slash(scene.deals, "settings", digest_hour="9")
    assert "You need Manage Server to change this server's settings" in said(refused)
    opener = await scene.ask("!settings", by=scene.reader)
    pressed = await scene.reader.click(opener, label="Open settings")
    assert "You need Manage Server" in said(pressed)
    assert private(pressed)
    assert await table(scene) == DeliverySettings()


async def test_what_is_named_is_changed_and_the_rest_stays(scene: Scene) -> None:
    saved = await settings(scene, time_zone="new york", digest_day="fri")
    assert "Saved: settings for this server" in said(saved)
    assert private(saved)
    await settings(scene, quiet_hours="23-7", cap=10)
    assert await table(scene) == DeliverySettings("America/New_York", 8, 4, 23 * 60, 7 * 60, 10)
    await settings(scene, quiet_hours="off", cap=0)
    assert await table(scene) == DeliverySettings("America/New_York", 8, 4)


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"time_zone": "Atlantis"}, "time_zone: 'Atlantis' is not a time zone like Europe/Berlin"),
    ({"time_zone": "berl"}, "did you mean Europe/Berlin?"),
    ({"digest_hour": "25"}, "digest_hour: '25' is not a time like 22:00"),
    ({"digest_hour": "8:30"}, "digest_hour: digests are sent on the hour, such as 08:00"),
    ({"digest_hour": "soon"}, "digest_hour: 'soon' is not a time"),
    ({"digest_day": "someday"}, "digest_day: 'someday' is not a weekday like Monday"),
    ({"digest_day": "t"}, "digest_day: 't' is not a weekday"),
    ({"quiet_hours": "22:00"}, "quiet_hours: '22:00' is not a time range like 22:00-07:00, or off"),
    ({"quiet_hours": "22:00-24:00"}, "quiet_hours: '24:00' is not a time"),
    ({"quiet_hours": "22:00-22:00"}, "quiet_hours: quiet hours can't start and end at the same time"),
]


async def test_what_cannot_be_is_refused_by_name_and_changes_nothing(scene: Scene) -> None:
    for options, expected in REFUSED:
        answer = await settings(scene, cap=3, **options)
        assert expected in said(answer).replace("\\_", "_")
        assert private(answer)
    assert await table(scene) == DeliverySettings()


async def test_a_typed_command_opens_the_form_with_the_settings(scene: Scene) -> None:
    """The form opens from the typed command filled in and saves."""
    await settings(scene, time_zone="berlin", cap=4)
    opener = await scene.ask("!settings", by=scene.editor)
    await scene.restart()
    form = OpenForm(await scene.editor.click(opener, label="Open settings"))
    assert form.labels == [
        "Time zone", "Digest time", "Day of weekly digests", "Quiet hours", "Max posts per hour per channel",
    ]  # fmt: skip
    assert form.text("Time zone") == "Europe/Berlin"
    assert form.text("Quiet hours") == "off"
    done = await scene.submit(form, digest="19:00", quiet="22:00 to 06:30")
    assert "Saved: settings for this server" in said(done)
    assert private(done), "the channel keeps the button, for whoever comes next"
    assert await table(scene) == DeliverySettings("Europe/Berlin", 19, 0, 22 * 60, 6 * 60 + 30, 4)


async def test_a_refused_form_loses_nothing_of_what_was_typed(scene: Scene) -> None:
    shown = await scene.editor.slash(scene.deals, "settings")
    form = OpenForm(await scene.editor.click(message_of(shown), label="Change"))
    refused = await scene.submit(form, time="Atlantis", digest="19:00", max="many")
    assert "'Atlantis' is not a time zone" in said(refused)
    again = OpenForm(await scene.editor.click(message_of(refused), label="Fix and resubmit"))
    assert again.text("Digest time") == "19:00"
    still = await scene.submit(again, time="Tokyo")
    assert "'many' isn't a number between 0 and 1,000" in said(still)
    last = OpenForm(await scene.editor.click(message_of(still), label="Fix and resubmit"))
    await scene.submit(last, max="12")
    assert await table(scene) == DeliverySettings("Asia/Tokyo", 19, cap=12)


async def test_two_editors_at_once_keep_each_others_changes(scene: Scene) -> None:
    shown = await scene.editor.slash(scene.deals, "settings")
    form = OpenForm(await scene.editor.click(message_of(shown), label="Change"))
    await settings(scene, time_zone="tokyo")
    await scene.submit(form, digest="19:00")
    assert await table(scene) == DeliverySettings("Asia/Tokyo", 19)


async def test_in_a_dm_they_are_ones_own(scene: Scene) -> None:
    reader = scene.reader.user
    saved = await reader.slash("settings", time_zone="tokyo", quiet_hours="22:00-07:00")
    assert "Saved: settings for your DMs" in said(saved)
    assert "Change" in buttons(saved)
    form = OpenForm(await reader.click(message_of(saved), label="Change"))
    assert form.text("Time zone") == "Asia/Tokyo"
    delivery_settings = scene.container.services.delivery_settings
    assert (await delivery_settings.get(reader.id)).zone == "Asia/Tokyo"
    assert await table(scene) == DeliverySettings()
    assert (await delivery_settings.get(scene.editor.id)) == DeliverySettings()


async def test_follows_say_the_hour_that_is_set(scene: Scene) -> None:
    await settings(scene, time_zone="berlin", digest_hour="18", digest_day="friday")
    answer = said(await follow(scene, mode="weekly"))
    assert "in a weekly digest on Friday at 18:00 (Europe/Berlin)" in answer
    assert "weekly digest on Friday at 18:00" in said(await scene.editor.slash(scene.deals, "following"))


async def test_zones_days_and_hours_are_offered(scene: Scene) -> None:
    for option, typed, first in (
        ("time_zone", "berl", "Europe/Berlin"),
        ("digest_day", "fr", "friday"),
        ("digest_hour", "18", "18:00"),
        ("quiet_hours", "of", "off"),
    ):
        found = await scene.editor.autocomplete(scene.deals, "settings", option, typed)
        assert found[0]["value"] == first
        assert len(found) <= 25


async def test_hostile_text_is_repeated_harmlessly(scene: Scene) -> None:
    answer = await settings(scene, time_zone="@everyone **x** `y` <@1>")
    assert scene.pinged(answer) == []
    assert "**x**" not in said(answer)


async def test_erasing_a_servers_data_erases_its_settings(scene: Scene) -> None:
    await settings(scene, time_zone="berlin")
    await follow(scene)
    stored = message_of(await scene.editor.slash(scene.deals, "data"))
    await erase(scene.editor, stored, "Erase this server's data")
    assert await table(scene) == DeliverySettings()


async def test_settings_are_erased_also_where_nothing_is_followed(scene: Scene) -> None:
    """A server, or a person, may have set a zone and have no follow any more."""
    reader = scene.reader.user
    await settings(scene, time_zone="berlin")
    await scene.reader.user.slash("settings", time_zone="tokyo")
    by_editor = message_of(await scene.editor.slash(scene.deals, "data"))
    await erase(scene.editor, by_editor, "Erase this server's data")
    by_reader = message_of(await scene.reader.slash(scene.deals, "data"))
    await erase(scene.reader, by_reader, "Erase my data")
    assert await table(scene) == DeliverySettings()
    assert await scene.container.services.delivery_settings.get(reader.id) == DeliverySettings()


async def test_settings_without_follows_are_erased_with_the_bot(scene: Scene) -> None:
    """Settings of a server that follows nothing go with the bot."""
    await settings(scene, time_zone="berlin")
    await scene.container.services.retention.record_guild_left(scene.guild.id)
    assert await table(scene) == DeliverySettings()
