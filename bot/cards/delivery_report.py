"""The answer to ``why``: what was posted, what was not, and why; and whether posts arrive in a destination."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.cards import developments, labels
from bot.cards.components import Card, container, separator, text
from bot.cards.escaping import escape_line, heading
from bot.cards.feed_news import date_label
from bot.cards.markdown import join_parts, message_url, reason_text, relative_time, subtext
from bot.cards.message_limits import TextBudget, utf16_length
from bot.languages import lazy, localize, say, say_as, say_count
from bot.model.delivery_report import ArticleDeliveryReport, DeliveryReason, DeliveryReport, DestinationHealth
from bot.model.follow import Destination, DestinationKind, Follow
from bot.model.story import Story

AnyReport = DeliveryReport | ArticleDeliveryReport

_TEXT_LIMIT = 3_600
_MAX_REPORTS = 12
_REASON_LIMIT = 160
# Translators: "it" is a development of a story, "here" the channel that was asked about.
_NOT_POSTED_LABELS = {
    DeliveryReason.FAILED: lazy("not posted: could not be delivered"),
    DeliveryReason.SET_ASIDE: lazy("not posted: set aside after repeated failures; the desk decides"),
    DeliveryReason.NO_FOLLOW: lazy("not posted: nothing here follows the story"),
    DeliveryReason.BEFORE_FOLLOW: lazy("not posted: it was already known when the follow was created"),
    DeliveryReason.NOT_ANNOUNCED: lazy("not posted: it was imported without announcements"),
    DeliveryReason.FOLLOW_INACTIVE: lazy("not posted: the follow was paused or had stopped"),
    DeliveryReason.WAITING_FOR_DIGEST: lazy("not posted: it is waiting for the next digest"),
    DeliveryReason.FILTERED_OUT: lazy("not posted: the follow's filters exclude it"),
    DeliveryReason.NO_NEWS: lazy("not posted: it was too old, or too much arrived at once"),
}
_BLOCK_REASON_LIMIT = 110
_FAILURE_LIMIT = 60


def delivery_report_card(story: Story, destination: Destination, reports: Sequence[DeliveryReport]) -> Card:
    """Return each development with what became of it, newest first; the oldest are counted if they do not fit."""
    title = f"{heading(escape_line(story.title, 420))}\n{subtext(_subtitle(destination))}"
    budget = TextBudget(_TEXT_LIMIT - utf16_length(title))
    items: list[str] = []
    for report in list(reversed(reports))[:_MAX_REPORTS]:
        item = _report_text(report, destination)
        if not budget.reserve(item):
            break
        items.append(item)
    earlier_count = len(reports) - len(items)
    # Translators: so many earlier developments have no room in the list
    earlier_label = subtext(say_count("+{count} earlier", "+{count} earlier", earlier_count)) if earlier_count else ""
    body = text(*items, earlier_label) if reports else text(say("No developments yet."))
    return Card(container(text(title), separator(), body, colour=labels.NEUTRAL_COLOUR))


def feed_report_card(follow: Follow, reports: Sequence[ArticleDeliveryReport]) -> Card:
    """Return the newest articles of a followed feed with what became of each, newest first."""
    title = f"{heading(escape_line(follow.target.display, 420))}\n{subtext(_subtitle(follow.destination))}"
    budget = TextBudget(_TEXT_LIMIT - utf16_length(title))
    items = [item for report in reports if budget.reserve(item := _article_text(report, follow.destination))]
    body = text(*items) if items else text(say("No articles yet."))
    return Card(container(text(title), separator(), body, colour=labels.NEUTRAL_COLOUR))


def _article_text(report: ArticleDeliveryReport, destination: Destination) -> str:
    title = escape_line(report.report.article.title, 300)
    outcome = _outcome_labels(report, destination)
    # Translators: of an article that is linked in the post of another one
    same_news = say("added to another post as the same news") if report.is_re_report else ""
    return f"{title}\n{subtext(date_label(report.report), *outcome, same_news)}"


def _subtitle(destination: Destination) -> str:
    if destination.kind is DestinationKind.DM:
        return say("What was posted in your DMs, newest first")
    return say("What was posted in {channel}, newest first", channel=f"<#{destination.discord_id}>")


def _report_text(report: DeliveryReport, destination: Destination) -> str:
    lines = [
        developments.title(report.development, 300, is_bold=False),
        subtext(report.development.date.display, *_outcome_labels(report, destination)),
        subtext(developments.retraction_text(report.development, _REASON_LIMIT)),
    ]
    return "\n".join(line for line in lines if line)


def _outcome_labels(report: AnyReport, destination: Destination) -> tuple[str, ...]:
    if report.reason_code is DeliveryReason.POSTED:
        mentioned_companies = report.mentioned_companies if isinstance(report, DeliveryReport) else ()
        mentions_label = labels.mentions_label(mentioned_companies)
        return _posted_label(report, destination), mentions_label, _reason_label(report)
    # Translators: of a development whose post is about to be sent
    return say(_NOT_POSTED_LABELS[report.reason_code]) if report.reason_code is not DeliveryReason.WAITING else say(
        "**queued**"
    ), _reason_label(report)


def _posted_label(report: AnyReport, destination: Destination) -> str:
    time = f"<t:{int(report.at.timestamp())}:f>" if report.at else ""
    if destination.guild_id is None or report.message_id is None:
        return say("**posted** {time}", time=time)
    url = message_url(destination.guild_id, report.channel_id or destination.discord_id, report.message_id)
    # Translators: the word leads to the post
    return say("[**posted**]({link}) {time}", link=url, time=time)


def _reason_label(report: AnyReport) -> str:
    if report.reason_code is DeliveryReason.FILTERED_OUT:
        return escape_line(report.detail, _REASON_LIMIT)
    return reason_text(report.detail, _REASON_LIMIT) if report.detail else ""


def health_lines(health: DestinationHealth, label: str = "") -> Iterator[str]:
    """Yield a line for each problem, and one with figures.

    ``label`` (safe) names the destination in front of the figures.
    """
    if health.block_reason:
        # Translators: how many posts wait until something arrives again
        waiting_label = (
            say_count("{count} waiting", "{count} waiting", health.waiting_count) if health.waiting_count else ""
        )
        message = say("**Nothing arrives here:** {reason}", reason=_block_reason_text(health.block_reason))
        yield subtext(f"{labels.WARNING_SYMBOL} {message}", waiting_label, _retry_label(health))
    if health.blocked_thread_count:
        yield subtext(f"{labels.WARNING_SYMBOL} {_closed_threads_label(health)}")
    if health.unpublished_count:
        # Translators: posts of an announcement channel that Discord did not copy to those who follow it
        message = say_count(
            "{count} not published: {reason}",
            "{count} not published: {reason}",
            health.unpublished_count,
            reason=_block_reason_text(health.publish_failure_reason),
        )
        yield subtext(f"{labels.WARNING_SYMBOL} {message}")
    figures = join_parts(*_figure_labels(health))
    # Translators: a channel, and how posts fare there
    yield subtext(say_as("label", "{label}: {text}", label=label, text=figures) if label else figures)


def _retry_label(health: DestinationHealth) -> str:
    if health.retry_at:
        # Translators: time is relative: in 5 minutes
        return say("next try {time}", time=relative_time(health.retry_at))
    return say("retrying now")


def _closed_threads_label(health: DestinationHealth) -> str:
    thread, reason, count = (
        f"<#{health.blocked_thread_id}>",
        _block_reason_text(health.thread_block_reason),
        health.blocked_thread_count,
    )
    if count == 1 and health.blocked_thread_id:
        return say("can't post in {thread}: {reason}", thread=thread, reason=reason)
    if health.blocked_thread_id:
        return say_count(
            "can't post in {count} thread, including {thread}: {reason}",
            "can't post in {count} threads, including {thread}: {reason}",
            count,
            thread=thread,
            reason=reason,
        )
    return say_count(
        "can't post in {count} thread: {reason}", "can't post in {count} threads: {reason}", count, reason=reason
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
        yield say_count("{count} queued", "{count} queued", health.waiting_count)
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
            "{count} resent where the channel history could not be read (possible duplicates)",
            "{count} resent where the channel history could not be read (possible duplicates)",
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


def _block_reason_text(stored_reason: str) -> str:
    return escape_line(localize(stored_reason), _BLOCK_REASON_LIMIT)
