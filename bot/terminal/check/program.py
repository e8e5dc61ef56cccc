"""The settings, the libraries and the machine, without the database and Discord."""

from __future__ import annotations

import platform
import stat
from collections.abc import Iterator

from bot.env_file import EnvFile
from bot.errors import DealwireError
from bot.extras import EMBEDDINGS, EXTRAS, POSTGRES
from bot.model.findings import Finding
from bot.newsroom.tracker import load_embedder
from bot.newsroom.tracker.embedding import NONE
from bot.settings import describe_env_file, find_env_file
from bot.systems import find_system_problem

#: Where the extra for embeddings can be installed: system and processor.
_EMBEDDING_PLATFORMS = (("Linux", "x86_64"), ("Linux", "aarch64"), ("Darwin", "arm64"))
_BY_WORDS = "Articles are compared by their words alone."
_HOW_TO_HIDE = "To hide this note, set EMBEDDINGS=none."


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


def check_system() -> Iterator[Finding]:
    """Yield what to use instead of this operating system, if the bot does not run on it."""
    problem = find_system_problem()
    if problem:
        yield Finding.problem(problem)


def check_extras(embeddings: str, *, system: tuple[str, str] | None = None) -> Iterator[Finding]:
    """Yield for each extra whether it is installed, and how to install it: the bot works without any.

    ``embeddings`` is the setting: what it says, and where the extra does not exist, is the matter of :func:`check_embeddings`.
    """
    can_have_embeddings = (system or get_platform()) in _EMBEDDING_PLATFORMS
    for extra in EXTRAS:
        if extra.is_installed():
            yield Finding.ok(f"The extra “{extra.name}” is installed: {extra.adds}.")
        elif extra is POSTGRES:
            # Whoever names such a database without it is told so.
            continue
        elif extra is not EMBEDDINGS or (can_have_embeddings and not embeddings):
            yield Finding.note(extra.missing_sentence)


def check_embeddings(name: str, *, system: tuple[str, str] | None = None) -> Iterator[Finding]:
    """Load the model that compares the meaning of articles, and yield what articles are compared by."""
    try:
        embedder = load_embedder(name)
    except DealwireError as exc:
        yield Finding.problem(str(exc))
        return
    system = system or get_platform()
    if embedder:
        yield Finding.ok(f"Articles are compared by their meaning ({embedder.name}).")
    elif name == NONE:
        yield Finding.ok(_BY_WORDS)
    elif system not in _EMBEDDING_PLATFORMS:
        yield Finding.note(
            f"{_BY_WORDS} The model that compares their meaning does not exist for {' on '.join(system)}, only for Linux on"
            f" x86_64 or aarch64 and macOS on arm64. {_HOW_TO_HIDE}"
        )
    elif EMBEDDINGS.is_installed():
        yield Finding.note(
            f"{_BY_WORDS} The model that compares their meaning needs a processor with AVX2. {_HOW_TO_HIDE}"
        )
    # Otherwise the line about the extra says it.


def get_platform() -> tuple[str, str]:
    """Return the names of the system and the processor."""
    return platform.system(), platform.machine()
