"""An article that the desk has to decide about, and what was decided."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from discord import ui

from bot.cards import custom_ids, labels
from bot.cards.components import (
    Card,
    MenuChoice,
    button,
    container,
    next_buttons,
    page_buttons,
    row,
    select_menu,
    separator,
    text,
)
from bot.cards.description import description_prompt
from bot.cards.escaping import ELLIPSIS, can_link, escape_line, heading, masked_link
from bot.cards.markdown import join_parts, relative_time, subtext
from bot.cards.message_limits import TextBudget, utf16_length
from bot.languages import format_list, format_number, format_series, lazy_as, say, say_as, say_count
from bot.model.article import Article
from bot.model.review import Recommendation, Review, ReviewState
from bot.model.story import Development, Story
from bot.model.tracking import Decision

_TITLE_LIMIT = 600
_LEAD_LIMIT = 700
_HEADLINE_LIMIT = 260
_MAX_PUBLISHERS = 3
_PUBLISHERS_LIMIT = 160
_MAX_STORIES = 24
_NAME_LIMIT = 100
_FIGURE_LIMIT = 80
_WORDS_LIMIT = 90
#: What the rest of the card leaves for figures and expected events together.
_PROPOSALS_LIMIT = 850
#: The option of the menu of stories that asks for a story by name.
BY_NAME = "by-name"
#: The options of the menu of figures and expected events: one of these, and its index in the recommendation.
TERM_CHOICE, EVENT_CHOICE = "term-", "event-"
_DECISION_LABELS = {
    # Translators: what became of an article
    ReviewState.PUBLISHED: lazy_as("decision", "**Published**"),
    # Translators: what became of an article: it tells again what was told, and is one source more of that
    ReviewState.RE_REPORT: lazy_as("decision", "**Re-report**, added as a source"),
    ReviewState.NOT_NEWS: lazy_as("decision", "**Not news**"),
    ReviewState.WAITING: lazy_as("decision", "**Waiting**"),
}
_STORY_DECISION_LABELS = {
    ReviewState.PUBLISHED: lazy_as("decision", "**Published** in **{story}**"),
    ReviewState.RE_REPORT: lazy_as("decision", "**Re-report**, added as a source to **{story}**"),
}


def review_card(
    review: Review,
    stories: Sequence[Story],
    recent_choices: Iterable[MenuChoice] = (),
    position: tuple[int, int] | None = None,
    set_aside_count: int = 0,
) -> Card:
    """Return an article, what the tracker recommends and why, and every way to decide.

    ``stories`` are the recommended ones, the likeliest first; ``recent_choices`` are others to choose from.
    ``position`` is the index in the queue and its length, if the reader goes through the queue. ``set_aside_count``
    is how many articles were set aside; if there are any, a button leads to them.
    """
    index, count = position or (0, 1)
    return Card(
        container(
            text(subtext(_position_label(index, count))) if position and count > 1 else None,
            *_article_items(review),
            separator(),
            text(*_recommendation_lines(review, stories)),
            row(*_decision_buttons(review, stories)),
            select_menu(
                custom_ids.REVIEW_STORY.build(review_id=review.id),
                say_as("menu", "Publish in another story"),
                story_choices(stories, recent_choices, stories[0].slug if stories else ""),
            ),
            select_menu(
                custom_ids.REVIEW_NAMES.build(review_id=review.id),
                say_as("menu", "Add a name as a company"),
                _name_choices(review),
            ),
            page_buttons(
                index,
                count,
                custom_ids.REVIEW_QUEUE.build(index=index - 1),
                custom_ids.REVIEW_QUEUE.build(index=index + 1),
            )
            if position
            else None,
            row(*_set_aside_buttons(set_aside_count)),
            colour=labels.NEUTRAL_COLOUR,
        )
    )


def _set_aside_buttons(count: int) -> list[ui.Button[Any]]:
    if not count:
        return []
    # Translators: on the button that leads to the articles that could not be processed
    return [
        button(
            say_as("button", "Set aside ({count})", count=format_number(count)),
            custom_ids.SET_ASIDE_ARTICLE.build(action="page", value=0),
        )
    ]


def decision_card(review: Review, stories: Sequence[Story], remaining_count: int | None = None) -> Card:
    """Return what was decided, by whom, and a button to undo it.

    ``remaining_count`` is how many more wait, if the reader goes through the queue.
    """
    story = next((story for story in stories if story.slug == review.slug), None)
    return Card(
        container(
            text(decision_line(review, story)),
            *_article_items(review, has_lead=False),
            *(description_prompt(story) if review.state is ReviewState.PUBLISHED else []),
            select_menu(
                custom_ids.REVIEW_PROPOSAL.build(review_id=review.id),
                say_as("menu", "Add a figure or a date of the article"),
                _proposal_choices(review.recommendation, story),
            ),
            row(
                button(say_as("button", "Undo"), custom_ids.REVIEW.build(action="undo", review_id=review.id)),
                *_story_buttons(story),
                *next_buttons(remaining_count, custom_ids.REVIEW_QUEUE.build(index=0)),
            ),
            colour=labels.SUCCESS_COLOUR if review.state is ReviewState.PUBLISHED else labels.NEUTRAL_COLOUR,
        )
    )


def _story_buttons(story: Story | None) -> list[ui.Button[Any]]:
    if story is None:
        return []
    return [
        button(say_as("button", "Full story"), custom_ids.FULL_STORY.build(slug=story.slug, page=0)),
        button(say_as("button", "Summary"), custom_ids.SUMMARY.build(action="show", slug=story.slug)),
    ]


def _position_label(index: int, count: int) -> str:
    # Translators: of the articles in the queue
    return say("{place} of {count} waiting, oldest first", place=format_number(index + 1), count=format_number(count))


def current_review_card(review: Review, stories: Sequence[Story], recent_choices: Iterable[MenuChoice] = ()) -> Card:
    """Return the review as it is now: to be decided, or decided."""
    return review_card(review, stories, recent_choices) if review.is_waiting else decision_card(review, stories)


def duplicate_prompt_card(review: Review, stories: Sequence[Story]) -> Card:
    """Return a menu of the recommended stories' newest developments: which one does the article repeat?"""
    choices = [
        MenuChoice(
            f"{index}:{development.id}", development.headline, join_parts(development.date.display, story.headline)
        )
        for index, story in enumerate(stories)
        for development in reversed(story.valid_developments)
    ]
    development_menu = select_menu(
        custom_ids.REVIEW_DUPLICATE.build(review_id=review.id), say_as("menu", "Which development?"), choices[:25]
    )
    if development_menu is None:
        return Card(container(text(say("No story is suggested; choose one first.")), colour=labels.NEUTRAL_COLOUR))
    title = article_title(review.article, 300)
    question = say("**{article}** repeats a known development. Which one?", article=title)
    return Card(container(text(question), development_menu, colour=labels.NEUTRAL_COLOUR))


