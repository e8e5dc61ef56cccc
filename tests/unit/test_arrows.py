"""The house's arrows: which room may know of which other (DESIGN, section 2)."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.unit.imports import RULES, imported, modules, wrong_imports

ROOT = Path(__file__).parents[2]
PROJECT = dict(modules(ROOT))


def test_every_arrow_points_where_the_design_lets_it() -> None:
    """An import against the arrows fails here, with its module and what it took."""
    assert wrong_imports(PROJECT.items()) == []


@pytest.mark.parametrize("room", [*RULES, "cogs"])
def test_the_rooms_that_the_rules_are_about_are_there(room: str) -> None:
    """A room that is renamed takes its rule along, or the rule would hold nothing."""
    assert room in PROJECT


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("bot.library.library", "import cogs.questions"),
        ("bot.platforms.discord.client", "from cogs import questions"),
        ("bot.model.story", "from bot.errors import InputError"),
        ("bot.model.story", "from bot.store import Store"),
        ("bot.entities.company_index", "from bot.store import Store"),
        ("bot.entities.company_index", "from bot import library"),
        ("bot.store.stories", "from bot.entities.legal_forms import LEGAL_FORMS"),
        ("bot.store.stories", "import bot.settings"),
        ("bot.library.library", "from bot.newsroom.desk import Desk"),
        ("bot.newsroom.desk", "from bot.library.library import Library"),
        ("bot.newsroom.desk", "from bot.delivery.port import Publisher"),
        ("bot.delivery.dispatcher", "from bot import newsroom"),
        ("bot.delivery.dispatcher", "from bot.cards.post import post_card"),
        ("bot.delivery.dispatcher", "import discord"),
        ("bot.library.story_search", "from discord import ui"),
        ("bot.newsroom.story_files", "import discord.utils"),
        ("bot.terminal.show", "import discord"),
        ("bot.web.server", "import discord"),
        ("bot.web.health", "from bot.terminal import show"),
        ("bot.web.health", "from bot.platforms.discord.client import Dealwire"),
        ("bot.terminal.show", "from bot.web import health"),
        ("cogs.questions", "from bot.web.health import Health"),
        ("bot.delivery.dispatcher", "import prometheus_client"),
        ("bot.loops", "from bot.web.health import Health"),
        ("bot.terminal.check.workers", "import discord"),
        ("bot.settings", "from discord.ext import commands"),
        ("bot.cards.story", "from bot.library.library import Library"),
        ("bot.cards.story", "from bot.library import library"),
        ("bot.cards.story", "from bot.store import Store"),
        ("bot.cards.lists", "from ..store import tables"),
        ("bot.entities.company_index", "from ..store import tables"),
        ("bot.newsroom.desk", "from sqlalchemy import select"),
        ("bot.library.story_search", "import sqlite3"),
        ("cogs.questions", "from bot.store import Store"),
        ("cogs.questions", "from bot import store"),
        ("cogs.questions", "from bot.app import open_container"),
        ("bot.platforms.discord.publisher", "import simcord"),
        ("bot.library.follow_targets", "def later():\n    from bot.newsroom import desk"),
        ("bot.library.follow_targets", "if TYPE_CHECKING:\n    from bot.delivery import port"),
        ("bot.library.follow_targets", "import importlib\nimportlib.import_module('cogs.questions')"),
    ],
)
def test_a_wrong_arrow_is_found(module: str, line: str) -> None:
    """The check itself is checked: each of these, put into a real module, is told of."""
    assert module in PROJECT
    found = wrong_imports([(module, f"{PROJECT[module]}\n{line}\n")])
    assert found, f"{line!r} in {module} was let through"
    assert all(sentence.startswith(f"{module} may not import ") for sentence in found)


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("bot.cards.story", "from bot.library.answers import Answer"),
        ("bot.cards.story", "import discord"),
        ("bot.library.library", "from bot.entities.company_index import CompanyIndex"),
        ("bot.entities.company_index", "from . import prefix_index"),
        ("bot.app", "from discord import Client"),
        ("cogs.questions", "from bot.newsroom.drafts import parse_partial_date"),
        ("bot.store.listing", "import sqlalchemy"),
        ("bot.model.story", "import discordant_words"),
    ],
)
def test_a_good_arrow_is_left_alone(module: str, line: str) -> None:
    assert wrong_imports([(module, line)]) == []


def test_relative_imports_are_read_as_what_they_mean() -> None:
    assert imported("bot.store.listing", "from . import tables") >= {"bot.store", "bot.store.tables"}
    assert imported("bot.store.listing", "from ..model.story import Story") >= {"bot.model.story"}
    assert imported("bot.store", "from .listing import Listing", is_package=True) >= {"bot.store.listing"}


def test_nothing_but_the_clock_asks_what_time_it_is() -> None:
    """A test can set the time, because every part is handed its clock."""
    asking = [
        f"{module}:{node.lineno}"
        for module, source in PROJECT.items()
        if module != "bot.clock"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute) and node.attr in ("now", "utcnow", "today") and _is_the_calendar(node.value)
    ]
    assert asking == []


def test_only_the_settings_read_the_environment() -> None:
    """Only the settings read the environment and the command line.

    No part reads the environment behind the settings' back.
    """
    # The health check is a program of its own, which loads nothing else.
    readers_of_their_own = ("bot.settings", "bot.healthcheck")
    readers = [
        module
        for module, source in PROJECT.items()
        if module not in readers_of_their_own and {"os.environ", "os.getenv"} & imported(module, source)
    ]
    asked = [
        module
        for module, source in PROJECT.items()
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv") and module not in readers_of_their_own
    ]
    assert readers + asked == []


def _is_the_calendar(value: ast.expr) -> bool:
    name = value.attr if isinstance(value, ast.Attribute) else getattr(value, "id", "")
    return name in ("datetime", "date")
