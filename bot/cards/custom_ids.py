"""The ``custom_id`` of every button and menu: what a click means, also after a restart.

A card is sent once and kept nowhere. Everything that a click needs is in its ``custom_id``, which Discord limits to
100 characters (https://discord.com/developers/docs/components/reference); a slug has at most 70.
Messages keep their components for ever, so what was sent once must be answered always: add fields and prefixes, change
none.
"""

from __future__ import annotations

import hashlib

from bot.library.answers import QuerySuggestion
from bot.model.follow import LastSeen, TargetKind
from bot.model.timestamps import from_microseconds, to_microseconds

#: Characters of a company's name that fit into a button: of a list of deals, of filtered news, of everything else.
DEALS_NAME_LIMIT = 48
NEWS_NAME_LIMIT = 36
NAME_LIMIT = 80
#: Of the button that follows a company.
FOLLOW_NAME_LIMIT = 72

#: Separates the beginning of a shortened name from the hash that tells it from other names with this beginning.
_HASH_SEPARATOR = "~"
_HASH_LENGTH = 6

_SLUG = r"[a-z0-9-]{1,70}"
_POST_KEY = r"[a-z0-9]{1,20}"
_ROW_ID = r"\d{1,18}"
_PAGE = r"\d{1,4}"
_LIST_KEY = r"[0-9a-f]{16}"
_LONG_LIST_PAGE = r"\d{1,6}"
_VALUE = r"[a-z-]*"
_EXPECTED_DATE = r"[A-Za-z0-9 -]{4,16}"
_WORD = r"[a-z]*"


class CustomId:
    """One kind of ``custom_id``: a prefix and the values of its fields, separated by colons.

    ``pattern`` is the template for ``discord.ui.DynamicItem``; it has a group for each field, in order, with its name.
    """

    def __init__(self, prefix: str, **field_patterns: str) -> None:
        self._prefix = prefix
        self._fields = tuple(field_patterns)
        self.pattern = ":".join([prefix, *(f"(?P<{name}>{pattern})" for name, pattern in field_patterns.items())])

    def build(self, **values: str | int) -> str:
        """Return the ``custom_id`` with these values; raise TypeError if they are not exactly the fields.

        Whether a value matches its field's pattern is not checked.
        """
        if values.keys() != set(self._fields):
            raise TypeError(f"{self._prefix} has the fields {self._fields}, not {tuple(values)}")
        return ":".join([self._prefix, *(str(values[name]) for name in self._fields)])


# Stories and lists.
FOLLOW = CustomId("dw:follow", slug=_SLUG)
FULL_STORY = CustomId("dw:full", page=_PAGE, slug=_SLUG)
#: A menu of stories; its values are slugs. ``index`` distinguishes the menus of one card.
STORY_MENU = CustomId("dw:pick", index=r"\d")
SHOW_STORY = CustomId("dw:show", slug=_SLUG)
DID_YOU_MEAN = CustomId("dw:meant", kind="story|company", value=rf".{{1,{NAME_LIMIT}}}")
#: A page of a list, by the key of its filters (:attr:`bot.model.list_query.ListQuery.key`).
LIST = CustomId("dw:list", key=_LIST_KEY, page=_LONG_LIST_PAGE)
#: Remove the filter with this index.
REMOVE_FILTER = CustomId("dw:unfilter", key=_LIST_KEY, index=r"\d{1,2}")
#: Pages of lists as they were sent before lists were stored, also LATEST and NEWS.
DEALS = CustomId(
    "dw:deals",
    page=_LONG_LIST_PAGE,
    deals_only="[01]",
    stage=_WORD,
    kind=_VALUE,
    company=rf".{{0,{DEALS_NAME_LIMIT}}}",
)
LATEST = CustomId("dw:latest", page=_LONG_LIST_PAGE, company=rf".{{0,{NAME_LIMIT}}}")
#: As LATEST, with filters other than a company.
NEWS = CustomId(
    "dw:news", page=_LONG_LIST_PAGE, kind=_VALUE, stage=_WORD, claim=_WORD, company=rf".{{0,{NEWS_NAME_LIMIT}}}"
)
TIMELINE = CustomId("dw:timeline", slug=_SLUG)
COMPANY_TIMELINE = CustomId("dw:lanes", company=rf".{{1,{NAME_LIMIT}}}")
CATCH_UP = CustomId("dw:catchup")
#: A page of the news between a last look (its time in microseconds since 1970, its newest delivery) and a delivery.
CATCH_UP_PAGE = CustomId("dw:caughtup", page=_PAGE, seen_at=r"\d{1,17}", after_delivery=_ROW_ID, until_delivery=_ROW_ID)
#: A page of help: a command's name, ``symbols``, or nothing for the overview.
HELP = CustomId("dw:help", topic="[a-z ]{0,40}")
#: The menu of commands to get help with; its values are their names.
HELP_MENU = CustomId("dw:helpmenu")
#: Show what a command answers, to the user who clicks.
TRY = CustomId("dw:try", feature="deal|deals|latest|company")
#: A disabled button, such as Next on the last page. Nothing listens for it.
PLACEHOLDER = CustomId("dw:idle", index=r"\d")

