"""Companies in a text: known names in any script, names that are also words, and names that nobody knows yet."""

from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.entities.company_candidates import find_candidate_names
from bot.entities.company_matcher import CompanyMatcher
from bot.model.company import Company

KNOWN = CompanyMatcher(
    [
        Company("Ford", ("Ford Motor",), ticker="F"), Company("Fox", ("Fox Corporation",)), Company("Live Nation", ("Live",)),
        Company("Titan", ("Titan Company", "タイタン")), Company("Nissan", ("日産", "日産自動車", "Nissan Motor Co., Ltd."), ticker="7201.T"),
        Company("Foxconn", ("Hon Hai", "鴻海")), Company("KGM", ("KG모빌리티",)), Company("Volkswagen", ("VW",)), Company("Target"),
        Company("General Motors", ("GM",)), Company("Toyota", ("トヨタ",)), Company("eBay"), Company("Citroën"),
    ]
)  # fmt: skip


def find_spellings(text: str) -> list[tuple[str, str]]:
    """Return each mention's company and spelling, after a check of its position."""
    mentions = KNOWN.find_mentions(text)
    assert all(text[mention.start : mention.end] == mention.spelling for mention in mentions)
    return [(mention.company, mention.spelling) for mention in mentions]


@pytest.mark.parametrize(
    ("text", "mentions"),
    [
        (
            "Hon Hai in talks with Nissan Motor Co., Ltd. over a plant",
            [("Foxconn", "Hon Hai"), ("Nissan", "Nissan Motor Co., Ltd")],
        ),
        ("Nissan's plant and GM’s", [("Nissan", "Nissan"), ("General Motors", "GM")]),
        ("日産自動車と鴻海が提携、Foxconnも", [("Nissan", "日産自動車"), ("Foxconn", "鴻海"), ("Foxconn", "Foxconn")]),
        ("ﾄﾖﾀの工場", [("Toyota", "ﾄﾖﾀ")]),
        ("KG모빌리티는 오늘", [("KGM", "KG모빌리티")]),
        ("CITROEN and CITROËN", [("Citroën", "CITROEN"), ("Citroën", "CITROËN")]),
        ("Shares (NYSE: F) fell", [("Ford", "F")]),
        ("An eBay listing", [("eBay", "eBay")]),
        ("Nissanville, Toyotas and gm crops", []),
        ("", []),
    ],
)
def test_names_are_found_whole_longest_first_in_any_script(text: str, mentions: list[tuple[str, str]]) -> None:
    assert find_spellings(text) == mentions


@pytest.mark.parametrize(
    "text",
    [
        "Ford the river and walk on", "They ford the river", "Xbox Live is down", "Live updates: storm hits the coast",
        "Titan submersible lost", "We live here", "The target was missed", "A fox in the garden", "Ford Focus review",
    ],
)  # fmt: skip
def test_an_ambiguous_name_without_context_is_no_mention(text: str) -> None:
    assert find_spellings(text) == []


@pytest.mark.parametrize(
    ("text", "company"),
    [
        ("Ford to close plant in Germany", "Ford"), ("Shares of Ford fell", "Ford"), ("She works at Ford in Cologne", "Ford"),
        ("Fox sells its studio", "Fox"), ("Titan Motors buys a mill", "Titan"), ("Target's quarterly profit rises", "Target"),
        ("Ford Motor waits. Ford the first to move", "Ford"),
    ],
)  # fmt: skip
def test_an_ambiguous_name_counts_in_a_business_context(text: str, company: str) -> None:
    assert {name for name, _ in find_spellings(text)} == {company}


IN_HEADLINES = CompanyMatcher(
    [
        *map(Company, ("Ford", "Kia", "Renault", "Hyundai", "Audi", "Honda", "Nissan", "BMW", "Target", "Block", "Gap", "X", "Tesla")),
        Company("Apple"), Company("Arm"), Company("Shell"), Company("Polestar"), Company("Carnival"), Company("Volkswagen", ("VW",)), Company("Meta Platforms", ("Meta",)),
    ]
)  # fmt: skip


