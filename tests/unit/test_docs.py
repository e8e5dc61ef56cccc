"""What the documents say about commands, settings, files and modules is what the code has."""

from __future__ import annotations

import ast
import importlib
import json
import re
import shlex
import tomllib
from pathlib import Path

import pytest

import bot
from bot.__main__ import _build_parser, _protect_exclusions
from bot.delivery.retention import GUILD_RETENTION
from bot.languages import LANGUAGES
from bot.library.catchup import LAST_SEEN_RETENTION
from bot.newsroom.drafts import parse_story
from bot.newsroom.reader_report_queue import RETENTION as REPORT_RETENTION
from bot.newsroom.story_files import read_file
from bot.query.question_kinds import find_question_kind
from bot.settings import SETTINGS
from bot.store.articles import RETENTION as ARTICLE_RETENTION
from bot.store.tables import metadata
from tests.reference.tables import get_subcommands
from tests.unit.documents import (
    DOCUMENTS,
    ROOT,
    CodeBlock,
    list_anchors,
    list_blocks,
    list_code_spans,
    list_links,
    name_of,
    read,
)

#: The columns that hold an id of Discord's, or an actor, who may be named by one.
ID_COLUMNS = set(
    "user_id owner_id guild_id channel_id discord_id message_id role_id roles created_by added_by decided_by settled_by actor"
    " left_at".split()
)
#: A README is one and a half screens; the rest belongs into docs/.
README_LINES = 100
#: What looks like a command and is a page of the HTTP port.
HTTP_PAGES = {"healthz", "metrics"}
COMMANDS = read(ROOT / "docs" / "reference" / "commands.md")
MAKE_TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
#: The options of PostgreSQL's programs that the documents use (https://www.postgresql.org/docs/current/reference-client.html).
SERVER_OPTIONS = {
    "createuser": set(),
    "createdb": {"--owner", "--encoding", "--template", "--locale"},
    "pg_dump": {"--format", "--file"},
    "pg_restore": {"--no-owner", "--exit-on-error", "--dbname"},
}
_PATH = re.compile(r"`((?:bot|cogs|tests|benchmarks|docs|seeds)/[\w./-]*)`")
_DOTTED = re.compile(r"`((?:bot|cogs)(?:\.\w+)+)`")
_TARGET = re.compile(r"`make ([a-z-]+)")
_FOLDER = re.compile(r"/(?:opt|var|etc|data)/")
_SLASH = re.compile(r"[/!]([^\W\d][\w-]*(?: [^\W\d][\w-]*)?)")

each_document = pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)


def name_block(block: CodeBlock) -> str:
    """Return a name for a block in the list of tests: its document and its first line."""
    return f"{name_of(block.document)}: {block.text.strip().splitlines()[0][:30]}"


