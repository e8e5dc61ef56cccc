"""Whatever the store holds, every card is one that Discord accepts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.cards.catchup import catch_up_card, catch_up_hint_card
from bot.cards.company import company_card
from bot.cards.escaping import escape_line
from bot.cards.follow_list import follow_list_card
from bot.cards.follow_result import FollowChange, follow_result_card, follows_result_card, unfollow_result_card
from bot.cards.full_story import full_story_card, page_count
from bot.cards.lists import list_card
from bot.cards.no_answer import no_answer_card
from bot.cards.picture import Picture, company_timeline_card, story_timeline_card
from bot.cards.post import post_card, sample_card
from bot.cards.reader_report import reader_report_card, resolved_report_card
from bot.cards.simple_cards import error_card, facts_card, success_card
from bot.cards.story import story_card
from bot.library.answers import (
    Answer,
    CatchUpPage,
    CompanyPage,
    ListPage,
    NoAnswer,
    QuerySuggestion,
    SuggestionKind,
)
from bot.model.company import Company
from bot.model.delivery_report import DestinationHealth
from bot.model.follow import Follow, LastSeen
from bot.model.list_query import ListQuery, ListSubject, SearchWord
from bot.model.post import FOLD_MAX_POSTS, Post, PostItem, fold_posts
from bot.model.reader_report import ReaderReport
from bot.model.story import DevelopmentListItem, Story, StoryListItem
from bot.model.vocabulary import Claim, Kind, Stage
from tests.unit.cards import strategies as some
from tests.unit.cards.limits import accept, texts
from tests.unit.cards.strategies import HERE, hard

pairs = st.lists(st.tuples(some.texts(100), some.texts(100)), max_size=5).map(tuple)
search_words = st.lists(st.builds(SearchWord, some.texts(100), st.just(("w*",))), max_size=9).map(tuple)
queries = st.builds(
    ListQuery,
    st.sampled_from(ListSubject),
    st.lists(some.texts(100), max_size=3).map(tuple),
    st.lists(st.sampled_from(Kind), max_size=3).map(tuple),
    st.lists(st.sampled_from(Stage), max_size=3).map(tuple),
    st.lists(st.sampled_from(Claim), max_size=3).map(tuple),
    words=search_words,
    excluded_words=search_words,
)
A_DAY = datetime(2026, 11, 1, 8, 30, tzinfo=UTC)


@hard
@given(some.stories(), some.story_lines(), some.story_lines(), pairs, st.booleans())
def test_a_story_card_fits(
    story: Story,
    others: tuple[StoryListItem, ...],
    related: tuple[StoryListItem, ...],
    corrected: tuple[tuple[str, str], ...],
    can_follow: bool,
) -> None:
    accept(story_card(Answer("?", story, others, (), corrected, related), can_follow=can_follow))


@hard
@given(some.stories())
def test_every_page_of_a_full_story_fits(story: Story) -> None:
    for page in range(min(page_count(story), 12)):
        accept(full_story_card(story, page))
    accept(full_story_card(story, 9_999))


@hard
@given(some.reader_notes, st.integers(0, 999_999))
def test_a_readers_note_fits(note_: ReaderReport, left: int) -> None:
    accept(reader_report_card(note_, left, left + 1))
    accept(resolved_report_card(note_, left))


@hard
@given(some.story_lines(), queries, st.integers(0, 999_999), st.integers(1, 10**6), pairs)
def test_a_list_of_stories_fits(
    lines: tuple[StoryListItem, ...], query: ListQuery, page: int, pages: int, corrected: tuple[tuple[str, str], ...]
) -> None:
    accept(list_card(ListPage(query, page, pages, 10**6, lines, key="0123456789abcdef", corrections=corrected)))


@hard
@given(
    some.news_lines(), queries, st.integers(0, 999_999), st.integers(1, 10**6), st.lists(some.texts(100), max_size=9)
)
def test_a_list_of_news_fits(
    news: tuple[DevelopmentListItem, ...], query: ListQuery, page: int, pages: int, ignored: list[str]
) -> None:
    shown = ListPage(query, page, pages, 10**6, news=news, key="0123456789abcdef", ignored_parts=tuple(ignored))
    accept(list_card(shown))


@hard
@given(some.news_lines(10), st.integers(0, 9_998), st.integers(1, 10**4), st.booleans(), st.booleans())
def test_what_was_missed_fits(
    news: tuple[DevelopmentListItem, ...], page: int, pages: int, first: bool, followed: bool
) -> None:
    accept(catch_up_card(CatchUpPage(LastSeen(A_DAY, 10**18), 10**18, news, page, pages, 10**6, first, followed)))
    accept(catch_up_hint_card())


@hard
@given(some.stories(), st.integers(0, 60), st.integers(0, 12))
def test_new_developments_are_marked_on_a_full_card(story: Story, new: int, page: int) -> None:
    """The card stays within the limits although the mark takes room."""
    numbered = replace(story, developments=tuple(replace(d, id=n + 1) for n, d in enumerate(story.developments)))
    told = frozenset(range(1, new + 1))
    accept(story_card(Answer("?", numbered), new_ids=told))
    accept(full_story_card(numbered, page, told))


@hard
@given(some.stories(), some.texts(1_024), some.texts(100))
def test_a_timeline_fits(story: Story, alt: str, company: str) -> None:
    picture = Picture(b"", "timeline.png", alt[: 1_024 // 2])
    accept(story_timeline_card(story, picture))
    accept(company_timeline_card(company, [story] * 12, 10**6, picture))


@hard
@given(some.companies, some.story_lines(40), some.news_lines(10))
def test_a_company_card_fits(
    company: Company, lines: tuple[StoryListItem, ...], news: tuple[DevelopmentListItem, ...]
) -> None:
    page = CompanyPage(company, lines, len(lines) + 7, news)
    accept(company_card(page))
    accept(company_card(page, Picture(b"", "partners.png", "x" * 1_024)))
    accept(company_card(page, remark="A sentence of ours, as long as one is. " * 3))


@hard
@given(some.stories(), st.lists(st.integers(10**17, 10**19), max_size=70), st.booleans())
def test_a_post_fits(story: Story, roles: Sequence[int], many: bool) -> None:
    developments = story.developments if many else story.developments[-1:]
    carried = tuple(PostItem(story, development) for development in developments[-FOLD_MAX_POSTS:])
    if carried:
        accept(post_card(_post(carried, roles)))
    accept(sample_card(story, roles))


def _post(carried: tuple[PostItem, ...], roles: Sequence[int] = ()) -> Post:
    return Post(1, "k" * 20, HERE, carried, tuple(roles), 0, False, datetime(2026, 11, 1, tzinfo=UTC))


@hard
@given(st.lists(some.stories(), min_size=1, max_size=12))
def test_a_folded_post_shows_every_headline_whole(stories: list[Story]) -> None:
    waiting = [PostItem(story, development) for story in stories for development in story.valid_developments][:60]
    messages = fold_posts((place, entry.development.headline) for place, entry in enumerate(waiting))
    assert [place for message in messages for place in message] == list(range(len(waiting)))
    for message in messages:
        card = post_card(_post(tuple(waiting[place] for place in message)))
        accept(card)
        told = "\n".join(texts(card))
        assert all(escape_line(waiting[place].development.headline, 420) in told for place in message)


@hard
@given(
    some.texts(400),
    st.lists(st.builds(QuerySuggestion, st.sampled_from(SuggestionKind), some.texts(100), some.texts(200)), max_size=8),
)
def test_no_answer_fits(query: str, suggestions: list[QuerySuggestion]) -> None:
    accept(no_answer_card(NoAnswer(query, tuple(suggestions))))


@hard
@given(some.follows, some.stories(), st.booleans(), st.lists(st.just("A note of ours, " * 10), max_size=3))
def test_cards_of_one_follow_fit(follow: Follow, story: Story, created: bool, notes: list[str]) -> None:
    accept(follow_result_card(FollowChange(follow, created), story, notes))
    accept(follow_result_card(FollowChange(follow, created), None, notes))
    accept(unfollow_result_card(follow))
    accept(follows_result_card([FollowChange(follow, created)] * 10, notes))


@hard
@given(st.lists(some.follows, max_size=6), st.integers(0, 12), st.integers(0, 20), some.texts(100))
def test_the_list_of_follows_fits(follows: list[Follow], times: int, page: int, label: str) -> None:
    accept(follow_list_card(follows * times, page))
    health = DestinationHealth(
        label * 4, datetime(2026, 11, 1, tzinfo=UTC), 10**6, None, 10**6, None, 10**6, label * 4, 10**6
    )
    accept(follow_list_card(follows * times, page, {f.destination.discord_id: health for f in follows}))


@hard
@given(st.text(max_size=9_000).map(lambda t: "".join(c for c in t if c.isprintable())), some.texts(3_000))
def test_notes_fit(said: str, value: str) -> None:
    accept(success_card("A sentence " * 900 + said))
    accept(error_card(said or "x"))
    accept(facts_card([(f"Fact {n}", "value " * 200) for n in range(90)]))
    assert value
