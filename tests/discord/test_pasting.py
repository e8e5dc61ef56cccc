"""One paste: an address becomes a card with all that its page says, and the card a development."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot import extras
from bot.newsroom.pasted_articles import RETENTION
from tests.discord.seen import OpenForm, buttons, check_limits, menu_id, menus, message_of, private, said
from tests.discord.stage import OPPAMA, Scene, Stage
from tests.feeds.local import Publishers, publishing
from tests.languages.pseudo import bracketed, outside

SIGNED = "Nissan and Foxconn sign a contract over EV production at Oppama"
TEXT = (
    "Nissan and Foxconn have signed a contract over building electric vehicles at the Oppama plant, the two companies "
    "confirmed in a joint statement. Production is to begin in 2027, and the plant will stay open."
)


def page(
    title: str = SIGNED, text: str = TEXT, *, date: str = "2025-12-30T09:00:00Z", site: str = "The Daily Press"
) -> str:
    """Return the page of an article."""
    published = f'<meta property="article:published_time" content="{date}">' if date else ""
    return (
        f'<html><head><title>{title}</title><meta property="og:title" content="{title}">'
        f'<meta property="og:site_name" content="{site}">{published}</head>'
        f"<body><article><h1>{title}</h1><p>{text}</p><p>{text}</p></article></body></html>"
    )


@pytest.fixture
async def publishers() -> AsyncIterator[Publishers]:
    async with publishing() as here:
        here.says("/signed", page(), headers={"Content-Type": "text/html"})
        yield here


@pytest.fixture
async def scene(stage: Stage) -> AsyncIterator[Scene]:
    async with stage.open(FEED_ALLOW="127.0.0.1", EMBEDDINGS="none") as opened:
        yield opened


def here(publishers: Publishers, path: str) -> str:
    return publishers.url(path, "127.0.0.1")


async def paste(scene: Scene, address: str, **options: Any) -> Any:
    """Paste an address, and return the card."""
    return await scene.editor.slash(scene.desk, "desk publish", address=address, **options)


async def choose(scene: Scene, card: Any, title: str, value: str) -> Any:
    """Select a value in a menu of the card, and return the card as it is then."""
    return await scene.editor.select(message_of(card), custom_id=menu_id(card, title), values=[value])


async def test_without_page_texts_the_card_says_so(
    scene: Scene, publishers: Publishers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Title, date and publisher are filled in from what the page says about itself."""
    assert "without the extra" not in said(await paste(scene, here(publishers, "/signed")))
    monkeypatch.setattr(extras, "find_spec", lambda _name: None)
    card = await paste(scene, here(publishers, "/signed"))
    assert (
        "This bot runs without the extra “pages”, so it reads what a page says about itself, but not its text."
        in said(card)
    )
    assert SIGNED in said(card)
    assert "The Daily Press" in said(card)


async def test_one_paste_and_one_click_publish(scene: Scene, publishers: Publishers) -> None:
    """The card shows what the page says and which story it is, and why; the confirmation names both."""
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    card = await paste(scene, here(publishers, "/signed"))
    assert private(card)
    check_limits(card)
    for expected in (
        SIGNED,
        "The Daily Press · 30 Dec 2025",
        "**Story:** Nissan and Foxconn: EV production at Oppama",
        "both name Nissan and Foxconn",
        "**Claim:** Confirmed",
        "**Stage:** In talks → Signed",
    ):
        assert expected in said(card)
    told = await scene.editor.click(message_of(card), label="Publish")
    assert f"Published “{SIGNED}” in **Nissan and Foxconn: EV production at Oppama**" in said(told)
    await scene.send_posts()
    for shown in (said(await scene.ask("!deal oppama")), said(scene.posts()[0])):
        for expected in (SIGNED, "Confirmed", "30 Dec 2025", "The Daily Press", "/signed"):
            assert expected in shown


