"""An article that the desk has to decide about, and what was decided."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from discord import ui

from bot.cards import ids, marks, safe
from bot.cards.budget import units
from bot.cards.card import Card, Choice, box, button, picker, row, rule, text, turner
from bot.cards.marks import dotted, small
from bot.model.article import Article
from bot.model.review import Review, ReviewState
from bot.model.story import Development, Story
from bot.model.tracking import Decision

_TITLE = 600
_LEAD = 700
_HEADLINE = 260
_ALSO = 3
_NAMES = 160
_STORIES = 24
_NAME = 100
#: The entry of the menu of stories that asks for one by name.
BY_NAME = "by-name"


def review_card(
    review: Review, stories: Sequence[Story], newest: Iterable[Choice] = (), place: tuple[int, int] | None = None
) -> Card:
    """What waits: the article, what the tracker suggests and why, and every way to decide.

    ``stories`` are those that are suggested, the likeliest first, ``newest`` others to choose from. ``place`` says which of
    how many it is, counted from 0, where the queue is looked through one by one.
    """
    at, count = place or (0, 1)
    return Card(
        box(
            text(small(f"{at + 1} of {count:,} that wait, oldest first")) if place and count > 1 else None,
            *_article(review),
            rule(),
            text(*_suggested(review, stories)),
            row(*_decisions(review, stories)),
            picker(ids.review_story(review.number), "Publish in another story", _others(stories, newest)),
            picker(ids.review_names(review.number), "Make a name known as a company", _unknown(review)),
            turner(at, count, ids.queue(at - 1), ids.queue(at + 1)) if place else None,
            colour=marks.NEUTRAL,
        )
    )


def decided_card(review: Review, stories: Sequence[Story], left: int | None = None) -> Card:
    """What became of an article, by whom, and the way back; ``left`` says how many more wait, where the queue is looked through."""
    story = next((story for story in stories if story.slug == review.slug), None)
    on = [button(f"Next ({left:,} left)", ids.queue(0), primary=True)] if left else []
    shown = []
    if story:
        shown = [button("Full story", ids.full(story.slug, 0)), button("Summary", ids.summary("show", story.slug))]
    return Card(
        box(
            text(_decision(review, story)),
            *_article(review, lead=False),
            row(button("Undo", ids.review("undo", review.number)), *shown, *on),
            colour=marks.GOOD if review.state is ReviewState.PUBLISHED else marks.NEUTRAL,
        )
    )


def shown_review(review: Review, stories: Sequence[Story], newest: Iterable[Choice] = ()) -> Card:
    """The review as it stands now: to be decided, or decided."""
    return review_card(review, stories, newest) if review.waits else decided_card(review, stories)


def twins_card(review: Review, stories: Sequence[Story]) -> Card:
    """Which development the article tells again: a menu of the newest of the suggested stories."""
    choices = [
        Choice(f"{at}:{told.number}", told.headline, dotted(told.date.display, story.headline))
        for at, story in enumerate(stories)
        for told in reversed(story.standing)
    ]
    menu = picker(ids.review_twin(review.number), "Which development?", choices[:25])
    said = f"**{_title(review.article, 300)}** tells again what is known. Which development?"
    return Card(box(text(said if menu else "No story is suggested; choose one first."), menu, colour=marks.NEUTRAL))


def _article(review: Review, *, lead: bool = True) -> list[ui.TextDisplay[Any]]:
    article = review.article
    words = review.suggestion.words
    via = f"via {safe.line(review.feed_label, 80)}" if review.feed_label else ""
    who = safe.line(article.publisher, 80) if article.publisher else ""
    when = f"<t:{int(article.published.timestamp())}:f>"
    parts = [
        text(safe.heading(_title(article, _TITLE)), small(who, when, via), _also(review.also)),
        text(_marked(article.text, words, _LEAD)) if lead and article.text else None,
    ]
    return [part for part in parts if part is not None]


def _title(article: Article, limit: int) -> str:
    return (
        safe.link(article.title, article.url, limit + 2_000)
        if _has_short_link(article)
        else safe.line(article.title, limit)
    )


def _has_short_link(article: Article) -> bool:
    return units(article.title) <= _HEADLINE and safe.linkable(article.url, _HEADLINE)


def _also(also: Sequence[Article]) -> str:
    if not also:
        return ""
    names = dict.fromkeys(article.publisher or "another" for article in also)
    listed = [safe.line(name, _NAMES // _ALSO) for name in list(names)[:_ALSO]]
    rest = len(names) - len(listed)
    told = f"told by {marks.number_of(len(also), 'further article')}: {', '.join(listed)}"
    return small(told + (f" +{rest}" if rest else ""))


def _marked(told: str, words: Sequence[str], limit: int) -> str:
    """A text with these words of it in bold, where they stand first."""
    cut = told if units(told) <= limit else told[: limit - 1].rsplit(" ", 1)[0] + safe.ELLIPSIS
    spans = sorted(found.span() for word in words if word and (found := re.search(re.escape(word), cut, re.IGNORECASE)))
    shown, at = [], 0
    for start, end in spans:
        if start < at:
            continue
        shown += [_piece(cut[at:start]), f"**{safe.line(cut[start:end], 200)}**"]
        at = end
    return "".join([*shown, _piece(cut[at:])])


def _piece(part: str) -> str:
    if not part.strip():
        return " " if part else ""
    lead, tail = part[: len(part) - len(part.lstrip())], part[len(part.rstrip()) :]
    return (" " if lead else "") + safe.line(part, 2 * _LEAD) + (" " if tail else "")


def _suggested(review: Review, stories: Sequence[Story]) -> list[str]:
    said = review.suggestion
    moves = dotted(said.claim.label, f"stage: {said.stage.label}" if said.stage else "")
    why = f"it says {', '.join(f'“{safe.line(word, 40)}”' for word in said.words[:4])}" if said.words else ""
    companies = ", ".join(safe.line(name, 60) for name in said.companies[:5])
    return [
        f"**Suggested:** {_what(review, stories)}",
        small(moves, why),
        small(f"names {companies}" if companies else ""),
    ]


def _what(review: Review, stories: Sequence[Story]) -> str:
    first = _named(stories[0]) if stories else ""
    twin = _twin(review, stories)
    match review.suggestion.verdict:
        case Decision.RE_REPORT if twin is not None:
            return f"tells “{safe.line(twin[1].headline, _HEADLINE)}” again, in {_named(twin[0])}"
        case Decision.NEW_STORY if not first:
            return "a new story"
        case Decision.NEW_STORY:
            return f"a new story, or maybe part of {first}"
    return f"a development of {first}" if first else "a development of a story that is gone"


def _twin(review: Review, stories: Sequence[Story]) -> tuple[Story, Development] | None:
    said = review.suggestion
    found = ((story, story.development(said.key)) for story in stories if story.slug == said.story)
    return next(((story, told) for story, told in found if told is not None), None)


def _named(story: Story) -> str:
    return f"**{safe.line(story.headline, _HEADLINE)}**"


def _decisions(review: Review, stories: Sequence[Story]) -> list[ui.Button[Any]]:
    number, verdict = review.number, review.suggestion.verdict
    none = not stories
    return [
        button("Publish", ids.review("publish", number), primary=verdict is Decision.DEVELOPMENT, disabled=none),
        button("Edit first", ids.review("edit", number), disabled=none),
        button("New story", ids.review("new", number), primary=verdict is Decision.NEW_STORY),
        button("Re-report", ids.review("retold", number), primary=verdict is Decision.RE_REPORT, disabled=none),
        button("Not news", ids.review("dismiss", number)),
    ]


def _unknown(review: Review) -> list[Choice]:
    return [Choice(name, name) for name in dict.fromkeys(review.suggestion.names) if 0 < len(name) <= _NAME][:25]


def _others(stories: Sequence[Story], newest: Iterable[Choice]) -> list[Choice]:
    first = stories[0].slug if stories else ""
    listed = {
        choice.value: choice for choice in (*map(marks.story_choice, stories[1:]), *newest) if choice.value != first
    }
    return [*list(listed.values())[:_STORIES], Choice(BY_NAME, "Another story, by name …")]


def _decision(review: Review, story: Story | None) -> str:
    by = _who(review.decided_by)
    when = f"<t:{int(review.decided_at.timestamp())}:R>" if review.decided_at else ""
    where = f" in {_named(story)}" if story else ""
    said = {
        ReviewState.PUBLISHED: f"**Published**{where}",
        ReviewState.RE_REPORT: f"**A re-report**, a source more{where}",
        ReviewState.NOT_NEWS: "**Not news**",
        ReviewState.WAITING: "**Waits**",
    }
    return dotted(said[review.state], by, when)


def _who(actor: str) -> str:
    """Whoever decided, as the audit names them: an editor, or a feed that is trusted."""
    kind, _, number = actor.partition(":")
    return f"by <@{number}>" if kind == "discord" and number.isdecimal() else "by itself, for its feed is trusted"
