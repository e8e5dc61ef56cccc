"""A recommendation as JSON: it comes back as it was, also from before articles proposed figures and dates."""

from __future__ import annotations

import json
from decimal import Decimal

from bot.model.dates import PartialDate
from bot.model.expected_event import ExpectedDate, YearPart
from bot.model.proposals import ExpectedKind, ExpectedProposal, TermProposal
from bot.model.review import Recommendation
from bot.model.terms import TermName
from bot.model.tracking import Decision, TextSpan
from bot.model.vocabulary import Bound
from bot.store.reviews import recommendation_from_json, recommendation_to_json

RECOMMENDATION = Recommendation(
    Decision.DEVELOPMENT,
    terms=(TermProposal(TermName.STAKE, Decimal("24.9"), "%", Bound.UP_TO, TextSpan("title", 3, 16, "up to 24.9%")),),
    expected_events=(
        ExpectedProposal(
            ExpectedKind.CLOSING, ExpectedDate(PartialDate(2027), YearPart.H1), TextSpan("text", 0, 5, "close")
        ),
    ),
)


def test_proposals_come_back_as_they_were() -> None:
    assert recommendation_from_json(recommendation_to_json(RECOMMENDATION)) == RECOMMENDATION


def test_one_of_an_earlier_version_proposes_nothing() -> None:
    data = json.loads(recommendation_to_json(RECOMMENDATION))
    for key in ("terms", "expected"):
        del data[key]
    assert recommendation_from_json(json.dumps(data)) == Recommendation(Decision.DEVELOPMENT)
