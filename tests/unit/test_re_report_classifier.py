"""What may be folded into known news, and what may not, however similar the words."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from bot.model.company import Company
from bot.model.dates import PartialDate
from bot.model.story import Development, Story
from bot.model.tracking import Decision
from bot.model.vocabulary import Claim, Stage
from bot.newsroom.story_files import read_file
from bot.newsroom.tracker import Embedder, Tracker, load_embedder
from bot.newsroom.tracker.re_report_classifier import FEATURE_NAMES, brings_new_figure, compute_pair_features
from bot.newsroom.tracker.text_features import TextFeatures, tokenize
from tests.unit.news import START, WordHashes, article, contract
from tests.unit.newsdesk import SEEDS
from tests.unit.re_report_pairs import SAME, is_folded, read_headline_pairs

each_way = pytest.mark.parametrize("embedder", [None, WordHashes()], ids=["words alone", "with vectors"])
NEWS = "Honda and Nissan end merger talks"


def second(first_headline: str, headline: str, embedder: Embedder | None, *, hours: float = 1) -> Decision:
    tracker = Tracker(embedder)
    tracker.judge(article(1, first_headline))
    return tracker.judge(article(2, headline, hours=hours)).decision


@each_way
@pytest.mark.parametrize(
    "headline",
    [
        f"UPDATE 1-{NEWS}", f"ROUNDUP 2: {NEWS}", f"(2) {NEWS}", f"10:45 {NEWS}", f"{NEWS} (7267.T)", f"{NEWS} - 3 min read",
        f"{NEWS} on {START:%B} {START.day}", f"{NEWS} ({START:%Y-%m-%d})", f"{NEWS} on {START:%A}", f"REFILE-UPDATE 3-{NEWS}",
    ],
)  # fmt: skip
def test_a_label_makes_no_development(embedder: Embedder | None, headline: str) -> None:
    assert second(NEWS, headline, embedder) is Decision.RE_REPORT


def test_the_day_of_an_earlier_report_is_known() -> None:
    """Also to a report that comes two days later."""
    first = tokenize(NEWS, published=START)
    date = f"{START:%B} {START.day}"
    later = tokenize(f"{NEWS} on {date}", published=START + timedelta(days=2))
    closing = tokenize(f"{NEWS} on {START:%B} {START.day + 9}", published=START + timedelta(days=2))
    assert later.figures
    assert not brings_new_figure(later, [first])
    assert brings_new_figure(closing, [first])


@each_way
@pytest.mark.parametrize(
    ("first_headline", "headline"),
    [
        ("Honda offers $5bn for stake in Nissan", "Honda offers $5m for stake in Nissan"),
        ("Honda offers $5bn for stake in Nissan", "Honda offers €5bn for stake in Nissan"),
        ("Honda buys 5% stake in Nissan", "Honda buys 6% stake in Nissan"),
        ("Honda and Nissan end merger talks", "Honda and Nissan to end merger talks on December 15"),
        ("Honda profit falls in second quarter", "Honda profit falls in third quarter"),
        ("Nissan seals Foxconn deal for Oppama plant", "Nissan confirms it seals Foxconn deal for Oppama plant"),
        ("Nissan in talks with Foxconn over Oppama plant", "Nissan denies talks with Foxconn over Oppama plant"),
        ("Nissan denies talks with Foxconn over Oppama plant", "Nissan in talks with Foxconn over Oppama plant"),
        ("Nissan denies plans to sell Oppama plant to Foxconn", "Nissan plans to sell Oppama plant to Foxconn"),
        ("Nissan in talks with Foxconn over Oppama plant deal", "Nissan signs Foxconn Oppama plant deal after talks"),
        ("Foxconn, Nissan Oppama plant deal", "Foxconn, Nissan sign Oppama plant deal"),
    ],
)
def test_what_changes_claim_stage_or_figure_is_no_re_report(
    embedder: Embedder | None, first_headline: str, headline: str
) -> None:
    assert second(first_headline, headline, embedder) is not Decision.RE_REPORT


@each_way
def test_a_deal_that_is_back_on_is_no_re_report(embedder: Embedder | None) -> None:
    """The same words as before the talks ended are news."""
    tracker = Tracker(embedder)
    talks = "Honda and Nissan in merger talks"
    tracker.judge(article(1, talks))
    tracker.judge(article(2, "Honda and Nissan call off merger talks", hours=2))
    assert tracker.judge(article(3, talks, hours=4)).decision is not Decision.RE_REPORT


@each_way
def test_a_confirmation_after_a_denial_is_no_re_report(embedder: Embedder | None) -> None:
    tracker = Tracker(embedder)
    confirmed = "Nissan confirms talks with Foxconn over Oppama plant"
    tracker.judge(article(1, confirmed))
    tracker.judge(article(2, "Nissan denies talks with Foxconn over Oppama plant", hours=2))
    assert tracker.judge(article(3, confirmed, hours=4)).decision is not Decision.RE_REPORT


@each_way
def test_the_same_claim_again_is_a_re_report(embedder: Embedder | None) -> None:
    confirmed = "Nissan confirms talks with Foxconn over Oppama plant"
    assert second(confirmed, f"{confirmed} in Japan", embedder) is Decision.RE_REPORT
    assert second(confirmed, "Nissan talks with Foxconn over Oppama plant", embedder) is Decision.RE_REPORT


@each_way
@pytest.mark.parametrize(
    ("claim", "stage", "decision"),
    [
        (Claim.CONFIRMED, Stage.SIGNED, Decision.RE_REPORT),
        (Claim.DENIED, None, Decision.DEVELOPMENT),
        (Claim.CONFIRMED, Stage.AGREED, Decision.DEVELOPMENT),
    ],
)
def test_a_development_counts_with_the_desks_claim_and_stage(
    embedder: Embedder | None, claim: Claim, stage: Stage | None, decision: Decision
) -> None:
    """Not with what its headline seems to say; a correction counts at once."""
    tracker, story = Tracker(embedder, companies=(Company("Orbex Motors"), Company("Zubrin"))), contract()
    tracker.learn(story)
    headline = (
        "Orbex Motors and Zubrin battery supply contract" if claim is Claim.DENIED else story.developments[0].headline
    )
    corrected = Development("signed", PartialDate(2026, 3, 1), headline, claim, stage=stage)
    tracker.learn(replace(story, developments=(corrected,)))
    assert tracker.judge(article(1, headline)).decision is decision


@each_way
def test_a_restart_keeps_what_texts_say_of_their_claim(embedder: Embedder | None) -> None:
    """The claim is in the text alone, which is not kept."""
    first = replace(
        article(1, NEWS), text="Foreign papers had it first. Both said in a statement that they ended merger talks."
    )
    tracker, later = Tracker(embedder), Tracker(embedder)
    considered = tracker.evaluate(first, tracker.embed([first])[0])
    tracker.commit(considered)
    later.restore([considered.record], tracker.mean_state)
    again = replace(
        article(2, NEWS, hours=1),
        text="Foreign papers had it first. They said in a statement that they ended merger talks.",
    )
    assert tracker.judge(again).decision is later.judge(again).decision is Decision.RE_REPORT


@pytest.mark.parametrize(
    "headline",
    ["Nissan confirms Foxconn deal", "Mitsubishi picks Foxconn", "Nissan confirms Foxconn deal for Oppama", "Foxconn denies talks with Nissan over Oppama"],
)  # fmt: skip
@each_way
def test_no_headline_about_the_starter_stories_folds_a_change(
    embedder: Embedder | None, headline: str, collection: dict[str, Story]
) -> None:
    tracker = Tracker(embedder, companies=read_file(SEEDS / "companies.toml").companies)
    for story in collection.values():
        tracker.learn(story)
    assert tracker.judge(article(1, headline)).decision is not Decision.RE_REPORT


def pair_features(new: str, old: str) -> dict[str, float]:
    """Without vectors; a longer word is rarer."""
    texts = [TextFeatures(tokens, tokens.terms, np.zeros(0, np.float32)) for tokens in map(tokenize, (new, old))]
    return dict(zip(FEATURE_NAMES, compute_pair_features(texts[0], texts[1], len), strict=True))


def test_the_rare_words_of_the_shorter_headline_count() -> None:
    """All of them are shared, whichever of the two is longer."""
    short, long = "Foxconn plans battery plant", "Foxconn plans battery plant near Yokosuka harbour"
    assert pair_features(short, long)["rare words shared"] == pair_features(long, short)["rare words shared"] == 1.0
    assert 0 < pair_features("Foxconn plans battery recall", long)["rare words shared"] < 1


def test_names_conflict_only_if_each_headline_has_one_of_its_own() -> None:
    assert pair_features("Honda buys Quellan", "Honda buys Zubrin")["names conflict"] == 1.0
    assert pair_features("Honda buys Quellan", "Honda buys plant")["names conflict"] == 0.0
    assert pair_features("Honda buys plant", "Honda buys Quellan")["names conflict"] == 0.0


@pytest.mark.parametrize("name", ["e5", "none"])
def test_no_changed_headline_of_the_pairs_is_folded(name: str) -> None:
    """Neither half. Enough of the repeated ones are, with E5, or silence would pass too."""
    embedder = load_embedder(name)
    pairs = read_headline_pairs()
    assert sum(pair.kind != SAME for pair in pairs) >= 200
    assert [pair for pair in pairs if pair.kind != SAME and is_folded(pair, embedder)] == []
    repeated = [is_folded(pair, embedder) for pair in pairs if pair.kind == SAME]
    assert sum(repeated) / len(repeated) > (0.7 if embedder else 0.1)


@pytest.mark.parametrize(
    ("first_headline", "headline", "contradicts"),
    [
        ("Honda buys Nissan stake", "Nissan stake bought by Honda", False),
        ("Honda signs deal with Nissan", "Nissan signs deal with Honda", False),
        ("Nissan acquired by Renault", "Renault acquired by Nissan", True),
        ("Intel sells Altera to Silver Lake", "Silver Lake buys Altera from Intel", False),
        ("Intel sells Altera stake", "Intel buys Altera stake", True),
        ("Kuka denies talks", "Kuka rejects report of talks", False),
        ("Kuka plans talks", "Kuka says there are no talks", True),
        ("Syria rebels leave Homs", "Syrian rebels leave Homs", False),
        ("EU clears ITA deal", "Brussels clears ITA deal", False),
        ("Japan clears ITA deal", "Brussels clears ITA deal", True),
        ("Audi board meets Monday", "Audi board meets Tuesday", True),
        ("Audi board meets next week", "Audi board meets in the coming week", False),
        ("Cell lasts 500 km", "Cell lasts 500 kilometres", False),
    ],
)
def test_a_headline_contradicts_another(first_headline: str, headline: str, contradicts: bool) -> None:
    first, second = tokenize(first_headline).statement, tokenize(headline).statement
    assert second.contradicts(first) is contradicts


def test_the_day_of_a_report_may_be_named_in_two_ways() -> None:
    by_name = tokenize(f"{NEWS} on {START:%A}", published=START).statement
    by_date = tokenize(f"{NEWS} on {START:%B} {START.day}", published=START).statement
    next_day = tokenize(f"{NEWS} on {START + timedelta(days=1):%A}", published=START + timedelta(days=1)).statement
    assert not by_date.contradicts(by_name)
    assert next_day.contradicts(by_name)


@pytest.mark.parametrize("word", ["Honda ", "in ", "500 km ", "next ", "ホンダ", "Honda buys Nissan ", "(", "not "])
def test_a_long_headline_is_compared_too(word: str) -> None:
    """Only its beginning counts."""
    long = tokenize(word * 20_000).statement
    assert len(long.words) <= 40
    assert not long.contradicts(long)