def each_block(*languages: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("block", list_blocks(*languages), ids=name_block)


def test_the_readme_is_short() -> None:
    """It has the two commands, and shows neither too much nor a setting's whole story."""
    readme = read(ROOT / "README.md")
    assert len(readme.splitlines()) <= README_LINES
    assert "$ make demo" in readme
    assert "$ make test" in readme


@each_document
def test_no_link_is_dead(document: Path) -> None:
    """Every relative link leads to a file, and to a heading of it if it has an anchor."""
    missing = []
    for path, anchor in list_links(document):
        if not path.exists() or (anchor and anchor not in list_anchors(path)):
            missing.append(f"{path}#{anchor}" if anchor else str(path))
    assert missing == []


def test_the_index_lists_every_document() -> None:
    """The index of ``docs/`` links every document there, except the decisions, which have an index of their own."""
    linked = {path.resolve() for path, _ in list_links(ROOT / "docs" / "README.md")}
    documents = {path for path in DOCUMENTS if path.is_relative_to(ROOT / "docs") and path.parent.name != "decisions"}
    assert documents - linked == {ROOT / "docs" / "README.md"}


@each_document
def test_what_a_document_names_exists(document: Path) -> None:
    """Files, modules and targets of make that are written as code."""
    text = read(document)
    assert {path for path in _PATH.findall(text) if not (ROOT / path).exists() and "NNNN" not in path} == set()
    assert {dotted for dotted in _DOTTED.findall(text) if not resolves(dotted)} == set()
    assert set(_TARGET.findall(text)) <= MAKE_TARGETS


def resolves(dotted: str) -> bool:
    """Return whether a module, or an attribute of one, has this name."""
    module, _, attribute = dotted.rpartition(".")
    try:
        importlib.import_module(dotted)
    except ModuleNotFoundError:
        return hasattr(importlib.import_module(module), attribute)
    return True


def test_every_block_of_code_has_a_checked_language() -> None:
    known = {"console", "json", "mermaid", "python", "text", "toml"}
    assert {
        (name_of(block.document), block.language) for block in list_blocks() if block.language not in known
    } == set()


@each_block("console")
def test_console_blocks_are_accepted(block: CodeBlock) -> None:
    """Each command is one that exists and accepts its arguments. None is run."""
    lines = [line.removeprefix("$ ") for line in block.text.splitlines() if line.startswith("$ ")]
    assert lines
    for line in lines:
        check_command_line(shlex.split(line, comments=True))


def check_command_line(words: list[str]) -> None:
    match words:
        case ["make", *targets]:
            assert {target for target in targets if "=" not in target} <= MAKE_TARGETS
        case ["dealwire" | ".venv/bin/dealwire" | "/opt/dealwire/bin/dealwire", *arguments]:
            _build_parser().parse_args(_protect_exclusions(arguments))
        case [".venv/bin/python", "-m", module, *arguments]:
            source = ROOT / f"{module.replace('.', '/')}.py"
            options = [word for word in arguments if word.startswith("--")]
            assert [option for option in options if f'"{option}"' not in source.read_text()] == []
        case (
            ["sudo", "-u", "dealwire", "env", "--chdir=/var/lib/dealwire", *command]
            | ["sudo", *command]
            | ["docker", "compose", "exec", "dealwire", *command]
        ):
            check_command_line(command)
        case ["useradd", "--system", *_, user] | ["install", "-d", "-o", user, *_]:
            assert user == "dealwire"
        case ["cp", source_name, _] | ["install", "-o", "dealwire", "-g", "dealwire", "-m", "600", source_name, _]:
            # Whoever runs the bot makes .env from the example.
            assert (ROOT / (".env.example" if source_name == ".env" else source_name)).exists()
        case ["docker", "compose", "up" | "logs" | "cp", *_] | ["systemctl", *_]:
            assert (ROOT / "compose.yaml").exists()
        case ["python3", "-m", "venv", _] | ["/opt/dealwire/bin/pip", "install", _]:
            assert words[-1] in ("/opt/dealwire", ".[embeddings,pages,pictures]")
        case _:
            assert words == ["git", "pull"] or is_server_command(words)


def is_server_command(words: list[str]) -> bool:
    """Return whether it is a command of PostgreSQL's programs, or one that starts the containers of several files."""
    program, *arguments = words
    if words[:3] == ["docker", "compose", "--file"]:
        return all((ROOT / name).exists() for name in arguments if name.endswith(".yaml"))
    return {word.partition("=")[0] for word in arguments if word[0] == "-"} <= SERVER_OPTIONS[program]


@each_block("toml")
def test_toml_blocks_are_files_that_import_accepts(block: CodeBlock, tmp_path: Path) -> None:
    file = tmp_path / "example.toml"
    file.write_text(block.text, encoding="utf-8")
    parsed = read_file(file)
    assert parsed.story or parsed.companies or parsed.feeds


def test_the_commented_keys_of_the_example_story_are_valid() -> None:
    """What the example shows in comments is accepted too: first the outcome with its development, then with its reason."""
    example = next(block.text for block in list_blocks("toml") if 'slug = "' in block.text)
    for comments, outcome in (("outcome|development", "happened"), ("outcome|reason", "dropped")):
        text = re.sub(rf"^# ({comments})", r"\1", example, flags=re.MULTILINE)
        data = tomllib.loads(text.replace('outcome = "happened"', f'outcome = "{outcome}"'))
        assert parse_story(data).expected_events[0].outcome == outcome


@each_block("json")
def test_json_blocks_parse(block: CodeBlock) -> None:
    json.loads(block.text)


@each_block("python")
def test_python_blocks_parse(block: CodeBlock) -> None:
    ast.parse(block.text)


def test_commands_in_the_documents_exist() -> None:
    """What is written as a command of Discord's is one, in any language: ``/desk publish``, ``!deal``, ``/folgen``."""
    headings = re.findall(r"^### (\S.*)$", COMMANDS, re.MULTILINE)
    known = {*headings, *_SLASH.findall(COMMANDS.split("<!-- generated: translated names -->")[1])}
    known |= set(_SLASH.findall(" ".join(re.findall(r"\(also (.*)\)", COMMANDS))))
    known |= HTTP_PAGES
    groups = {name.split()[0] for name in known if " " in name}
    unknown = []
    for document in DOCUMENTS:
        for text in list_commands_in(document):
            name = _SLASH.findall(text)[0]
            word, _, below = name.partition(" ")
            if name not in known and (below if word in groups else word not in known):
                unknown.append(f"{name_of(document)}: {text}")
    assert unknown == []


def test_options_in_the_documents_exist() -> None:
    """What a command of Discord's is written with is an option of it: ``/follow target:nissan``."""
    sections = re.findall(r"^### (\S[^\n]*)\n(.*?)(?=^###? |\Z)", COMMANDS, re.MULTILINE | re.DOTALL)
    options = {name: set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)) for name, text in sections}
    unknown = []
    for document in DOCUMENTS:
        for text in list_commands_in(document):
            used = set(re.findall(r" (\w+):(?!//)", text))
            name = next((name for name in options if re.match(rf"[/!]{name}\b", text)), "")
            if used - options.get(name, set()):
                unknown.append(f"{name_of(document)}: {text}")
    assert unknown == []


