"""Companies with the names that people use for them, and which parties of a deal face each other, by their roles.

Roles are free text. One that is not in the table here faces nobody, unless the deal has exactly two parties.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from bot.model.text_folding import fold_words
from bot.model.vocabulary import Kind

_Roles: TypeAlias = frozenset[str]


@dataclass(frozen=True, slots=True)
class Company:
    """A company with its other names (``Hon Hai``, ``鴻海``). ``country`` is an ISO 3166 alpha-2 code."""

    name: str
    aliases: tuple[str, ...] = ()
    country: str = ""
    ticker: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The name, the aliases and, if there is one, the ticker."""
        return (self.name, *self.aliases, *([self.ticker] if self.ticker else []))


@dataclass(frozen=True, slots=True)
class Party:
    """A company in a story with its role there (``buyer``, ``plant owner``)."""

    company: str
    role: str = ""


def _roles(words: str) -> _Roles:
    return frozenset(words.split("|"))


_PARTNERS = _roles("partner|merging company|member")
_FOUNDERS = _roles("partner|founder|parent|shareholder|member")
_BUYERS = _roles("buyer|acquirer|acquiror|bidder|purchaser|suitor|investor|new owner|offeror")
#: The role of a buyer in our other languages, folded.
_BUYERS_ELSEWHERE = _roles(
    "kaufer|kaeufer|erwerber|bieter|ubernehmer|comprador|compradora|adquirente|inversor|買い手|買収者|買収企業|投資家"
)
_SOLD = _roles("target|seller|vendor|owner|issuer|acquired company|takeover target")
#: The roles that face each other, by the kind of the deal.
_FACING_ROLES: dict[Kind, tuple[tuple[_Roles, _Roles], ...]] = {
    Kind.MERGER: ((_PARTNERS, _PARTNERS), (_BUYERS, _SOLD)),
    Kind.ACQUISITION: ((_BUYERS, _SOLD),),
    Kind.STAKE: ((_BUYERS, _SOLD),),
    Kind.JOINT_VENTURE: ((_FOUNDERS, _FOUNDERS),),
    Kind.ALLIANCE: ((_PARTNERS, _PARTNERS),),
    Kind.SUPPLY: (
        (
            _roles("supplier|seller|vendor|manufacturer|maker|producer|provider"),
            _roles("customer|buyer|client|purchaser|user|recipient"),
        ),
    ),
    Kind.CONTRACT_MANUFACTURING: (
        (
            _roles("manufacturer|contract manufacturer|builder|maker|producer|foundry|assembler"),
            _roles("customer|client|buyer|plant owner|brand|designer|commissioner"),
        ),
    ),
    Kind.LICENSING: ((_roles("licensor|patent owner|owner|seller"), _roles("licensee|buyer|user")),),
    Kind.FINANCING: (
        (
            _roles("lender|investor|bank|financier|backer|underwriter|creditor"),
            _roles("borrower|issuer|recipient|company|startup|debtor|target"),
        ),
    ),
}
#: A party that others only propose for the deal faces nobody in it yet.
_PROPOSED_WORDS = frozenset(("proposed", "invited", "planned"))
#: These words say how probable the whole deal is, not the role.
_UNCERTAIN_WORDS = frozenset(("potential", "possible", "prospective", "likely", "would", "be", "former"))


def is_proposed(role: str) -> bool:
    """Return whether a party is only proposed for a deal (*proposed partner*)."""
    return not _PROPOSED_WORDS.isdisjoint(fold_words(role))


def is_buyer(role: str) -> bool:
    """Return whether a role is that of a buyer, in any of our languages; a proposed one too (*proposed buyer*)."""
    words = [word for word in fold_words(role) if word not in _PROPOSED_WORDS]
    return _is_any_of([" ".join(words)], _BUYERS | _BUYERS_ELSEWHERE)


def face_each_other(kind: Kind, parties: Sequence[Party], company: str, other: str) -> bool:
    """Return whether two parties of a deal deal with each other: the only two, or in opposite roles.

    A third party, such as a shareholder who must agree, deals with neither of the two.
    """
    if {party.company for party in parties} == {company, other}:
        return True
    roles, other_roles = (
        [party.role for party in parties if party.company == name and not is_proposed(party.role)]
        for name in (company, other)
    )
    return any(
        (_is_any_of(roles, first) and _is_any_of(other_roles, second))
        or (_is_any_of(roles, second) and _is_any_of(other_roles, first))
        for first, second in _FACING_ROLES.get(kind, ())
    )


def _is_any_of(roles: Iterable[str], table: _Roles) -> bool:
    """Return whether one of these roles is in a table: as it is, or by its last word (*battery supplier*)."""
    for role in roles:
        words = [word for word in fold_words(role) if word not in _UNCERTAIN_WORDS]
        if words and (" ".join(words) in table or words[-1] in table):
            return True
    return False
