"""On which terms a follow is served: how much, when, where within its channel, and how loud."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.languages import lazy, lazy_as, say, say_as
from bot.model.delivery_settings import DeliveryMode
from bot.model.stages import StageChange, get_stage_change
from bot.model.story import Development, Story
from bot.model.text_folding import contains_keyword
from bot.model.vocabulary import Claim

#: How many keywords a follow has at most, and how long each may be.
MAX_KEYWORDS = 20
MAX_KEYWORD_LENGTH = 50


class FollowFilter(StrEnum):
    """What a follow may be narrowed to; where several are given, all must hold."""

    DEALS = "deals"
    STAGE_CHANGES = "stage-changes"
    CONFIRMED = "confirmed"

    @property
    def label(self) -> str:
        """The word as it is shown, in the language that is spoken."""
        return say_as("only", _FILTER_LABELS[self])

    def matches(self, story: Story, development: Development) -> bool:
        """Whether a development of this story is of this sort."""
        match self:
            case FollowFilter.DEALS:
                return story.kind.is_deal
            case FollowFilter.STAGE_CHANGES:
                return changes_stage(story, development)
            case FollowFilter.CONFIRMED:
                return development.claim is Claim.CONFIRMED


_FILTER_LABELS = {
    # Said: in a list behind "only"
    FollowFilter.DEALS: lazy_as("only", "deals"),
    # Said: in a list behind "only"
    FollowFilter.STAGE_CHANGES: lazy_as("only", "stage changes"),
    # Said: in a list behind "only": what a party confirms
    FollowFilter.CONFIRMED: lazy_as("only", "confirmed"),
}
# Said of a follow that leaves something out; "it" is the follow.
_EXCLUSION_REASONS = {
    FollowFilter.DEALS: lazy("it wants only deals"),
    FollowFilter.STAGE_CHANGES: lazy("it wants only stage changes"),
    FollowFilter.CONFIRMED: lazy("it wants only what is confirmed"),
}


class PingPolicy(StrEnum):
    """When a follow's role is mentioned."""

    ALWAYS = "always"
    STAGE_CHANGES = "stage-changes"
    NEVER = "never"

    @property
    def label(self) -> str:
        """The word as it is shown, in the language that is spoken."""
        return say_as("ping", _PING_LABELS[self])


_PING_LABELS = {
    # Said: when a role is pinged
    PingPolicy.ALWAYS: lazy_as("ping", "always"),
    PingPolicy.STAGE_CHANGES: lazy_as("ping", "on stage changes"),
    PingPolicy.NEVER: lazy_as("ping", "never"),
}


@dataclass(frozen=True, slots=True)
class FollowSettings:
    """How a follow is served.

    Attributes:
        only: empty for every development.
        words: one of these must be in the story or the development; empty for no such condition.
        without: none of these may be in it.
        role_id: the role that posts mention, 0 for none; ``ping`` says when.
        silent: posts notify nobody.
        threads: each story has a thread of its own, under a card.
    """

    mode: DeliveryMode = DeliveryMode.INSTANT
    filters: frozenset[FollowFilter] = frozenset()
    keywords: tuple[str, ...] = ()
    excluded_keywords: tuple[str, ...] = ()
    role_id: int = 0
    ping: PingPolicy = PingPolicy.ALWAYS
    silent: bool = False
    threads: bool = False

    def explain_exclusion(self, story: Story, development: Development) -> str:
        """Why these terms leave a development out, in the language that is spoken; empty when they take it."""
        for follow_filter in FollowFilter:
            if follow_filter in self.filters and not follow_filter.matches(story, development):
                return say(_EXCLUSION_REASONS[follow_filter])
        text = _get_searchable_text(story, development)
        if self.keywords and not any(contains_keyword(word, text) for word in self.keywords):
            return say("it wants one of the words {words}", words=", ".join(self.keywords))
        excluded_keyword = next((word for word in self.excluded_keywords if contains_keyword(word, text)), "")
        return say("it leaves out what has the word {word}", word=excluded_keyword) if excluded_keyword else ""

    def get_role_to_ping(self, story: Story, development: Development) -> int:
        """The role that this development's post mentions, 0 for none."""
        if self.ping is PingPolicy.NEVER or (
            self.ping is PingPolicy.STAGE_CHANGES and not changes_stage(story, development)
        ):
            return 0
        return self.role_id


#: Every development, at once, without a ping.
DEFAULT_FOLLOW_SETTINGS = FollowSettings()


def changes_stage(story: Story, development: Development) -> bool:
    """Whether the development changed where its deal stands."""
    return get_stage_change(story, development)[0] is not StageChange.UNCHANGED


def parse_keywords(text: str) -> tuple[str, ...]:
    """Keywords, separated by commas or line breaks, each once. ValueError says which is too long, or that they are too many."""
    words = [" ".join(part.split()) for part in re.split(r"[,;\n、，]", text)]
    keywords = tuple(dict.fromkeys(word for word in words if word))
    for word in keywords:
        if len(word) > MAX_KEYWORD_LENGTH:
            raise ValueError(
                say(
                    "the word {word!r}… is longer than {most} characters",
                    word=word[:MAX_KEYWORD_LENGTH],
                    most=MAX_KEYWORD_LENGTH,
                )
            )
    if len(keywords) > MAX_KEYWORDS:
        raise ValueError(say("{count} words are too many, {most} are possible", count=len(keywords), most=MAX_KEYWORDS))
    return keywords


def parse_filters(text: str) -> frozenset[FollowFilter]:
    """What to narrow a follow to, separated by commas or blanks; empty or ``everything`` for nothing. ValueError names what is unknown."""
    values = _replace_labels(text.casefold())
    filters_by_word = {only.value: only for only in FollowFilter} | {"deal": FollowFilter.DEALS}
    filters: set[FollowFilter] = set()
    for word in re.split(r"[\s,;、，]+", values):
        if word in ("", "everything", "all", "and"):
            continue
        if word not in filters_by_word:
            possible = ", ".join(only.label for only in FollowFilter)
            raise ValueError(say("{typed!r} is none of {possible}", typed=word, possible=possible))
        filters.add(filters_by_word[word])
    return frozenset(filters)


def get_filter_labels() -> dict[str, str]:
    """What a follow can be narrowed to, each with how it is shown; first that it is not."""
    # Said: among what a follow can be narrowed to: no narrowing
    return {"everything": say_as("only", "everything"), **{only.value: only.label for only in FollowFilter}}


def _replace_labels(text: str) -> str:
    """What is typed with the values of ``FollowFilter`` where it has their labels, or other words for them."""
    for value, label in sorted(get_filter_labels().items(), key=lambda item: -len(item[1])):
        text = re.sub(rf"(?<!\w){re.escape(label.casefold())}(?!\w)", value, text)
    return re.sub(r"stage[ -]changes?|\bstages?\b", FollowFilter.STAGE_CHANGES.value, text)


def _get_searchable_text(story: Story, development: Development) -> str:
    parties = (party.company for party in story.parties)
    return " · ".join([story.headline, development.headline, development.text, *parties])
