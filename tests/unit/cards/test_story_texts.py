"""The texts of a card are made once for a story, a day and a language."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.cards.story import story_card
from bot.cards.story_texts import StoryTextCache
from bot.languages import use_language
from bot.library.answers import Answer
from bot.model.expected_event import ExpectedDate, ExpectedEvent
from tests.unit.cards.examples import TALKS, deal
from tests.unit.cards.limits import full_text

EVENT = ExpectedEvent("closing", "The closing", ExpectedDate.parse("2026-06-30"))
STORY = replace(deal(TALKS), expected_events=(EVENT,))
ANSWER = Answer("q", STORY, revision=1, today=date(2026, 6, 1))


def test_the_texts_of_a_revision_are_made_once() -> None:
    cache = StoryTextCache()
    assert cache.get(ANSWER) is cache.get(replace(ANSWER, query="other", matched_parts=("Alpha",)))
    assert len(cache) == 1


def test_another_revision_day_or_language_has_its_own_texts() -> None:
    """Also the day on which a development begins to count, which is another one than the newsroom's."""
    cache = StoryTextCache()
    overdue, later = replace(ANSWER, today=date(2026, 7, 1)), replace(STORY, latest_date=date(2026, 6, 2))
    changed = replace(ANSWER, story=replace(STORY, headline="Another headline"), revision=2)
    for answer in (ANSWER, overdue, replace(ANSWER, story=later), changed):
        assert full_text(story_card(answer, text_cache=cache)) == full_text(story_card(answer))
        with use_language("de"):
            assert full_text(story_card(answer, text_cache=cache)) == full_text(story_card(answer))
    assert len(cache) == 8


def test_what_is_new_to_the_reader_is_not_cached() -> None:
    cache = StoryTextCache()
    new_ids = {STORY.developments[0].id}
    assert "New for you" in full_text(story_card(ANSWER, new_ids=new_ids, text_cache=cache))
    assert len(cache) == 0
    assert "New for you" not in full_text(story_card(ANSWER, new_ids={99}, text_cache=cache))


def test_a_story_of_unknown_revision_is_not_cached() -> None:
    cache = StoryTextCache()
    story_card(replace(ANSWER, revision=None), text_cache=cache)
    assert len(cache) == 0


def test_the_cache_is_bounded() -> None:
    """What was shown longest ago is dropped first."""
    cache = StoryTextCache(2)
    texts = [cache.get(replace(ANSWER, revision=revision)) for revision in (1, 2)]
    assert cache.get(ANSWER) is texts[0]
    cache.get(replace(ANSWER, revision=3))
    assert len(cache) == 2
    assert cache.get(ANSWER) is texts[0]
    assert cache.get(replace(ANSWER, revision=2)) is not texts[1]
