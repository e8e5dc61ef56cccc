"""Plans the picture of a company's partners from its deals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from bot.languages import get_language, say, say_count
from bot.model.company import Party, face_each_other, is_proposed
from bot.model.story import StoryListItem
from bot.model.vocabulary import Stage
from bot.pictures.alt_text import build_label
from bot.pictures.plan import Edge, PartnerGraph

#: With fewer partners a list shows the same.
MIN_PARTNERS = 3
#: The most partners in one picture.
MAX_PARTNERS = 10

#: A deal, and its parties with their roles.
Deal: TypeAlias = tuple[StoryListItem, Sequence[Party]]


@dataclass(frozen=True, slots=True)
class Partner:
    """Another company in a company's deals.

    Attributes:
        deal: the nearest deal between the two; of a company that is apart, the newest that both are in.
        count: how many deals there are between them, or that both are in.
        is_apart: whether the two never deal with each other: it is a third party, or proposed.
        is_proposed: whether it is only proposed for the deal.
    """

    name: str
    deal: StoryListItem
    count: int
    is_apart: bool = False
    is_proposed: bool = False


def find_partners(company: str, deals: Sequence[Deal]) -> tuple[Partner, ...]:
    """Return who deals with a company, and then who is only in the same deals.

    Those with an open deal come first, then those with more deals, then those with the newest.
    """
    facing: dict[str, list[StoryListItem]] = {}
    apart: dict[str, list[Deal]] = {}
    for item, parties in deals:
        names = dict.fromkeys(party.company for party in parties)
        if not item.kind.is_deal or company not in names:
            continue
        for name in names:
            if name == company:
                continue
            if face_each_other(item.kind, parties, company, name):
                facing.setdefault(name, []).append(item)
            else:
                apart.setdefault(name, []).append((item, parties))
    partners = [Partner(name, _choose_nearest_deal(own), len(own)) for name, own in facing.items()]
    partners += [
        Partner(name, own[0][0], len(own), is_apart=True, is_proposed=_is_proposed(name, own[0][1]))
        for name, own in apart.items()
        if name not in facing
    ]
    return tuple(sorted(partners, key=lambda partner: (partner.is_apart, not partner.deal.is_open, -partner.count)))


def plan_partner_graph(
    company: Sequence[str], partners: Sequence[Partner], spellings: Mapping[str, Sequence[str]], *, older: int = 0
) -> PartnerGraph | None:
    """Return the plan of a company, given by its spellings, among its partners; None if there are fewer than three.

    ``older`` counts deals that were not looked at. The words are in the current language.
    """
    if len(partners) < MIN_PARTNERS or all(partner.is_apart for partner in partners):
        return None
    rest = len(partners) - MAX_PARTNERS
    footer_parts = [say_count("+{count} more company", "+{count} more companies", rest)] if rest > 0 else []
    footer_parts += (
        [say_count("{count} older deal not shown", "{count} older deals not shown", older)] if older > 0 else []
    )
    edges = tuple(
        _plan_edge(partner, build_label(partner.name, *spellings.get(partner.name, ())))
        for partner in partners[:MAX_PARTNERS]
    )
    return PartnerGraph(build_label(*company), edges, " · ".join(footer_parts), get_language().code)


def _plan_edge(partner: Partner, label: tuple[str, ...]) -> Edge:
    deal, other_count = partner.deal, partner.count - 1
    # Translators: below a deal between two companies: there are so many others
    others = say_count("+{count} other deal", "+{count} other deals", other_count) if other_count else ""
    if partner.is_apart:
        # Translators: of a company in a picture: it is in a deal with another company, but the two do not deal with each other
        stage_label = say("Proposed for the same deal") if partner.is_proposed else say("In the same deal")
        return Edge(label, "", stage_label, deal.kind.label, partner.count, others, is_apart=True)
    stage_label = deal.stage.short_label if deal.stage else say("Stage unknown")
    return Edge(
        label,
        deal.stage.value if deal.stage else "",
        # Translators: the stage of a deal that is disputed
        say("{stage}, disputed", stage=stage_label) if deal.is_disputed else stage_label,
        deal.kind.label,
        partner.count,
        others,
        deal.is_disputed,
    )


def _is_proposed(company: str, parties: Sequence[Party]) -> bool:
    return all(is_proposed(party.role) for party in parties if party.company == company)


def _choose_nearest_deal(lines: Sequence[StoryListItem]) -> StoryListItem:
    """Return the open deal that has come furthest; if none is open, the newest."""
    order = list(Stage)
    open_lines = [line for line in lines if line.is_open]
    if not open_lines:
        return lines[0]
    return max(open_lines, key=lambda line: order.index(line.stage) if line.stage else -1)
