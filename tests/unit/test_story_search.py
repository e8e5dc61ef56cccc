"""Finding: how a question is read, how what it may mean is ranked, and what is said of both."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.container import Container
from bot.entities.company_index import CompanyIndex
from bot.entities.company_index_cache import CompanyIndexCache
from bot.errors import InputError
from bot.library.answers import Answer, CompanyPage, NoAnswer
from bot.library.headline_index import HeadlineIndex
from bot.library.library import Library
from bot.library.message_search import find_story_in_texts
from bot.query.query_parser import parse_query
from bot.terminal.show import format_answer
from tests.unit.newsdesk import (
    MERGER,
    OPPAMA,
    STAKE,
    SUPPLY,
    development,
    expected,
    find_slugs,
    get_answer,
    read_seed_companies,
    story_file,
    take_in_text,
)

PARTY = '[[party]]\ncompany = "{}"\n'
SOLAR = "rajasthan-solar-plant"
NAMES = CompanyIndex(read_seed_companies())
TODAY = date(2025, 9, 1)


async def get_suggestions(container: Container, query: str) -> list[str]:
    """Return what is offered where nothing matches."""
    answer = await container.services.library.ask(query, deals_first=True)
    assert isinstance(answer, NoAnswer)
    return [suggestion.value for suggestion in answer.suggestions]


@pytest.mark.parametrize(
    ("typed", "company"),
    [
        ("Nissan Motor Company", "Nissan"), ("Tesla Incorporated", "Tesla"), ("Renault S.A.", "Renault"),
        ("日産自動車株式会社", "Nissan"), ("株式会社ルノー", "Renault"), ("$F", "Ford"), ("NYSE: F", "Ford"),
        ("TYO:7267", "Honda"), ("7201", "Nissan"), ("2317 tw", "Foxconn"), ("VOW3", "Volkswagen"), ("honhai", "Foxconn"),
        ("Mercedesbenz", "Mercedes-Benz"), ("fox conn", "Foxconn"), ("nissan's", "Nissan"), ("Nissan’s", "Nissan"),
        ("기아의", "Kia"), ("ﾎﾝﾀﾞ", "Honda"), ("#nissan", "Nissan"), ("🚗 nissan 🔋", "Nissan"),
    ],
)  # fmt: skip
def test_a_company_is_known_however_it_is_written(typed: str, company: str) -> None:
    """With its legal form or without, by its ticker, in one word or two, with a possessive or a particle."""
    parsed_query = parse_query(typed, NAMES, TODAY)
    assert (parsed_query.companies, parsed_query.terms) == ((company,), ())


def test_a_question_is_read_part_by_part() -> None:
    parsed_query = parse_query("what happened with nissan's merger talks at Oppama in August 2025?", NAMES, TODAY)
    assert parsed_query.companies == ("Nissan",)
    assert [facet.label for facet in parsed_query.facets] == ["merger", "talks"]
    assert parsed_query.date_range is not None
    assert parsed_query.date_range.label == "August 2025"
    assert parsed_query.terms == ("oppama",)


@pytest.mark.parametrize(
    ("query", "matched", "missing"),
    [
        ("nissan talks", ("Nissan", "talks"), ()),
        ("nissan last month", ("Nissan", "last month"), ()),
        ("renault this month", ("Renault",), ("this month",)),
        ("terminated mergers", ("terminated", "merger"), ()),
        ("nissan stke", ("Nissan", "stake"), ()),
        ("oppama plant", ("plant", "oppama"), ()),
        ("vw", (), ()),
        ("honda mou", ("Honda", "agreed"), ()),
        ("nissan deal terminated december", ("Nissan", "terminated"), ("December 2024",)),
        ("nissan deal terminated august", ("Nissan", "terminated", "August 2025"), ()),
        ("foxconn takeover of nissan", ("Foxconn", "Nissan", "stake"), ()),
        ("nissan ceo", ("Nissan",), ("ceo",)),
        ("xpeng order", ("Xpeng", "order"), ()),
        ("nissan -foxconn", ("Nissan", "without Foxconn"), ()),
        ("nissan without foxconn", ("Nissan", "without Foxconn"), ()),
        ("nissan ohne hon hai", ("Nissan", "without Foxconn"), ()),
        ("what is not planned about nissan", ("Nissan",), ("planned",)),
        ("tesla 2026", ("Tesla", "2026"), ()),
        ("EX-30", ("EX-30",), ()),
        ("hydrogen except -fuel", ("hydrogen", "without fuel"), ()),
        (MERGER, (), ()),
    ],
)
async def test_an_answer_says_what_of_the_question_it_has(
    container: Container, query: str, matched: tuple[str, ...], missing: tuple[str, ...]
) -> None:
    """A question for a slug needs no reason."""
    answer = await get_answer(container, query)
    assert (answer.matched_parts, answer.missing_parts) == (matched, missing)


async def test_headlines_correct_a_word_only_beside_a_known_one(container: Container) -> None:
    """Alone it is near to too much: what it may mean is offered."""
    answer = await get_answer(container, "rajastan 435mw")
    assert (answer.story.slug, answer.corrections) == (SOLAR, (("rajastan", "rajasthan"),))
    beside_a_company = await get_answer(container, "nissan opama")
    assert (beside_a_company.story.slug, beside_a_company.corrections) == (OPPAMA, (("opama", "oppama"),))
    assert await get_suggestions(container, "rajastan") == [SOLAR]


@pytest.mark.parametrize(
    ("query", "instead"),
    [
        ("indian solar farm 8 decades", SOLAR),
        ("merger fiasco", MERGER),
        ("new deals this week", SUPPLY),
    ],
)
async def test_a_story_with_too_little_of_it_is_only_suggested(container: Container, query: str, instead: str) -> None:
    """An unknown word may be the name of what is meant: an answer that leaves it out would pass off another story as that."""
    assert (await get_suggestions(container, query))[0] == instead


async def test_two_unknown_words_suggest_nothing_by_kind(container: Container) -> None:
    assert await get_suggestions(container, "byd turkey plant") == []


async def test_a_month_means_the_last_one_with_news(empty_rooms: Container, tmp_path: Path) -> None:
    """Without a year: of this company, and told."""
    await take_in_text(
        empty_rooms, tmp_path,
        story_file("in-2023", PARTY.format("Volvo Cars") + development("2023-03-04", "Opened"), headline="One works"),
        story_file("in-2024", PARTY.format("Kia") + development("2024-03-02", "Closed"), headline="Two works"),
    )  # fmt: skip
    assert (await get_answer(empty_rooms, "volvo cars march")).matched_parts == ("Volvo Cars", "March 2023")
    assert (await get_answer(empty_rooms, "works march")).story.slug == "in-2024"
    assert (await get_answer(empty_rooms, "volvo cars 4 march")).matched_parts == ("Volvo Cars", "4 Mar 2023")
    assert (await get_answer(empty_rooms, "volvo cars march 2024")).missing_parts == ("March 2024",)
    assert (await get_answer(empty_rooms, "volvo cars april")).missing_parts == ("April 2025",)


async def test_the_terminal_says_it_too(container: Container) -> None:
    text = format_answer(await get_answer(container, "renault talks last month"))
    assert "(matched: Renault; not in it: talks, last month)" in text
    assert "matched" not in format_answer(await get_answer(container, MERGER))


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("honda nissan merger", MERGER), ("cancelled nissan deal", MERGER), ("is honda still buying nissan", MERGER),
        ("nissan december 2024", MERGER), ("deals last year", MERGER), ("honda nissan mergre", MERGER),
        ("nissan rumours", STAKE), ("foxconn feb 2025 stake", STAKE), ("foxconn supplying", SUPPLY),
        ("disputed deals", OPPAMA), ("in talks", OPPAMA), ("08/2025", OPPAMA), ("open nissan deals", OPPAMA),
        ("honda nissan talks", MERGER), ("nissan but not foxconn", MERGER), ("foxconn mitsubishi february", SUPPLY),
        ("etech vans", "renault-e-tech-vans"), ("toyotas fuel cells", "toyota-third-generation-fuel-cell"),
    ],
)  # fmt: skip
async def test_kinds_stages_times_and_forms_of_words_count(container: Container, query: str, first: str) -> None:
    assert (await find_slugs(container, query))[0] == first


@pytest.mark.parametrize(("query", "first"), [("deals", OPPAMA), ("latest", OPPAMA), ("any news?", OPPAMA)])
async def test_who_asks_for_news_gets_the_newest(container: Container, query: str, first: str) -> None:
    assert (await find_slugs(container, query))[0] == first


async def test_words_of_the_text_are_said_to_be_in_it(container: Container) -> None:
    """Also those that no headline has."""
    answer = await get_answer(container, "concrete partnerships japan zebra")
    assert answer.story.slug == OPPAMA
    assert set(answer.matched_parts) >= {"concrete", "japan"}
    assert "zebra" in answer.missing_parts


async def test_what_is_asked_for_does_not_hide_the_rest(container: Container) -> None:
    """Nissan's other stories stand by, whatever kind was asked for."""
    assert set(await find_slugs(container, "nissan merger")) >= {MERGER, OPPAMA, STAKE, SUPPLY}


