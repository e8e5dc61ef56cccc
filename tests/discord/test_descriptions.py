"""Headline and summary never contradict the stage: the desk is asked for both, and until then cards say how old they are."""

from __future__ import annotations

from typing import Any

from bot.terminal.show import format_answer
from tests.discord.pressroom import open_press
from tests.discord.seen import check_limits, message_of, private, said
from tests.discord.stage import OPPAMA, Scene

OLD = "Nissan and Foxconn: EV production at Oppama"
NEW = "Nissan and Foxconn sign a contract for Oppama"
AS_OF = "Headline and summary as of August 2025"


async def sign(scene: Scene) -> Any:
    """Publish that the contract is signed, as an editor does."""
    form = await scene.form("desk publish", story=OPPAMA, claim="confirmed", stage="signed")
    return await scene.submit(form, headline=NEW, text="Both companies have signed.", sources="Nikkei")


def comes_first(text: str, first: str, second: str) -> bool:
    """Return whether a text has both, in this order."""
    return 0 <= text.find(first) < text.find(second)


async def test_a_card_leads_with_the_newest_development_until_the_desk_has_updated_it(scene: Scene) -> None:
    """It dates the headline and the summary that it had."""
    await sign(scene)
    card = await scene.ask("!deal oppama")
    check_limits(card)
    assert said(card).lstrip().startswith(f"### ● {NEW}\n-# Confirmed · 1 Jan 2026 · Nikkei\n**Signed**")
    assert f"-# {AS_OF}\n**{OLD}**\n" in said(card)
    assert said(card).count(NEW) == 1
    full = said(await scene.reader.click(card, label="Full story"))
    assert full.lstrip().startswith(f"### {NEW}")
    assert f"{AS_OF}\n**{OLD}**" in full


async def test_every_list_leads_with_it_too(scene: Scene) -> None:
    """Lists, the company's page, menus and completions; the terminal says the same."""
    await sign(scene)
    for question in ("!deals nissan", "!company foxconn", "!latest nissan"):
        shown = said(await scene.ask(question))
        assert NEW in shown, question
        assert OLD not in shown, question
    answer = await scene.container.services.library.show_story(OPPAMA)
    assert comes_first(format_answer(answer), NEW, f"{AS_OF}:\n{OLD}")


async def test_a_post_has_the_old_headline_last_and_dated(scene: Scene) -> None:
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    await sign(scene)
    await scene.send_posts()
    post = said(scene.posts()[0])
    assert comes_first(post, NEW, OLD)
    assert f"**{OLD}** · as of August 2025" in post


async def test_the_desk_is_asked_for_both_with_a_proposal(scene: Scene) -> None:
    """Once they are written, the card shows them, and nothing else asks for them."""
    told = await sign(scene)
    assert private(told)
    assert "The deal is now **Signed**, but its headline and summary are from when it was **In talks**." in said(told)
    form = await scene.open_form(told, "Update headline and summary")
    assert (form.text("Headline"), form.text("Summary")) == (NEW, "Both companies have signed. (1 Jan 2026)")
    done = await scene.submit(form, summary="Nissan and Foxconn have signed for Oppama.")
    assert said(done).strip().splitlines()[0] == f"Updated the headline and summary of **{NEW}**."
    assert "The deal is now" not in said(done)
    card = said(await scene.ask("!deal oppama"))
    assert card.lstrip().startswith(f"### {NEW}\n**Signed**")
    assert "Nissan and Foxconn have signed for Oppama." in card
    assert OLD not in card
    assert "as of August" not in card


async def test_an_editor_can_keep_what_still_fits(scene: Scene) -> None:
    kept = await scene.editor.click(message_of(await sign(scene)), label="They still fit")
    assert f"Kept the headline and summary of **{OLD}**." in said(kept)
    assert said(await scene.ask("!deal oppama")).lstrip().startswith(f"### {OLD}")


async def test_what_was_kept_is_asked_about_again_after_the_next_stage(scene: Scene) -> None:
    """A button of the stage before declares nothing about this one."""
    asked = message_of(await sign(scene))
    form = await scene.form("desk publish", story=OPPAMA, claim="confirmed", stage="completed")
    again = said(await scene.submit(form, headline="Foxconn takes over Oppama"))
    assert "The deal is now **Completed**" in again
    refused = await scene.editor.click(asked, label="They still fit")
    assert "has changed stage again" in said(refused)
    assert said(await scene.ask("!deal oppama")).lstrip().startswith("### ● Foxconn takes over Oppama")


async def test_an_article_of_the_queue_asks_too(scene: Scene) -> None:
    """The decision's card has the question and the button for whoever works the queue."""
    await (await open_press(scene)).brings(NEW)
    shown = await scene.editor.slash(scene.desk, "desk queue")
    done = await scene.editor.click(message_of(shown), label="Publish")
    assert "The deal is now **Signed**" in said(done)
    form = await scene.open_form(done, "Update headline and summary")
    assert form.text("Headline") == NEW


async def test_a_retraction_asks_too_and_its_undoing_does_not(scene: Scene) -> None:
    """The headline that was written for the retracted stage is the outdated one then."""
    form = await scene.open_form(await sign(scene), "Update headline and summary")
    await scene.submit(form)
    key = (await scene.container.services.library.get_story(OPPAMA)).developments[-1].key
    told = await scene.editor.slash(scene.desk, "desk retract", story=OPPAMA, development=key, reason="A mistake")
    assert "The deal is now **In talks**, but its headline and summary are from when it was **Signed**." in said(told)
    card = said(await scene.ask("!deal oppama"))
    assert comes_first(card, "reported to be negotiating", f"**{NEW}**")


async def test_a_corrected_stage_asks_too(scene: Scene) -> None:
    form = await scene.form("desk correct", story=OPPAMA, development="talks-reported", stage="agreed")
    assert "The deal is now **Agreed (non-binding)**" in said(await scene.submit(form))


async def test_a_new_headline_alone_leaves_the_summary_outdated(scene: Scene) -> None:
    """Changing the parties declares nothing at all."""
    await sign(scene)
    told = await scene.submit(await scene.form("desk story", story=OPPAMA), headline="Nissan and Foxconn at Oppama")
    assert "Update headline and summary" in str(message_of(told).components)
    assert AS_OF in said(await scene.ask("!deal oppama"))
    await scene.submit(await scene.form("desk story", story=OPPAMA), parties="Nissan | plant owner")
    assert AS_OF in said(await scene.ask("!deal oppama"))


async def test_news_without_a_stage_asks_nothing(scene: Scene) -> None:
    told = await scene.submit(await scene.form("desk publish", story=OPPAMA), headline="Plain news")
    assert "headline and summary" not in said(told)
    assert said(await scene.ask("!deal oppama")).lstrip().startswith(f"### {OLD}")


async def test_the_desk_sees_what_is_out_of_date(scene: Scene) -> None:
    nothing = await scene.editor.slash(scene.desk, "desk summary")
    assert "All headlines and summaries match the stage of their deal." in said(nothing)
    await sign(scene)
    listed = await scene.editor.slash(scene.desk, "desk summary")
    assert private(listed)
    assert f"**{OLD}**" in said(listed)
    assert "headline and summary are from “In talks”" in said(listed)
