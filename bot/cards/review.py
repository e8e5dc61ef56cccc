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
from bot.languages import noted_as, number, say, say_as, say_count
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
_DECIDED = {
    # Said: what became of an article
    ReviewState.PUBLISHED: noted_as("decision", "**Published**"),
    # Said: what became of an article: it tells again what was told, and is one source more of that
    ReviewState.RE_REPORT: noted_as("decision", "**A re-report**, a source more"),
    ReviewState.NOT_NEWS: noted_as("decision", "**Not news**"),
    ReviewState.WAITING: noted_as("decision", "**Waits**"),
}
_DECIDED_IN = {
    ReviewState.PUBLISHED: noted_as("decision", "**Published** in **{story}**"),
    ReviewState.RE_REPORT: noted_as("decision", "**A re-report**, a source more in **{story}**"),
}


def review_card(
    review: Review,
    stories: Sequence[Story],
    newest: Iterable[Choice] = (),
    place: tuple[int, int] | None = None,
    set_aside: int = 0,
) -> Card:
    """What waits: the article, what the tracker suggests and why, and every way to decide.

    ``stories`` are those that are suggested, the likeliest first, ``newest`` others to choose from. ``place`` says which of
    how many it is, counted from 0, where the queue is looked through one by one; there a button leads to what is
    ``set_aside``, of which there is so much.
    """
    at, count = place or (0, 1)
    return Card(
        box(
            text(small(_place(at, count))) if place and count > 1 else None,
            *_article(review),
            rule(),
            text(*_suggested(review, stories)),
            row(*_decisions(review, stories)),
            picker(
                ids.review_story(review.number), say_as("menu", "Publish in another story"), _others(stories, newest)
            ),
            picker(ids.review_names(review.number), say_as("menu", "Make a name known as a company"), _unknown(review)),
            turner(at, count, ids.queue(at - 1), ids.queue(at + 1)) if place else None,
            row(*_to_set_aside(set_aside)),
            colour=marks.NEUTRAL,
        )
    )


def _to_set_aside(count: int) -> list[ui.Button[Any]]:
    if not count:
        return []
    # Said: on the button that leads to the articles that could not be processed
    return [button(say_as("button", "Set aside ({count})", count=number(count)), ids.aside("page", 0))]


def decided_card(review: Review, stories: Sequence[Story], left: int | None = None) -> Card:
    """What became of an article, by whom, and the way back; ``left`` says how many more wait, where the queue is looked through."""
    story = next((story for story in stories if story.slug == review.slug), None)
    return Card(
        box(
            text(decision_line(review, story)),
            *_article(review, lead=False),
            row(button(say_as("button", "Undo"), ids.review("undo", review.number)), *_of(story), *_on(left)),
            colour=marks.GOOD if review.state is ReviewState.PUBLISHED else marks.NEUTRAL,
        )
    )


def _of(story: Story | None) -> list[ui.Button[Any]]:
    if story is None:
        return []
    return [
        button(say_as("button", "Full story"), ids.full(story.slug, 0)),
        button(say_as("button", "Summary"), ids.summary("show", story.slug)),
    ]


def _on(left: int | None) -> list[ui.Button[Any]]:
    if not left:
        return []
    return [button(say_as("button", "Next ({count} left)", count=number(left)), ids.queue(0), primary=True)]


def _place(at: int, count: int) -> str:
    # Said: of the articles in the queue
    return say("{place} of {count} that wait, oldest first", place=number(at + 1), count=number(count))


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
    menu = picker(ids.review_twin(review.number), say_as("menu", "Which development?"), choices[:25])
    if menu is None:
        return Card(box(text(say("No story is suggested; choose one first.")), colour=marks.NEUTRAL))
    article = article_title(review.article, 300)
    said = say("**{article}** tells again what is known. Which development?", article=article)
    return Card(box(text(said), menu, colour=marks.NEUTRAL))


def _article(review: Review, *, lead: bool = True) -> list[ui.TextDisplay[Any]]:
    article = review.article
    words = review.suggestion.words
    via = say("via {feed}", feed=safe.line(review.feed_label, 80)) if review.feed_label else ""
    who = safe.line(article.publisher, 80) if article.publisher else ""
    when = f"<t:{int(article.published.timestamp())}:f>"
    parts = [
        text(safe.heading(article_title(article)), small(who, when, via), _also(review.also)),
        text(_marked(article.text, words, _LEAD)) if lead and article.text.strip() else None,
    ]
    return [part for part in parts if part is not None]


