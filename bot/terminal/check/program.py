"""The settings, the libraries and the machine, without the database and Discord."""

from __future__ import annotations

import platform
import stat
from collections.abc import Iterator

from bot.env_file import EnvFile
from bot.errors import DealwireError
from bot.model.findings import Finding
from bot.newsroom.tracker import load_embedder
from bot.newsroom.tracker.embedding import NONE, is_installed
from bot.settings import describe_env_file, find_env_file
from bot.store.engines.sqlite.version import SqliteBuild, get_sqlite_build

#: Where the extra for embeddings can be installed: system and processor.
_EMBEDDING_PLATFORMS = (("Linux", "x86_64"), ("Linux", "aarch64"), ("Darwin", "arm64"))


def check_settings() -> Iterator[Finding]:
    """Yield where the settings come from. Those that are wrong have been refused already."""
    yield Finding.ok("The settings can be read.")
    file = find_env_file()
    if file is None:
        return
    yield (Finding.note if file.foreign_names else Finding.ok)(describe_env_file(file))
    if _is_readable_by_others(file):
        yield Finding.note(f"Other users of this machine can read the token in {file.path}. Run: chmod 600 {file.path}")


def _is_readable_by_others(file: EnvFile) -> bool:
    """Return whether the file has a token and more users than its owner may read it."""
    if not file.values.get("DISCORD_TOKEN") or file.foreign_names:
        return False
    try:
        return bool(stat.S_IMODE(file.path.stat().st_mode) & 0o044)
    except OSError:
        return False


def check_sqlite(build: SqliteBuild | None = None) -> Iterator[Finding]:
    """Yield whether SQLite can be used."""
    build = build or get_sqlite_build()
    fault = build.find_fault()
    if fault:
        yield Finding.problem(fault)
    elif build.can_be_damaged_by_others:
        yield Finding.ok(
            f"SQLite {build.name} can be used. While the bot runs, let no other program write to its database:"
            " before 3.51.3 that could damage it. Dealwire's own commands are safe."
        )
    else:
        yield Finding.ok(f"SQLite {build.name} can be used.")


def check_embeddings(name: str, *, system: tuple[str, str] | None = None) -> Iterator[Finding]:
    """Load the model that compares the meaning of articles, and yield what articles are compared by."""
    try:
        embedder = load_embedder(name)
    except DealwireError as exc:
        yield Finding.problem(str(exc))
        return
    if embedder:
        yield Finding.ok(f"Articles are compared by their meaning ({embedder.name}).")
    elif name == NONE:
        yield Finding.ok("Articles are compared by their words alone.")
    else:
        yield Finding.note(
            f"Articles are compared by their words alone. {_explain_missing_model(system or get_platform())}"
        )


def get_platform() -> tuple[str, str]:
    """Return the names of the system and the processor."""
    return platform.system(), platform.machine()


def _explain_missing_model(system: tuple[str, str]) -> str:
    if system not in _EMBEDDING_PLATFORMS:
        return (
            f"The model that compares their meaning does not exist for {' on '.join(system)}, only for Linux on x86_64 or"
            " aarch64 and macOS on arm64. To hide this note, set EMBEDDINGS=none."
        )
    if is_installed():
        return (
            "The model that compares their meaning needs a processor with AVX2. To hide this note, set EMBEDDINGS=none."
        )
    return "To compare their meaning too: pip install 'dealwire[embeddings]'. To hide this note, set EMBEDDINGS=none."
