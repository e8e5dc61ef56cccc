"""The history of a story for the desk: each change in words, with who made it and when."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from bot.cards import custom_ids, labels
from bot.cards.components import Card, container, page_buttons, page_label, separator, text
from bot.cards.escaping import escape_line, heading
from bot.cards.markdown import join_parts, subtext, truncate_list
from bot.languages import format_series, lazy_as, say, say_as, say_count
from bot.model.audit import AuditEntry, StoryHistory
from bot.model.expected_event import ExpectedDate, ExpectedOutcome
from bot.model.story import PUBLICATION_WITHDRAWN
from bot.model.terms import TERM_REMOVED, Term, TermName
from bot.model.vocabulary import Bound, Claim, Kind, Stage

_HEADLINE_LIMIT = 120
_VALUE_LIMIT = 70
_REASON_LIMIT = 160
_NAME_LIMIT = 40
_CHANGES_LIMIT = 200
_MOVED_LIMIT = 70
_MAX_MOVED = 2
_DISCORD_ACTOR = re.compile(r"discord:(\d{1,20})")
_FIELD_NAMES = {
    "headline": lazy_as("changed field", "headline"),
    "summary": lazy_as("changed field", "summary"),
    "kind": lazy_as("changed field", "kind"),
    "parties": lazy_as("changed field", "parties"),
    "related": lazy_as("changed field", "related stories"),
    "date": lazy_as("changed field", "date"),
    "text": lazy_as("changed field", "text"),
    "claim": lazy_as("changed field", "claim"),
    "stage": lazy_as("changed field", "stage"),
    "sources": lazy_as("changed field", "sources"),
    "figure": lazy_as("changed field", "figure"),
    "outcome": lazy_as("changed field", "outcome"),
    "development_key": lazy_as("changed field", "resulting development"),
}
#: Fields whose values are short enough to be shown.
_SHOWN_FIELDS = ("headline", "kind", "date", "claim", "stage", "figure", "outcome")

_Values = Mapping[str, Any]


def story_history_card(history: StoryHistory) -> Card:
    """Return a page of a story's history, newest first."""
    story, page = history.story, history.page
    title = heading(say("History of “{story}”", story=escape_line(story.headline, _HEADLINE_LIMIT)))
    entries = [text(_describe(entry), _byline(entry, history.feeds)) for entry in history.entries]
    return Card(
        container(
            text(title, subtext(page_label(page, history.page_count))),
            separator(),
            *(entries or [text(say("No changes recorded."))]),
            page_buttons(
                page,
                history.page_count,
                custom_ids.HISTORY.build(page=max(page - 1, 0), slug=story.slug),
                custom_ids.HISTORY.build(page=page + 1, slug=story.slug),
            ),
            colour=labels.NEUTRAL_COLOUR,
        )
    )


def _byline(entry: AuditEntry, feeds: Mapping[str, str]) -> str:
    return subtext(f"<t:{int(entry.at.timestamp())}:f>", _actor_label(entry.actor, feeds))


def _actor_label(actor: str, feeds: Mapping[str, str]) -> str:
    editor = _DISCORD_ACTOR.fullmatch(actor)
    if editor:
        return f"<@{editor[1]}>"
    if actor == "import":
        return say("imported from a file")
    if actor == "seeds":
        return say("from the starter collection")
    if actor in feeds:
        return say("from the feed {feed}", feed=escape_line(feeds[actor], _NAME_LIMIT))
    if actor.startswith("feed:"):
        return say("from a feed that was removed")
    return escape_line(actor, _NAME_LIMIT)


def _describe(entry: AuditEntry) -> str:
    """Return what was changed, in one or two lines."""
    before: _Values = entry.before if isinstance(entry.before, dict) else {}
    after: _Values = entry.after if isinstance(entry.after, dict) else {}
    part, _, change = entry.action.partition(" ")
    if part == "development" and (after or before):
        return _describe_development(change, before, after)
    if part == "term" and (after or before):
        return _describe_term(change, before, after)
    if entry.action.startswith("expected event ") and (after or before):
        return _describe_event(entry.action.removeprefix("expected event "), before, after)
    return _describe_story(entry.action, before, after) or escape_line(entry.action, _VALUE_LIMIT)


