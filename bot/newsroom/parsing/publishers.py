"""Find the publisher of an entry, and remove its name from the end of the title."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from bot.newsroom.parsing.urls import get_host

#: The most characters of a publisher's name, the same as in a story's source.
PUBLISHER_LIMIT = 100
# The longest name that a title can end in.
_MAX_SUFFIX = 60
_SUFFIX = re.compile(r"(?<!\s)\s+[-–—|·»]\s+(?=[^\s])")
# Hosts of feeds that collect articles of others, so that their own name is no publisher's.
_AGGREGATORS = ("news.google.", "bing.com", "news.yahoo.", "msn.com", "feedly.com")
# A name is no part of the news if this share of at least this many titles ends in it.
_MIN_TITLES = 4
_MIN_SHARE = 0.8


def remove_publisher(title: str, names: Sequence[str]) -> str:
    """Return the title without one of these names at its end."""
    head, suffix = _split_at_dash(title)
    folded_names = {_fold(name) for name in names if name}
    return head if suffix and _fold(suffix) in folded_names else title


def find_publisher(title: str, *, source: str, feed_title: str, feed_url: str) -> tuple[str, str]:
    """Return the title without its publisher, and the publisher.

    That is the entry's own; else the end of the title if the feed is an aggregator; else the feed's title.
    """
    if source:
        return remove_publisher(title, [source]), source
    if is_aggregator(feed_url, feed_title):
        head, suffix = _split_at_dash(title)
        return (head, suffix) if suffix else (title, "")
    return remove_publisher(title, [feed_title, *_split_feed_title(feed_title), *_get_host_names(feed_url)]), feed_title


def find_common_suffix(titles: Sequence[str]) -> str:
    """Return the name in which nearly all titles end; empty if there is none."""
    ends = Counter(suffix for title in titles if (suffix := _split_at_dash(title)[1]))
    if len(titles) < _MIN_TITLES or not ends:
        return ""
    name, times = ends.most_common(1)[0]
    return name if times >= _MIN_SHARE * len(titles) else ""


def is_aggregator(feed_url: str, feed_title: str) -> bool:
    """Return whether the feed brings the articles of many publishers."""
    host = get_host(feed_url)
    return (
        any(host.startswith(name) or f".{name}" in f".{host}" for name in _AGGREGATORS)
        or "google news" in feed_title.casefold()
    )


def _split_at_dash(title: str) -> tuple[str, str]:
    """Return the title in front of its last dash or bar, and what follows it if that can be a name."""
    separators = list(_SUFFIX.finditer(title))
    if not separators or not separators[-1].start():
        return title, ""
    head, suffix = title[: separators[-1].start()].strip(), title[separators[-1].end() :].strip()
    return (head, suffix) if head and 0 < len(suffix) <= _MAX_SUFFIX else (title, "")


def _split_feed_title(name: str) -> list[str]:
    """Return the parts of a feed's title, which is often a name and a section: "Tech – TIME"."""
    return [part.strip() for part in re.split(r"\s[-–—|·»]\s|:\s", name) if len(part.strip()) > 2]


def _get_host_names(url: str) -> list[str]:
    host = get_host(url)
    return [host, host.split(".", 1)[0]] if host else []


def _fold(name: str) -> str:
    return "".join(re.findall(r"\w+", name.casefold().removeprefix("www.").removesuffix(".com")))
