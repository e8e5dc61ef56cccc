"""What is asked of each store, and how long it takes: question for question in turn, so that all meet the same machine."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from benchmarks.blocking import watched
from benchmarks.subject import Subject
from benchmarks.words import COMMON
from bot.cards.company import company_card
from bot.cards.full_story import full_story_card_in_thread
from bot.cards.lists import list_card
from bot.cards.story import story_card
from bot.clock import utc_now
from bot.library.answers import Answer, CompanyPage
from bot.model.list_query import ListQuery, ListSubject

Ask = Callable[[Subject, int], Awaitable[object]]


@dataclass(slots=True)
class Times:
    """How long something took in one store, in milliseconds: on the clock, and of this process's processors; and the
    longest that it kept the event loop.
    """

    clock: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    kept: float = 0.0
    kept_clock: float = 0.0

    @contextlib.contextmanager
    def taking(self) -> Iterator[None]:
        """Time the block."""
        with watched() as longest:
            clock, processor = time.perf_counter(), time.process_time()
            yield
            self.clock.append((time.perf_counter() - clock) * 1000)
            self.processor.append((time.process_time() - processor) * 1000)
        self.kept = max(self.kept, longest.processor)
        self.kept_clock = max(self.kept_clock, longest.clock)


@dataclass(frozen=True, slots=True)
class Measure:
    """Something that is asked so often; ``p99`` and ``median`` are what is aimed at, in milliseconds, 0 where nothing is."""

    name: str
    ask: Ask
    times: int = 60
    median: float = 0.0
    p99: float = 0.0


async def first_question(subject: Subject, turn: int) -> object:
    return await subject.with_new_library().library.ask(
        subject.questions[turn % len(subject.questions)], deals_first=True
    )


async def question(subject: Subject, turn: int) -> object:
    answer = await subject.library.ask(subject.questions[turn % len(subject.questions)], deals_first=True)
    return story_card(answer) if isinstance(answer, Answer) else answer


async def nonsense(subject: Subject, turn: int) -> object:
    return await subject.library.ask(f"zq{turn}xv wrtk", deals_first=True)


async def longest_story(subject: Subject, _turn: int) -> object:
    return story_card(await subject.library.show_story(subject.longest))


async def longest_in_full(subject: Subject, turn: int) -> object:
    return await full_story_card_in_thread(await subject.library.get_story(subject.longest), turn)


async def complete_story(subject: Subject, turn: int) -> object:
    return await subject.library.complete_story(subject.prefixes[turn % len(subject.prefixes)], deals_only=True)


async def complete_company(subject: Subject, turn: int) -> object:
    name = subject.names[turn % len(subject.names)]
    return await subject.library.complete_company(name[: 1 + turn % 6])


def latest(page: int, *, of_busiest: bool = False) -> Ask:
    async def ask(subject: Subject, _turn: int) -> object:
        query = ListQuery(ListSubject.DEVELOPMENTS, companies=(subject.busiest,) if of_busiest else ())
        return list_card(await subject.library.get_list_page(query, page))

    return ask


def deals(page: int, *, of_busiest: bool = False) -> Ask:
    async def ask(subject: Subject, _turn: int) -> object:
        query = ListQuery(companies=(subject.busiest,) if of_busiest else ())
        return list_card(await subject.library.get_list_page(query, page))

    return ask


async def company(subject: Subject, _turn: int) -> object:
    page = await subject.library.find_company(subject.busiest)
    return company_card(page) if isinstance(page, CompanyPage) else page


async def common_words(subject: Subject, turn: int) -> object:
    words = [COMMON[4 + (turn * 3 + step) % 40] for step in range(1 + turn % 3)]
    return await subject.library.ask(" ".join(words) + "?" * (turn // 40), deals_first=False)


async def figures(subject: Subject, _turn: int) -> object:
    return await subject.monitor.get_stats()


async def is_due(subject: Subject, _turn: int) -> object:
    return await subject.store.read_in_thread(lambda tx: tx.outbox.has_due(utc_now()))


MEASURES = (
    Measure("first question after a start", first_question, times=3, median=500),
    Measure("a question never asked before", question, times=200, p99=100),
    Measure("a question that nothing matches", nonsense, times=20),
    Measure("the longest story's card", longest_story, times=20),
    Measure("the longest story in full, a page", longest_in_full, times=10),
    Measure("autocomplete of stories", complete_story, times=150, p99=50),
    Measure("autocomplete of companies", complete_company, times=150, p99=50),
    Measure("latest, page 1", latest(0)),
    Measure("latest, page 100", latest(99)),
    Measure("latest of the busiest company, page 1", latest(0, of_busiest=True)),
    Measure("latest of the busiest company, page 100", latest(99, of_busiest=True)),
    Measure("deals, page 1", deals(0)),
    Measure("deals, page 100", deals(99)),
    Measure("deals of the busiest company, page 1", deals(0, of_busiest=True)),
    Measure("deals of the busiest company, page 20", deals(19, of_busiest=True)),
    Measure("the busiest company's card", company, times=30),
    Measure("a question of common words only", common_words, p99=100),
    Measure("status", figures, times=10),
    Measure("is anything due (five times a second)", is_due, times=30),
)


async def measure_all(measure: Measure, subjects: Sequence[Subject]) -> dict[str, Times]:
    """Ask every store in turn, ``times`` times; the first, in which connections are opened, does not count."""
    found = {subject.name: Times() for subject in subjects}
    for turn in range(measure.times + 1):
        for subject in subjects:
            times = found[subject.name] if turn or measure.ask is first_question else Times()
            with times.taking():
                # Before and behind it, so that its first step and its last are steps of their own, and seen by the watch.
                await asyncio.sleep(0)
                await measure.ask(subject, turn)
                await asyncio.sleep(0)
    return found


def chosen(words: Sequence[str]) -> list[Measure]:
    """Return the measures that have any of these words in their names; all for none."""
    found = [measure for measure in MEASURES if any(word in measure.name for word in words)]
    return found if words else list(islice(MEASURES, None))
