"""A proposal for a story's summary, next to the current one."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards import custom_ids, labels
from bot.cards.components import Card, button, container, row, separator, text
from bot.cards.escaping import escape_block, escape_line, heading
from bot.cards.markdown import join_parts, subtext
from bot.languages import say, say_as, say_count
from bot.model.story import Story

_HEADLINE_LIMIT = 300
_SUMMARY_LIMIT = 900
_SENTENCE_LIMIT = 420


def summary_proposal_card(story: Story, sentences: Sequence[tuple[str, str]], word_count: int) -> Card:
    """Return the current summary, and sentences of the sources as a proposal, each with its publisher.

    Nothing changes until an editor has seen it in the form.
    """
    header = text(
        heading(escape_line(story.headline, _HEADLINE_LIMIT)),
        subtext(say("a draft: nothing has been changed yet")),
    )
    current_summary = text(say_as("summary", "**Now**"), escape_block(story.summary, _SUMMARY_LIMIT))
    if not sentences:
        message = say("The story has no development that says more than its headline: there is nothing to propose.")
        return Card(container(header, separator(), current_summary, text(message), colour=labels.NEUTRAL_COLOUR))
    count_label = say_count("{count} word quoted from sources", "{count} words quoted from sources", word_count)
    quotes = [
        f"> {escape_line(sentence, _SENTENCE_LIMIT)}{_publisher_suffix(publisher)}" for sentence, publisher in sentences
    ]
    return Card(
        container(
            header,
            separator(),
            current_summary,
            text(join_parts(say_as("summary", "**Proposed**"), count_label), *quotes),
            row(
                button(
                    say_as("button", "Edit and use this summary"),
                    custom_ids.SUMMARY.build(action="use", slug=story.slug),
                    primary=True,
                )
            ),
            colour=labels.NEUTRAL_COLOUR,
        )
    )


def _publisher_suffix(publisher: str) -> str:
    return f" ({escape_line(publisher, 80)})" if publisher else ""
