"""The feeds, and what a check of one would bring in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import TypeVar

from bot.cards import custom_ids, labels
from bot.cards.components import Card, container, page_buttons, page_label, separator, text
from bot.cards.escaping import escape_line, heading
from bot.cards.markdown import join_parts, relative_time, subtext
from bot.cards.message_limits import TextBudget, utf16_length
from bot.cards.review import fit_label
from bot.languages import format_figure, format_number, lazy_as, localize, say, say_as, say_count
from bot.model.article import Article
from bot.model.confidence_line import ConfidenceLine, FeedLines
from bot.model.feed import Feed, FeedState, Trust
from bot.model.review import ArticleMatch, FeedReviewStats

T = TypeVar("T")

PAGE_SIZE = 7
_LABEL_LIMIT = 120
_REASON_LIMIT = 160
_TITLE_LIMIT = 160
_STORY_LIMIT = 120
_LIST_LIMIT = 3_500
#: Of one feed in the list, in any language; its reason gets what the rest leaves.
_FEED_LIMIT = 535
_MIN_REASON = 20
_TRUST_LABELS = {
    # Translators: of a feed whose articles an editor decides about
    Trust.REVIEW: lazy_as("feed", "review"),
    # Translators: of a feed from which what is sure is published by itself
    Trust.AUTO: lazy_as("feed", "auto"),
}
_STATE_LABELS = {
    FeedState.PAUSED: lazy_as("feed", "**paused**"),
    # Translators: of a feed that its publisher has taken down for good
    FeedState.GONE: lazy_as("feed", "**shut down**"),
}


def trust_label(trust: Trust) -> str:
    """Return what may happen to a feed's articles, in one word."""
    return say_as("feed", _TRUST_LABELS[trust])


def select_page(feeds: Sequence[T], page: int) -> Sequence[T]:
    """Return the feeds on a page; a page after the last is the last one."""
    index = _limit_page(page, len(feeds))
    return feeds[index * PAGE_SIZE : (index + 1) * PAGE_SIZE]


def _limit_page(page: int, count: int) -> int:
    return min(max(page, 0), max(0, _count_pages(count) - 1))


