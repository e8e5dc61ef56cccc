"""Questions that name companies: of parties, of mentions, and of companies that no story has together."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.container import Container
from bot.library.answers import Answer, CompanyPage, NoAnswer, NoAnswerReason, describe_no_answer
from tests.unit.newsdesk import MERGER, STAKE, development, find_slugs, get_answer, story_file, take_in_text

PARKOPEDIA = "easypark-parkopedia"
COMPANIES = "\n".join(f'[[company]]\nname = "{name}"' for name in ("Kia", "BMW", "Volkswagen", "Northvolt", "Lyten"))


def party(*names: str) -> str:
    return "".join(f'[[party]]\ncompany = "{name}"\n' for name in names)


@pytest.fixture
async def named_rooms(empty_rooms: Container, tmp_path: Path) -> Container:
    """Open a store of stories that name companies in their texts."""
    rescue = "Lyten agreed to buy what is left. Volkswagen and BMW were customers."
    await take_in_text(
        empty_rooms,
        tmp_path,
        COMPANIES,
        story_file(
            "kia-bmw", party("Lyten"), headline="Kia and BMW talk batteries", kind="other", summary="They talk."
        ),
        story_file(
            "rescue", party("Lyten", "Northvolt"), headline="Lyten buys plants", summary=rescue, kind="acquisition"
        ),
        story_file(
            "layoffs", party("Volkswagen"), headline="Volkswagen cuts 35,000 jobs", kind="other", summary="It cuts."
        ),
        story_file("kia-day", party("Kia"), headline="Kia holds its day", kind="event", summary="It is a day."),
    )
    return empty_rooms


async def get_no_answer(container: Container, query: str) -> NoAnswer:
    answer = await container.services.library.ask(query, deals_first=True)
    assert isinstance(answer, NoAnswer), answer
    return answer


@pytest.mark.parametrize(
    ("query", "slug", "mentioned"),
    [
        ("kia and bmw talk batteries", "kia-bmw", ("Kia", "BMW")),
        ("kia bmw batteries", "kia-bmw", ("Kia", "BMW")),
        ("volkswagen northvolt", "rescue", ("Volkswagen",)),
        ("bmw volkswagen", "rescue", ("BMW", "Volkswagen")),
        ("volkswagen", "layoffs", ()),
        ("volkswagen customers", "rescue", ("Volkswagen",)),
        ("volkswagen acquisition", "layoffs", ()),
    ],
)
async def test_parties_come_first_and_mentions_second(
    named_rooms: Container, query: str, slug: str, mentioned: tuple[str, ...]
) -> None:
    """A story that names both companies comes before one that is about one; words of the text count for a mention."""
    answer = await get_answer(named_rooms, query)
    assert (answer.story.slug, answer.mentioned_companies) == (slug, mentioned)
    assert {"BMW", "Kia", "Volkswagen", "Northvolt"}.isdisjoint(answer.missing_parts)


@pytest.mark.parametrize("query", ["ford parkopedia", "bmw parkopedia"])
async def test_a_company_in_the_text_is_not_missing(container: Container, query: str) -> None:
    answer = await get_answer(container, query)
    assert (answer.story.slug, answer.matched_parts, answer.missing_parts) == (PARKOPEDIA, ("Parkopedia",), ())
    assert not answer.is_about_none


async def test_a_story_is_not_said_to_be_without_what_it_mentions(container: Container) -> None:
    """An exclusion is about the parties, so the story stays; but it does name BMW."""
    assert (await get_answer(container, "parkopedia -bmw")).matched_parts == ("Parkopedia",)
    assert "without Ford" in (await get_answer(container, "nissan -ford")).matched_parts


async def test_autocomplete_offers_stories_that_mention_a_company(named_rooms: Container) -> None:
    library = named_rooms.services.library
    offered = [line.slug for line in await library.complete_story("volkswagen", deals_only=False)]
    assert offered == ["layoffs", "rescue"]


async def test_the_page_of_a_company_lists_what_mentions_it(named_rooms: Container) -> None:
    page = await named_rooms.services.library.find_company("vw volkswagen")
    assert isinstance(page, CompanyPage)
    assert [line.slug for line in page.stories] == ["layoffs"]
    assert ([line.slug for line in page.mentions], page.mention_total) == (["rescue"], 1)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("nissan tesla", "No story has both Nissan and Tesla."),
        ("nissan groq", "No story has both Nissan and Groq."),
        ("did google buy tesla", "No story has both Tesla and Google."),
        ("kia renault tesla merger", "No story has all of these: Kia, Renault, Tesla."),
        ("micron huawei", "No story has both Micron and Huawei."),
        ("google lawsuit", "No story about Google yet."),
        ("scania", "No story about Scania yet."),
        ("tesla -semi", "No story about Tesla without semi."),
    ],
)
async def test_it_is_said_which_companies_no_story_has(container: Container, query: str, sentence: str) -> None:
    """A story that has only some of them is no answer."""
    answer = await get_no_answer(container, query)
    assert describe_no_answer(answer) == sentence


async def test_the_nearest_stories_are_of_each_company(container: Container) -> None:
    suggestions = [each.value for each in (await get_no_answer(container, "nissan tesla")).suggestions]
    assert suggestions[0] == "tesla-semi-production"
    assert {STAKE, MERGER} < set(suggestions)


@pytest.mark.parametrize("query", ["tesla -semi", "hydrogin enjines -kgm", "xpeng gg6 -g6"])
async def test_what_is_excluded_is_never_offered(container: Container, query: str) -> None:
    offered = {each.value for each in (await get_no_answer(container, query)).suggestions}
    assert offered.isdisjoint({"tesla-semi-production", "kgm-phinia-hydrogen-engines", "xpeng-g6-uk", "KGM", "Tesla"})


async def test_the_company_of_the_question_is_not_offered(container: Container) -> None:
    offered = {each.value for each in (await get_no_answer(container, "nissan tesla")).suggestions}
    assert offered.isdisjoint({"Nissan", "Tesla"})


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("nisan", "Nissan"),
        ("nissna", "Nissan"),
        ("teslaa", "Tesla"),
        ("toyata", "Toyota"),
        ("parkpoedia", "Parkopedia"),
    ],
)
async def test_a_typo_of_a_name_is_corrected(container: Container, typed: str, name: str) -> None:
    assert (await get_answer(container, typed)).companies == (name,)


@pytest.mark.parametrize(
    ("typed", "name"), [("hondas", None), ("hinda", "Honda"), ("dord", "Ford"), ("lord", "Ford"), ("kila", "Kia")]
)
async def test_a_word_that_may_be_another_name_is_not_corrected(
    container: Container, typed: str, name: str | None
) -> None:
    """What it may mean is offered."""
    answer = await container.services.library.ask(typed, deals_first=True)
    if name is None:
        assert isinstance(answer, Answer), "a plural is no other name"
        return
    assert isinstance(answer, NoAnswer)
    assert answer.reason is NoAnswerReason.NO_MATCH
    assert name in [each.value for each in answer.suggestions]


async def test_a_well_known_company_is_no_typo_of_a_word(empty_rooms: Container, tmp_path: Path) -> None:
    await take_in_text(
        empty_rooms,
        tmp_path,
        '[[company]]\nname = "AMD"\naliases = ["Advanced Micro Devices"]',
        story_file("micro", party("AMD"), headline="Micro devices for all"),
    )
    assert await find_slugs(empty_rooms, "micro") == ["micro"]
    assert describe_no_answer(await get_no_answer(empty_rooms, "micron")) == "No story about Micron yet."


async def test_an_article_about_several_companies_still_finds_its_story(container: Container) -> None:
    """A partial match is no answer to a question, but a text names more than one story has."""
    library = container.services.library
    assert isinstance(await library.ask("Tesla, Nissan and Foxconn", deals_first=False), NoAnswer)
    assert isinstance(await library.ask("Tesla, Nissan and Foxconn", deals_first=False, accept_partial=True), Answer)


async def test_a_denied_mention_is_dated_by_its_story(named_rooms: Container, tmp_path: Path) -> None:
    """The newest story that mentions a company comes first."""
    later = story_file("later", development("2025-08-01", "BMW joins") + party("Lyten"), headline="Lyten grows")
    await take_in_text(named_rooms, tmp_path, later)
    assert (await find_slugs(named_rooms, "bmw"))[0] == "later"
