"""A desk's hour: ten articles become ten developments, by form and by one paste, with every click and key counted."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.discord.seen import OpenForm, menu_id, message_of, said
from tests.discord.stage import Scene, Stage
from tests.feeds.local import Publishers, publishing


@dataclass(frozen=True, slots=True)
class Item:
    """An article, the story that it belongs in, and what it says of the deal."""

    slug: str
    title: str
    text: str
    claim: str = "reported"
    stage: str = ""


ARTICLES = (
    Item(
        "nissan-foxconn-oppama",
        "Nissan and Foxconn sign contract over EV production at Oppama",
        "Nissan and Foxconn confirmed in a joint statement that they have signed a contract over the Oppama plant.",
        "confirmed",
        "signed",
    ),
    Item(
        "honda-nissan-merger",
        "Honda chief says merger with Nissan could come back one day",
        "Honda and Nissan ended their merger talks in February. A new try is possible, Honda's chief executive said.",
    ),
    Item(
        "easypark-parkopedia",
        "EasyPark completes acquisition of Parkopedia",
        "EasyPark Group announced that it has completed the acquisition of Parkopedia, the provider of parking data.",
        "confirmed",
        "completed",
    ),
    Item(
        "foxconn-mitsubishi-ev-supply",
        "Foxconn and Mitsubishi Motors sign deal over supply of electric cars",
        "Foxconn will supply electric vehicles to Mitsubishi Motors, the two announced after signing a contract.",
        "confirmed",
        "signed",
    ),
    Item(
        "kgm-phinia-hydrogen-engines",
        "KGM and Phinia show first hydrogen engine prototype",
        "KGM and Phinia presented a prototype of the hydrogen engine that they develop together, they announced.",
        "confirmed",
    ),
    Item(
        "kia-ev-day-2025",
        "Kia shows EV4 and PV5 at its 2025 EV Day",
        "At its 2025 EV Day Kia presented the EV4 and the PV5, it announced.",
        "confirmed",
    ),
    Item(
        "tesla-semi-production",
        "Tesla builds first Semi trucks at new factory for mass production",
        "Tesla has built the first Semi trucks in the factory in which mass production is to start, people say.",
    ),
    Item(
        "toyota-third-generation-fuel-cell",
        "Toyota tests third-generation fuel-cell system in trucks",
        "Toyota is testing its third-generation hydrogen fuel-cell system in commercial trucks, it was reported.",
    ),
    Item(
        "renault-e-tech-vans",
        "Renault starts production of electric vans Estafette, Goelette and Trafic",
        "Renault has started to build the electric vans Estafette, Goelette and Trafic, it announced.",
        "confirmed",
    ),
    Item(
        "xpeng-g6-uk",
        "Xpeng delivers first G6 to customers in the UK",
        "Xpeng handed over the first G6 to customers in the UK, it announced.",
        "confirmed",
    ),
)
PUBLISHER, DATE = "The Daily Press", "2025-12-30"


@dataclass
class Hand:
    """An editor's hand: it acts, and counts. A paste is one action, like a click; a typed character is a key."""

    scene: Scene
    clicks: int = 0
    keys: int = 0

    def type(self, text: str) -> str:
        self.keys += len(text)
        return text

    def paste(self, text: str) -> str:
        self.clicks += 1
        return text

    def pick(self, value: str, typed: int = 3) -> str:
        """Type the first letters of an option's value, and pick it from the list."""
        self.keys += typed
        self.clicks += 1
        return value

    async def run(self, command: str, **options: Any) -> Any:
        """Type a command and send it. An option is chosen by a click, of its name in the list that Discord shows."""
        self.type(f"/{command}")
        self.clicks += len(options) + 1
        return await self.scene.editor.slash(self.scene.desk, command, **options)

    async def submit(self, form: OpenForm, **fields: Any) -> Any:
        """Fill fields, each with a click into it, and submit the form."""
        self.clicks += len(fields) + 1
        return await self.scene.submit(form, **fields)

    async def click(self, shown: Any, label: str) -> Any:
        self.clicks += 1
        return await self.scene.editor.click(message_of(shown), label=label)

    async def select(self, shown: Any, title: str, value: str) -> Any:
        """Open a menu, and choose a value."""
        self.clicks += 2
        menu = menu_id(shown, title)
        return await self.scene.editor.select(message_of(shown), custom_id=menu, values=[value])


