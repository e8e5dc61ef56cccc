"""Forums of the local Discord: posts with tags, and what a forum refuses, with a real discord.py bot."""

import io
from typing import Any

import aiohttp
import discord
import pytest

from tests.local_discord import Channel, LocalDiscord, Permission
from tests.local_discord.reporter import Card, Reporter
from tests.local_discord.tests.stage import TOKEN, Stage, forum_on, thread_on, wait_for_events


async def forum_of(stage: Stage, bot: Reporter, **arranged: Any) -> tuple[Channel, discord.ForumChannel]:
    """Add a forum, and return it as it is here and as the bot has it."""
    forum = stage.here.add_forum(stage.guild, "stories", **arranged)
    await wait_for_events(stage)
    return forum, forum_on(bot, forum)


async def send(here: LocalDiscord, method: str, path: str, body: object) -> tuple[int, dict[str, Any]]:
    """Send a request that discord.py would not send, and return the answer."""
    headers = {"Authorization": f"Bot {TOKEN}"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.request(method, f"{here.api_url}/{path}", json=body) as response,
    ):
        return response.status, await response.json()


async def test_a_post_and_its_first_message_have_one_id(stage: Stage, bot: Reporter) -> None:
    here = stage.here
    arranged, forum = await forum_of(stage, bot, tags=["talks", "signed"])
    tag = forum.available_tags[1]
    made = await forum.create_thread(name="Nissan", view=Card(), applied_tags=[tag], auto_archive_duration=4320)
    assert made.thread.id == made.message.id
    assert made.thread.applied_tags == [tag]
    post = await here.thread_in(arranged, name="Nissan")
    assert (post.tag_names, post.auto_archive, post.owner_id) == (["signed"], 4320, here.bot.id)
    opening = here.starter(post)
    assert opening is not None
    assert opening.flags & (1 << 15)
    assert here.messages(post) == [opening]
    await made.thread.send("more")
    read = [each.id async for each in made.thread.history(oldest_first=True)]
    assert (read[0], len(read)) == (made.thread.id, 2)
    await made.message.edit(view=Card())
    assert opening.edits == 1
    await wait_for_events(stage)
    assert forum.last_message_id == made.thread.id
    counted = await bot.fetch_channel(made.thread.id)
    assert isinstance(counted, discord.Thread)
    assert counted.message_count == 1
    # Buttons work there.
    answer = await here.click(opening, stage.reader, label="More")
    assert answer.kind == "update"


async def test_a_forum_takes_no_messages_of_its_own(stage: Stage, bot: Reporter) -> None:
    arranged, _ = await forum_of(stage, bot)
    status, answer = await send(stage.here, "POST", f"channels/{arranged.id}/messages", {"content": "x"})
    assert (status, answer["code"]) == (400, 50008)


async def test_a_nonce_is_not_heeded_in_a_forum(stage: Stage, bot: Reporter) -> None:
    arranged, _ = await forum_of(stage, bot)
    body = {"name": "Nissan", "message": {"content": "x", "nonce": "k", "enforce_nonce": True}}
    for _ in range(2):
        assert (await send(stage.here, "POST", f"channels/{arranged.id}/threads", body))[0] == 201
    assert len(stage.here.threads(arranged)) == 2


async def test_a_lost_answer_leaves_the_post_to_be_found(stage: Stage, bot: Reporter) -> None:
    here = stage.here
    arranged, forum = await forum_of(stage, bot)
    here.faults.add("POST", "/channels/*/threads", action=503)
    with pytest.raises(discord.DiscordServerError):
        await forum.create_thread(name="Nissan", content="x")
    assert here.threads(arranged) == []
    here.faults.add("POST", "/channels/*/threads", when="after", action="drop")
    with pytest.raises(aiohttp.ClientError):
        await forum.create_thread(name="Nissan", content="x")
    found = [each for each in await forum.guild.active_threads() if each.parent_id == forum.id]
    assert [(each.name, each.owner_id) for each in found] == [("Nissan", here.bot.id)]
    here.archive_thread(here.threads(arranged)[0])
    assert [each.name async for each in forum.archived_threads()] == ["Nissan"]


