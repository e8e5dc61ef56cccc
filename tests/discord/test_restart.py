"""Cards that were sent before a restart still work: everything that a click means is in the card."""

from __future__ import annotations

from typing import Any

from tests.discord.seen import menu_id, message_of, private, prose, said
from tests.discord.stage import OPPAMA, Scene
from tests.discord.stories import tell_many


async def test_follow_and_full_story_work_after_a_restart(scene: Scene) -> None:
    answer = await scene.ask("!deal oppama")
    await scene.publish(headline="Long", text="word " * 700)
    await scene.restart()
    opened = await scene.reader.click(answer, label="Full story")
    assert private(opened)
    assert "As of September 2025" in said(opened), "it shows what is known now"
    assert opened.response is not None
    await scene.restart()
    assert "Page 2 of" in said(await scene.reader.click(opened.response, label="Next"))
    assert "now follows" in said(await scene.editor.click(answer, label="Follow"))
    assert [follow.target.value for follow in await scene.follows()] == [OPPAMA]


async def test_menus_and_did_you_mean_work_after_a_restart(scene: Scene) -> None:
    answer, nothing = await scene.ask("!deal nissan"), await scene.ask("!company renolt")
    await scene.restart()
    picked = await scene.reader.select(answer, ["honda-nissan-merger"], custom_id=menu_id(answer, "Other matches"))
    assert "Honda and Nissan end their merger talks" in prose(picked)[0]
    assert "Renault" in prose(await scene.reader.click(nothing, label="Renault"))[0]


async def test_pages_turn_after_a_restart(blank: Scene) -> None:
    await tell_many(blank, 12)
    lists = [await blank.reader.slash(blank.deals, command, company="acme") for command in ("deals", "latest")]
    narrowed = {
        "deals": {"stage": "talks", "kind": "supply"},
        "latest": {"kind": "supply", "stage": "talks", "claim": "reported"},
    }
    lists += [await blank.reader.slash(blank.deals, command, **options) for command, options in narrowed.items()]
    await blank.restart()
    for listed in lists:
        assert listed.response is not None
        turned = await blank.reader.click(listed.response, label="Next")
        assert "Page 2 of 2" in said(turned)
        assert prose(turned)[0].splitlines()[1].split(" · ")[:-1] == prose(listed)[0].splitlines()[1].split(" · ")[:-1]
        assert turned.response is not None
        assert turned.response.id == listed.response.id, "one's own list still turns in place"


async def test_posts_open_their_story_after_a_restart(scene: Scene) -> None:
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    await scene.publish()
    await scene.send_posts()
    await scene.restart()
    assert "Foxconn reported not to be" in said(await scene.reader.click(scene.posts()[0], label="Full story"))


async def test_pages_of_follows_and_erasing_work_after_a_restart(scene: Scene) -> None:
    for number in range(13):
        channel = scene.guild.create_text_channel(f"wire-{number}")
        await scene.env.settle()
        await scene.editor.slash(scene.deals, "follow", target="nissan", channel=channel)
    listed = await scene.ask("!following", by=scene.editor)
    stored = message_of(await scene.editor.slash(scene.deals, "data"))
    await scene.restart()
    assert "Page 2 of 2" in said(await scene.editor.click(listed, label="Next"))
    question = await scene.editor.click(stored, label="Erase this server's data")
    await scene.restart()
    erased = await scene.editor.click(message_of(question), label="Erase for good")
    assert "Erased: 13 follows" in said(erased)


async def test_the_desks_button_works_after_a_restart(scene: Scene) -> None:
    answer = await scene.ask("!desk", by=scene.editor)
    await scene.restart()
    assert (await scene.editor.click(answer, label="Publish a development")).modal is not None


async def test_what_is_owed_at_a_stop_is_sent_after_the_start(scene: Scene) -> None:
    """A development that was published a moment before the stop reaches its followers, once."""
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    await scene.publish()
    await scene.restart()
    await scene.send_posts()
    await scene.send_posts()
    assert len(scene.posts()) == 1


async def test_a_button_of_a_story_that_is_gone_says_so(scene: Scene) -> None:
    """A card can outlive the store that it was made from."""
    answer = await scene.ask("!deal oppama")
    for message in scene.env.backend.messages[scene.deals.id].values():
        message.components = _renamed(message.components)
    assert "No story matches “gone”" in said(await scene.reader.click(answer, label="Full story"))
    assert "No story matches “gone”" in said(await scene.editor.click(answer, label="Follow"))


def _renamed(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _renamed(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_renamed(inner) for inner in value]
    return value.replace(OPPAMA, "gone") if isinstance(value, str) and value.startswith("dw:") else value
