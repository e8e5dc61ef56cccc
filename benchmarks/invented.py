"""An invented industry: companies with their names, and stories of the shape that the starter collection has.

It is skewed as news is: few companies are in very many stories, few stories have hundreds of developments. The same seed
gives the same industry.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from benchmarks.words import COUNTRIES, FORMS, HEADLINES, LINES, ROLES, TOPICS, Words, uneven
from bot.model.company import Company, Party
from bot.model.dates import PartialDate
from bot.model.story import Development, Source, Story
from bot.model.text_folding import fold
from bot.model.vocabulary import STAGE_ORDER, Claim, Kind, Stage
from bot.newsroom.field_validation import slugify

#: The longest story's developments, in a store that is large enough for such a one.
LONGEST = 2_000
FIRST_DAY = date(2021, 1, 1)
DAYS = 2_000
_KINDS = list(Kind)
_KIND_WEIGHTS = (6, 10, 6, 6, 5, 10, 3, 3, 5, 12, 8, 6, 4, 8, 6, 2)
_CLAIMS, _CLAIM_WEIGHTS = list(Claim), (40, 55, 5)


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything."""

    stories: int
    developments: int
    companies: int
    follows: int

    def tenth(self) -> Size:
        """Ten times fewer of everything."""
        return Size(self.stories // 10, self.developments // 10, self.companies // 10, self.follows // 10)


class Industry:
    """Companies and stories; each story is made when it is asked for, in one order, once."""

    def __init__(self, size: Size, seed: int) -> None:
        self.size = size
        self.chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
        self._words = Words(self.chance)
        self._names: set[str] = set()
        self._slugs: list[str] = []
        self.companies = [self._company() for _ in range(size.companies)]
        self._popular = uneven(size.companies, 3)
        self._publishers = [f"{self._words.name()} {word}" for word in ("Post", "Wire", "Times", "Auto") * 50]
        self._publisher_weights = uneven(len(self._publishers), 2)

    def stories(self) -> Iterator[Story]:
        """All stories, oldest beginnings mixed with newest; related ones are among those before."""
        for count in self._lengths():
            yield self._story(count)

    def some_company(self) -> int:
        """Return the place of a company, one that is much in the news more often."""
        return self.chance.choices(range(self.size.companies), cum_weights=self._popular)[0]

    def _company(self) -> Company:
        chance, words = self.chance, self._words
        while True:
            stem = words.name()
            name = f"{stem} {chance.choice(LINES)}" if chance.random() < 0.5 else stem
            wished = [
                f"{stem} {chance.choice(FORMS)}",
                f"{name} {chance.choice(FORMS)}",
                stem[:3].upper() + stem[-1].upper(),
            ]
            aliases = [wish for wish in wished if chance.random() < 0.45]
            aliases += [words.script() for _ in range(chance.choices((0, 1, 2), (55, 35, 10))[0])]
            if fold(name) not in self._names:
                break
        kept = [alias for alias in dict.fromkeys(aliases) if alias != name and self._is_free(alias, name)]
        self._names.add(fold(name))
        ticker = (
            chance.choice((f"{chance.randint(1000, 9999)}.T", stem[:4].upper(), "")) if chance.random() < 0.6 else ""
        )
        return Company(name, tuple(kept), chance.choice(COUNTRIES), ticker)

    def _is_free(self, alias: str, name: str) -> bool:
        folded = fold(alias)
        if folded in self._names or folded == fold(name):
            return False
        self._names.add(folded)
        return True

    def _lengths(self) -> Iterator[int]:
        """How many developments each story has: few have very many; together just as many as are wanted."""
        stories, left = self.size.stories, self.size.developments
        wild = [min(self.chance.paretovariate(1.25), 400.0) for _ in range(stories)]
        scale = max(0.0, (left - stories)) / max(1.0, sum(wild))
        longest = min(LONGEST, max(1, left // 5))
        counts = [min(1 + int(each * scale), longest) for each in wild]
        counts[stories // 2] = longest
        rest = left - sum(counts)
        while rest:
            place = self.chance.randrange(stories)
            if rest > 0 or 1 < counts[place] < longest:
                step = 1 if rest > 0 else max(rest, 1 - counts[place])
                counts[place] += step
                rest -= step
        return iter(counts)

    def _story(self, count: int) -> Story:
        chance = self.chance
        kind = chance.choices(_KINDS, _KIND_WEIGHTS)[0]
        parties = self._parties()
        a, b = parties[0].company, parties[-1].company
        headline = self._headline(a, b)
        slug = f"{slugify(headline)[:56].rstrip('-')}-{len(self._slugs)}"
        related = (
            chance.sample(self._slugs, min(len(self._slugs), chance.randint(1, 3))) if chance.random() < 0.3 else []
        )
        self._slugs.append(slug)
        return Story(
            slug=slug,
            headline=headline,
            summary=self._words.text(chance.randint(2, 4)),
            kind=kind,
            parties=parties,
            developments=tuple(self._developments(count, kind, a, b)),
            related_slugs=tuple(related),
        )

    def _parties(self) -> tuple[Party, ...]:
        chosen = [self.some_company() for _ in range(self.chance.choices((1, 2, 3, 5), (20, 55, 20, 5))[0])]
        names = dict.fromkeys(self.companies[place].name for place in chosen)
        return tuple(Party(name, self.chance.choice(ROLES)) for name in names)

    def _headline(self, a: str, b: str) -> str:
        form = self.chance.choice(HEADLINES)
        place = self.chance.choice(self._words.places)
        return form.format(a=a, b=b, topic=self.chance.choice(TOPICS), place=place)

    def _developments(self, count: int, kind: Kind, a: str, b: str) -> Iterator[Development]:
        chance = self.chance
        day = FIRST_DAY + timedelta(days=chance.randrange(DAYS - 60))
        room = (FIRST_DAY + timedelta(days=DAYS) - day).days
        days = sorted(chance.randrange(room) for _ in range(count))
        stages = self._stages(count) if kind.is_deal else {}
        for place, after in enumerate(days):
            stage = stages.get(place)
            claim = (
                Claim.CONFIRMED if stage and stage is not Stage.RUMOURED else chance.choices(_CLAIMS, _CLAIM_WEIGHTS)[0]
            )
            if stage and claim is Claim.DENIED:
                claim = Claim.REPORTED
            # What moves a deal has its day, so that the moves stay in their order.
            happened = day + timedelta(days=after)
            dated = PartialDate.from_date(happened) if stage else self._date(happened)
            yield Development(
                key=f"{dated}-{place}",
                date=dated,
                headline=f"{self._headline(a, b)} ({place + 1})",
                claim=claim,
                text=self._words.text(chance.randint(1, 4)),
                stage=stage,
                sources=self._sources(dated),
                retraction_reason="It was about another company." if chance.random() < 0.005 else "",
            )

    def _stages(self, count: int) -> dict[int, Stage]:
        """Which of the developments move a deal, each further than the one before; some deals end in the middle."""
        chance = self.chance
        moves = list(STAGE_ORDER[chance.randrange(3) :][: chance.randint(1, 5)])
        if chance.random() < 0.2:
            moves = [*moves[:-1], chance.choice((Stage.TERMINATED, Stage.LAPSED))]
        places = sorted(chance.sample(range(count), min(count, len(moves))))
        return dict(zip(places, moves, strict=False))

    def _date(self, day: date) -> PartialDate:
        known = self.chance.random()
        if known < 0.65:
            return PartialDate.from_date(day)
        return PartialDate(day.year, day.month if known < 0.97 else None)

    def _sources(self, dated: PartialDate) -> tuple[Source, ...]:
        chance = self.chance
        publishers = chance.choices(
            self._publishers, cum_weights=self._publisher_weights, k=chance.choice((1, 1, 1, 2, 3))
        )
        return tuple(
            Source(
                publisher,
                title="" if chance.random() < 0.4 else self._words.text(1)[:120],
                url=f"https://news.example/{chance.getrandbits(48):x}" if chance.random() < 0.7 else "",
                date=dated if chance.random() < 0.8 else None,
            )
            for publisher in dict.fromkeys(publishers)
        )
