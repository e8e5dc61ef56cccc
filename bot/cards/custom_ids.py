"""The names of buttons and menus: what a click means, also after a restart.

A card is drawn once and keeps no memory; the click's whole meaning is in its ``custom_id`` (100 characters at
most, slugs have 70). The patterns are what :mod:`cogs` listens for.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

from bot.library.answers import NewsFilter, QuerySuggestion, StoryFilter
from bot.model.last_seen import LastSeen

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

#: How much of a company's name a button has room for: in a list of deals, in one of narrowed news, and elsewhere.
DEALS_NAME_LIMIT = 48
NEWS_NAME_LIMIT = 36
NAME_LIMIT = 80

#: What stands between the beginning of a longer name and what tells it from others that begin so.
_HASH_SEPARATOR = "~"
_HASH_LENGTH = 6

#: Patterns for ``discord.ui.DynamicItem``; each has named groups.
FOLLOW = r"dw:follow:(?P<slug>[a-z0-9-]{1,70})"
FULL_STORY = r"dw:full:(?P<page>\d{1,4}):(?P<slug>[a-z0-9-]{1,70})"
STORY_MENU = r"dw:pick:(?P<source>\d)"
DID_YOU_MEAN = r"dw:meant:(?P<kind>story|company):(?P<value>.{1,80})"
DEALS = r"dw:deals:(?P<page>\d{1,6}):(?P<deals>[01]):(?P<stage>[a-z]*):(?P<kind>[a-z-]*):(?P<company>.{0,48})"
LATEST = r"dw:latest:(?P<page>\d{1,6}):(?P<company>.{0,80})"
NEWS = r"dw:news:(?P<page>\d{1,6}):(?P<kind>[a-z-]*):(?P<stage>[a-z]*):(?P<claim>[a-z]*):(?P<company>.{0,36})"
SHOW_STORY = r"dw:show:(?P<slug>[a-z0-9-]{1,70})"
TIMELINE = r"dw:timeline:(?P<slug>[a-z0-9-]{1,70})"
COMPANY_TIMELINE = r"dw:lanes:(?P<company>.{1,80})"
CATCH_UP = r"dw:catchup"
CATCH_UP_PAGE = r"dw:caughtup:(?P<page>\d{1,4}):(?P<at>\d{1,17}):(?P<after>\d{1,18}):(?P<until>\d{1,18})"
FOLLOW_LIST = r"dw:following:(?P<page>\d{1,4})"
WHY = r"dw:why:(?P<place>\d{1,20}):(?P<slug>[a-z0-9-]{1,70})"
STATUS = "dw:status"
DATA = "dw:data"
MANAGE_FOLLOW = (
    r"dw:manage:(?P<act>open|pause|resume|edit|removed|remove|test|silent|loud|threads|flat):(?P<number>\d{1,18})"
)
FOLLOW_MENU = r"dw:managepick"
SETTINGS = "dw:settings"
LANGUAGE = "dw:language"
REPORT_PROBLEM = r"dw:wrong:(?P<key>[a-z0-9]{1,20})"
READER_REPORT = r"dw:note:(?P<act>settle|reopen):(?P<number>\d{1,18})"
REVIEW = r"dw:review:(?P<act>publish|edit|new|retold|dismiss|undo|show):(?P<number>\d{1,18})"
SET_ASIDE_ARTICLE = r"dw:aside:(?P<act>page|retry|drop|all):(?P<number>\d{1,18})"
REVIEW_STORY = r"dw:reviewstory:(?P<number>\d{1,18})"
REVIEW_DUPLICATE = r"dw:reviewtwin:(?P<number>\d{1,18})"
REVIEW_NAMES = r"dw:reviewnames:(?P<number>\d{1,18})"
SUMMARY = r"dw:summary:(?P<act>show|use):(?P<slug>[a-z0-9-]{1,70})"
REVIEW_QUEUE = r"dw:queue:(?P<at>\d{1,6})"
FEEDS = r"dw:feeds:(?P<page>\d{1,6})"
READER_REPORTS = r"dw:notes:(?P<at>\d{1,6})"
UNMERGE = r"dw:part:(?P<slug>[a-z0-9-]{1,70})"
SET_ASIDE_POST = r"dw:asidepost:(?P<act>list|all|send|drop):(?P<number>\d{1,18})"
POST = r"dw:post:(?P<key>[a-z0-9]{1,20}):(?P<slug>[a-z0-9-]{1,70})"


def shorten_name(name: str, limit: int) -> str:
    """A company's name where it fits, else its beginning and a few letters that only it has."""
    if len(name) <= limit:
        return name
    hash_suffix = hashlib.sha256(name.encode()).hexdigest()[:_HASH_LENGTH]
    return f"{name[: limit - _HASH_LENGTH - 1]}{_HASH_SEPARATOR}{hash_suffix}"


def name_prefix(name: str, limit: int) -> str:
    """The beginning of the name that a button has no room for; empty where it has the whole."""
    if len(name) < limit:
        return ""
    prefix, separator, _ = name.rpartition(_HASH_SEPARATOR)
    # Buttons of earlier versions have the beginning alone.
    return prefix if separator and len(name) - len(prefix) == _HASH_LENGTH + 1 else name


def follow(slug: str) -> str:
    """The Follow button of a story."""
    return f"dw:follow:{slug}"


