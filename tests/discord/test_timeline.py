"""Timelines, and who a company deals with: pictures that come with their words, for the right eyes."""

from __future__ import annotations

from typing import Any

import pytest

from bot import extras
from bot.errors import PictureError
from tests.discord.seen import Shown, buttons, check_limits, menus, message_of, parts, private, said
from tests.discord.stage import OPPAMA, Scene
from tests.discord.stories import a_story

GALLERY = 12


def pictures(shown: Shown) -> list[str]:
    """Return the words of a message's pictures, each of which it carries as a file."""
    items = [item for part in parts(shown) if part["type"] == GALLERY for item in part["items"]]
    attached = message_of(shown).attachments
    assert len(attached) == len(items)
    return [str(item["description"]) for item in items]


async def partners(scene: Scene, count: int) -> None:
    """So many companies that deal with Acme."""
    for number in range(count):
        party = [{"company": "Acme"}, {"company": f"Partner {number}"}]
        await scene.tell(a_story(f"deal-{number}", party=party))


async def test_a_timeline_tells_in_words_what_it_shows(scene: Scene) -> None:
    answer = await scene.ask("!timeline oppama")
    (words,) = pictures(answer)
    assert words.startswith("Timeline of “Nissan and Foxconn: EV production at Oppama”. Stage: In talks. Disputed.")
    assert "August 2025, denied: Foxconn reported not to be" in words
    assert buttons(answer) == {"Follow": True, "Full story": True}
    check_limits(answer)
    assert scene.container.services.picture_renderer.drawing_count == 1
    again = await scene.reader.slash(scene.deals, "timeline", query=OPPAMA)
    assert pictures(again) == [words]
    assert scene.container.services.picture_renderer.drawing_count == 1, "nothing has changed"
    await scene.publish(headline="Both sign", claim="confirmed", stage="signed")
    assert "Both sign" in pictures(await scene.reader.slash(scene.deals, "timeline", query="oppama"))[0]
    assert scene.container.services.picture_renderer.drawing_count == 2


async def test_a_companys_timeline_has_its_stories_and_opens_them(scene: Scene) -> None:
    answer = await scene.ask("!timeline 日産")
    assert pictures(answer)[0].startswith("Timeline of Nissan: 4 stories: ")
    assert set(menus(answer)["Open a story (4)"].values()) >= {OPPAMA, "honda-nissan-merger"}


async def test_the_buttons_draw_privately_also_after_a_restart(scene: Scene) -> None:
    """The buttons draw for the clicker alone also after a restart."""
    story, company = await scene.ask("!deal oppama"), await scene.ask("!company EasyPark")
    await scene.restart()
    for card, begin in ((story, "Timeline of “Nissan and Foxconn"), (company, "Timeline of EasyPark Group: 1 story")):
        drawn = await scene.reader.click(card, label="Timeline")
        assert private(drawn)
        assert pictures(drawn)[0].startswith(begin)


async def test_without_pictures_a_list_is_the_answer(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence says why, for a story and for a company, typed and by a button. Nothing is drawn."""
    monkeypatch.setattr(extras, "find_spec", lambda _name: None)
    for typed, words in (("oppama", "Autovista24 · August 2025"), ("日産", "Honda and Nissan")):
        answer = await scene.ask(f"!timeline {typed}")
        assert "This bot runs without the extra “pictures”, so here is a list." in said(answer)
        assert words in said(answer)
        assert pictures(answer) == []
        check_limits(answer)
    for card in (await scene.ask("!deal oppama"), await scene.ask("!company nissan")):
        listed = await scene.reader.click(card, label="Timeline")
        assert private(listed)
        assert "so here is a list." in said(listed)
    assert pictures(await scene.ask("!company nissan")) == []
    assert scene.container.services.picture_renderer.drawing_count == 0


async def test_what_matches_nothing_or_has_nothing_to_draw_is_told(blank: Scene) -> None:
    await blank.tell(a_story("acme-deal", development=[]))
    assert "No story matches “zzgrbl”" in said(await blank.ask("!timeline zzgrbl"))
    assert "There is nothing to draw" in said(await blank.ask("!timeline acme-deal"))
    assert "No story of this company matches “Acme”" in said(await blank.ask("!timeline acme"))


async def test_a_company_with_three_partners_shows_who_it_deals_with(blank: Scene) -> None:
    await partners(blank, 2)
    assert pictures(await blank.ask("!company acme")) == []
    await blank.tell(a_story("deal-2", party=[{"company": "Acme"}, {"company": "鴻海"}]))
    answer = await blank.reader.slash(blank.deals, "company", name="acme")
    (words,) = pictures(answer)
    assert words.startswith("Who Acme deals with: 3 companies: ")
    assert "鴻海 (In talks, Supply)" in words
    check_limits(answer)


async def test_without_pictures_a_company_says_why(blank: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only where there would be one."""
    monkeypatch.setattr(extras, "find_spec", lambda _name: None)
    await partners(blank, 2)
    assert "without the extra" not in said(await blank.ask("!company acme"))
    await blank.tell(a_story("deal-2", party=[{"company": "Acme"}, {"company": "鴻海"}]))
    answer = await blank.ask("!company acme")
    assert "This bot runs without the extra “pictures”, so there is no picture of the partners." in said(answer)
    assert pictures(answer) == []


async def test_did_you_mean_leads_to_the_company_with_its_picture(blank: Scene) -> None:
    party = [{"company": name, "role": "partner"} for name in ("Renault", "Bolt", "Cork", "Disc")]
    await blank.tell(a_story("consortium", kind="alliance", party=party))
    mine = await blank.reader.slash(blank.deals, "company", name="renolt")
    assert mine.response is not None
    clicked = await blank.reader.click(mine.response, label="Renault")
    assert pictures(clicked)[0].startswith("Who Renault deals with: 3 companies")
    beside = await blank.editor.click(await blank.ask("!company renolt"), label="Renault")
    assert private(beside)
    assert pictures(beside)[0].startswith("Who Renault deals with")


async def test_without_attach_files_the_answer_says_what_is_missing(blank: Scene) -> None:
    """The company's card comes without its picture; a slash command needs no permission for it."""
    await partners(blank, 3)
    lacking = blank.lacking(attach_files=False)
    closed = blank.guild.create_text_channel("closed", overwrites=lacking)
    await blank.env.settle()
    company = await blank.ask("!company acme", at=closed)
    assert pictures(company) == []
    assert "The bot needs Attach Files here to show a picture" in said(company)
    assert "The bot needs Attach Files here" in said(await blank.ask("!timeline acme", at=closed))
    assert pictures(await blank.reader.slash(closed, "timeline", query="acme"))


async def test_a_picture_that_fails_leaves_the_company_and_is_told(
    blank: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    await partners(blank, 3)

    async def broken(*_: Any) -> bytes:
        raise PictureError("This picture couldn't be drawn.")

    monkeypatch.setattr(type(blank.container.services.picture_renderer), "draw", broken)
    company = await blank.ask("!company acme")
    assert "This picture couldn't be drawn." in said(company)
    assert "Partner 2" in said(company)
    failed = await blank.reader.slash(blank.deals, "timeline", query="acme")
    assert "This picture couldn't be drawn." in said(failed)


async def test_completion_offers_companies_and_stories(scene: Scene) -> None:
    offered = await scene.reader.autocomplete(scene.deals, "timeline", "query", "niss")
    names = {choice["name"] for choice in offered}
    assert "All of Nissan" in names
    assert any("Oppama" in name for name in names)
