"""One run of the killing benchmark: what was published so far, and what may go wrong next."""

from __future__ import annotations

import collections
import random
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from pathlib import Path

from benchmarks.clock import TrialClock
from benchmarks.places import CROWD_NUMBER, CROWD_SLUG, NAMED, TOLD, Sort, Spot, shown
from benchmarks.process import Bot, start_bot
from bot.delivery.subscriptions import Subscriptions
from bot.model.delivery_schedule import get_next_digest
from bot.model.delivery_settings import DeliveryMode, DeliverySettings
from bot.model.follow import Destination, DestinationKind, Target, TargetKind
from bot.model.vocabulary import Kind, Stage
from bot.newsroom.desk import Desk
from bot.newsroom.drafts import StoryDraft, StoryHeader, parse_development
from bot.store import Store
from tests.local_discord import Channel, LocalDiscord
from tests.local_discord.foreign import FOREIGN, Body

STATUSES = (500, 502, 503, 504, 520)
#: The requests of deliveries: posts, edits, looking for what is in doubt, threads and posts of forums, publishing.
ROUTES = (
    ("POST", "/channels/*/messages"),
    ("POST", "/channels/*/messages"),
    ("PATCH", "/channels/*"),
    ("GET", "/channels/*/messages"),
    ("GET", "/guilds/*/threads/active"),
    ("GET", "/channels/*/threads/archived/public"),
    ("POST", "/channels/*/threads"),
    ("POST", "/channels/*/crosspost"),
)
STAGES = (Stage.RUMOURED, Stage.TALKS, Stage.AGREED, Stage.SIGNED)
#: Stories that news is still told of; those before rest, until one wakes up again.
ALIVE = 5


@dataclass
class Tale:
    """A story of the trial: its number, how often its headline was revised, and the numbers of its news.

    ``merged`` are the stories that are, or once were, merged with it; ``has_follows`` says that somebody follows it in its own thread.
    """

    number: int
    revision: int = 0
    news: list[int] = field(default_factory=list)
    merged: set[int] = field(default_factory=set)
    is_followed: bool = False

    @property
    def slug(self) -> str:
        """The story's."""
        return f"trial-{self.number:04d}"

    @property
    def headline(self) -> str:
        """The story's, as it is now."""
        return f"Trial {self.number:04d}" + (f" revised {self.revision}" if self.revision else "")


