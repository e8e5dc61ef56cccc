"""The starter collection: all that its source document tells, who says so, and not a word of the document itself."""

from __future__ import annotations

import hashlib
import re
import shutil
import tomllib
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bot.container import open_container
from bot.entities.company_index import CompanyIndex
from bot.model.company import Company
from bot.model.feed import Trust
from bot.model.story import Story
from bot.model.text_folding import fold, fold_words
from bot.model.vocabulary import Claim, Stage
from bot.newsroom.claim_extraction import extract_stated_stages
from tests.unit.newsdesk import (
    NOW,
    SEEDS,
    development,
    read_seed_companies,
    rooms_settings,
    stories_of,
    story_file,
    take_in_text,
)
from tests.unit.seed_evidence import list_facts

DOCUMENT = SEEDS.parents[1] / "shared" / "seed" / "autovista24-nissan-foxconn.txt"
#: Where the document says what each value of the stories states.
EVIDENCE = tomllib.loads(Path(__file__).with_name("seed_evidence.toml").read_text(encoding="utf-8"))
#: A matter of the document: the story's slug, its parties, and words that must stand in it.
MATTERS = [
    ("nissan-foxconn-oppama", {"Nissan", "Foxconn"}, "oppama"),
    ("foxconn-nissan-stake", {"Foxconn", "Nissan"}, "stake"),
    ("foxconn-mitsubishi-ev-supply", {"Foxconn", "Mitsubishi Motors"}, "supply"),
    ("honda-nissan-merger", {"Honda", "Nissan"}, "merger"),
    ("acea-workforce-dialogue", {"ACEA"}, "workforce"),
    ("volvo-ex30-cross-country", {"Volvo Cars"}, "427 km"),
    ("kia-ev-day-2025", {"Kia"}, "25 february"),
    ("xpeng-g6-uk", {"Xpeng"}, "march"),
    ("renault-e-tech-vans", {"Renault"}, "estafette"),
    ("easypark-parkopedia", {"EasyPark Group", "Parkopedia"}, "connected car"),
    ("toyota-third-generation-fuel-cell", {"Toyota"}, "fuel cell"),
    ("kgm-phinia-hydrogen-engines", {"KGM", "Phinia"}, "hydrogen"),
    ("rajasthan-solar-plant", set(), "435 mw"),
    ("tesla-semi-production", {"Tesla"}, "2026"),
    ("maxxicharge-storage", set(), "rooftop"),
    ("ford-capri-revival", {"Ford"}, "capri"),
]


def own_words(story: Story) -> list[str]:
    """All that a story says in the seeds' own words; the titles of its sources are quoted."""
    return [story.headline, story.summary, *(text for d in story.developments for text in (d.headline, d.text))]


def list_runs(text: str) -> list[tuple[str, ...]]:
    """Return every run of nine words."""
    words = fold_words(text)
    return [tuple(words[start : start + 9]) for start in range(len(words) - 8)]


def test_the_seeds_have_one_story_per_matter() -> None:
    """Every matter of the document has a story, and nothing else has one."""
    files = {path.stem for path in SEEDS.glob("*.toml")} - {"companies", "feeds"}
    assert files == {slug for slug, _, _ in MATTERS}


@pytest.mark.parametrize(("slug", "parties", "told"), MATTERS)
def test_a_story_is_about_its_matter(collection: dict[str, Story], slug: str, parties: set[str], told: str) -> None:
    story = collection[slug]
    assert parties <= {party.company for party in story.parties}
    assert told in fold(" ".join(own_words(story)))
    assert story.developments


def test_every_development_names_its_source(collection: dict[str, Story]) -> None:
    """Every development names its source, and no link is made up.

    The document has no addresses, so the seeds have none.
    """
    for story in collection.values():
        for told in story.developments:
            assert [source.publisher for source in told.sources], f"{story.slug}: {told.key}"
            assert {source.publisher for source in told.sources} <= {"Autovista24", "cited by Autovista24"}
            assert {source.url for source in told.sources} == {""}


def test_oppama_is_disputed_and_both_sides_are_told(collection: dict[str, Story]) -> None:
    story = collection["nissan-foxconn-oppama"]
    assert story.dispute is not None
    assert story.dispute.counterclaim is not None
    assert "negotiating" in story.dispute.counterclaim.headline
    assert "not to be in concrete negotiations" in story.dispute.denial.headline
    assert (story.stage, story.is_open) == (Stage.TALKS, True)
    assert story.as_of is not None
    assert story.as_of.display == "August 2025"