async def test_last_month_depends_on_clock_and_time_zone(container: Container) -> None:
    """At eleven in the evening of 31 August in UTC it is September in Tokyo, and August is last month there."""
    now = [datetime(2025, 8, 31, 23, tzinfo=UTC)]
    library = Library(container.services.store, lambda: now[0], ZoneInfo("Asia/Tokyo"))
    here = Library(container.services.store, lambda: now[0])

    async def matched(asked_of: Library) -> tuple[str, ...]:
        answer = await asked_of.ask("nissan last month", deals_first=True)
        assert isinstance(answer, Answer)
        return answer.matched_parts

    assert await matched(library) == ("Nissan", "last month")
    assert await matched(here) == ("Nissan",)
    now[0] = datetime(2025, 9, 1, 0, tzinfo=UTC)
    assert await matched(here) == ("Nissan", "last month")


async def test_an_exact_headline_comes_before_one_that_contains_it(empty_rooms: Container, tmp_path: Path) -> None:
    await take_in_text(
        empty_rooms, tmp_path,
        story_file("exact", development("2024-01", "Old"), headline="Harbour strike"),
        story_file("longer", development("2025-08", "New"), headline="Harbour strike spreads"),
    )  # fmt: skip
    assert await find_slugs(empty_rooms, "harbour strike") == ["exact", "longer"]