def _describe_story(action: str, before: _Values, after: _Values) -> str:
    match action:
        case "story added":
            return say("**Created the story** “{story}”", story=_headline(after))
        case "story changed":
            return say("**Changed the story:** {changes}", changes=_list_changes(before, after))
        case "description confirmed":
            return say("**Confirmed** that the headline and summary still fit")
        case "story joined":
            return say("**Merged** “{story}” into this story", story=_headline(before))
        case "story parted":
            return say("**Undid the merge** into “{story}”", story=_headline(before))
        case "merge undone":
            return say("**Undid the merge** of “{story}” into this story", story=_headline(before))
    return _describe_split(action, before, after)


def _describe_split(action: str, before: _Values, after: _Values) -> str:
    match action:
        case "story split: moved out":
            return say("**Split:** moved {parts} to “{story}”", parts=_moved_label(before), story=_headline(after))
        case "story split: moved in":
            return say(
                "**Split:** moved {parts} here from “{story}”", parts=_moved_label(after), story=_headline(before)
            )
        case "split undone: moved out":
            return say(
                "**Undid a split:** moved {parts} back to “{story}”", parts=_moved_label(before), story=_headline(after)
            )
        case "split undone: moved in":
            return say(
                "**Undid a split:** moved {parts} back here from “{story}”",
                parts=_moved_label(after),
                story=_headline(before),
            )
    return ""


def _describe_development(change: str, before: _Values, after: _Values) -> str:
    name = _headline(after or before)
    match change:
        case "added":
            details = join_parts(
                *(_show(field, after.get(field)) for field in ("claim", "date", "stage") if after.get(field))
            )
            return "\n".join((say("**Added** “{name}”", name=name), details))
        case "corrected":
            return "\n".join((say("**Corrected** “{name}”", name=name), _list_changes(before, after)))
        case "retracted":
            reason = _reason(after.get("retracted"))
            return "\n".join((say("**Retracted** “{name}”", name=name), reason))
        case "reinstated":
            return say("**Undid the retraction** of “{name}”", name=name)
    return say("{change}: “{name}”", change=escape_line(change, _NAME_LIMIT), name=name)


def _describe_event(change: str, before: _Values, after: _Values) -> str:
    name = _headline(after or before)
    match change:
        case "added":
            return say("**Expected:** “{name}”, {date}", name=name, date=_show("date", after.get("date")))
        case "moved":
            return say(
                "**Moved** the expected “{name}” from {old} to {new}",
                name=name,
                old=_show("date", before.get("date")),
                new=_show("date", after.get("date")),
            )
        case "happened":
            return say("**Happened** as expected: “{name}”", name=name)
        case "dropped":
            return say("**Dropped:** “{name}” is no longer expected", name=name)
        case "reopened":
            return say("**Expected again:** “{name}”", name=name)
        case "removed":
            return say("**Removed** the expected event “{name}”", name=name)
    changes = _list_changes(before, after)
    return "\n".join((say("**Corrected** the expected event “{name}”", name=name), changes))


def _describe_term(change: str, before: _Values, after: _Values) -> str:
    figure = _show("figure", after or before)
    match change:
        case "added":
            return say("**Added the figure** {figure}", figure=figure)
        case "retracted":
            return say("**Removed the figure** {figure}", figure=figure)
        case "reinstated":
            return say("**Restored the figure** {figure}", figure=figure)
    return "\n".join(
        (
            say("**Changed the figure** {figure}", figure=figure),
            _list_changes(_with_figure(before), _with_figure(after)),
        )
    )


def _headline(values: _Values) -> str:
    return escape_line(str(values.get("headline") or ""), _HEADLINE_LIMIT)


def _reason(stored_reason: object) -> str:
    """Return why something was retracted: the editor's words, or ours in the current language."""
    own_reasons = {str(reason): reason for reason in (PUBLICATION_WITHDRAWN, TERM_REMOVED)}
    if str(stored_reason or "") in own_reasons:
        return say(own_reasons[str(stored_reason)])
    return escape_line(str(stored_reason or ""), _REASON_LIMIT)


