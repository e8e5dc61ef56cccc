"""A proposal for a story's summary, beside the one that it has."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards import ids, marks, safe
from bot.cards.card import Card, box, button, row, rule, text
from bot.cards.marks import dotted, small
from bot.languages import say, say_as, say_count
from bot.model.story import Story

_HEADLINE = 300
_NOW = 900
_SENTENCE = 420


def summary_card(story: Story, sentences: Sequence[tuple[str, str]], words: int) -> Card:
    """The summary as it is, and the sources' own sentences that are proposed for it, each with its publisher.

    Nothing is changed until an editor has seen it in the form.
    """
    head = text(safe.heading(safe.line(story.headline, _HEADLINE)), small(say("a proposal: nothing is changed yet")))
    now = text(say_as("summary", "**Now**"), safe.block(story.summary, _NOW))
    if not sentences:
        said = say("The story has no development that says more than its headline: there is nothing to propose.")
        return Card(box(head, rule(), now, text(said), colour=marks.NEUTRAL))
    counted = say_count("{count} word of the sources", "{count} words of the sources", words)
    proposed = [f"> {safe.line(said, _SENTENCE)}{_by(publisher)}" for said, publisher in sentences]
    return Card(
        box(
            head,
            rule(),
            now,
            text(dotted(say_as("summary", "**Proposed**"), counted), *proposed),
            row(button(say_as("button", "Look it over and use it"), ids.summary("use", story.slug), primary=True)),
            colour=marks.NEUTRAL,
        )
    )


def _by(publisher: str) -> str:
    return f" ({safe.line(publisher, 80)})" if publisher else ""
