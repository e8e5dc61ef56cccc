"""The local Discord takes, refuses and keeps posts as Discord does."""

import io

import discord
import pytest

from tests.local_discord import LocalDiscord, Permission
from tests.local_discord.reporter import Reporter, running
from tests.local_discord.tests.stage import TOKEN, Stage, place


async def test_a_nonce_gives_one_message_until_it_is_forgotten() -> None:
    now = 0.0
    async with LocalDiscord(TOKEN, nonce_memory=120, clock=lambda: now) as here:
        stage = Stage(here)
        async with running(here, Reporter()) as bot:
            channel = place(bot, stage.channel)
            first, again = await channel.send("one", nonce="n-1"), await channel.send("two", nonce="n-1")
            assert again.id == first.id
            assert [each.content for each in here.messages(stage.channel)] == ["one"]
            now = 121.0
            assert (await channel.send("three", nonce="n-1")).id != first.id
            await channel.send("four", nonce="n-2")
            here.delete_message(here.messages(stage.channel)[-1])
            with pytest.raises(discord.NotFound) as caught:
                await channel.send("four", nonce="n-2")
            assert caught.value.code == 10008


async def test_missing_permissions_and_access_are_told_apart(stage: Stage, bot: Reporter) -> None:
    channel, here = place(bot, stage.channel), stage.here
    here.set_overwrite(stage.channel, here.bot, deny=Permission.SEND_MESSAGES)
    with pytest.raises(discord.Forbidden) as caught:
        await channel.send("no")
    assert caught.value.code == 50013
    here.set_overwrite(stage.channel, stage.guild.bot_role, deny=Permission.VIEW_CHANNEL)
    with pytest.raises(discord.Forbidden) as caught:
        await channel.send("no")
    assert caught.value.code == 50001
    here.delete_channel(stage.channel)
    with pytest.raises(discord.NotFound) as gone:
        await channel.send("no")
    assert gone.value.code == 10003


async def test_closed_direct_messages_refuse_posts(stage: Stage, bot: Reporter) -> None:
    user = await bot.fetch_user(stage.reader.id)
    await user.send("hello")
    assert [each.content for each in stage.here.messages(stage.here.dm(stage.reader))] == ["hello"]
    stage.here.close_dms(stage.reader)
    with pytest.raises(discord.Forbidden) as caught:
        await user.send("hello?")
    assert caught.value.code == 50007


async def test_a_role_is_pinged_only_if_allowed_and_mentionable(stage: Stage, bot: Reporter) -> None:
    here, channel = stage.here, place(bot, stage.channel)
    quiet, loud = here.add_role(stage.guild, "quiet"), here.add_role(stage.guild, "loud", mentionable=True)
    words = f"{quiet.mention} {loud.mention} {stage.reader.mention} @everyone"
    await channel.send(words)
    await channel.send(words, allowed_mentions=discord.AllowedMentions(roles=[discord.Object(loud.id)]))
    await channel.send(words, allowed_mentions=discord.AllowedMentions.all())
    first, second, third = here.messages(stage.channel)
    assert (first.mentions, first.mention_roles, first.mention_everyone) == ([], [], False)
    assert (second.mentions, second.mention_roles, second.mention_everyone) == ([], [loud], False)
    assert (third.mentions, third.mention_roles, third.mention_everyone) == ([stage.reader], [loud], False)
    here.change_role(stage.guild, stage.guild.bot_role, permissions=Permission.MENTION_EVERYONE)
    await channel.send(words, allowed_mentions=discord.AllowedMentions.all())
    assert here.messages(stage.channel)[-1].mention_roles == [quiet, loud]
    assert here.messages(stage.channel)[-1].mention_everyone


@pytest.mark.parametrize(
    ("content", "embeds"),
    [
        ("x" * 2001, []),
        ("x", [discord.Embed(title="t" * 257)]),
        ("x", [discord.Embed(description="d" * 4000), discord.Embed(description="d" * 2001)]),
    ],
)
async def test_what_is_too_long_is_refused(
    stage: Stage, bot: Reporter, content: str, embeds: list[discord.Embed]
) -> None:
    with pytest.raises(discord.HTTPException) as caught:
        await place(bot, stage.channel).send(content, embeds=embeds)
    assert (caught.value.status, caught.value.code) == (400, 50035)
    # The description knows some of these limits too; here it is the point that they are kept.
    stage.here.violations.clear()


async def test_the_limits_of_components_v2_are_kept(stage: Stage, bot: Reporter) -> None:
    channel = place(bot, stage.channel)
    long, many, twice = discord.ui.LayoutView(), discord.ui.LayoutView(), discord.ui.LayoutView()
    long.add_item(discord.ui.TextDisplay("x" * 3000)).add_item(discord.ui.Container(discord.ui.TextDisplay("y" * 1000)))
    await channel.send(view=long)
    for view in (many, twice):
        view.add_item(discord.ui.TextDisplay("z"))
    many._children.extend(discord.ui.TextDisplay("z") for _ in range(40))
    button = [discord.ui.Button[discord.ui.LayoutView](label=each, custom_id="same") for each in "ab"]
    twice.add_item(discord.ui.ActionRow(*button))
    long.add_item(discord.ui.TextDisplay("w"))
    for view in (long, many, twice):
        with pytest.raises((discord.HTTPException, ValueError)):
            await channel.send(view=view)
    posted = await channel.fetch_message(stage.here.messages(stage.channel)[0].id)
    with pytest.raises(discord.HTTPException, match="V2"):
        await posted.edit(content="words")
    assert len(stage.here.messages(stage.channel)) == 1
    stage.here.violations.clear()


async def test_history_pages_both_ways(stage: Stage, bot: Reporter) -> None:
    channel = place(bot, stage.channel)
    for number in range(120):
        await stage.here.say(stage.channel, stage.reader, f"{number}")
    newest = [each.content async for each in channel.history(limit=3)]
    assert newest == ["119", "118", "117"]
    every = [each.content async for each in channel.history(limit=None, oldest_first=True)]
    assert every == [str(number) for number in range(120)]


async def test_files_arrive_with_their_descriptions(stage: Stage, bot: Reporter) -> None:
    file = discord.File(io.BytesIO(b"picture"), "timeline.png", description="A line of time")
    embed = discord.Embed(title="Timeline").set_image(url="attachment://timeline.png")
    sent = await place(bot, stage.channel).send(file=file, embed=embed)
    (attachment,) = stage.here.messages(stage.channel)[0].attachments
    assert (attachment.filename, attachment.data, attachment.description) == (
        "timeline.png",
        b"picture",
        "A line of time",
    )
    assert await sent.attachments[0].read() == b"picture"
    assert sent.embeds[0].image.url == sent.attachments[0].url
