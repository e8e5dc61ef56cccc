"""Catching up: what a channel's follows brought since somebody last looked, for nobody but them."""

from __future__ import annotations

from itertools import count
from typing import Any

import discord
import pytest

from bot.errors import NotAllowed
from tests.discord.seen import Message, Shown, buttons, check_limits, erase, menu_id, private, prose, said
from tests.discord.stage import OPPAMA, Scene

DAY = 24 * 3600


async def missed(scene: Scene, **options: object) -> str:
    """Return what ``/catchup`` says to the reader in #deals."""
    answer = await scene.reader.slash(scene.deals, "catchup", **options)
    assert private(answer)
    check_limits(answer)
    return said(answer)


async def test_it_shows_what_came_since_the_last_look_and_no_more(scene: Scene) -> None:
    """Each person's look is their own; so is each channel's."""
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    await scene.publish(headline="The first news")
    first = await missed(scene)
    assert "The first news" in first
    assert "your first time here" in first
    await scene.env.advance_time(60)
    assert "Nothing new here" in await missed(scene)
    await scene.publish(headline="The second news")
    await scene.publish("easypark-parkopedia", headline="Not followed here")
    again = await missed(scene)
    assert "The second news" in again
    assert "1 development" in again
    assert "The first news" not in again
    assert "Not followed" not in again
    theirs = said(await scene.editor.slash(scene.deals, "catchup"))
    assert "2 developments" in theirs
    elsewhere = said(await scene.reader.slash(scene.desk, "catchup"))
    assert "Nothing is followed here" in elsewhere


async def test_the_first_look_is_at_seven_days_and_days_can_be_said(scene: Scene) -> None:
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    await scene.publish(headline="Old news")
    await scene.env.advance_time(8 * DAY)
    await scene.publish(headline="Fresh news")
    first = await missed(scene)
    assert "Fresh news" in first
    assert "Old news" not in first
    assert "Old news" in await missed(scene, days=9)


async def test_fewer_days_than_were_missed_leave_the_rest_new(scene: Scene) -> None:
    """Who asks for one day has not seen what came before it."""
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    await missed(scene)
    await scene.env.advance_time(60)
    await scene.publish(headline="Old news")
    await scene.env.advance_time(3 * DAY)
    await scene.publish(headline="Fresh news")
    assert "Old news" not in await missed(scene, days=1)
    later = await missed(scene)
    assert "Old news" in later
    assert "Fresh news" in later
    assert "Nothing new here" in await missed(scene)


