"""The ``show`` command: an answer as plain text, or as JSON."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from dataclasses import replace

from bot.errors import DealwireError
from bot.library.answers import (
    Answer,
    DirectAnswer,
    Evidence,
    ListPage,
    NoAnswer,
    NoAnswerReason,
    QuotedDevelopment,
    describe_buyers,
    describe_direct_answer,
    describe_no_answer,
)
from bot.library.help_requests import parse_help_request
from bot.library.library import Library
from bot.model.expected_event import ExpectedEvent
from bot.model.list_query import ListSubject
from bot.model.story import Development, DevelopmentListItem, ExpectedListItem, Source, Story, StoryListItem
from bot.model.terms import Term, group_terms
from bot.settings import Settings
from bot.store import open_store

_WIDTH = 100
#: Of a list, so many pages are printed.
_MAX_PAGES = 10


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
        else f"{message} Closest matches: {labels}."
    )


def format_list_page(page: ListPage) -> str:
    """Return a list with its filters."""
    return "\n".join(_format_list_lines(page))


def format_empty_list(page: ListPage) -> str:
    """Return one sentence on a list without entries."""
    what = {
        ListSubject.DEALS: "deal",
        ListSubject.STORIES: "story",
        ListSubject.DEVELOPMENTS: "development",
        ListSubject.EXPECTED_EVENTS: "expected event",
    }[page.query.subject]
    filters = "; ".join(label for label, _ in page.query.filters)
    return f"No {what} matches all of: {filters}." if filters else f"There is no {what} yet."


def encode_answer(answer: Answer | ListPage | NoAnswer) -> str:
    """Return an answer as a JSON object: its kind, the slugs of the stories (best first), and what became of the question's words.

    A list without entries is no answer.
    """
    fields: dict[str, object] = {"kind": "none", "slugs": [], "direct": None, "unmatched": [], "corrected": {}}
    if isinstance(answer, ListPage):
        fields |= {"unmatched": answer.ignored_parts, "corrected": dict(answer.corrections)}
        if answer.total:
            fields |= {"kind": "list", "slugs": list(dict.fromkeys(story.slug for story in answer.stories))}
    if isinstance(answer, Answer):
        fields |= {
            "kind": "story",
            "slugs": [answer.story.slug, *(story.slug for story in answer.other_stories)],
            "direct": _format_direct_answer(answer.direct) if answer.direct else None,
            "unmatched": answer.missing_parts,
            "corrected": dict(answer.corrections),
        }
    return json.dumps(fields, ensure_ascii=False)


def _format_answer_lines(answer: Answer) -> Iterator[str]:
    story = answer.story
    if answer.direct:
        yield from _wrap_paragraphs(_format_direct_answer(answer.direct))
        yield ""
    yield from _wrap_paragraphs(story.title)
    yield " · ".join([story.kind.label, *([story.stage.label] if story.stage else [])]) + f" [{story.slug}]"
    for typed, correction in answer.corrections:
        yield f"({typed!r} read as {correction!r})"
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
    if story.is_description_outdated:
        as_of = story.described_state.as_of if story.described_state else None
        yield f"Headline and summary as of {as_of.without_bound.display}:" if as_of else "Earlier headline and summary:"
        yield from _wrap_paragraphs(story.headline)
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


def _format_direct_answer(answer: DirectAnswer) -> str:
    """Return a direct answer in one line: the sentence, then what it rests on, then the other side of a dispute."""
    pieces = [describe_direct_answer(answer), *map(_format_evidence, answer.evidence)]
    if answer.names_buyers_apart:
        pieces.append(describe_buyers(answer))
    if answer.open_stage:
        pieces.append(f"Stage: {answer.open_stage.label}")
    if answer.denial:
        pieces.append(_format_evidence(QuotedDevelopment(answer.denial, answer.denial.headline)))
    return " | ".join(pieces)


def _format_evidence(evidence: Evidence) -> str:
    if isinstance(evidence, ExpectedEvent):
        return f"“{evidence.headline}” (expected, {evidence.date.display}) [{_format_sources(evidence)}]"
    if isinstance(evidence, Term):
        date = f", {evidence.date.display}" if evidence.date else ""
        return f"{evidence.display} ({evidence.claim.label}{date}) [{_format_sources(evidence)}]"
    if isinstance(evidence, QuotedDevelopment):
        return f"“{evidence.quote}” {_format_evidence(evidence.development)}"
    return f"({evidence.claim.label}, {evidence.date.display}) [{_format_sources(evidence)}]"


def _format_dispute(story: Story) -> Iterator[str]:
    dispute = story.dispute
    if dispute is None:
        return
    yield from ("", "DISPUTED: sources contradict each other.")
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


def _format_sources(sourced: Development | Term | ExpectedEvent) -> str:
    return "; ".join(_format_source(source) for source in sourced.sources) or "none given"


def _format_source(source: Source) -> str:
    parts = [source.publisher, f"“{source.title}”" if source.title else "", source.url]
    if source.date:
        parts.append(source.date.display)
    return ", ".join(part for part in parts if part)


def _format_list_lines(page: ListPage) -> Iterator[str]:
    subject = {
        ListSubject.DEALS: "Deals",
        ListSubject.STORIES: "Stories",
        ListSubject.DEVELOPMENTS: "Developments",
        ListSubject.EXPECTED_EVENTS: "Expected events",
    }
    filters = "; ".join(label for label, _ in page.query.filters)
    count = f"{'more than ' if page.has_more else ''}{page.total}"
    yield from _wrap_paragraphs(f"{subject[page.query.subject]}{f': {filters}' if filters else ''} ({count})")
    for typed, correction in page.corrections:
        yield f"({typed!r} read as {correction!r})"
    if page.ignored_parts:
        yield from _wrap_paragraphs(f"(this list cannot be filtered by: {', '.join(page.ignored_parts)})")
    yield ""
    for line in page.lines:
        yield from _format_line(line)
    for item in page.news:
        yield from _format_news(item)
    for expected in page.events:
        is_over = page.today is not None and expected.event.date.is_over(page.today)
        yield from _format_expected(expected, is_over=is_over)
    shown_count = len(page.lines) + len(page.news) + len(page.events)
    if page.total > shown_count:
        yield from ("", f"Only the first {shown_count} are shown.")


def _format_news(item: DevelopmentListItem) -> Iterator[str]:
    development = item.development
    stage = f" → {development.stage.label}" if development.stage else ""
    yield from _wrap_paragraphs(
        f"- {development.date.display} · {development.claim.label}{stage}: {development.headline} [{item.story.slug}]",
        "  ",
    )


def _format_expected(item: ExpectedListItem, *, is_over: bool) -> Iterator[str]:
    when = f"{item.event.date.display}{' (date passed, outcome unknown)' if is_over else ''}"
    yield from _wrap_paragraphs(f"- {when}: {item.event.headline} [{item.story.slug}]", "  ")


def _format_list(heading: str, lines: tuple[StoryListItem, ...]) -> Iterator[str]:
    if not lines:
        return
    yield from ("", heading)
    for line in lines:
        yield from _format_line(line)


def _format_line(line: StoryListItem) -> Iterator[str]:
    stage = line.stage.label if line.stage else line.kind.label
    disputed = ", disputed" if line.is_disputed else ""
    figures = f", {' or '.join(dict.fromkeys(term.display for term in line.terms))}" if line.terms else ""
    as_of = f", as of {line.as_of.without_bound.display}" if line.as_of else ""
    yield from _wrap_paragraphs(f"- {line.title} ({stage}{disputed}{figures}{as_of}) [{line.slug}]", "  ")


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
    """Answer a question. Raise DealwireError, with suggestions, if nothing matches; as JSON, that is printed too.

    A request for help is no question about a story that has the word.
    """
    if not as_json and parse_help_request(query) is not None:
        raise DealwireError("For help, run `dealwire show --help`.")
    # The other services would take longer to import than the answer takes.
    async with open_store(settings.database_url, create=False) as store:
        library = Library(store, zone=settings.timezone)
        answer = await library.answer(query, deals_first=True)
        if isinstance(answer, ListPage):
            answer = await _add_pages(library, answer)
        if isinstance(answer, Answer) and answer.story.omitted_count:
            answer = replace(answer, story=await library.get_story(answer.story.slug))
    if as_json:
        print(encode_answer(answer))
    if isinstance(answer, NoAnswer):
        raise DealwireError(format_no_answer(answer))
    if isinstance(answer, ListPage) and not answer.total:
        raise DealwireError(format_empty_list(answer))
    if not as_json:
        print(format_list_page(answer) if isinstance(answer, ListPage) else format_answer(answer))
    return 0


async def _add_pages(library: Library, first: ListPage) -> ListPage:
    """Return a list with its further pages, as many as are printed."""
    pages = [await library.get_list_page(first.query, page) for page in range(1, min(first.pages, _MAX_PAGES))]
    return replace(
        first,
        lines=sum((page.lines for page in pages), first.lines),
        news=sum((page.news for page in pages), first.news),
        events=sum((page.events for page in pages), first.events),
    )
