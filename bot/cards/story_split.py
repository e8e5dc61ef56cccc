"""Splitting a story: what an editor chooses, and what the desk is told afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import discord
from discord import ui

from bot.cards import custom_ids, labels
from bot.cards.components import Card, button, container, page_buttons, row, separator, text
from bot.cards.description import description_prompt
from bot.cards.escaping import clean_line, escape_line, heading
from bot.cards.markdown import add_note, join_parts, join_sentences, subtext
from bot.cards.message_limits import OPTION_LIMIT, OPTION_TEXT_LIMIT
from bot.languages import format_number, say, say_as, say_count
from bot.model.expected_event import ExpectedEvent
from bot.model.story import Development, Story
from bot.model.story_split import StorySplit, list_parts, part_value
from bot.model.terms import Term

_Part: TypeAlias = Development | ExpectedEvent | Term

#: Values of the menu of options.
COPY_FOLLOWS, EDIT_POSTS = "follows", "posts"

_HEADLINE_LIMIT = 200
_PROBLEM_LIMIT = 300
_MAX_LINES = 8


def split_card(split: StorySplit, source: Story, target: Story | None, page: int = 0, problem: str = "") -> Card:
    """Return what an editor has chosen of a story, with menus to change it. ``target`` is None for a new story."""
    parts = list_parts(source)
    page_count = max(1, -(-len(parts) // OPTION_LIMIT))
    page = min(max(page, 0), page_count - 1)
    chosen_developments = split.parts.select_developments(source)
    is_ready = 0 < len(chosen_developments) < len(source.developments)
    return Card(
        container(
            text(f"{labels.WARNING_SYMBOL} {escape_line(problem, _PROBLEM_LIMIT)}") if problem else None,
            text(
                heading(say_as("heading", "Split a story")),
                say("**From:** {story}", story=escape_line(source.headline, _HEADLINE_LIMIT)),
                say("**To:** {story}", story=escape_line(target.headline, _HEADLINE_LIMIT))
                if target
                else say("**To:** a new story"),
            ),
            separator(),
            text(*_chosen_lines(split, source)),
            _parts_menu(split, parts, page, page_count),
            page_buttons(page, page_count, _page_id(split, page - 1), _page_id(split, page + 1)),
            _options_menu(split, page),
            row(
                button(
                    say_as("button", "Move") if target else say_as("button", "Next: the new story"),
                    custom_ids.SPLIT.build(action="move", page=page, split_id=split.id),
                    primary=is_ready,
                    disabled=not is_ready,
                ),
                button(
                    say_as("button", "Discard"), custom_ids.SPLIT.build(action="discard", page=page, split_id=split.id)
                ),
            ),
            colour=labels.NEUTRAL_COLOUR,
        )
    )


def _chosen_lines(split: StorySplit, source: Story) -> list[str]:
    developments = split.parts.select_developments(source)
    if not developments:
        return [say("Choose the developments that move. All others stay.")]
    chosen: list[_Part] = [
        *reversed(developments),
        *split.parts.select_events(source),
        *split.parts.select_terms(source),
    ]
    lines = [f"- {escape_line(_part_label(part), _HEADLINE_LIMIT)}" for part in chosen[:_MAX_LINES]]
    more_count = len(chosen) - len(lines)
    count = say_count("**{count} development moves:**", "**{count} developments move:**", len(developments))
    hint = ""
    if len(developments) == len(source.developments):
        hint = say("At least one development must stay. To move all of them, use `/desk merge`.")
    return [
        count,
        *lines,
        subtext(say_count("+{count} more", "+{count} more", more_count) if more_count else ""),
        hint,
    ]


def _parts_menu(split: StorySplit, parts: Sequence[_Part], page: int, page_count: int) -> ui.ActionRow[Any] | None:
    page_parts = parts[page * OPTION_LIMIT : (page + 1) * OPTION_LIMIT]
    if not page_parts:
        return None
    first = page * OPTION_LIMIT + 1
    # Translators: on a menu that shows a part of a long list: items 26 to 50 of 60
    position = say_as(
        "menu",
        "{first} to {last} of {total}",
        first=format_number(first),
        last=format_number(first + len(page_parts) - 1),
        total=format_number(len(parts)),
    )
    title = say_as("menu", "Choose what moves")
    chosen = {
        *(f"d{each}" for each in split.parts.developments),
        *(f"e{each}" for each in split.parts.expected_events),
        *(f"t{each}" for each in split.parts.terms),
    }
    return ui.ActionRow(
        ui.Select(
            custom_id=custom_ids.SPLIT_MENU.build(field="parts", page=page, split_id=split.id),
            placeholder=add_note(title, position) if page_count > 1 else title,
            min_values=0,
            max_values=len(page_parts),
            options=[
                _option(part_value(part), _part_label(part), _describe(part), is_chosen=part_value(part) in chosen)
                for part in page_parts
            ],
        )
    )


def _options_menu(split: StorySplit, page: int) -> ui.ActionRow[Any]:
    options = [
        _option(
            COPY_FOLLOWS,
            say_as("menu", "Followers follow both stories"),
            say_as("menu", "Otherwise they follow only the story that is split"),
            is_chosen=split.copies_follows,
        ),
        _option(
            EDIT_POSTS,
            say_as("menu", "Update posts already sent"),
            say_as("menu", "They then name the other story and link to it"),
            is_chosen=split.edits_posts,
        ),
    ]
    return ui.ActionRow(
        ui.Select(
            custom_id=custom_ids.SPLIT_MENU.build(field="options", page=page, split_id=split.id),
            placeholder=say_as("menu", "Follows and posts stay as they are"),
            min_values=0,
            max_values=len(options),
            options=options,
        )
    )


def _option(value: str, label: str, description: str, *, is_chosen: bool) -> discord.SelectOption:
    return discord.SelectOption(
        value=value,
        label=clean_line(label, OPTION_TEXT_LIMIT),
        description=clean_line(description, OPTION_TEXT_LIMIT) if description else None,
        default=is_chosen,
    )


def _part_label(part: _Part) -> str:
    if isinstance(part, Term):
        return say("{name}: {value}", name=part.name.label, value=part.display)
    return say("{name}: {value}", name=part.date.display, value=part.headline)


def _describe(part: _Part) -> str:
    if isinstance(part, ExpectedEvent):
        return say_as("menu", "Expected event")
    kind = say_as("menu", "Figure") if isinstance(part, Term) else ""
    state = part.claim.label if part.is_valid else say("Retracted")
    stage = part.stage.label if isinstance(part, Development) and part.stage else ""
    return join_parts(kind, state, stage)


def _page_id(split: StorySplit, page: int) -> str:
    return custom_ids.SPLIT.build(action="page", page=max(page, 0), split_id=split.id)


def split_done_card(
    split: StorySplit,
    source: Story,
    target: Story,
    developments: Sequence[Development],
    *,
    is_new: bool,
    edits: int,
    follows: int,
) -> Card:
    """Return what was moved from which story to which, with a button that undoes it."""
    names = _get_names(source, target, developments)
    count = len(developments)
    message = (
        say_count(
            "Moved “{development}” from **{source}** to the new story **{target}** (`{slug}`).",
            "Moved {count} developments, the newest “{development}”, from **{source}** to the new story **{target}** (`{slug}`).",
            count,
            **names,
        )
        if is_new
        else say_count(
            "Moved “{development}” from **{source}** to **{target}** (`{slug}`).",
            "Moved {count} developments, the newest “{development}”, from **{source}** to **{target}** (`{slug}`).",
            count,
            **names,
        )
    )
    following = (
        say_count("{count} follow was copied.", "{count} follows were copied.", follows) if split.copies_follows else ""
    )
    return Card(
        container(
            text(join_sentences(message, following, _edits_label(edits))),
            row(
                button(say_as("button", "Undo"), custom_ids.UNDO_SPLIT.build(split_id=split.id)),
                button(say_as("button", "Full story"), custom_ids.FULL_STORY.build(slug=target.slug, page=0)),
            ),
            *description_prompt(source),
            *description_prompt(target),
            colour=labels.SUCCESS_COLOUR,
        )
    )


def split_undone_card(
    source: Story, target: Story, developments: Sequence[Development], *, is_new: bool, edits: int
) -> Card:
    """Return that what was moved is back in its story."""
    names = _get_names(source, target, developments)
    message = say_count(
        "“{development}” is back in **{source}**.",
        "{count} developments are back in **{source}**, the newest “{development}”.",
        len(developments),
        **names,
    )
    leads = say("`{slug}` now leads there.", slug=target.slug) if is_new else ""
    return Card(
        container(
            text(join_sentences(message, leads, _edits_label(edits))),
            *description_prompt(source),
            *(() if is_new else description_prompt(target)),
            colour=labels.NEUTRAL_COLOUR,
        )
    )


def split_discarded_card(source: Story) -> Card:
    """Return that a split was not done."""
    message = say("Nothing was moved from **{story}**.", story=escape_line(source.headline, _HEADLINE_LIMIT))
    return Card(container(text(message), colour=labels.NEUTRAL_COLOUR))


def _get_names(source: Story, target: Story, developments: Sequence[Development]) -> dict[str, str]:
    return {
        "development": escape_line(developments[-1].headline, _HEADLINE_LIMIT),
        "source": escape_line(source.headline, _HEADLINE_LIMIT),
        "target": escape_line(target.headline, _HEADLINE_LIMIT),
        "slug": target.slug,
    }


def _edits_label(edits: int) -> str:
    return say_count("Updating {count} post.", "Updating {count} posts.", edits) if edits else ""
