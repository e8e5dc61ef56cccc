"""What the documents say about settings, commands, files and modules is what the code has."""

from __future__ import annotations

import argparse
import importlib
import re
import tomllib
from pathlib import Path

import pytest

from bot.__main__ import _build_parser
from bot.delivery.retention import GUILD_RETENTION
from bot.languages import LANGUAGES
from bot.library.catchup import LAST_SEEN_RETENTION
from bot.newsroom.drafts import parse_story
from bot.newsroom.reader_report_queue import RETENTION as REPORT_RETENTION
from bot.newsroom.story_files import read_file
from bot.settings import SETTINGS
from bot.store.articles import RETENTION as ARTICLE_RETENTION
from bot.store.tables import metadata
from bot.terminal.feeds_arguments import add_feeds_arguments

#: The columns that hold an id of Discord's, or an actor, who may be named by one.
ID_COLUMNS = set(
    "user_id owner_id guild_id channel_id discord_id message_id role_id roles created_by added_by decided_by settled_by actor"
    " left_at".split()
)
ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
DOCUMENTS = sorted(
    [
        ROOT / "README.md",
        ROOT / "PRIVACY.md",
        ROOT / "CONTRIBUTING.md",
        ROOT / "tests" / "README.md",
        *(ROOT / "docs").rglob("*.md"),
    ]
)
_PATH = re.compile(r"`((?:bot|cogs|tests|benchmarks|docs|seeds)/[\w./-]*)`")
_DOTTED = re.compile(r"`((?:bot|cogs)(?:\.\w+)+)`")
_LINK = re.compile(r"\]\((?!https?://|#)([^)#\s]+)")
_TARGET = re.compile(r"`make ([a-z-]+)")


def table(heading: str) -> list[list[str]]:
    """Return the cells of the first table under a heading of the README, without its own heading row."""
    section = README.split(f"\n## {heading}\n", 1)[1].split("\n## ")[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def test_the_settings_table_lists_every_setting_as_the_code_does() -> None:
    in_code = [[f"`{name}`", f"`{default}`" if default else "", meaning] for name, default, meaning in SETTINGS]
    assert table("Settings") == in_code


def test_the_example_environment_lists_every_setting() -> None:
    """The example environment lists every setting with its default."""
    written = re.findall(r"^#?([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert written == [(name, default) for name, default, _ in SETTINGS]


def test_the_table_of_terminal_commands_lists_every_command() -> None:
    named = [re.findall(r"dealwire (\w+)", row[0])[0] for row in table("In the terminal")]
    choices = next(action.choices for action in _build_parser()._actions if action.choices)
    assert choices is not None
    assert sorted(named) == sorted(choices)


def test_the_table_of_feeds_lists_every_word(tmp_path: Path) -> None:
    """The table of feeds lists every word, and its example is a file of feeds."""
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
    rows = re.findall(r"^\| (.+?) \|", (ROOT / "docs" / "dependencies.md").read_text().lower(), re.MULTILINE)
    packages = [re.sub(r" \(.*", "", name) for row in rows[1:] for name in re.sub(r" \(.*?\)", "", row).split(", ")]
    assert sorted(packages) == sorted(names)


def test_the_readme_names_every_language() -> None:
    """The README names every language, and a command's name in it."""
    section = README.split("\n### Languages\n", 1)[1].split("\n### ")[0]
    called = [language.catalogue.pgettext("command name", "follow") for language in LANGUAGES.values()]
    assert [language.name for language in LANGUAGES.values() if language.name not in section] == []
    assert re.findall(r"`(/[^`]+)`", section) == [f"/{name}" for name in called]


def test_the_privacy_text_names_every_table_with_ids_of_discord() -> None:
    """And how long it is kept, where that is a number of days."""
    text = (ROOT / "PRIVACY.md").read_text()
    personal = {table.name for table in metadata.sorted_tables if ID_COLUMNS & set(table.columns.keys())}
    assert personal - set(re.findall(r"`(\w+)`", text)) == set()
    for period in (GUILD_RETENTION, LAST_SEEN_RETENTION, REPORT_RETENTION, ARTICLE_RETENTION):
        assert f"{period.days} days" in text


def test_the_texts_for_the_portal_fit_its_fields() -> None:
    """The limits are those of Discord's API for a description and for tags."""
    text = (ROOT / "docs" / "portal.md").read_text()
    blocks = dict(re.findall(r"\*\*([\w ]+)\*\*.*?\n\n```text\n(.*?)\n```", text, re.DOTALL))
    assert len(blocks["Description"]) <= 400
    tags = blocks["Tags"].splitlines()
    assert len(tags) <= 5
    assert max(map(len, tags)) <= 20


def names_of(document: Path, pattern: re.Pattern[str]) -> set[str]:
    return set(pattern.findall(document.read_text(encoding="utf-8")))


def resolves(dotted: str) -> bool:
    """Return whether a module, or what stands in one, has this name."""
    module, _, attribute = dotted.rpartition(".")
    try:
        importlib.import_module(dotted)
    except ModuleNotFoundError:
        return hasattr(importlib.import_module(module), attribute)
    return True


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_a_document_names_is_there(document: Path) -> None:
    missing = {path for path in names_of(document, _PATH) if not (ROOT / path).exists()}
    assert {path for path in missing if "NNNN" not in path} == set()
    assert {link for link in names_of(document, _LINK) if not (document.parent / link).exists()} == set()
    assert {dotted for dotted in names_of(document, _DOTTED) if not resolves(dotted)} == set()


def test_the_documents_name_makes_targets() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set.union(*(names_of(document, _TARGET) for document in DOCUMENTS)) <= targets
