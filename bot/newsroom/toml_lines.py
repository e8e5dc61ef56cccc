"""The line of a TOML file on which a value is, by the name that errors give it: ``development[2].source[1].date``."""

from __future__ import annotations

import re
from collections import defaultdict

#: Strings and comments of TOML. An unterminated one extends to the end of the line or the file: each is matched once.
STRINGS = re.compile(
    r'"""(?:[^"\\]+|\\[\s\S]|"(?!""))*(?:"""|\\?\Z)'
    r"|'''[\s\S]*?(?:'''|\Z)"
    r'|"(?:[^"\\\n]|\\[^\n])*(?:"|\\?(?=\n|\Z))'
    r"|'[^'\n]*'?"
    r"|#[^\n]*"
)
_HEADER = re.compile(r"\[{1,2}([\w.\- ]+)\]{1,2}")
_KEY = re.compile(r"([\w-]+) *[=.]")
_PART = re.compile(r"([^.\[\]]+)(?:\[(\d+)\])?")

#: A table or a key within its file: the names that lead to it, each with its number among those of its name.
_Place = tuple[tuple[str, int], ...]


def blank_strings(text: str) -> str:
    """Return TOML with ``x`` for each string and nothing for each comment; all line breaks stay."""
    return STRINGS.sub(lambda match: ("" if match[0][0] == "#" else "x") + "\n" * match[0].count("\n"), text)


def find_line(text: str, key: str) -> int:
    """Return the line of a key, or else that of the innermost table around it; 0 if the file has neither.

    The name of several tables (``party``) without a number is on no line.
    """
    parts = [(match[1], match[2] and int(match[2])) for match in _PART.finditer(key)]
    best_line, best_length = 0, 0
    for line, place, is_table in _list_places(text):
        pairs = list(zip(place, parts, strict=False))
        is_match = len(place) <= len(parts) and all(name == part_name for (name, _), (part_name, _) in pairs)
        tables = pairs if is_table else pairs[:-1]
        if (
            is_match
            and len(place) > best_length
            and all(number == part_number for (_, number), (_, part_number) in tables)
        ):
            best_line, best_length = line, len(place)
    return best_line


def _list_places(text: str) -> list[tuple[int, _Place, bool]]:
    """Return the lines that begin a table or a key, each with its place, and whether it is a table."""
    places: list[tuple[int, _Place, bool]] = []
    table: _Place = ()
    counts: defaultdict[tuple[_Place, str], int] = defaultdict(int)
    for number, line in enumerate(blank_strings(text).split("\n"), start=1):
        content = line.strip()
        if header := _HEADER.fullmatch(content):
            *parents, name = [part.strip() for part in header[1].split(".")]
            parent: _Place = ()
            for each in parents:
                parent = (*parent, (each, counts[parent, each] or 1))
            counts[parent, name] += 1
            table = (*parent, (name, counts[parent, name]))
            places.append((number, table, True))
        elif key := _KEY.match(content):
            places.append((number, (*table, (key[1], 1)), False))
    return places
