"""The judged questions: how they are read, split in two halves, asked, and judged."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from bot.container import open_container
from bot.errors import InputError, NotFound
from bot.library.answers import Answer, CompanyPage, ListPage, NoAnswer
from bot.library.library import Library
from bot.settings import load_settings
from tests.finding.planting import get_now

_FILE = Path(__file__).with_name("judged.toml")
_STRANGERS = Path(__file__).with_name("strangers.toml")
_AIRLINES = Path(__file__).with_name("airlines.toml")
_SEMICONDUCTORS = Path(__file__).with_name("semiconductors.toml")
_SPLIT = 6_021
REFUSED = "(refused)"


@dataclass(frozen=True, slots=True)
class Question:
    """What is typed, where, and what is right; ``meant`` is None where something is to be found, or ``nothing``."""

    sort: str
    collection: str
    ask: str
    by: str = "deal"
    best: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    meant: tuple[str, ...] | None = None
    nothing: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """Whether the first answer was right, whether what is right was among the first five, and what came."""

    question: Question
    at_one: bool
    at_five: bool
    got: tuple[str, ...]


def questions() -> tuple[Question, ...]:
    """All that the halves are drawn from, as they stand in the file."""
    return _read(_FILE)


def strangers() -> tuple[Question, ...]:
    """Those of people who did not know the rules."""
    return _read(_STRANGERS)


def airlines() -> tuple[Question, ...]:
    """Return those over another industry's stories, written before anybody saw how they are answered."""
    return _read(_AIRLINES)


def semiconductors() -> tuple[Question, ...]:
    """Return what strangers asked over a third industry's stories."""
    return _read(_SEMICONDUCTORS)


def _read(path: Path) -> tuple[Question, ...]:
    sorts = tomllib.loads(path.read_text(encoding="utf-8"))["sort"]
    return tuple(_question(sort["name"], sort["collection"], given) for sort in sorts for given in sort["questions"])


def halves() -> tuple[tuple[Question, ...], tuple[Question, ...]]:
    """Return the half to tune on and the half kept aside, drawn by lot; the same lot always."""
    drawn = list(questions())
    random.Random(_SPLIT).shuffle(drawn)  # noqa: S311 - a lot that can be drawn again
    middle = len(drawn) // 2
    return tuple(drawn[:middle]), tuple(drawn[middle:])


async def ask_all(urls: Mapping[str, str], questions: Sequence[Question]) -> list[Judged]:
    """Every question, asked of its collection's store."""
    judged: list[Judged] = []
    for name, url in urls.items():
        settings = load_settings({"DATABASE_URL": url, "SEEDS": ""})
        async with open_container(settings, clock=partial(get_now, name)) as container:
            judged += [await judge(container.services.library, q) for q in questions if q.collection == name]
    return judged


async def judge(library: Library, question: Question) -> Judged:
    """Ask it the way that its ``by`` says, and compare."""
    got, found = await _ask(library, question)
    if question.nothing:
        return Judged(question, not found, not found, got)
    if question.meant is not None:
        at_one = not found and (got[0] in question.meant if question.meant and got else not got and not question.meant)
        at_five = not found and (not question.meant or any(name in question.meant for name in got[:5]))
        return Judged(question, at_one, at_one or (at_five and bool(question.meant)), got)
    right = found and any(name in question.best for name in got[:5]) and set(question.also) <= set(got[:5])
    return Judged(question, found and got[0] in question.best, right, got)


async def _ask(library: Library, question: Question) -> tuple[tuple[str, ...], bool]:
    """Return what comes, best first, and whether it is an answer and no suggestion."""
    if question.by.startswith("complete-"):
        offered = await _complete(library, question)
        return offered, bool(offered)
    if question.by == "only":
        return await _only(library, question.ask), True
    if question.by == "company":
        page = await library.find_company(question.ask)
        return ((page.company.name,), True) if isinstance(page, CompanyPage) else (_suggested(page), False)
    answer = await library.answer(question.ask.strip(), deals_first=question.by in ("deal", "show"))
    if isinstance(answer, ListPage):
        return tuple(story.slug for story in answer.stories), bool(answer.total)
    return (_slugs(answer), True) if isinstance(answer, Answer) else (_suggested(answer), False)


async def _complete(library: Library, question: Question) -> tuple[str, ...]:
    if question.by == "complete-company":
        return tuple(await library.complete_company(question.ask))
    deals = question.by == "complete-deal"
    return tuple(line.slug for line in await library.complete_story(question.ask, deals_only=deals))


async def _only(library: Library, text: str) -> tuple[str, ...]:
    try:
        return (await library.resolve_story(text),)
    except (InputError, NotFound):
        return (REFUSED,)


def _slugs(answer: Answer) -> tuple[str, ...]:
    return (answer.story.slug, *(line.slug for line in answer.other_stories))


def _suggested(answer: NoAnswer) -> tuple[str, ...]:
    return tuple(suggestion.value for suggestion in answer.suggestions)


def _question(sort: str, collection: str, given: dict[str, Any]) -> Question:
    lists = {key: tuple(value) for key, value in given.items() if isinstance(value, list)}
    return Question(sort, collection, **given | lists)
