"""The terms of stories in the store: corrected, retracted, merged, and listed by their figures."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.model.dates import PartialDate
from bot.model.story import Source
from bot.model.terms import FigureFilter, Term, TermName, group_terms
from bot.model.vocabulary import Bound, Claim, Kind
from bot.newsroom.drafts import StoryDraft
from tests.store.delivery import Delivery
from tests.store.material import draft

WIRE = Source("The Wire", "A price", "https://wire.example/1", PartialDate(2025, 8))


def value(amount: str, unit: str = "USD", *, key: str = "price", bound: Bound | None = None) -> Term:
    """Return the value of a deal."""
    return Term(key, TermName.VALUE, Decimal(amount), unit, Claim.REPORTED, bound, PartialDate(2025), (WIRE,))


def terms_of(slug: str, *terms: Term) -> StoryDraft:
    """Return terms of a known story."""
    return StoryDraft(slug, None, (), terms)


async def publish(delivery: Delivery, slug: str, *terms: Term, kind: Kind = Kind.MERGER) -> None:
    await delivery.publish(replace(draft(slug, kind=kind), terms=terms))


async def list_slugs(delivery: Delivery, figures: FigureFilter, **criteria: object) -> list[str]:
    async with delivery.store.read() as tx:
        items, count = await tx.listing.list_stories(figures=figures, **criteria)  # type: ignore[arg-type] # checked there
    assert count == len(items)
    return [item.slug for item in items]


async def test_the_same_id_is_a_correction(delivery: Delivery) -> None:
    """The amount is exact, however long it is, and the correction is audited."""
    await publish(delivery, "deal", value("68700000000.01"))
    outcome = await delivery.desk.publish(terms_of("deal", value("69000000000")), actor="editor")
    (term,) = outcome.story.terms
    assert (term.amount, term.sources) == (Decimal(69000000000), (WIRE,))
    async with delivery.store.read() as tx:
        assert (await tx.stories.get("deal")).terms == (term,)
        *_, added, corrected = await tx.audit.list_entries("deal")
    assert (added.action, added.after["amount"]) == ("term added", "68700000000.01")
    assert (corrected.action, corrected.actor) == ("term corrected", "editor")
    assert (corrected.before["amount"], corrected.after["amount"]) == ("68700000000.01", "69000000000")


async def test_the_same_term_again_changes_nothing(delivery: Delivery) -> None:
    await publish(delivery, "deal", value("51.0", "EUR"))
    outcome = await delivery.desk.publish(terms_of("deal", value("51", "EUR")), actor="editor")
    assert not outcome.is_changed


async def test_two_figures_of_one_name_are_two_sides(delivery: Delivery) -> None:
    """The newer one is shown first; without an id a known figure is a correction, and another one is new."""
    older = replace(value("60", key=""), date=PartialDate(2024))
    await publish(delivery, "deal", older)
    await delivery.desk.publish(terms_of("deal", older, value("69", key="")), actor="editor")
    async with delivery.store.read() as tx:
        story = await tx.stories.get("deal")
    (group,) = group_terms(story.terms)
    assert [term.key for term in story.terms] == ["value", "value-2"]
    assert [term.amount for term in group.terms] == [69, 60]
    assert group.is_disputed


async def test_a_retracted_term_is_in_no_list(delivery: Delivery) -> None:
    await publish(delivery, "deal", value("69"))
    await delivery.desk.publish(terms_of("deal", replace(value("69"), retraction_reason="A typo.")), actor="editor")
    assert await list_slugs(delivery, FigureFilter()) == []
    async with delivery.store.read() as tx:
        assert group_terms((await tx.stories.get("deal")).terms) == ()
        assert (await tx.audit.list_entries("deal"))[-1].action == "term retracted"


@pytest.mark.parametrize(
    ("figures", "slugs"),
    [
        (FigureFilter(unit="USD"), ["huge", "bounded", "small"]),
        (FigureFilter(unit="USD", over=Decimal(10)), ["huge"]),
        (FigureFilter(unit="USD", over=Decimal(9)), ["huge"]),
        (FigureFilter(unit="USD", over=Decimal(69)), []),
        (FigureFilter(unit="USD", under=Decimal(100)), ["huge", "bounded", "small"]),
        (FigureFilter(unit="USD", under=Decimal(60)), ["bounded", "small"]),
        (FigureFilter(unit="JPY"), ["yen"]),
        (FigureFilter(), ["huge", "bounded", "yen", "small"]),
        (FigureFilter(TermName.STAKE, "%"), ["half"]),
        (FigureFilter(TermName.STAKE, "%", over=Decimal(50)), []),
    ],
)  # fmt: skip
async def test_deals_are_listed_by_their_figures(delivery: Delivery, figures: FigureFilter, slugs: list[str]) -> None:
    """The largest first; those without a figure are absent, limits are exclusive, and *up to 10* is not over 9."""
    await publish(delivery, "small", value("5"))
    await publish(delivery, "huge", value("60"), value("69", key="other"))
    await publish(delivery, "bounded", value("10", bound=Bound.UP_TO))
    await publish(delivery, "yen", value("1000", "JPY"))
    await publish(delivery, "denied", replace(value("90"), claim=Claim.DENIED))
    await publish(delivery, "half", Term("stake", TermName.STAKE, Decimal(50), "%", Claim.CONFIRMED))
    await publish(delivery, "silent")
    assert await list_slugs(delivery, figures) == slugs


async def test_figures_combine_with_other_filters(delivery: Delivery) -> None:
    await publish(delivery, "small", value("5"), kind=Kind.ACQUISITION)
    await publish(delivery, "huge", value("69"))
    assert await list_slugs(delivery, FigureFilter(), kind=Kind.ACQUISITION) == ["small"]
    assert await list_slugs(delivery, FigureFilter(), company="Alpha", deals_only=True) == ["huge", "small"]
    assert await list_slugs(delivery, FigureFilter(), company="Nobody") == []


async def test_a_list_has_each_deals_value(delivery: Delivery) -> None:
    """Both sides of a dispute, but no denial."""
    await publish(
        delivery, "deal", value("60"), value("69", key="b"), replace(value("90", key="c"), claim=Claim.DENIED)
    )
    await publish(delivery, "silent")
    async with delivery.store.read() as tx:
        items, _ = await tx.listing.list_stories()
    assert {item.slug: [term.amount for term in item.terms] for item in items} == {"deal": [60, 69], "silent": []}


async def test_a_merge_carries_the_terms_and_undoing_it_returns_them(delivery: Delivery) -> None:
    await publish(delivery, "first", value("60"))
    await delivery.publish(replace(draft("second", parties=("Gamma",)), terms=(value("69"),)))
    async with delivery.store.read() as tx:
        before = [await tx.stories.get(slug) for slug in ("second", "first")]
    merged = await delivery.desk.merge("second", "first", actor="test")
    assert [(term.key, term.amount) for term in merged.terms] == [("price", Decimal(60)), ("price-2", Decimal(69))]
    # The file of the merged story changes its own term, not the other's.
    await delivery.desk.publish(terms_of("second", value("69")), actor="test")
    assert [*await delivery.desk.unmerge("second", actor="test")] == before
