"""Every ``custom_id`` that was ever sent: messages keep their buttons for ever, so each of these is answered for ever."""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

import cogs
from bot.cards import custom_ids
from bot.cards.custom_ids import CustomId
from bot.model.follow import LastSeen
from cogs.persistent import PersistentItem

#: What was sent, and the fields that it is read as. Add lines; change none.
SENT: list[tuple[CustomId, str, dict[str, str]]] = [
    (custom_ids.FOLLOW, "dw:follow:a-b", {"slug": "a-b"}),
    (custom_ids.FULL_STORY, "dw:full:3:a-b", {"page": "3", "slug": "a-b"}),
    (custom_ids.STORY_MENU, "dw:pick:1", {"index": "1"}),
    (custom_ids.SHOW_STORY, "dw:show:a-b", {"slug": "a-b"}),
    (custom_ids.DID_YOU_MEAN, "dw:meant:company:Nissan", {"kind": "company", "value": "Nissan"}),
    (custom_ids.DID_YOU_MEAN, "dw:meant:story:a-b", {"kind": "story", "value": "a-b"}),
    (
        custom_ids.DEALS,
        "dw:deals:2:1:talks:joint-venture:A: B",
        {"page": "2", "deals_only": "1", "stage": "talks", "kind": "joint-venture", "company": "A: B"},
    ),
    (
        custom_ids.DEALS,
        "dw:deals:0:0:::",
        {"page": "0", "deals_only": "0", "stage": "", "kind": "", "company": ""},
    ),
    (custom_ids.LIST, "dw:list:0123456789abcdef:12", {"key": "0123456789abcdef", "page": "12"}),
    (custom_ids.REMOVE_FILTER, "dw:unfilter:0123456789abcdef:3", {"key": "0123456789abcdef", "index": "3"}),
    (custom_ids.LATEST, "dw:latest:1:Nissan", {"page": "1", "company": "Nissan"}),
    (custom_ids.LATEST, "dw:latest:0:", {"page": "0", "company": ""}),
    (
        custom_ids.NEWS,
        "dw:news:1:supply:talks:reported:",
        {"page": "1", "kind": "supply", "stage": "talks", "claim": "reported", "company": ""},
    ),
    (custom_ids.TIMELINE, "dw:timeline:a-b", {"slug": "a-b"}),
    (custom_ids.COMPANY_TIMELINE, "dw:lanes:Nissan", {"company": "Nissan"}),
    (custom_ids.HELP, "dw:help:", {"topic": ""}),
    (custom_ids.HELP, "dw:help:desk publish", {"topic": "desk publish"}),
    (custom_ids.HELP_MENU, "dw:helpmenu", {}),
    *((custom_ids.TRY, f"dw:try:{name}", {"feature": name}) for name in "deal deals latest company".split()),
    (custom_ids.CATCH_UP, "dw:catchup", {}),
    (
        custom_ids.CATCH_UP_PAGE,
        "dw:caughtup:1:1764489600000000:17:23",
        {"page": "1", "seen_at": "1764489600000000", "after_delivery": "17", "until_delivery": "23"},
    ),
    (custom_ids.FOLLOW_TARGET, "dw:followtarget:everything:", {"kind": "everything", "value": ""}),
    (custom_ids.FOLLOW_TARGET, "dw:followtarget:company:A: B", {"kind": "company", "value": "A: B"}),
    (custom_ids.FOLLOW_TARGET, "dw:followtarget:kind:joint-venture", {"kind": "kind", "value": "joint-venture"}),
    (custom_ids.POST, "dw:post:abc123:a-b", {"post_key": "abc123", "slug": "a-b"}),
    (custom_ids.REPORT_PROBLEM, "dw:wrong:abc123", {"post_key": "abc123"}),
    (custom_ids.FOLLOW_LIST, "dw:following:4", {"page": "4"}),
    (custom_ids.FOLLOW_MENU, "dw:managepick", {}),
    *(
        (custom_ids.MANAGE_FOLLOW, f"dw:manage:{action}:17", {"action": action, "follow_id": "17"})
        for action in "open pause resume edit removed remove test silent loud threads flat".split()
    ),
    (custom_ids.WHY, "dw:why:12345678901234567890:a-b", {"channel_id": "12345678901234567890", "slug": "a-b"}),
    (custom_ids.RETRY_FORM, "dw:retry:0123456789abcdef", {"form": "0123456789abcdef"}),
    (
        custom_ids.NEW_COMPANIES,
        "dw:newcompanies:use:1:0123456789abcdef",
        {"action": "use", "index": "1", "form": "0123456789abcdef"},
    ),
    (custom_ids.FEED_REPORTS, "dw:feednotes:5", {"index": "5"}),
    (custom_ids.FEED_REPORT, "dw:feednote:settle:17", {"action": "settle", "report_id": "17"}),
    (custom_ids.FEED_REPORT, "dw:feednote:reopen:17", {"action": "reopen", "report_id": "17"}),
    (custom_ids.WHY_FEED, "dw:whyfeed:17", {"follow_id": "17"}),
    (custom_ids.SETTINGS, "dw:settings", {}),
    (custom_ids.LANGUAGE, "dw:language", {}),
    (custom_ids.STATUS, "dw:status", {}),
    (custom_ids.DATA, "dw:data", {}),
    (custom_ids.ERASE, "dw:erase:server", {"subject": "server"}),
    (custom_ids.ERASE, "dw:erase:me", {"subject": "me"}),
    (custom_ids.ERASE_NOW, "dw:erasenow:server", {"subject": "server"}),
    (custom_ids.ERASE_NOW, "dw:erasenow:me", {"subject": "me"}),
    (custom_ids.PUBLISH, "dw:desk:publish", {}),
    *(
        (custom_ids.DRAFT, f"dw:draft:{action}:17", {"action": action, "draft_id": "17"})
        for action in "publish edit source discard".split()
    ),
    *(
        (custom_ids.DRAFT_MENU, f"dw:draftmenu:{field}:17", {"field": field, "draft_id": "17"})
        for field in "story claim stage kind".split()
    ),
    *(
        (custom_ids.REVIEW, f"dw:review:{action}:17", {"action": action, "review_id": "17"})
        for action in "publish edit new retold dismiss undo show".split()
    ),
    (custom_ids.REVIEW_STORY, "dw:reviewstory:17", {"review_id": "17"}),
    (custom_ids.REVIEW_DUPLICATE, "dw:reviewtwin:17", {"review_id": "17"}),
    (custom_ids.REVIEW_NAMES, "dw:reviewnames:17", {"review_id": "17"}),
    (custom_ids.REVIEW_PROPOSAL, "dw:reviewproposal:17", {"review_id": "17"}),
    (custom_ids.REVIEW_QUEUE, "dw:queue:5", {"index": "5"}),
    *(
        (custom_ids.SET_ASIDE_ARTICLE, f"dw:aside:{action}:17", {"action": action, "value": "17"})
        for action in "page retry drop all".split()
    ),
    *(
        (custom_ids.SET_ASIDE_POST, f"dw:asidepost:{action}:17", {"action": action, "post_id": "17"})
        for action in "list all send drop".split()
    ),
    (custom_ids.READER_REPORT, "dw:note:settle:17", {"action": "settle", "report_id": "17"}),
    (custom_ids.READER_REPORT, "dw:note:reopen:17", {"action": "reopen", "report_id": "17"}),
    (custom_ids.READER_REPORTS, "dw:notes:5", {"index": "5"}),
    (custom_ids.SUMMARY, "dw:summary:show:a-b", {"action": "show", "slug": "a-b"}),
    (custom_ids.SUMMARY, "dw:summary:use:a-b", {"action": "use", "slug": "a-b"}),
    (custom_ids.UNMERGE, "dw:part:a-b", {"slug": "a-b"}),
    *(
        (custom_ids.SPLIT, f"dw:split:{action}:2:17", {"action": action, "page": "2", "split_id": "17"})
        for action in "page move discard".split()
    ),
    *(
        (custom_ids.SPLIT_MENU, f"dw:splitpick:{field}:2:17", {"field": field, "page": "2", "split_id": "17"})
        for field in "parts options".split()
    ),
    (custom_ids.UNDO_SPLIT, "dw:unsplit:17", {"split_id": "17"}),
    (custom_ids.HISTORY, "dw:history:3:a-b", {"page": "3", "slug": "a-b"}),
    (custom_ids.DESCRIBE, "dw:describe:edit:signed:a-b", {"action": "edit", "stage": "signed", "slug": "a-b"}),
    (custom_ids.DESCRIBE, "dw:describe:keep::a-b", {"action": "keep", "stage": "", "slug": "a-b"}),
    (custom_ids.TERMS, "dw:terms:show:a-b", {"action": "show", "slug": "a-b"}),
    (custom_ids.TERMS, "dw:terms:add:a-b", {"action": "add", "slug": "a-b"}),
    (custom_ids.TERM_MENU, "dw:termpick:a-b", {"slug": "a-b"}),
    *(
        (custom_ids.TERM, f"dw:term:{action}:17", {"action": action, "term_id": "17"})
        for action in ("edit", "remove", "restore")
    ),
    (custom_ids.EXPECTED, "dw:expected:show:a-b", {"action": "show", "slug": "a-b"}),
    (custom_ids.EXPECTED, "dw:expected:add:a-b", {"action": "add", "slug": "a-b"}),
    (custom_ids.EXPECTED_MENU, "dw:expectedpick:a-b", {"slug": "a-b"}),
    *(
        (custom_ids.EXPECTED_EVENT, f"dw:event:{action}:17", {"action": action, "event_id": "17"})
        for action in ("open", "edit", "happened", "drop", "reopen", "remove", "delete")
    ),
    (
        custom_ids.MOVE_BACK,
        "dw:moveback:by 2026-08-16:2026-Q2:17",
        {"former": "by 2026-08-16", "current": "2026-Q2", "event_id": "17"},
    ),
    (custom_ids.UNDO, "dw:undo:withdraw:17", {"action": "withdraw", "development_id": "17"}),
    (custom_ids.UNDO, "dw:undo:reinstate:17", {"action": "reinstate", "development_id": "17"}),
    (custom_ids.FEEDS, "dw:feeds:5", {"page": "5"}),
    (custom_ids.OPEN_FEEDS, "dw:feeds:open", {}),
]


