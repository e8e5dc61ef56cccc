"""Which messages speak to the bot: prefix, mention, role and name, as people and their keyboards write them."""

from __future__ import annotations

import discord
import pytest

from tests.discord.seen import private, said
from tests.discord.stage import Scene

ANSWER = "EV production at Oppama"


def spelled(scene: Scene, text: str) -> str:
    """Return the text with the ids of this scene: ``{bot}``, ``{role}`` (the bot's own), ``{other}``, ``{deals}``."""
    (role,) = (role for role in scene.client.guilds[0].roles if role.managed)
    return text.format(
        bot=scene.mention,
        role=f"<@&{role.id}>",
        other=f"<@{scene.editor.id}>",
        deals=f"<@&{scene.role.id}>",
        name=scene.env.backend.bot_user.name,
    )


@pytest.mark.parametrize(
    "text",
    [
        "{role} nissan foxconn",
        "{role} deal nissan foxconn",
        "{role}nissan foxconn",
        "nissan foxconn {bot}",
        "nissan foxconn {role}",
        "nissan foxconn {bot}?",
        "nissan foxconn {bot} ？",
        "nissan\nfoxconn\n{bot}",
        "@{name} nissan foxconn",
        "＠{name} nissan foxconn",
        "nissan foxconn ＠{name}",
        "！deal nissan foxconn",
        "！　deal　nissan foxconn",
        "！ｄｅａｌ nissan foxconn",
        "！Deal 日産 鴻海",
    ],
)
async def test_what_is_said_to_the_bot_is_answered(scene: Scene, text: str) -> None:
    assert ANSWER in said(await scene.ask(spelled(scene, text)))


@pytest.mark.parametrize(
    "text",
    [
        "I think {bot} posts only what is new about nissan foxconn",
        "ask {role} about nissan foxconn",
        "{other} look what nissan foxconn do {bot}",
        "{deals} nissan foxconn {bot}",
        "{deals} nissan foxconn",
        "nissan foxconn someone@{name}",
        "nissan foxconn @{name}ish",
        "！nissan foxconn",
        "nissan foxconn",
    ],
)
async def test_conversation_is_left_alone(scene: Scene, text: str) -> None:
    assert await scene.hears(spelled(scene, text)) == []


async def test_a_long_text_that_ends_with_a_mention_is_conversation(scene: Scene) -> None:
    assert await scene.hears("nissan foxconn " * 20 + scene.mention) == []


async def test_the_nickname_on_a_server_is_a_name_too(scene: Scene) -> None:
    scene.client.guilds[0].me.nick = "Deal desk"
    assert ANSWER in said(await scene.ask("@deal desk nissan foxconn"))


async def test_a_reply_to_the_bot_is_no_question_by_itself(scene: Scene) -> None:
    """Discord mentions the author of what is replied to, and the text has no mention."""
    answer = await scene.ask("!deal nissan foxconn")
    before = len(scene.own())
    await scene.reader.send(scene.deals, "and honda?", reply_to=answer)
    assert len(scene.own()) == before


async def test_other_bots_are_never_answered(scene: Scene) -> None:
    other = scene.guild.add_member(scene.env.create_user("other-bot", bot=True))
    for text in ("!deal nissan", f"{scene.mention} nissan", f"nissan {scene.mention}", "！deal nissan"):
        assert await scene.hears(text, by=other) == []


async def test_a_mention_alone_says_how_to_ask(scene: Scene) -> None:
    for text in (scene.mention, spelled(scene, "{role}")):
        assert "Ask me about a deal" in said(await scene.ask(text))


async def test_a_question_without_a_match_is_answered_privately(scene: Scene) -> None:
    """By slash command; a typed one is answered where it was typed."""
    for command, option in (("deal", "query"), ("story", "query"), ("company", "name"), ("timeline", "query")):
        by_slash = await scene.reader.slash(scene.deals, command, **{option: "zzyzx qqq"})
        assert private(by_slash), command
        assert not private(await scene.ask(f"!{command} zzyzx qqq"))
    for command in ("deals", "latest"):
        assert private(await scene.reader.slash(scene.deals, command, company="toyota", stage="lapsed")), command
    assert not private(await scene.reader.slash(scene.deals, "deal", query="nissan foxconn"))


async def test_a_company_without_stories_has_no_timeline(scene: Scene) -> None:
    """The answer is private although a timeline, which takes long to draw, is announced to all."""
    refused = await scene.reader.slash(scene.deals, "timeline", query="BMW")
    assert private(refused)
    assert "timeline" not in said(refused)


async def test_an_announcement_of_discord_is_no_command(scene: Scene) -> None:
    """A new thread is announced by a message whose text is the thread's name."""
    channel = scene.client.get_channel(scene.deals.id)
    assert isinstance(channel, discord.TextChannel)
    before = len(scene.own())
    scene.env.backend.create_thread(scene.deals.id, "!deal nissan", scene.reader.id)
    await scene.env.settle()
    assert len(scene.own()) == before
