"""The feeds that a page names: the declared ones first, then links that look like feeds; comments and readers' services last or never."""

from __future__ import annotations

import pytest

from bot.newsroom.parsing.feed_links import FEEDS_LIMIT, find_feed_links

URL = "https://paper.example/cars/"


def feeds(body: str) -> list[str]:
    return find_feed_links(body.encode(), URL)


def test_a_link_of_a_feeds_type_needs_no_relation() -> None:
    page = b"<link type='application/rss+xml' href='/feed'><link href='/style.css'><link type='text/css' href='/a.rss'><link href='/rss.xml'>"
    assert find_feed_links(page, "https://paper.example/") == [
        "https://paper.example/feed",
        "https://paper.example/rss.xml",
    ]


def test_declared_feeds_come_first_and_comments_last() -> None:
    page = """<html><head><base href="/news/">
    <link rel="alternate" type="application/rss+xml" title="Paper » Comments Feed" href="/comments/feed">
    <link rel="ALTERNATE nofollow" type="application/rss+xml; charset=utf-8" title="Paper" href="feed.xml?utm_source=page">
    <link rel="alternate" type="application/atom+xml" href="https://feeds.paper.example/atom">
    <link rel="alternate" type="application/feed+json" href="/feed.json">
    <link rel="alternate" hreflang="de" href="/de/"><link rel="stylesheet" type="text/css" href="/rss.css">
    </head><body><a href="/rss">RSS</a><a href="/cars/atom.xml">x</a><a href="/about">About</a><a href="/subscribe">RSS feed</a></body></html>"""
    assert feeds(page) == [
        "https://paper.example/news/feed.xml?utm_source=page",
        "https://feeds.paper.example/atom",
        "https://paper.example/feed.json",
        "https://paper.example/rss",
        "https://paper.example/cars/atom.xml",
        "https://paper.example/subscribe",
        "https://paper.example/comments/feed",
    ]


@pytest.mark.parametrize(
    ("link", "feed"),
    [
        ("feed://paper.example/rss", "https://paper.example/rss"),
        ("feed:https://paper.example/rss", "https://paper.example/rss"),
        ("//paper.example/index.xml", "https://paper.example/index.xml"),
        ("?feed=rss2", "https://paper.example/cars/?feed=rss2"),
        ("index.rdf", "https://paper.example/cars/index.rdf"),
    ],
)
def test_links_that_look_like_feeds_are_found(link: str, feed: str) -> None:
    assert feeds(f"<body><a href='{link}'>Follow</a></body>") == [feed]


@pytest.mark.parametrize(
    "page",
    [
        "", "no markup", "<html></html>", "<a href='/feedback'>Feedback</a>", "<a href='/brassware'>Brass</a>", "<a href='javascript:alert(1)'>RSS</a>",
        "<a href='https://user@paper.example/rss'>RSS</a>", "<a href='http://[/rss'>RSS</a>", "<link rel='alternate' type='application/rss+xml'>",
        "<a href='https://feedly.com/i/subscription/feed/https://paper.example/rss'>RSS</a>", "<base href='http://['><a href='javascript:1'>RSS</a>", "\0\0\0",
    ],
)  # fmt: skip
def test_what_is_no_feed_is_not_named(page: str) -> None:
    assert feeds(page) == []


def test_only_so_many_are_named_each_once() -> None:
    page = "".join(f"<a href='/rss/{n % 40}?utm_source={n}'>x</a>" for n in range(200))
    assert len(feeds(page)) == len(set(feeds(page))) == FEEDS_LIMIT
