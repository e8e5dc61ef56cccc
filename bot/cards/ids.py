"""The names of buttons and menus: what a click means, also after a restart.

A card is drawn once and keeps no memory; the click's whole meaning is in its ``custom_id`` (100 characters at
most, slugs have 70). The patterns are what :mod:`cogs` listens for.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

from bot.library.answers import NewsFilter, StoryFilter, Suggestion
from bot.model.look import Look

_BEGIN = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)

#: How much of a company's name a button has room for: in a list of deals, in one of narrowed news, and elsewhere.
DEALS_NAME = 48
NEWS_NAME = 36
NAME = 80

#: What stands between the beginning of a longer name and what tells it from others that begin so.
_MARK = "~"
_TELLING = 6

#: Patterns for ``discord.ui.DynamicItem``; each has named groups.
FOLLOW = r"dw:follow:(?P<slug>[a-z0-9-]{1,70})"
FULL = r"dw:full:(?P<page>\d{1,4}):(?P<slug>[a-z0-9-]{1,70})"
PICK = r"dw:pick:(?P<source>\d)"
MEANT = r"dw:meant:(?P<kind>story|company):(?P<value>.{1,80})"
DEALS = r"dw:deals:(?P<page>\d{1,6}):(?P<deals>[01]):(?P<stage>[a-z]*):(?P<kind>[a-z-]*):(?P<company>.{0,48})"
LATEST = r"dw:latest:(?P<page>\d{1,6}):(?P<company>.{0,80})"
NEWS = r"dw:news:(?P<page>\d{1,6}):(?P<kind>[a-z-]*):(?P<stage>[a-z]*):(?P<claim>[a-z]*):(?P<company>.{0,36})"
SHOW = r"dw:show:(?P<slug>[a-z0-9-]{1,70})"
TIMELINE = r"dw:timeline:(?P<slug>[a-z0-9-]{1,70})"
LANES = r"dw:lanes:(?P<company>.{1,80})"
CATCH_UP = r"dw:catchup"
CAUGHT_UP = r"dw:caughtup:(?P<page>\d{1,4}):(?P<at>\d{1,17}):(?P<after>\d{1,18}):(?P<until>\d{1,18})"
FOLLOWING = r"dw:following:(?P<page>\d{1,4})"
WHY = r"dw:why:(?P<place>\d{1,20}):(?P<slug>[a-z0-9-]{1,70})"
STATUS = "dw:status"
DATA = "dw:data"
MANAGE = r"dw:manage:(?P<act>open|pause|resume|edit|removed|remove|test|silent|loud|threads|flat):(?P<number>\d{1,18})"
MANAGE_PICK = r"dw:managepick"
SETTINGS = "dw:settings"
LANGUAGE = "dw:language"
WRONG = r"dw:wrong:(?P<key>[a-z0-9]{1,20})"
NOTE = r"dw:note:(?P<act>settle|reopen):(?P<number>\d{1,18})"
REVIEW = r"dw:review:(?P<act>publish|edit|new|retold|dismiss|undo|show):(?P<number>\d{1,18})"
ASIDE = r"dw:aside:(?P<act>page|retry|drop|all):(?P<number>\d{1,18})"
REVIEW_STORY = r"dw:reviewstory:(?P<number>\d{1,18})"
REVIEW_TWIN = r"dw:reviewtwin:(?P<number>\d{1,18})"
REVIEW_NAMES = r"dw:reviewnames:(?P<number>\d{1,18})"
SUMMARY = r"dw:summary:(?P<act>show|use):(?P<slug>[a-z0-9-]{1,70})"
QUEUE = r"dw:queue:(?P<at>\d{1,6})"
FEEDS = r"dw:feeds:(?P<page>\d{1,6})"
NOTES = r"dw:notes:(?P<at>\d{1,6})"
PART = r"dw:part:(?P<slug>[a-z0-9-]{1,70})"
ASIDE_POST = r"dw:asidepost:(?P<act>list|all|send|drop):(?P<number>\d{1,18})"
POST = r"dw:post:(?P<key>[a-z0-9]{1,20}):(?P<slug>[a-z0-9-]{1,70})"


def shortened(name: str, room: int) -> str:
    """A company's name where it fits, else its beginning and a few letters that only it has."""
    if len(name) <= room:
        return name
    telling = hashlib.sha256(name.encode()).hexdigest()[:_TELLING]
    return f"{name[: room - _TELLING - 1]}{_MARK}{telling}"


def beginning_of(said: str, room: int) -> str:
    """The beginning of the name that a button has no room for; empty where it has the whole."""
    if len(said) < room:
        return ""
    beginning, mark, _ = said.rpartition(_MARK)
    # Buttons of earlier versions have the beginning alone.
    return beginning if mark and len(said) - len(beginning) == _TELLING + 1 else said


def follow(slug: str) -> str:
    """The Follow button of a story."""
    return f"dw:follow:{slug}"


