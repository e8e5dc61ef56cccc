"""From a company's deals to the plan of who it deals with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from bot.languages import say, say_count, spoken
from bot.model.story import StoryLine
from bot.model.vocabulary import Stage
from bot.pictures.plan import Edge, Web
from bot.pictures.words import spelled

#: With fewer partners there is nothing that a list does not show as well.
LEAST = 3
#: Partners that one picture has room for.
MOST = 10

#: A partner, the nearest of the deals with it, and how many deals there are.
Partner: TypeAlias = tuple[str, StoryLine, int]


def partners_of(company: str, lines: Sequence[StoryLine]) -> tuple[Partner, ...]:
    """Who deals with a company: those with an open deal first, then those with more deals, then by the newest deal."""
    deals: dict[str, list[StoryLine]] = {}
    for line in lines:
        if line.kind.is_deal and company in line.parties:
            for name in line.parties:
                if name != company:
                    deals.setdefault(name, []).append(line)
    found = [(name, _nearest(own), len(own)) for name, own in deals.items()]
    return tuple(sorted(found, key=lambda partner: (not partner[1].is_open, -partner[2])))


def company_web(
    company: Sequence[str], partners: Sequence[Partner], spellings: Mapping[str, Sequence[str]], *, older: int = 0
) -> Web | None:
    """A company, by its spellings, among its partners; None while there are fewer than three.

    ``older`` counts deals that were not looked at. Its words are in the language that is spoken.
    """
    if len(partners) < LEAST:
        return None
    shown = partners[:MOST]
    rest = len(partners) - len(shown)
    foot = [say_count("+{count} more partner", "+{count} more partners", rest)] if rest else []
    foot += [say_count("{count} older deal left out", "{count} older deals left out", older)] if older > 0 else []
    edges = tuple(
        Edge(
            spelled(name, *spellings.get(name, ())),
            line.stage.value if line.stage else "",
            line.stage.short if line.stage else say("Stage not known"),
            line.kind.label,
            count,
            line.disputed,
        )
        for name, line, count in shown
    )
    return Web(spelled(*company), edges, " · ".join(foot), spoken().code)


def _nearest(lines: Sequence[StoryLine]) -> StoryLine:
    """The open deal that has come furthest; where none is open, the newest."""
    order = list(Stage)
    is_open = [line for line in lines if line.is_open]
    if not is_open:
        return lines[0]
    return max(is_open, key=lambda line: order.index(line.stage) if line.stage else -1)
