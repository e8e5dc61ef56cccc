"""Discord as the delivery sees it, in memory."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from pathlib import Path

from bot.model.follow import Destination, DestinationKind
from bot.model.post import Post, SentMessage


def headlines_of(post: Post) -> list[str]:
    """Return the headlines of a post, in order."""
    return [carried.development.headline for carried in post.items]


class RecordingPublisher:
    """Remembers what was sent where. It fails as it is told, and a closed gate lets nothing of a channel through.

    ``stands`` holds what arrived, by the post's key, and ``shown`` what each of these messages says now; what it
    refuses while ``takes_all_the_same`` has arrived too, as when Discord's answer is lost on the way back.
    """

    def __init__(self) -> None:
        self.tried: list[Post] = []
        self.looked_for: list[Post] = []
        self.sent: list[Post] = []
        self.edited: list[Post] = []
        self.warned: list[tuple[int, tuple[int, ...], str]] = []
        self.stands: dict[str, int] = {}
        self.shown: dict[int, list[str]] = {}
        self.threads: dict[int, int] = {}
        self.published: list[Post] = []
        self.refused_threads: deque[Exception] = deque()
        self.refused_publishing: deque[Exception] = deque()
        self.takes_all_the_same = False
        self.cannot_look: Exception | None = None
        self.before_it_answers: Callable[[], None] = lambda: None
        self.arrived = asyncio.Event()
        self.trying = asyncio.Event()
        self.refused_posts: dict[tuple[int, str], deque[Exception]] = {}
        self._refusals: defaultdict[int, deque[Exception]] = defaultdict(deque)
        self._refused_edits: defaultdict[int, deque[Exception]] = defaultdict(deque)
        self._gates: dict[int, asyncio.Event] = {}
        self._edit_gates: dict[int, asyncio.Event] = {}

    def refuse(self, channel: int, *refusals: Exception) -> None:
        """Let the next attempts in this channel end with these errors, one after the other."""
        self._refusals[channel].extend(refusals)

    def refuse_edits(self, channel: int, *refusals: Exception) -> None:
        """Let the next edits in this channel end with these errors, one after the other."""
        self._refused_edits[channel].extend(refusals)

    def refuse_post(self, channel: int, headline: str, refusals: Iterable[Exception]) -> None:
        """Let the next attempts of the post with this headline in this channel end with these errors; others succeed."""
        self.refused_posts[channel, headline] = deque(refusals)

    def refusals_end(self, channel: int) -> None:
        """Let everything of this channel through from now on."""
        self._refusals[channel].clear()
        self._refused_edits[channel].clear()

    def close(self, channel: int) -> asyncio.Event:
        """Delay every attempt in this channel until the returned event is set."""
        return self._gates.setdefault(channel, asyncio.Event())

    def close_edits(self, channel: int) -> asyncio.Event:
        """Delay every edit in this channel until the returned event is set."""
        return self._edit_gates.setdefault(channel, asyncio.Event())

    def headlines(self, channel: int) -> list[str]:
        """Return the headlines that arrived in a channel, in order."""
        return [headline for post in self.sent_to(channel) for headline in headlines_of(post)]

    def sent_to(self, channel: int) -> list[Post]:
        """Return the messages that arrived in a channel, in order."""
        return [post for post in self.sent if post.destination.discord_id == channel]

    def newest_id(self, destination: Destination) -> int:
        """Return the newest message id of all that arrived."""
        return max(self.stands.values(), default=0)

    async def find(self, post: Post) -> SentMessage | None:
        """Search for a post, as in the channel's history."""
        self.looked_for.append(post)
        if self.cannot_look is not None:
            raise self.cannot_look
        return self._standing(post) if post.key in self.stands else None

    def _standing(self, post: Post) -> SentMessage:
        message = self.stands[post.key]
        return SentMessage(message, message if post.destination.kind is DestinationKind.FORUM else 0)

    async def send(self, post: Post) -> SentMessage:
        """Send a post as Discord would take it: with a known nonce, the message stays as it is."""
        where = post.destination.discord_id
        self.tried.append(post)
        self.trying.set()
        if where in self._gates:
            await self._gates[where].wait()
        refusals = self.refused_posts.get((where, "".join(headlines_of(post)))) or self._refusals[where]
        refusal = refusals.popleft() if refusals else None
        if (refusal is None or self.takes_all_the_same) and post.key not in self.stands:
            self.sent.append(post)
            self.stands[post.key] = 1_000 + len(self.sent)
            self.shown[self.stands[post.key]] = headlines_of(post)
        self.before_it_answers()
        if refusal is not None:
            raise refusal
        self.arrived.set()
        return self._standing(post)

    async def open_thread(self, post: Post, message_id: int) -> int:
        """Open a thread as Discord would: the same message opens the same thread."""
        if self.refused_threads:
            raise self.refused_threads.popleft()
        return self.threads.setdefault(message_id, message_id)

    async def publish(self, post: Post) -> None:
        """Record the published message."""
        if self.refused_publishing:
            raise self.refused_publishing.popleft()
        self.published.append(post)

    async def edit(self, post: Post) -> None:
        """Edit a message as Discord would; with ``takes_all_the_same``, a refusal comes after the edit."""
        where = post.destination.discord_id
        self.edited.append(post)
        self.trying.set()
        if where in self._edit_gates:
            await self._edit_gates[where].wait()
        refusal = self._refused_edits[where].popleft() if self._refused_edits[where] else None
        if refusal is None or self.takes_all_the_same:
            self.shown[post.message_id] = headlines_of(post)
        if refusal is not None:
            raise refusal

    async def warn(self, destination: Destination, creator_ids: Iterable[int], reason: str) -> None:
        """Record who was warned about which channel."""
        self.warned.append((destination.discord_id, tuple(creator_ids), reason))


class FilePublisher:
    """Discord as a file that outlives the bot's process: a line a message or edit, whatever happens to its sender.

    A line is the word, the post's key, its channel, its number, and how much of what it carries stands retracted.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        file.touch()

    def newest_id(self, destination: Destination) -> int:
        """Return 0: nothing is known."""
        return 0

    async def find(self, post: Post) -> SentMessage | None:
        """Return the message whose line carries the key of the post."""
        message_ids = {words[1]: int(words[3]) for words in self.lines() if words[0] == "sent"}
        return SentMessage(message_ids[post.key]) if post.key in message_ids else None

    async def send(self, post: Post) -> SentMessage:
        """Append a line, then yield to the event loop before the answer: a kill at that moment leaves doubt."""
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
        """Do nothing: there is nobody to warn."""

    def lines(self) -> list[list[str]]:
        """Return the words of each line."""
        return [line.split() for line in self._file.read_text().splitlines()]

    async def _write(self, word: str, post: Post) -> None:
        retracted = sum(not carried.development.is_valid for carried in post.items)
        with self._file.open("a") as lines:
            lines.write(f"{word} {post.key} {post.destination.discord_id} {post.id} {retracted}\n")
        await asyncio.sleep(0)
