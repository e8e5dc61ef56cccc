"""The known stories as the tracker compares them: by headline, developments, and assigned articles."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, time

from bot.model.dates import PartialDate
from bot.model.story import Story
from bot.model.tracking import StatedStatus, TrackedText, TrackedTextKind
from bot.newsroom.claim_extraction import extract_stage_and_claim
from bot.newsroom.tracker.decider import MIN_PARTIES, compute_story_decay
from bot.newsroom.tracker.similarity import GroupMatch, GroupMember, SimilarityIndex

#: How much a story's headline counts beside all that happened in it.
HEADLINE_WEIGHT = 0.3
#: By how many texts a story is known besides its headline: the newest.
TEXTS_PER_STORY = 24


def build_story_records(story: Story) -> tuple[TrackedText, ...]:
    """Return a story's headline and its newest valid developments as records without vectors."""
    newest = max(
        (_get_last_day(each.date) for each in story.valid_developments), default=datetime(1970, 1, 1, tzinfo=UTC)
    )
    headline = TrackedText(f"{story.slug}#", TrackedTextKind.HEADLINE, story.headline, newest, story=story.slug)
    developments = [
        TrackedText(
            f"{story.slug}#{each.key}",
            TrackedTextKind.DEVELOPMENT,
            each.headline,
            _get_last_day(each.date),
            story=story.slug,
        )
        for each in story.valid_developments[-TEXTS_PER_STORY:]
    ]
    return (headline, *developments)


def _get_last_day(date: PartialDate) -> datetime:
    """Return the last day that a partial date can mean, so that no story counts as older than it may be."""
    return datetime.combine(date.last_day, time(), UTC)


class StoryProfiles:
    """Stories by slug, with the texts by which each is known."""

    def __init__(self, size: int) -> None:
        self._index = SimilarityIndex(size, first_weight=HEADLINE_WEIGHT)
        self._members: dict[str, GroupMember] = {}
        self._titles: dict[str, str] = {}
        self._story_by_article: dict[str, str] = {}
        self._articles_by_story: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self._parties_by_story: dict[str, frozenset[str]] = {}
        self._stories_by_party: defaultdict[str, set[str]] = defaultdict(set)
        self._statuses: dict[str, StatedStatus] = {}

    def find_nearest(self, member: GroupMember, limit: int) -> tuple[GroupMatch, ...]:
        """Return the stories that are most similar to an article, best first.

        A story counts as if it had not rested for a text that names two of its parties.
        """
        awake_stories = self._find_awake(member.companies)
        return self._index.find_nearest(member.features, member.published_at, compute_story_decay, limit, awake_stories)

    def get_vocabulary(self, slug: str) -> frozenset[str]:
        """Return the words of a story's texts, folded and as stems."""
        return frozenset[str]().union(*(each.features.tokens.vocabulary for each in self._index.get_members(slug)))

    def _find_awake(self, companies: Collection[str]) -> frozenset[str]:
        party_counts = Counter(slug for company in companies for slug in self._stories_by_party.get(company, ()))
        return frozenset(slug for slug, times in party_counts.items() if times >= MIN_PARTIES)

    def set_parties(self, slug: str, companies: Iterable[str]) -> None:
        """Set a story's parties."""
        for company in self._parties_by_story.pop(slug, ()):
            self._stories_by_party[company].discard(slug)
        self._parties_by_story[slug] = frozenset(companies)
        for company in self._parties_by_story[slug]:
            self._stories_by_party[company].add(slug)

    def get_parties(self, slug: str) -> frozenset[str]:
        """Return a story's parties; none for an unknown story."""
        return self._parties_by_story.get(slug, frozenset())

    def set_statuses(self, story: Story) -> None:
        """Set the stages and claims of a story's developments to the desk's, whatever their headlines say."""
        for each in story.valid_developments[-TEXTS_PER_STORY:]:
            extraction = extract_stage_and_claim(each.headline)
            self._statuses[f"{story.slug}#{each.key}"] = StatedStatus(each.stage or extraction.stage, each.claim)

    def get_members(self, slug: str) -> tuple[GroupMember, ...]:
        """Return the texts of a story: its headline first, then in the order in which they came."""
        return tuple(
            replace(member, status=self._statuses.get(member.key, member.status))
            for member in self._index.get_members(slug)
        )

    def get_member(self, key: str) -> GroupMember | None:
        """Return a text of a story; None if it is unknown."""
        return self._members.get(key)

    def has(self, key: str) -> bool:
        """Return whether a story has this text."""
        return key in self._members

    def get_story(self, article_id: str) -> str:
        """Return the story of an article; empty for none."""
        return self._story_by_article.get(article_id, "")

    def add(self, member: GroupMember, title: str) -> None:
        """Add a headline or a development to its story."""
        self._titles[member.key] = title
        self._add_member(member)

    def _add_member(self, member: GroupMember) -> None:
        self._members[member.key] = member
        self._index.add(member)
        texts = self._index.get_members(member.group)
        if len(texts) > TEXTS_PER_STORY + 1:
            self._remove_member(texts[1].key)

    def _remove_member(self, key: str) -> None:
        self._index.remove([key])
        self._statuses.pop(key, None)
        self._members.pop(key, None)
        self._titles.pop(key, None)

    def assign(self, member: GroupMember, story: str, *, adds_text: bool) -> None:
        """Move an article into a story, or into none. With ``adds_text`` later texts are compared with the article's text too."""
        if self.get_story(member.key) == story:
            return
        self._remove_member(member.key)
        self.record_story(member.key, story)
        if story and adds_text:
            self._add_member(replace(member, group=story))

    def record_story(self, article_id: str, story: str) -> None:
        """Record the story of an article without comparing its text."""
        old_story = self._story_by_article.pop(article_id, "")
        self._articles_by_story[old_story].pop(article_id, None)
        if story:
            self._story_by_article[article_id] = story
            self._articles_by_story[story][article_id] = None

    def retain_only(self, slug: str, titles: Mapping[str, str]) -> None:
        """Remove the headline and the developments of a story that are not among these or have another text now."""
        for member in self._index.get_members(slug):
            if member.key in self._titles and titles.get(member.key) != self._titles[member.key]:
                self._remove_member(member.key)

    def forget(self, slug: str) -> None:
        """Remove a story."""
        self.set_parties(slug, ())
        for member in self._index.get_members(slug):
            self._remove_member(member.key)
        for article_id in list(self._articles_by_story.pop(slug, ())):
            self._story_by_article.pop(article_id, None)

    def merge(self, slug: str, target_slug: str) -> None:
        """Move a story's articles into another one. Its headline and developments are added when the other story is updated."""
        self.set_parties(slug, ())
        for member in self._index.get_members(slug):
            if member.key in self._titles:
                self._remove_member(member.key)
            else:
                self._members[member.key] = replace(member, group=target_slug)
        self._index.merge(slug, target_slug)
        for article_id in list(self._articles_by_story.pop(slug, ())):
            self._story_by_article[article_id] = target_slug
            self._articles_by_story[target_slug][article_id] = None