async def test_a_forum_may_want_a_tag(stage: Stage, bot: Reporter) -> None:
    arranged, forum = await forum_of(stage, bot, tags=["talks"], require_tag=True)
    assert forum.flags.require_tag
    with pytest.raises(discord.HTTPException) as caught:
        await forum.create_thread(name="Nissan", content="x")
    assert (caught.value.status, caught.value.code) == (400, 40067)
    await forum.create_thread(name="Nissan", content="x", applied_tags=forum.available_tags)
    stage.here.require_tag(arranged, on=False)
    await forum.create_thread(name="Foxconn", content="x")
    assert [each.name for each in stage.here.threads(arranged)] == ["Nissan", "Foxconn"]


async def test_tags_are_put_on_and_taken_off(stage: Stage, bot: Reporter) -> None:
    here = stage.here
    arranged, forum = await forum_of(stage, bot, tags=["talks", "signed"], moderated=["pinned"])
    talks, signed, pinned = forum.available_tags
    thread = (await forum.create_thread(name="Nissan", content="x", applied_tags=[talks])).thread
    await thread.edit(applied_tags=[signed])
    (post,) = here.threads(arranged)
    assert post.tag_names == ["signed"]
    with pytest.raises(discord.Forbidden) as caught:
        await thread.add_tags(pinned)
    assert caught.value.code == 50013
    here.tag_post(post, "signed", "pinned")
    await wait_for_events(stage)
    thread = thread_on(bot, post)
    assert thread.applied_tags == [signed, pinned]
    # One that only moderators put there stays when others are changed, and goes only by their hands.
    await thread.edit(applied_tags=[talks, pinned])
    with pytest.raises(discord.Forbidden):
        await thread.edit(applied_tags=[talks])
    here.allow_bot(arranged, Permission.MANAGE_THREADS)
    await thread.edit(applied_tags=[talks])
    assert post.tag_names == ["talks"]
    # A tag that the forum has no more is on no post, and its id is passed over.
    here.set_tags(arranged, ["signed"])
    assert (post.tag_names, arranged.tags[0].id) == ([], signed.id)
    await thread.edit(applied_tags=[talks, signed])
    assert post.tag_names == ["signed"]


async def test_what_is_wrong_with_a_post_is_refused(stage: Stage, bot: Reporter) -> None:
    arranged, forum = await forum_of(stage, bot, tags=[f"t{number}" for number in range(6)])
    tags = [str(each.id) for each in forum.available_tags]
    message = {"content": "x"}
    bad: list[tuple[dict[str, object], int]] = [
        ({"name": "Nissan"}, 50035),
        ({"name": "", "message": message}, 50035),
        ({"name": "n" * 101, "message": message}, 50035),
        ({"name": "Nissan", "message": message, "applied_tags": tags}, 50035),
        ({"name": "Nissan", "message": message, "applied_tags": ["1"]}, 10087),
        ({"name": "Nissan", "message": {"content": ""}}, 50006),
        ({"name": "Nissan", "message": {"content": "x" * 2001}}, 50035),
    ]
    for body, code in bad:
        _, answer = await send(stage.here, "POST", f"channels/{arranged.id}/threads", body)
        assert answer["code"] == code, body
    # Nothing is left of them.
    assert stage.here.threads(arranged) == []
    assert await forum.guild.active_threads() == []
    stage.here.violations.clear()


