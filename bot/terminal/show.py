"""An answer in the terminal: what the card says, in plain text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import replace

from bot.errors import DealwireError
from bot.library.answers import Answer, NoAnswer
from bot.model.story import Development, Source, Story, StoryLine
from bot.rooms import open_rooms
from bot.settings import Settings

_WIDTH = 100


def plain_answer(answer: Answer) -> str:
    """The whole story and the other matches."""
    return "\n".join(_answer_lines(answer))


def plain_no_answer(answer: NoAnswer) -> str:
    """One sentence, and what may have been meant."""
    said = f"No story matches “{answer.query}”."
    if not answer.suggestions:
        return said
    return f"{said} Did you mean: {'; '.join(s.label for s in answer.suggestions)}?"


def _answer_lines(answer: Answer) -> Iterator[str]:
    story = answer.story
    yield from _wrapped(story.headline)
    yield " · ".join(part for part in (story.kind.label, story.stage.label if story.stage else "") if part)
    for typed, meant in answer.corrected:
        yield f"({typed!r} taken as {meant!r})"
    if answer.matched:
        missing = f"; not in it: {', '.join(answer.missing)}" if answer.missing else ""
        yield from _wrapped(f"(matched: {', '.join(answer.matched)}{missing})")
    yield ""
    yield from _wrapped(story.summary)
    yield from _dispute(story)
    if story.parties:
        parties = [f"{p.company} ({p.role})" if p.role else p.company for p in story.parties]
        yield ""
        yield from _wrapped("Parties: " + ", ".join(parties))
    if story.developments:
        yield from ("", "Timeline, newest first:")
        for development in reversed(story.developments):
            yield from _development(development)
    if story.as_of:
        yield from ("", f"As of {story.as_of.display}")
    yield from _list("Other matches:", answer.others)
    yield from _list("Related:", answer.related)


def _dispute(story: Story) -> Iterator[str]:
    dispute = story.dispute
    if dispute is None:
        return
    yield from ("", "DISPUTED: both sides stand.")
    for side in (dispute.claim, dispute.denial):
        if side is not None:
            yield from _wrapped(f"{side.claim.label}, {side.date.display}: {side.headline} [{_sources(side)}]", "  ")


def _development(development: Development) -> Iterator[str]:
    stage = f" → {development.stage.label}" if development.stage else ""
    yield from _wrapped(f"{development.date.display} · {development.claim.label}{stage}: {development.headline}", "  ")
    if development.retracted:
        yield from _wrapped(f"RETRACTED: {development.retracted}", "    ")
    if development.text:
        yield from _wrapped(development.text, "    ")
    yield from _wrapped(f"Source: {_sources(development)}", "    ")


def _sources(development: Development) -> str:
    return "; ".join(_source(source) for source in development.sources) or "none given"


def _source(source: Source) -> str:
    parts = [source.publisher, f"“{source.title}”" if source.title else "", source.url]
    if source.date:
        parts.append(source.date.display)
    return ", ".join(part for part in parts if part)


def _list(heading: str, lines: tuple[StoryLine, ...]) -> Iterator[str]:
    if not lines:
        return
    yield from ("", heading)
    for line in lines:
        stage = line.stage.label if line.stage else line.kind.label
        disputed = ", disputed" if line.disputed else ""
        as_of = f", as of {line.as_of.display}" if line.as_of else ""
        yield from _wrapped(f"- {line.headline} ({stage}{disputed}{as_of}) [{line.slug}]", "  ")


def _wrapped(text: str, indent: str = "") -> Iterator[str]:
    for paragraph in text.split("\n"):
        yield from _wrap(paragraph, indent) or [""]


def _wrap(paragraph: str, indent: str) -> list[str]:
    # Words stay whole, however long: a link that is broken across lines can be neither clicked nor copied.
    return textwrap.wrap(
        paragraph,
        _WIDTH,
        initial_indent=indent,
        subsequent_indent=indent + "  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


async def show_command(settings: Settings, query: str) -> int:
    """Answer a question; without a match say so, and what may have been meant, and fail."""
    async with open_rooms(settings, seeds=False, create=False) as rooms:
        answer = await rooms.services.library.ask(query, deals_first=True)
        if isinstance(answer, Answer) and answer.story.left_out:
            answer = replace(answer, story=await rooms.services.library.story(answer.story.slug))
    if isinstance(answer, NoAnswer):
        raise DealwireError(plain_no_answer(answer))
    print(plain_answer(answer))
    return 0