async def test_what_did_not_arrive_is_still_new(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Discord did not take the answer: the interaction was over."""
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    await missed(scene)
    await scene.env.advance_time(60)
    await scene.publish(headline="Fresh news")

    taken = discord.InteractionResponse.send_message
    tries = count()

    async def lost_once(response: discord.InteractionResponse[Any], *args: Any, **options: Any) -> Any:
        if next(tries) == 0:
            raise NotAllowed("The interaction is over.")
        return await taken(response, *args, **options)

    with monkeypatch.context() as patched:
        patched.setattr(discord.InteractionResponse, "send_message", lost_once)
        assert "over" in said(await scene.reader.slash(scene.deals, "catchup"))
    assert "Fresh news" in await missed(scene)


async def test_a_retracted_development_is_not_caught_up_with(scene: Scene) -> None:
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    outcome = await scene.publish(headline="A hoax")
    await scene.container.services.desk.retract(OPPAMA, outcome.new_developments[0].key, "it was one", actor="test")
    assert "A hoax" not in await missed(scene)


async def test_what_waits_for_a_digest_is_told_before_it_comes(scene: Scene) -> None:
    await scene.editor.slash(scene.deals, "follow", target="nissan", mode="weekly")
    await scene.publish(headline="For Monday")
    assert "For Monday" in await missed(scene)


async def test_a_storys_thread_and_its_channel_are_places_of_their_own(scene: Scene) -> None:
    """What is posted in the thread was brought by a follow of the channel, so both tell of it."""
    await scene.editor.slash(scene.deals, "follow", target="nissan", threads=True)
    await scene.publish(headline="In a thread")
    await scene.send_posts()
    reading = scene.container.services.catchup
    (thread,) = scene.client.get_guild(scene.guild.id).threads  # type: ignore[union-attr]  # it is on the server
    for place in (scene.deals.id, thread.id):
        page = await reading.catch_up(scene.reader.id, place)
        assert [line.development.headline for line in page.news] == ["In a thread"]
        await reading.mark_seen(scene.reader.id, place, page)
        assert (await reading.catch_up(scene.reader.id, place)).total == 0
    await scene.publish("easypark-parkopedia", headline="Elsewhere")
    assert (await reading.catch_up(scene.reader.id, thread.id)).total == 0


async def test_in_a_dm_it_is_about_ones_own_follows(scene: Scene) -> None:
    await scene.reader.slash(scene.deals, "follow", target="nissan")
    await scene.publish(headline="To my DMs")
    assert "To my DMs" in said(await scene.reader.user.slash("catchup"))
    assert "Nothing new here" in said(await scene.reader.user.slash("catchup"))


async def test_pages_turn_over_the_same_time_also_after_a_restart(scene: Scene) -> None:
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    for number in range(12):
        await scene.publish(headline=f"News {number:02d}", date=f"2025-09-{number + 1:02d}")
    first = await scene.reader.slash(scene.deals, "catchup")
    await scene.publish(headline="Came meanwhile")
    await scene.restart()
    assert first.response is not None
    second = await scene.reader.click(first.response, label="Next")
    assert "Page 2 of 2" in said(second)
    assert "News 00" in said(second)
    assert "Came meanwhile" not in said(second)
    assert second.response is not None
    assert second.response.id == first.response.id
    back = await scene.reader.click(second.response, label="Previous")
    assert "News 11" in said(back)


async def test_a_typed_catchup_offers_a_private_button(scene: Scene) -> None:
    """Typed it offers a button whose answer only the clicker sees."""
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    await scene.publish(headline="The news")
    typed = await scene.ask("!catchup")
    assert "only you can see its answer" in said(typed)
    assert "The news" not in said(typed)
    await scene.restart()
    opened = await scene.reader.click(typed, label="Catch up")
    assert private(opened)
    assert "The news" in said(opened)


@pytest.mark.parametrize("way", ["menu", "full", "related"])
async def test_private_cards_mark_what_came_since_the_last_look(scene: Scene, way: str) -> None:
    """A public answer marks nothing: it would tell others what somebody has read."""
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    asked = "!deal nissan" if way != "related" else "!deal oppama"
    unread = await scene.ask(asked)
    assert "New for you" not in said(await opened(scene, unread, way)), "nobody has looked yet"
    await scene.reader.slash(scene.deals, "catchup")
    await scene.env.advance_time(60)
    for slug in (OPPAMA, "honda-nissan-merger"):
        await scene.publish(slug, headline="Brand new", date="2025-12-01")
    public = await scene.ask(asked)
    assert "Brand new" in said(public)
    assert "New for you" not in said(public)
    mine = await opened(scene, public, way)
    assert private(mine)
    assert said(mine).count("**New for you**") == 1
    theirs = await opened(scene, public, way, by_editor=True)
    assert "New for you" not in said(theirs), "the editor has never looked"


async def opened(scene: Scene, answer: Message, way: str, *, by_editor: bool = False) -> Shown:
    who = scene.editor if by_editor else scene.reader
    if way == "menu":
        return await who.select(answer, ["honda-nissan-merger"], custom_id=menu_id(answer, "Other matches"))
    if way == "full":
        return await who.click(answer, label="Full story")
    label = next(label for label in buttons(answer) if label.startswith("→ Honda and Nissan"))
    return await who.click(answer, label=label)


async def test_data_tells_of_looks_and_erases_them(scene: Scene) -> None:
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    await scene.reader.slash(scene.deals, "catchup")
    answer = await scene.reader.slash(scene.deals, "data")
    assert "when you last caught up in 1 channel" in said(answer)
    assert "kept 90 days; only you can see it" in said(answer)
    assert answer.response is not None
    erased = await erase(scene.reader, answer.response, "Erase my data")
    assert "Erased: when you last caught up in 1 channel" in said(erased)
    assert await scene.container.services.catchup.count_for_user(scene.reader.id) == 0


async def test_looks_are_kept_for_ninety_days_and_go_with_the_server(scene: Scene) -> None:
    reading = scene.container.services.catchup
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    await scene.reader.slash(scene.deals, "catchup")
    await scene.editor.slash(scene.deals, "catchup")
    await scene.container.services.retention.erase_guild(scene.guild.id)
    assert await reading.count_for_user(scene.editor.id) == 0
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    await scene.reader.slash(scene.deals, "catchup")
    await scene.env.advance_time(89 * DAY)
    assert await reading.erase_expired() == 0
    await scene.env.advance_time(2 * DAY)
    await reading.erase_expired()
    assert await reading.count_for_user(scene.reader.id) == 0


async def test_nothing_is_kept_of_a_place_that_follows_nothing(scene: Scene) -> None:
    answer = await scene.reader.slash(scene.deals, "catchup")
    assert "Nothing is followed here" in prose(answer)[1]
    assert await scene.container.services.catchup.count_for_user(scene.reader.id) == 0