async def test_a_post_needs_send_messages_alone(stage: Stage, bot: Reporter) -> None:
    arranged, forum = await forum_of(stage, bot)
    stage.here.deny_bot(arranged, Permission.CREATE_PUBLIC_THREADS)
    await forum.create_thread(name="Nissan", content="x")
    stage.here.deny_bot(arranged, Permission.ATTACH_FILES)
    with pytest.raises(discord.Forbidden):
        await forum.create_thread(name="Nissan", file=discord.File(io.BytesIO(b"x"), "x.png"))
    stage.here.deny_bot(arranged, Permission.SEND_MESSAGES)
    with pytest.raises(discord.Forbidden) as caught:
        await forum.create_thread(name="Nissan", content="x")
    assert caught.value.code == 50013
    assert len(stage.here.threads(arranged)) == 1


async def test_files_go_with_a_post(stage: Stage, bot: Reporter) -> None:
    arranged, forum = await forum_of(stage, bot)
    made = await forum.create_thread(name="Nissan", file=discord.File(io.BytesIO(b"picture"), "timeline.png"))
    opening = stage.here.starter(stage.here.threads(arranged)[0])
    assert opening is not None
    assert [each.data for each in opening.attachments] == [b"picture"]
    assert await made.message.attachments[0].read() == b"picture"


async def test_a_manager_makes_the_tags_of_a_forum(stage: Stage, bot: Reporter) -> None:
    here = stage.here
    arranged, forum = await forum_of(stage, bot, tags=["talks"])
    with pytest.raises(discord.Forbidden) as caught:
        await forum.create_tag(name="signed")
    assert caught.value.code == 50013
    here.allow_bot(arranged, Permission.MANAGE_CHANNELS)
    kept = arranged.tags[0].id
    await forum.edit(available_tags=[*forum.available_tags, discord.ForumTag(name="signed", moderated=True)])
    assert [(each.name, each.moderated) for each in arranged.tags] == [("talks", False), ("signed", True)]
    assert arranged.tags[0].id == kept
    await wait_for_events(stage)
    assert [each.name for each in forum.available_tags] == ["talks", "signed"]
    await forum.edit(require_tag=True)
    await wait_for_events(stage)
    assert forum_on(bot, arranged).flags.require_tag
    for names, code in ((["one", "one"], 40061), (["x" * 21], 50035), ([str(each) for each in range(21)], 50035)):
        with pytest.raises(discord.HTTPException) as refused:
            await forum.edit(available_tags=[discord.ForumTag(name=each) for each in names])
        assert refused.value.code == code
    assert [each.name for each in arranged.tags] == ["talks", "signed"]
    here.violations.clear()


async def test_posts_of_people_are_told_and_can_be_pinned(stage: Stage, bot: Reporter) -> None:
    here = stage.here
    arranged, forum = await forum_of(stage, bot, tags=["talks"])
    post = await here.open_post(arranged, stage.reader, "My story", "first words", "talks")
    here.pin_post(post)
    await wait_for_events(stage)
    known = thread_on(bot, post)
    assert (known.owner_id, known.flags.pinned) == (stage.reader.id, True)
    assert known.applied_tags == list(forum.available_tags)
    assert bot.heard[-2:] == ["first words", "!ping"]
    assert await here.thread_in(arranged, owner=stage.reader) is post


async def test_the_description_knows_which_body_is_meant(stage: Stage, bot: Reporter) -> None:
    here = stage.here
    if here._api._openapi is None:
        pytest.skip("Discord's OpenAPI description is not beside the repository")
    arranged, forum = await forum_of(stage, bot)
    thread = (await forum.create_thread(name="Nissan", content="x")).thread
    assert here.violations == []
    for method, path, body in (
        ("POST", f"channels/{arranged.id}/threads", {"name": "Nissan"}),
        ("PATCH", f"channels/{arranged.id}", {"available_tags": [{"moderated": True}]}),
        ("PATCH", f"channels/{thread.id}", {"archived": "yes"}),
    ):
        status, answer = await send(here, method, path, body)
        assert (status, answer["code"]) == (400, 50035)
    assert len(here.violations) == 3
    here.violations.clear()
