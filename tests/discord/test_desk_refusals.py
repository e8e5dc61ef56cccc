"""The desk's door: who may pass, and what is said of what is not right, with nothing lost that was typed."""

from __future__ import annotations

from typing import Any

import pytest
from simcord.builders import RoleHandle

from tests.discord.seen import OpenForm, buttons, message_of, private, said
from tests.discord.stage import OPPAMA, Scene, Stage


async def mended(scene: Scene, refusal: object) -> OpenForm:
    """Return the form that the refusal's button opens."""
    response = refusal.response  # type: ignore[attr-defined]  # an interaction's result
    return OpenForm(await scene.editor.click(response, label="Fix and resubmit"))


async def opened_to_all(scene: Scene) -> None:
    """Open the desk's commands to everyone, as Discord lets a server's administrators do."""
    command = scene.env.backend.find_command("desk", scene.guild.id)
    assert command is not None
    scene.guild.set_command_permissions(int(command["id"]), {scene.guild.default_role: True})


DENIAL = "stage: not allowed: a denial changes no stage"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"date": "14.9.2025"}, "date: expected a date as YYYY, YYYY-MM, YYYY-MM-DD or by YYYY-MM, not '14.9.2025'"),
        ({"date": "2025-02-30"}, "date: expected a date as YYYY"),
        ({"claim": "maybe"}, "claim: expected one of confirmed, reported, denied, not 'maybe'"),
        ({"stage": "soon"}, "stage: expected one of rumoured, talks, agreed"),
        ({"kind": "wedding"}, "kind: expected one of merger, acquisition"),
        ({"story": "zzgrbl"}, "No story matches “zzgrbl”"),
        ({"story": "nissan"}, "several stories match; choose one of"),
        ({"story": "toyota-third-generation-fuel-cell", "stage": "talks"}, "kind “Product” has no stage"),
        ({"story": OPPAMA, "claim": "denied", "stage": "terminated"}, "stage: not allowed: a denial changes"),
    ],
)
async def test_a_bad_option_is_told_before_the_form_opens(scene: Scene, options: dict[str, str], sentence: str) -> None:
    """Nobody types a text only to hear that the date was wrong."""
    answer = await scene.editor.slash(scene.desk, "desk publish", **options)
    assert answer.modal is None
    assert sentence in said(answer).replace("\\", "")
    assert private(answer)


@pytest.mark.parametrize(
    ("command", "options", "sentence"),
    [
        ("desk correct", {"story": OPPAMA, "development": "zzgrbl"}, "There is no such development in this story"),
        ("desk correct", {"story": OPPAMA, "development": "talks-reported", "stage": "soon"}, "stage: expected one of"),
        ("desk correct", {"story": OPPAMA, "development": "talks-reported", "claim": "denied"}, DENIAL),
        ("desk correct", {"story": OPPAMA, "development": "concrete-talks-denied", "stage": "talks"}, DENIAL),
        ("desk retract", {"story": OPPAMA, "development": "zzgrbl", "reason": "x"}, "no such development"),
        ("desk retract", {"story": OPPAMA, "development": "talks-reported", "reason": "x" * 201}, "at most 200"),
        ("desk retract", {"story": "zzgrbl", "development": "x", "reason": "x"}, "No story matches"),
        ("desk story", {"story": "zzgrbl"}, "No story matches"),
        ("desk story", {"kind": "wedding"}, "kind: expected one of"),
    ],
)
async def test_a_bad_option_of_the_other_commands_is_told(
    scene: Scene, command: str, options: dict[str, str], sentence: str
) -> None:
    answer = await scene.editor.slash(scene.desk, command, **options)
    assert sentence in said(answer).replace("\\", "")
    assert private(answer)