# Posts and follows.
#: As FOLLOW, for other targets: a company's name, a kind's value, or nothing for everything.
FOLLOW_TARGET = CustomId("dw:followtarget", kind="everything|company|kind", value=rf".{{0,{NAME_LIMIT}}}")
#: The Full story button of a post. By its key the post is found in a channel's history.
POST = CustomId("dw:post", post_key=_POST_KEY, slug=_SLUG)
REPORT_PROBLEM = CustomId("dw:wrong", post_key=_POST_KEY)
#: What readers report about posts of a server's own feeds, for its managers.
FEED_REPORTS = CustomId("dw:feednotes", index=_LONG_LIST_PAGE)
FEED_REPORT = CustomId("dw:feednote", action="settle|reopen", report_id=_ROW_ID)
FOLLOW_LIST = CustomId("dw:following", page=_PAGE)
#: The menu of follows to manage; its values are their ids.
FOLLOW_MENU = CustomId("dw:managepick")
MANAGE_FOLLOW = CustomId(
    "dw:manage",
    action="open|pause|resume|edit|removed|remove|test|silent|loud|threads|flat|remind|unremind",
    follow_id=_ROW_ID,
)
#: What became of the newest articles of a followed feed.
WHY_FEED = CustomId("dw:whyfeed", follow_id=_ROW_ID)
WHY = CustomId("dw:why", channel_id=r"\d{1,20}", slug=_SLUG)
#: Reopen a form that was sent, which the bot keeps in memory.
RETRY_FORM = CustomId("dw:retry", form=r"[0-9a-f]{16}")
#: Create the new companies of such a form, or use a similar name for one of them.
NEW_COMPANIES = CustomId("dw:newcompanies", action="create|use", index=r"\d", form=r"[0-9a-f]{16}")
SETTINGS = CustomId("dw:settings")
LANGUAGE = CustomId("dw:language")
STATUS = CustomId("dw:status")
DATA = CustomId("dw:data")
#: Ask whether to erase what is stored about the server, or about the user who clicks; and erase it.
ERASE = CustomId("dw:erase", subject="server|me")
ERASE_NOW = CustomId("dw:erasenow", subject="server|me")

