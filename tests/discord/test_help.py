"""Help: who is told what, how commands are used, and what is said of mistyped ones."""

from __future__ import annotations

from typing import Any

import pytest

from tests.discord.seen import buttons, check_limits, menus, message_of, private, said
from tests.discord.stage import Scene, Stage
from tests.discord.stories import a_story

OVERVIEW = "What TestBot can do"
CARD_OF_OPPAMA = "EV production at Oppama"
EVERYBODYS = set(
    "deal deals story company latest upcoming timeline catchup follow unfollow following why settings status data help".split()
)


async def open_menu(scene: Scene, card: Any, choice: str) -> Any:
    """Select a command in the menu of help, as the reader."""
    return await scene.reader.select(message_of(card), [choice], custom_id="dw:helpmenu")


@pytest.mark.parametrize(
    "text",
    [
        "!help",
        "!HELP",
        "!hilfe",
        "!ayuda",
        "!ヘルプ",
        "!commands",
        "{bot} help",
        "{bot} Hilfe!",
        "what can you do? {bot}",
    ],
)
async def test_help_is_answered_with_help(scene: Scene, text: str) -> None:
    """However it is asked for; a story whose summary has the word is no help."""
    answer = await scene.ask(text.format(bot=scene.mention))
    assert OVERVIEW in said(answer)
    assert CARD_OF_OPPAMA not in said(answer)
    check_limits(answer)


@pytest.mark.parametrize(
    "text",
    [
        "help",
        "Help!",
        "?",
        "hilfe",
        "was kannst du?",
        "¿qué puedes hacer?",
        "ヘルプ",
        "何ができますか？",
        "hi",
        "!help",
    ],
)
async def test_a_dm_that_asks_for_help_gets_it(scene: Scene, text: str) -> None:
    answer = await scene.ask(text, at=scene.reader.user.dm_channel)
    assert OVERVIEW in said(answer)
    check_limits(answer)


async def test_the_slash_command_helps_in_private(scene: Scene) -> None:
    answer = await scene.reader.slash(scene.deals, "help")
    assert private(answer)
    assert OVERVIEW in said(answer)
    check_limits(answer)


async def test_every_command_is_on_the_page_and_in_the_menu(scene: Scene) -> None:
    """For a reader everybody's, for an editor the desk's too."""
    for_reader = await scene.reader.slash(scene.deals, "help")
    for_editor = await scene.editor.slash(scene.deals, "help")
    check_limits(for_editor)
    registered = set(scene.reader.available_commands(scene.deals))
    assert set(next(iter(menus(for_reader).values())).values()) == registered
    assert set(next(iter(menus(for_editor).values())).values()) == registered | {"desk", "feeds"}
    assert all(f"`/{name}`" in said(for_reader) for name in registered)
    assert "`/desk`" not in said(for_reader)
    assert "`/desk` · publish, correct, retract" in said(for_editor)


async def test_the_page_tells_similar_commands_apart(scene: Scene) -> None:
    page = said(await scene.ask("!help"))
    for line in (
        "`/deal` · one deal:",
        "`/story` · one story of any kind",
        "`/deals` · a list of deals",
        "`/latest` · a list of the newest developments",
        "`/catchup` · what's new in this channel's follows since you last looked",
        "`/why` · why a development was or wasn't posted here",
    ):
        assert line in page


async def test_who_has_manage_server_is_told_what_that_means(scene: Scene) -> None:
    assert "You don't have Manage Server here" in said(await scene.reader.slash(scene.deals, "help"))
    assert "You have Manage Server here" in said(await scene.editor.slash(scene.deals, "help"))
    assert "Manage Server" not in said(await scene.reader.user.slash("help"))