async def test_every_guess_can_be_changed_on_the_card(scene: Scene, publishers: Publishers) -> None:
    card = await paste(scene, here(publishers, "/signed"))
    card = await choose(scene, card, "Change the claim", "reported")
    assert "**Claim:** Reported" in said(card)
    card = await choose(scene, card, "Change the stage", "agreed")
    assert "**Stage:** In talks → Agreed" in said(card)
    card = await choose(scene, card, "Change the story", "honda-nissan-merger")
    assert "**Story:** Honda and Nissan" in said(card)
    check_limits(card)
    await scene.editor.click(message_of(card), label="Publish")
    story = await scene.container.services.library.get_story("honda-nissan-merger")
    published = next(d for d in story.developments if d.headline == SIGNED)
    assert (published.claim.value, published.stage and published.stage.value) == ("reported", "agreed")


async def test_another_story_is_found_by_name(scene: Scene, publishers: Publishers) -> None:
    card = await paste(scene, here(publishers, "/signed"))
    form = OpenForm(await choose(scene, card, "Change the story", "by-name"))
    assert "**Story:** Honda and Nissan" in said(await scene.submit(form, story="honda nissan merger"))


async def test_a_pasted_article_begins_a_new_story(scene: Scene, publishers: Publishers) -> None:
    card = await paste(scene, here(publishers, "/signed"), kind="joint-venture")
    card = await choose(scene, card, "Change the story", "new story")
    assert "**Story:** a new one · Joint venture" in said(card)
    assert "parties: " in said(card)
    card = await choose(scene, card, "Change the kind", "supply")
    form = OpenForm(await scene.editor.click(message_of(card), label="Edit"))
    card = await scene.submit(form, headline="A contract of its own", parties="Nissan: customer\nFoxconn: supplier")
    told = await scene.editor.click(message_of(card), label="Publish")
    assert "in the new story **A contract of its own**" in said(told)
    answer = said(await scene.ask("!deal contract of its own"))
    assert "**Nissan** (customer) · **Foxconn** (supplier)" in answer
    assert "Supply" in answer


async def test_a_page_that_cannot_be_read_is_filled_in(scene: Scene, publishers: Publishers) -> None:
    card = await paste(scene, here(publishers, "/missing"), story=OPPAMA)
    assert "The page couldn't be read: " in said(card)
    assert "404" in said(card)
    assert buttons(card)["Publish"] is False
    form = OpenForm(await scene.editor.click(message_of(card), label="Edit"))
    assert form.text("Sources (one per line)").startswith("127.0.0.1 |  | http://127.0.0.1:")
    refused = await scene.submit(form, headline="Filled in", text="By hand.", date="soon")
    again = OpenForm(await scene.editor.click(message_of(refused), label="Fix and resubmit"))
    assert (again.text("Headline"), again.text("Text")) == ("Filled in", "By hand.")
    card = await scene.submit(again, date="2025-12")
    assert "couldn't be read" not in said(card)
    assert "Published “Filled in” in **" in said(await scene.editor.click(message_of(card), label="Publish"))


@pytest.mark.parametrize(
    ("address", "sentence"),
    [("nonsense", "address: expected an http:// or https:// link"), ("http://10.0.0.1/x", "couldn't be read")],
)
async def test_what_is_no_public_address_is_refused(scene: Scene, address: str, sentence: str) -> None:
    assert sentence in said(await paste(scene, address)).replace("\\", "")


async def test_a_draft_survives_a_restart(scene: Scene, publishers: Publishers) -> None:
    card = await paste(scene, here(publishers, "/signed"))
    await scene.restart()
    assert "Published “" in said(await scene.editor.click(message_of(card), label="Publish"))


async def test_an_old_draft_expires_politely(scene: Scene, publishers: Publishers) -> None:
    card = await paste(scene, here(publishers, "/signed"))
    assert await scene.container.services.pasted_articles.erase_expired() == 0
    await scene.env.advance_time(RETENTION.total_seconds() + 60)
    await scene.container.services.pasted_articles.erase_expired()
    assert "it has expired" in said(await scene.editor.click(message_of(card), label="Publish"))