def full_story(slug: str, page: int) -> str:
    """The Full story button, and its pages, counted from 0."""
    return f"dw:full:{page}:{slug}"


def story_menu(index: int = 0) -> str:
    """The menu of other stories; its values are slugs. ``place`` tells several menus of one card apart."""
    return f"dw:pick:{index}"


def did_you_mean(suggestion: QuerySuggestion) -> str:
    """A "did you mean" button."""
    return f"dw:meant:{suggestion.kind.value}:{shorten_name(suggestion.value, NAME_LIMIT)}"


def deals(page: int, filters: StoryFilter) -> str:
    """A page of a list of stories."""
    stage = filters.stage.value if filters.stage else ""
    kind = filters.kind.value if filters.kind else ""
    return f"dw:deals:{page}:{int(filters.deals_only)}:{stage}:{kind}:{shorten_name(filters.company, DEALS_NAME_LIMIT)}"


def latest(page: int, filters: NewsFilter) -> str:
    """A page of the newest developments."""
    if not (filters.kind or filters.stage or filters.claim):
        return f"dw:latest:{page}:{shorten_name(filters.company, NAME_LIMIT)}"
    facet_values = ":".join(facet.value if facet else "" for facet in (filters.kind, filters.stage, filters.claim))
    return f"dw:news:{page}:{facet_values}:{shorten_name(filters.company, NEWS_NAME_LIMIT)}"


def show_story(slug: str) -> str:
    """The button that shows a story."""
    return f"dw:show:{slug}"


def timeline(slug: str) -> str:
    """The Timeline button of a story."""
    return f"dw:timeline:{slug}"


def company_timeline(company: str) -> str:
    """The Timeline button of a company."""
    return f"dw:lanes:{shorten_name(company, NAME_LIMIT)}"


def catch_up() -> str:
    """The button that opens what was missed."""
    return "dw:catchup"


def catch_up_page(page: int, after: LastSeen, until: int) -> str:
    """A page of what came after a look, up to a delivery."""
    return f"dw:caughtup:{page}:{(after.at - _EPOCH) // _MICROSECOND}:{after.delivery_id}:{until}"


def parse_last_seen(at: str, after: str) -> LastSeen:
    """The look that a button of :func:`catch_up_page` says."""
    return LastSeen(_EPOCH + int(at) * _MICROSECOND, int(after))


def follow_list(page: int) -> str:
    """A page of the follows."""
    return f"dw:following:{page}"


def why(channel_id: int, slug: str) -> str:
    """The button that opens what became of a story in a channel or thread."""
    return f"dw:why:{channel_id}:{slug}"


def manage_follow(action: str, follow_id: int) -> str:
    """A button of the follow with this number; ``act`` is what it does."""
    return f"dw:manage:{action}:{follow_id}"


def report_problem(post_key: str) -> str:
    """The button of a post, by its key, that tells the desk what is wrong with it."""
    return f"dw:wrong:{post_key}"


def reader_report(action: str, report_id: int) -> str:
    """A button under a reader's note: ``settle`` or ``reopen``."""
    return f"dw:note:{action}:{report_id}"


def review(action: str, review_id: int) -> str:
    """A button under the review with this number; ``act`` is what it does."""
    return f"dw:review:{action}:{review_id}"


def set_aside_article(action: str, value: int) -> str:
    """A button under what is set aside: ``retry`` or ``drop`` the failure of this number, retry ``all``, or open a ``page``."""
    return f"dw:aside:{action}:{value}"


def review_story(review_id: int) -> str:
    """The menu of stories to publish a review's article in; its values are slugs."""
    return f"dw:reviewstory:{review_id}"


def review_duplicate(review_id: int) -> str:
    """The menu of developments that a review's article may tell again."""
    return f"dw:reviewtwin:{review_id}"


def review_names(review_id: int) -> str:
    """The menu of names in a review's article that may be made known as companies."""
    return f"dw:reviewnames:{review_id}"


def summary(action: str, slug: str) -> str:
    """A button about a story's summary: ``show`` a proposal, or ``use`` it."""
    return f"dw:summary:{action}:{slug}"


def review_queue(index: int) -> str:
    """One of the articles that wait, counted from 0."""
    return f"dw:queue:{index}"


def feeds(page: int) -> str:
    """A page of the feeds."""
    return f"dw:feeds:{page}"


def reader_reports(index: int) -> str:
    """One of the readers' notes that wait, counted from 0."""
    return f"dw:notes:{index}"


def unmerge(slug: str) -> str:
    """The button that takes a join of stories back."""
    return f"dw:part:{slug}"


def set_aside_post(action: str = "list", post_id: int = 0) -> str:
    """A button about posts that are set aside: ``list`` them, send ``all`` again, or ``send`` or ``drop`` the one with this
    number.
    """
    return f"dw:asidepost:{action}:{post_id}"


def placeholder(index: int) -> str:
    """A button that is only shown, greyed out, where there is nothing to turn to; nothing listens for it."""
    return f"dw:idle:{index}"


def follow_menu() -> str:
    """The menu of follows to manage; its values are their numbers."""
    return "dw:managepick"


def post(post_key: str, slug: str) -> str:
    """The Full story button of a post; it carries the post's key, by which the post is found in a channel's history."""
    return f"dw:post:{post_key}:{slug}"
