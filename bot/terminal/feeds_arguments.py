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

    add_parser = add("add", "add a feed by its address, or by that of a page that links to it")
    add_parser.add_argument("address", metavar="URL", help="the feed's address, or that of a page that links to it")
    add_parser.add_argument("--title", help="what to call it (default: its own title)")
    add_parser.add_argument(
        "--trust",
        choices=[trust.value for trust in Trust],
        help="review: an editor decides (default); auto: publish what is certain",
    )
    add("list", "list the feeds and their health")
    check_parser = add("check", "preview a feed without storing anything")
    check_parser.add_argument(
        "source", metavar="URL|FILE", help="the address of a feed or of a page that links to it, or a file"
    )
    check_parser.add_argument("--json", action="store_true", help="print the preview as a JSON object")
    for name, help_text in (
        ("pause", "pause a feed"),
        ("resume", "resume a feed, even one that its publisher has shut down"),
        ("remove", "remove a feed; its past articles stay"),
    ):
        add(name, help_text).add_argument("feed", metavar="FEED", help="its number or its address")
    import_parser = add("import", "import the feeds of OPML lists or of feeds.toml")
    import_parser.add_argument("paths", nargs="+", type=Path, metavar="FILE", help="an OPML list, or feeds.toml")
    import_parser.add_argument("--dry-run", action="store_true", help="show what would change without changing it")
    export_parser = add("export", "export the feeds as an OPML list")
    export_parser.add_argument(
        "file", nargs="?", type=Path, metavar="FILE", help="output file (default: standard output)"
    )