@dataclass
class Trial:
    """One run: the store that the publishing process writes, the local Discord, and what was published so far.

    ``versions`` says how often each news was corrected; ``deleted`` which news stood in threads that were deleted, by spot,
    and ``bereft`` how often a story's thread was; ``stages`` and ``titles`` what each story has in the end. ``gone`` are the stories that
    are merged into others, with these, and ``locked`` the threads that are locked. The channels of the ``crowd`` follow one story,
    of which ``crowd_told`` news were told.
    """

    store: Store
    desk: Desk
    discord: LocalDiscord
    clock: TrialClock
    clock_file: Path
    chance: random.Random
    spots: list[Spot]
    environment: dict[str, str]
    log: Path
    versions: dict[int, int] = field(default_factory=dict)
    retracted: set[int] = field(default_factory=set)
    tales: list[Tale] = field(default_factory=list)
    kills: collections.Counter[str] = field(default_factory=collections.Counter)
    deleted: dict[Sort, set[int]] = field(default_factory=lambda: collections.defaultdict(set))
    stages: dict[int, str] = field(default_factory=dict)
    titles: dict[int, str] = field(default_factory=dict)
    bereft: collections.Counter[tuple[Sort, int]] = field(default_factory=collections.Counter)
    gone: list[tuple[Tale, Tale]] = field(default_factory=list)
    merges: int = 0
    locked: list[Channel] = field(default_factory=list)
    locks: int = 0
    crowd: list[Channel] = field(default_factory=list)
    crowd_told: int = 0

    @property
    def database(self) -> Path:
        """The bot's database file."""
        return Path(self.store.name)

    def spot(self, sort: Sort) -> Spot | None:
        """Return the spot of this sort, if the trial has one."""
        return next((spot for spot in self.spots if spot.sort is sort), None)

    async def publish(self, count: int = 1, *, new_story: bool | None = None, stage: Stage | None = None) -> None:
        """Developments come in, from another process than the bot's; of a new story now and then, with a new stage now and
        then, or as it is asked.
        """
        for _ in range(count):
            opens = self.chance.random() < 0.15 if new_story is None else new_story
            moves = self.chance.random() < 0.3
            await self._publish(self._tale(opens=opens), stage or (self.chance.choice(STAGES) if moves else None))

    async def tell_crowd(self, *, announce: bool = True) -> None:
        """Publish a development of the crowd's story; the first one begins it."""
        number = self.crowd_told + 1
        fields = {"id": f"c{number}", "date": "2025-08", "headline": f"Crowd {number:06d}", "claim": "reported"}
        face = StoryHeader(f"Trial {CROWD_NUMBER}", "The crowd's.", Kind.PLANT) if number == 1 else None
        draft = StoryDraft(CROWD_SLUG, face, (parse_development(fields, "", Kind.PLANT),))
        await self.desk.publish(draft, actor="trial", announce=announce)
        self.crowd_told = number

    def _tale(self, *, opens: bool) -> Tale:
        if opens or not self.tales:
            self.tales.append(Tale(len(self.tales) + len(self.gone) + 1))
            return self.tales[-1]
        return self.chance.choice(self.tales if self.chance.random() < 0.1 else self.tales[-ALIVE:])

    async def _publish(self, tale: Tale, stage: Stage | None) -> None:
        number = len(self.versions) + 1
        fields = {"id": f"n{number}", "date": "2025-08", "headline": f"News {number:06d}", "claim": "reported"}
        if stage is not None:
            fields["stage"] = stage.value
        face = None if tale.news else StoryHeader(tale.headline, "A trial.", Kind.MERGER)
        draft = StoryDraft(tale.slug, face, (parse_development(fields, "", Kind.MERGER),))
        await self.desk.publish(draft, actor="trial")
        tale.news.append(number)
        self.versions[number] = 0

    async def correct(self, *sorts: Sort) -> bool:
        """Correct a news that stands in all channels, or all spots of some sorts, of late; False when there is none yet."""
        lately = self._standing(sorts or (Sort.PLAIN,))
        if not lately:
            return False
        number = self.chance.choice(lately)
        version = self.versions[number] + 1
        fields = {"headline": f"News {number:06d} version {version}"}
        await self.desk.correct(self._tale_of(number).slug, f"n{number}", fields, actor="trial")
        self.versions[number] = version
        return True

    def _standing(self, sorts: Collection[Sort]) -> list[int]:
        # Of late only: to look through all for each would take longer than all else.
        lately = set(list(self.versions)[-60:]) - self.retracted
        for spot in self.spots:
            if spot.sort in sorts:
                lately &= {number for message in spot.posts(self.discord, last=60) for number, _ in shown(message)}
        return sorted(lately)

    def _tale_of(self, number: int) -> Tale:
        return next(tale for tale in self.tales if number in tale.news)

    async def retract(self) -> None:
        """Take back a news of late, whether it stands in all places, in some or in none yet."""
        lately = sorted(set(list(self.versions)[-10:]) - self.retracted)
        if lately:
            number = self.chance.choice(lately)
            await self.desk.retract(self._tale_of(number).slug, f"n{number}", "It was not so", actor="trial")
            self.retracted.add(number)

    async def revise(self) -> None:
        """Give a story that was told of late another headline: its cards and threads are named by it."""
        if self.tales:
            tale = self.chance.choice(self.tales[-ALIVE:])
            headline = replace(tale, revision=tale.revision + 1).headline
            await self.desk.edit_story(tale.slug, lambda face: replace(face, headline=headline), actor="trial")
            tale.revision += 1

    async def merge(self) -> None:
        """Merge a story that was told of late into another one, or undo the last merge now and then."""
        if self.gone and self.chance.random() < 0.3:
            await self._part(*self.gone.pop())
            return
        tales = [tale for tale in self.tales[-ALIVE:] if tale.news and not tale.is_followed]
        if len(tales) > 1:
            tale, into = self.chance.sample(tales, 2)
            await self.desk.merge(tale.slug, into.slug, actor="trial")
            self.tales.remove(tale)
            into.news += tale.news
            into.merged |= {tale.number, *tale.merged}
            self.gone.append((tale, into))
            self.merges += 1

    async def _part(self, tale: Tale, into: Tale) -> None:
        await self.desk.unmerge(tale.slug, actor="trial")
        into.news = [number for number in into.news if number not in tale.news]
        tale.merged |= {into.number, *into.merged}
        self.tales.append(tale)

    async def follow_in_newest_thread(self) -> None:
        """Somebody follows a story in its own thread, which is the newest, and now and then ends that at once."""
        spot = self.spot(Sort.THREADS)
        threads = self.discord.threads(spot.channel) if spot else []
        if not threads:
            return
        thread = threads[-1]
        tale = next((each for each in self.tales if each.number == self._find_number(thread)), None)
        if tale is None or thread.guild is None:
            return
        subscriptions = Subscriptions(self.store, self.clock)
        where = Destination(DestinationKind.THREAD, thread.id, thread.guild.id)
        follow, _ = await subscriptions.follow(
            where, Target(TargetKind.STORY, tale.slug), created_by=thread.guild.owner.id
        )
        if self.chance.random() < 0.5:
            await subscriptions.unfollow(follow)
        else:
            tale.is_followed = True

    def lock_thread(self, thread: Channel) -> None:
        """Lock a story's thread, as a moderator does."""
        self.discord.archive_thread(thread, locked=True)
        self.locked.append(thread)
        self.locks += 1

    def unlock_threads(self) -> None:
        """Open all threads that are locked, as a moderator does."""
        for thread in self.locked:
            if not thread.deleted:
                self.discord.unlock_thread(thread)
        self.locked.clear()

    async def load_stages_and_titles(self) -> None:
        """Load how each story's forum post must be tagged and named in the end."""
        async with self.store.read() as tx:
            for tale in self.tales:
                story = await tx.stories.find(tale.slug)
                self.stages[tale.number] = story.stage.label if story and story.stage else ""
                self.titles[tale.number] = story.title if story else ""

    def _find_number(self, thread: Channel) -> int:
        """Return the number of a thread's story; the thread may be named by the news that brought the story's stage."""
        if match := TOLD.match(thread.name):
            return int(match[1])
        news = int(thread.name.split()[1])
        return next((tale.number for tale in self.tales if news in tale.news), 0)

    def delete_thread(self, spot: Spot, thread: Channel) -> None:
        """Delete a story's thread with its messages, as a moderator does."""
        self.deleted[spot.sort] |= {int(number) for m in thread.history.after() for number, _ in NAMED.findall(m.text)}
        self.bereft[spot.sort, self._find_number(thread)] += 1
        self.discord.delete_thread(thread)

    def pass_time(self) -> None:
        """Let some time go by, which the limits of an hour need: none at all, an hour, half a day."""
        self.clock.forward(minutes=self.chance.choice((0, 0, 0, 0, 20, 65, 90, 600)))

    def to_digest(self) -> None:
        """Time goes by until the next digest is due."""
        self.clock.forward_to(get_next_digest(DeliverySettings(), DeliveryMode.DAILY, self.clock()))

    def start(self, *, full_disk: bool = False) -> Bot:
        """Start the bot."""
        limit = 0
        if full_disk:
            wal = self.database.with_name(self.database.name + "-wal")
            largest = max(path.stat().st_size for path in (self.database, wal) if path.exists())
            limit = largest + self.chance.randrange(4_096, 262_144)
        return start_bot(self.environment, self.log, file_limit=limit, clock=self.clock_file)

    def misfortunes(self) -> None:
        """Something may go wrong with some of the next requests."""
        self.discord.faults.clear()
        if self.chance.random() < 0.4:
            return
        method, glob = self.chance.choice(ROUTES)
        when = self.chance.choice(("before", "after"))
        action = self.chance.choice(("drop", 429, *STATUSES))
        body: Body | None = None
        if self.chance.random() < 0.4:
            action, body = self.chance.choice([*FOREIGN.values()])
        scope = self.chance.choice(("user", "global", "shared"))
        self.discord.faults.add(
            method,
            glob,
            when="before" if action == 429 else when,  # type: ignore[arg-type]  # one of the two words
            action=action,  # type: ignore[arg-type]  # one of its actions
            times=self.chance.randint(1, 3),
            probability=0.5,
            seed=self.chance.randrange(10**6),
            retry_after=0.2,
            scope=scope,  # type: ignore[arg-type]  # one of the three words
            body=body,
        )