# The desk.
PUBLISH = CustomId("dw:desk:publish")
#: What an editor has pasted, and the menus of its card.
DRAFT = CustomId("dw:draft", action="publish|edit|source|discard", draft_id=_ROW_ID)
DRAFT_MENU = CustomId("dw:draftmenu", field="story|claim|stage|kind", draft_id=_ROW_ID)
REVIEW = CustomId("dw:review", action="publish|edit|new|retold|dismiss|undo|show", review_id=_ROW_ID)
#: The menus of a review: its stories (slugs), the developments that it may repeat, the names that it may make known.
REVIEW_STORY = CustomId("dw:reviewstory", review_id=_ROW_ID)
REVIEW_DUPLICATE = CustomId("dw:reviewtwin", review_id=_ROW_ID)
REVIEW_NAMES = CustomId("dw:reviewnames", review_id=_ROW_ID)
REVIEW_PROPOSAL = CustomId("dw:reviewproposal", review_id=_ROW_ID)
REVIEW_QUEUE = CustomId("dw:queue", index=_LONG_LIST_PAGE)
#: ``value`` is the id of a failure for ``retry`` and ``drop``, the index to show for ``page``, and 0 for ``all``.
SET_ASIDE_ARTICLE = CustomId("dw:aside", action="page|retry|drop|all", value=_ROW_ID)
#: ``post_id`` is 0 for ``list`` and ``all``.
SET_ASIDE_POST = CustomId("dw:asidepost", action="list|all|send|drop", post_id=_ROW_ID)
READER_REPORT = CustomId("dw:note", action="settle|reopen", report_id=_ROW_ID)
READER_REPORTS = CustomId("dw:notes", index=_LONG_LIST_PAGE)
SUMMARY = CustomId("dw:summary", action="show|use", slug=_SLUG)
#: Write headline and summary anew, or keep them, now that the deal is in this stage (empty for none).
DESCRIBE = CustomId("dw:describe", action="edit|keep", stage=_WORD, slug=_SLUG)
#: The terms of a story: their list, and a form for a new one. The values of the menu are ids of terms.
TERMS = CustomId("dw:terms", action="show|add", slug=_SLUG)
TERM_MENU = CustomId("dw:termpick", slug=_SLUG)
TERM = CustomId("dw:term", action="edit|remove|restore", term_id=_ROW_ID)
#: The expected events of a story: their list, and a form for a new one. The values of the menu are ids of events.
EXPECTED = CustomId("dw:expected", action="show|add", slug=_SLUG)
EXPECTED_MENU = CustomId("dw:expectedpick", slug=_SLUG)
#: ``remove`` asks for confirmation, ``delete`` is the answer.
EXPECTED_EVENT = CustomId("dw:event", action="open|edit|happened|drop|reopen|remove|delete", event_id=_ROW_ID)
#: Undo a move from one date to another.
MOVE_BACK = CustomId("dw:moveback", former=_EXPECTED_DATE, current=_EXPECTED_DATE, event_id=_ROW_ID)
UNMERGE = CustomId("dw:part", slug=_SLUG)
#: What an editor splits a story into: the page of the menu that the card shows, and the menus.
SPLIT = CustomId("dw:split", action="page|move|discard", page=_PAGE, split_id=_ROW_ID)
SPLIT_MENU = CustomId("dw:splitpick", field="parts|options", page=_PAGE, split_id=_ROW_ID)
UNDO_SPLIT = CustomId("dw:unsplit", split_id=_ROW_ID)
#: Who changed what in a story.
HISTORY = CustomId("dw:history", page=_LONG_LIST_PAGE, slug=_SLUG)
#: Take a publication back, or make a retracted development valid again. Its id stays when its story is merged.
UNDO = CustomId("dw:undo", action="withdraw|reinstate", development_id=_ROW_ID)
FEEDS = CustomId("dw:feeds", page=_LONG_LIST_PAGE)
OPEN_FEEDS = CustomId("dw:feeds:open")


def shorten_name(name: str, limit: int) -> str:
    """Return a company's name if it fits, else its beginning and a few letters that only this name has."""
    if len(name) <= limit:
        return name
    hash_suffix = hashlib.sha256(name.encode()).hexdigest()[:_HASH_LENGTH]
    return f"{name[: limit - _HASH_LENGTH - 1]}{_HASH_SEPARATOR}{hash_suffix}"


def name_prefix(name: str, limit: int) -> str:
    """Return the beginning of a name that :func:`shorten_name` has shortened; empty if the name is whole."""
    if len(name) < limit:
        return ""
    prefix, separator, _ = name.rpartition(_HASH_SEPARATOR)
    # Buttons of earlier versions have the beginning alone.
    return prefix if separator and len(name) - len(prefix) == _HASH_LENGTH + 1 else name


def did_you_mean(suggestion: QuerySuggestion) -> str:
    """Return the id of a "Did you mean" button."""
    return DID_YOU_MEAN.build(kind=suggestion.kind.value, value=shorten_name(suggestion.value, NAME_LIMIT))


def follow_company(company: str) -> str:
    """Return the id of a company's Follow button."""
    return FOLLOW_TARGET.build(kind=TargetKind.COMPANY.value, value=shorten_name(company, FOLLOW_NAME_LIMIT))


def company_timeline(company: str) -> str:
    """Return the id of a company's Timeline button."""
    return COMPANY_TIMELINE.build(company=shorten_name(company, NAME_LIMIT))


def catch_up_page(page: int, after: LastSeen, until: int) -> str:
    """Return the id of a page of what came after a last look, up to the delivery with the id ``until``."""
    return CATCH_UP_PAGE.build(
        page=page,
        seen_at=to_microseconds(after.at),
        after_delivery=after.delivery_id,
        until_delivery=until,
    )


def parse_last_seen(seen_at: str, after_delivery: str) -> LastSeen:
    """Return the last look that :func:`catch_up_page` has written into a button."""
    return LastSeen(from_microseconds(int(seen_at)), int(after_delivery))
