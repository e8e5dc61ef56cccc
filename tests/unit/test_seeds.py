"""The starter collection: all that its source document tells, who says so, and not a word of the document itself."""

from __future__ import annotations

import re
import shutil
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
from tests.unit.newsdesk import NOW, SEEDS, read_seed_companies, rooms_settings, stories_of, story_file, take_in_text

DOCUMENT = SEEDS.parents[1] / "shared" / "seed" / "autovista24-nissan-foxconn.txt"
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
    ("maxxicharge-storage", {"Maxxicharge"}, "rooftop"),
    ("ford-capri-revival", {"Ford"}, "capri"),
]


def own_words(story: Story) -> list[str]:
    """All that a story says in the seeds' own words; the titles of its sources are quoted."""
    return [story.headline, story.summary, *(text for d in story.developments for text in (d.headline, d.text))]


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
        for development in story.developments:
            assert [source.publisher for source in development.sources], f"{story.slug}: {development.key}"
            assert {source.publisher for source in development.sources} == {"Autovista24"}
            assert {source.url for source in development.sources} == {""}


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
        ("2024-12", Stage.AGREED, Claim.CONFIRMED),
        ("2025-02", Stage.TERMINATED, Claim.CONFIRMED),
    ]
    assert story.dispute is None
    assert not story.is_open


def test_the_supply_deal_is_talked_about_and_not_signed(collection: dict[str, Story]) -> None:
    """“Finalizing” is not final."""
    stories = collection
    assert stories["foxconn-mitsubishi-ev-supply"].stage is Stage.TALKS
    assert stories["foxconn-nissan-stake"].stage is Stage.RUMOURED


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


def test_every_party_is_a_company_that_the_seeds_know(collection: dict[str, Story]) -> None:
    known = {company.name for company in read_seed_companies()}
    assert {party.company for story in collection.values() for party in story.parties} <= known


def test_related_stories_name_each_other_both_ways(collection: dict[str, Story]) -> None:
    related = {slug: set(story.related_slugs) for slug, story in collection.items()}
    assert [(a, b) for a, others in related.items() for b in others if a not in related[b]] == []


def test_no_sentence_of_the_document_is_copied(collection: dict[str, Story]) -> None:
    """The document is told in other words; its titles stand only as the titles of sources."""
    if not DOCUMENT.exists():
        return
    sentences = re.split(r"(?<=[.!?])\s+|\n+", DOCUMENT.read_text(encoding="utf-8"))
    long = [fold(sentence.lstrip("- ")) for sentence in sentences if len(sentence) > 60]
    assert len(long) > 15
    told = {slug: fold(" ".join(own_words(story))) for slug, story in collection.items()}
    assert [(slug, sentence) for slug, text in told.items() for sentence in long if sentence in text] == []


async def test_only_the_first_start_adds_the_seeds(tmp_path: Path) -> None:
    """An empty store is given the seeds at its first start only.

    A desk that has its own stories is not given others, and no start repeats the collection.
    """
    settings = rooms_settings(tmp_path / "own.db", SEEDS)
    async with open_container(settings, clock=lambda: NOW, with_seeds=False) as rooms:
        assert await stories_of(rooms) == {}
        await take_in_text(rooms, tmp_path / "in", story_file("our-own"))
    async with open_container(settings, clock=lambda: NOW) as rooms:
        assert list(await stories_of(rooms)) == ["our-own"]


async def test_without_seeds_a_store_starts_empty(tmp_path: Path) -> None:
    async with open_container(rooms_settings(tmp_path / "none.db"), clock=lambda: NOW) as rooms:
        assert await stories_of(rooms) == {}


async def test_an_editor_reviews_everything_from_the_seeds_feeds(planted: Path, tmp_path: Path) -> None:
    """The seeds name feeds, and an editor reviews everything that comes from them.

    None of them is polled before the bot runs, and none may publish by itself.
    """
    async with open_container(rooms_settings(Path(shutil.copy(planted, tmp_path))), clock=lambda: NOW) as rooms:
        feeds = [listed.feed for listed in await rooms.services.feed_subscriptions.list_summaries()]
    assert len(feeds) > 10
    assert {feed.trust for feed in feeds} == {Trust.REVIEW}
    assert {urlsplit(feed.url).scheme for feed in feeds} == {"https"}
    assert all(feed.title and feed.succeeded_at is None for feed in feeds)
    assert len({feed.host for feed in feeds}) == len(feeds)