def _list_changes(before: _Values, after: _Values) -> str:
    """Return the fields that differ, with their old and new values where these are short."""
    changes = [
        _change_label(field, before.get(field), after.get(field))
        for field in _FIELD_NAMES
        if (before.get(field) or None) != (after.get(field) or None)
    ]
    return truncate_list(changes, _CHANGES_LIMIT, lambda count: say_count("+{count} more", "+{count} more", count))


def _change_label(field: str, old: object, new: object) -> str:
    name = say_as("changed field", _FIELD_NAMES[field])
    if field == "parties":
        return say("{field}: {changes}", field=name, changes=_party_changes(old, new))
    if field not in _SHOWN_FIELDS:
        return name
    none = say_as("changed value", "none")
    return say(
        "{field}: {old} → {new}",
        field=name,
        old=_show(field, old) if old else none,
        new=_show(field, new) if new else none,
    )


def _party_changes(old: object, new: object) -> str:
    old_names, new_names = _get_parties(old), _get_parties(new)
    changes = [
        *(f"+ {name}" for name in new_names if name not in old_names),
        *(f"− {name}" for name in old_names if name not in new_names),
    ]
    # The same parties in another order.
    return truncate_list(
        changes or new_names, _VALUE_LIMIT, lambda count: say_count("+{count} more", "+{count} more", count)
    )


def _get_parties(stored: object) -> list[str]:
    rows = [row for row in stored if isinstance(row, dict)] if isinstance(stored, list) else []
    return [escape_line(str(row.get("company", "")), _NAME_LIMIT) for row in rows]


def _moved_label(values: _Values) -> str:
    """Return ``“Signed”``, or ``2 developments (“Signed”, …)``: what a split has moved."""
    rows = [row for row in values.get("developments", []) if isinstance(row, dict)]
    names = [say("“{quote}”", quote=escape_line(str(row.get("headline", "")), _MOVED_LIMIT)) for row in reversed(rows)]
    if len(names) == 1:
        return names[0]
    return say_count(
        "{count} development ({names})",
        "{count} developments ({names})",
        len(names),
        names=format_series([*names[:_MAX_MOVED], *(["…"] if len(names) > _MAX_MOVED else [])]),
    )


def _show(field: str, stored: Any) -> str:
    """Return a value of the audit as people read it. What a former version wrote otherwise is shown as it is."""
    try:
        return _show_value(field, stored)
    except (KeyError, TypeError, ValueError):
        return escape_line(str(stored), _VALUE_LIMIT)


def _show_value(field: str, stored: Any) -> str:
    match field:
        case "kind":
            return Kind(stored).label
        case "claim":
            return Claim(stored).label
        case "stage":
            return Stage(stored).label
        case "outcome":
            return ExpectedOutcome(stored).label
        case "date":
            # That of an expected event can be a quarter or a half of a year, which is a window like any other.
            return ExpectedDate.parse(stored).display
        case "figure":
            return escape_line(_read_term(stored), _VALUE_LIMIT)
        case "headline":
            return say("“{quote}”", quote=escape_line(stored, _VALUE_LIMIT))
    return escape_line(str(stored), _VALUE_LIMIT)


def _read_term(stored: _Values) -> str:
    term = Term(
        key=stored["key"],
        name=TermName(stored["name"]),
        amount=Decimal(stored["amount"]),
        unit=stored["unit"],
        claim=Claim(stored["claim"]),
        bound=Bound(stored["bound"]) if stored.get("bound") else None,
    )
    return say("{name}: {value}", name=term.name.label, value=term.display)


def _with_figure(values: _Values) -> _Values:
    """Return the values of a term with all that its figure depends on as one field."""
    figure = {name: values.get(name) for name in ("key", "name", "amount", "unit", "bound")}
    return {**values, "figure": {**figure, "claim": Claim.REPORTED.value}} if values else values