async def test_a_discarded_draft_publishes_nothing(scene: Scene, publishers: Publishers) -> None:
    card = await paste(scene, here(publishers, "/signed"))
    assert f"Discarded: “{SIGNED}”" in said(await scene.editor.click(message_of(card), label="Discard"))
    assert SIGNED not in said(await scene.ask("!latest nissan"))


async def test_an_article_that_is_known_becomes_a_source(scene: Scene, publishers: Publishers) -> None:
    """The same link again repeats the development that it already is a source of."""
    await scene.editor.click(message_of(await paste(scene, here(publishers, "/signed"))), label="Publish")
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    publishers.says("/again", page(site="The Other Paper"), headers={"Content-Type": "text/html"})
    card = await paste(scene, here(publishers, "/again"))
    assert f"It seems to repeat “{SIGNED}”." in said(card)
    told = await scene.editor.click(message_of(card), label="Only add the source")
    assert f"Added as a source of “{SIGNED}”" in said(told)
    await scene.send_posts()
    assert scene.posts() == []
    assert "The Other Paper" in said(await scene.ask("!deal oppama"))
    card = await paste(scene, here(publishers, "/signed"))
    assert f"It seems to repeat “{SIGNED}”." in said(card)


async def test_a_page_without_a_date_is_dated_by_today(scene: Scene, publishers: Publishers) -> None:
    publishers.says("/undated", page(date=""), headers={"Content-Type": "text/html"})
    card = await paste(scene, here(publishers, "/undated"))
    assert "The Daily Press · by 1 Jan 2026 · the page gives no date" in said(card)


async def test_a_link_alone_in_the_form_is_enough(scene: Scene, publishers: Publishers) -> None:
    form = await scene.form("desk publish")
    assert form.chosen("Story") == ["suggested story"]
    card = await scene.submit(form, text="Both say so.", sources=here(publishers, "/signed"))
    assert SIGNED in said(card)
    assert "Both say so." in said(card)
    await scene.editor.click(message_of(card), label="Publish")
    answer = said(await scene.ask("!deal oppama"))
    assert "The Daily Press" in answer


async def test_a_typed_headline_gets_a_suggested_story(scene: Scene) -> None:
    """Without a link too; nothing is published before the editor has seen where."""
    card = await scene.submit(await scene.form("desk publish"), headline=SIGNED, sources="Nikkei")
    assert "**Story:** Nissan and Foxconn: EV production at Oppama" in said(card)
    assert SIGNED not in said(await scene.ask("!latest nissan"))
    assert "Published “" in said(await scene.editor.click(message_of(card), label="Publish"))


async def test_a_form_needs_a_headline_or_a_link(scene: Scene) -> None:
    refused = await scene.submit(await scene.form("desk publish", story=OPPAMA), text="Long typed.")
    assert "Headline: can't be empty, unless" in said(refused)
    assert "Long typed." in said(refused)


async def test_what_a_page_says_formats_and_pings_nothing(scene: Scene, publishers: Publishers) -> None:
    title = "Nissan **bold** @everyone &lt;@&amp;1&gt; and Foxconn `sign`"
    publishers.says("/hostile", page(title, site="# @here"), headers={"Content-Type": "text/html"})
    card = await paste(scene, here(publishers, "/hostile"))
    assert "@everyone" not in said(card)
    assert "\\*\\*bold" in said(card)
    assert scene.pinged(card) == []
    told = await scene.editor.click(message_of(card), label="Publish")
    assert scene.pinged(told) == []


async def test_the_card_is_in_the_editors_language(
    scene: Scene, publishers: Publishers, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def of_interaction(_interaction: Any) -> str:
        return "de"

    monkeypatch.setattr(scene.client.language_resolver, "for_interaction", of_interaction)
    publishers.says("/short", page("1", "2", date="", site="3"), headers={"Content-Type": "text/html"})
    with bracketed():
        card = await paste(scene, here(publishers, "/short"))
        assert not any(letter.isalpha() for letter in outside("\n".join(menus(card))))
        assert "⟦**Story:** a new one" in said(card)