def test_honda_and_nissan_ended_what_they_had_agreed(collection: dict[str, Story]) -> None:
    story = collection["honda-nissan-merger"]
    stages = [(str(d.date), d.stage, d.claim) for d in story.developments if d.stage]
    assert stages == [
        ("by 2024-12", Stage.AGREED, Claim.CONFIRMED),
        ("by 2025-08", Stage.TERMINATED, Claim.CONFIRMED),
    ]
    assert story.dispute is None
    assert not story.is_open


def test_the_supply_deal_is_talked_about_and_not_signed(collection: dict[str, Story]) -> None:
    """“Finalizing” is not final."""
    stories = collection
    assert stories["foxconn-mitsubishi-ev-supply"].stage is Stage.TALKS
    assert stories["foxconn-nissan-stake"].stage is Stage.RUMOURED


def test_no_stage_goes_beyond_the_words(collection: dict[str, Story]) -> None:
    """“Acquires” and “enters an agreement” tell neither how binding it is nor whether it is done."""
    assert collection["easypark-parkopedia"].stage is None
    assert collection["kgm-phinia-hydrogen-engines"].stage is None


def test_what_is_announced_is_expected(collection: dict[str, Story]) -> None:
    """Nothing that the document only announces is told as a development."""
    expected = {
        slug: [(event.key, str(event.date), event.outcome) for event in story.expected_events]
        for slug, story in collection.items()
        if story.expected_events
    }
    assert expected == {
        "kia-ev-day-2025": [("ev-day", "2025-02-25", None)],
        "tesla-semi-production": [("ramp-up", "by 2026", None)],
        "xpeng-g6-uk": [("deliveries", "2025-03", None)],
    }
    assert [d.key for d in collection["kia-ev-day-2025"].developments] == ["date-confirmed"]
    assert [d.key for d in collection["xpeng-g6-uk"].developments] == ["pre-sales-open"]


def test_headlines_and_summaries_state_no_derived_state(collection: dict[str, Story]) -> None:
    """They would become false with the next development; only that something has ended stays true."""
    open_deals = [story for story in collection.values() if story.stage and story.is_open]
    assert len(open_deals) == 3
    for story in open_deals:
        text = f"{story.headline}. {story.summary}"
        assert list(extract_stated_stages(text)) == [], story.slug
        assert "disputed" not in text, story.slug


def test_the_evidence_has_every_value_and_no_other(collection: dict[str, Story]) -> None:
    """Whoever changes a sentence, a figure, a date, a claim, a stage, a party or a source says where the document has it."""
    stories = {key: set(rows) for key, rows in EVIDENCE.items() if isinstance(rows, dict)}
    facts = {slug: set(list_facts(story)) for slug, story in collection.items()}
    assert {
        slug: facts[slug] - stories.get(slug, set()) for slug in facts if facts[slug] - stories.get(slug, set())
    } == {}
    assert {
        slug: rows - facts.get(slug, set()) for slug, rows in stories.items() if rows - facts.get(slug, set())
    } == {}


def test_the_evidence_is_in_the_lines_that_it_names() -> None:
    """Each row has the numbers of lines and at most five words of each; where the document is, they are there."""
    lines = DOCUMENT.read_text(encoding="utf-8").replace("’", "'").splitlines() if DOCUMENT.exists() else []
    if lines:
        assert hashlib.sha256(DOCUMENT.read_bytes()).hexdigest() == EVIDENCE["document"]
        assert len(lines) == EVIDENCE["lines"]
    for rows in (rows for rows in EVIDENCE.values() if isinstance(rows, dict)):
        for fact, evidence in rows.items():
            for number, words in (part.split(" ", 1) for part in evidence.split("; ")):
                assert 1 <= int(number) <= EVIDENCE["lines"], fact
                assert 1 <= len(words.split()) <= 5, fact
                assert not lines or words in lines[int(number) - 1], fact


def test_figures_are_those_of_their_evidence() -> None:
    """A figure in digits stands in the very words that its row quotes; so does the year of a date, but for an inferred one."""
    for rows in (rows for rows in EVIDENCE.values() if isinstance(rows, dict)):
        for fact, evidence in rows.items():
            kind, _, figure = fact.partition(" ")
            if kind == "figure":
                assert figure in evidence.casefold(), fact
            date = re.search(r"(?:date|dated|expected) (?:by )?(\d{4})", fact)
            if date and fact != "mou: date by 2024-12":
                assert date[1] in evidence, fact


