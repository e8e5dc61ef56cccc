"""Names of companies that the store lacks, and words that are part of many names, in a question."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

from bot.clock import utc_now
from bot.container import open_container
from bot.library.answers import Answer, NoAnswer, NoAnswerReason
from bot.settings import load_settings
from tests.finding.planting import AIRLINES


@pytest.fixture(scope="module")
def airlines(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a store with the stories of airlines, once: it is copied, never opened again."""
    file = tmp_path_factory.mktemp("airlines") / "a.db"

    async def make() -> None:
        settings = load_settings({"DATABASE_URL": f"sqlite:///{file}", "SEEDS": str(AIRLINES)})
        async with open_container(settings, clock=utc_now):
            pass

    asyncio.run(make())
    return file


@pytest.mark.parametrize(
    ("query", "reason", "names"),
    [
        ("ethiopian airlines boeing", NoAnswerReason.NOT_TOGETHER, ("Boeing", "ethiopian airlines")),
        ("red hat jetblue", NoAnswerReason.NOT_TOGETHER, ("JetBlue", "Red Hat")),
        ("norwegian sas", NoAnswerReason.NOT_TOGETHER, ("SAS", "Norwegian")),
        ("japan airlines", NoAnswerReason.NO_STORY, ("japan airlines",)),
        ("airlines", NoAnswerReason.NO_MATCH, ()),
        ("last year's airline strikes", NoAnswerReason.NO_MATCH, ()),
        ("jetblue boston court", None, ()),
        ("spirit airlines jetblue", None, ()),
    ],
)
async def test_a_story_without_the_named_company_is_no_answer(
    airlines: Path, tmp_path: Path, query: str, reason: NoAnswerReason | None, names: tuple[str, ...]
) -> None:
    file = shutil.copy(airlines, tmp_path / "a.db")
    settings = load_settings({"DATABASE_URL": f"sqlite:///{file}", "SEEDS": ""})
    async with open_container(settings, clock=utc_now) as container:
        answer = await container.services.library.ask(query, deals_first=True)
    if reason is None:
        assert isinstance(answer, Answer)
    else:
        assert isinstance(answer, NoAnswer)
        assert (answer.reason, answer.names) == (reason, names)
