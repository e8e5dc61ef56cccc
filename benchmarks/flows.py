"""Through how many files each of the three flows runs: ``python -m benchmarks.flows``.

Each flow is run once with the starter collection, and the files of ``bot/`` whose functions were called are counted, constructors and
``bot/languages`` left out. A like question is asked before, so that the names are read. The parser runs in this process.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import threading
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any
from zoneinfo import ZoneInfo

from bot.cards.post import post_card
from bot.cards.story import story_card
from bot.container import Container, open_container
from bot.delivery.dispatcher import Dispatcher
from bot.library.answers import Answer
from bot.model.feed import Trust
from bot.model.follow import Destination, DestinationKind, Target, TargetKind
from bot.model.post import Post, SentMessage
from bot.newsroom.drafts import StoryDraft, parse_development
from bot.newsroom.intake import Intake
from bot.newsroom.parsing.answer_validation import validate_feed
from bot.newsroom.parsing.jobs import run_feed_job
from bot.newsroom.persistent_tracker import PersistentTracker
from bot.settings import load_settings
from tests.store.publishing import RecordingPublisher

ROOT = Path(__file__).parents[1]
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
STORY = "nissan-foxconn-oppama"
_FEED = b"""<rss version="2.0"><channel><title>Press</title><item><title>Nissan and Foxconn sign a contract for electric cars at Oppama</title>
<link>https://press.example/1</link><description>They will build them from 2027 on.</description><pubDate>Sun, 01 Mar 2026 11:00:00 GMT</pubDate>
</item></channel></rss>"""


class CallRecorder:
    """Collects in ``files`` the files whose functions are called, in threads that begin later too."""

    def __init__(self) -> None:
        self.files: set[str] = set()
        threading.setprofile(self._record)
        sys.setprofile(self._record)

    def close(self) -> None:
        """Record nothing more."""
        threading.setprofile(None)
        sys.setprofile(None)

    def _record(self, frame: FrameType, event: str, _argument: Any) -> None:
        code = frame.f_code
        if event == "call" and code.co_name not in ("<module>", "__init__", "__post_init__"):
            path = Path(code.co_filename)
            if path.is_relative_to(ROOT / "bot") and "languages" not in path.parts:
                self.files.add(str(path.relative_to(ROOT / "bot")))


class RenderingPublisher(RecordingPublisher):
    """Renders each post's card, as Discord's publisher does."""

    async def send(self, post: Post) -> SentMessage:
        post_card(post)
        return await super().send(post)


async def ask(container: Container, question: str = "nissan foxconn") -> None:
    """Ask a question and render the answer."""
    answer = await container.services.library.ask(question, deals_first=True)
    assert isinstance(answer, Answer)
    story_card(answer)


async def publish(container: Container) -> None:
    """Publish a development and send its post."""
    fields = {
        "date": "2026-02",
        "headline": "Something new",
        "claim": "reported",
        "source": [{"publisher": "The Paper"}],
    }
    story = await container.services.library.get_story(STORY)
    draft = StoryDraft(STORY, None, (parse_development(fields, "", story.kind),))
    await container.services.desk.publish(draft, actor="benchmark")
    await Dispatcher(container.services.store, RenderingPublisher(), lambda: NOW, asyncio.Event()).run_until_idle()


async def follow_article(container: Container) -> None:
    """Read a feed, judge its article, put it into the review queue and publish it from there."""
    store = container.services.store
    parts = run_feed_job({"url": "https://press.example/feed", "content_type": "", "now": NOW.isoformat()}, _FEED)
    feed = validate_feed(parts, NOW)
    async with store.write() as tx:
        stored = await tx.feeds.add(
            "https://press.example/feed", "press.example", NOW, title="Press", trust=Trust.REVIEW
        )
        assert stored is not None
        await tx.articles.ingest(stored.id, feed.articles, NOW, fresh_since=NOW.replace(day=1, month=1))
    tracker = PersistentTracker(store, lambda: NOW, lambda: None)
    await Intake(store, container.services.desk, tracker, lambda: NOW, ZoneInfo("UTC")).run_once()
    waiting = await container.services.review_queue.get_at()
    assert waiting is not None
    await container.services.review_queue.publish(waiting.item.id, STORY, actor="benchmark")


FLOWS: dict[str, Callable[[Container], Awaitable[None]]] = {
    "a question": ask,
    "a publication": publish,
    "an article": follow_article,
}


async def main() -> None:
    """Print each flow's files."""
    recorder = CallRecorder()
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings({"DATABASE_URL": f"sqlite:///{folder}/dealwire.db", "SEEDS": str(ROOT / "seeds")})
        async with open_container(settings, clock=lambda: NOW) as container:
            await container.services.subscriptions.follow(
                Destination(DestinationKind.CHANNEL, 1, 2), Target(TargetKind.EVERYTHING), created_by=3
            )
            await ask(container, "foxconn nissan")
            for name, run in FLOWS.items():
                recorder.files.clear()
                await run(container)
                print(f"{name}: {len(recorder.files)} files\n  {' '.join(sorted(recorder.files))}")
    recorder.close()


if __name__ == "__main__":
    asyncio.run(main())
