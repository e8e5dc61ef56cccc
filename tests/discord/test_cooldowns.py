"""One person cannot flood the bot, whichever way they ask; everybody else is answered meanwhile."""

from __future__ import annotations

from typing import Any

import pytest

from tests.discord.seen import OpenForm, buttons, message_of, private, said
from tests.discord.stage import OPPAMA, Scene

TOO_FAST = "asking faster than I can answer"
TOO_MANY_PICTURES = "a lot of pictures"
TOO_MANY_NOTES = "Thank you for all your reports"


async def use_up(scene: Scene, name: str, user_id: int) -> None:
    """Let a person do something as often as they may at once."""
    cooldown = getattr(scene.client.cooldowns, name)
    for _ in range(cooldown.limit):
        cooldown.take(user_id)


@pytest.mark.parametrize("way", ["slash", "mention", "typed", "button", "menu of a message", "dm"])
async def test_whoever_asks_too_fast_is_asked_to_wait(scene: Scene, way: str) -> None:
    """Once used up, no way of asking goes on; a while later every one does."""
    card = await scene.ask("!deal nissan foxconn", by=scene.editor)

    async def ask() -> Any:
        match way:
            case "slash":
                return await scene.reader.slash(scene.deals, "deal", query="nissan")
            case "mention":
                return await scene.ask(f"{scene.mention} nissan")
            case "typed":
                return await scene.ask("!deal nissan")
            case "button":
                return await scene.reader.click(card, label="Full story")
            case "menu of a message":
                return await scene.reader.context_menu(scene.deals, "Find the story", card)
            case _:
                return await scene.ask("nissan", at=scene.reader.user.dm_channel)

    await use_up(scene, "questions", scene.reader.id)
    refused = await ask()
    assert TOO_FAST in said(refused)
    assert "<t:" in said(refused)
    assert private(refused) or way in ("mention", "typed", "dm")
    assert TOO_FAST not in said(await scene.ask("!deal nissan", by=scene.editor))
    await scene.env.advance_time(60)
    assert TOO_FAST not in said(await ask())


async def test_what_is_said_to_a_flood_is_said_once(scene: Scene) -> None:
    await use_up(scene, "questions", scene.reader.id)
    answers = [answer for _ in range(5) for answer in await scene.hears("!deal nissan")]
    assert len(answers) == 1
    for _ in range(3):
        assert TOO_FAST in said(await scene.reader.slash(scene.deals, "deal", query="nissan"))


async def test_autocomplete_goes_on_meanwhile(scene: Scene) -> None:
    await use_up(scene, "questions", scene.reader.id)
    for _ in range(60):
        assert await scene.reader.autocomplete(scene.deals, "deal", "query", "nis")


async def test_a_hundred_seconds_of_reading_are_never_refused(scene: Scene) -> None:
    """A question or a click a second is more than anybody reads."""
    for _ in range(100):
        await scene.env.advance_time(1)
        scene.client.cooldowns.questions.take(scene.reader.id)


@pytest.mark.parametrize("way", ["slash", "typed", "button", "button of a company"])
async def test_too_many_pictures_wait(scene: Scene, way: str) -> None:
    card = await scene.ask("!deal nissan foxconn", by=scene.editor)
    company = await scene.ask("!company nissan", by=scene.editor)
    await use_up(scene, "pictures", scene.reader.id)
    match way:
        case "slash":
            refused: Any = await scene.reader.slash(scene.deals, "timeline", query=OPPAMA)
        case "typed":
            refused = await scene.ask(f"!timeline {OPPAMA}")
        case "button":
            refused = await scene.reader.click(card, label="Timeline")
        case _:
            refused = await scene.reader.click(company, label="Timeline")
    assert TOO_MANY_PICTURES in said(refused)
    assert private(refused) or way == "typed"


async def test_a_company_is_shown_without_its_picture_meanwhile(scene: Scene) -> None:
    await use_up(scene, "pictures", scene.reader.id)
    shown = await scene.reader.slash(scene.deals, "company", name="nissan")
    assert "Nissan" in said(shown)
    assert TOO_MANY_PICTURES in said(shown)


async def test_a_reader_reports_a_few_posts_at_a_time(scene: Scene) -> None:
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    for number in range(6):
        await scene.publish(headline=f"Something new {number}")
    await scene.send_posts()
    posts = scene.posts()
    forms = [OpenForm(await scene.reader.click(post, label="Something wrong?")) for post in posts]
    answers = [await scene.reader.submit_modal(form.shown, form.filled(what="No.")) for form in forms]
    assert [TOO_MANY_NOTES in said(answer) for answer in answers] == [False] * 5 + [True]
    assert "Fix and resubmit" in buttons(answers[-1]), "what was typed is not lost"
    assert TOO_MANY_NOTES in said(await scene.reader.click(posts[-1], label="Something wrong?"))
    await scene.env.advance_time(600)
    form = OpenForm(await scene.reader.click(message_of(answers[-1]), label="Fix and resubmit"))
    assert "the desk will look at it" in said(await scene.reader.submit_modal(form.shown, form.filled()))


async def test_a_clock_that_is_set_back_refuses_nobody_for_long(scene: Scene) -> None:
    """What was counted in the future is forgotten."""
    cooldown = scene.client.cooldowns.questions
    await scene.env.advance_time(86_400)
    await use_up(scene, "questions", scene.reader.id)
    now = scene.container.services.clock()
    cooldown._clock = lambda: now.replace(year=now.year - 1)
    cooldown.take(scene.reader.id)


async def test_who_asked_long_ago_is_not_remembered(scene: Scene) -> None:
    """Or a bot in many servers would remember everybody for ever."""
    cooldown, now = scene.client.cooldowns.questions, scene.container.services.clock()
    for user_id in range(1_000):
        cooldown.take(user_id)
    assert len(cooldown._users) == 1_000
    cooldown._clock = lambda: now.replace(year=now.year + 1)
    cooldown.take(1)
    assert len(cooldown._users) == 1
