"""The settings of one follow: how often it posts, which developments, where within its channel, and whether it pings."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.languages import format_series, lazy, lazy_as, say, say_as
from bot.model.article import Article
from bot.model.delivery_settings import DeliveryMode
from bot.model.expected_event import ExpectedEvent
from bot.model.stages import StageChange, get_stage_change
from bot.model.story import Development, Story
from bot.model.text_folding import contains_keyword
from bot.model.vocabulary import Claim, LabelledEnum

#: How many keywords a follow has at most, and how long each may be.
MAX_KEYWORDS = 20
MAX_KEYWORD_LENGTH = 50


class FollowFilter(LabelledEnum, label_context="only"):
    """A restriction of a follow to some developments. If a follow has several, all must match.

    Attributes:
        exclusion_reason: why a follow with this filter leaves a development out.
    """

    # Translators: in a list behind "only"
    DEALS = "deals", lazy_as("only", "deals"), lazy("only deals are wanted")
    # Translators: in a list behind "only"
    STAGE_CHANGES = "stage-changes", lazy_as("only", "stage changes"), lazy("only stage changes are wanted")
    # Translators: in a list behind "only": what a party confirms
    CONFIRMED = "confirmed", lazy_as("only", "confirmed"), lazy("only confirmed developments are wanted")

    def __init__(self, _value: str, _label: str = "", exclusion_reason: str = "") -> None:
        self.exclusion_reason = exclusion_reason

    def matches(self, story: Story, development: Development) -> bool:
        """Return whether a development of a story passes this filter."""
        match self:
            case FollowFilter.DEALS:
                return story.kind.is_deal
            case FollowFilter.STAGE_CHANGES:
                return changes_stage(story, development)
            case FollowFilter.CONFIRMED:
                return development.claim is Claim.CONFIRMED


class PingPolicy(LabelledEnum, label_context="ping"):
    """When a follow's role is mentioned."""

    # Translators: when a role is pinged
    ALWAYS = "always", lazy_as("ping", "always")
    STAGE_CHANGES = "stage-changes", lazy_as("ping", "on stage changes")
    NEVER = "never", lazy_as("ping", "never")


@dataclass(frozen=True, slots=True)
class FollowSettings:
    """The settings of one follow.

    Attributes:
        filters: all of these must match; empty for every development.
        keywords: one of these must be in the story or the development; empty for no such condition.
        excluded_keywords: none of these may be in the story or the development.
        role_id: the id of the role that posts mention, as ``ping`` says; None for none.
        silent: posts notify nobody.
        threads: each story has a thread of its own, under a card.
        reminders: an expected event of a known day is posted on that day too.
    """

    mode: DeliveryMode = DeliveryMode.INSTANT
    filters: frozenset[FollowFilter] = frozenset()
    keywords: tuple[str, ...] = ()
    excluded_keywords: tuple[str, ...] = ()
    role_id: int | None = None
    ping: PingPolicy = PingPolicy.ALWAYS
    silent: bool = False
    threads: bool = False
    reminders: bool = False

    def explain_exclusion(self, story: Story, development: Development) -> str:
        """Return why these settings leave a development out, in the current language; empty if they do not."""
        for follow_filter in FollowFilter:
            if follow_filter in self.filters and not follow_filter.matches(story, development):
                return say(follow_filter.exclusion_reason)
        return self._explain_keywords(_get_searchable_text(story, development.headline, development.text))

    def accepts_reminder(self, story: Story, event: ExpectedEvent) -> bool:
        """Return whether these settings ask for a reminder of an expected event.

        Filters by stage and claim are about developments: of an expected event, neither is known.
        """
        if not self.reminders or (FollowFilter.DEALS in self.filters and not story.kind.is_deal):
            return False
        return not self._explain_keywords(_get_searchable_text(story, event.headline))

    def _explain_keywords(self, text: str) -> str:
        if self.keywords and not any(contains_keyword(word, text) for word in self.keywords):
            return say("it has none of the words {words}", words=", ".join(self.keywords))
        excluded_keyword = next((word for word in self.excluded_keywords if contains_keyword(word, text)), "")
        return say("it has the excluded word {word}", word=excluded_keyword) if excluded_keyword else ""

    def explain_article_exclusion(self, article: Article) -> str:
        """Return why these settings leave an article of a followed feed out, in the current language; empty if they do not.

        An article has neither stage nor claim, so only the keywords count.
        """
        return self._explain_keywords(f"{article.title} · {article.text}")

    @property
    def stageless_role_id(self) -> int | None:
        """The id of the role that a reminder or an article of a feed mentions; None for none. Neither is a stage change."""
        return self.role_id if self.ping is PingPolicy.ALWAYS else None

    def get_role_to_ping(self, story: Story, development: Development) -> int | None:
        """Return the id of the role that the post of a development mentions; None for none."""
        if self.ping is PingPolicy.NEVER:
            return None
        if self.ping is PingPolicy.STAGE_CHANGES and not changes_stage(story, development):
            return None
        return self.role_id