def _article_items(review: Review, *, has_lead: bool = True) -> list[ui.TextDisplay[Any]]:
    article = review.article
    words = (*review.recommendation.evidence, *_get_proposal_words(review.recommendation))
    feed_label = say("via {feed}", feed=escape_line(review.feed_label, 80)) if review.feed_label else ""
    publisher = escape_line(article.publisher, 80) if article.publisher else ""
    published = f"<t:{int(article.published_at.timestamp())}:f>"
    items = [
        text(
            heading(article_title(article)),
            subtext(publisher, published, feed_label),
            _other_reports_line(review.same_news),
        ),
        text(_highlight(article.text, words, _LEAD_LIMIT)) if has_lead and article.text.strip() else None,
    ]
    return [item for item in items if item is not None]


def article_title(article: Article, limit: int = _TITLE_LIMIT) -> str:
    """Return the title of an article, as a link if it has one that fits."""
    return (
        masked_link(article.title, article.url, limit + 2_000)
        if _has_short_link(article)
        else escape_line(article.title, limit)
    )


def _has_short_link(article: Article) -> bool:
    return utf16_length(article.title) <= _HEADLINE_LIMIT and can_link(article.url, _HEADLINE_LIMIT)


def _other_reports_line(articles: Sequence[Article]) -> str:
    if not articles:
        return ""
    names = dict.fromkeys(article.publisher or say_as("publisher", "another") for article in articles)
    publisher_labels = [
        escape_line(name, _PUBLISHERS_LIMIT // _MAX_PUBLISHERS) for name in list(names)[:_MAX_PUBLISHERS]
    ]
    more_count = len(names) - len(publisher_labels)
    return subtext(
        say_count(
            "also reported in {count} article: {publishers}",
            "also reported in {count} articles: {publishers}",
            len(articles),
            publishers=format_series(publisher_labels) + (f" +{format_number(more_count)}" if more_count else ""),
        )
    )


def _highlight(content: str, words: Sequence[str], limit: int) -> str:
    """Return the text with the first occurrence of each of these words in bold."""
    excerpt = content if utf16_length(content) <= limit else content[: limit - 1].rsplit(" ", 1)[0] + ELLIPSIS
    spans = sorted(
        match.span() for word in words if word and (match := re.search(re.escape(word), excerpt, re.IGNORECASE))
    )
    pieces, position = [], 0
    for start, end in spans:
        if start < position:
            continue
        pieces += [_escape_piece(excerpt[position:start]), f"**{escape_line(excerpt[start:end], 200)}**"]
        position = end
    return "".join([*pieces, _escape_piece(excerpt[position:])])


def _escape_piece(piece: str) -> str:
    if not piece.strip():
        return " " if piece else ""
    lead, tail = piece[: len(piece) - len(piece.lstrip())], piece[len(piece.rstrip()) :]
    return (" " if lead else "") + escape_line(piece, 2 * _LEAD_LIMIT) + (" " if tail else "")


def _recommendation_lines(review: Review, stories: Sequence[Story]) -> list[str]:
    recommendation = review.recommendation
    claim_and_stage = join_parts(
        recommendation.claim.label,
        say("stage: {stage}", stage=recommendation.stage.label) if recommendation.stage else "",
    )
    words = format_series(say("“{word}”", word=escape_line(word, 40)) for word in recommendation.evidence[:4])
    shared_companies = recommendation.get_shared_companies(stories[0]) if stories else ()
    other_companies = [name for name in recommendation.companies if name not in shared_companies]
    companies = format_series(escape_line(name, 60) for name in other_companies[:5])
    return [
        _recommendation_line(review, stories),
        subtext(fit_label(recommendation, stories[0]) if stories else ""),
        # Translators: of an article, the words that show the stage of the deal
        subtext(claim_and_stage, say("it says {words}", words=words) if words else ""),
        # Translators: of an article
        subtext(say("names {companies}", companies=companies) if companies else ""),
        *proposal_lines(recommendation),
    ]


def proposal_lines(recommendation: Recommendation) -> list[str]:
    """Return the figures and the expected events that an article gives, each with its words, as many as fit."""
    figures = [
        say(
            "{name}: {figure} (“{words}”)",
            name=term.name.label,
            figure=escape_line(term.to_term(recommendation.claim).display, _FIGURE_LIMIT),
            words=escape_line(term.words.words, _WORDS_LIMIT),
        )
        for term in recommendation.terms
    ]
    events = [
        # Translators: an event that an article expects, such as "Closing: H2 2026", and the words of the article
        say(
            "{event}: {date} (“{words}”)",
            event=event.kind.label,
            date=event.date.display,
            words=escape_line(event.words.words, _WORDS_LIMIT),
        )
        for event in recommendation.expected_events
    ]
    budget = TextBudget(_PROPOSALS_LIMIT)
    figures, events = ([line for line in lines if budget.reserve(line)] for lines in (figures, events))
    return [
        # Translators: of an article: the figures of a deal that it gives, such as "Value: $2 billion"
        subtext(say("figures: {figures}", figures=format_series(figures)) if figures else ""),
        # Translators: of an article: the events that it expects, such as "Closing: H2 2026"
        subtext(say("expects: {events}", events=format_series(events)) if events else ""),
    ]


def _get_proposal_words(recommendation: Recommendation) -> list[str]:
    spans = [term.words for term in recommendation.terms] + [event.words for event in recommendation.expected_events]
    return [span.words for span in spans if span.part == "text"]


def _proposal_choices(recommendation: Recommendation, story: Story | None) -> list[MenuChoice]:
    """Return the figures and the events of an article that its story does not have yet."""
    if story is None:
        return []
    figures = [
        MenuChoice(
            f"{TERM_CHOICE}{index}",
            f"{term.name.label}: {term.to_term(recommendation.claim).display}",
            say("“{word}”", word=term.words.words),
        )
        for index, term in enumerate(recommendation.terms)
        if not term.is_known(story)
    ]
    events = [
        MenuChoice(
            f"{EVENT_CHOICE}{index}",
            f"{event.kind.label}: {event.date.display}",
            say("“{word}”", word=event.words.words),
        )
        for index, event in enumerate(recommendation.expected_events)
        if not event.is_known(story)
    ]
    return [*figures, *events]


def _recommendation_line(review: Review, stories: Sequence[Story]) -> str:
    story_name = _story_name(stories[0]) if stories else ""
    duplicate = _find_duplicate(review, stories)
    match review.recommendation.decision:
        case Decision.RE_REPORT if duplicate is not None:
            headline = escape_line(duplicate[1].headline, _HEADLINE_LIMIT)
            return say(
                "**Suggested:** repeats “{development}” in **{story}**",
                development=headline,
                story=_story_name(duplicate[0]),
            )
        case Decision.NEW_STORY if not story_name:
            return say("**Suggested:** a new story")
        case Decision.NEW_STORY:
            return say("**Suggested:** a new story, or maybe part of **{story}**", story=story_name)
    if not story_name:
        return say("**Suggested:** a development of a story that no longer exists")
    return say("**Suggested:** a development of **{story}**", story=story_name)


def _find_duplicate(review: Review, stories: Sequence[Story]) -> tuple[Story, Development] | None:
    recommendation = review.recommendation
    candidates = (
        (story, story.find_development(recommendation.development_key))
        for story in stories
        if story.slug == recommendation.story
    )
    return next(((story, development) for story, development in candidates if development is not None), None)


def _story_name(story: Story) -> str:
    return escape_line(story.headline, _HEADLINE_LIMIT)


def _decision_buttons(review: Review, stories: Sequence[Story]) -> list[ui.Button[Any]]:
    review_id, verdict = review.id, review.recommendation.decision
    has_no_story = not stories
    return [
        button(
            say_as("button", "Publish"),
            custom_ids.REVIEW.build(action="publish", review_id=review_id),
            primary=verdict is Decision.DEVELOPMENT,
            disabled=has_no_story,
        ),
        button(
            say_as("button", "Edit first"),
            custom_ids.REVIEW.build(action="edit", review_id=review_id),
            disabled=has_no_story,
        ),
        button(
            say_as("button", "New story"),
            custom_ids.REVIEW.build(action="new", review_id=review_id),
            primary=verdict is Decision.NEW_STORY,
        ),
        button(
            say_as("button", "Re-report"),
            custom_ids.REVIEW.build(action="retold", review_id=review_id),
            primary=verdict is Decision.RE_REPORT,
            disabled=has_no_story,
        ),
        button(say_as("button", "Not news"), custom_ids.REVIEW.build(action="dismiss", review_id=review_id)),
    ]


def _name_choices(review: Review) -> list[MenuChoice]:
    return [
        MenuChoice(name, name)
        for name in dict.fromkeys(review.recommendation.unknown_names)
        if 0 < len(name) <= _NAME_LIMIT
    ][:25]


def fit_label(recommendation: Recommendation, story: Story) -> str:
    """Return why an article may belong to a story: the companies that both name, and how well its words fit."""
    companies = format_list(escape_line(name, 60) for name in recommendation.get_shared_companies(story)[:5])
    return join_parts(
        # Translators: of an article and a story
        say("both name {companies}", companies=companies) if companies else "",
        recommendation.fit.label if recommendation.fit else "",
    )


def story_choices(
    stories: Sequence[Story], recent_choices: Iterable[MenuChoice], chosen_slug: str, used_count: int = 0
) -> list[MenuChoice]:
    """Return the choices of a menu of stories, the recommended ones first, without the one that is chosen already.

    The last one asks for another by name. ``used_count`` is how many options the menu has besides.
    """
    choices = {
        choice.value: choice
        for choice in (*map(labels.story_choice, stories), *recent_choices)
        if choice.value != chosen_slug
    }
    return [
        *list(choices.values())[: _MAX_STORIES - used_count],
        MenuChoice(BY_NAME, say_as("menu", "Another story, by name …")),
    ]


def decision_line(review: Review, story: Story | None) -> str:
    """Return what was decided, by whom and when."""
    time = relative_time(review.decided_at) if review.decided_at else ""
    if story and review.state in _STORY_DECISION_LABELS:
        decision = say_as("decision", _STORY_DECISION_LABELS[review.state], story=_story_name(story))
    else:
        decision = say_as("decision", _DECISION_LABELS[review.state])
    return join_parts(decision, _actor_label(review.decided_by), time)


def _actor_label(actor: str) -> str:
    """Return who decided, from the actor in the audit: an editor, or a trusted feed."""
    kind, _, digits = actor.partition(":")
    if kind == "discord" and digits.isdecimal():
        # Translators: behind what was decided
        return say("by {editor}", editor=f"<@{digits}>")
    # Translators: behind what was decided: that an article was published
    return say("automatically, because the feed is trusted")
