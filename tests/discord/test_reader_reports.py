"""What a reader says is wrong with a post reaches the desk's queue, and is settled there."""

from __future__ import annotations

from typing import Any

import discord
import pytest

from tests.discord.seen import OpenForm, buttons, check_limits, erase, message_of, private, said
from tests.discord.stage import OPPAMA, Scene, Stage

WRONG = "Something wrong?"
DAY = 86_400


async def a_post(scene: Scene) -> discord.Message:
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    await scene.publish()
    await scene.send_posts()
    (post,) = scene.posts()
    return post


async def tell(scene: Scene, post: discord.Message, text: str, *, by: Any = None) -> Any:
    who = by or scene.reader
    form = OpenForm(await who.click(post, label=WRONG))
    return await who.submit_modal(form.shown, form.filled(what=text))


async def test_a_readers_note_reaches_the_queue_and_is_settled(scene: Scene) -> None:
    post = await a_post(scene)
    thanks = await tell(scene, post, "The plant is in **Yokosuka**.\n@everyone look")
    assert "the desk will look at it" in said(thanks)
    assert private(thanks)
    queue = await scene.editor.slash(scene.desk, "desk queue")
    text = said(queue)
    assert "1 reader report" in text
    assert f"<@{scene.reader.id}>" in text
    assert "\n> The plant is in" in text
    assert f"[a post](https://discord.com/channels/{scene.guild.id}/{scene.deals.id}/{post.id})" in text
    assert "Something new" in text
    assert scene.pinged(queue) == []
    assert private(queue)
    check_limits(queue)
    settled = await scene.editor.click(message_of(queue), label="Mark as done")
    assert "**Done.**" in said(settled)
    assert "empty" in said(await scene.editor.slash(scene.desk, "desk queue"))
    back = await scene.editor.click(message_of(settled), label="Reopen")
    assert "1 reader report" in said(back)
    actions = [e.action for e in await _audit(scene)]
    assert actions == ["note settled", "note reopened"]


async def _audit(scene: Scene) -> tuple[Any, ...]:
    async with scene.container.services.store.read() as tx:
        return await tx.audit.list_entries("1")


async def test_once_a_person_and_post(scene: Scene) -> None:
    """Also when the same form was open twice; another reader may say something too."""
    post = await a_post(scene)
    first, second = [OpenForm(await scene.reader.click(post, label=WRONG)) for _ in range(2)]
    await scene.reader.submit_modal(first.shown, first.filled(what="No."))
    refused = await scene.reader.submit_modal(second.shown, second.filled(what="No, no."))
    assert "already" in said(refused)
    assert "already" in said(await scene.reader.click(post, label=WRONG))
    await tell(scene, post, "I see it too.", by=scene.editor)
    assert "2 reader reports" in said(await scene.editor.slash(scene.desk, "desk queue"))


async def test_two_editors_settle_a_note_once(scene: Scene) -> None:
    await tell(scene, await a_post(scene), "No.")
    one, two = [await scene.editor.slash(scene.desk, "desk queue") for _ in range(2)]
    await scene.editor.click(message_of(one), label="Mark as done")
    assert "This report has already been handled" in said(
        await scene.editor.click(message_of(two), label="Mark as done")
    )


async def test_the_queue_is_the_desks_alone(scene: Scene) -> None:
    """Also for somebody who was an editor when the queue was opened."""
    await tell(scene, await a_post(scene), "No.")
    queue = await scene.editor.slash(scene.desk, "desk queue")
    roles = scene.guild.roles["Editors"]
    scene.env.backend.remove_member_role(scene.guild.id, scene.editor.id, roles.id)
    assert "Only the desk" in said(await scene.editor.click(message_of(queue), label="Mark as done"))
    assert await scene.container.services.reader_reports.count_waiting() == 1


async def test_many_notes_come_one_at_a_time_the_oldest_first(scene: Scene) -> None:
    post = await a_post(scene)
    for number in range(3):
        reader = scene.guild.add_member(scene.env.create_user(f"reader-{number}"))
        await tell(scene, post, f"Note {number}", by=reader)
    queue = await scene.editor.slash(scene.desk, "desk queue")
    assert "1 of 3" in said(queue)
    assert "> Note 0" in said(queue)
    assert buttons(queue)["Previous"] is False
    following = await scene.editor.click(message_of(queue), label="Next")
    assert "> Note 1" in said(following)
    settled = await scene.editor.click(message_of(following), label="Mark as done")
    assert "> Note 0" in said(await scene.editor.click(message_of(settled), label="Next (2 left)"))


async def test_the_button_works_after_a_restart_and_from_a_dm(scene: Scene) -> None:
    await scene.reader.user.slash("follow", target="everything")
    await scene.publish()
    await scene.send_posts()
    await scene.restart()
    (post,) = scene.posts(scene.reader.user.dm_channel)
    form = OpenForm(await scene.reader.user.click(post, label=WRONG))
    await scene.reader.user.submit_modal(form.shown, form.filled(what="From my DMs."))
    assert "reported a post in their DMs" in said(await scene.editor.slash(scene.desk, "desk queue"))


@pytest.mark.parametrize("text", [" ", "\n\n"])
async def test_nothing_is_no_note(scene: Scene, text: str) -> None:
    """What is refused can be mended, and loses nothing."""
    refused = await tell(scene, await a_post(scene), text)
    assert "What is wrong: can't be empty" in said(refused)
    assert "Fix and resubmit" in buttons(refused)
    assert await scene.container.services.reader_reports.count_waiting() == 0


async def test_what_a_reader_said_is_shown_and_erased_by_data(scene: Scene) -> None:
    await tell(scene, await a_post(scene), "No.")
    answer = await scene.reader.slash(scene.deals, "data")
    assert "**About you** · 1 reader report, with your user id" in said(answer)
    erased = await erase(scene.reader, message_of(answer), "Erase my data")
    assert "Erased: 1 reader report." in said(erased)
    assert "empty" in said(await scene.editor.slash(scene.desk, "desk queue"))


async def test_settled_notes_are_erased_after_ninety_days(scene: Scene) -> None:
    await tell(scene, await a_post(scene), "No.")
    notes = scene.container.services.reader_reports
    await notes.resolve(1, actor="test")
    await scene.env.advance_time(89 * DAY)
    assert await notes.count_by_user(scene.reader.id) == 1
    await scene.env.advance_time(2 * DAY)
    assert await notes.count_by_user(scene.reader.id) == 0


async def test_a_note_on_a_post_that_was_erased_is_refused(stage: Stage) -> None:
    async with stage.open() as scene:
        post = await a_post(scene)
        form = OpenForm(await scene.reader.click(post, label=WRONG))
        await scene.container.services.retention.erase_guild(scene.guild.id)
        answer = await scene.reader.submit_modal(form.shown, form.filled(what="No."))
        assert "The bot no longer knows this post" in said(answer)
        assert (await scene.container.services.library.get_story(OPPAMA)).slug == OPPAMA