@pytest.mark.parametrize(
    "query",
    ["Δελφίνι", "δελφινι", "ΔΕΛΦΙΝΙ", "завод новый", "новыи", "ОБЪЁМ", "объем", "Straße", "strasse", "ørebro", "orebro",
     "Łódź", "lodz", "kåfjord", "kafjord"],
)  # fmt: skip
async def test_a_word_is_found_with_its_accents_and_without(empty_rooms: Container, tmp_path: Path, query: str) -> None:
    """In the headline or in the text, in whatever letters, as names are."""
    text = "Новый завод: объём. An der Straße nach Łódź, by way of Kåfjord."
    news = development("2025-08", "Ørebro says yes", text=text)
    await take_in_text(
        empty_rooms, tmp_path,
        story_file("told", news, headline="Το Δελφίνι"),
        story_file("other", development("2025-08", "News"), headline="Harbour strike"),
    )  # fmt: skip
    assert await find_slugs(empty_rooms, query) == ["told"]


async def test_rare_and_frequent_prefixes_find_alike(empty_rooms: Container, tmp_path: Path) -> None:
    """Full text is asked in two ways: for the words that begin so, or, where they are too many, for the beginning."""
    few = [story_file(f"few-{n}", development("2025-08", "News"), headline=f"Zeppelin{n} flies") for n in range(3)]
    many = [story_file(f"many-{n}", development("2025-08", "News"), headline=f"Balloon{n} flies") for n in range(60)]
    await take_in_text(empty_rooms, tmp_path, *few, *many)
    async with empty_rooms.services.store.read() as tx:
        for slug, beginning, count in (("few", "zeppelin", 3), ("many", "balloon", 60)):
            numbers = await tx.fulltext.find_ids([[f"{beginning}*"], ["flies"]])
            assert len(numbers) == count
            assert numbers == tuple(sorted(numbers, reverse=True))
            assert set(numbers) == set((await tx.stories.get_ids([f"{slug}-{n}" for n in range(60)])).values())
        assert await tx.fulltext.find_ids([["zeppelins*"], ["flies"]]) == ()
        assert len(await tx.fulltext.find_ids([["zeppelins*", "balloon7"], ["flies"]])) == 1


