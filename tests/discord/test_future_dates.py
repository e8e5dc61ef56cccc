"""A development cannot be dated later than tomorrow: what is still to come is an expected event."""

from __future__ import annotations

import pytest

from tests.discord.seen import message_of, said
from tests.discord.stage import OPPAMA, Scene

REFUSED = "expected a date no later than tomorrow, not 3 Mar 2027; add what is still to come as an expected event"


@pytest.mark.parametrize(("command", "options"), [("publish", {}), ("correct", {"development": "talks-reported"})])
async def test_a_date_to_come_is_refused_at_once(scene: Scene, command: str, options: dict[str, str]) -> None:
    """Before the form opens, which has no field for the date."""
    answer = await scene.editor.slash(scene.desk, f"desk {command}", story=OPPAMA, date="2027-03-03", **options)
    assert f"date: {REFUSED}" in said(answer)


@pytest.mark.parametrize("date", ["2026-01-02", "2026-01", "2026", "by 2026"])
async def test_tomorrow_and_the_running_period_are_accepted(scene: Scene, date: str) -> None:
    """Tomorrow by UTC is today in some time zones, and a month or a year that has begun can have it already."""
    form = await scene.form("desk publish", story=OPPAMA, date=date)
    assert "Published" in said(await scene.submit(form, headline="Just now"))


@pytest.mark.parametrize("date", ["2026-01-03", "2026-02", "2027", "by 2026-12"])
async def test_what_is_later_than_tomorrow_is_refused(scene: Scene, date: str) -> None:
    answer = await scene.editor.slash(scene.desk, "desk publish", story=OPPAMA, date=date)
    assert "expected a date no later than tomorrow" in said(answer)


async def test_a_pasted_draft_is_not_dated_in_the_future(scene: Scene) -> None:
    draft = await scene.submit(await scene.form("desk publish"), headline="Nissan and Foxconn close")
    form = await scene.open_form(draft, "Edit")
    refused = await scene.submit(form, date="2027-03-03")
    assert f"Date: {REFUSED}" in said(refused)
    form = await scene.open_form(refused, "Fix and resubmit")
    assert "Published" in said(
        await scene.editor.click(message_of(await scene.submit(form, date="2026")), label="Publish")
    )
