"""What the documents say about settings and commands is what the code has."""

from __future__ import annotations

import argparse
import re
import tomllib
from pathlib import Path

from bot.__main__ import _build_parser
from bot.languages import LANGUAGES
from bot.newsroom.drafts import parse_story
from bot.newsroom.story_files import read_file
from bot.settings import SETTINGS
from bot.terminal.feeds_arguments import add_feeds_arguments

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


def table(heading: str) -> list[list[str]]:
    """The cells of the first table under a heading of the README, without its own heading row."""
    section = README.split(f"\n## {heading}\n", 1)[1].split("\n## ")[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def test_the_settings_table_lists_every_setting_as_the_code_does() -> None:
    in_code = [[f"`{name}`", f"`{default}`" if default else "", meaning] for name, default, meaning in SETTINGS]
    assert table("Settings") == in_code


def test_the_example_environment_lists_every_setting_with_its_default() -> None:
    written = re.findall(r"^#?([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert written == [(name, default) for name, default, _ in SETTINGS]


def test_the_table_of_terminal_commands_lists_every_command() -> None:
    named = [re.findall(r"dealwire (\w+)", row[0])[0] for row in table("In the terminal")]
    choices = next(action.choices for action in _build_parser()._actions if action.choices)
    assert choices is not None
    assert sorted(named) == sorted(choices)


def test_the_table_of_feeds_lists_every_word_and_its_example_is_a_file(tmp_path: Path) -> None:
    named = [re.findall(r"\w+", row[0])[0] for row in table("Feeds")]
    words = argparse.ArgumentParser().add_subparsers()
    add_feeds_arguments(words, argparse.ArgumentParser(add_help=False))
    assert named == list(words.choices)
    file = tmp_path / "feeds.toml"
    file.write_text(README.split("## Feeds")[1].split("```toml\n")[1].split("```")[0])
    assert len(read_file(file).feeds) == 1


def test_the_story_file_of_the_readme_is_one() -> None:
    example = README.split("```toml\n")[1].split("```")[0]
    assert parse_story(tomllib.loads(example)).slug == "nissan-foxconn-oppama"


def test_the_two_commands_are_targets_of_the_makefile() -> None:
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert {"demo", "test", "ready", "run", "check", "newcomer"} <= set(targets)


def test_every_dependency_is_justified_in_a_line() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    extras = project["project"]["optional-dependencies"].values()
    groups = project["dependency-groups"].values()
    wanted = [*project["project"]["dependencies"], *(p for part in (*extras, *groups) for p in part)]
    names = {re.split(r"[\[<>=]", requirement)[0].lower() for requirement in wanted}
    told = (ROOT / "CONTRIBUTING.md").read_text().split("## Dependencies")[1].lower()
    assert [name for name in sorted(names) if name not in told] == []


def test_the_readme_names_every_language_and_what_a_command_is_called_in_it() -> None:
    section = README.split("\n### Languages\n", 1)[1].split("\n### ")[0]
    called = [language.catalogue.pgettext("command name", "follow") for language in LANGUAGES.values()]
    assert [language.name for language in LANGUAGES.values() if language.name not in section] == []
    assert re.findall(r"`(/[^`]+)`", section) == [f"/{name}" for name in called]
