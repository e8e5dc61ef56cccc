"""The desk adds, moves, settles and removes what sources expect to happen; readers see it on the card."""

from __future__ import annotations

from typing import Any

import pytest

from tests.discord.seen import OpenForm, buttons, check_limits, menus, message_of, private, said
from tests.discord.stage import Scene
from tests.discord.stories import a_story

SLUG = "acme-bolt"
SOURCE = "Nikkei | They close soon | https://nikkei.example/3"


@pytest.fixture
async def desk(blank: Scene) -> Scene:
    """Store a story with two developments."""
    news = [
        {"id": "signed", "date": "2025-10", "headline": "They sign", "claim": "confirmed", "stage": "signed"},
        {"id": "voted", "date": "2025-12-15", "headline": "Both say yes", "claim": "confirmed"},
    ]
    await blank.tell(a_story(SLUG, development=news))
    return blank


async def show(scene: Scene) -> Any:
    return await scene.editor.slash(scene.desk, "desk expected", story=SLUG)


async def add(scene: Scene, headline: str = "The closing", date: str = "2026-Q2") -> Any:
    """Add an expected event as an editor does, and return the confirmation."""
    form = await scene.open_form(await show(scene), "Add an expected event")
    return await scene.submit(form, headline=headline, expected=date, sources=SOURCE)


async def pick(scene: Scene) -> Any:
    """Select the first expected event in the story's list."""
    shown = await show(scene)
    first = next(iter(menus(shown)["Select an expected event"].values()))
    return await scene.editor.select(message_of(shown), [first], custom_id=f"dw:expectedpick:{SLUG}")


async def audit(scene: Scene) -> list[str]:
    async with scene.container.services.store.read() as tx:
        entries = await tx.audit.list_entries(SLUG)
    assert all(entry.actor == f"discord:{scene.editor.id}" for entry in entries if entry.actor != "test")
    return [entry.action for entry in entries if entry.action.startswith("expected event")]


async def test_an_event_is_added_and_readers_see_it(desk: Scene) -> None:
    shown = await show(desk)
    assert "Nothing is expected yet" in said(shown)
    form = await desk.open_form(shown, "Add an expected event")
    assert form.labels == ["Headline", "Expected date", "Sources (one per line)"]
    told = await desk.submit(form, headline="The closing", expected="2026-Q2", sources=SOURCE)
    assert private(told)
    check_limits(told)
    assert "Added “The closing” to **Acme bolt** (`acme-bolt`)." in said(told)
    assert "Expected event · Q2 2026" in said(told)
    assert "**Next:** The closing · Q2 2026" in said(await desk.ask("!deal acme bolt"))
    assert "The closing" in said(await desk.ask("!upcoming"))
    assert "Q2 2026" in said(await show(desk))


async def test_an_addition_is_undone(desk: Scene) -> None:
    told = await desk.editor.click(message_of(await add(desk)), label="Undo")
    assert "Removed “The closing” from **Acme bolt**" in said(told)
    assert "The closing" not in said(await desk.ask("!deal acme bolt"))
    assert await audit(desk) == ["expected event added", "expected event removed"]


async def test_an_event_is_moved_and_moved_back(desk: Scene) -> None:
    await add(desk)
    form = await desk.open_form(await pick(desk), "Move or change")
    assert form.text("Expected date") == "2026-Q2"
    moved = await desk.submit(form, expected="2026-09-30")
    assert "Moved “The closing” in **Acme bolt** (`acme-bolt`) from Q2 2026 to 30 Sept 2026." in said(moved)
    assert "The closing · 30 Sept 2026" in said(await desk.ask("!deal acme bolt"))
    back = await desk.editor.click(message_of(moved), label="Undo")
    assert "from 30 Sept 2026 to Q2 2026." in said(back)
    assert await audit(desk) == ["expected event added", *["expected event moved"] * 2]


