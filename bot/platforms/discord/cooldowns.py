"""How often one person may ask: enough for anybody who reads the answers, too little to flood the bot."""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.clock import Clock
from bot.errors import TooManyRequests
from bot.languages import lazy, say

_NEVER = datetime.min.replace(tzinfo=UTC)
# Said to somebody who asks too often; {time} is as in "in 12 seconds"
_TOO_MANY_QUESTIONS = lazy("You are asking faster than I can answer. Please try again {time}.")
_TOO_MANY_PICTURES = lazy("You've just had a lot of pictures. You can get the next one {time}.")
_TOO_MANY_FEEDS = lazy("You've just followed a lot of feeds. You can follow the next one {time}.")
_TOO_MANY_REPORTS = lazy("Thank you for all your reports! You can send the next one {time}.")


@dataclass(slots=True)
class _UsageHistory:
    times: deque[datetime] = field(default_factory=deque)
    refused_at: datetime = _NEVER


class Cooldown:
    """Lets each person do something at most ``limit`` times within ``period``. Refused attempts do not count."""

    def __init__(self, limit: int, period: timedelta, message: str, clock: Clock) -> None:
        self.limit = limit
        self._period = period
        self._message = message
        self._clock = clock
        #: By user id, the least recent first, so that expired ones are at the front.
        self._users: OrderedDict[int, _UsageHistory] = OrderedDict()

    def take(self, user_id: int) -> None:
        """Count a use. Raise TooManyRequests if it is one too many."""
        self.check(user_id)
        self._users[user_id].times.append(self._clock())

    def check(self, user_id: int) -> None:
        """Raise TooManyRequests if another use would be one too many."""
        now = self._clock()
        self._forget_expired(now)
        uses = self._users.setdefault(user_id, _UsageHistory())
        self._users.move_to_end(user_id)
        # Times in the future were counted before the clock was put back.
        uses.times = deque(at for at in uses.times if now - self._period < at <= now)
        if len(uses.times) < self.limit:
            return
        is_repeated = now - self._period < uses.refused_at <= now
        if not is_repeated:
            uses.refused_at = now
        raise TooManyRequests(self._format_message(uses.times[0] + self._period), is_repeated=is_repeated)

    def _format_message(self, available_at: datetime) -> str:
        return say(self._message, time=f"<t:{int(available_at.timestamp()) + 1}:R>")

    def _forget_expired(self, now: datetime) -> None:
        while self._users:
            user_id, uses = next(iter(self._users.items()))
            if uses.times and now - self._period < uses.times[-1] <= now:
                return
            del self._users[user_id]


class Cooldowns:
    """The cooldowns of the process, whichever way something is asked for."""

    def __init__(self, clock: Clock) -> None:
        #: Every command, click, form and question.
        self.questions = Cooldown(80, timedelta(seconds=40), _TOO_MANY_QUESTIONS, clock)
        #: Timelines and pictures of companies.
        self.pictures = Cooldown(10, timedelta(minutes=1), _TOO_MANY_PICTURES, clock)
        #: Suggestions for mistyped commands, in a channel and to a person: what looks like one may be for another bot.
        self.suggestions = Cooldown(2, timedelta(minutes=10), _TOO_MANY_QUESTIONS, clock)
        #: Feeds that somebody follows: each is fetched for that.
        self.feeds = Cooldown(10, timedelta(minutes=10), _TOO_MANY_FEEDS, clock)
        #: Reports of readers that something is wrong with a post.
        self.reports = Cooldown(5, timedelta(minutes=10), _TOO_MANY_REPORTS, clock)