def listeners() -> Iterator[type[PersistentItem]]:
    """Every item that answers clicks. An extension that was unloaded leaves its classes behind; they are not counted."""
    for module in pkgutil.walk_packages(cogs.__path__, "cogs."):
        importlib.import_module(module.name)
    waiting = [PersistentItem]
    while waiting:
        item = waiting.pop()
        waiting += item.__subclasses__()
        if item is not PersistentItem and getattr(sys.modules[item.__module__], item.__name__) is item:
            yield item


def template(item: type[PersistentItem]) -> re.Pattern[str]:
    """Return the pattern by which discord.py finds the item."""
    pattern = item.__discord_ui_compiled_template__
    assert isinstance(pattern, re.Pattern)
    return pattern


@pytest.mark.parametrize(("kind", "sent", "fields"), SENT, ids=[sent for _, sent, _ in SENT])
def test_an_id_keeps_its_text_and_fields(kind: CustomId, sent: str, fields: dict[str, str]) -> None:
    match = re.fullmatch(kind.pattern, sent)
    assert match is not None
    assert match.groupdict() == fields
    assert kind.build(**fields) == sent


@pytest.mark.parametrize("sent", [sent for _, sent, _ in SENT])
def test_exactly_one_item_answers_an_id(sent: str) -> None:
    assert len([item for item in listeners() if template(item).fullmatch(sent)]) == 1


def test_every_kind_is_in_the_table() -> None:
    """All but the placeholder, which is only ever disabled."""
    kinds = {name for name, value in vars(custom_ids).items() if isinstance(value, CustomId)}
    listed = {name for name, value in vars(custom_ids).items() if any(value is kind for kind, _, _ in SENT)}
    assert kinds - listed == {"PLACEHOLDER"}
    assert custom_ids.PLACEHOLDER.build(index=1) == "dw:idle:1"


@pytest.mark.parametrize("values", [{}, {"slug": "a"}, {"slug": "a", "page": 1, "more": 1}])
def test_an_id_needs_exactly_its_fields(values: dict[str, str | int]) -> None:
    with pytest.raises(TypeError, match="dw:full has the fields"):
        custom_ids.FULL_STORY.build(**values)


def test_the_last_look_survives_the_button() -> None:
    seen = LastSeen(datetime(2026, 11, 30, 8, 15, 30, 123456, tzinfo=UTC), 17)
    match = re.fullmatch(custom_ids.CATCH_UP_PAGE.pattern, custom_ids.catch_up_page(1, seen, 23))
    assert match is not None
    assert custom_ids.parse_last_seen(match["seen_at"], match["after_delivery"]) == seen
