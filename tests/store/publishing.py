"""Stand in for Discord in the tests of delivery: in memory, or in a file that outlives a process."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from pathlib import Path

from bot.model.follow import Destination, DestinationKind
from bot.model.post import Post, SentMessage


def headlines_of(post: Post) -> list[str]:
    """Return the headlines that a post carries, in its order."""
    developments = [carried.development.headline for carried in post.items]
    events = [reminder.event.headline for reminder in post.reminders]
    return developments + [notice.reports[0].article.title for notice in post.feed_notices] + events


class RecordingPublisher:
    """Record what is sent where, fail as the test asks, and hold up a channel whose gate is closed.

    ``message_ids`` holds what arrived, by the post's key, and ``message_headlines`` what each of these messages says
    now. While ``accepts_refused_posts``, what it refuses arrives too, as if Discord's answer were lost on the way back.
    """

    def __init__(self) -> None:
        self.attempted_posts: list[Post] = []
        self.searched_posts: list[Post] = []
        self.sent_posts: list[Post] = []
        self.edited_posts: list[Post] = []
        self.warnings: list[tuple[int, tuple[int, ...], str]] = []
        self.message_ids: dict[str, int] = {}
        self.message_headlines: dict[int, list[str]] = {}
        self.threads: dict[int, int] = {}
        self.published_posts: list[Post] = []
        self.thread_refusals: deque[Exception] = deque()
        self.publishing_refusals: deque[Exception] = deque()
        self.accepts_refused_posts = False
        self.search_error: Exception | None = None
        self.before_answer: Callable[[], None] = lambda: None
        self.arrival = asyncio.Event()
        self.attempt = asyncio.Event()
        self.post_refusals: dict[tuple[int, str], deque[Exception]] = {}
        self._refusals: defaultdict[int, deque[Exception]] = defaultdict(deque)
        self._refused_edits: defaultdict[int, deque[Exception]] = defaultdict(deque)
        self._gates: dict[int, asyncio.Event] = {}
        self._edit_gates: dict[int, asyncio.Event] = {}

    def refuse(self, channel: int, *refusals: Exception) -> None:
        """Let the next attempts in this channel fail with these errors, one after the other."""
        self._refusals[channel].extend(refusals)

    def refuse_edits(self, channel: int, *refusals: Exception) -> None:
        """Let the next edits in this channel fail with these errors, one after the other."""
        self._refused_edits[channel].extend(refusals)

    def refuse_post(self, channel: int, headline: str, refusals: Iterable[Exception]) -> None:
        """Let the next attempts to send the post with this headline to this channel fail; others succeed."""
        self.post_refusals[channel, headline] = deque(refusals)

    def end_refusals(self, channel: int) -> None:
        """Let everything of this channel through from now on."""
        self._refusals[channel].clear()
        self._refused_edits[channel].clear()

    def close(self, channel: int) -> asyncio.Event:
        """Hold up every attempt in this channel until the event that this returns is set."""
        return self._gates.setdefault(channel, asyncio.Event())

    def close_edits(self, channel: int) -> asyncio.Event:
        """Hold up every edit in this channel until the event that this returns is set."""
        return self._edit_gates.setdefault(channel, asyncio.Event())

    def headlines(self, channel: int) -> list[str]:
        """Return the headlines that arrived in a channel, in their order."""
        return [headline for post in self.sent_to(channel) for headline in headlines_of(post)]

    def sent_to(self, channel: int) -> list[Post]:
        """Return the posts that arrived in a channel, in their order."""
        return [post for post in self.sent_posts if post.destination.discord_id == channel]

    def newest_id(self, destination: Destination) -> int:
        """Return the newest id of all messages that arrived."""
        return max(self.message_ids.values(), default=0)

    async def find(self, post: Post) -> SentMessage | None:
        """Find the message of a post, as in the channel's history."""
        self.searched_posts.append(post)
        if self.search_error is not None:
            raise self.search_error
        return self._find_message(post) if post.key in self.message_ids else None

    def _find_message(self, post: Post) -> SentMessage:
        message = self.message_ids[post.key]
        return SentMessage(message, message if post.destination.kind is DestinationKind.FORUM else 0)

    async def send(self, post: Post) -> SentMessage:
        """Accept a post as Discord would: a message with a known nonce stays as it is."""
        where = post.destination.discord_id
        self.attempted_posts.append(post)
        self.attempt.set()
        if where in self._gates:
            await self._gates[where].wait()
        refusals = self.post_refusals.get((where, "".join(headlines_of(post)))) or self._refusals[where]
        refusal = refusals.popleft() if refusals else None
        if (refusal is None or self.accepts_refused_posts) and post.key not in self.message_ids:
            self.sent_posts.append(post)
            self.message_ids[post.key] = 1_000 + len(self.sent_posts)
            self.message_headlines[self.message_ids[post.key]] = headlines_of(post)
        self.before_answer()
        if refusal is not None:
            raise refusal
        self.arrival.set()
        return self._find_message(post)

    async def open_thread(self, post: Post, message_id: int) -> int:
        """Open a thread as Discord would: the same message opens the same thread."""
        if self.thread_refusals:
            raise self.thread_refusals.popleft()
        return self.threads.setdefault(message_id, message_id)

    async def publish(self, post: Post) -> None:
        """Record what was published."""
        if self.publishing_refusals:
            raise self.publishing_refusals.popleft()
        self.published_posts.append(post)

    async def edit(self, post: Post) -> None:
        """Edit a message as Discord would; while ``accepts_refused_posts`` a refusal comes after the edit."""
        where = post.destination.discord_id
        self.edited_posts.append(post)
        self.attempt.set()
        if where in self._edit_gates:
            await self._edit_gates[where].wait()
        refusal = self._refused_edits[where].popleft() if self._refused_edits[where] else None
        if post.message_id and (refusal is None or self.accepts_refused_posts):
            self.message_headlines[post.message_id] = headlines_of(post)
        if refusal is not None:
            raise refusal

    async def warn(self, destination: Destination, creator_ids: Iterable[int], reason: str) -> None:
        """Record who was warned about which channel."""
        self.warnings.append((destination.discord_id, tuple(creator_ids), reason))


