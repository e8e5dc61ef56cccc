"""How a destination fares, and what to do where nothing arrives."""

from __future__ import annotations

from collections.abc import Iterator

from bot.cards import marks, safe
from bot.cards.marks import small
from bot.languages import restated, say, say_count
from bot.model.fate import Health

_REASON = 110
_FAILURE = 60


def fares(health: Health, where: str = "") -> Iterator[str]:
    """A line of what is wrong, where something is, and one of figures; ``where`` (safe) says of which place they are."""
    if health.blocked:
        # Said: how many posts wait until something arrives again
        waiting = say_count("{count} waiting", "{count} waiting", health.waiting) if health.waiting else ""
        said = say("**Nothing arrives here:** {reason}", reason=_reason(health.blocked))
        yield small(f"{marks.WARNING} {said}", waiting, _again(health))
    if health.shut_threads:
        yield small(f"{marks.WARNING} {_shut_threads(health)}")
    if health.unpublished:
        # Said: posts of an announcement channel that Discord did not copy to those who follow it
        said = say_count(
            "{count} not published: {reason}",
            "{count} not published: {reason}",
            health.unpublished,
            reason=_reason(health.not_published),
        )
        yield small(f"{marks.WARNING} {said}")
    figures = marks.dotted(*_figures(health))
    yield small(f"{where}: {figures}" if where else figures)


def _again(health: Health) -> str:
    if health.retry_at:
        # Said: time is relative: in 5 minutes
        return say("tried again {time}", time=marks.ago(health.retry_at))
    return say("being tried again")


def _shut_threads(health: Health) -> str:
    thread, why, count = f"<#{health.shut_thread}>", _reason(health.shut), health.shut_threads
    if count == 1 and health.shut_thread:
        return say("{thread} takes no posts: {reason}", thread=thread, reason=why)
    if health.shut_thread:
        return say_count(
            "{count} thread takes no posts, {thread} among them: {reason}",
            "{count} threads take no posts, {thread} among them: {reason}",
            count,
            thread=thread,
            reason=why,
        )
    return say_count(
        "{count} thread takes no posts: {reason}", "{count} threads take no posts: {reason}", count, reason=why
    )


def _figures(health: Health) -> Iterator[str]:
    # Said: time is relative: 5 minutes ago
    yield say("last post {time}", time=marks.ago(health.last_sent)) if health.last_sent else say("no post yet")
    if health.published:
        # Said: posts of an announcement channel that Discord copied to those who follow it
        yield say_count("{count} published", "{count} published", health.published)
    if health.gathered:
        yield _gathered(health)
    if health.waiting and not health.blocked:
        # Said: posts that are to be sent
        yield say_count("{count} on the way", "{count} on the way", health.waiting)
    if health.failed:
        why = safe.line(restated(health.last_failure), _FAILURE)
        # Said: posts that could not be sent; reason is that of the last
        yield say_count("{count} failed: {reason}", "{count} failed: {reason}", health.failed, reason=why)
    if health.set_aside:
        # Said: posts that Discord refused for hours, about which the desk decides
        yield say_count("{count} set aside", "{count} set aside", health.set_aside)
    if health.unsettled:
        # Said: posts that may stand twice
        yield say_count(
            "{count} sent again unseen, for the history could not be read",
            "{count} sent again unseen, for the history could not be read",
            health.unsettled,
        )


def _gathered(health: Health) -> str:
    if health.digest_at:
        # Said: developments that wait for the next digest; time is relative: in 5 hours
        return say_count(
            "{count} for the digest {time}",
            "{count} for the digest {time}",
            health.gathered,
            time=marks.ago(health.digest_at),
        )
    # Said: developments that wait for the next digest
    return say_count("{count} for the digest", "{count} for the digest", health.gathered)


def _reason(kept: str) -> str:
    return safe.line(restated(kept), _REASON)
