"""Limits that no header announces: the bot learns of one only when a 429 says how long to wait."""

from collections.abc import Mapping

from .failures import ApiError
from .limits import EDIT_MESSAGE, PUBLISH, RateLimiter
from .model import Message
from .routing import Route
from .snowflakes import EPOCH_MS
from .world import World

HOUR = 3600


class HiddenLimitReached(ApiError):
    """A 429 of a limit without headers; `scope` says whose it is, and the headers beside it are the route's own."""

    def __init__(self, code: int, message: str, wait: float, scope: str) -> None:
        super().__init__(429, code, message)
        self.scope = scope
        self.body |= {"retry_after": round(wait, 3), "global": False}


def check(limiter: RateLimiter, world: World, route: Route, params: Mapping[str, str]) -> None:
    """Count the request against the limits that it falls under. Raises HiddenLimitReached where one is reached."""
    key, limits = (route.method, route.template), limiter.limits
    if key not in (EDIT_MESSAGE, PUBLISH):
        return
    channel, message = params["channel_id"], _message(world, params)
    if key == PUBLISH:
        _take_write(limiter.take_hidden("publish", limits.publishes, channel))
        return
    if message is not None and message.published:
        _take_write(limiter.take_hidden("published", limits.published_edits, channel))
    if message is not None and world.wall() - _post_time(message) >= HOUR:
        wait = limiter.take_hidden("old", limits.old_edits, channel)
        if wait:
            reason = "Maximum number of edits to messages older than 1 hour reached. Try again later"
            raise HiddenLimitReached(30046, reason, wait, "user")


def _take_write(wait: float) -> None:
    # Seen in github.com/discord/discord-api-docs, issue 6109; it is the channel's limit, whoever writes there.
    if wait:
        reason = "The write action you are performing on the channel has hit the write rate limit."
        raise HiddenLimitReached(20028, reason, wait, "shared")


def _message(world: World, params: Mapping[str, str]) -> Message | None:
    channel, message = params["channel_id"], params["message_id"]
    place = world.channels.get(int(channel)) if channel.isdigit() else None
    return place.history.get(int(message)) if place is not None and message.isdigit() else None


def _post_time(message: Message) -> float:
    """Return when the message was posted, in seconds since 1970."""
    return ((message.id >> 22) + EPOCH_MS) / 1000
