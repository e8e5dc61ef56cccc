"""The feeds, and what would come in by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.cards import ids, marks, safe
from bot.cards.budget import Room, units
from bot.cards.card import Card, box, rule, text, turner
from bot.cards.marks import dotted, number_of, small
from bot.model.article import Article
from bot.model.feed import Feed, FeedState
from bot.model.review import Record

PAGE = 10
_LABEL = 120
_REASON = 160
_TITLE = 160
_LIST = 3_500


def feed_list(feeds: Sequence[tuple[Feed, int]], records: Mapping[int, Record], page: int = 0) -> Card:
    """A page of the feeds, each with how many articles it had first, how it fares, and how often its first suggestion was taken."""
    title = safe.heading("Feeds")
    if not feeds:
        said = "There are no feeds yet. `/feeds add` takes the address of a feed, or of a page that names one."
        return Card(box(text(title, said), colour=marks.NEUTRAL))
    pages = -(-len(feeds) // PAGE)
    at = min(max(page, 0), pages - 1)
    shown = feeds[at * PAGE : (at + 1) * PAGE]
    return Card(
        box(
            text(title, small(_counts([feed for feed, _ in feeds]), f"Page {at + 1} of {pages}" if pages > 1 else "")),
            rule(),
            *(text(_feed(feed, articles, records.get(feed.number, Record()))) for feed, articles in shown),
            turner(at, pages, ids.feeds(at - 1), ids.feeds(at + 1)),
            colour=marks.NEUTRAL,
        )
    )


def feed_card(feed: Feed, said: str) -> Card:
    """What was done about a feed (``said``: our own sentence), and the feed as it is now."""
    return Card(box(text(said), text(_feed(feed, 0, Record())), colour=marks.GOOD))


def checked_card(
    url: str,
    title: str,
    articles: Sequence[tuple[Article, str]],
    skipped: Sequence[tuple[str, str]],
) -> Card:
    """What would come in by a feed: its articles, each with the reason why it would be no news, and what would be skipped."""
    name = safe.heading(safe.line(title or "A feed without a title", _TITLE))
    fresh = sum(not reason for _, reason in articles)
    counts = dotted(
        f"{number_of(fresh, 'article')} would come in",
        f"{len(articles) - fresh:,} would be no news" if fresh < len(articles) else "",
        f"{len(skipped):,} skipped" if skipped else "",
        "nothing was stored",
    )
    head = [name, small(safe.line(url, 400)), small(counts)]
    room = Room(_LIST - sum(units(part) + 1 for part in head))
    lines = [*(_article(*pair) for pair in articles), *(_skipped(*pair) for pair in skipped)]
    shown = [line for line in lines[:25] if room.take(line)]
    rest = len(lines) - len(shown)
    more = [small(f"+{rest:,} more")] if rest else []
    return Card(box(text(*head), rule(), text(*(shown or ["It is empty."]), *more), colour=marks.NEUTRAL))


def _counts(feeds: Sequence[Feed]) -> str:
    broken = sum(feed.is_broken for feed in feeds)
    paused = sum(feed.state is FeedState.PAUSED for feed in feeds)
    return dotted(
        number_of(len(feeds), "feed"), f"{paused:,} paused" if paused else "", f"{broken:,} broken" if broken else ""
    )


def _feed(feed: Feed, articles: int, record: Record) -> str:
    facts = dotted(
        feed.trust.value,
        number_of(articles, "article") if articles else "",
        _taken(record),
        _health(feed),
    )
    reason = small(f"{marks.WARNING} {safe.line(feed.reason, _REASON)}") if feed.reason else ""
    told = [f"**{feed.number}** · {safe.line(feed.label, _LABEL)}", small(facts), reason]
    return "\n".join(part for part in told if part)


def _taken(record: Record) -> str:
    return f"first suggestion taken {record.taken:,} of {number_of(record.decided, 'time')}" if record.decided else ""


def _health(feed: Feed) -> str:
    if feed.state is not FeedState.ACTIVE:
        return f"**{feed.state.value}**"
    following = f"next <t:{int(feed.next_poll.timestamp())}:R>"
    if feed.failures:
        return f"failed {number_of(feed.failures, 'time')} in a row, {following}"
    if feed.succeeded_at is None:
        return "not polled yet"
    return f"polled <t:{int(feed.succeeded_at.timestamp())}:R>, {following}"


def _article(article: Article, reason: str) -> str:
    when = f"<t:{int(article.published.timestamp())}:d>"
    shown = safe.line(article.title, _TITLE)
    return f"{when} {shown}" + (f" · *{safe.line(reason, 80)}*" if reason else "")


def _skipped(entry: str, reason: str) -> str:
    return f"skipped: {safe.line(entry or 'an entry without a title', _TITLE)} · *{safe.line(reason, 80)}*"