@pytest.mark.parametrize(
    ("headline", "companies"),
    [
        ("Ford to cut 4,000 jobs in Europe", {"Ford"}),
        ("Ford recalls 200,000 cars", {"Ford"}),
        ("FORD RECALLS 1.4 MILLION PICKUPS", {"Ford"}),
        ("Ford, Renault agree on small EVs", {"Ford", "Renault"}),
        ("Ford and VW extend pact", {"Ford", "Volkswagen"}),
        ("Kia shows EV5 in Chengdu", {"Kia"}),
        ("Kia, Genesis-owner Hyundai recall SUVs", {"Kia", "Hyundai"}),
        ("Renault, Apple and Target sign pact", {"Renault", "Apple", "Target"}),
        ("Ford vende la planta de Valencia", {"Ford"}),
        ("Ford streicht Stellen in Köln", {"Ford"}),
        ("Polestar secures $200m", {"Polestar"}),
        ("Apple to cut iPhone output", {"Apple"}),
        ("Apple's App Store rules draw scrutiny", {"Apple"}),
        ("Meta’s Threads adds ads", {"Meta Platforms"}),
        ("Gap closes 50 stores", {"Gap"}),
        ("Shell shelves hydrogen plan: sources", {"Shell"}),
        ("Breaking: Target cuts corporate jobs", {"Target"}),
        ("Arm-based laptops outsell expectations", {"Arm"}),
        ("Tesla Model X recalled", {"Tesla"}),
        ("Nissans Sparplan", {"Nissan"}),
        ("BMWs neue Fabrik und Hondas Chef", {"BMW", "Honda"}),
        ("L’Audi A4 rappelée, la fin d'Audi Forest", {"Audi"}),
        ("dell'Audi e dell’Honda", {"Audi", "Honda"}),
        ("Teslas Aktie fällt, Kias Werk steht still", {"Tesla", "Kia"}),
        ("VWs Betriebsrat warnt vor Fords Plan", {"Volkswagen", "Ford"}),
        ("Ford-Werk Köln: Streik", {"Ford"}),
        ("Streik im Ford-Werk Köln", {"Ford"}),
        ("Ford: 4.000 Stellen in Köln weg", {"Ford"}),
        ("Tesla – nuovo stabilimento", {"Tesla"}),
        ("Kia EV4 costs less than thought", {"Kia"}),
        ("Ford'un kararı", {"Ford"}),
        ("Tesla’ya dava açıldı", {"Tesla"}),
        ("Nissan'ın fabrikası, Honda’dan Renault'ya", {"Nissan", "Honda", "Renault"}),
        ("Honda misses sales target", {"Honda"}),
        ("HONDA MISSES SALES TARGET", {"Honda"}),
        ("EU Moves to Block Nissan Deal", {"Nissan"}),
    ],
)
def test_a_headline_names_its_actors(headline: str, companies: set[str]) -> None:
    """Also where they open it, stand in a list, or carry the endings and articles of other languages."""
    mentions = IN_HEADLINES.find_mentions(headline)
    assert {mention.company for mention in mentions} == companies
    assert all(headline[mention.start : mention.end] == mention.spelling for mention in mentions)


@pytest.mark.parametrize(
    "headline",
    [
        "Shell-shocked suppliers brace for tariffs", "Shell companies used to dodge tariffs", "Target prices for 40 shares", "Block by block, the city grows",
        "Gap between rich and poor", "Arm in arm they marched", "Targets Missed By Everyone", "Apple farms see record crowds", "Ford the river",
        "Carnival in Rio", "Harrison Fords neuer Film", "Nikolas Tesla Show", "Ford Madox Brown painted here", "Smart TVs Beat Laptops",
    ],
)  # fmt: skip
def test_a_first_word_of_a_headline_is_no_company(headline: str) -> None:
    assert IN_HEADLINES.find_mentions(headline) == ()


def test_another_name_of_the_company_confirms_an_ambiguous_one() -> None:
    assert find_spellings("Live Nation grows. Live music is back") == [
        ("Live Nation", "Live Nation"),
        ("Live Nation", "Live"),
    ]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Orbex Motors will build a plant in Germany with Nissan. Orbex Motors said so.", ["Orbex Motors"]),
        ("Nissan in Talks With Zubrin Over Battery Supply", ["Zubrin"]),
        ("Shares of Quellan fell 5 percent in May", ["Quellan"]),
        ("On Monday the President went to Berlin to talk of Japan", []),
        ("Workers in Detroit strike. Plants in Tokyo stand still", []),
        ("However, nothing was signed", []),
        ("Orbex Quorl Acquires Plant In Ohio", ["Orbex Quorl"]),
        ("Orbex Quorl Brenk Acquires Plant In Ohio", []),
    ],
)
def test_unknown_names_are_candidates(text: str, names: list[str]) -> None:
    assert [mention.spelling for mention in find_candidate_names(text, KNOWN.find_mentions(text))] == names


@settings(max_examples=80, deadline=None)
@given(
    st.text(max_size=300)
    | st.lists(st.sampled_from(["Ford", "日産", "ﾄﾖ", "'s", " ", ".", "(F)", "GM", "\u0301", "ß"])).map("".join)
)
def test_mentions_of_any_text_are_ordered_and_apart(text: str) -> None:
    """Mentions stand where they say, in order, and never overlap."""
    mentions = KNOWN.find_mentions(text)
    assert all(text[mention.start : mention.end] == mention.spelling for mention in mentions)
    assert all(one.end <= other.start for one, other in itertools.pairwise(mentions))
    find_candidate_names(text, mentions)


@pytest.mark.parametrize(
    "piece",
    [
        "A",
        "Ford ",
        "F'",
        "日産",
        ". ",
        "(",
        "Ford’s’s",
        "a\u0301",
        "Ｆ",
        "(NYSE: ",
        "$F, F ",
        "Ford, ",
        "本田圭が",
        "Fords ",
    ],
)
def test_a_hostile_text_costs_no_more_than_its_length(piece: str) -> None:
    """A hundred thousand of anything: what is beyond the limit is not read."""
    start = time.process_time()
    KNOWN.find_mentions(piece * 100_000)
    find_candidate_names(piece * 100_000)
    assert time.process_time() - start < 3
