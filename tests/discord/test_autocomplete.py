"""What is offered while somebody types an option."""

from __future__ import annotations

from typing import Any

import pytest

from bot.model.company import Company
from bot.model.follow import Destination, DestinationKind, Target, TargetKind
from bot.model.follow_settings import DEFAULT_FOLLOW_SETTINGS
from tests.discord.stage import OPPAMA, Scene
from tests.discord.stories import HOSTILE, largest_story, tell_many


def names(choices: list[dict[str, Any]]) -> list[str]:
    return [choice["name"] for choice in choices]


def values(choices: list[dict[str, Any]]) -> list[str]:
    return [choice["value"] for choice in choices]


async def test_three_letters_of_a_company_offer_its_stories(scene: Scene) -> None:
    """`nis` offers what Nissan is in; what is picked is that story."""
    offered = await scene.reader.autocomplete(scene.deals, "deal", "query", "nis")
    assert set(values(offered)[:4]) == {
        OPPAMA,
        "foxconn-nissan-stake",
        "honda-nissan-merger",
        "foxconn-mitsubishi-ev-supply",
    }
    picked = await scene.reader.slash(scene.deals, "deal", query=values(offered)[0])
    assert names(offered)[0] in str(picked.response.components if picked.response else "")


async def test_nothing_typed_offers_the_newest(scene: Scene) -> None:
    """Deals for `deal`; any story for `story`."""
    deals = values(await scene.reader.autocomplete(scene.deals, "deal", "query", ""))
    stories = values(await scene.reader.autocomplete(scene.deals, "story", "query", ""))
    assert OPPAMA in deals
    assert "xpeng-g6-uk" not in deals
    assert "xpeng-g6-uk" in stories


@pytest.mark.parametrize(
    ("command", "option", "typed", "expected"),
    [
        ("company", "name", "hon h", "Foxconn"),
        ("company", "name", "日産", "Nissan"),
        ("deals", "company", "mits", "Mitsubishi Motors"),
        ("latest", "company", "toy", "Toyota"),
        ("deals", "stage", "ta", "talks"),
        ("deals", "stage", "", "rumoured"),
        ("deals", "kind", "merg", "merger"),
        ("follow", "target", "every", "everything"),
        ("follow", "target", "nissan", "Nissan"),
        ("follow", "target", "contract", "contract-manufacturing"),
        ("follow", "target", "oppama", OPPAMA),
    ],
)
async def test_an_option_offers_what_fits(scene: Scene, command: str, option: str, typed: str, expected: str) -> None:
    assert expected in values(await scene.reader.autocomplete(scene.deals, command, option, typed))


async def test_kinds_without_a_stage_are_not_offered_for_deals(scene: Scene) -> None:
    assert "plant" not in values(await scene.reader.autocomplete(scene.deals, "deals", "kind", ""))


async def test_what_fits_nothing_offers_nothing(scene: Scene) -> None:
    assert await scene.reader.autocomplete(scene.deals, "deal", "query", "zzgrbl") == []


async def test_no_text_breaks_autocomplete(scene: Scene) -> None:
    for typed in (*HOSTILE, "x" * 6000, "\u0000\ud800", "%", '"'):
        for command, option in (("deal", "query"), ("company", "name"), ("follow", "target"), ("unfollow", "target")):
            offered = await scene.reader.autocomplete(scene.deals, command, option, typed)
            assert all(0 < len(choice["name"]) <= 100 for choice in offered)


async def test_offers_keep_to_discords_limits(blank: Scene) -> None:
    """25 choices of 1 to 100 characters, however long and many the stories are."""
    await blank.tell(largest_story("語"))
    await tell_many(blank, 30)
    for command, option in (("deal", "query"), ("story", "query"), ("company", "name"), ("follow", "target")):
        for typed in ("", "deal", "largest", "p"):
            offered = await blank.reader.autocomplete(blank.deals, command, option, typed)
            assert len(offered) <= 25
            assert all(1 <= len(text) <= 100 for text in (*names(offered), *values(offered)))


async def test_unfollow_offers_what_is_followed_and_where(scene: Scene) -> None:
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    offered = await scene.editor.autocomplete(scene.desk, "unfollow", "target", "nis")
    assert names(offered) == ["Nissan · #deals"]
    await scene.editor.slash(scene.desk, "unfollow", target=values(offered)[0])
    assert await scene.follows() == []


async def test_unfollow_offers_at_most_25_of_many_follows(scene: Scene) -> None:
    """Discord shows no choice at all if it gets more than 25."""
    dms = Destination(DestinationKind.DM, scene.reader.id)
    companies = [Company(f"Company {number}") for number in range(26)]
    await scene.container.services.desk.add_companies(companies, actor="x")
    for company in companies:
        target = Target(TargetKind.COMPANY, company.name, company.name)
        await scene.container.services.subscriptions.follow(
            dms, target, created_by=scene.reader.id, settings=DEFAULT_FOLLOW_SETTINGS
        )
    assert len(await scene.reader.autocomplete(scene.deals, "unfollow", "target", "company")) == 25


async def test_choices_are_clean_and_shortened_with_an_ellipsis(scene: Scene) -> None:
    """It turns no text around, and nothing is cut unsaid; the same in the timeline's and the desk's options."""
    story = {"summary": "Long.", "kind": "merger", "headline": f"Acme \u202e turns {'on ' * 50}end"}
    await scene.tell({"slug": "acme-turns", **story})
    for command, option in (("deal", "query"), ("timeline", "query"), ("why", "query"), ("follow", "target")):
        (name,) = names(await scene.reader.autocomplete(scene.deals, command, option, "acme turns"))[-1:]
        assert "Acme turns on" in name, command
        assert "\u202e" not in name
        assert name.endswith("…")
        assert len(name) <= 100