async def test_one_of_very_many_stories_of_a_company_is_found(empty_rooms: Container, tmp_path: Path) -> None:
    """It is the oldest of more than are ranked: it is looked for by its kind, by its time, and by its words."""
    party = '[[party]]\ncompany = "Acme"\n'
    many = [story_file(f"acme-{n}", party + development(f"2025-08-{n % 28 + 1:02d}", "News")) for n in range(120)]
    old = party + development("2019-03", "Licensed", stage="signed")
    old_story = story_file("acme-old", old, kind="licensing", headline="Acme and the zeppelins")
    await take_in_text(empty_rooms, tmp_path, old_story, *many)
    for query in ("acme licence", "acme march 2019", "acme zeppelin", "signed acme"):
        assert (await find_slugs(empty_rooms, query))[0] == "acme-old", query


async def test_of_equally_new_deals_the_most_advanced_comes_first(empty_rooms: Container, tmp_path: Path) -> None:
    """Of equally advanced ones that between fewer parties. Without stages and parties the order would be that of the files."""
    acme, others = PARTY.format("Acme"), PARTY.format("Bolt") + PARTY.format("Cork")
    stages = {"many": (others, "talks"), "early": ("", "rumoured"), "right": (PARTY.format("Bolt"), "talks")}
    await take_in_text(
        empty_rooms, tmp_path,
        *(story_file(slug, acme + more + development("by 2025-08", "News", stage=stage)) for slug, (more, stage) in stages.items()),
    )  # fmt: skip
    assert await find_slugs(empty_rooms, "acme") == ["right", "many", "early"]
    assert await find_slugs(empty_rooms, "deals in august 2025") == ["right", "many", "early"]


async def test_what_is_between_the_companies_alone_comes_first(empty_rooms: Container, tmp_path: Path) -> None:
    """If it has every part of the question, if only in its text; other companies' talks are not those of the two."""
    two, three = PARTY.format("Acme") + PARTY.format("Bolt"), PARTY.format("Cork")
    await take_in_text(
        empty_rooms, tmp_path,
        story_file("of-three", three + two + development("2025-08", "In talks", stage="talks"), kind="supply"),
        story_file("of-two", two + development("2025-07", "The talks collapse", stage="terminated")),
    )  # fmt: skip
    assert (await find_slugs(empty_rooms, "acme bolt talks"))[0] == "of-two"
    assert (await find_slugs(empty_rooms, "acme bolt supply"))[0] == "of-three"


async def test_a_date_finds_what_is_expected_then(empty_rooms: Container, tmp_path: Path) -> None:
    """But nothing that was dropped."""
    for slug, more in (("coming", {}), ("dropped", {"outcome": "dropped"})):
        event = expected("day", "The day", "2026-02-25", **more)
        await take_in_text(empty_rooms, tmp_path / slug, story_file(slug, development("2025-08", "News") + event))
    assert await find_slugs(empty_rooms, "february 2026") == ["coming"]
    assert await find_slugs(empty_rooms, "25 february 2026") == ["coming"]


async def test_a_company_is_found_by_a_word_of_its_name(empty_rooms: Container, tmp_path: Path) -> None:
    """As long as one company has it; a text that has the word alone is not about the company."""
    companies = [f'[[company]]\nname = "{name}"\n' for name in ("Bolt Cars", "Acme-Cork", "Cork Trucks")]
    await take_in_text(empty_rooms, tmp_path, "".join(companies))
    library = empty_rooms.services.library
    page, several = await library.find_company("bolt"), await library.find_company("cork")
    assert isinstance(page, CompanyPage)
    assert page.company.name == "Bolt Cars"
    assert isinstance(several, NoAnswer)


async def test_two_characters_begin_a_name_in_japanese(empty_rooms: Container, tmp_path: Path) -> None:
    company = '[[company]]\nname = "Acme"\naliases = ["三菱自動車"]\n'
    await take_in_text(empty_rooms, tmp_path / "names", company)
    story = story_file("acme", PARTY.format("Acme") + development("2025-08", "News"))
    await take_in_text(empty_rooms, tmp_path / "stories", story)
    assert await find_slugs(empty_rooms, "三菱") == ["acme"]


