"""Asking: the story that is meant comes first, the other matches stand by, and no question is too strange."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.container import Container, open_container
from bot.errors import InputError, NotFound
from bot.library.answers import Answer, CompanyPage, NoAnswer, QuerySuggestion, SuggestionKind
from bot.library.follow_targets import complete_target, find_sample_story, find_target
from bot.library.library import Library
from bot.model.follow import EVERYTHING, Target, TargetKind
from bot.model.list_query import ListQuery, ListSubject
from bot.model.vocabulary import Kind, Stage
from bot.store import Store
from bot.store.engines.sqlite.database import SqliteDatabase
from tests.languages.pseudo import bracketed
from tests.unit.newsdesk import (
    MERGER,
    NOW,
    OPPAMA,
    STAKE,
    SUPPLY,
    development,
    find_slugs,
    get_answer,
    rooms_settings,
    story_file,
    take_in_text,
)


@pytest.mark.parametrize(
    "query",
    [
        "nissan", "Nissan", "NISSAN MOTOR CO., LTD.", "ｎｉｓｓａｎ", "Ñissàn", "nisan", "日産", "日産自動車", "日产", "7201.T",
        "what about nissan?", "nissan deals", "the latest news on Nissan",
    ],
)  # fmt: skip
async def test_nissan_by_any_name_has_oppama_first(container: Container, query: str) -> None:
    """What is open and newest comes first, what has ended comes last; all of it is there."""
    matches = await find_slugs(container, query)
    assert matches[0] == OPPAMA
    assert set(matches) == {OPPAMA, MERGER, SUPPLY, STAKE}
    assert matches[-1] == MERGER
    assert (await get_answer(container, query)).companies == ("Nissan",)


@pytest.mark.parametrize(
    ("query", "slug"),
    [
        ("hon hai", OPPAMA), ("鴻海", OPPAMA), ("parkopedia", "easypark-parkopedia"), ("vw", "easypark-parkopedia"),
        ("GM", "easypark-parkopedia"), ("fuel cell", "toyota-third-generation-fuel-cell"), ("oppama", OPPAMA),
        ("honda nissan merger", MERGER), ("merger", MERGER), ("nissan stake", STAKE),
        ("foxconn mitsubishi", SUPPLY), ("mitsubishi supply", SUPPLY), ("foxconn nissan", OPPAMA),
        ("日産と鴻海", OPPAMA), ("トヨタ燃料電池", "toyota-third-generation-fuel-cell"), ("기아", "kia-ev-day-2025"),
        ("Renualt", "renault-e-tech-vans"), ("parkopdia", "easypark-parkopedia"), ("solar rajasthan", "rajasthan-solar-plant"),
        ("estafette", "renault-e-tech-vans"), ("ford", "ford-capri-revival"), (MERGER, MERGER),
        ("HONDA-NISSAN-MERGER", MERGER), ("hydrogen engines", "kgm-phinia-hydrogen-engines"),
    ],
)  # fmt: skip
async def test_a_question_is_answered_with_the_story_that_is_meant(container: Container, query: str, slug: str) -> None:
    assert (await find_slugs(container, query))[0] == slug


async def test_two_companies_mean_their_own_deal_first(container: Container) -> None:
    assert (await find_slugs(container, "honda nissan"))[:2] == [MERGER, SUPPLY]


async def test_stories_of_both_companies_come_before_those_of_one(container: Container) -> None:
    matches = await find_slugs(container, "nissan foxconn")
    assert matches[:3] == [OPPAMA, STAKE, SUPPLY]
    assert matches[3:] == [MERGER]


async def test_an_answer_names_its_corrections(container: Container) -> None:
    answer = await get_answer(container, "nisan foxcon")
    assert answer.corrections == (("nisan", "nissan"), ("foxcon", "foxconn"))
    assert (await get_answer(container, "nissan")).corrections == ()


async def test_related_stories_are_those_that_no_match_has_shown(container: Container) -> None:
    assert {line.slug for line in (await get_answer(container, "oppama")).related_stories} == {STAKE, SUPPLY, MERGER}
    assert (await get_answer(container, "nissan")).related_stories == ()


async def test_deals_come_first_only_if_asked_for(empty_rooms: Container, tmp_path: Path) -> None:
    party = '[[party]]\ncompany = "Acme"\n'
    await take_in_text(
        empty_rooms, tmp_path,
        story_file("deal", party + development("2025-01", "Old")),
        story_file("show", party + development("2025-09", "New"), kind="event"),
    )  # fmt: skip
    library = empty_rooms.services.library
    firsts = [await library.ask("acme", deals_first=first) for first in (True, False)]
    assert [answer.story.slug for answer in firsts if isinstance(answer, Answer)] == ["deal", "show"]


@pytest.mark.parametrize("query", ["qqqqqq", "xyzzy plugh", "zz", "", "   ", "?!", "😀", "\x00"])
async def test_nonsense_finds_nothing_and_suggests_nothing_far_off(container: Container, query: str) -> None:
    answer = await container.services.library.ask(query, deals_first=True)
    assert answer == NoAnswer(query)


async def test_similar_companies_and_headlines_are_suggested(container: Container) -> None:
    """Too far off to be taken for it, near enough to be meant."""
    library = container.services.library
    company = await library.ask("mitsubischmotos", deals_first=True)
    story = await library.ask("hydrogin enjines", deals_first=True)
    assert isinstance(company, NoAnswer)
    assert company.suggestions[0] == QuerySuggestion(SuggestionKind.COMPANY, "Mitsubishi Motors", "Mitsubishi Motors")
    assert isinstance(story, NoAnswer)
    assert [suggestion.value for suggestion in story.suggestions] == ["kgm-phinia-hydrogen-engines"]


HOSTILE = (
    '"', '""', "'", '" OR 1=1 --', "NEAR(", "nissan NEAR(foxconn, 2)", "*", "nis*", "^nissan", "headline:nissan", "{a b}: c",
    "AND", "NOT nissan", "nissan AND", "(nissan", "-nissan", "nissan;", "%", "_", "\\", "\x00nissan", "\x1b[31m nissan", "\u202enissan",
    "\ud800", "nissan \udcff", "😀" * 500, "👨‍👩‍👧", "a" * 50_000, "日産" * 5_000, "nissan " * 5_000, "e\u0301" * 5_000, "1" * 5_000,
    "'; DROP TABLE story; --",
)  # fmt: skip


@pytest.mark.parametrize("query", HOSTILE, ids=lambda query: repr(query[:20]))
async def test_a_hostile_question_is_a_question(container: Container, query: str) -> None:
    """Neither operators nor control characters nor length make it fail or hang, here or while it is typed."""
    library = container.services.library
    async with asyncio.timeout(60):
        answer = await library.ask(query, deals_first=True)
        await library.find_company(query)
        await library.complete_story(query, deals_only=False)
        await complete_target(library, query)
    assert answer.query == query
    if "nissan" in query:
        assert isinstance(answer, Answer)
        assert answer.companies[:1] == ("Nissan",)


@settings(max_examples=30, deadline=None)
@given(queries=st.lists(st.text(max_size=60), min_size=5, max_size=5))
@example(queries=["\ud800", "a\x00b", '"', "*", "　"])
def test_any_text_is_answered_or_not_found(planted: Path, queries: list[str]) -> None:
    copy = planted.with_name("asked.db")
    if not copy.exists():
        shutil.copy(planted, copy)

    async def ask() -> None:
        async with SqliteDatabase(copy) as database:
            library = Library(Store(database))
            for query in queries:
                assert (await library.ask(query, deals_first=False)).query == query

    asyncio.run(ask())


async def test_what_another_process_writes_is_in_the_next_answer(container: Container, tmp_path: Path) -> None:
    """An import beside the running bot: stories, corrections and company names all count at once."""
    library, url = container.services.library, Path(container.services.store.name)
    before = await library.ask("acme", deals_first=True)
    assert isinstance(before, NoAnswer)
    async with open_container(rooms_settings(url), clock=lambda: NOW) as beside:
        await take_in_text(beside, tmp_path, story_file("acme-deal", '[[party]]\ncompany = "Acme"\n'))
        assert await find_slugs(container, "acme") == ["acme-deal"]
        await take_in_text(beside, tmp_path, '[[company]]\nname = "Acme"\naliases = ["アクメ"]\n')
        assert await find_slugs(container, "アクメ") == ["acme-deal"]
        await beside.services.desk.retract(MERGER, "mou-terminated", "Misread.", actor="editor")
    assert (await get_answer(container, MERGER)).story.stage is Stage.AGREED


async def test_the_same_question_is_read_once_until_something_changes(container: Container, tmp_path: Path) -> None:
    first = await get_answer(container, "nissan")
    assert await get_answer(container, "nissan") is first
    await take_in_text(container, tmp_path, story_file("other-news"))
    again = await get_answer(container, "nissan")
    assert again is not first
    assert again == first


async def test_deals_asked_first_or_not_are_two_questions(container: Container) -> None:
    library = container.services.library
    deals = await library.ask("nissan", deals_first=True)
    assert await library.ask("nissan", deals_first=False) is not deals


async def test_a_company_has_its_stories_and_its_news(container: Container) -> None:
    page = await container.services.library.find_company("hon-hai")
    assert isinstance(page, CompanyPage)
    assert page.company.name == "Foxconn"
    assert page.total == len(page.stories) == 3
    assert {line.slug for line in page.stories} == {OPPAMA, SUPPLY, STAKE}
    assert page.news[0].story.slug in {SUPPLY, STAKE}


async def test_an_unknown_company_has_suggestions(container: Container) -> None:
    answer = await container.services.library.find_company("Mitsubichi Heavy")
    assert isinstance(answer, CompanyPage | NoAnswer)
    missing = await container.services.library.find_company("qqqqq")
    assert missing == NoAnswer("qqqqq")
    with pytest.raises(NotFound, match=r"^No company matches “qqqqq”\.$"):
        await container.services.library.resolve_company_name("qqqqq")


async def test_lists_are_paged_and_end_with_the_last_page(container: Container) -> None:
    library = container.services.library
    everything = ListQuery(ListSubject.STORIES)
    pages = [await library.get_list_page(everything, page) for page in range(2)]
    assert [(page.total, page.pages, len(page.lines)) for page in pages] == [(16, 2, 10), (16, 2, 6)]
    dates = [line.as_of for page in pages for line in page.lines if line.as_of]
    assert dates == sorted(dates, reverse=True)
    assert await library.get_list_page(everything, 99) == pages[1]


@pytest.mark.parametrize(
    ("chosen", "slugs"),
    [
        (ListQuery(stages=(Stage.TERMINATED,)), [MERGER]),
        (ListQuery(companies=("Foxconn",), kinds=(Kind.STAKE,)), [STAKE]),
        (ListQuery(companies=("Kia",)), []),
        (ListQuery(ListSubject.STORIES, companies=("Kia",)), ["kia-ev-day-2025"]),
    ],
)
async def test_a_list_is_filtered(container: Container, chosen: ListQuery, slugs: list[str]) -> None:
    page = await container.services.library.get_list_page(chosen, 0)
    assert [line.slug for line in page.lines] == slugs


NISSAN_NEWS = ListQuery(ListSubject.DEVELOPMENTS, companies=("Nissan",))


async def test_the_latest_news_leaves_out_what_was_retracted(container: Container) -> None:
    library, key = container.services.library, "concrete-talks-denied"
    assert key in [item.development.key for item in (await library.get_list_page(NISSAN_NEWS)).news]
    total = (await library.get_list_page(ListQuery(ListSubject.DEVELOPMENTS))).total
    await container.services.desk.retract(OPPAMA, key, "Misread.", actor="editor")
    after = await library.get_list_page(NISSAN_NEWS)
    assert {"talks-reported", key} & {item.development.key for item in after.news} == {"talks-reported"}
    assert (await library.get_list_page(ListQuery(ListSubject.DEVELOPMENTS))).total == total - 1


@pytest.mark.parametrize(
    ("typed", "target"),
    [
        ("Everything", Target(TargetKind.EVERYTHING, label="everything")),
        ("hon hai", Target(TargetKind.COMPANY, "Foxconn", "Foxconn")),
        ("nisan", Target(TargetKind.COMPANY, "Nissan", "Nissan")),
        ("Merger", Target(TargetKind.KIND, "merger", "merger")),
        (MERGER, Target(TargetKind.STORY, MERGER, "Honda and Nissan end their merger talks")),
    ],
)
async def test_a_follow_target_is_found_with_a_sample_story(container: Container, typed: str, target: Target) -> None:
    library = container.services.library
    assert await find_target(library, typed) == target
    sample = await find_sample_story(library, target)
    assert sample is not None
    assert target.matches(sample)


async def test_a_target_of_several_stories_is_refused(container: Container) -> None:
    with pytest.raises(InputError, match=f"several stories match; choose one of {OPPAMA}, "):
        await find_target(container.services.library, "nissan foxconn")
    with pytest.raises(NotFound):
        await find_target(container.services.library, "qqqqqq")


async def test_matched_parts_are_in_the_language_of_the_reader(container: Container) -> None:
    """Answers are kept, and nobody gets one in the language of whoever asked the same before."""
    library = container.services.library
    query = "nissan merger talks 2025 last month"

    async def labels() -> tuple[str, ...]:
        answer = await library.ask(query, deals_first=True)
        assert isinstance(answer, Answer)
        return (*answer.matched_parts, *answer.missing_parts)

    english = await labels()
    with bracketed():
        assert {"Nissan", "⟦merger⟧", "⟦talks⟧"} < set(await labels())
    assert {"Nissan", "merger", "talks"} < set(english)
    assert await labels() == english


async def test_missing_parts_are_in_the_language_of_the_reader(container: Container) -> None:
    with bracketed():
        with pytest.raises(NotFound, match=r"^⟦No story matches “qqqqqq”\.⟧$"):
            await find_target(container.services.library, "qqqqqq")
        with pytest.raises(InputError, match=r"^story: ⟦several stories match"):
            await find_target(container.services.library, "nissan foxconn")


async def test_a_target_is_accepted_by_its_localized_name(container: Container) -> None:
    library = container.services.library
    with bracketed():
        offered = [label for typed in ("", "nis", "merg") for label, _ in await complete_target(library, typed)]
        assert all(label.startswith("⟦") for label in offered)
        assert {"⟦everything⟧", "⟦every merger story⟧", "⟦company: Nissan⟧"} <= set(offered)
        assert ("⟦every joint venture story⟧", "joint-venture") in await complete_target(library, "⟦joint")
        assert (await find_target(library, "⟦Joint venture⟧")).value == "joint-venture"
        assert await find_target(library, "⟦everything⟧") == EVERYTHING


async def test_autocomplete_choices_are_accepted(container: Container) -> None:
    """Every offer, sent as it stands, means what it said; and a name that is only begun is enough."""
    library = container.services.library
    for typed in ("", "nis", "mer", "hon"):
        for _, value in await complete_target(library, typed):
            await find_target(library, value)
    assert "company: Nissan" in [label for label, _ in await complete_target(library, "nis")]
    assert OPPAMA in [line.slug for line in await library.complete_story("nis", deals_only=True)]


async def test_every_kind_can_be_followed(container: Container) -> None:
    library = container.services.library
    for kind in Kind:
        assert kind.value in [value for _, value in await complete_target(library, kind.value)]
        assert await find_target(library, kind.value) == Target(TargetKind.KIND, kind.value, kind.value)