def list_commands_in(document: Path) -> list[str]:
    """Return what may be a command of Discord's: code within the text, and the lines of blocks of plain text."""
    blocks = [block.text for block in list_blocks("text") if block.document == document]
    lines = [line for text in blocks for line in text.splitlines()]
    return [text for text in [*list_code_spans(document), *lines] if _SLASH.match(text) and not _FOLDER.match(text)]


def test_terminal_commands_in_the_documents_exist() -> None:
    """What is written as ``dealwire WORD`` within a text is a command."""
    commands = get_subcommands(_build_parser())
    words = {
        span.split()[1] for document in DOCUMENTS for span in list_code_spans(document) if span.startswith("dealwire ")
    }
    assert {word for word in words if word.isalpha() and word.islower()} <= set(commands)


def test_the_example_environment_lists_every_setting() -> None:
    """The example environment lists every setting with its default."""
    written = re.findall(r"^#?([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert written == [(name, default) for name, default, _ in SETTINGS]


def test_every_dependency_is_justified_in_a_line() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    extras = project["project"]["optional-dependencies"].values()
    groups = project["dependency-groups"].values()
    wanted = [*project["project"]["dependencies"], *(p for part in (*extras, *groups) for p in part)]
    names = {re.split(r"[\[<>=]", requirement)[0].lower() for requirement in wanted}
    table = (ROOT / "docs" / "dependencies.md").read_text().lower().split("\n## ")[0]
    rows = re.findall(r"^\| (.+?) \|", table, re.MULTILINE)
    packages = [re.sub(r" \(.*", "", name) for row in rows[1:] for name in re.sub(r" \(.*?\)", "", row).split(", ")]
    assert sorted(packages) == sorted(names)


def section_of(document: str, heading: str) -> str:
    """Return the text under a heading of the second level."""
    return read(ROOT / document).split(f"\n## {heading}\n", 1)[1].split("\n## ")[0]


def test_every_language_is_named() -> None:
    """The page about questions names every language, and a command's name in it."""
    section = section_of("docs/questions.md", "Languages")
    called = [language.catalogue.pgettext("command name", "follow") for language in LANGUAGES.values()]
    assert [language.name for language in LANGUAGES.values() if language.name not in section] == []
    assert re.findall(r"`(/[^`]+)`", section) == [f"/{name}" for name in called]


def test_the_direct_questions_are_recognised() -> None:
    """Each row has a question in every language, and all of a row want to know the same."""
    rows = [
        line.split("|")[1] for line in section_of("docs/questions.md", "Direct answers").splitlines() if "| `" in line
    ]
    kinds = [{find_question_kind(question) for question in re.findall(r"`([^`]+)`", row)} for row in rows]
    assert [len(re.findall(r"`([^`]+)`", row)) for row in rows] == [len(LANGUAGES)] * len(rows)
    assert all(len(kind) == 1 and None not in kind for kind in kinds)
    assert len(set(map(frozenset, kinds))) == len(rows)


def test_the_changelog_begins_with_this_version() -> None:
    """With a date, and a version is mentioned once."""
    versions = re.findall(r"^## (\S+) - \d{4}-\d\d-\d\d$", read(ROOT / "CHANGELOG.md"), re.MULTILINE)
    assert versions[0] == bot.__version__
    assert versions == re.findall(r"^## (\S+)", read(ROOT / "CHANGELOG.md"), re.MULTILINE)
    assert len(set(versions)) == len(versions)


def test_the_security_policy_supports_this_version() -> None:
    series = ".".join(bot.__version__.split(".")[:2])
    assert f"| {series}.x | yes |" in read(ROOT / "SECURITY.md")


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
