"""Direct answers: a line above the card, typed, as a slash command and by mention; and when there is none."""

from __future__ import annotations

import pytest

from tests.discord.seen import check_limits, message_of, parts, prose, said
from tests.discord.stage import Scene
from tests.discord.stories import HOSTILE, a_story

SOURCE = [{"publisher": "Wire", "url": "https://wire.example/a"}]
SIGNED = {"date": "2025-05-06", "headline": "Acme signs", "claim": "confirmed", "stage": "signed", "source": SOURCE}
CLOSED = {"date": "by 2025-08", "headline": "Acme closes", "claim": "confirmed", "stage": "completed", "source": SOURCE}
PARTIES = [{"company": "Acme", "role": "buyer"}, {"company": "Bolt", "role": "target"}]
COMPLETED = "**Acquisition: completed** · ● Confirmed · by Aug 2025 · [Wire](https://wire.example/a) · Buyer: Acme"


@pytest.fixture
async def acme(blank: Scene) -> Scene:
    """Return a scene with one acquisition that was completed."""
    await blank.tell(a_story("acme-bolt", kind="acquisition", party=PARTIES, development=[SIGNED, CLOSED]))
    return blank


async def test_typed_slash_and_mention_have_the_line_above_the_card(acme: Scene) -> None:
    question = "has Acme bought Bolt?"
    answers = [
        await acme.ask(f"!deal {question}"),
        message_of(await acme.reader.slash(acme.deals, "deal", query=question)),
        await acme.ask(f"{acme.mention} {question}"),
    ]
    for answer in answers:
        assert prose(answer)[0] == COMPLETED
        assert [part["type"] for part in parts(answer)][:2] == [10, 17], "it is above the container"
        check_limits(answer)
    assert prose(await acme.ask("!deal acme bolt"))[0].startswith("### Acme bolt")


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("when did acme buy bolt", COMPLETED),
        ("wer kauft bolt", "**Buyer: Acme. Stage: Completed**"),
        ("¿sigue en pie la compra de Bolt?", "**Acquisition: completed**"),
        ("how much did Acme pay for Bolt", "**No source here gives an amount**"),
        ("why did the acme bolt deal fall through", "**Acquisition: completed**"),
    ],
)
async def test_each_question_gets_its_line(acme: Scene, question: str, line: str) -> None:
    assert prose(await acme.ask(f"!deal {question}"))[0].startswith(line)


async def test_a_question_without_a_story_gets_a_list_or_nothing(acme: Scene) -> None:
    """*it* means no story unless the question names one, and another company's story answers nothing."""
    assert "Acquisition: completed" not in said(await acme.ask("!deal did it close"))
    assert "Acquisition: completed" not in said(await acme.ask("!deal has Acme bought Nokia?"))


async def test_a_question_that_the_story_does_not_cover_gets_no_line(acme: Scene) -> None:
    """It only mentions the company, or is about a deal of another kind."""
    await acme.tell(a_story("acme-cork", summary="Acme supplies Bolt. Cork has a share.", party=[{"company": "Cork"}]))
    supply = [{"company": "Dune", "role": "supplier"}, {"company": "Elm", "role": "customer"}]
    await acme.tell(a_story("dune-elm", party=supply, development=[CLOSED]))
    assert prose(await acme.ask("!deal has Dune bought Elm?"))[0].startswith("### Dune elm")


async def test_a_hostile_source_breaks_nothing_and_pings_nobody(blank: Scene) -> None:
    for number, text in enumerate(HOSTILE):
        line = " ".join(text.split())
        off = {
            "date": "2025-05",
            "headline": f"Off: {line}",
            "text": f"They gave up because {line}",
            "claim": "confirmed",
            "stage": "terminated",
            "source": [{"publisher": line[:100], "title": line}],
        }
        parties = [{"company": f"Acme{number} {line}"[:100], "role": "buyer"}, {"company": f"Bolt{number}"}]
        await blank.tell(a_story(f"hostile-{number}", kind="acquisition", party=parties, development=[off]))
        for question in ("why did the bolt deal fall through", "who bought bolt"):
            answer = await blank.ask(f"!deal {question.replace('bolt', f'bolt{number}')}")
            assert prose(answer)[0].startswith(("**Reason given:**", "**Buyer:"))
            assert blank.pinged(answer) == []
            check_limits(answer)


async def test_the_words_that_only_ask_are_not_called_missing(acme: Scene) -> None:
    """Others still are."""
    assert "Not in it" not in said(await acme.ask("!deal did the Acme Bolt acquisition close"))
    other = said(await acme.ask("!deal did the Acme Bolt acquisition close yesterday morning somewhere"))
    assert "close" not in other.partition("Not in it: ")[2]