def test_only_oppama_is_disputed(collection: dict[str, Story]) -> None:
    assert [slug for slug, story in collection.items() if story.dispute] == ["nissan-foxconn-oppama"]


@pytest.mark.parametrize("company", read_seed_companies(), ids=lambda company: company.name)
def test_every_name_leads_to_its_company(company: Company) -> None:
    """Typed alone; and, but for a ticker, in the midst of a question."""
    names = CompanyIndex(read_seed_companies())
    for name in company.names:
        assert names.find_exact(name) == company.name
        if name != company.ticker:
            assert names.find(fold_words(f"news {name} today")).companies == (company.name,)


def test_no_two_companies_share_a_name() -> None:
    spelled = [
        (fold(name), company.name) for company in read_seed_companies() for name in (company.name, *company.aliases)
    ]
    owners: dict[str, set[str]] = {}
    for name, company in spelled:
        owners.setdefault(name, set()).add(company)
    assert {name: sorted(of) for name, of in owners.items() if len(of) > 1} == {}


def test_a_name_of_several_groups_is_no_alias() -> None:
    """News of Volvo's or Daimler's trucks, or of Mitsubishi Electric, is not of the carmakers."""
    names = {fold(name) for company in read_seed_companies() for name in company.names}
    assert names.isdisjoint(map(fold, ("Volvo", "AB Volvo", "Daimler", "Benz", "Mitsubishi", "三菱")))


def test_every_party_is_a_company_that_the_seeds_know(collection: dict[str, Story]) -> None:
    known = {company.name for company in read_seed_companies()}
    assert {party.company for story in collection.values() for party in story.parties} <= known


def test_related_stories_name_each_other_both_ways(collection: dict[str, Story]) -> None:
    related = {slug: set(story.related_slugs) for slug, story in collection.items()}
    assert [(a, b) for a, others in related.items() for b in others if a not in related[b]] == []


def test_no_sentence_of_the_document_is_copied(collection: dict[str, Story]) -> None:
    """The document is told in other words, at most eight in a row are its own; its titles stand only as the titles of sources."""
    if not DOCUMENT.exists():
        return
    sentences = re.split(r"(?<=[.!?])\s+|\n+", DOCUMENT.read_text(encoding="utf-8"))
    long = [fold(sentence.lstrip("- ")) for sentence in sentences if len(sentence) > 60]
    assert len(long) > 15
    told = {slug: fold(" ".join(own_words(story))) for slug, story in collection.items()}
    assert [(slug, sentence) for slug, text in told.items() for sentence in long if sentence in text] == []
    runs = {run for sentence in sentences for run in list_runs(sentence)}
    own = {slug: [run for words in own_words(story) for run in list_runs(words)] for slug, story in collection.items()}
    assert [(slug, " ".join(run)) for slug, found in own.items() for run in found if run in runs] == []


async def test_only_the_first_start_adds_the_seeds(tmp_path: Path) -> None:
    """An empty store is given the seeds at its first start only.

    A desk that has its own stories is not given others, and no start repeats the collection.
    """
    settings = rooms_settings(tmp_path / "own.db", SEEDS)
    async with open_container(settings, clock=lambda: NOW, with_seeds=False) as container:
        assert await stories_of(container) == {}
        await take_in_text(container, tmp_path / "in", story_file("our-own"))
    async with open_container(settings, clock=lambda: NOW) as container:
        assert list(await stories_of(container)) == ["our-own"]


async def test_without_seeds_a_store_starts_empty(tmp_path: Path) -> None:
    async with open_container(rooms_settings(tmp_path / "none.db"), clock=lambda: NOW) as container:
        assert await stories_of(container) == {}


async def test_an_editor_reviews_everything_from_the_seeds_feeds(planted: Path, tmp_path: Path) -> None:
    """The seeds name feeds, and an editor reviews everything that comes from them.

    None of them is polled before the bot runs, and none may publish by itself.
    """
    async with open_container(rooms_settings(Path(shutil.copy(planted, tmp_path))), clock=lambda: NOW) as container:
        feeds = [listed.feed for listed in await container.services.feed_subscriptions.list_summaries()]
    assert len(feeds) > 10
    assert {feed.trust for feed in feeds} == {Trust.REVIEW}
    assert {urlsplit(feed.url).scheme for feed in feeds} == {"https"}
    assert all(feed.title and feed.succeeded_at is None for feed in feeds)
    assert len({feed.host for feed in feeds}) == len(feeds)


