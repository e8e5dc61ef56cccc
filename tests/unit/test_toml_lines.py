"""An error about a file names the line of what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.container import Container
from bot.errors import FilesRejected
from bot.newsroom.toml_lines import find_line
from tests.unit.newsdesk import GOOD, take_in, write_files

TEXT = '''slug = "a"
summary = """
[[development]]
kind = "no key"
"""  # [[party]]
kind = "merger"
related = [
    "b",
]
[[party]]
company = "Acme"
[[development]]
date = "2025"
[[development.source]]
publisher = "One"
[[development]]
date = "2026"
[[development.source]]
publisher = "Two"
[[development.source]]
url = "x"
'''


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("slug", 1),
        ("kind", 6),
        ("related[1]", 7),
        ("party[1].company", 11),
        ("party[1].role", 10),
        ("development[2].date", 17),
        ("development[2].headline", 16),
        ("development[1].source[1].publisher", 15),
        ("development[2].source[2].url", 21),
        ("development[2].source[2].publisher", 20),
        ("development[9].date", 0),
        ("headline", 0),
        ("party", 0),
        ("development", 0),
    ],
)
def test_the_line_of_a_key_is_found(key: str, line: int) -> None:
    """Of a key that is missing, that of its table; what is in a string or a comment is neither."""
    assert find_line(TEXT, key) == line


async def test_every_bad_file_is_named_with_its_line(container: Container, tmp_path: Path) -> None:
    """Also those that only the store or the other files make wrong; the good ones among them are not stored."""
    wrong_kind = GOOD.replace("acme-roadworks", "b").replace('kind = "acquisition"', 'kind = "wedding"')
    no_sense = 'slug = "honda-nissan-merger"\nheadline = "H"\nsummary = "S"\nkind = "event"\n'
    files: dict[str, str | bytes] = {
        "a.toml": "slug = 1\n[[party\n",
        "b.toml": wrong_kind,
        "c.toml": no_sense,
        "d.toml": b'slug = "d"\nheadline = "caf\xe9"\n',
        "e.toml": GOOD,
        "feeds.toml": '[[feed]]\nurl = "https://a.example/"\n[[feed]]\nurl = "https://a.example:25/"\n',
    }
    folder = write_files(tmp_path / "in", files)
    line_of_kind = wrong_kind.split("\n").index('kind = "wedding"') + 1
    with pytest.raises(FilesRejected) as refused:
        await take_in(container, folder)
    places = [str(error).split(": ")[0] for error in refused.value.errors]
    assert places == ["a.toml:2", f"b.toml:{line_of_kind}", "d.toml:2", "c.toml:4", "feeds.toml:4"]
