"""The arguments of ``feeds``, apart from its commands, which take longer to load."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from bot.model.feed import Trust

if TYPE_CHECKING:
    _Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - argparse names it no other way


def add_feeds_arguments(commands: _Subparsers, common: argparse.ArgumentParser) -> None:
    """Add the subcommands of ``feeds``, each with the options that all commands have."""

    def add(name: str, help_text: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, parents=[common], help=help_text, description=help_text)
        command.set_defaults(action=name)
        return command

    add_parser = add("add", "add a feed, by its address or that of a page that names it")
    add_parser.add_argument("address", metavar="URL")
    add_parser.add_argument("--title", help="what to call it; left out: what it calls itself")
    add_parser.add_argument("--trust", choices=[trust.value for trust in Trust], help="review (the default) or auto")
    add("list", "list the feeds, and how each fares")
    check_parser = add("check", "say what would come in by a feed; nothing is stored")
    check_parser.add_argument("source", metavar="URL|FILE")
    check_parser.add_argument("--json", action="store_true", help="print it as a JSON object")
    for name, help_text in (
        ("pause", "poll a feed no more until it is resumed"),
        ("resume", "poll a feed again, also one that was gone"),
        ("remove", "take a feed out; what it brought stays known"),
    ):
        add(name, help_text).add_argument("feed", metavar="FEED", help="its number or its address")
    import_parser = add("import", "take in the feeds of OPML lists or of feeds.toml")
    import_parser.add_argument("paths", nargs="+", type=Path, metavar="FILE")
    import_parser.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
    export_parser = add("export", "write the feeds as an OPML list")
    export_parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="left out: to the terminal")