def full(slug: str, page: int) -> str:
    """The Full story button, and its pages, counted from 0."""
    return f"dw:full:{page}:{slug}"


def pick(place: int = 0) -> str:
    """The menu of other stories; its values are slugs. ``place`` tells several menus of one card apart."""
    return f"dw:pick:{place}"


def meant(suggestion: Suggestion) -> str:
    """A "did you mean" button."""
    return f"dw:meant:{suggestion.kind.value}:{shortened(suggestion.value, NAME)}"


def deals(page: int, chosen: StoryFilter) -> str:
    """A page of a list of stories."""
    stage = chosen.stage.value if chosen.stage else ""
    kind = chosen.kind.value if chosen.kind else ""
    return f"dw:deals:{page}:{int(chosen.deals_only)}:{stage}:{kind}:{shortened(chosen.company, DEALS_NAME)}"


def latest(page: int, chosen: NewsFilter) -> str:
    """A page of the newest developments."""
    if not (chosen.kind or chosen.stage or chosen.claim):
        return f"dw:latest:{page}:{shortened(chosen.company, NAME)}"
    words = ":".join(word.value if word else "" for word in (chosen.kind, chosen.stage, chosen.claim))
    return f"dw:news:{page}:{words}:{shortened(chosen.company, NEWS_NAME)}"


def show(slug: str) -> str:
    """The button that shows a story."""
    return f"dw:show:{slug}"


def timeline(slug: str) -> str:
    """The Timeline button of a story."""
    return f"dw:timeline:{slug}"


def lanes(company: str) -> str:
    """The Timeline button of a company."""
    return f"dw:lanes:{shortened(company, NAME)}"


def catch_up() -> str:
    """The button that opens what was missed."""
    return "dw:catchup"


def caught_up(page: int, after: Look, until: int) -> str:
    """A page of what came after a look, up to a delivery."""
    return f"dw:caughtup:{page}:{(after.at - _BEGIN) // _TICK}:{after.delivery}:{until}"


def look(at: str, after: str) -> Look:
    """The look that a button of :func:`caught_up` says."""
    return Look(_BEGIN + int(at) * _TICK, int(after))


def following(page: int) -> str:
    """A page of the follows."""
    return f"dw:following:{page}"


def why(place_id: int, slug: str) -> str:
    """The button that opens what became of a story in a channel or thread."""
    return f"dw:why:{place_id}:{slug}"


def manage(act: str, number: int) -> str:
    """A button of the follow with this number; ``act`` is what it does."""
    return f"dw:manage:{act}:{number}"


def wrong(key: str) -> str:
    """The button of a post, by its key, that tells the desk what is wrong with it."""
    return f"dw:wrong:{key}"


def settled_note(act: str, number: int) -> str:
    """A button under a reader's note: ``settle`` or ``reopen``."""
    return f"dw:note:{act}:{number}"


def review(act: str, number: int) -> str:
    """A button under the review with this number; ``act`` is what it does."""
    return f"dw:review:{act}:{number}"


def aside(act: str, number: int) -> str:
    """A button under what is set aside: ``retry`` or ``drop`` the failure of this number, retry ``all``, or open a ``page``."""
    return f"dw:aside:{act}:{number}"


def review_story(number: int) -> str:
    """The menu of stories to publish a review's article in; its values are slugs."""
    return f"dw:reviewstory:{number}"


def review_twin(number: int) -> str:
    """The menu of developments that a review's article may tell again."""
    return f"dw:reviewtwin:{number}"


def review_names(number: int) -> str:
    """The menu of names in a review's article that may be made known as companies."""
    return f"dw:reviewnames:{number}"


def summary(act: str, slug: str) -> str:
    """A button about a story's summary: ``show`` a proposal, or ``use`` it."""
    return f"dw:summary:{act}:{slug}"


def queue(at: int) -> str:
    """One of the articles that wait, counted from 0."""
    return f"dw:queue:{at}"


def feeds(page: int) -> str:
    """A page of the feeds."""
    return f"dw:feeds:{page}"


def notes(at: int) -> str:
    """One of the readers' notes that wait, counted from 0."""
    return f"dw:notes:{at}"


def part(slug: str) -> str:
    """The button that takes a join of stories back."""
    return f"dw:part:{slug}"


def aside_post(act: str = "list", number: int = 0) -> str:
    """A button about posts that are set aside: ``list`` them, send ``all`` again, or ``send`` or ``drop`` the one with this
    number.
    """
    return f"dw:asidepost:{act}:{number}"


def idle(place: int) -> str:
    """A button that is only shown, greyed out, where there is nothing to turn to; nothing listens for it."""
    return f"dw:idle:{place}"


def manage_pick() -> str:
    """The menu of follows to manage; its values are their numbers."""
    return "dw:managepick"


def post(key: str, slug: str) -> str:
    """The Full story button of a post; it carries the post's key, by which the post is found in a channel's history."""
    return f"dw:post:{key}:{slug}"