@pytest.mark.parametrize(
    ("sources", "sentence"),
    [
        ("Nikkei | title | ftp://x.example | 2025", "Source 1, link: expected an http:// or https:// link"),
        ("Nikkei\nReuters | t | https://r.example | soon", "Source 2, date: expected a date as YYYY"),
        ("| They sign", "Source 1 needs a publisher. Write: Publisher | title | link | date"),
        ("a | b | c | d | e | f", "Source 1 can't be read. Write: Publisher | title | link | date"),
        ("Nikkei | https://a.example | https://b.example", "Source 1 can't be read. Write: Publisher"),
    ],
)
async def test_a_bad_source_line_is_named_and_the_form_reopened(scene: Scene, sources: str, sentence: str) -> None:
    """A bad source line is named and mended without typing again."""
    form = await scene.form("desk publish", story=OPPAMA, date="2025-09", claim="confirmed")
    refusal = await scene.submit(form, headline="Precious", text="Long typed.", sources=sources)
    assert sentence in said(refusal).replace("\\", "")
    assert private(refusal)
    assert "**Headline**\nPrecious\n**Text**\nLong typed.\n**Sources (one per line)**" in said(refusal).replace(
        "\\", ""
    )
    assert "Precious" not in said(await scene.ask("!latest nissan"))
    again = await mended(scene, refusal)
    assert (again.text("Headline"), again.text("Text")) == ("Precious", "Long typed.")
    assert again.text("Sources (one per line)") == sources
    assert "Published" in said(await scene.submit(again, sources="Nikkei"))
    shown = said(await scene.ask("!latest nissan"))
    assert "Precious" in shown
    assert "Confirmed · September 2025" in shown, "what came with the command is kept too"


async def test_a_pasted_link_is_named_by_its_host(scene: Scene) -> None:
    form = await scene.form("desk publish", story=OPPAMA)
    await scene.submit(form, headline="Just a link", sources="https://www.paper.example/news/1")
    assert "paper.example" in said(await scene.ask("!latest nissan"))


async def test_after_a_restart_a_refused_form_still_shows_the_text(scene: Scene) -> None:
    form = await scene.form("desk publish", story=OPPAMA)
    refusal = await scene.submit(form, headline="Precious", sources="|||||")
    await scene.restart()
    answer = await scene.editor.click(message_of(refusal), label="Fix and resubmit")
    assert "the bot has restarted" in said(answer)
    assert "Precious" in said(refusal)


async def test_a_mended_correction_keeps_every_change(scene: Scene) -> None:
    """What was right in the refused form is carried out with what was mended."""
    form = await scene.form("desk correct", story=OPPAMA, development="talks-reported")
    refusal = await scene.submit(form, headline="A better headline", sources="a | b | c | d | e")
    again = await mended(scene, refusal)
    assert again.text("Headline") == "A better headline"
    await scene.submit(again, sources="Nikkei")
    answer = said(await scene.ask("!deal oppama"))
    assert "A better headline" in answer
    assert "Nikkei" in answer


async def test_a_mended_form_remembers_the_story_that_was_picked(scene: Scene) -> None:
    refusal = await scene.submit(await scene.form("desk publish"), story=OPPAMA, headline="Precious", sources="|||||")
    again = await mended(scene, refusal)
    assert again.chosen("Story") == [OPPAMA]
    await scene.submit(again, sources="")
    assert "Precious" in said(await scene.ask("!latest nissan"))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"related": "Not-A-Slug!"}, "Related story 1: expected kebab-case"),
        ({"parties": "A | b | c"}, "Party 1 can't be read. Write: Company | role"),
        ({"parties": "Nissan\n| b"}, "Party 2 needs a company. Write: Company | role"),
        ({"parties": "Nissan | b\nNissan | b"}, "Parties: expected each company once per role"),
    ],
)
async def test_a_bad_story_form_is_told_and_mended(scene: Scene, typed: dict[str, Any], sentence: str) -> None:
    form = await scene.form("desk story", story=OPPAMA)
    refusal = await scene.submit(form, summary="A better summary.", **typed)
    assert sentence in said(refusal).replace("\\", "")
    again = await mended(scene, refusal)
    await scene.submit(again, parties="Nissan", related="")
    answer = said(await scene.ask("!deal oppama"))
    assert "A better summary." in answer


async def test_a_stage_needs_a_deal_also_in_a_story_picked_in_the_form(scene: Scene) -> None:
    form = await scene.form("desk publish", stage="talks")
    refusal = await scene.submit(form, story="xpeng-g6-uk", headline="Precious")
    assert "kind Product is not a deal" in said(refusal)


