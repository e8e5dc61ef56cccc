"""What cannot be followed, or not there, or not by them: one sentence, and nothing stored."""

from __future__ import annotations

import discord
import pytest

from tests.discord.seen import private, said
from tests.discord.stage import Scene


async def refused(scene: Scene, *expected: str, target: str = "nissan", **options: object) -> str:
    """Return the sentence of a slash refusal, which only the asker sees, and which stores nothing."""
    answer = await scene.editor.slash(scene.deals, "follow", target=target, **options)
    assert private(answer)
    assert await scene.follows() == []
    for part in expected:
        assert part in said(answer)
    return said(answer)


async def test_a_target_that_is_not_known_is_told(scene: Scene) -> None:
    await refused(scene, "No story matches “zzgrbl”", target="zzgrbl")


async def test_a_target_that_may_be_several_stories_names_them(scene: Scene) -> None:
    await refused(scene, "several stories match", "foxconn-nissan-stake", target="nissan foxconn")


@pytest.mark.parametrize("typed", ["nissan {0}", "nissan channel: {0}"])
async def test_a_channel_follow_needs_manage_server(scene: Scene, typed: str) -> None:
    """With a channel named it is refused, not quietly turned into a follow by DM."""
    for answer in (
        await scene.ask(f"!follow {typed.format(scene.deals.mention)}"),
        await scene.reader.slash(scene.deals, "follow", target="nissan", channel=scene.deals),
        await scene.reader.slash(scene.deals, "follow", target="nissan", mention=scene.role),
    ):
        assert "You need Manage Server" in said(answer)
    assert await scene.follows() == []


async def test_closed_dms_are_told_and_nothing_is_stored(scene: Scene) -> None:
    """A follow whose first message cannot arrive would never deliver."""
    home = scene.reader.user.dm_channel
    scene.env.inject_error("POST", f"/channels/{home.id}/messages", status=403, code=50007, times=None)
    by_command = await scene.reader.slash(scene.deals, "follow", target="nissan")
    by_button = await scene.reader.click(await scene.ask("!deal oppama"), label="Follow")
    for answer in (by_command, by_button):
        assert "Your DMs are closed to this bot" in said(answer)
        assert private(answer)
    assert await scene.follows() == []


async def test_all_missing_permissions_are_named_at_once(scene: Scene) -> None:
    """Nobody should have to mend one permission after the other."""
    shut = scene.lacking(view_channel=False, send_messages=False, read_message_history=False)
    channel = scene.guild.create_text_channel("shut", overwrites=shut)
    await scene.env.settle()
    await refused(
        scene,
        f"Posts can't be sent to <#{channel.id}> yet",
        "View Channel, Send Messages, Read Message History",
        channel=channel,
    )


@pytest.mark.parametrize(
    ("lacking", "named"),
    [
        ({"send_messages": False}, "the bot needs Send Messages there"),
        ({"read_message_history": False}, "the bot needs Read Message History there"),
    ],
)
async def test_one_missing_permission_is_named(scene: Scene, lacking: dict[str, bool], named: str) -> None:
    channel = scene.guild.create_text_channel("half", overwrites=scene.lacking(**lacking))
    await scene.env.settle()
    await refused(scene, named, channel=channel)


async def test_a_role_that_cannot_be_pinged_is_named_with_the_remedy(scene: Scene) -> None:
    """The bot pings a role that anyone may mention, or any role if it has the permission for all."""
    quiet = scene.guild.create_role("Quiet", mentionable=False)
    lacking = scene.lacking(mention_everyone=False, send_messages=False)
    channel = scene.guild.create_text_channel("news", overwrites=lacking)
    await scene.env.settle()
    sentence = await refused(scene, "can't be pinged", channel=channel, mention=quiet)
    assert "Send Messages" in sentence, "all that is missing is named at once"
    await scene.editor.slash(scene.deals, "follow", target="nissan", mention=quiet)
    assert len(await scene.follows()) == 1


@pytest.mark.parametrize("typed", ["", "nissan mention: @everyone", "nissan @everyone", "@here nissan"])
async def test_everyone_cannot_be_pinged(scene: Scene, typed: str) -> None:
    """By slash command or typed; a mention behind the target is not dropped without a word."""
    if not typed:
        await refused(scene, "posts can't ping @everyone", mention=scene.guild.default_role)
        return
    answer = await scene.ask(f"!follow {typed}", by=scene.editor)
    assert any(
        words in said(answer) for words in ("posts can't ping @everyone", "Posts can ping a role, but never everyone")
    )
    assert scene.pinged(answer) == []
    assert await scene.follows() == []


@pytest.mark.parametrize("kind", ["voice", "category", "gone"])
async def test_a_channel_of_another_kind_is_refused_and_no_other_taken(scene: Scene, kind: str) -> None:
    """A channel that was named and cannot follow must not become the one where it was typed."""
    made = {
        "voice": scene.guild.create_voice_channel,
        "category": scene.guild.create_category,
    }
    mention = made[kind]("other").mention if kind in made else "<#123456789012345678>"
    await scene.env.settle()
    for typed in (f"nissan {mention}", f"{mention} nissan", f"nissan channel: {mention}"):
        answer = said(await scene.ask(f"!follow {typed}", by=scene.editor))
        assert "text channel" in answer or "I didn't understand that" in answer
    assert await scene.follows() == []


async def test_a_role_of_another_server_is_refused(scene: Scene) -> None:
    answer = said(await scene.ask("!follow nissan <@&123456789012345678>", by=scene.editor))
    assert "doesn't belong to this server" in answer
    assert await scene.follows() == []


async def test_a_voice_channels_own_chat_cannot_follow(scene: Scene) -> None:
    """Typed there without naming a channel."""
    voice = scene.guild.create_voice_channel("stage")
    await scene.env.settle()
    assert "text channel" in said(await scene.ask("!follow nissan", by=scene.editor, at=voice))
    assert await scene.follows() == []


async def test_a_channel_that_the_editor_cannot_see_is_refused(scene: Scene) -> None:
    """Its name must not come out, and nobody sends posts to where they cannot look."""
    hidden = scene.guild.create_text_channel(
        "secret", overwrites={scene.editor: discord.PermissionOverwrite(view_channel=False)}
    )
    await scene.env.settle()
    answer = said(await scene.ask(f"!follow nissan {hidden.mention}", by=scene.editor))
    assert "You need View Channel in that channel" in answer
    assert await scene.follows() == []


async def test_the_bot_that_may_not_answer_here_logs_no_bug(scene: Scene) -> None:
    """Where it may not write it is silent, and nobody's command becomes an error in the log."""
    mute = scene.guild.create_text_channel("mute", overwrites=scene.lacking(send_messages=False))
    await scene.env.settle()
    for text in ("!deal nissan", "!deal", "!deal zzgrbl", f"{scene.mention} nissan", "!follow zzgrbl"):
        assert await scene.hears(text, at=mute) == []
    assert scene.bugs == []
    assert scene.env.errors
