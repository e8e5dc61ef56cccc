"""The desk's cards in another language: all that they say by themselves is said by the catalogue."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import discord
import pytest

from bot.cards.components import MenuChoice
from bot.cards.description import summary_proposal_card
from bot.cards.developments import retraction_text
from bot.cards.feeds import feed_card, feed_check_card, feed_list_card
from bot.cards.full_story import full_story_card
from bot.cards.reader_report import empty_queue_card, reader_report_card, resolved_report_card
from bot.cards.review import decision_card, duplicate_prompt_card, review_card
from bot.cards.set_aside import (
    all_articles_retry_card,
    article_drop_card,
    article_retry_card,
    plain_review_card,
    set_aside_article_card,
)
from bot.languages import lazy, say
from bot.model.article import Article
from bot.model.company import Party
from bot.model.confidence_line import ConfidenceLine, FeedLines
from bot.model.dates import PartialDate
from bot.model.failure import Failure
from bot.model.feed import Feed, FeedState, Trust
from bot.model.follow import Destination, DestinationKind
from bot.model.reader_report import ReaderReport, ReportedDevelopment
from bot.model.review import ArticleMatch, FeedReviewStats, Recommendation, Review, ReviewState
from bot.model.story import PUBLICATION_WITHDRAWN, Development, Story
from bot.model.tracking import Decision
from bot.model.vocabulary import Claim, Kind, Stage
from tests.languages.pseudo import bracketed
from tests.unit.cards.examples import HERE
from tests.unit.cards.limits import accept, full_text
from tests.unit.cards.pseudo_language import accept_translated

NOW = datetime(2026, 11, 1, tzinfo=UTC)
#: What is no letter of the alphabet that our own words are written in comes from outside: 日産, 鴻海.
NISSAN, FOXCONN = "日産", "鴻海"
#: Mentions and times that Discord puts in words itself.
_DISCORDS = re.compile(r"<[@t][^>]*>")

TOLD = Development("1", PartialDate(2025), NISSAN, Claim.REPORTED, "", Stage.TALKS, (), "", 1)
STORY = Story("1-2", f"{NISSAN} {FOXCONN}", "要約", Kind.MERGER, (Party(NISSAN, "買"),), (TOLD,), ())
ARTICLE = Article("1", NISSAN, NOW, f"{NISSAN}と{FOXCONN}", "", "新聞")
NAMELESS = replace(ARTICLE, publisher="")
DEVELOPMENT = Recommendation(
    Decision.DEVELOPMENT, ("1-2",), "", "", Claim.CONFIRMED, Stage.SIGNED, (NISSAN,), (FOXCONN,)
)
RETOLD = replace(DEVELOPMENT, decision=Decision.RE_REPORT, story="1-2", development_key="1")
NEW = replace(DEVELOPMENT, decision=Decision.NEW_STORY, unknown_names=(NISSAN,))
NEWEST = (MenuChoice("3-4", FOXCONN),)
FEED = Feed(1, "1", "1", NOW, timedelta(hours=1), NOW, title=NISSAN, succeeded_at=NOW)
NOTE = ReaderReport(1, 5, "誤", NOW, HERE, 7, (ReportedDevelopment("1-2", NISSAN, "1", FOXCONN),) * 7)
ASIDE = Failure(1, ARTICLE, None, 5, "誤", NOW)
BY_DM = replace(NOTE, destination=Destination(DestinationKind.DM, 5, 0))


def review(suggestion: Recommendation = DEVELOPMENT, state: ReviewState = ReviewState.WAITING, by: str = "") -> Review:
    also = (ARTICLE, NAMELESS, *(replace(ARTICLE, publisher=f"{n}") for n in range(5)))
    at = None if state is ReviewState.WAITING else NOW
    return Review(1, "1", ARTICLE, suggestion, state, NOW, 1, FOXCONN, also, at, by, "1-2" if at else "")


def feeds(count: int = 23) -> list[tuple[Feed, int]]:
    kinds = (
        FEED,
        replace(FEED, succeeded_at=None, trust=Trust.AUTO),
        replace(FEED, failures=9),
        replace(FEED, state=FeedState.PAUSED),
        replace(FEED, state=FeedState.GONE),
    )
    return [(kinds[number % len(kinds)], number) for number in range(count)]


LINES = FeedLines(ConfidenceLine(0.985, 0.775, 200, 100), ConfidenceLine(None, 0.775, 200, 100))
CARDS: dict[str, Callable[[], discord.ui.LayoutView]] = {
    "an article": lambda: review_card(review(), [STORY], NEWEST, (1, 3)),
    "an article whose story is gone": lambda: review_card(review(), []),
    "an article that tells again": lambda: review_card(review(RETOLD), [STORY]),
    "a new story": lambda: review_card(review(NEW), []),
    "maybe a new story": lambda: review_card(review(NEW), [STORY]),
    "published": lambda: decision_card(review(state=ReviewState.PUBLISHED, by="discord:5"), [STORY], 3),
    "published by itself": lambda: decision_card(review(state=ReviewState.PUBLISHED, by="feed:5"), []),
    "a re-report": lambda: decision_card(review(state=ReviewState.RE_REPORT, by="discord:5"), [STORY]),
    "a re-report of what is gone": lambda: decision_card(review(state=ReviewState.RE_REPORT, by="discord:5"), []),
    "no news": lambda: decision_card(review(state=ReviewState.NOT_NEWS, by="discord:5"), []),
    "developments to choose from": lambda: duplicate_prompt_card(review(), [STORY]),
    "no development to choose": lambda: duplicate_prompt_card(review(), []),
    "an article, and some that are set aside": lambda: review_card(review(), [STORY], NEWEST, (1, 3), 2),
    "an article that is set aside": lambda: set_aside_article_card(ASIDE),
    "one of several that are set aside": lambda: set_aside_article_card(replace(ASIDE, review_id=1), (1, 3)),
    "an article that is set aside, without its words": lambda: set_aside_article_card(ASIDE, is_plain=True),
    "an article that is tried again": lambda: article_retry_card(ASIDE, "<@5>", 2),
    "an article that is dropped": lambda: article_drop_card(ASIDE, "<@5>"),
    "all are tried again": lambda: all_articles_retry_card(2),
    "an article that cannot be shown": lambda: plain_review_card(review(), "誤", ASIDE),
    "a decision that cannot be shown": lambda: plain_review_card(review(state=ReviewState.NOT_NEWS, by="discord:5"), "誤"),
    "a note": lambda: reader_report_card(NOTE, 0, 1),
    "one of many notes": lambda: reader_report_card(BY_DM, 1, 3),
    "a note on a post that is gone": lambda: reader_report_card(replace(NOTE, message_id=None), 1, 3),
    "a note that was seen to": lambda: resolved_report_card(NOTE, 3),
    "the last note": lambda: resolved_report_card(NOTE, 0),
    "an empty queue": empty_queue_card,
    "a summary": lambda: summary_proposal_card(STORY, [("文", "新聞"), ("文", "")], 2),
    "no summary": lambda: summary_proposal_card(STORY, [], 0),
    "feeds": lambda: feed_list_card(feeds(), {1: FeedReviewStats(3, 1, LINES)}, 1),
    "no feeds": lambda: feed_list_card([], {}),
    "a feed": lambda: feed_card(FEED, say("**Resumed.**")),
    "what would come in": lambda: feed_check_card("1", "", [(ARTICLE, ""), (ARTICLE, "二")] * 20, [("", "三"), ("四", "五")]),
    "stories that would be joined": lambda: feed_check_card(
        "1",
        "",
        [(replace(ARTICLE, id=str(n)), "") for n in range(3)],
        [],
        {str(n): ArticleMatch(STORY, each) for n, each in enumerate((DEVELOPMENT, RETOLD))},
    ),
    "what was skipped": lambda: feed_check_card("1", "", [], [("", "三"), ("四", "五")]),
    "nothing to come in": lambda: feed_check_card("1", "", [], []),
}  # fmt: skip


@pytest.mark.parametrize("name", CARDS)
def test_all_that_a_card_says_by_itself_is_said_in_the_language(name: str) -> None:
    """No word of ours is left outside of what the catalogue says."""
    with bracketed():
        card = CARDS[name]()
    accept_translated(card, _DISCORDS)


def test_a_feeds_error_is_shown_in_the_language() -> None:
    """As ``localize`` renders it: here by its message in brackets."""
    trouble = lazy("not checked yet")
    with bracketed():
        listed = feed_list_card([(replace(FEED, failures=9, reason=trouble), 1)], {})
        checked = feed_check_card("1", "", [(ARTICLE, trouble)], [("一", trouble)])
    assert f"-# ⚠ ⟦{trouble}⟧" in full_text(listed)
    assert full_text(checked).count(f"*⟦{trouble}⟧*") == 2


def test_an_undone_publication_is_translated() -> None:
    """The story keeps both in English."""
    back, wrong = (
        replace(TOLD, retraction_reason=PUBLICATION_WITHDRAWN),
        replace(TOLD, retraction_reason=lazy("not checked yet")),
    )
    with bracketed():
        assert retraction_text(back) == "⟦**Retracted:** ⟦The desk has taken its publication back.⟧⟧"
        assert retraction_text(wrong) == "⟦**Retracted:** not checked yet⟧"
        whole = full_story_card(replace(STORY, developments=(back,)), 0)
    assert "⟦**Retracted:** ⟦The desk has taken its publication back.⟧⟧" in full_text(whole)


@pytest.mark.parametrize("text", ["*" * 1_000, "*\n" * 500, "a\n\n" * 333])
def test_no_note_is_too_long_to_be_shown(text: str) -> None:
    """Else it would stand first in the queue for ever, and nobody could see to it."""
    about = tuple(ReportedDevelopment("1-2", "*h" * 200, "1", "*t" * 200) for _ in range(9))
    long = replace(NOTE, text=text, developments=about, user_id=10**18, message_id=10**18)
    accept(reader_report_card(long, 998, 1_000))
    accept(resolved_report_card(long, 1_000))


def test_no_feed_is_too_long_to_be_listed() -> None:
    """As many as fit a page, with long names and troubles."""
    long = replace(FEED, title="t" * 300, reason="r " * 300, failures=1_000)
    accept(feed_list_card([(long, 10**6)] * 30, {1: FeedReviewStats(10**6, 10**5, LINES)}, 1))