async def test_a_story_with_stages_must_stay_a_deal(scene: Scene) -> None:
    """A kind that is no deal is refused for a story with stages."""
    refusal = await scene.submit(await scene.form("desk story", story=OPPAMA, kind="plant"))
    assert "expected a kind of deal" in said(refusal)


async def test_readers_do_not_see_the_desk(scene: Scene) -> None:
    assert not [name for name in scene.reader.available_commands(scene.desk) if name.startswith("desk")]


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("desk publish", {}),
        ("desk story", {}),
        ("desk correct", {"story": OPPAMA, "development": "talks-reported"}),
        ("desk retract", {"story": OPPAMA, "development": "talks-reported", "reason": "x"}),
    ],
)
async def test_readers_are_refused_though_they_see_the_commands(
    scene: Scene, command: str, options: dict[str, str]
) -> None:
    """Discord's own command permissions are a default that a server can change."""
    await opened_to_all(scene)
    answer = await scene.reader.slash(scene.desk, command, **options)
    assert "Only the desk can do this: members with Manage Server." in said(answer)
    assert private(answer)
    assert answer.modal is None


async def test_a_former_editor_cannot_send_an_open_form(scene: Scene) -> None:
    """An editor who was dismissed cannot send the form that is open."""
    form = await scene.form("desk publish", story=OPPAMA)
    roles: RoleHandle = scene.guild.roles["Editors"]
    scene.env.backend.remove_member_role(scene.guild.id, scene.editor.id, roles.id)
    refusal = await scene.submit(form, headline="Too late")
    assert "Only the desk can do this" in said(refusal)
    assert "Too late" not in said(await scene.ask("!latest nissan"))


async def test_with_a_desk_role_only_its_holders_are_editors(scene: Scene) -> None:
    """They see the commands without Manage Server; those who have just that are refused."""
    role = scene.guild.create_role("Newsroom")
    await scene.env.settle()
    await scene.restart(desk_role_id=role.id)
    writer = scene.guild.add_member(scene.env.create_user("writer"), roles=[role])
    assert "desk publish" in writer.available_commands(scene.desk)
    form = await scene.form("desk publish", by=writer, story=OPPAMA)
    assert "Published" in said(await scene.submit(form, by=writer, headline="By role"))
    for who in (scene.editor, scene.reader):
        refusal = await who.slash(scene.desk, "desk publish")
        assert f"Only the desk can do this: members with <@&{role.id}>" in said(refusal)
        assert scene.pinged(refusal) == []


async def test_with_the_desk_on_another_server_there_is_none_here(stage: Stage) -> None:
    """Not as a command, and not behind the button of `!desk` either."""
    async with stage.open(DESK_GUILD_ID="1400000000000000001") as scene:
        assert "desk publish" not in scene.editor.available_commands(scene.desk)
        clicked = await scene.editor.click(await scene.ask("!desk", by=scene.editor), label="Publish a development")
        assert "The desk only works in its own server" in said(clicked)


async def test_a_typed_desk_command_offers_the_form_by_a_button(scene: Scene) -> None:
    """Desk typed with the prefix says slash only and opens the form by a button."""
    answer = await scene.ask("!desk", by=scene.editor)
    assert "slash commands" in said(answer)
    assert buttons(answer) == {"Publish a development": True}
    form = OpenForm(await scene.editor.click(answer, label="Publish a development"))
    assert "Published" in said(await scene.submit(form, story=OPPAMA, headline="By button"))
    refused = await scene.reader.click(answer, label="Publish a development")
    assert "Only the desk can do this" in said(refused)
    assert private(refused)


@pytest.mark.parametrize("text", ["!desk publish", "!desk publish nissan-foxconn-oppama 2025", "!desk correct"])
async def test_a_desk_command_typed_in_full_says_so_too(scene: Scene, text: str) -> None:
    assert "Publish a development" in buttons(await scene.ask(text, by=scene.editor))


async def test_the_applications_owner_is_the_desk_without_any_role(scene: Scene) -> None:
    await opened_to_all(scene)
    scene.client.owner_id = scene.reader.id
    form = await scene.form("desk publish", by=scene.reader, story=OPPAMA)
    assert "Published" in said(await scene.submit(form, by=scene.reader, headline="By the owner"))