def article_title(article: Article, limit: int = _TITLE) -> str:
    """Return the title of an article, as a link if it has one that fits."""
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
    names = dict.fromkeys(article.publisher or say_as("publisher", "another") for article in also)
    listed = [safe.line(name, _NAMES // _ALSO) for name in list(names)[:_ALSO]]
    rest = len(names) - len(listed)
    return small(
        say_count(
            "told by {count} further article: {publishers}",
            "told by {count} further articles: {publishers}",
            len(also),
            publishers=", ".join(listed) + (f" +{number(rest)}" if rest else ""),
        )
    )


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
    moves = dotted(said.claim.label, say("stage: {stage}", stage=said.stage.label) if said.stage else "")
    words = ", ".join(say("“{word}”", word=safe.line(word, 40)) for word in said.words[:4])
    companies = ", ".join(safe.line(name, 60) for name in said.companies[:5])
    return [
        _what(review, stories),
        # Said: of an article, the words that show the stage of the deal
        small(moves, say("it says {words}", words=words) if words else ""),
        # Said: of an article
        small(say("names {companies}", companies=companies) if companies else ""),
    ]


def _what(review: Review, stories: Sequence[Story]) -> str:
    first = _named(stories[0]) if stories else ""
    twin = _twin(review, stories)
    match review.suggestion.verdict:
        case Decision.RE_REPORT if twin is not None:
            told = safe.line(twin[1].headline, _HEADLINE)
            return say(
                "**Suggested:** tells “{development}” again, in **{story}**", development=told, story=_named(twin[0])
            )
        case Decision.NEW_STORY if not first:
            return say("**Suggested:** a new story")
        case Decision.NEW_STORY:
            return say("**Suggested:** a new story, or maybe part of **{story}**", story=first)
    if not first:
        return say("**Suggested:** a development of a story that is gone")
    return say("**Suggested:** a development of **{story}**", story=first)


def _twin(review: Review, stories: Sequence[Story]) -> tuple[Story, Development] | None:
    said = review.suggestion
    found = ((story, story.development(said.key)) for story in stories if story.slug == said.story)
    return next(((story, told) for story, told in found if told is not None), None)


def _named(story: Story) -> str:
    return safe.line(story.headline, _HEADLINE)


def _decisions(review: Review, stories: Sequence[Story]) -> list[ui.Button[Any]]:
    number, verdict = review.number, review.suggestion.verdict
    none = not stories
    return [
        button(
            say_as("button", "Publish"),
            ids.review("publish", number),
            primary=verdict is Decision.DEVELOPMENT,
            disabled=none,
        ),
        button(say_as("button", "Edit first"), ids.review("edit", number), disabled=none),
        button(say_as("button", "New story"), ids.review("new", number), primary=verdict is Decision.NEW_STORY),
        button(
            say_as("button", "Re-report"),
            ids.review("retold", number),
            primary=verdict is Decision.RE_REPORT,
            disabled=none,
        ),
        button(say_as("button", "Not news"), ids.review("dismiss", number)),
    ]


def _unknown(review: Review) -> list[Choice]:
    return [Choice(name, name) for name in dict.fromkeys(review.suggestion.names) if 0 < len(name) <= _NAME][:25]


def _others(stories: Sequence[Story], newest: Iterable[Choice]) -> list[Choice]:
    first = stories[0].slug if stories else ""
    listed = {
        choice.value: choice for choice in (*map(marks.story_choice, stories[1:]), *newest) if choice.value != first
    }
    return [*list(listed.values())[:_STORIES], Choice(BY_NAME, say_as("menu", "Another story, by name …"))]


def decision_line(review: Review, story: Story | None) -> str:
    """Return what was decided, by whom and when."""
    when = marks.ago(review.decided_at) if review.decided_at else ""
    if story and review.state in _DECIDED_IN:
        said = say_as("decision", _DECIDED_IN[review.state], story=_named(story))
    else:
        said = say_as("decision", _DECIDED[review.state])
    return dotted(said, _who(review.decided_by), when)


def _who(actor: str) -> str:
    """Whoever decided, as the audit names them: an editor, or a feed that is trusted."""
    kind, _, digits = actor.partition(":")
    if kind == "discord" and digits.isdecimal():
        # Said: behind what was decided
        return say("by {editor}", editor=f"<@{digits}>")
    # Said: behind what was decided: that an article was published
    return say("by itself, for its feed is trusted")