@pytest.fixture
async def publishers() -> AsyncIterator[Publishers]:
    async with publishing() as here:
        for article in ARTICLES:
            page = (
                f"<html><head><title>{article.title}</title>"
                f'<meta property="og:site_name" content="{PUBLISHER}">'
                f'<meta property="article:published_time" content="{DATE}T09:00:00Z"></head>'
                f"<body><article><h1>{article.title}</h1><p>{article.text}</p></article></body></html>"
            )
            here.says(f"/{article.slug}", page, headers={"Content-Type": "text/html; charset=utf-8"})
        yield here


@pytest.fixture
async def scene(stage: Stage) -> AsyncIterator[Scene]:
    async with stage.open(FEED_ALLOW="127.0.0.1", EMBEDDINGS="none") as opened:
        yield opened


async def check_published(scene: Scene) -> None:
    """Fail unless each article is a development of its story, with what it says."""
    for article in ARTICLES:
        story = await scene.container.services.library.get_story(article.slug)
        published = next(d for d in story.developments if d.headline == article.title)
        assert (published.claim.value, published.stage.value if published.stage else "") == (
            article.claim,
            article.stage,
        ), article.slug
        assert str(published.date) == DATE
        assert (published.sources[0].publisher, published.sources[0].url[-len(article.slug) :]) == (
            PUBLISHER,
            article.slug,
        )


async def by_form(hand: Hand, publishers: Publishers) -> None:
    """Publish as before there was one paste: story, date, claim and stage as options, the rest in the form."""
    for article in ARTICLES:
        options = {"story": hand.pick(article.slug, typed=6), "date": hand.type(DATE)}
        options |= {"claim": hand.pick(article.claim)} if article.claim != "reported" else {}
        options |= {"stage": hand.pick(article.stage)} if article.stage else {}
        form = OpenForm(await hand.run("desk publish", **options))
        link = publishers.url(f"/{article.slug}", "127.0.0.1")
        sources = hand.type(f"{PUBLISHER} | | ") + hand.paste(link)
        await hand.submit(form, headline=hand.paste(article.title), sources=sources)


async def by_paste(hand: Hand, publishers: Publishers) -> None:
    """Publish by pasting the address, and changing on the card whatever is not right."""
    for article in ARTICLES:
        address = hand.paste(publishers.url(f"/{article.slug}", "127.0.0.1"))
        card = await hand.run("desk publish", address=address)
        story = await hand.scene.container.services.library.get_story(article.slug)
        if f"**Story:** {story.headline}" not in said(card):
            card = await hand.select(card, "Change the story", article.slug)
        if f"**Claim:** {article.claim.capitalize()}" not in said(card):
            card = await hand.select(card, "Change the claim", article.claim)
        if story.kind.is_deal and not article.stage and " → " in said(card):
            card = await hand.select(card, "Change the stage", "none")
        assert "Published “" in said(await hand.click(card, "Publish"))


async def test_ten_articles_take_a_paste_and_a_click_each(scene: Scene, publishers: Publishers) -> None:
    """Before, each took a dozen clicks and some sixty keys, and the editor found the story alone."""
    hand = Hand(scene)
    await by_paste(hand, publishers)
    await check_published(scene)
    print(f"one paste: {hand.clicks} clicks, {hand.keys} keys")
    # The option, the paste, Enter and Publish; for five of them a menu, as their stories have rested for months.
    assert hand.clicks <= 10 * 4 + 5 * 2
    assert hand.keys == 10 * len("/desk publish")


async def test_by_form_ten_articles_take_more(scene: Scene, publishers: Publishers) -> None:
    hand = Hand(scene)
    await by_form(hand, publishers)
    await check_published(scene)
    print(f"by form: {hand.clicks} clicks, {hand.keys} keys")
    assert hand.clicks > 100
    assert hand.keys > 500