def _count_pages(count: int) -> int:
    return -(-count // PAGE_SIZE)


def feed_list_card(feeds: Sequence[tuple[Feed, int]], records: Mapping[int, FeedReviewStats], page: int = 0) -> Card:
    """Return a page of the feeds.

    Each has its number of articles, its state, how often the desk accepted the first recommendation for an article, and what
    the tracker does without asking the desk.
    """
    title = heading(say_as("heading", "Feeds"))
    if not feeds:
        message = say(
            "No feeds yet. Add one with `/feeds add` and the address of a feed, or of a page that links to one."
        )
        return Card(container(text(title, message), colour=labels.NEUTRAL_COLOUR))
    page_count, page_index = _count_pages(len(feeds)), _limit_page(page, len(feeds))
    return Card(
        container(
            text(title, subtext(_count_labels([feed for feed, _ in feeds]), page_label(page_index, page_count))),
            separator(),
            *(
                text(_feed_text(feed, article_count, records.get(feed.id, FeedReviewStats())))
                for feed, article_count in select_page(feeds, page)
            ),
            page_buttons(
                page_index,
                page_count,
                custom_ids.FEEDS.build(page=page_index - 1),
                custom_ids.FEEDS.build(page=page_index + 1),
            ),
            colour=labels.NEUTRAL_COLOUR,
        )
    )


def feed_card(feed: Feed, message: str) -> Card:
    """Return ``message`` (a sentence of ours about what was done) above the feed as it is now."""
    return Card(container(text(message), text(_feed_text(feed, 0, FeedReviewStats())), colour=labels.SUCCESS_COLOUR))


def feed_check_card(
    url: str,
    title: str,
    articles: Sequence[tuple[Article, str]],
    skipped: Sequence[tuple[str, str]],
    matches: Mapping[str, ArticleMatch] = MappingProxyType({}),
) -> Card:
    """Return what a feed would bring in.

    These are its articles, each with the reason if it would be no news, else with the story that it would join (``matches``,
    by the article's id); and the entries that would be skipped.
    """
    name = heading(escape_line(title or say("A feed without a title"), _TITLE_LIMIT))
    news_count = sum(not reason for _, reason in articles)
    counts = join_parts(
        say_count("{count} article would be imported", "{count} articles would be imported", news_count),
        _no_news_label(len(articles) - news_count),
        say_count("{count} skipped", "{count} skipped", len(skipped)) if skipped else "",
        say("nothing was stored"),
    )
    header = [name, subtext(escape_line(url, 400)), subtext(counts)]
    budget = TextBudget(_LIST_LIMIT - sum(utf16_length(part) + 1 for part in header))
    lines = [
        *(_article_lines(*pair, matches.get(pair[0].id)) for pair in articles),
        *(_skipped_line(*pair) for pair in skipped),
    ]
    fitting_lines = [line for line in lines[:25] if budget.reserve(line)]
    more_count = len(lines) - len(fitting_lines)
    more_lines = [subtext(say_count("+{count} more", "+{count} more", more_count))] if more_count else []
    return Card(
        container(
            text(*header),
            separator(),
            text(*(fitting_lines or [say("The feed is empty.")]), *more_lines),
            colour=labels.NEUTRAL_COLOUR,
        )
    )


def _no_news_label(count: int) -> str:
    # Translators: of the articles that a feed has now
    return say_count("{count} would not count as news", "{count} would not count as news", count) if count else ""


def _count_labels(feeds: Sequence[Feed]) -> str:
    broken_count = sum(feed.is_broken for feed in feeds)
    paused_count = sum(feed.state is FeedState.PAUSED for feed in feeds)
    return join_parts(
        say_count("{count} feed", "{count} feeds", len(feeds)),
        # Translators: of feeds
        say_count("{count} paused", "{count} paused", paused_count) if paused_count else "",
        # Translators: of feeds
        say_count("{count} broken", "{count} broken", broken_count) if broken_count else "",
    )


def _feed_text(feed: Feed, article_count: int, record: FeedReviewStats) -> str:
    facts = join_parts(
        trust_label(feed.trust),
        say_count("{count} article", "{count} articles", article_count) if article_count else "",
        _acceptance_label(record),
        _health_label(feed),
    )
    summary = "\n".join(
        [
            f"**{feed.id}** · {escape_line(feed.label, _LABEL_LIMIT)}",
            subtext(facts),
            *_tracker_lines(feed, record.lines),
        ]
    )
    return "\n".join(part for part in (summary, _reason_line(feed, _FEED_LIMIT - utf16_length(summary))) if part)


def _reason_line(feed: Feed, limit: int) -> str:
    if not feed.reason:
        return ""
    return subtext(
        f"{labels.WARNING_SYMBOL} {escape_line(localize(feed.reason), max(_MIN_REASON, min(_REASON_LIMIT, limit - 6)))}"
    )


def _acceptance_label(record: FeedReviewStats) -> str:
    if not record.decided_count:
        return ""
    # Translators: how often the desk did with a feed's articles what had been suggested first
    return say_count(
        "first suggestion accepted {taken} of {count} time",
        "first suggestion accepted {taken} of {count} times",
        record.decided_count,
        taken=format_number(record.accepted_count),
    )


def _tracker_lines(feed: Feed, lines: FeedLines | None) -> list[str]:
    """Return what the tracker does without an editor, and how often it was right."""
    if lines is None:
        return []
    label = _publishing_label(lines.stories) if feed.trust is Trust.AUTO else _rightness_label(lines.stories)
    return [subtext(part) for part in (label, _re_report_label(lines.re_reports)) if part]


def _publishing_label(stories: ConfidenceLine) -> str:
    right = format_number(stories.right_count)
    if stories.line is None:
        # Translators: of the tracker's recommendations for a feed's articles
        return say_count(
            "The bot publishes nothing without asking: only {right} of {count} recommendation was right",
            "The bot publishes nothing without asking: only {right} of {count} recommendations were right",
            stories.count,
            right=right,
        )
    percent = _format_percent(stories.line)
    rule = (
        # Translators: what the tracker does with a feed's articles
        say("The bot publishes without asking when it is at least {percent} sure", percent=percent)
        if stories.line == stories.shipped
        # Translators: what the tracker does with a feed's articles; it has learned another percentage than the usual one
        else say(
            "The bot publishes without asking when it is at least {percent} sure (usually {usual})",
            percent=percent,
            usual=_format_percent(stories.shipped),
        )
    )
    if not stories.count:
        return rule
    # Translators: of the recommendations of which the tracker was so sure
    record = say_count("right {right} of {count} time", "right {right} of {count} times", stories.count, right=right)
    return join_parts(rule, record)


def _rightness_label(stories: ConfidenceLine) -> str:
    if not stories.count:
        return ""
    # Translators: how often the tracker's first suggestion was right, of those that it was so sure of
    return say_count(
        "When the bot was at least {percent} sure, it was right {right} of {count} time",
        "When the bot was at least {percent} sure, it was right {right} of {count} times",
        stories.count,
        percent=_format_percent(stories.shipped if stories.line is None else stories.line),
        right=format_number(stories.right_count),
    )


def _re_report_label(re_reports: ConfidenceLine) -> str:
    if re_reports.line == re_reports.shipped:
        return ""
    if re_reports.line is None:
        return say("The bot asks about every re-report")
    # Translators: what the tracker does with a feed's articles that repeat published news
    return say(
        "The bot adds re-reports without asking when it is at least {percent} sure",
        percent=_format_percent(re_reports.line),
    )


def _format_percent(confidence: float) -> str:
    return format_figure(Decimal(f"{confidence:.3f}") * 100, "%")


def _health_label(feed: Feed) -> str:
    if feed.state is not FeedState.ACTIVE:
        return say_as("feed", _STATE_LABELS[feed.state])
    next_poll = relative_time(feed.next_poll_at)
    if feed.failures:
        # Translators: of a feed; the time is a mention: in 5 minutes
        return say_count(
            "failed {count} time in a row, next try {time}",
            "failed {count} times in a row, next try {time}",
            feed.failures,
            time=next_poll,
        )
    if feed.succeeded_at is None:
        return say("not checked yet")
    # Translators: of a feed; the times are mentions: 5 minutes ago, in 5 minutes
    return say("checked {time}, next check {next_time}", time=relative_time(feed.succeeded_at), next_time=next_poll)


def _article_lines(article: Article, reason: str, match: ArticleMatch | None) -> str:
    date = f"<t:{int(article.published_at.timestamp())}:d>"
    title = escape_line(article.title, _TITLE_LIMIT)
    line = join_parts(f"{date} {title}", _reason_label(reason))
    return f"{line}\n{_match_label(match)}" if match and not reason else line


def _match_label(match: ArticleMatch) -> str:
    """Return the story that an article would join, and why."""
    # Translators: of an article: the story that it would become a part of
    story = say("would be added to **{story}**", story=escape_line(match.story.title, _STORY_LIMIT))
    repeated = match.repeated_development
    repeats = (
        say("It seems to repeat “{development}”.", development=escape_line(repeated.headline, _STORY_LIMIT))
        if repeated
        else ""
    )
    return subtext(story, fit_label(match.recommendation, match.story), repeats)


def _skipped_line(entry: str, reason: str) -> str:
    label = (
        say("skipped: {entry}", entry=escape_line(entry, _TITLE_LIMIT))
        if entry
        else say("skipped: an entry without a title")
    )
    return join_parts(label, _reason_label(reason))


def _reason_label(reason: str) -> str:
    return f"*{escape_line(localize(reason), 80)}*" if reason else ""