async def test_examples_are_of_the_stories_that_there_are(blank: Scene) -> None:
    """Of another industry, its own companies; with no story there is nothing to try."""
    assert not any(label.startswith("Try it") for label in buttons(await blank.ask("!help")))
    await blank.tell(a_story("chips", headline="Acme buys Bolt", kind="acquisition"))
    page = await blank.ask("!help")
    (company,) = (
        label.removeprefix("Try it: ") for label in buttons(page) if "Try it: " in label and label[8].isupper()
    )
    assert f"!deal {company.casefold()}" in said(page)


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("Try it: a deal", "Full story"),
        ("Try it: newest developments", "Latest developments"),
        ("What the symbols mean", "a publisher says so"),
    ],
)
async def test_the_buttons_show_it_to_whoever_clicks(scene: Scene, label: str, expected: str) -> None:
    """Also after a restart, and the page stays."""
    page = await scene.ask("!help", by=scene.editor)
    await scene.restart()
    shown = await scene.reader.click(page, label=label)
    assert expected in said(shown)
    assert private(shown)
    check_limits(shown)
    assert OVERVIEW in said(page)


async def test_a_company_and_all_deals_can_be_tried(scene: Scene) -> None:
    page = await scene.ask("!help")
    (label,) = (label for label in buttons(page) if label.startswith("Try it: ") and label[8].isupper())
    assert label.removeprefix("Try it: ") in said(await scene.reader.click(page, label=label))
    deals = await open_menu(scene, page, "deals")
    assert "EasyPark" in said(await scene.reader.click(message_of(deals), label="Try it: all deals"))


async def test_each_command_has_a_page_with_its_options(scene: Scene) -> None:
    page = await scene.ask("!help")
    for name in sorted(scene.reader.available_commands(scene.deals)):
        shown = await open_menu(scene, page, name)
        assert f"`/{name}`" in said(shown)
        check_limits(shown)
    follow = said(await scene.reader.slash(scene.deals, "help", command="follow"))
    assert "`!follow everything`" in follow
    assert "`mode` · instant, or a daily or weekly digest · optional" in follow
    assert "If you have Manage Server, posts go to the channel" in follow


async def test_editors_get_help_with_their_commands(scene: Scene) -> None:
    assert "`/desk publish`" in said(await scene.editor.slash(scene.deals, "help", command="desk"))
    assert "`claim`" in said(await scene.editor.slash(scene.deals, "help", command="/desk publish"))
    assert "`/desk publish`" not in said(await scene.reader.slash(scene.deals, "help", command="desk publish"))


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("!help follow", "`/follow`"),
        ("!help /follow", "`/follow`"),
        ("!help folgen", "`/follow`"),
        ("!follow help", "`/follow`"),
        ("!deal help", "`/deal`"),
        ("!deal ?", "`/deal`"),
        ("{bot} help follow", "`/follow`"),
        ("{bot} deal help", "`/deal`"),
        ("!help symbols", "What the symbols mean"),
    ],
)
async def test_help_with_one_command_can_be_typed(scene: Scene, text: str, page: str) -> None:
    assert page in said(await scene.ask(text.format(bot=scene.mention)))
    assert await scene.follows() == []


async def test_a_question_that_begins_with_help_is_a_question(scene: Scene) -> None:
    assert CARD_OF_OPPAMA in said(await scene.ask(f"{scene.mention} help nissan foxconn"))


async def test_help_as_the_query_of_a_slash_command_is_help(scene: Scene) -> None:
    answer = await scene.reader.slash(scene.deals, "deal", query="help")
    assert private(answer)
    assert "`/deal`" in said(answer)


async def test_help_with_an_unknown_command_suggests_one(scene: Scene) -> None:
    assert "Did you mean `!follow`" in said(await scene.ask("!help folow"))
    assert "`!nothing` is not one of my commands." in said(await scene.ask("!help nothing"))


