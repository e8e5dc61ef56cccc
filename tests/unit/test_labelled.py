"""Fixed vocabularies: every member of every one has all that its table promises."""

from __future__ import annotations

import pytest

from bot.languages import LANGUAGES, use_language
from bot.model.delivery_settings import DeliveryMode
from bot.model.expected_event import ExpectedOutcome
from bot.model.follow import FollowState, TargetKind
from bot.model.follow_settings import FollowFilter, PingPolicy
from bot.model.list_query import StoryState
from bot.model.proposals import ExpectedKind
from bot.model.review import Fit
from bot.model.terms import TermName
from bot.model.vocabulary import Bound, Claim, Kind, LabelledEnum, Stage

VOCABULARIES: list[type[LabelledEnum]] = [
    Kind, Stage, Claim, DeliveryMode, TargetKind, FollowState, FollowFilter, PingPolicy, Bound, TermName, ExpectedOutcome,
    ExpectedKind, StoryState, Fit,
]  # fmt: skip


def test_the_list_of_vocabularies_is_complete() -> None:
    assert set(VOCABULARIES) == set(LabelledEnum.__subclasses__())


@pytest.mark.parametrize("member", [member for vocabulary in VOCABULARIES for member in vocabulary])
def test_a_member_is_its_stored_value_and_has_a_label(member: LabelledEnum) -> None:
    """A column left out of its row would leave it without one."""
    assert type(member)(str(member)) is member
    assert (member, type(str(member))) == (member.value, str)
    labels = set()
    for code in LANGUAGES:
        with use_language(code):
            assert member.label
            labels.add(member.label)
    assert len(labels) > 1


@pytest.mark.parametrize("vocabulary", VOCABULARIES)
@pytest.mark.parametrize("code", LANGUAGES)
def test_labels_differ_within_a_vocabulary(vocabulary: type[LabelledEnum], code: str) -> None:
    with use_language(code):
        labels = [member.label for member in vocabulary]
    assert len(set(labels)) == len(labels)


def test_every_filter_says_why_it_leaves_something_out() -> None:
    assert all(each.exclusion_reason for each in FollowFilter)


def test_the_kinds_of_deals_are_marked_one_by_one() -> None:
    """Wherever a kind stands in the table."""
    assert {kind.value for kind in Kind if kind.is_deal} == {
        "merger", "acquisition", "stake", "joint-venture", "alliance", "supply", "contract-manufacturing", "licensing",
        "financing",
    }  # fmt: skip