class FilePublisher:
    """Record each message and edit as a line of a file, which outlives the bot's process.

    A line is the word, the post's key, its channel, its id, and how many of its developments are retracted.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        file.touch()

    def newest_id(self, destination: Destination) -> int:
        """Return 0, for nothing is known."""
        return 0

    async def find(self, post: Post) -> SentMessage | None:
        """Return the id in the line that carries the key."""
        ids = {words[1]: int(words[3]) for words in self.lines() if words[0] == "sent"}
        return SentMessage(ids[post.key]) if post.key in ids else None

    async def send(self, post: Post) -> SentMessage:
        """Append a line, and let the loop turn before the answer is in: the moment in which a kill leaves doubt."""
        await self._write("sent", post)
        return SentMessage(post.id)

    async def open_thread(self, post: Post, message_id: int) -> int:
        """Append a line in the same way."""
        await self._write("opened", post)
        return message_id

    async def publish(self, post: Post) -> None:
        """Append a line in the same way."""
        await self._write("published", post)

    async def edit(self, post: Post) -> None:
        """Append a line in the same way."""
        await self._write("edited", post)

    async def warn(self, destination: Destination, creator_ids: Iterable[int], reason: str) -> None:
        """Do nothing, for nobody is there to be warned."""

    def lines(self) -> list[list[str]]:
        """Return the words of each line."""
        return [line.split() for line in self._file.read_text().splitlines()]

    async def _write(self, word: str, post: Post) -> None:
        retracted = sum(not carried.development.is_valid for carried in post.items)
        with self._file.open("a") as lines:
            lines.write(f"{word} {post.key} {post.destination.discord_id} {post.id} {retracted}\n")
        await asyncio.sleep(0)
