"""What is coming up: expected events of all stories, soonest first, and what is overdue apart."""

from __future__ import annotations

from typing import Any

import pytest

from tests.discord.seen import buttons, check_limits, menu_id, message_of, private, prose, said
from tests.discord.stage import Scene
from tests.discord.stories import a_story
from tests.discord.times import settings

SOURCE = {"publisher": "Autovista24", "url": "https://autovista24.example/1"}


def expecting(slug: str, headline: str, date: str, **fields: Any) -> dict[str, Any]:
    """Return a story of Acme and Bolt that expects an event."""
    return a_story(slug, expected=[{"id": "event", "headline": headline, "date": date, "source": [SOURCE]}], **fields)


@pytest.fixture
async def diary(blank: Scene) -> Scene:
    """Store events on days, in windows, of a bounded date, overdue, of an ended deal, dropped; today is 1 Jan 2026."""
    for slug, headline, date in (
        ("quarter", "Bolt decides", "2026-Q1"),
        ("day", "Acme closes", "2026-03-31"),
        ("month", "The plant opens", "2026-02"),
        ("today", "The vote", "2026-01-01"),
        ("year", "The car comes", "2026"),
        ("bounded", "The court rules", "by 2026-05"),
        ("old", "The old date", "2025-12-31"),
        ("older", "The older date", "2025-Q2"),
    ):
        await blank.tell(expecting(slug, headline, date))
    done = [{"date": "2025-06", "headline": "Done", "claim": "confirmed", "stage": "completed"}]
    await blank.tell(expecting("ended", "The closing of what is closed", "2026-02-01", development=done))
    dropped = {"id": "event", "headline": "A party", "date": "2026-02-02", "outcome": "dropped"}
    await blank.tell(a_story("dropped", expected=[dropped]))
    return blank


def positions(shown: str, *headlines: str) -> list[int]:
    return [shown.index(headline) for headline in headlines]


async def test_the_soonest_comes_first_and_overdue_apart(diary: Scene) -> None:
    """A window counts by its last day, after a single day that ends it; what is over comes last, under a heading of its own."""
    shown = said(await diary.ask("!upcoming"))
    expected = ["The vote", "The plant opens", "Acme closes", "Bolt decides", "The court rules", "The car comes"]
    overdue = ["Date passed, outcome unknown", "The old date", "The older date"]
    found = positions(shown, *expected, *overdue)
    assert found == sorted(found)
    assert "8 expected events" in shown
    assert "**by May 2026** · Bounded · [Autovista24](https://autovista24.example/1)" in shown
    assert "was expected for Q2 2025; outcome unknown" in shown
    assert "closed" not in shown
    assert "A party" not in shown


@pytest.mark.parametrize(
    "text",
    [
        "{bot} upcoming",
        "{bot} what is coming up?",
        "{bot} what's next",
        "{bot} was steht an?",
        "{bot} ¿Qué viene ahora?",
        "{bot} 今後の予定は？",
        "!deal upcoming events",
        "!upcoming events",
    ],
)
async def test_it_is_asked_for_in_many_ways(diary: Scene, text: str) -> None:
    shown = said(await diary.ask(text.format(bot=diary.mention)))
    assert "8 expected events" in shown
    assert "The vote" in shown


@pytest.mark.parametrize(
    "text",
    [
        "!upcoming cork",
        "{bot} upcoming cork",
        "{bot} what's coming up for Cork?",
        "{bot} was steht bei Cork an?",
        "{bot} ¿Qué se espera de Cork?",
        "{bot} Corkの今後の予定は？",
    ],
)
async def test_it_is_asked_for_of_a_company(diary: Scene, text: str) -> None:
    await diary.tell(expecting("cork", "Cork decides", "2026-04", party=[{"company": "Cork"}]))
    answer = await diary.ask(text.format(bot=diary.mention))
    assert "1 expected event" in said(answer)
    assert "Cork decides" in said(answer)
    everything = await diary.reader.click(answer, label="Cork ✖")
    assert "9 expected events" in said(everything)


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("february", "The plant opens", "Acme closes"),
        ("2025", "The old date", "The vote"),
        ("in 2026", "The vote", "The old date"),
        ("closes", "Acme closes", "The vote"),
        ("signed", "No expected event matches", "The vote"),
        ("zzgrbl", "No expected event matches. Remove the filter", "The vote"),
    ],
)
async def test_it_is_filtered_in_plain_words(diary: Scene, query: str, shown: str, hidden: str) -> None:
    """A month without its year is the next one."""
    answer = said(await diary.reader.slash(diary.deals, "upcoming", query=query))
    assert shown in answer
    assert hidden not in answer


async def test_a_story_is_opened_from_the_list(diary: Scene) -> None:
    answer = await diary.ask("!upcoming")
    picked = await diary.reader.select(answer, ["today"], custom_id=menu_id(answer, "Open a story"))
    assert private(picked)
    assert "**Next:** The vote" in said(picked)


async def test_its_pages_turn_and_fit_the_limits(blank: Scene) -> None:
    words = "*W* " * 45
    for number in range(23):
        event = {"id": "event", "date": f"2026-02-{number + 1:02d}", "source": [{"publisher": words.strip()[:100]}] * 5}
        event["headline"] = f"Event {number:02d} {words}".strip()
        await blank.tell(a_story(f"story-{number}", headline=f"Story {number:02d} {words}".strip(), expected=[event]))
    first = await blank.reader.slash(blank.deals, "upcoming")
    check_limits(first)
    assert "Event 00" in said(first)
    assert (buttons(first)["Previous"], buttons(first)["Next"]) == (False, True)
    second = await blank.reader.click(message_of(first), label="Next")
    assert "Event 10" in said(second)
    third = await blank.reader.click(message_of(first), label="Next")
    assert "Event 22" in said(third)
    assert "Page 3 of 3" in said(third)


async def test_nothing_is_expected_yet(blank: Scene) -> None:
    answer = await blank.reader.slash(blank.deals, "upcoming")
    assert private(answer)
    assert "The desk can add an expected event with `/desk expected`" in said(answer)


@pytest.mark.parametrize("language", ["de", "es", "ja"])
async def test_it_is_in_the_servers_language(diary: Scene, language: str) -> None:
    await settings(diary, language=language)
    shown = "\n".join(prose(await diary.ask("!upcoming")))
    for english in ("Coming up", "expected event", "Date passed", "outcome unknown"):
        assert english not in shown
