"""The desk adds, changes and removes the figures of a deal; readers see them on its card."""

from __future__ import annotations

from typing import Any

import pytest

from tests.discord.seen import check_limits, message_of, private, said
from tests.discord.stage import OPPAMA, Scene


async def add(scene: Scene, figure: str, **typed: Any) -> Any:
    """Add a figure to the story of Oppama, as an editor does."""
    shown = await scene.editor.slash(scene.desk, "desk terms", story=OPPAMA)
    form = await scene.open_form(shown, "Add a figure")
    return await scene.submit(form, figure=figure, **typed)


async def test_a_figure_is_added_as_people_write_it(scene: Scene) -> None:
    """The form asks for all of it; the answer says what was understood; the card shows it with its source."""
    shown = await scene.editor.slash(scene.desk, "desk terms", story=OPPAMA)
    assert "No figures yet" in said(shown)
    form = await scene.open_form(shown, "Add a figure")
    assert form.labels == ["What it is", "Figure", "Claim", "Date", "Sources (one per line)"]
    answer = await scene.submit(
        form, figure="about $69bn", date="2025-09", sources="Nikkei | A price | https://nikkei.example/2"
    )
    assert private(answer)
    check_limits(answer)
    assert "**Value:** ○ about $69 billion" in said(answer)
    assert "Stored as 69000000000 USD" in said(answer)
    card = said(await scene.ask("!deal oppama"))
    assert "**Value:** ○ about $69 billion · Reported · September 2025 · [Nikkei](https://nikkei.example/2)" in card
    assert "about $69 billion, reported" in said(await scene.ask("!deals nissan"))


async def test_a_second_figure_is_the_other_side(scene: Scene) -> None:
    await add(scene, "$69bn", date="2025-08")
    await add(scene, "60 billion dollars", date="2025-09", claim="confirmed")
    assert "**Value:** sources differ\n> ● $60 billion · Confirmed" in said(await scene.ask("!deal oppama"))


async def test_the_same_figure_again_adds_its_source(scene: Scene) -> None:
    await add(scene, "$69bn", sources="Nikkei")
    await add(scene, "69 billion dollars", sources="Reuters")
    assert "**Value:** ○ $69 billion · Reported · Nikkei · Reuters" in said(await scene.ask("!deal oppama"))


async def test_a_figure_is_changed_in_a_form_that_shows_it(scene: Scene) -> None:
    answer = await add(scene, "up to 1.5 Mrd. Euro", sources="Nikkei")
    form = await scene.open_form(answer, "Change")
    assert form.text("Figure") == "up to €1.5 billion"
    changed = await scene.submit(form, figure="€1.6bn", claim="confirmed")
    assert "**Value:** ● €1.6 billion" in said(changed)
    assert "**Value:** ● €1.6 billion · Confirmed · Nikkei" in said(await scene.ask("!deal oppama"))
    assert "No change" in said(await scene.submit(await scene.open_form(changed, "Change")))


async def test_a_removed_figure_is_gone_from_the_card_until_it_is_restored(scene: Scene) -> None:
    """The full story keeps it, struck through."""
    removed = await scene.editor.click(message_of(await add(scene, "$69bn")), label="Remove")
    assert "Removed" in said(removed)
    answer = await scene.ask("!deal oppama")
    assert "$69 billion" not in said(answer)
    assert "~~$69 billion~~" in said(await scene.reader.click(answer, label="Full story"))
    await scene.editor.click(message_of(removed), label="Undo")
    assert "**Value:** ○ $69 billion" in said(await scene.ask("!deal oppama"))


async def test_a_figure_is_picked_from_the_list(scene: Scene) -> None:
    await add(scene, "51%", what="stake")
    shown = await scene.editor.slash(scene.desk, "desk terms", story=OPPAMA)
    assert "**Stake:** ○ 51%" in said(shown)
    picked = await scene.editor.select(message_of(shown), ["1"], custom_id=f"dw:termpick:{OPPAMA}")
    assert "**Stake:** ○ 51%" in said(picked)


@pytest.mark.parametrize(
    ("figure", "what", "message"),
    [
        ("a lot", "value", "Figure: expected a figure such as $69bn or 100,000 vehicles/year"),
        ("$5-6bn", "value", "Figure: expected one figure with its unit, not '$5-6bn'"),
        ("69 billion", "value", "Figure: expected a unit too"),
        ("51%", "value", "Figure: expected an ISO 4217 currency such as USD, not '%'"),
        ("151%", "stake", "Figure: expected at most 100%, not '151'"),
    ],
)
async def test_a_figure_that_is_not_understood_is_not_guessed(
    scene: Scene, figure: str, what: str, message: str
) -> None:
    answer = await add(scene, figure, what=what)
    assert message in said(answer)
    assert "**Value:**" not in said(await scene.ask("!deal oppama"))
