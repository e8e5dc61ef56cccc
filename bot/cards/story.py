"""The card of a story: what it is, its stage, who says so, what happened last."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date
from functools import partial
from itertools import takewhile
from typing import Any

from discord import ui

from bot.cards import custom_ids, developments, labels
from bot.cards.components import Card, button, container, row, separator, story_menu, text
from bot.cards.escaping import clean_line, escape_line
from bot.cards.expected_events import describe_expected
from bot.cards.markdown import join_parts, subtext
from bot.cards.message_limits import TextBudget, utf16_length
from bot.cards.story_texts import StoryTextCache, StoryTexts, build_story_texts, count_units
from bot.languages import format_series, say, say_as, say_count
from bot.library.answers import (
    Answer,
    DirectAnswer,
    Evidence,
    QuotedDevelopment,
    describe_buyers,
    describe_direct_answer,
)
from bot.model.expected_event import ExpectedEvent
from bot.model.story import Development, Story, StoryListItem
from bot.model.terms import Term

#: Related stories with a button; the others are in a menu.
_MAX_RELATED_BUTTONS = 3
_RELATED_LABEL_LIMIT = 76
_TEXT_LIMIT = 3_950
_MAX_LABELS = 6
_ANSWER_NAME_LIMIT = 60
_QUOTE_LIMIT = 240
_ANSWER_SOURCES_LIMIT = 280


def story_card(
    answer: Answer,
    *,
    can_follow: bool = True,
    new_ids: Collection[int] = (),
    text_cache: StoryTextCache | None = None,
) -> Card:
    """Return the best match at a glance, with a menu of the other matches and buttons to related stories.

    Both sides of a dispute stand above the newest valid developments, and are not repeated there. What does not fit is
    counted, and one click away in the full story. A direct answer is a line above everything. ``new_ids`` are the
    developments that are new to the only reader of the card.
    """
    story = answer.story
    direct = direct_answer_line(answer.direct, answer.today) if answer.direct else ""
    notice = text(subtext(_only_mentioned_label(answer))) if answer.is_about_none else None
    shorten = partial(_shorten, story, new_ids, answer.today)
    has_new = any(development.id in new_ids for development in story.valid_developments) if new_ids else False
    texts = text_cache.get(answer) if text_cache is not None and not has_new else shorten(1)
    limit = _TEXT_LIMIT - utf16_length(direct)
    parts = _card_parts(story, texts, _answer_footer(answer), shorten, limit=limit)
    return Card(
        *([text(direct)] if direct else []),
        container(
            notice, *parts, *_action_rows(answer, can_follow=can_follow), colour=labels.stage_colour(story.stage)
        ),
    )


def thread_card(story: Story, custom_id: str, *extra_buttons: ui.Button[Any]) -> Card:
    """Return the card on top of a story's thread: its present state, as in an answer.

    The first button has this ``custom_id``.
    """
    footer = subtext(labels.as_of_footer(story), say("each development is a message in this thread"))
    follow_button = button(say_as("button", "Follow"), custom_ids.FOLLOW.build(slug=story.slug))
    button_row = row(button(say_as("button", "Full story"), custom_id), follow_button, *extra_buttons)
    shorten = partial(_shorten, story, (), None)
    parts = _card_parts(story, shorten(1), footer, shorten)
    return Card(container(*parts, button_row, colour=labels.stage_colour(story.stage)))


def _shorten(story: Story, new_ids: Collection[int], today: date | None, divisor: int) -> StoryTexts:
    return build_story_texts(story, new_ids, today, divisor=divisor)


def _card_parts(
    story: Story, texts: StoryTexts, footer: str, shorten: Callable[[int], StoryTexts], *, limit: int = _TEXT_LIMIT
) -> list[ui.Item[Any] | None]:
    """Return the parts of a card. ``shorten`` makes the texts again with a part of the usual room, given as a divisor."""
    for divisor in (2, 4):
        if texts.length + count_units([footer]) <= limit:
            break
        texts = shorten(divisor)
    units_left = limit - texts.length - count_units([footer])
    return [
        text(*texts.header),
        text(*texts.dispute) if texts.dispute else None,
        text(*texts.description) if any(texts.description) else None,
        text(*texts.figures) if texts.figures else None,
        separator(),
        *(text(part) for part in _development_texts(story, texts, units_left)),
        text(footer),
    ]


def _development_texts(story: Story, texts: StoryTexts, units_left: int) -> list[str]:
    budget = TextBudget(units_left - 80)
    parts = [*takewhile(budget.reserve, texts.developments)]
    earlier_count = texts.development_count - len(parts) + story.omitted_count
    if earlier_count:
        parts.append(subtext(_earlier_label(earlier_count)))
    if not story.valid_developments:
        parts.append(say("No valid developments."))
    return parts


def _earlier_label(count: int) -> str:
    return say_count(
        "+{count} earlier development in the full story", "+{count} earlier developments in the full story", count
    )


def _answer_footer(answer: Answer) -> str:
    corrections = [
        # Translators: of a word of a question that was a slip of the fingers: “nisan” taken as Nissan
        say("“{typed}” read as {name}", typed=escape_line(word, 60), name=escape_line(name, 80))
        for word, name in answer.corrections[:3]
    ]
    mentioned_companies = () if answer.is_about_none else answer.mentioned_companies
    match_labels = (
        [
            _matched_label(answer.matched_parts),
            labels.mentions_label(mentioned_companies),
            _missing_label(answer.missing_parts),
        ]
        if answer.matched_parts or answer.mentioned_companies
        else []
    )
    return subtext(labels.as_of_footer(answer.story), *match_labels, *corrections)


def _only_mentioned_label(answer: Answer) -> str:
    return say("This story only mentions {names}.", names=_join_terms(answer.mentioned_companies))


def _matched_label(terms: Sequence[str]) -> str:
    """Return ``Matched: Nissan, talks``; of many terms only the first."""
    if len(terms) > _MAX_LABELS:
        return say_count(
            "Matched: {words} and {count} more",
            "Matched: {words} and {count} more",
            len(terms) - _MAX_LABELS,
            words=_join_terms(terms),
        )
    # Translators: which words of a question a story has
    return say("Matched: {words}", words=_join_terms(terms)) if terms else ""


def _missing_label(terms: Sequence[str]) -> str:
    """Return ``Not in it: Honda``; of many terms only the first."""
    if len(terms) > _MAX_LABELS:
        return say_count(
            "Not in this story: {words} and {count} more",
            "Not in this story: {words} and {count} more",
            len(terms) - _MAX_LABELS,
            words=_join_terms(terms),
        )
    # Translators: which words of a question a story has not
    return say("Not in this story: {words}", words=_join_terms(terms)) if terms else ""


def _join_terms(terms: Sequence[str]) -> str:
    return format_series(escape_line(term, 60) for term in terms[:_MAX_LABELS])


def _action_rows(answer: Answer, *, can_follow: bool) -> list[ui.ActionRow[Any] | ui.TextDisplay[Any] | None]:
    slug = answer.story.slug
    follow_buttons = (
        [button(say_as("button", "Follow"), custom_ids.FOLLOW.build(slug=slug), primary=True)] if can_follow else []
    )
    timeline_buttons = (
        [button(say_as("button", "Timeline"), custom_ids.TIMELINE.build(slug=slug))]
        if answer.story.valid_developments
        else []
    )
    other_choices = [labels.line_choice(line) for line in answer.other_stories if line.slug != slug]
    listed_slugs = {slug, *(other_choice.value for other_choice in other_choices)}
    related_lines = list({line.slug: line for line in answer.related_stories if line.slug not in listed_slugs}.values())
    return [
        row(
            *follow_buttons,
            button(say_as("button", "Full story"), custom_ids.FULL_STORY.build(slug=slug, page=0)),
            *timeline_buttons,
        ),
        story_menu(0, say_as("menu", "Other matches"), other_choices),
        # Translators: above buttons that open other stories
        text(subtext(say("Related stories"))) if related_lines else None,
        row(*(_related_button(line) for line in related_lines[:_MAX_RELATED_BUTTONS])),
        story_menu(
            1, say_as("menu", "More related stories"), map(labels.line_choice, related_lines[_MAX_RELATED_BUTTONS:])
        ),
    ]


def _related_button(line: StoryListItem) -> ui.Button[Any]:
    return button(f"→ {clean_line(line.title, _RELATED_LABEL_LIMIT)}", custom_ids.SHOW_STORY.build(slug=line.slug))


def direct_answer_line(answer: DirectAnswer, today: date | None) -> str:
    """Return the line: the sentence, what it rests on, and the other side of a disputed story."""
    escape = partial(escape_line, limit=_ANSWER_NAME_LIMIT)
    sentence = describe_direct_answer(answer, escape)
    rest = join_parts(
        *(_evidence_text(evidence, today) for evidence in answer.evidence),
        describe_buyers(answer, escape) if answer.names_buyers_apart else "",
        say("Stage: {stage}", stage=answer.open_stage.label) if answer.open_stage else "",
        _denial_text(answer.denial) if answer.denial else "",
    )
    return f"**{sentence}** {rest}" if sentence.endswith((":", "：")) else join_parts(f"**{sentence}**", rest)


def _evidence_text(evidence: Evidence, today: date | None) -> str:
    match evidence:
        case Term():
            figure = f"{labels.CLAIM_SYMBOLS[evidence.claim]} {escape_line(evidence.display, _ANSWER_NAME_LIMIT)}"
            date_label = evidence.date.display if evidence.date else ""
            sources = developments.source_list(evidence.sources, _ANSWER_SOURCES_LIMIT)
            return join_parts(figure, evidence.claim.label, date_label, sources)
        case ExpectedEvent():
            sources = developments.publisher_list(evidence.sources, _ANSWER_SOURCES_LIMIT)
            return join_parts(_quote(evidence.headline), describe_expected(evidence, today), sources)
        case QuotedDevelopment():
            return join_parts(_quote(evidence.quote), _development_text(evidence.development))
        case Development():
            return _development_text(evidence)


def _development_text(development: Development) -> str:
    claim, date_label = developments.meta(development)
    symbol = labels.CLAIM_SYMBOLS[development.claim]
    return join_parts(
        f"{symbol} {claim}", date_label, developments.source_list(development.sources, _ANSWER_SOURCES_LIMIT)
    )


def _denial_text(denial: Development) -> str:
    """Return the denial with its headline, which says what is denied."""
    return join_parts(_quote(denial.headline), _development_text(denial))


def _quote(words: str) -> str:
    # Translators: words of a source
    return say("“{quote}”", quote=escape_line(words, _QUOTE_LIMIT))
