"""A pasted article before it is published: what will be published, in which story, and menus to change it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from discord import ui

from bot.cards import custom_ids, labels
from bot.cards.components import Card, MenuChoice, button, container, row, select_menu, separator, text
from bot.cards.escaping import can_link, clean_line, escape_block, escape_line, heading, masked_link
from bot.cards.markdown import join_parts, subtext
from bot.cards.review import fit_label, proposal_lines, story_choices
from bot.languages import format_series, say, say_as
from bot.model.publication_draft import PublicationDraft
from bot.model.story import Development, Story
from bot.model.vocabulary import Claim, Kind, Stage

#: Values of the menus that are no story and no stage.
NEW_STORY = "new story"
NO_STAGE = "none"

_HEADLINE_LIMIT = 300
_LINK_LIMIT = 700
_LEAD_LIMIT = 400
_TEXT_LIMIT = 700
_PROBLEM_LIMIT = 300
_NAME_LIMIT = 80


def publication_draft_card(
    draft: PublicationDraft,
    story: Story | None,
    suggestions: Sequence[Story],
    recent_choices: Iterable[MenuChoice] = (),
) -> Card:
    """Return the draft for a story, or for a new one if that is None.

    ``suggestions`` are the stories that the tracker recommends, the likeliest first; ``recent_choices`` are others to
    choose from.
    """
    repeated = draft.find_repeated(story)
    return Card(
        container(
            _problem_text(draft),
            text(*_article_lines(draft)),
            text(escape_block(draft.text, _TEXT_LIMIT)) if draft.text else None,
            text(f"> {escape_line(draft.lead, _LEAD_LIMIT)}") if draft.lead and not draft.text else None,
            separator(),
            text(
                *_story_lines(draft, story),
                _status_line(draft, story),
                _repeated_line(repeated),
                *proposal_lines(draft.recommendation),
            ),
            select_menu(
                custom_ids.DRAFT_MENU.build(field="story", draft_id=draft.id),
                say_as("menu", "Change the story"),
                _story_choices(draft, story, suggestions, recent_choices),
            ),
            select_menu(
                custom_ids.DRAFT_MENU.build(field="claim", draft_id=draft.id),
                say_as("menu", "Change the claim"),
                [MenuChoice(claim.value, claim.label) for claim in Claim],
            ),
            _stage_menu(draft, story),
            _kind_menu(draft, story),
            row(*_buttons(draft, repeated)),
            colour=labels.NEUTRAL_COLOUR,
        )
    )


def _problem_text(draft: PublicationDraft) -> ui.TextDisplay[Any] | None:
    if not draft.problem:
        return None
    why = escape_line(draft.problem, _PROBLEM_LIMIT)
    # Translators: {why} is a sentence
    return text(
        say(
            "{symbol} The page couldn't be read: {why} Fill in the missing fields with **Edit**.",
            symbol=labels.WARNING_SYMBOL,
            why=why,
        )
    )


def _article_lines(draft: PublicationDraft) -> list[str]:
    source = draft.sources[0] if draft.sources else None
    url = source.url if source else ""
    title = (
        masked_link(draft.headline, url, _HEADLINE_LIMIT + 2 * _LINK_LIMIT)
        if draft.headline and can_link(url, _LINK_LIMIT)
        else escape_line(draft.headline or say("No headline yet"), 2 * _HEADLINE_LIMIT)
    )
    is_dated = source is None or source.date is not None
    return [
        heading(title),
        subtext(
            escape_line(source.publisher, _NAME_LIMIT) if source else "",
            draft.date.display,
            "" if is_dated else say("the page gives no date"),
        ),
    ]


def _story_lines(draft: PublicationDraft, story: Story | None) -> list[str]:
    if story is None:
        parties = format_series(escape_line(party.company, _NAME_LIMIT) for party in draft.parties)
        return [
            say("**Story:** a new one · {kind}", kind=draft.kind.label),
            subtext(say("parties: {companies}", companies=parties) if parties else ""),
        ]
    is_suggested = story.slug == draft.recommendation.likeliest_slug
    return [
        say("**Story:** {story}", story=escape_line(story.headline, _HEADLINE_LIMIT)),
        subtext(fit_label(draft.recommendation, story) if is_suggested else ""),
    ]


def _status_line(draft: PublicationDraft, story: Story | None) -> str:
    claim = say("**Claim:** {claim}", claim=draft.claim.label)
    kind = story.kind if story else draft.kind
    if not kind.is_deal:
        return claim
    stage, current = draft.get_stage(story), story.stage if story else None
    if stage is None or stage is current:
        label = current.label if current else say("Stage unknown")
        # Translators: of a deal whose stage a development does not change
        return join_parts(claim, say("**Stage:** {stage}, as before", stage=label) if story else say("**Stage:** none"))
    arrow = f"{current.label} → {stage.label}" if current else stage.label
    return join_parts(claim, say("**Stage:** {stage}", stage=arrow))


def _repeated_line(repeated: Development | None) -> str:
    if repeated is None:
        return ""
    return say("It seems to repeat “{development}”.", development=escape_line(repeated.headline, _HEADLINE_LIMIT))


def _story_choices(
    draft: PublicationDraft, story: Story | None, suggestions: Sequence[Story], recent_choices: Iterable[MenuChoice]
) -> list[MenuChoice]:
    new_story = [MenuChoice(NEW_STORY, say_as("menu", "A new story"))] if draft.slug else []
    chosen_slug = story.slug if story else ""
    return [*new_story, *story_choices(suggestions, recent_choices, chosen_slug, len(new_story))]


def _stage_menu(draft: PublicationDraft, story: Story | None) -> ui.ActionRow[Any] | None:
    kind = story.kind if story else draft.kind
    if not kind.is_deal or draft.claim is Claim.DENIED:
        return None
    return select_menu(
        custom_ids.DRAFT_MENU.build(field="stage", draft_id=draft.id),
        say_as("menu", "Change the stage"),
        [
            MenuChoice(NO_STAGE, say_as("menu", "Keep the stage")),
            *(MenuChoice(stage.value, stage.label) for stage in Stage),
        ],
    )


def _kind_menu(draft: PublicationDraft, story: Story | None) -> ui.ActionRow[Any] | None:
    if story is not None:
        return None
    return select_menu(
        custom_ids.DRAFT_MENU.build(field="kind", draft_id=draft.id),
        say_as("menu", "Change the kind"),
        [MenuChoice(kind.value, kind.label) for kind in Kind],
    )


def _buttons(draft: PublicationDraft, repeated: Development | None) -> list[ui.Button[Any]]:
    source_buttons = (
        [
            button(
                say_as("button", "Only add the source"),
                custom_ids.DRAFT.build(action="source", draft_id=draft.id),
                primary=True,
            )
        ]
        if repeated
        else []
    )
    is_ready = bool(draft.headline)
    return [
        *source_buttons,
        button(
            say_as("button", "Publish"),
            custom_ids.DRAFT.build(action="publish", draft_id=draft.id),
            primary=is_ready and repeated is None,
            disabled=not is_ready,
        ),
        button(
            say_as("button", "Edit"), custom_ids.DRAFT.build(action="edit", draft_id=draft.id), primary=not is_ready
        ),
        button(say_as("button", "Discard"), custom_ids.DRAFT.build(action="discard", draft_id=draft.id)),
    ]


def source_added_card(story: Story, development: Development) -> Card:
    """Return that an article was added to a development as a source."""
    message = say(
        "Added as a source of “{development}” in **{story}**. Nobody was notified.",
        development=escape_line(development.headline, _HEADLINE_LIMIT),
        story=escape_line(story.headline, _HEADLINE_LIMIT),
    )
    return Card(container(text(message), colour=labels.SUCCESS_COLOUR))


def discarded_card(draft: PublicationDraft) -> Card:
    """Return that a draft was discarded."""
    headline = clean_line(draft.headline or say("No headline yet"), _HEADLINE_LIMIT)
    message = say("Discarded: “{headline}”", headline=escape_line(headline, _HEADLINE_LIMIT))
    return Card(container(text(message), colour=labels.NEUTRAL_COLOUR))
