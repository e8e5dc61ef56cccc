"""Names of companies that the store lacks, and words that are part of many names, in a question."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.clock import utc_now
from bot.container import open_container
from bot.library.answers import Answer, NoAnswer, NoAnswerReason
from bot.settings import load_settings
from tests.finding.planting import AIRLINES


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
    tmp_path: Path, query: str, reason: NoAnswerReason | None, names: tuple[str, ...]
) -> None:
    settings = load_settings({"DATABASE_URL": f"sqlite:///{tmp_path / 'a.db'}", "SEEDS": str(AIRLINES)})
    async with open_container(settings, clock=utc_now) as container:
        answer = await container.services.library.ask(query, deals_first=True)
    if reason is None:
        assert isinstance(answer, Answer)
    else:
        assert isinstance(answer, NoAnswer)
        assert (answer.reason, answer.names) == (reason, names)
