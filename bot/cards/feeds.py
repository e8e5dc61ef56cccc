"""The feeds, and what would come in by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.cards import ids, marks, safe
from bot.cards.budget import Room, units
from bot.cards.card import Card, box, page_of, rule, text, turner
from bot.cards.marks import dotted, small
from bot.languages import noted_as, number, restated, say, say_as, say_count
from bot.model.article import Article
from bot.model.feed import Feed, FeedState, Trust
from bot.model.review import Record

PAGE = 10
_LABEL = 120
_REASON = 160
_TITLE = 160
_LIST = 3_500
#: For a feed in the list, whatever the language; its reason gets what the rest of it leaves.
_FEED = 375
_LEAST = 20
_TRUSTS = {
    # Said: of a feed whose articles an editor decides about
    Trust.REVIEW: noted_as("feed", "review"),
    # Said: of a feed from which what is sure is published by itself
    Trust.AUTO: noted_as("feed", "auto"),
}
_STATES = {
    FeedState.PAUSED: noted_as("feed", "**paused**"),
    # Said: of a feed that its publisher has taken down for good
    FeedState.GONE: noted_as("feed", "**gone**"),
}


def trust_label(trust: Trust) -> str:
    """What may become of a feed's articles, in a word of the language that is spoken."""
    return say_as("feed", _TRUSTS[trust])


def feed_list(feeds: Sequence[tuple[Feed, int]], records: Mapping[int, Record], page: int = 0) -> Card:
    """A page of the feeds, each with how many articles it had first, how it fares, and how often its first suggestion was taken."""
    title = safe.heading(say_as("heading", "Feeds"))
    if not feeds:
        said = say("There are no feeds yet. `/feeds add` takes the address of a feed, or of a page that names one.")
        return Card(box(text(title, said), colour=marks.NEUTRAL))
    pages = -(-len(feeds) // PAGE)
    at = min(max(page, 0), pages - 1)
    shown = feeds[at * PAGE : (at + 1) * PAGE]
    return Card(
        box(
            text(title, small(_counts([feed for feed, _ in feeds]), page_of(at, pages))),
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
    name = safe.heading(safe.line(title or say("A feed without a title"), _TITLE))
    fresh = sum(not reason for _, reason in articles)
    counts = dotted(
        say_count("{count} article would come in", "{count} articles would come in", fresh),
        _no_news(len(articles) - fresh),
        say_count("{count} skipped", "{count} skipped", len(skipped)) if skipped else "",
        say("nothing was stored"),
    )
    head = [name, small(safe.line(url, 400)), small(counts)]
    room = Room(_LIST - sum(units(part) + 1 for part in head))
    lines = [*(_article(*pair) for pair in articles), *(_skipped(*pair) for pair in skipped)]
    shown = [line for line in lines[:25] if room.take(line)]
    rest = len(lines) - len(shown)
    more = [small(say_count("+{count} more", "+{count} more", rest))] if rest else []
    return Card(box(text(*head), rule(), text(*(shown or [say("It is empty.")]), *more), colour=marks.NEUTRAL))


def _no_news(count: int) -> str:
    # Said: of the articles that a feed has now
    return say_count("{count} would be no news", "{count} would be no news", count) if count else ""


def _counts(feeds: Sequence[Feed]) -> str:
    broken = sum(feed.is_broken for feed in feeds)
    paused = sum(feed.state is FeedState.PAUSED for feed in feeds)
    return dotted(
        say_count("{count} feed", "{count} feeds", len(feeds)),
        # Said: of feeds
        say_count("{count} paused", "{count} paused", paused) if paused else "",
        # Said: of feeds
        say_count("{count} broken", "{count} broken", broken) if broken else "",
    )


def _feed(feed: Feed, articles: int, record: Record) -> str:
    facts = dotted(
        trust_label(feed.trust),
        say_count("{count} article", "{count} articles", articles) if articles else "",
        _taken(record),
        _health(feed),
    )
    told = "\n".join([f"**{feed.number}** · {safe.line(feed.label, _LABEL)}", small(facts)])
    return "\n".join(part for part in (told, _reason(feed, _FEED - units(told))) if part)


def _reason(feed: Feed, room: int) -> str:
    if not feed.reason:
        return ""
    return small(f"{marks.WARNING} {safe.line(restated(feed.reason), max(_LEAST, min(_REASON, room - 6)))}")


def _taken(record: Record) -> str:
    if not record.decided:
        return ""
    # Said: how often the desk did with a feed's articles what had been suggested first
    return say_count(
        "first suggestion taken {taken} of {count} time",
        "first suggestion taken {taken} of {count} times",
        record.decided,
        taken=number(record.taken),
    )


def _health(feed: Feed) -> str:
    if feed.state is not FeedState.ACTIVE:
        return say_as("feed", _STATES[feed.state])
    following = marks.ago(feed.next_poll)
    if feed.failures:
        # Said: of a feed; the time is a mention: in 5 minutes
        return say_count(
            "failed {count} time in a row, next {time}",
            "failed {count} times in a row, next {time}",
            feed.failures,
            time=following,
        )
    if feed.succeeded_at is None:
        return say("not polled yet")
    # Said: of a feed; the times are mentions: 5 minutes ago, in 5 minutes
    return say("polled {time}, next {next_time}", time=marks.ago(feed.succeeded_at), next_time=following)


def _article(article: Article, reason: str) -> str:
    when = f"<t:{int(article.published.timestamp())}:d>"
    shown = safe.line(article.title, _TITLE)
    return dotted(f"{when} {shown}", _why(reason))


def _skipped(entry: str, reason: str) -> str:
    shown = (
        say("skipped: {entry}", entry=safe.line(entry, _TITLE)) if entry else say("skipped: an entry without a title")
    )
    return dotted(shown, _why(reason))


def _why(reason: str) -> str:
    return f"*{safe.line(restated(reason), 80)}*" if reason else ""
