"""The ten feeds of the trial week, served on this machine: RSS, Atom and JSON Feed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from xml.sax.saxutils import escape

from benchmarks.week_articles import FEEDS, LabelledArticle
from bot.model.feed import Trust
from tests.feeds.local import Publishers

HOST = "127.0.0.1"
#: Feeds whose articles may be published by the tracker alone; those of the others all wait for the desk.
AUTO_FEEDS = frozenset({1, 2, 8, 9})
_ATOM_FEEDS = frozenset({5, 6, 10})
_JSON_FEEDS = frozenset({7, 9})
#: A feed lists what is no older than this.
_LISTED_DAYS = 2.0
TITLES = {
    1: "Motor Ledger", 2: "Deal Gazette", 3: "Industry Courier", 4: "Market Mirror", 5: "The Trade Post", 6: "Business Monitor",
    7: "Evening Wire", 8: "Wirtschaftsbote", 9: "産業ニュース", 10: "Diario Industrial",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class WeekFeeds:
    """The feeds, and what they list as the week goes on. ``start`` is its beginning."""

    publishers: Publishers
    articles: Sequence[LabelledArticle]
    start: datetime

    def write_feed_file(self) -> str:
        """Return a file of the feeds that can be imported."""
        return "\n".join(
            f'[[feed]]\nurl = "{self.publishers.url(f"/feed-{number}", HOST)}"\ntitle = "{TITLES[number]}"\n'
            f'trust = "{(Trust.AUTO if number in AUTO_FEEDS else Trust.REVIEW).value}"\n'
            for number in range(1, FEEDS + 1)
        )

    def publish_until(self, day: float) -> None:
        """Let every feed list what was published until then; before the week, one article that is known already."""
        for number in range(1, FEEDS + 1):
            listed = [each for each in self.articles if each.feed == number and day - _LISTED_DAYS < each.day <= day]
            first = LabelledArticle(f"first-{number}", -0.5, number, self.articles[0].what, "", "", "About this feed")
            body, content_type = self._render(number, [first, *listed])
            self.publishers.says(f"/feed-{number}", body, headers={"Content-Type": content_type})

    def get_link(self, article: LabelledArticle) -> str:
        """Return the address of an article."""
        return self.publishers.url(f"/articles/{article.id}", HOST)

    def _render(self, number: int, articles: Sequence[LabelledArticle]) -> tuple[str, str]:
        if number in _ATOM_FEEDS:
            return self._render_atom(number, articles), "application/atom+xml"
        if number in _JSON_FEEDS:
            return self._render_json(number, articles), "application/feed+json"
        return self._render_rss(number, articles), "application/rss+xml"

    def _get_time(self, article: LabelledArticle) -> datetime:
        return self.start + timedelta(days=article.day)

    def _render_rss(self, number: int, articles: Sequence[LabelledArticle]) -> str:
        items = "".join(
            f"<item><title>{escape(each.title)}</title><link>{self.get_link(each)}</link>"
            f"<description>{escape(each.text)}</description><pubDate>{format_datetime(self._get_time(each))}</pubDate></item>"
            for each in articles
        )
        return (
            f'<?xml version="1.0"?><rss version="2.0"><channel><title>{TITLES[number]}</title>{items}</channel></rss>'
        )

    def _render_atom(self, number: int, articles: Sequence[LabelledArticle]) -> str:
        entries = "".join(
            f'<entry><id>{self.get_link(each)}</id><title>{escape(each.title)}</title><link href="{self.get_link(each)}"/>'
            f"<summary>{escape(each.text)}</summary><updated>{self._get_time(each).isoformat()}</updated></entry>"
            for each in articles
        )
        return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>{TITLES[number]}</title>{entries}</feed>'

    def _render_json(self, number: int, articles: Sequence[LabelledArticle]) -> str:
        items = [
            {
                "id": self.get_link(each),
                "url": self.get_link(each),
                "title": each.title,
                "content_text": each.text,
                "date_published": self._get_time(each).isoformat(),
            }
            for each in articles
        ]
        return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": TITLES[number], "items": items})