async def test_an_event_happened_with_its_development(desk: Scene) -> None:
    await add(desk, "The vote", "2025-12-15")
    form = await desk.open_form(await pick(desk), "It happened")
    assert list(form.choices("Development that reports it")) == ["15 Dec 2025: Both say yes", "October 2025: They sign"]
    told = await desk.submit(form, development="voted")
    assert "Marked “The vote” in **Acme bolt** (`acme-bolt`): **Happened**." in said(told)
    assert "Happened · 15 Dec 2025" in said(told)
    assert "The vote" not in said(await desk.ask("!upcoming"))
    again = await desk.editor.click(message_of(told), label="Undo")
    assert "“The vote” in **Acme bolt** (`acme-bolt`) is expected again." in said(again)
    assert "The vote" in said(await desk.ask("!upcoming"))
    assert await audit(desk) == [f"expected event {word}" for word in ("added", "happened", "reopened")]


async def test_an_event_is_dropped_with_the_reason(desk: Scene) -> None:
    """The full story gives the reason; an export keeps it."""
    await add(desk)
    told = await desk.submit(await desk.open_form(await pick(desk), "It was dropped"), reason="The court said no")
    assert "Marked “The closing” in **Acme bolt** (`acme-bolt`): **Dropped**." in said(told)
    full = said(await desk.reader.click(await desk.ask("!deal acme bolt"), label="Full story"))
    assert "Dropped · was expected for Q2 2026" in full
    assert "**Reason:** The court said no" in full
    picked = await pick(desk)
    assert "Reopen" in buttons(picked)
    await desk.editor.click(message_of(picked), label="Reopen")
    assert "**Next:** The closing" in said(await desk.ask("!deal acme bolt"))


async def test_a_mistake_is_removed_after_confirmation(desk: Scene) -> None:
    await add(desk)
    asked = await desk.editor.click(message_of(await pick(desk)), label="Remove")
    assert "Removing cannot be undone." in said(asked)
    kept = await desk.editor.click(message_of(asked), label="Keep")
    assert "It happened" in buttons(kept)
    asked = await desk.editor.click(message_of(kept), label="Remove")
    assert "Removed “The closing”" in said(await desk.editor.click(message_of(asked), label="Remove for good"))
    assert "Nothing is expected yet" in said(await show(desk))


async def test_two_editors_settle_an_event_once(desk: Scene) -> None:
    """The second is told what the first did; and what each changed of an event is kept."""
    await add(desk)
    picked = await pick(desk)
    happened, dropped = await desk.open_form(picked, "It happened"), await desk.open_form(picked, "It was dropped")
    moving, correcting = [await desk.open_form(picked, "Move or change") for _ in range(2)]
    await desk.submit(moving, expected="2026-08")
    await desk.submit(correcting, headline="The deal closes")
    assert "The deal closes · August 2026" in said(await desk.ask("!deal acme bolt"))
    await desk.submit(dropped, reason="No")
    refused = await desk.submit(happened, development="voted")
    assert "“The deal closes” is already marked: Dropped. Undo that first." in said(refused)


async def test_a_later_move_is_not_undone_by_an_old_button(desk: Scene) -> None:
    await add(desk)
    moved = await desk.submit(await desk.open_form(await pick(desk), "Move or change"), expected="2026-08")
    await desk.submit(await desk.open_form(await pick(desk), "Move or change"), expected="2026-11")
    refused = await desk.editor.click(message_of(moved), label="Undo")
    assert "has since been moved to November 2026." in said(refused)


@pytest.mark.parametrize(
    ("headline", "date", "message"),
    [
        ("The closing", "soon", "Expected date: expected a date as YYYY"),
        ("The closing", "2026-Q2", "Headline: the story already has an expected event with this headline and date"),
    ],
)
async def test_a_refused_event_loses_nothing(desk: Scene, headline: str, date: str, message: str) -> None:
    await add(desk)
    refused = await add(desk, headline, date)
    assert message in said(refused)
    form = OpenForm(await desk.editor.click(message_of(refused), label="Fix and resubmit"))
    assert form.text("Expected date") == date


async def test_a_former_editor_changes_no_events(desk: Scene) -> None:
    told = await add(desk)
    form = await desk.open_form(await pick(desk), "It was dropped")
    desk.env.backend.remove_member_role(desk.guild.id, desk.editor.id, desk.guild.roles["Editors"].id)
    for refused in (await desk.editor.click(message_of(told), label="Undo"), await desk.submit(form, reason="No")):
        assert "Only the desk can do this" in said(refused)
    assert "The closing" in said(await desk.ask("!upcoming"))
