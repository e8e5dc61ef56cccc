"""Plans the picture of a company's partners from its deals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from bot.languages import get_language, say, say_count
from bot.model.story import StoryListItem
from bot.model.vocabulary import Stage
from bot.pictures.alt_text import build_label
from bot.pictures.plan import Edge, PartnerGraph

#: With fewer partners a list shows the same.
MIN_PARTNERS = 3
#: The most partners in one picture.
MAX_PARTNERS = 10

#: A partner, the nearest deal with it, and the number of deals.
Partner: TypeAlias = tuple[str, StoryListItem, int]


def find_partners(company: str, lines: Sequence[StoryListItem]) -> tuple[Partner, ...]:
    """Return who deals with a company: those with an open deal first, then those with more deals, then by the newest
    deal.
    """
    deals: dict[str, list[StoryListItem]] = {}
    for line in lines:
        if line.kind.is_deal and company in line.parties:
            for name in line.parties:
                if name != company:
                    deals.setdefault(name, []).append(line)
    partners = [(name, _choose_nearest_deal(own), len(own)) for name, own in deals.items()]
    return tuple(sorted(partners, key=lambda partner: (not partner[1].is_open, -partner[2])))


def plan_partner_graph(
    company: Sequence[str], partners: Sequence[Partner], spellings: Mapping[str, Sequence[str]], *, older: int = 0
) -> PartnerGraph | None:
    """Return the plan of a company, given by its spellings, among its partners; None if there are fewer than three.

    ``older`` counts deals that were not looked at. The words are in the current language.
    """
    if len(partners) < MIN_PARTNERS:
        return None
    visible = partners[:MAX_PARTNERS]
    rest = len(partners) - len(visible)
    footer_parts = [say_count("+{count} more partner", "+{count} more partners", rest)] if rest else []
    footer_parts += (
        [say_count("{count} older deal left out", "{count} older deals left out", older)] if older > 0 else []
    )
    edges = tuple(
        Edge(
            build_label(name, *spellings.get(name, ())),
            line.stage.value if line.stage else "",
            line.stage.short_label if line.stage else say("Stage not known"),
            line.kind.label,
            count,
            line.is_disputed,
        )
        for name, line, count in visible
    )
    return PartnerGraph(build_label(*company), edges, " · ".join(footer_parts), get_language().code)


def _choose_nearest_deal(lines: Sequence[StoryListItem]) -> StoryListItem:
    """Return the open deal that has come furthest; if none is open, the newest."""
    order = list(Stage)
    open_lines = [line for line in lines if line.is_open]
    if not open_lines:
        return lines[0]
    return max(open_lines, key=lambda line: order.index(line.stage) if line.stage else -1)
