"""How a destination fares, and what to do where nothing arrives."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.cards import marks, safe
from bot.cards.marks import small
from bot.model.fate import Health

_REASON = 110


def fares(health: Health, where: str = "") -> Iterator[str]:
    """A line of what is wrong, where something is, and one of figures; ``where`` (safe) says of which place they are."""
    if health.blocked:
        again = f"tried again {_when(health.retry_at)}" if health.retry_at else "being tried again"
        waiting = f"{health.waiting:,} waiting" if health.waiting else ""
        yield small(f"{marks.WARNING} **Nothing arrives here:** {safe.line(health.blocked, _REASON)}", waiting, again)
    if health.shut_threads:
        yield small(f"{marks.WARNING} {_shut_threads(health)}: {safe.line(health.shut, _REASON)}")
    if health.unpublished:
        why = safe.line(health.not_published, _REASON)
        yield small(f"{marks.WARNING} {health.unpublished:,} not published: {why}")
    figures = marks.dotted(*_figures(health))
    yield small(f"{where}: {figures}" if where else figures)


def _shut_threads(health: Health) -> str:
    one = f"<#{health.shut_thread}>"
    if health.shut_threads == 1:
        return f"{one} takes no posts" if health.shut_thread else "1 thread takes no posts"
    return f"{health.shut_threads:,} threads take no posts" + (f", {one} among them" if health.shut_thread else "")


def _figures(health: Health) -> Iterator[str]:
    yield f"last post {_when(health.last_sent)}" if health.last_sent else "no post yet"
    if health.published:
        yield f"{health.published:,} published"
    if health.gathered:
        yield f"{health.gathered:,} for the digest" + (f" {_when(health.digest_at)}" if health.digest_at else "")
    if health.waiting and not health.blocked:
        yield f"{health.waiting:,} on the way"
    if health.failed:
        yield f"{health.failed:,} failed: {safe.line(health.last_failure, 60)}"
    if health.unsettled:
        yield f"{health.unsettled:,} sent again unseen, for the history could not be read"


def _when(at: datetime) -> str:
    return f"<t:{int(at.timestamp())}:R>"