#: The story of Kia as an earlier starter collection had it: what is only announced stands as a development.
FORMER_KIA = (
    story_file(
        "kia-ev-day-2025",
        development(
            "2025-02", "Kia confirms 25 February as the date of its 2025 EV Day", "confirmed", id="date-confirmed"
        )
        + development("2025-02-25", "The day that Kia chose for its 2025 EV Day", "confirmed", id="ev-day"),
        headline="Kia holds its EV Day",
        kind="event",
    )
    + '[[party]]\ncompany = "Kia"\nrole = "host"\n'
)
FORMER_MAXXI = (
    story_file("maxxicharge-storage", headline="Maxxicharge storage", kind="product")
    + '[[party]]\ncompany = "Maxxicharge"\nrole = "manufacturer"\n'
    + development("2025", "Maxxicharge storage tried", id="storage-reported-effective")
)


def write_former_seeds(folder: Path) -> Path:
    """Write a starter collection like an earlier one: other texts, an invented company, an ambiguous alias."""
    shutil.copytree(SEEDS, folder)
    (folder / "kia-ev-day-2025.toml").write_text(FORMER_KIA, encoding="utf-8")
    (folder / "maxxicharge-storage.toml").write_text(FORMER_MAXXI, encoding="utf-8")
    companies = (folder / "companies.toml").read_text(encoding="utf-8")
    companies = companies.replace('aliases = ["Volvo Car", ', 'aliases = ["Volvo", "Volvo Car", ')
    companies += '[[company]]\nname = "Maxxicharge"\naliases = ["Maxxi charge"]\n'
    (folder / "companies.toml").write_text(companies, encoding="utf-8")
    return folder


async def test_an_unedited_store_takes_new_seeds(tmp_path: Path, collection: dict[str, Story]) -> None:
    """Stories and companies that nobody has edited are as in a new store; what no file has any more is retracted or removed."""
    database = tmp_path / "former.db"
    async with open_container(rooms_settings(database, write_former_seeds(tmp_path / "former")), clock=lambda: NOW):
        pass
    for _ in range(2):
        async with open_container(rooms_settings(database, SEEDS), clock=lambda: NOW) as container:
            stories = await stories_of(container)
            async with container.services.store.read() as tx:
                companies = {company.name: company for company in await tx.companies.list_all()}
            kia = stories["kia-ev-day-2025"]
            assert [(d.key, bool(d.retraction_reason)) for d in kia.developments] == [
                ("date-confirmed", False),
                ("ev-day", True),
            ]
            assert [str(event.date) for event in kia.open_events] == ["2025-02-25"]
            assert {slug: story.headline for slug, story in stories.items()} == {
                slug: story.headline for slug, story in collection.items()
            }
            assert stories["maxxicharge-storage"].parties == ()
            assert companies == {company.name: company for company in read_seed_companies()}


async def test_an_edited_story_or_company_stays(tmp_path: Path) -> None:
    """Whatever anybody has changed is theirs; the rest is updated. A company that a story still has stays too."""
    database = tmp_path / "edited.db"
    former = write_former_seeds(tmp_path / "former")
    async with open_container(rooms_settings(database, former), clock=lambda: NOW) as container:
        desk = container.services.desk
        await desk.correct("maxxicharge-storage", "storage-reported-effective", {"claim": "denied"}, actor="an editor")
        volvo = next(company for company in read_seed_companies() if company.name == "Volvo Cars")
        await desk.add_companies([replace(volvo, aliases=("Volvo",))], actor="an editor")
        before = await stories_of(container)
    async with open_container(rooms_settings(database, SEEDS), clock=lambda: NOW) as container:
        after = await stories_of(container)
        async with container.services.store.read() as tx:
            companies = {company.name: company for company in await tx.companies.list_all()}
    assert after["maxxicharge-storage"] == before["maxxicharge-storage"]
    assert companies["Volvo Cars"].aliases == ("Volvo",)
    assert "Maxxicharge" in companies
    assert after["kia-ev-day-2025"].headline == "Kia sets its 2025 EV Day for 25 February"


async def test_a_start_survives_seeds_that_it_cannot_read(tmp_path: Path, planted: Path) -> None:
    """A store that has its stories starts without its files, and says so in the log alone."""
    folder = tmp_path / "broken"
    folder.mkdir()
    (folder / "a.toml").write_text("slug = ", encoding="utf-8")
    database = Path(shutil.copy(planted, tmp_path))
    async with open_container(rooms_settings(database, folder), clock=lambda: NOW) as container:
        assert len(await stories_of(container)) == len(MATTERS)
