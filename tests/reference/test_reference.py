"""The tables of ``docs/reference`` are those that the code gives."""

from __future__ import annotations

import re

from tests.languages.gathering import texts_of
from tests.reference.commands import list_commands, open_client
from tests.reference.story_files import KEYS, find_accepted_keys, find_required_keys
from tests.reference.tables import ROOT, build_blocks, replace_blocks


async def test_the_reference_is_up_to_date() -> None:
    outdated = []
    for document, blocks in (await build_blocks()).items():
        text = document.read_text(encoding="utf-8")
        if replace_blocks(text, blocks) != text:
            outdated.append(str(document.relative_to(ROOT)))
    assert outdated == [], f"{', '.join(outdated)}: the tables differ from the code; run `make reference`"


async def test_the_reference_has_every_command() -> None:
    """Every name and description of a command or option that Discord shows is in ``commands.md``."""
    text = (ROOT / "docs" / "reference" / "commands.md").read_text(encoding="utf-8")
    async with open_client() as client:
        told = {told for command in list_commands(client) for context, told in texts_of(command) if "name" in context}
    assert {name for name in told if not re.search(rf"\b{re.escape(name)}\b", text)} == set()


def test_every_key_of_a_story_file_is_described() -> None:
    """The descriptions have the keys that the parser accepts, in its order."""
    assert {table: tuple(keys) for table, keys in KEYS.items()} == find_accepted_keys()


def test_required_keys_are_found() -> None:
    required = find_required_keys()
    assert required["story"] == {"slug", "headline", "summary", "kind"}
    assert required["source"] == {"publisher"}
    assert required["feed"] == {"url"}
