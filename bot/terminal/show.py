"""The ``show`` command: an answer as plain text, or as JSON."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from dataclasses import replace

from bot.errors import DealwireError
from bot.library.answers import Answer, NoAnswer, NoAnswerReason, describe_no_answer
from bot.library.library import Library
from bot.model.story import Development, Source, Story, StoryListItem
from bot.model.terms import Term, group_terms
from bot.settings import Settings
from bot.store import open_store

_WIDTH = 100


def format_answer(answer: Answer) -> str:
    """Return the whole story and the other matches."""
    return "\n".join(_format_answer_lines(answer))


def format_no_answer(answer: NoAnswer) -> str:
    """Return one sentence, with suggestions if there are any."""
    message = describe_no_answer(answer)
    if not answer.suggestions:
        return message
    labels = "; ".join(s.label for s in answer.suggestions)
    return (
        f"{message} Did you mean: {labels}?"
        if answer.reason is NoAnswerReason.NO_MATCH
        else f"{message} Nearest: {labels}."
    )


def encode_answer(answer: Answer | NoAnswer) -> str:
    """Return an answer as a JSON object: its kind, the slugs of the stories (best first), and what became of the question's words."""
    fields: dict[str, object] = {"kind": "none", "slugs": [], "direct": None, "unmatched": [], "corrected": {}}
    if isinstance(answer, Answer):
        fields |= {
            "kind": "story",
            "slugs": [answer.story.slug, *(story.slug for story in answer.other_stories)],
            "unmatched": answer.missing_parts,
            "corrected": dict(answer.corrections),
        }
    return json.dumps(fields, ensure_ascii=False)


def _format_answer_lines(answer: Answer) -> Iterator[str]:
    story = answer.story
    yield from _wrap_paragraphs(story.headline)
    yield " · ".join([story.kind.label, *([story.stage.label] if story.stage else [])]) + f" [{story.slug}]"
    for typed, correction in answer.corrections:
        yield f"({typed!r} taken as {correction!r})"
    match_labels = [
        f"{label}: {', '.join(parts)}"
        for label, parts in (
            ("matched", answer.matched_parts),
            ("only mentions" if answer.is_about_none else "mentions", answer.mentioned_companies),
            ("not in it", answer.missing_parts),
        )
        if parts
    ]
    if answer.matched_parts or answer.mentioned_companies:
        yield from _wrap_paragraphs(f"({'; '.join(match_labels)})")
    yield ""
    yield from _wrap_paragraphs(story.summary)
    yield from _format_dispute(story)
    if story.parties:
        parties = [
            f"{company} ({', '.join(roles)})" if roles else company for company, roles in story.roles_by_company.items()
        ]
        yield ""
        yield from _wrap_paragraphs("Parties: " + ", ".join(parties))
    yield from _format_terms(story)
    if story.developments:
        yield from ("", "Timeline, newest first:")
        for development in reversed(story.developments):
            yield from _format_development(development)
    if story.as_of:
        yield from ("", f"As of {story.as_of.without_bound.display}")
    yield from _format_list("Other matches:", answer.other_stories)
    yield from _format_list("Related:", answer.related_stories)


def _format_dispute(story: Story) -> Iterator[str]:
    dispute = story.dispute
    if dispute is None:
        return
    yield from ("", "DISPUTED: both sides stand.")
    for side in (dispute.counterclaim, dispute.denial):
        if side is not None:
            yield from _wrap_paragraphs(
                f"{side.claim.label}, {side.date.display}: {side.headline} [{_format_sources(side)}]", "  "
            )


def _format_terms(story: Story) -> Iterator[str]:
    for group in group_terms(story.terms):
        yield from ("", f"{group.name.label}{': sources differ.' if group.is_disputed else ':'}")
        for term in group.terms:
            date = f", {term.date.display}" if term.date else ""
            yield from _wrap_paragraphs(f"{term.display} ({term.claim.label}{date}) [{_format_sources(term)}]", "  ")


def _format_development(development: Development) -> Iterator[str]:
    stage = f" → {development.stage.label}" if development.stage else ""
    yield from _wrap_paragraphs(
        f"{development.date.display} · {development.claim.label}{stage}: {development.headline}", "  "
    )
    if development.retraction_reason:
        yield from _wrap_paragraphs(f"RETRACTED: {development.retraction_reason}", "    ")
    if development.text:
        yield from _wrap_paragraphs(development.text, "    ")
    yield from _wrap_paragraphs(f"Source: {_format_sources(development)}", "    ")


def _format_sources(sourced: Development | Term) -> str:
    return "; ".join(_format_source(source) for source in sourced.sources) or "none given"


def _format_source(source: Source) -> str:
    parts = [source.publisher, f"“{source.title}”" if source.title else "", source.url]
    if source.date:
        parts.append(source.date.display)
    return ", ".join(part for part in parts if part)


def _format_list(heading: str, lines: tuple[StoryListItem, ...]) -> Iterator[str]:
    if not lines:
        return
    yield from ("", heading)
    for line in lines:
        stage = line.stage.label if line.stage else line.kind.label
        disputed = ", disputed" if line.is_disputed else ""
        figures = f", {' or '.join(dict.fromkeys(term.display for term in line.terms))}" if line.terms else ""
        as_of = f", as of {line.as_of.without_bound.display}" if line.as_of else ""
        yield from _wrap_paragraphs(f"- {line.headline} ({stage}{disputed}{figures}{as_of}) [{line.slug}]", "  ")


def _wrap_paragraphs(text: str, indent: str = "") -> Iterator[str]:
    for paragraph in text.split("\n"):
        yield from _wrap(paragraph, indent) or [""]


def _wrap(paragraph: str, indent: str) -> list[str]:
    # Long words stay whole, because a link that is broken across lines can be neither clicked nor copied.
    return textwrap.wrap(
        paragraph,
        _WIDTH,
        initial_indent=indent,
        subsequent_indent=indent + "  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


async def show_command(settings: Settings, query: str, *, as_json: bool = False) -> int:
    """Answer a question. Raise DealwireError, with suggestions, if nothing matches; as JSON, that is printed too."""
    # The other services would take longer to import than the answer takes.
    async with open_store(settings.database_url, create=False) as store:
        library = Library(store, zone=settings.timezone)
        answer = await library.ask(query, deals_first=True)
        if isinstance(answer, Answer) and answer.story.omitted_count:
            answer = replace(answer, story=await library.get_story(answer.story.slug))
    if as_json:
        print(encode_answer(answer))
    if isinstance(answer, NoAnswer):
        raise DealwireError(format_no_answer(answer))
    if not as_json:
        print(format_answer(answer))
    return 0
