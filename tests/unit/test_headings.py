"""What is no news of one matter is told by its heading, and shares no event with the news that it mentions."""

from __future__ import annotations

import pytest

from bot.newsroom.tracker import Embedder, Tracker
from bot.newsroom.tracker.headings import find_heading
from tests.unit.news import WordHashes, article


@pytest.mark.parametrize(
    "title",
    [
        "Stocks to watch Tuesday: Ford, Mazda", "Business Highlights: Ford recalls trucks; Mazda soars", "Market wrap: Mazda leads Nikkei",
        "European shares end week lower; Aston Martin soars", "Wall Street ends higher on deal hopes", "Live: Tesla delivery numbers",
        "LIVE UPDATES | Tesla delivery numbers", "First-quarter sales roundup: GM down, Ford up", "The week in review: mergers",
        "Opinion: Mazda should say no", "Mazda should say no | Opinion", "Why Mazda should say no - analysis", "[Commentary] A bad deal",
        "Morning Briefing: Mazda, Honda", "Aktien im Fokus: BMW", "Kommentar: Ein schlechtes Geschäft", "Dax schließt im Plus",
        "Análisis: un mal negocio", "El Ibex cierra en rojo", "En directo: la junta de Iberdrola",
        "Why Mazda and Honda agree to merge", "Wie Honda und Mazda sparen wollen", "Por qué se fusionan Honda y Mazda", "なぜホンダはマツダと組むのか",
        "【社説】再編を急ぐな", "日経平均続落、自動車株安い", "注目銘柄：ホンダ、マツダ",
    ],
)  # fmt: skip
def test_a_round_up_and_an_opinion_have_a_heading(title: str) -> None:
    assert find_heading(title)


@pytest.mark.parametrize(
    "title",
    [
        "Honda, Mazda discuss alliance - Nikkei", "Foxconn: cooperation is our goal", "UPDATE 2-Ford recalls trucks", "EXCLUSIVE: Ford in talks",
        "Nikkei: Honda and Mazda in talks", "ROUNDUP: VW senkt Prognose", "Daimler Truck sees flat market", "Live Nation to sell Ticketmaster",
        "Shares of Ford jump on takeover report", "Analysis firm Gartner to be bought", "Column Five agrees to merge",
        "Ford stock falls on recall", "Dow agrees to sell unit", "Nasdaq to buy data firm", "ホンダとマツダ、資本提携を協議", "BMW legt zu: Gewinn steigt",
        "Comment is free to buy, says publisher", "", ":", " - ", "The Week magazine to be sold: report",
    ],
)  # fmt: skip
def test_news_has_none(title: str) -> None:
    assert find_heading(title) == ""


@pytest.mark.parametrize("embedder", [None, WordHashes()], ids=["words alone", "with vectors"])
def test_a_round_up_joins_no_event_and_attracts_nothing(embedder: Embedder | None) -> None:
    """Nor does opinion: it repeats the words of the news, and would draw the next one in."""
    tracker = Tracker(embedder)
    titles = [
        "Orbex Motors bids for Zubrin",
        "Stocks to watch: Orbex Motors bids for Zubrin",
        "Opinion: Orbex Motors bids for Zubrin",
        "Orbex Motors bids for Zubrin, chasing batteries",
        "Stocks to watch: Orbex Motors bids for Zubrin again",
    ]
    events = [tracker.judge(article(number, title, hours=number)).event for number, title in enumerate(titles)]
    assert events == ["a0", "a1", "a2", "a0", "a1"]


@pytest.mark.parametrize("embedder", [None, WordHashes()], ids=["words alone", "with vectors"])
def test_a_denial_is_other_news_than_what_it_denies(embedder: Embedder | None) -> None:
    tracker = Tracker(embedder)
    titles = [
        "Orbex Motors in talks to buy Zubrin",
        "Orbex Motors denies talks to buy Zubrin",
        "Orbex Motors denies it is in talks to buy Zubrin",
    ]
    events = [tracker.judge(article(number, title, hours=number)).event for number, title in enumerate(titles)]
    assert events[0] == "a0"
    assert events[1] == events[2] == "a1"
