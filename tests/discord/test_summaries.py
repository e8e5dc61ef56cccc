"""A summary out of the sources' own sentences is proposed, and used only when an editor has seen it."""

from __future__ import annotations

from tests.discord.seen import OpenForm, check_limits, message_of, said
from tests.discord.stage import Scene
from tests.discord.stories import a_story

TOLD = "The two companies want to build electric vehicles in one half of the plant."


async def test_a_proposed_summary_is_used_from_the_form(scene: Scene) -> None:
    """A summary is proposed with its sources and used from the form."""
    news = {"date": "2025-05", "headline": "Half a plant for Bolt", "text": TOLD, "claim": "reported"}
    await scene.tell(a_story("half", development=[{**news, "source": [{"publisher": "The Daily Press"}]}]))
    proposed = await scene.editor.slash(scene.desk, "desk summary", story="half")
    assert "nothing has been changed yet" in said(proposed)
    assert f"{TOLD} (The Daily Press, May 2025)" in said(proposed)
    check_limits(proposed)
    form = OpenForm(await scene.editor.click(message_of(proposed), label="Edit and use this summary"))
    assert TOLD in form.text("Summary")
    before = await scene.container.services.library.get_story("half")
    assert TOLD not in before.summary, "nothing is used unseen"
    await scene.submit(form, summary="Looked over: " + TOLD)
    after = await scene.container.services.library.get_story("half")
    assert after.summary == "Looked over: " + TOLD
    assert after.headline == before.headline


async def test_of_a_story_that_says_nothing_none_is_proposed(scene: Scene) -> None:
    await scene.tell(a_story("bare", development=[]))
    proposed = await scene.editor.slash(scene.desk, "desk summary", story="bare")
    assert "nothing to propose" in said(proposed)
