"""Whatever people send is cut to its field's limit before anything reads it."""

from __future__ import annotations

import time
from typing import Any

import discord
import pytest
from discord import app_commands

from bot.library.library import Library
from bot.model.reader_report import ReportAudience
from bot.platforms.discord.user_input import MAX_MESSAGE_LENGTH, QUESTION_LIMIT, truncate_message, truncate_options
from cogs.delivery_settings import SettingsModal
from cogs.follows.follow_management import FollowModal
from cogs.modal import RetryableModal
from cogs.reader_reports import ReportModal
from tests.discord.seen import said
from tests.discord.stage import Scene

LONGEST = 6_000
#: The most that any option is read of.
MOST = 1_040


@pytest.fixture
def lengths(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How long the texts are that the library is given, by whichever of its methods."""
    seen: list[int] = []

    def spy(name: str) -> None:
        genuine = getattr(Library, name)

        async def recording(self: Library, text: str, *arguments: Any, **options: Any) -> Any:
            seen.append(len(text))
            return await genuine(self, text, *arguments, **options)

        monkeypatch.setattr(Library, name, recording)

    for name in (
        "answer",
        "ask",
        "find_company",
        "resolve_company_name",
        "complete_story",
        "complete_company",
        "find_only_company",
        "resolve_story",
        "get_story",
    ):
        spy(name)
    return seen


async def test_the_library_is_asked_no_more_than_a_question(scene: Scene, lengths: list[int]) -> None:
    text = "x" * 1_900
    for command in ("deal", "story", "company", "timeline", "deals", "latest", "follow", "unfollow", "why"):
        await scene.hears(f"!{command} {text}", by=scene.editor)
    await scene.hears(f"{scene.mention} {text}")
    await scene.hears(text, at=scene.reader.user.dm_channel)
    assert len(lengths) >= 11
    assert max(lengths) <= QUESTION_LIMIT


@pytest.mark.parametrize("by_autocomplete", [False, True])
async def test_options_are_cut_also_while_they_are_typed(
    scene: Scene, lengths: list[int], by_autocomplete: bool
) -> None:
    text = "x" * LONGEST
    for command, option in (
        ("deal", "query"),
        ("story", "query"),
        ("company", "name"),
        ("deals", "company"),
        ("follow", "target"),
    ):
        if by_autocomplete:
            await scene.reader.autocomplete(scene.deals, command, option, text)
        else:
            await scene.reader.slash(scene.deals, command, **{option: text})
    assert len(lengths) >= 5
    assert max(lengths) <= QUESTION_LIMIT


async def test_quiet_hours_of_thousands_of_blanks_hold_nobody_up(scene: Scene) -> None:
    """Four times as many blanks took sixteen times the CPU time, which a busy machine does not change."""

    async def seconds(blanks: int) -> float:
        began = time.process_time()
        refused = await scene.reader.user.slash("settings", quiet_hours="1" + " " * blanks + "x")
        assert "is not a time range like 22:00-07:00" in said(refused)
        return time.process_time() - began

    few, many = await seconds(LONGEST // 4), await seconds(LONGEST - 2)
    assert many < 5 * few + 0.1


async def test_every_option_of_every_command_has_a_limit(scene: Scene) -> None:
    """Those of subcommands too; numbers and channels stay as they are."""
    commands = [
        *scene.client.tree.walk_commands(),
        *scene.client.tree.walk_commands(guild=discord.Object(scene.guild.id)),
    ]
    names = {
        option.name
        for command in commands
        if isinstance(command, app_commands.Command)
        for option in command.parameters
        if option.type is discord.AppCommandOptionType.string
    }
    assert {"query", "words", "address", "quiet_hours", "reason"} <= names
    options: list[dict[str, Any]] = [{"name": name, "value": "x" * LONGEST} for name in sorted(names)]
    nested: list[dict[str, Any]] = [
        {"name": "list", "options": [{"name": "add", "options": options}]},
        {"name": "cap", "value": 5},
    ]
    truncate_options(nested)
    assert max(len(option["value"]) for option in options) <= MOST
    assert {len(option["value"]) for option in options if option["name"] in ("query", "quiet_hours", "target")} == {200}
    assert nested[1]["value"] == 5


async def test_form_fields_are_cut_to_their_limits(scene: Scene) -> None:
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    (follow,) = await scene.follows()
    table = await scene.container.services.delivery_settings.get(scene.guild.id)
    forms: list[RetryableModal] = [ReportModal("key", ReportAudience.DESK), FollowModal(follow), SettingsModal(table)]
    for form in forms:
        for name, text in form._fields.items():
            text._value = "x" * LONGEST
            assert len(form.values.get(name)) == text.max_length
            assert text.max_length is not None


def test_a_message_is_cut_and_only_a_command_is_made_narrow() -> None:
    assert len(truncate_message("!deal " + "x" * LONGEST, "!")) == MAX_MESSAGE_LENGTH
    assert truncate_message("！ｄｅａｌ ｎｉｓｓａｎ", "!") == "!deal ｎｉｓｓａｎ"
    assert truncate_message("ｄｅａｌ ｎｉｓｓａｎ", "!") == "ｄｅａｌ ｎｉｓｓａｎ"
    assert truncate_message("", "!") == ""