async def test_help_speaks_the_language_of_the_server(scene: Scene) -> None:
    await scene.editor.slash(scene.deals, "settings", language="de")
    page = await scene.ask("!help")
    assert "`/folgen`" in said(page)
    assert OVERVIEW not in said(page)
    check_limits(page)
    check_limits(await scene.reader.click(page, label=list(buttons(page))[-1]))
    check_limits(await open_menu(scene, page, "follow"))


async def test_help_names_whoever_runs_the_bot(stage: Stage) -> None:
    async with stage.open(CONTACT_URL="https://example.org/bot") as scene:
        assert "<https://example.org/bot>" in said(await scene.ask("!help"))


async def test_without_message_content_help_says_what_works(stage: Stage) -> None:
    async with stage.open(content=False) as scene:
        page = said(await scene.ask(f"{scene.mention} help"))
        assert "!deal" not in page
        assert "@TestBot deal" in page


@pytest.mark.parametrize(
    ("text", "example"),
    [
        ("!deal", "`!deal Nissan Foxconn`"),
        ("!story ", "`!story Nissan`"),
        ("!company", "`!company Nissan`"),
        ("!follow", "`!follow Nissan`"),
        ("!unfollow", "`!unfollow Nissan`"),
        ("!why", "`!why Nissan Foxconn`"),
        ("!timeline", "`!timeline Nissan Foxconn`"),
    ],
)
async def test_a_command_alone_shows_how_to_use_it(scene: Scene, text: str, example: str) -> None:
    answer = await scene.ask(text, by=scene.editor)
    assert f"such as {example}" in said(answer)
    assert "All commands" in buttons(answer)
    check_limits(answer)
    assert await scene.follows() == []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("dael", "!deal"),
        ("DAEL nissan", "!deal"),
        ("folow nissan", "!follow"),
        ("compayn", "!company"),
        ("laest", "!latest"),
    ],
)
async def test_a_mistyped_command_is_suggested(scene: Scene, typed: str, meant: str) -> None:
    answer = said(await scene.ask(f"!{typed}"))
    assert f"`!{typed.split()[0]}` is not one of my commands. Did you mean `{meant}`" in answer


@pytest.mark.parametrize(
    "typed", ["foo", "play music", "ban @somebody", "heal", "rank", "nosuchcommand", "", "!!", "d"]
)
async def test_commands_of_other_bots_are_left_alone(scene: Scene, typed: str) -> None:
    assert await scene.hears(f"!{typed}") == []


async def test_suggestions_do_not_flood_a_channel(scene: Scene) -> None:
    """Two in ten minutes, in a channel and for a person; commands go on."""
    for by in (scene.reader, scene.editor):
        assert len(await scene.hears("!dael nissan", by=by)) == 1
    third = scene.guild.add_member(scene.env.create_user("third"))
    assert await scene.hears("!dael nissan", by=third) == []
    assert len(await scene.hears("!dael nissan", by=third, at=scene.desk)) == 1
    assert CARD_OF_OPPAMA in said(await scene.ask("!deal nissan foxconn", by=third))
    await scene.env.advance_time(601)
    assert len(await scene.hears("!dael nissan", by=third)) == 1


async def test_in_a_dm_every_unknown_command_is_answered(scene: Scene) -> None:
    """There it can be meant for nobody else."""
    home = scene.reader.user.dm_channel
    for _ in range(3):
        answer = await scene.ask("!nosuchcommand", at=home)
        assert "`!nosuchcommand` is not one of my commands." in said(answer)
        assert "Help" in buttons(answer)


async def test_what_other_bots_mistype_is_left_alone(scene: Scene) -> None:
    other = scene.guild.add_member(scene.env.create_user("other-bot", bot=True))
    assert await scene.hears("!dael nissan", by=other) == []


async def test_a_mistyped_command_cannot_inject_markup(scene: Scene) -> None:
    answer = await scene.ask("!dael`**@everyone**", at=scene.reader.user.dm_channel)
    assert "`!dael'**@everyone**`" in said(answer)
    assert scene.pinged(answer) == []
