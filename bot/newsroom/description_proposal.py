"""A proposal for headline and summary of a deal that has changed its stage, for an editor to look over. It writes no sentence of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.model.story import Story
from bot.newsroom.field_validation import HEADLINE_LIMIT, SUMMARY_LIMIT
from bot.newsroom.summarizer import propose_summary


@dataclass(frozen=True, slots=True)
class DescriptionProposal:
    """A headline and a summary, as a form offers them."""

    headline: str
    summary: str


def propose_description(story: Story) -> DescriptionProposal:
    """Propose the headline of the development that brought the present stage, and its text with sentences of what came after it.

    A story whose headline is up to date keeps both.
    """
    development = story.title_development
    if development is None:
        return DescriptionProposal(story.headline, story.summary)
    index = story.valid_developments.index(development)
    summary = development.text or f"{development.headline.rstrip('.')}."
    later_news = propose_summary(replace(story, developments=story.valid_developments[index + 1 :]))
    for sentence in later_news.sentences:
        longer_summary = f"{summary} {sentence.text}"
        if len(longer_summary) <= SUMMARY_LIMIT:
            summary = longer_summary
    return DescriptionProposal(development.headline[:HEADLINE_LIMIT], summary[:SUMMARY_LIMIT])