#: Every development, at once, without a ping.
DEFAULT_FOLLOW_SETTINGS = FollowSettings()


def changes_stage(story: Story, development: Development) -> bool:
    """Return whether a development changes the stage of its deal."""
    return get_stage_change(story, development)[0] is not StageChange.UNCHANGED


def parse_keywords(text: str) -> tuple[str, ...]:
    """Return the keywords of a text, separated by commas, semicolons or line breaks, each once.

    Raises ValueError if one is too long, or if there are too many.
    """
    words = [" ".join(part.split()) for part in re.split(r"[,;\n、，]", text)]
    keywords = tuple(dict.fromkeys(word for word in words if word))
    for word in keywords:
        if len(word) > MAX_KEYWORD_LENGTH:
            excerpt = word[:MAX_KEYWORD_LENGTH]
            raise ValueError(
                say("the word {word!r}… is longer than {most} characters", word=excerpt, most=MAX_KEYWORD_LENGTH)
            )
    if len(keywords) > MAX_KEYWORDS:
        raise ValueError(say("{count} words are too many; the limit is {most}", count=len(keywords), most=MAX_KEYWORDS))
    return keywords


def parse_filters(text: str) -> frozenset[FollowFilter]:
    """Return the filters of a text, separated by commas or spaces; none if it is empty or ``everything``.

    Labels in the current language count too. Raises ValueError if a word is unknown.
    """
    filters_by_word = {each.value: each for each in FollowFilter} | {"deal": FollowFilter.DEALS}
    filters: set[FollowFilter] = set()
    for word in re.split(r"[\s,;、，]+", _replace_labels(text.casefold())):
        if word in ("", "everything", "all", "and"):
            continue
        if word not in filters_by_word:
            possible = format_series(each.label for each in FollowFilter)
            raise ValueError(say("{typed!r} is not one of: {possible}", typed=word, possible=possible))
        filters.add(filters_by_word[word])
    return frozenset(filters)


def get_filter_labels() -> dict[str, str]:
    """Return the label of each filter by its value, in the current language; first that of no filter."""
    # Translators: among what a follow can be narrowed to: no narrowing
    return {"everything": say_as("only", "everything"), **{each.value: each.label for each in FollowFilter}}


def _replace_labels(text: str) -> str:
    """Return a typed text with the filters' values in place of their labels and of other words for them."""
    for value, label in sorted(get_filter_labels().items(), key=lambda item: -len(item[1])):
        text = re.sub(rf"(?<!\w){re.escape(label.casefold())}(?!\w)", value, text)
    return re.sub(r"stage[ -]changes?|\bstages?\b", FollowFilter.STAGE_CHANGES.value, text)


def _get_searchable_text(story: Story, *texts: str) -> str:
    return " · ".join([story.headline, *texts, *(party.company for party in story.parties)])