@pytest.mark.parametrize("query", ["honda nissan merger", "oppama", "nissan stake", "foxconn mitsubishi", "capri"])
async def test_one_story_is_taken_where_one_is_clearly_meant(container: Container, query: str) -> None:
    answer = await container.services.library.ask(query, deals_first=False)
    assert isinstance(answer, Answer)
    assert await container.services.library.resolve_story(query) == answer.story.slug


@pytest.mark.parametrize("query", ["nissan", "nissan foxconn", "hydrogen", "nissan talks"])
async def test_one_story_is_refused_where_another_may_be_meant_as_well(container: Container, query: str) -> None:
    """Being newer, or open, is no reason for the desk to write into it."""
    with pytest.raises(InputError, match="several stories match; choose one of "):
        await container.services.library.resolve_story(query)


@pytest.mark.parametrize(
    ("typed", "first"),
    [("nissan mer", MERGER), ("foxconn st", STAKE), ("termi", MERGER), ("oppa", OPPAMA), (f" {MERGER} ", MERGER)],
)
async def test_an_incomplete_last_word_matches_by_prefix(container: Container, typed: str, first: str) -> None:
    """Of a kind, a stage or a headline; a slug is a slug while it is typed, too."""
    assert (await container.services.library.complete_story(typed, deals_only=True))[0].slug == first


async def test_one_letter_offers_stories_of_companies_that_begin_so(container: Container) -> None:
    offered = await container.services.library.complete_story("k", deals_only=True)
    assert {line.slug for line in offered} == {"kgm-phinia-hydrogen-engines", "kia-ev-day-2025"}


async def test_a_ticker_names_a_company_for_its_page(container: Container) -> None:
    page = await container.services.library.find_company("NYSE: F")
    assert isinstance(page, CompanyPage)
    assert page.company.name == "Ford"


async def test_a_renamed_company_is_found_in_the_next_answer(container: Container, tmp_path: Path) -> None:
    """And no more by the old one."""
    assert (await find_slugs(container, "hon hai"))[0] == OPPAMA
    await take_in_text(container, tmp_path, '[[company]]\nname = "Foxconn"\naliases = ["Big Fox"]\n')
    assert (await get_answer(container, "big fox")).companies == ("Foxconn",)
    assert (await container.services.library.find_only_company("鴻海")) is None


@pytest.mark.parametrize("text", ["their workforce", "the Capri name, and what it brings"])
async def test_a_message_is_about_no_story_of_which_it_has_too_little(container: Container, text: str) -> None:
    """One word of a headline, or less than most of its words that say something; no company is named."""
    library = container.services.library
    assert isinstance(await library.ask(text, deals_first=False), Answer)
    assert isinstance(await find_story_in_texts(library, [text]), NoAnswer)


async def test_the_last_word_of_a_finished_question_is_a_whole_word(container: Container) -> None:
    """It is searched by its stem, not as the beginning of a longer word."""
    assert (await get_answer(container, "kgm engined")).matched_parts == ("KGM", "engined")


async def test_a_first_question_without_a_match_has_suggestions(container: Container) -> None:
    """Of words that are no typos, so that no headline was needed before."""
    assert "xpeng-g6-uk" in await get_suggestions(container, "ok brings")


def test_a_headline_is_similar_by_words_of_four_letters() -> None:
    index = HeadlineIndex()
    index.update({"capri": "Ford brings back the Capri name"})
    assert index.find_similar(["name"], 3) == ("capri",)
    assert index.find_similar(["the"], 3) == ()


async def test_a_prepared_library_does_not_reload_names(container: Container, monkeypatch: pytest.MonkeyPatch) -> None:
    refresh, calls = CompanyIndexCache.refresh, 0

    async def count_and_refresh(cache: CompanyIndexCache[CompanyIndex], *sources: Any) -> CompanyIndex:
        nonlocal calls
        calls += 1
        return await refresh(cache, *sources)

    monkeypatch.setattr(CompanyIndexCache, "refresh", count_and_refresh)
    await container.services.library.prepare()
    assert calls == 1
    await get_answer(container, "nissan foxconn")
    assert calls == 1
