"""Which parties of a deal face each other."""

from __future__ import annotations

import pytest

from bot.model.company import _FACING_ROLES, Party, face_each_other
from bot.model.vocabulary import Kind

THIRD = Party("Third", "adviser")


@pytest.mark.parametrize(
    ("kind", "role", "other_role", "expected"),
    [
        (Kind.ACQUISITION, "buyer", "target", True),
        (Kind.ACQUISITION, "buyer", "seller", True),
        (Kind.ACQUISITION, "target", "seller", False),
        (Kind.ACQUISITION, "buyer", "shareholder", False),
        (Kind.MERGER, "merger partner", "merger partner", True),
        (Kind.MERGER, "merger partner", "shareholder", False),
        (Kind.STAKE, "potential investor", "target", True),
        (Kind.STAKE, "lead investor", "investor", False),
        (Kind.ALLIANCE, "development partner", "technology partner", True),
        (Kind.SUPPLY, "battery supplier", "customer", True),
        (Kind.SUPPLY, "buyer", "proposed partner", False),
        (Kind.SUPPLY, "supplier", "proposed customer", False),
        (Kind.SUPPLY, "supplier", "supplier", False),
        (Kind.SUPPLY, "supplier", "", False),
        (Kind.SUPPLY, "Lieferant", "Kunde", False),
        (Kind.CONTRACT_MANUFACTURING, "Contract Manufacturer", "plant owner", True),
        (Kind.LICENSING, "licensor", "licensee", True),
        (Kind.FINANCING, "lender", "borrower", True),
        (Kind.JOINT_VENTURE, "partner", "founder", True),
        (Kind.PLANT, "buyer", "target", False),
    ],
)
def test_opposite_roles_face_each_other(kind: Kind, role: str, other_role: str, expected: bool) -> None:
    """Of three parties; an unknown role faces nobody."""
    parties = [Party("A", role), Party("B", other_role), THIRD]
    assert face_each_other(kind, parties, "A", "B") is expected
    assert face_each_other(kind, parties, "B", "A") is expected
    assert not face_each_other(kind, parties, "A", "Third")


def test_the_only_two_parties_face_each_other_in_any_role() -> None:
    for role in ("", "Lieferant", "proposed partner"):
        assert face_each_other(Kind.SUPPLY, [Party("A", role), Party("B", "customer")], "A", "B")


def test_a_company_may_have_several_roles() -> None:
    parties = [Party("A", "seller"), Party("A", "licensor"), Party("B", "licensee"), THIRD]
    assert face_each_other(Kind.LICENSING, parties, "A", "B")


def test_every_kind_of_deal_has_roles() -> None:
    assert set(_FACING_ROLES) == {kind for kind in Kind if kind.is_deal}
