"""What goes into a picture, before anything is drawn."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings

from bot.languages import use_language
from bot.model.company import Party
from bot.model.dates import PartialDate
from bot.model.story import Story
from bot.model.vocabulary import Claim, Kind, Stage
from bot.pictures.alt_text import ALT_LIMIT, describe_company_timeline, describe_partners, describe_story_timeline
from bot.pictures.partner_graph import MAX_PARTNERS, find_partners, plan_partner_graph
from bot.pictures.plan import decode_plan, encode_plan
from bot.pictures.timeline_plan import MAX_LANES, MAX_NOTES, get_day_range, plan_company_timeline, plan_story_timeline
from tests.languages.pseudo import bracketed, outside
from tests.unit.cards import strategies as some
from tests.unit.pictures.examples import deal, make_development, story


def day(year: int, month: int, day_: int) -> int:
    return date(year, month, day_).toordinal()


@pytest.mark.parametrize(
    ("when", "first", "last"),
    [
        ("2024", day(2024, 1, 1), day(2024, 12, 31)),
        ("2024-02", day(2024, 2, 1), day(2024, 2, 29)),
        ("2024-02-10", day(2024, 2, 10), day(2024, 2, 10)),
        ("by 2024-02", day(2020, 1, 1), day(2024, 2, 29)),
        ("by 2019", day(2019, 12, 31), day(2019, 12, 31)),
    ],
)
def test_a_date_is_all_the_days_that_it_can_mean(when: str, first: int, last: int) -> None:
    assert get_day_range(PartialDate.parse(when), day(2020, 1, 1)) == (first, last)


def test_a_stage_is_sure_from_the_last_day_its_date_can_mean() -> None:
    plan = plan_story_timeline(
        story(
            make_development("2024", stage=Stage.TALKS),
            make_development("2025-03-05", Claim.CONFIRMED, Stage.SIGNED),
            make_development("2025-06"),
        )
    )
    assert plan is not None
    talks, signed = plan.lanes[0].stretches
    assert (talks.first, talks.sure, talks.last) == (day(2024, 1, 1), day(2024, 12, 31), day(2025, 3, 5))
    assert (signed.first, signed.sure) == (day(2025, 3, 5), day(2025, 3, 5))
    assert signed.last == plan.last > day(2025, 6, 30), "an open deal goes on"


def test_a_bounded_date_is_open_to_the_left() -> None:
    """The first stage may have been reached before the picture begins, the next as soon as the one before it was."""
    plan = plan_story_timeline(
        story(
            make_development("by 2024-12", Claim.CONFIRMED, Stage.AGREED),
            make_development("by 2025-08", Claim.CONFIRMED, Stage.TERMINATED),
            make_development("by 2025-09"),
        )
    )
    assert plan is not None
    agreed, terminated = plan.lanes[0].stretches
    assert (agreed.first, agreed.sure, agreed.last) == (plan.first, day(2024, 12, 31), day(2024, 12, 31))
    assert (terminated.first, terminated.sure, terminated.last) == (
        day(2024, 12, 31),
        day(2025, 8, 31),
        day(2025, 8, 31),
    )
    assert [(mark.first, mark.is_bounded) for mark in plan.lanes[0].marks] == [(plan.first, True)] * 3
    assert plan.foot == "As of September 2025"
    assert [note.date for note in plan.notes] == ["by Dec 2024", "by Aug 2025", "by Sept 2025"]


def test_a_denial_is_a_mark_and_moves_no_stage() -> None:
    plan = plan_story_timeline(
        story(
            make_development("2025-01-01", stage=Stage.TALKS),
            make_development("2025-02-01", Claim.DENIED, Stage.SIGNED),
        )
    )
    assert plan is not None
    assert [stretch.stage for stretch in plan.lanes[0].stretches] == ["talks"]
    assert [mark.claim for mark in plan.lanes[0].marks] == ["reported", "denied"]
    assert plan.lanes[0].disputed


def test_an_ended_deal_ends_where_it_did() -> None:
    plan = plan_story_timeline(
        story(
            make_development("2025-01-01", stage=Stage.TALKS),
            make_development("2025-02-01", stage=Stage.TERMINATED),
            make_development("2025-09"),
        )
    )
    assert plan is not None
    assert plan.lanes[0].stretches[-1].last == day(2025, 2, 1)
    assert not plan.lanes[0].is_open


def test_the_newest_are_told_and_the_earlier_ones_counted() -> None:
    plan = plan_story_timeline(story(*(make_development(f"2025-01-{n:02d}") for n in range(1, MAX_NOTES + 4))))
    assert plan is not None
    assert [note.date for note in plan.notes][:2] == ["4 Jan 2025", "5 Jan 2025"]
    assert [mark.number for mark in plan.lanes[0].marks] == [0, 0, 0, *range(1, MAX_NOTES + 1)]
    assert plan.foot == f"As of {MAX_NOTES + 3} Jan 2025 · +3 earlier, marked without a number"


def test_nothing_that_stands_is_no_picture() -> None:
    assert plan_story_timeline(story()) is None
    assert plan_company_timeline([story()], 1) is None


def test_the_stories_that_have_no_lane_are_counted() -> None:
    plan = plan_company_timeline([story(make_development("2025"))] * (MAX_LANES + 1), 40)
    assert plan is not None
    assert len(plan.lanes) == MAX_LANES
    assert "+28 older stories" in plan.foot


def test_a_partner_is_shown_by_its_most_advanced_open_deal() -> None:
    lines = [
        deal(Stage.TERMINATED, "Alpha", "Beta"),
        deal(Stage.TALKS, "Alpha", "Beta"),
        deal(Stage.SIGNED, "Alpha", "Beta", "Gamma"),
        deal(Stage.COMPLETED, "Alpha", "Delta"),
        deal(None, "Alpha", "Plant", kind=Kind.PLANT),
        deal(Stage.TALKS, "Beta", "Other"),
    ]
    partners = find_partners("Alpha", lines)
    assert [(partner.name, partner.deal.stage, partner.count) for partner in partners] == [
        ("Beta", Stage.SIGNED, 3),
        ("Gamma", Stage.SIGNED, 1),
        ("Delta", Stage.COMPLETED, 1),
    ]
    web = plan_partner_graph(["Alpha", "A"], partners, {"Beta": ("Bee",)})
    assert web is not None
    assert web.edges[0].partner == ("Beta", "Bee")
    assert plan_partner_graph(["Alpha"], partners[:2], {}) is None, "two are no picture"


NISSAN_DEALS = [
    deal(
        Stage.TALKS,
        Party("Foxconn", "supplier"),
        Party("Mitsubishi", "buyer"),
        Party("Nissan", "proposed partner"),
        Party("Honda", "proposed partner"),
        kind=Kind.SUPPLY,
    ),
    deal(
        Stage.TALKS,
        Party("Nissan", "plant owner"),
        Party("Foxconn", "maker"),
        kind=Kind.CONTRACT_MANUFACTURING,
        disputed=True,
    ),
    deal(Stage.RUMOURED, Party("Foxconn", "potential investor"), Party("Nissan", "target"), kind=Kind.STAKE),
    deal(Stage.TERMINATED, Party("Honda", "merger partner"), Party("Nissan", "merger partner"), kind=Kind.MERGER),
]


def test_only_those_who_face_each_other_are_joined() -> None:
    """Others in the same deal are third parties; a proposed one is not in it yet. An ended deal is shown as ended."""
    web = plan_partner_graph(["Nissan"], find_partners("Nissan", NISSAN_DEALS), {})
    assert web is not None
    assert [(edge.partner[0], edge.stage_label, edge.kind, edge.others, edge.is_apart) for edge in web.edges] == [
        ("Foxconn", "In talks, disputed", "Contract manufacturing", "+1 other deal", False),
        ("Honda", "Terminated", "Merger", "", False),
        ("Mitsubishi", "In the same deal", "Supply", "", True),
    ]
    assert describe_partners(web) == (
        "Who Nissan deals with: 2 companies: Foxconn (In talks, disputed, Contract manufacturing, +1 other deal);"
        " Honda (Terminated, Merger); Mitsubishi (In the same deal, Supply)."
    )


def test_a_proposed_party_is_named_as_such() -> None:
    web = plan_partner_graph(["Foxconn"], find_partners("Foxconn", NISSAN_DEALS), {})
    assert web is not None
    assert [(edge.partner[0], edge.stage_label, edge.is_apart) for edge in web.edges] == [
        ("Nissan", "In talks, disputed", False),
        ("Mitsubishi", "In talks", False),
        ("Honda", "Proposed for the same deal", True),
    ]


def test_third_parties_alone_are_no_picture() -> None:
    parties = [Party("Alpha", "adviser"), Party("Beta", "adviser"), Party("Gamma", "buyer"), Party("Delta", "target")]
    partners = find_partners("Alpha", [deal(Stage.TALKS, *parties, kind=Kind.ACQUISITION)])
    assert [partner.is_apart for partner in partners] == [True, True, True]
    assert plan_partner_graph(["Alpha"], partners, {}) is None


def test_partners_without_room_are_counted() -> None:
    partners = find_partners("Alpha", [deal(Stage.TALKS, "Alpha", f"P{n}") for n in range(MAX_PARTNERS + 5)])
    web = plan_partner_graph(["Alpha"], partners, {}, older=7)
    assert web is not None
    assert web.foot == "+5 more companies · 7 older deals not shown"


@settings(max_examples=25, deadline=None)
@given(some.stories())
def test_a_plan_survives_its_way_to_the_drawer_and_its_words_fit(story_: Story) -> None:
    plan = plan_story_timeline(story_)
    if plan is not None:
        assert decode_plan(encode_plan(plan)) == plan
    for alt in (describe_story_timeline(story_), describe_company_timeline("N" * 100, [story_] * 12, 99)):
        assert 0 < len(alt.encode("utf-16-le")) // 2 <= ALT_LIMIT
        assert alt.isprintable()


def test_words_name_what_is_seen_and_count_what_is_not_said() -> None:
    one = story(make_development("2025-08", Claim.DENIED, headline="No talks"), headline="Alpha and Beta")
    assert (
        describe_story_timeline(one)
        == "Timeline of “Alpha and Beta”. Disputed. Newest first: August 2025, denied: No talks."
    )
    many = find_partners("Alpha", [deal(Stage.TALKS, "Alpha", f"P{n}" + "x" * 130) for n in range(40)])
    web = plan_partner_graph(["Alpha"], many, {})
    assert web is not None
    assert describe_partners(web).endswith("… and 5 more.")


def test_a_plan_is_its_languages() -> None:
    """Else one would be shown the picture that was drawn for somebody who speaks another."""
    own = story(make_development("2025"), headline="12")
    english = plan_story_timeline(own)
    with use_language("ja"):
        japanese = plan_story_timeline(own)
    assert english is not None
    assert japanese is not None
    assert encode_plan(english) != encode_plan(replace(english, language="ja")) != encode_plan(japanese)
    assert decode_plan(encode_plan(japanese)) == japanese


def test_what_is_said_of_a_picture_is_said_in_the_language() -> None:
    own = story(
        make_development("2025", stage=Stage.TALKS, headline="1"),
        make_development("2026", Claim.DENIED, headline="2"),
        headline="12",
    )
    partners = find_partners("1", [deal(None, "1", "2"), deal(Stage.TALKS, "1", "3"), deal(None, "1", "4")])
    with bracketed():
        web = plan_partner_graph(["1"], partners, {})
        assert web is not None
        alts = [
            describe_story_timeline(own),
            describe_company_timeline("1", [own], 1),
            describe_company_timeline("1", [own] * 200, 300),
        ]
        alts += [
            describe_partners(web),
            describe_story_timeline(story(*(make_development(f"{n}") for n in range(1000, 1999)))),
        ]
    assert [alt for alt in alts if any(mark.isalpha() for mark in outside(alt))] == []
    assert all(len(alt) <= ALT_LIMIT for alt in alts)
