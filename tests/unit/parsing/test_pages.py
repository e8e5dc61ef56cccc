"""The lead of a web page: its text without what stands around it, and what it says about itself."""

from __future__ import annotations

import pytest

from bot.model.article import TEXT_LIMIT
from bot.newsroom.parsing.answer_validation import validate_page
from bot.newsroom.parsing.page_jobs import run_page_job
from bot.newsroom.parsing.results import PageLead
from tests.unit.parsing.feeds import NOW

URL = "https://paper.example/cars/1"
FIRST = (
    "The two makers have agreed to build a plant together, which is to open next year and to employ a thousand people."
)
SECOND = "The agreement is not binding yet; both boards are to vote on it before the summer, as people close to the talks say."
PAGE = f"""<!doctype html><html lang="en"><head><title>Two makers agree | Paper</title><meta property="og:site_name" content="Paper">
<meta property="og:title" content="Two makers agree &amp; build - Paper"><link rel="canonical" href="/cars/1"><meta property="og:description" content="A summary.">
<script type="application/ld+json">{{"@type": "NewsArticle", "datePublished": "2026-02-03T04:05:06+01:00"}}</script></head><body>
<div class="cookie-banner"><p>This website uses cookies to give you the best experience.</p></div><nav><a href="/">Home</a><a href="/cars">Cars</a></nav>
<article><h1>Two makers agree &amp; build</h1><p>{FIRST}</p><p>{SECOND}</p><p>Read also: Another maker builds another plant</p></article>
<aside><h2>Most read</h2><ul><li><a href="/2">A title of another article</a></li></ul></aside><footer>© Paper 2026. All rights reserved.</footer></body></html>"""


def lead(body: str | bytes, url: str = URL) -> PageLead:
    header = {"url": url, "content_type": "text/html", "now": NOW.isoformat()}
    return validate_page(run_page_job(header, body.encode() if isinstance(body, str) else body), NOW)


def test_a_page_gives_its_text_and_what_it_says_about_itself() -> None:
    result = lead(PAGE)
    assert result.title == "Two makers agree & build"
    assert result.text == f"{FIRST}\n{SECOND}"
    assert result.published is not None
    assert result.published.isoformat() == "2026-02-03T03:05:06+00:00"
    assert (result.url, result.publisher) == ("https://paper.example/cars/1", "Paper")


def test_a_page_without_metadata_keeps_its_address() -> None:
    result = lead("<html><body><p>Too little.</p></body></html>")
    assert (result.title, result.published, result.url, result.publisher) == (
        "",
        None,
        "https://paper.example/cars/1",
        "",
    )


def test_where_no_text_is_found_the_description_stands_for_it() -> None:
    body = "<html><head><title>T</title><meta name='description' content='What the page is about.'></head><body><div id='app'></div></body></html>"
    assert lead(body).text == "What the page is about."


@pytest.mark.parametrize("canonical", ["https://paper.example/", "javascript:alert(1)", "http://[", ""])
def test_an_implausible_canonical_address_is_ignored(canonical: str) -> None:
    assert lead(PAGE.replace('href="/cars/1"', f'href="{canonical}"')).url == "https://paper.example/cars/1"


def test_a_date_in_the_future_or_none_at_all_is_no_date() -> None:
    assert lead(PAGE.replace("2026-02-03", "2036-02-03")).published is None
    assert lead(PAGE.replace("2026-02-03T04:05:06+01:00", "last week")).published is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x89PNG\r\n\x1a\n\x00",
        b"plain words",
        b"<",
        b"<html>" + b"<div>" * 5_000,
        b"<p>&#xd800;</p>",
        b"\xff\xfe<\x00p\x00>\x00",
    ],
)
def test_what_is_no_page_gives_a_lead_without_a_title_or_date(body: bytes) -> None:
    result = lead(body)
    assert (result.published, result.url) == (None, "https://paper.example/cars/1")


def test_a_long_page_is_cut_to_the_limit_of_a_text() -> None:
    result = lead(PAGE.replace(f"<p>{SECOND}</p>", "".join(f"<p>{n}. {SECOND}</p>" for n in range(200))))
    assert TEXT_LIMIT - 20 < len(result.text) <= TEXT_LIMIT
