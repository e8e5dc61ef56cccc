"""What is generated: every block of every document of ``docs/reference``, and where it goes.

A block is between two comments, ``<!-- generated: NAME -->`` and ``<!-- end: NAME -->``. What is around them is written by hand.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.__main__ import _build_parser
from bot.settings import SETTINGS
from bot.web.health import GATEWAY, LOOPS
from bot.web.metric_list import METRICS, Metric
from tests.reference.commands import build_command_blocks, open_client
from tests.reference.markdown import build_table, code
from tests.reference.story_files import build_story_file_blocks

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"
#: The options that every command has; the text of ``cli.md`` describes them once.
_COMMON_OPTIONS = ("help", "database")

Blocks = Mapping[str, str]


async def build_blocks() -> dict[Path, Blocks]:
    """Return the generated blocks of each document, by name."""
    async with open_client() as client:
        command_blocks = build_command_blocks(client)
    return {
        REFERENCE / "commands.md": command_blocks,
        REFERENCE / "settings.md": {"settings": _build_settings_table()},
        REFERENCE / "cli.md": {"commands": "\n\n".join(_describe_commands())},
        REFERENCE / "story-file.md": build_story_file_blocks(),
        REFERENCE / "metrics.md": {"loops": _build_loops_table(), "metrics": _build_metrics_table()},
    }


def replace_blocks(text: str, blocks: Blocks) -> str:
    """Return a document with its generated blocks replaced. Raises ValueError if a block has no place, or a place no block."""
    names = re.findall(r"^<!-- generated: (.+?) -->$", text, re.MULTILINE)
    if sorted(names) != sorted(blocks):
        raise ValueError(f"expected places for {sorted(blocks)}, the document has {sorted(names)}")
    for name, block in blocks.items():
        begin, end = f"<!-- generated: {name} -->\n", f"<!-- end: {name} -->"
        before, rest = text.split(begin)
        _, after = rest.split(end)
        text = f"{before}{begin}\n{block}\n\n{end}{after}"
    return text


def _build_settings_table() -> str:
    return build_table(
        ("setting", "default", "meaning"), [(code(name), code(default), meaning) for name, default, meaning in SETTINGS]
    )


def _build_loops_table() -> str:
    rows = [(loop.label, f"{loop.limit:.0f} s", loop.cycle) for loop in (GATEWAY, *LOOPS.values())]
    return build_table(("part", "limit", "one cycle"), rows)


def _build_metrics_table() -> str:
    rows = [(code(metric.name), metric.type.value, _describe_labels(metric), metric.help) for metric in METRICS]
    return build_table(("metric", "type", "labels", "meaning"), rows)


def _describe_labels(metric: Metric) -> str:
    return "; ".join(
        f"{code(label)}: {', '.join(map(code, values))}" if values else code(label)
        for label, values in metric.labels.items()
    )


def _describe_commands() -> Iterator[str]:
    """Yield a section for each command of ``dealwire``, and for each of those below it."""
    for name, command in get_subcommands(_build_parser()).items():
        below = get_subcommands(command)
        if not below:
            yield _describe_terminal_command(f"dealwire {name}", command)
        else:
            yield f"### dealwire {name}\n\n{_as_sentence(command.description or '')}"
        for lower_name, lower in below.items():
            yield _describe_terminal_command(f"dealwire {name} {lower_name}", lower)


def get_subcommands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """Return the commands below a parser, by name."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


def _describe_terminal_command(name: str, command: argparse.ArgumentParser) -> str:
    actions = [action for action in command._actions if action.dest not in _COMMON_OPTIONS]
    usage = " ".join([name, *map(_format_usage, actions)])
    parts = [f"### {name}", f"`{usage}`", _as_sentence(command.description or "")]
    if actions:
        rows = [(code(_format_name(action)), _describe_argument(action)) for action in actions]
        parts.append(build_table(("argument", "meaning"), rows))
    return "\n\n".join(parts)


def _describe_argument(action: argparse.Action) -> str:
    values = f"one of {', '.join(f'`{value}`' for value in action.choices)}" if action.choices else ""
    return "; ".join(part for part in (action.help or "", values) if part)


def _format_usage(action: argparse.Action) -> str:
    if action.option_strings:
        return f"[{_format_name(action)}]"
    name = f"{_format_name(action)}{'…' if action.nargs == '+' else ''}"
    return f"[{name}]" if action.nargs == "?" else name


def _format_name(action: argparse.Action) -> str:
    """Return an argument with the word for its value: ``PATH``, ``--port PORT``, ``--json``."""
    value = str(action.metavar or action.dest.upper())
    if not action.option_strings:
        return value
    return f"{action.option_strings[-1]} {value}" if action.nargs is None else action.option_strings[-1]


def _as_sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}." if text and not text.endswith(".") else text
