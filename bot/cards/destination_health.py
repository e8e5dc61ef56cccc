"""Whether posts arrive in a destination, and what to do if they do not."""

from __future__ import annotations

from collections.abc import Iterator

from bot.cards import labels
from bot.cards.escaping import escape_line
from bot.cards.markdown import join_parts, relative_time, subtext
from bot.languages import localize, say, say_count
from bot.model.delivery_report import DestinationHealth

_REASON_LIMIT = 110
_FAILURE_LIMIT = 60


def health_lines(health: DestinationHealth, label: str = "") -> Iterator[str]:
    """Yield a line for each problem, and one with figures.

    ``label`` (safe) names the destination in front of the figures.
    """
    if health.block_reason:
        # Translators: how many posts wait until something arrives again
        waiting_label = (
            say_count("{count} waiting", "{count} waiting", health.waiting_count) if health.waiting_count else ""
        )
        message = say("**Nothing arrives here:** {reason}", reason=_reason_text(health.block_reason))
        yield subtext(f"{labels.WARNING_SYMBOL} {message}", waiting_label, _retry_label(health))
    if health.blocked_thread_count:
        yield subtext(f"{labels.WARNING_SYMBOL} {_closed_threads_label(health)}")
    if health.unpublished_count:
        # Translators: posts of an announcement channel that Discord did not copy to those who follow it
        message = say_count(
            "{count} not published: {reason}",
            "{count} not published: {reason}",
            health.unpublished_count,
            reason=_reason_text(health.publish_failure_reason),
        )
        yield subtext(f"{labels.WARNING_SYMBOL} {message}")
    figures = join_parts(*_figure_labels(health))
    yield subtext(f"{label}: {figures}" if label else figures)


def _retry_label(health: DestinationHealth) -> str:
    if health.retry_at:
        # Translators: time is relative: in 5 minutes
        return say("tried again {time}", time=relative_time(health.retry_at))
    return say("being tried again")


def _closed_threads_label(health: DestinationHealth) -> str:
    thread, reason, count = (
        f"<#{health.blocked_thread_id}>",
        _reason_text(health.thread_block_reason),
        health.blocked_thread_count,
    )
    if count == 1 and health.blocked_thread_id:
        return say("{thread} takes no posts: {reason}", thread=thread, reason=reason)
    if health.blocked_thread_id:
        return say_count(
            "{count} thread takes no posts, {thread} among them: {reason}",
            "{count} threads take no posts, {thread} among them: {reason}",
            count,
            thread=thread,
            reason=reason,
        )
    return say_count(
        "{count} thread takes no posts: {reason}", "{count} threads take no posts: {reason}", count, reason=reason
    )


def _figure_labels(health: DestinationHealth) -> Iterator[str]:
    # Translators: time is relative: 5 minutes ago
    yield (
        say("last post {time}", time=relative_time(health.last_sent_at)) if health.last_sent_at else say("no post yet")
    )
    if health.published_count:
        # Translators: posts of an announcement channel that Discord copied to those who follow it
        yield say_count("{count} published", "{count} published", health.published_count)
    if health.digest_item_count:
        yield _digest_label(health)
    if health.waiting_count and not health.block_reason:
        # Translators: posts that are to be sent
        yield say_count("{count} on the way", "{count} on the way", health.waiting_count)
    if health.failed_count:
        reason = escape_line(localize(health.last_failure_reason), _FAILURE_LIMIT)
        # Translators: posts that could not be sent; reason is that of the last
        yield say_count("{count} failed: {reason}", "{count} failed: {reason}", health.failed_count, reason=reason)
    if health.set_aside_count:
        # Translators: posts that Discord refused for hours, about which the desk decides
        yield say_count("{count} set aside", "{count} set aside", health.set_aside_count)
    if health.doubtful_count:
        # Translators: posts that may stand twice
        yield say_count(
            "{count} sent again unseen, because the history could not be read",
            "{count} sent again unseen, because the history could not be read",
            health.doubtful_count,
        )


def _digest_label(health: DestinationHealth) -> str:
    if health.digest_at:
        # Translators: developments that wait for the next digest; time is relative: in 5 hours
        return say_count(
            "{count} for the digest {time}",
            "{count} for the digest {time}",
            health.digest_item_count,
            time=relative_time(health.digest_at),
        )
    # Translators: developments that wait for the next digest
    return say_count("{count} for the digest", "{count} for the digest", health.digest_item_count)


def _reason_text(stored_reason: str) -> str:
    return escape_line(localize(stored_reason), _REASON_LIMIT)
