"""A plain ``pip install`` brings all that the bot and its processes import, also with the pip that comes with Python 3.11."""

from __future__ import annotations

import subprocess
import sys
from importlib import metadata

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bot.newsroom.parsing.parser import ParserPool
from bot.pictures.renderer import PictureRenderer
from bot.pictures.timeline_plan import plan_story_timeline
from bot.subprocesses.pool import WorkerLimits
from tests.unit.declared import ROOT, installed_with, named, requirements
from tests.unit.imports import imported, modules
from tests.unit.pictures.examples import make_development, open_picture, story

EXTRAS = ("demo", "embeddings", "pages", "pictures", "postgres")
NOW = "2026-01-03T00:00:00+00:00"
FEED = b"""<rss version="2.0"><channel><title>A</title><item><title>B</title><link>https://a.example/b</link></item></channel></rss>"""
TEXT = b" ".join([b"A sentence that is long enough to be taken for a text, and it says more."] * 6)
PAGE = (
    b"<html><head><meta name=description content='What it says.'></head><body><article><h1>A</h1><p>%s</p></article></body></html>"
    % TEXT
)


#: The distributions that a module may come from.
OWNERS = metadata.packages_distributions()
#: It loads its package if that is there.
OPTIONAL = {"bot.newsroom.parsing.page_extraction"}
#: It runs within Alembic alone.
MIGRATING = "bot.store.migrations.env"
#: Loaded ahead of time for yarl, which needs it and brings it.
AHEAD = {"idna"}


def owners(module: str) -> set[str]:
    """Return the distributions that a module may come from; none for the standard library's and our own."""
    names: set[str] = {canonicalize_name(name) for name in OWNERS.get(module.partition(".")[0], [])}
    return names - {"dealwire"}


def foreign() -> dict[str, set[str]]:
    """Our modules, with all that each imports from others."""
    return {name: {each for each in imported(name, source) if owners(each)} for name, source in modules(ROOT)}


def lacking(distributions: set[str]) -> set[str]:
    """Our modules that import what these do not bring."""
    return {
        name for name, others in foreign().items() if any(not owners(each) & (distributions | AHEAD) for each in others)
    }


def test_what_our_modules_import_is_declared() -> None:
    """By ourselves: what another package happens to bring it may drop in its next version."""
    assert lacking(named(requirements(*EXTRAS))) == set()
    bare = lacking(named(requirements()))
    assert {name for name in bare if not name.startswith(("bot.pictures.draw.", "bot.store.engines.postgres."))} == {
        "bot.demo.page",
        "bot.demo.run",
        "bot.newsroom.tracker.e5",
        *OPTIONAL,
    }


@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("tests.unit.page_reader", "A sentence that is long enough"),
        ("tests.unit.bare_reader", "What it says."),
    ],
)
async def test_feeds_and_pages_are_read_with_what_an_old_pip_installs(module: str, text: str) -> None:
    """Without the extra for pages, a page's text is its description."""
    pool = ParserPool(WorkerLimits(seconds=60, max_workers=1), module)
    header = {"url": "https://a.example/", "content_type": "text/html", "now": NOW}
    for job, body in (("feed", FEED), ("links", PAGE), ("page", PAGE)):
        parts = await pool.ask({"job": job, **header}, body)
        assert parts[-1] == {"end": True}, (job, parts)
    assert text in parts[0]["page"]["text"]
    await pool.close()


async def test_pictures_are_drawn_with_what_an_old_pip_installs() -> None:
    picture_renderer = PictureRenderer("tests.unit.bare_drawer")
    plan = plan_story_timeline(story(make_development("2025-08-20", headline="One")))
    assert plan is not None
    assert open_picture(await picture_renderer.draw(plan)).width == 960
    await picture_renderer.close()


def test_every_module_loads_with_what_an_old_pip_installs() -> None:
    """All but those of the extras, and nothing of the extras with them."""
    unloadable = lacking(named(requirements())) - OPTIONAL
    of_extras = ("bot.pictures.draw", "bot.store.engines.postgres.")
    names = sorted(
        name for name in foreign() if name not in {*unloadable, MIGRATING} and not name.startswith(of_extras)
    )
    code = (
        "import sys, importlib\n"
        "from tests.unit.declared import *\n"
        "find_only(installed_with(requirements()))\n"
        "for name in sys.argv[1:]: importlib.import_module(name)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, *names], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_an_old_pip_misses_an_extra_with_another_spelling() -> None:
    """Or the tests above would see nothing: this is the case that they are for."""
    assert "lxml-html-clean" not in installed_with([Requirement("justext")])
    assert "lxml-html-clean" in installed_with([Requirement("lxml[html-clean]")])
    assert "greenlet" in installed_with([Requirement("sqlalchemy[asyncio]")])
