"""The command line: ``dealwire COMMAND``, the same as ``python -m bot COMMAND``."""

from __future__ import annotations

import argparse
import asyncio
import difflib
import logging
import re
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

import bot
from bot.errors import DealwireError
from bot.logs import LogOutput
from bot.redaction import redact_address
from bot.settings import (
    Settings,
    describe_env_file,
    find_env_file,
    get_log_format,
    list_secrets,
    load_settings,
    read_environment,
)
from bot.systems import can_start_workers, find_system_problem

log = logging.getLogger(__name__)

Handler = Callable[[argparse.Namespace, Settings], Awaitable[int]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command, and return its exit status: 0 success, 1 failure with one sentence on stderr, 2 wrong usage."""
    parser = _build_parser()
    options = parser.parse_args(_protect_exclusions(sys.argv[1:] if arguments is None else arguments))
    handler: Handler | None = getattr(options, "handler", None)
    if handler is None:
        parser.print_help()
        return 0
    output = LogOutput(get_log_format())
    if arguments is None:
        output.install_hooks()
    try:
        environment = read_environment()
        output.configure(
            get_log_format(environment), list_secrets(environment, options.database, getattr(options, "to", None))
        )
        settings = load_settings(environment, database=options.database)
        output.start(settings.log_level, quiet=options.quiet)
        _log_env_file()
        return asyncio.run(_run(handler, options, settings))
    except DealwireError as exc:
        # People read what the other commands write.
        output.write_failure(exc, as_line=handler is _run_bot)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader of our output has ended (``dealwire show … | head``).
        sys.stderr.close()
        return 1


async def _run(handler: Handler, options: argparse.Namespace, settings: Settings) -> int:
    return await handler(options, settings)


def _log_env_file() -> None:
    file = find_env_file()
    description = describe_env_file(file)
    if description:
        log.log(logging.WARNING if file and file.foreign_names else logging.INFO, "%s", description)


async def _run_bot(_options: argparse.Namespace, settings: Settings) -> int:
    problem = find_system_problem()
    if problem:
        raise DealwireError(problem)
    from bot.app import run

    await run(settings)
    return 0


async def _demo(options: argparse.Namespace, settings: Settings) -> int:
    if not can_start_workers():
        raise DealwireError(find_system_problem())
    from bot.demo import run_demo

    await run_demo(settings, port=options.port)
    return 0


async def _import(options: argparse.Namespace, settings: Settings) -> int:
    from bot.terminal.import_export import import_command

    return await import_command(settings, options.paths, announce=options.announce, dry_run=options.dry_run)


async def _export(options: argparse.Namespace, settings: Settings) -> int:
    from bot.terminal.import_export import export_command

    return await export_command(settings, options.folder)


async def _backup(options: argparse.Namespace, settings: Settings) -> int:
    from bot.terminal.backup_restore import backup_command

    return await backup_command(settings, options.file)


async def _restore(options: argparse.Namespace, settings: Settings) -> int:
    from bot.terminal.backup_restore import restore_command

    return await restore_command(settings, options.file)


async def _move(options: argparse.Namespace, settings: Settings) -> int:
    from bot.terminal.move import move_command

    return await move_command(settings, options.to)


async def _show(options: argparse.Namespace, settings: Settings) -> int:
    from bot.terminal.show import show_command

    return await show_command(settings, " ".join(map(str.strip, options.query)), as_json=options.json)


async def _feeds(options: argparse.Namespace, settings: Settings) -> int:
    if "action" not in options:
        options.print_feeds_help()
        return 0
    from bot.terminal.feeds_commands import feeds_command

    return await feeds_command(settings, options)


async def _track(options: argparse.Namespace, settings: Settings) -> int:
    from bot.terminal.track import track_command

    return await asyncio.to_thread(track_command, options.file, options.out, embedder=settings.embeddings)


async def _extract(options: argparse.Namespace, settings: Settings) -> int:
    from bot.terminal.extract import extract_command

    return await extract_command(settings, options.file, options.out)


async def _check(_options: argparse.Namespace, settings: Settings) -> int:
    from bot.terminal.check import check_command

    return await check_command(settings)


class CommandParser(argparse.ArgumentParser):
    """A parser that suggests a similar word for a mistyped one, and keeps the lines of examples apart."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.formatter_class = argparse.RawDescriptionHelpFormatter

    def error(self, message: str) -> NoReturn:
        """Print the usage and what is wrong, without secrets and with the word that was probably meant, and exit with status 2."""
        wrong_choice = re.search(r"invalid choice: '(.{0,80}?)' \(choose from (.+)\)", message)
        if wrong_choice:
            similar_words = difflib.get_close_matches(wrong_choice[1], re.findall(r"[\w-]+", wrong_choice[2]), n=1)
            message += "".join(f"; did you mean “{word}”?" for word in similar_words)
        super().error(redact_address(message))


def _protect_exclusions(arguments: Sequence[str]) -> list[str]:
    """Return the arguments with a blank before what a question excludes (``show microsoft -activision``), or it would be an option."""
    is_question = "show" in arguments[:1]
    return [f" {word}" if is_question and re.match(r"-\w\w", word) else word for word in arguments]


def _build_parser() -> CommandParser:
    parser = CommandParser(
        prog="dealwire",
        description="An industry's running stories, inside Discord.",
        epilog=_format_examples("demo", "import seeds", "show nissan foxconn", "run"),
    )
    parser.add_argument("--version", action="version", version=f"dealwire {bot.__version__}")
    common = CommandParser(add_help=False)
    common.add_argument("--database", metavar="URL", help="the database, such as sqlite:///data/dealwire.db")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    def add_command(
        name: str, handler: Handler, help_text: str, *examples: str, quiet: bool = True
    ) -> argparse.ArgumentParser:
        command = commands.add_parser(
            name, parents=[common], help=help_text, description=help_text, epilog=_format_examples(*examples)
        )
        command.set_defaults(handler=handler, quiet=quiet)
        return command

    add_command("run", _run_bot, "run the bot; needs DISCORD_TOKEN", "run", quiet=False)
    demo = add_command(
        "demo", _demo, "try the bot on a simulated Discord in the browser: no token, no account", "demo --port 8000"
    )
    demo.add_argument("--port", type=int, default=0, help="port of the page (default: any free one)")
    import_parser = add_command(
        "import",
        _import,
        "import story, company and feed files (safe while the bot is running)",
        "import seeds",
        "import --dry-run stories/nissan-foxconn.toml",
        "import --announce stories",
    )
    import_parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a file, or a folder of files")
    import_parser.add_argument("--announce", action="store_true", help="post new developments to followers")
    import_parser.add_argument("--dry-run", action="store_true", help="show what would change without changing it")
    export_parser = add_command("export", _export, "write every story as a file that import accepts", "export backup/")
    export_parser.add_argument("folder", type=Path, metavar="DIR", help="folder for the files (created if missing)")
    show = add_command(
        "show",
        _show,
        "answer a question in the terminal, as !deal does",
        "show nissan foxconn",
        "show deals nissan talks",
        "show nissan -foxconn",
        "show --json 'did the merger of honda and nissan close?'",
    )
    show.add_argument("query", nargs="+", metavar="QUERY", help="companies, words from a headline, or a whole question")
    show.add_argument("--json", action="store_true", help="print the answer as a JSON object")
    feeds = add_command(
        "feeds",
        _feeds,
        "manage feeds: add, list, check, pause, resume, remove, import, export",
        "feeds add https://example.com/feed.xml",
        "feeds check https://example.com/feed.xml",
        "feeds list",
    )
    feeds.set_defaults(print_feeds_help=feeds.print_help)
    _add_feeds_commands(feeds)
    track = add_command(
        "track",
        _track,
        "sort a file's articles into stories, printing one line of JSON for each",
        "track articles.jsonl",
        "track articles.jsonl --out stories.jsonl",
    )
    track.add_argument(
        "file", type=Path, metavar="FILE.jsonl", help="one JSON object per line: id, title, published, …"
    )
    track.add_argument("--out", type=Path, metavar="FILE", help="output file (default: standard output)")
    extract = add_command(
        "extract",
        _extract,
        "print the companies, stage, claim, terms and expected events in a file's articles, one line of JSON for each",
        "extract articles.jsonl",
        "extract articles.jsonl --out data.jsonl",
    )
    extract.add_argument(
        "file", type=Path, metavar="FILE.jsonl", help="one JSON object per line: id, title, published, …"
    )
    extract.add_argument("--out", type=Path, metavar="FILE", help="output file (default: standard output)")
    backup = add_command(
        "backup",
        _backup,
        "copy the database to a new file (safe while the bot is running)",
        "backup dealwire-monday.db",
    )
    backup.add_argument("file", type=Path, metavar="FILE", help="a file that does not exist yet")
    restore = add_command(
        "restore",
        _restore,
        "replace the database by a backup, and keep the former one beside it; stop the bot first",
        "restore dealwire-monday.db",
    )
    restore.add_argument(
        "file",
        nargs="?",
        type=Path,
        metavar="FILE",
        help="a backup; it stays where it is. Without it: prepare what the database server's own program has restored",
    )
    move = add_command(
        "move",
        _move,
        "move everything to another, empty database; stop the bot first",
        "move --to postgresql://dealwire@localhost/dealwire",
        "move --to sqlite:///data/dealwire.db --database postgresql://dealwire@localhost/dealwire",
    )
    move.add_argument("--to", required=True, metavar="URL", help="the empty database; the present one stays as it is")
    add_command(
        "check", _check, "check the whole installation, from the settings to Discord, and say what to fix", "check"
    )
    return parser


def _format_examples(*examples: str) -> str:
    return "\n".join(["examples:", *(f"  dealwire {example}" for example in examples)])


def _add_feeds_commands(feeds: argparse.ArgumentParser) -> None:
    """Add the subcommands of ``feeds``; each of them takes ``--database`` too."""
    from bot.terminal.feeds_arguments import add_feeds_arguments

    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--database", metavar="URL", default=argparse.SUPPRESS, help="the database, such as sqlite:///data/dealwire.db"
    )
    add_feeds_arguments(feeds.add_subparsers(title="commands", metavar="COMMAND"), common)


if __name__ == "__main__":
    sys.exit(main())
