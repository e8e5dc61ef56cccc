"""Lists in plain words: which questions ask for one, what it has, and how its filters are taken away."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bot.container import Container
from bot.errors import NotFound
from bot.languages import use_language
from bot.library.answers import Answer, ListPage, NoAnswer
from bot.library.library import LIST_RETENTION
from bot.model.list_query import ListQuery, ListSubject, Period, SearchWord, StoryState
from bot.model.terms import FigureFilter, TermName
from bot.model.vocabulary import Claim, Kind, Stage
from tests.unit.newsdesk import development, story_file, take_in_text

BUYER = '[[party]]\ncompany = "{}"\nrole = "buyer"\n'
TARGET = '[[party]]\ncompany = "{}"\nrole = "target"\n'
TERM = '[[term]]\nid = "price"\nname = "value"\namount = "{}"\nunit = "{}"\nclaim = "confirmed"\n[[term.source]]\npublisher = "Wire"\n'


def deal(
    slug: str, first: str, second: str, *developments: str, value: str = "", unit: str = "USD", **more: str
) -> str:
    """Return the file of a deal between two companies."""
    parties = BUYER.format(first) + TARGET.format(second)
    term = TERM.format(value, unit) if value else ""
    return story_file(slug, "".join(developments) + parties + term, **{"headline": f"{first} and {second}", **more})


STORIES = (
    deal(
        "birch-cedar", "Birchbank", "Cedarly",
        development("2022-05-03", "Birchbank signs", "confirmed", stage="signed"),
        development("2023-02-01", "China approves it", "confirmed"),
        development("2023-04-02", "Birchbank completes it", "confirmed", stage="completed"),
        value="12000000000", kind="acquisition",
    ),
    deal(
        "birch-dahlia", "Birchbank", "Dahliaworks",
        development("2023-06-01", "Birchbank in talks", stage="talks"),
        development("2023-07-01", "Dahliaworks denies it", "denied"),
        kind="merger", value="900000000", unit="EUR",
    ),
    deal(
        "elm-fern", "Elmore", "Fernhill",
        development("2021-01-05", "Elmore signs", "confirmed", stage="signed"),
        development("2024-03-05", "China blocks it", "confirmed", stage="terminated"),
        kind="acquisition", summary="A takeover in Osaka.",
    ),
    deal(
        "elm-ginger", "Elmore", "Gingerly",
        development("2024-05-05", "Elmore completes it", "confirmed", stage="completed"),
        kind="acquisition", value="3000000000",
    ),
    story_file("elm-plant", development("2023-08-01", "It opens", "confirmed") + BUYER.format("Elmore"), kind="plant"),
)  # fmt: skip


@pytest.fixture
async def container(empty_rooms: Container, tmp_path: Path) -> Container:
    """Open the container with these stories."""
    await take_in_text(empty_rooms, tmp_path / "stories", *STORIES)
    return empty_rooms


async def ask(container: Container, query: str, *, deals_first: bool = True) -> ListPage:
    """Return the list that a question gets; fail if it gets something else."""
    page = await container.services.library.answer(query, deals_first=deals_first)
    assert isinstance(page, ListPage), page
    return page


def slugs(page: ListPage) -> list[str]:
    return [story.slug for story in page.stories]


def filters(page: ListPage) -> list[str]:
    return [label for label, _ in page.query.filters]


@pytest.mark.parametrize(
    ("query", "found", "labels"),
    [
        ("which deals were blocked by china", ["elm-fern"], ["Terminated", "Lapsed", "“china”"]),
        ("completed in 2023", ["birch-cedar"], ["Completed", "2023"]),
        ("deals signed in 2022", ["birch-cedar"], ["Signed", "2022"]),
        ("completed acquisitions", ["elm-ginger", "birch-cedar"], ["Acquisition", "Completed"]),
        ("abgeschlossene Übernahmen", ["elm-ginger", "birch-cedar"], ["Acquisition", "Completed"]),
        ("fusiones", ["birch-dahlia"], ["Merger"]),
        ("完了した買収", ["elm-ginger", "birch-cedar"], ["Acquisition", "Completed"]),
        ("birchbank's deals", ["birch-dahlia", "birch-cedar"], ["Birchbank"]),
        ("deals except birchbank and gingerly", ["elm-fern"], ["without Birchbank", "without Gingerly"]),
        ("deals except mergers", ["elm-ginger", "elm-fern", "birch-cedar"], ["without Merger"]),
        ("deals over $10bn", ["birch-cedar"], ["over $10 billion"]),
        ("deals under 5 billion dollars", ["elm-ginger"], ["under $5 billion"]),
        ("biggest deals", ["birch-cedar", "elm-ginger", "birch-dahlia", "elm-fern"], ["largest first"]),
        ("disputed deals", ["birch-dahlia"], ["disputed"]),
        ("open deals", ["birch-dahlia"], ["open"]),
        ("osaka deals", ["elm-fern"], ["“osaka”"]),
        ("deals since 2024", ["elm-ginger", "elm-fern"], ["since 2024"]),
        ("plants", ["elm-plant"], ["Plant"]),
        ("mergers last year", [], ["Merger", "2024"]),
    ],
)
async def test_a_question_for_several_gets_exactly_those(
    container: Container, query: str, found: list[str], labels: list[str]
) -> None:
    page = await ask(container, query)
    assert (slugs(page), filters(page)) == (found, labels)
    assert page.ignored_parts == ()


@pytest.mark.parametrize(
    "query", ["birchbank cedarly", "did birchbank buy cedarly", "birchbank and cedarly", "elm-fern"]
)
async def test_a_question_for_one_gets_its_card(container: Container, query: str) -> None:
    assert isinstance(await container.services.library.answer(query, deals_first=True), Answer)


async def test_an_exact_headline_gets_its_card(container: Container, tmp_path: Path) -> None:
    told = deal("news", "Holly", "Ivy", development("2024", "x"), headline="Mergers and deals of Holly")
    await take_in_text(container, tmp_path / "more", told)
    answer = await container.services.library.answer("mergers and deals of holly", deals_first=True)
    assert isinstance(answer, Answer)


@pytest.mark.parametrize(
    "query",
    [
        "what happened in july 2023",
        "what changed in july 2023",
        "was hat sich im juli 2023 geändert",
        "qué cambió en julio de 2023",
    ],
)
async def test_news_words_ask_for_developments(container: Container, query: str) -> None:
    page = await ask(container, query)
    assert page.query.subject is ListSubject.DEVELOPMENTS
    assert [item.development.headline for item in page.news] == ["Dahliaworks denies it"]


async def test_words_that_say_nothing_have_no_answer(container: Container) -> None:
    assert isinstance(await container.services.library.answer("the", deals_first=True), NoAnswer)


@pytest.mark.parametrize(
    ("text", "found", "ignored"),
    [
        ("birchbank denied", ["Dahliaworks denies it"], ()),
        ("confirmed china", ["China blocks it", "Birchbank completes it", "China approves it", "Birchbank signs", "Elmore signs"], ()),
        ("completed", ["Elmore completes it", "Birchbank completes it"], ()),
        ("birchbank 2023 over $1bn", ["Dahliaworks denies it", "Birchbank in talks", "Birchbank completes it", "China approves it"], ("over $1 billion",)),
    ],
)  # fmt: skip
async def test_latest_is_filtered_in_plain_words(
    container: Container, text: str, found: list[str], ignored: tuple[str, ...]
) -> None:
    """A stage, a claim and a time are those of the development; what it cannot be filtered by is said."""
    page = await container.services.library.list_matching(text, ListQuery(ListSubject.DEVELOPMENTS))
    assert [item.development.headline for item in page.news] == found
    assert page.ignored_parts == ignored


async def test_a_claim_is_no_filter_of_deals(container: Container) -> None:
    assert (await ask(container, "confirmed deals")).ignored_parts == ("confirmed",)


async def test_a_typo_of_a_name_is_corrected(container: Container) -> None:
    page = await ask(container, "birchbamk deals")
    assert (page.query.companies, page.corrections) == (("Birchbank",), (("birchbamk", "birchbank"),))


async def test_each_filter_can_be_taken_away(container: Container) -> None:
    page = await ask(container, "birchbank completed acquisitions 2023 over $1bn except elmore")
    assert filters(page) == ["Birchbank", "Acquisition", "Completed", "2023", "over $1 billion", "without Elmore"]
    query = page.query
    for _ in range(6):
        query = query.without_filter(0)
    assert query == ListQuery()
    assert page.query.without_filter(9) == page.query


async def test_a_stored_list_is_found_by_its_key(container: Container) -> None:
    library = container.services.library
    page = await library.store_list(await ask(container, "birchbank deals 2023"))
    assert len(page.key) == 16
    assert await library.find_list(page.key) == page.query
    assert (await library.store_list(page)).key == page.key


async def test_a_list_without_filters_needs_no_key(container: Container) -> None:
    library = container.services.library
    assert (await library.store_list(await library.get_list_page(ListQuery()))).key == ""


async def test_an_unused_list_expires(container: Container) -> None:
    library, store = container.services.library, container.services.store
    page = await library.store_list(await ask(container, "birchbank deals"))
    assert await library.erase_unused_lists() == 0
    async with store.write() as tx:
        await tx.list_queries.record(page.query, container.services.clock() - LIST_RETENTION - timedelta(days=1))
    assert await library.erase_unused_lists() == 1
    with pytest.raises(NotFound, match="This list has expired"):
        await library.find_list(page.key)


@pytest.mark.parametrize(
    "query",
    [
        ListQuery(),
        ListQuery(
            ListSubject.DEVELOPMENTS,
            ("A", "日産"),
            (Kind.MERGER,),
            (Stage.TALKS,),
            (Claim.DENIED,),
            (StoryState.OPEN,),
            Period(date(2023, 1, 1), date(2023, 12, 31), is_open_ended=True),
            FigureFilter(TermName.STAKE, "%", Decimal("0.5"), None),
            (SearchWord("é", ("e*", "e f")),),
            ("B",),
            (SearchWord("c", ()),),
            (Kind.PLANT,),
            (Stage.LAPSED,),
            largest_first=True,
        ),
    ],
)
def test_a_list_is_stored_without_loss(query: ListQuery) -> None:
    assert ListQuery.decode(query.encode()) == query


@pytest.mark.parametrize(
    "stored",
    [
        "",
        "[]",
        "{",
        '{"colour": 1}',
        '{"kinds": ["boat"]}',
        '{"period": [1]}',
        '{"figures": ["value", null, "x", null]}',
    ],
)
def test_what_another_version_stored_is_refused(stored: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any reason will do
        ListQuery.decode(stored)


@pytest.mark.parametrize(
    ("first", "last", "label"),
    [
        (date(2023, 1, 1), date(2023, 12, 31), "2023"),
        (date(2023, 8, 1), date(2023, 8, 31), "August 2023"),
        (date(2023, 7, 1), date(2023, 9, 30), "Q3 2023"),
        (date(2023, 7, 1), date(2023, 12, 31), "H2 2023"),
        (date(2023, 8, 4), date(2023, 8, 4), "4 Aug 2023"),
        (date(2023, 8, 4), date(2023, 8, 9), "4 Aug 2023 to 9 Aug 2023"),
        (date(2022, 1, 1), date(2023, 12, 31), "1 Jan 2022 to 31 Dec 2023"),
    ],
)
def test_a_period_is_named_as_people_do(first: date, last: date, label: str) -> None:
    assert Period(first, last).label == label


def test_filters_are_named_in_the_readers_language() -> None:
    query = ListQuery(stages=(Stage.TALKS,), figures=FigureFilter(unit="USD", over=Decimal(10**10)), largest_first=True)
    with use_language("de"):
        assert [label for label, _ in query.filters] == [
            "In Gesprächen",
            "über 10 Milliarden\N{NO-BREAK SPACE}$",
            "größte zuerst",
        ]
