"""Who imports what, read from the source: nothing is run."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

#: The container and files of the project, and what of the project each may import besides itself (DESIGN, section 2).
RULES: dict[str, tuple[str, ...]] = {
    "bot.languages": (),
    "bot.errors": ("bot.redaction",),
    "bot.clock": (),
    "bot.redaction": (),
    "bot.heartbeat": (),
    "bot.recorder": ("bot.model",),
    "bot.loops": ("bot.errors", "bot.heartbeat"),
    "bot.extras": (),
    "bot.systems": (),
    "bot.healthcheck": (),
    "bot.regular_files": (),
    "bot.env_file": ("bot.errors", "bot.regular_files"),
    "bot.logs": ("bot.errors", "bot.redaction", "bot.settings"),
    "bot.subprocesses": ("bot.errors", "bot.loops", "bot.systems"),
    "bot.model": ("bot.redaction",),
    "bot.entities": ("bot.model",),
    "bot.query": ("bot.model", "bot.entities"),
    "bot.store": ("bot.model", "bot.errors", "bot.clock", "bot.heartbeat", "bot.redaction", "bot.extras"),
    "bot.library": ("bot.model", "bot.entities", "bot.query", "bot.store", "bot.errors", "bot.clock"),
    "bot.newsroom": (
        "bot.model", "bot.entities", "bot.query", "bot.store", "bot.errors", "bot.clock", "bot.loops", "bot.regular_files",
        "bot.subprocesses", "bot.heartbeat", "bot.recorder", "bot.redaction", "bot.extras",
    ),
    "bot.delivery": (
        "bot.model", "bot.entities", "bot.query", "bot.store", "bot.errors", "bot.clock", "bot.loops", "bot.heartbeat",
        "bot.recorder",
    ),
    "bot.pictures": ("bot.model", "bot.errors", "bot.loops", "bot.subprocesses", "bot.extras"),
    "bot.cards": ("bot.model", "bot.errors", "bot.redaction", "bot.library.answers"),
    "bot.web": (
        "bot.model", "bot.store", "bot.errors", "bot.clock", "bot.loops", "bot.heartbeat", "bot.recorder",
    ),
}  # fmt: skip
#: Nothing in bot/ may import the first; the others belong to one room.
OUTSIDE: dict[str, tuple[str, ...]] = {
    "cogs": ("cogs",),
    "tests": ("tests",),
    "discord": (
        "bot.platforms.discord", "bot.cards", "bot.app", "bot.demo", "cogs", "tests",
    ),
    "simcord": ("bot.demo", "tests"),
    "prometheus_client": ("bot.web", "tests"),
    "bot.web": ("bot.web", "bot.app", "tests"),
    "sqlalchemy": ("bot.store",),
    "aiosqlite": ("bot.store.engines",),
    "psycopg": ("bot.store.engines.postgres",),
    "sqlite3": ("bot.store.engines",),
    "alembic": ("bot.store",),
    "matplotlib": ("bot.pictures.draw",),
    "trafilatura": ("bot.newsroom.parsing.page_extraction",),
    "babel": ("bot.languages", "tests"),
}  # fmt: skip
#: What a command may not reach past its container for.
NOT_FOR_COGS = ("bot.store", "bot.app", "bot.container", "bot.query", "bot.entities", "bot.terminal", "bot.demo")


def modules(root: Path) -> Iterator[tuple[str, str]]:
    """Return the modules of ``bot`` and ``cogs`` in a checkout, with their sources."""
    for path in sorted([*(root / "bot").rglob("*.py"), *(root / "cogs").rglob("*.py")]):
        parts = path.relative_to(root).with_suffix("").parts
        yield ".".join(parts if parts[-1] != "__init__" else parts[:-1]), path.read_text(encoding="utf-8")


def imported(module: str, source: str, *, is_package: bool = False) -> set[str]:
    """Return everything that a module imports, anywhere; ``from a import b`` counts as ``a`` and as ``a.b``."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = _base(module, node, is_package=is_package)
            names.add(base)
            names.update(f"{base}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and _is_import_call(node):
            names.add(str(node.args[0].value if isinstance(node.args[0], ast.Constant) else "?"))
    return names


def wrong_imports(sources: Iterable[tuple[str, str]]) -> list[str]:
    """Return a sentence for every import that goes against the arrows."""
    return [
        f"{module} may not import {name}"
        for module, source in sources
        for name in sorted(imported(module, source))
        if not _allowed(module, name)
    ]


def within(name: str, room: str) -> bool:
    """Return whether a module is a package, or in it."""
    return name == room or name.startswith(room + ".")


def _allowed(module: str, name: str) -> bool:
    for foreign, homes in OUTSIDE.items():
        if within(name, foreign) and not any(within(module, home) for home in homes):
            return False
    if within(module, "cogs") and any(within(name, room) for room in NOT_FOR_COGS):
        return False
    if within(name, "bot.languages"):
        # Everybody speaks.
        return True
    room = next((room for room in RULES if within(module, room)), None)
    if room is None or not within(name, "bot") or name == "bot":
        return True
    return any(within(name, package) for package in (room, *RULES[room]))


def _base(module: str, node: ast.ImportFrom, *, is_package: bool) -> str:
    if not node.level:
        return node.module or ""
    above = module.split(".")[: -node.level + is_package or None]
    return ".".join([*above, *([node.module] if node.module else [])])


def _is_import_call(node: ast.Call) -> bool:
    called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return called in ("import_module", "__import__") and bool(node.args)
