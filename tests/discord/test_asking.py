"""Asking, in every way that Discord has: typed, as a slash command, after a mention, by DM."""

from __future__ import annotations

import pytest

from tests.discord.seen import buttons, check_limits, private, said
from tests.discord.stage import Scene, Stage

ASKED = [
    ("deal", {"query": "nissan foxconn"}, "Nissan and Foxconn: EV production at Oppama"),
    ("deals", {}, "EasyPark Group buys Parkopedia"),
    ("story", {"query": "toyota fuel cell"}, "Toyota develops a third-generation hydrogen fuel-cell system"),
    ("company", {"name": "hon hai"}, "Foxconn"),
    ("latest", {}, "Latest developments"),
]


def typed(command: str, options: dict[str, str]) -> str:
    return " ".join([command, *options.values()])


@pytest.mark.parametrize(("command", "options", "expected"), ASKED)
async def test_a_command_answers_typed_as_slash_and_after_a_mention(
    scene: Scene, command: str, options: dict[str, str], expected: str
) -> None:
    """Whoever asks sees the same card in public, whichever way it was asked."""
    by_prefix = await scene.ask(f"!{typed(command, options)}")
    by_mention = await scene.ask(f"{scene.mention} {typed(command, options)}")
    by_slash = await scene.reader.slash(scene.deals, command, **options)
    assert expected in said(by_prefix)
    assert said(by_prefix) == said(by_mention) == said(by_slash)
    assert not private(by_slash)
    check_limits(by_slash)


@pytest.mark.parametrize(("command", "options", "expected"), ASKED)
async def test_a_command_answers_in_a_dm(scene: Scene, command: str, options: dict[str, str], expected: str) -> None:
    """A DM takes the same commands."""
    home = scene.reader.user.dm_channel
    assert expected in said(await scene.ask(f"!{typed(command, options)}", at=home))
    assert expected in said(await scene.reader.user.slash(command, **options))


async def test_a_mention_with_words_is_a_question(scene: Scene) -> None:
    """``@Dealwire nissan foxconn`` needs no command."""
    answer = await scene.ask(f"{scene.mention} nissan foxconn")
    assert "EV production at Oppama" in said(answer)
    assert {"Follow": True, "Full story": True}.items() <= buttons(answer).items()


@pytest.mark.parametrize(
    "form", ["{0} nissan foxconn", "{0}nissan foxconn", "{0}, nissan foxconn", "{0}\nnissan foxconn"]
)
async def test_a_mention_needs_no_exact_blank(scene: Scene, form: str) -> None:
    """People put a comma, a line break or nothing behind a name."""
    assert "EV production at Oppama" in said(await scene.ask(form.format(scene.mention)))


async def test_a_bare_mention_says_how_to_ask(scene: Scene) -> None:
    """Discord trims the blank behind it; the answer names all three ways."""
    answer = said(await scene.ask(scene.mention))
    assert "nissan foxconn" in answer
    assert "!deal" in answer
    assert "/deal" in answer


async def test_a_question_by_mention_that_nothing_answers_says_so(scene: Scene) -> None:
    assert "No story matches “zzgrbl”" in said(await scene.ask(f"{scene.mention} zzgrbl"))


async def test_a_mention_in_the_middle_of_talk_is_left_alone(scene: Scene) -> None:
    assert await scene.hears(f"I think {scene.mention} knows about nissan") == []


async def test_the_text_of_a_dm_is_a_question(scene: Scene) -> None:
    """In a DM there is nobody else whom it could be meant for."""
    assert "EV production at Oppama" in said(await scene.ask("nissan foxconn", at=scene.reader.user.dm_channel))


async def test_talk_in_a_channel_is_no_question(scene: Scene) -> None:
    assert await scene.hears("nissan foxconn") == []


@pytest.mark.parametrize("text", ["!nosuchcommand", "!", "! ", "!!!"])
async def test_an_unknown_command_is_somebody_elses(scene: Scene, text: str) -> None:
    """Another bot may listen to the same prefix."""
    assert await scene.hears(text) == []


@pytest.mark.parametrize("text", ["!deal nissan", "nissan", ""])
async def test_what_bots_say_is_ignored(scene: Scene, text: str) -> None:
    """Two bots that answer each other would never end."""
    other = scene.guild.add_member(scene.env.create_user("other", bot=True))
    hook = scene.guild.create_webhook(scene.deals, "News")
    assert await scene.hears(f"{scene.mention} {text}", by=other) == []
    await hook.send(f"{scene.mention} {text}")
    assert scene.own() == []


async def test_a_command_is_not_told_by_its_capitals(scene: Scene) -> None:
    assert "EV production at Oppama" in said(await scene.ask("!DEAL Nissan Foxconn"))


async def test_the_prefix_is_the_operators_choice(stage: Stage) -> None:
    """With ``COMMAND_PREFIX`` the new one answers, the old one is somebody else's, and the hints name the new."""
    async with stage.open(COMMAND_PREFIX="$") as scene:
        assert "EV production at Oppama" in said(await scene.ask("$deal nissan foxconn"))
        assert await scene.hears("!deal nissan foxconn") == []
        assert "$deal" in said(await scene.ask(scene.mention))
