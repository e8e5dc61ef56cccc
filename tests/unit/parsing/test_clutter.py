"""Banners, lists of other articles, references and newsletters are dropped; the news stays, also news about cookies and newsletters."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.newsroom.parsing.boilerplate import remove_boilerplate
from bot.newsroom.parsing.plain_text import to_plain_text

SHARED = Path(__file__).parents[4] / "shared"
DOCUMENT = SHARED / "seed" / "autovista24-nissan-foxconn.txt"
NEWS = SHARED / "news"
LEAD = (
    "The two makers have agreed to build a plant together, which is to open next year and to employ a thousand people."
)


@pytest.mark.parametrize(
    "line",
    [
        "This website uses cookies to give you the best experience.",
        "Website Paper employs cookies to enhance its readers' visit",
        "We and our partners store and use cookies on your device.",
        "By continuing to use this site you agree to our use of cookies.",
        "Accept all cookies",
        "Cookie settings",
        "Diese Website verwendet Cookies, um Inhalte zu personalisieren.",
        "Ce site utilise des cookies pour vous offrir un meilleur service.",
        "Sign up for our daily newsletter",
        "Subscribe to our newsletter to get the news in your inbox",
        "Follow us on LinkedIn and X",
        "Advertisement",
        "Photo: A. Photographer/Agency",
        "© 2026 Paper Ltd. All rights reserved.",
        "The post A plant for two appeared first on Paper.",
        "Read more",
        "Read also: Another maker builds another plant",
        "READ ALSO – Another maker",
        "Lesen Sie auch: Noch ein Werk",
        "あわせて読みたい：工場",
        "Comments (12)",
        "Skip to content",
        "[…]",
    ],
)
def test_a_line_of_clutter_is_dropped(line: str) -> None:
    assert remove_boilerplate(f"{line}\n{LEAD}\n{line}") == LEAD
    assert remove_boilerplate(f"- {line}\n{LEAD}") == LEAD


@pytest.mark.parametrize(
    "line",
    [
        "Google keeps third-party cookies in its browser after all, and leaves the choice to its users.",
        "The paper sells its newsletter to a rival for two million euros.",
        "Sources say that the talks will end on Friday.",
        "Sources: the talks end on Friday, and no deal is in sight.",
        "References to the merger were removed from the report.",
        "Readers also asked what becomes of the plant in Oppama.",
        "Related-party deals made up a third of its sales.",
        "The website of the maker was down for two hours.",
        "Subscribers to its charging service pay less.",
        "Copyright law is to be changed, the minister said, and soon; "
        + "publishers are to be paid for what machines read of them. " * 2,
        "More from the plant will be exported than before.",
        "Notes issued by the maker fell to a low.",
        "- The plant opens in March",
    ],
)
def test_news_that_speaks_of_such_things_stays(line: str) -> None:
    assert remove_boilerplate(f"{LEAD}\n{line}") == f"{LEAD}\n{line}"


@pytest.mark.parametrize(
    "heading",
    [
        "References:",
        "Read also:",
        "Related articles",
        "Sources",
        "You may also like",
        "Quellen:",
        "À lire aussi",
        "関連記事",
    ],
)
def test_a_heading_takes_the_list_below_it_along(heading: str) -> None:
    items = "- One maker does one thing\n- Another maker does another\nA third title without a dash"
    assert remove_boilerplate(f"{LEAD}\n{heading}\n{items}") == LEAD
    assert remove_boilerplate(f"{LEAD}\n{heading}\n{items}\n{LEAD}") == f"{LEAD}\n{LEAD}"


@pytest.mark.parametrize(
    "tail",
    [
        "[…]",
        "[...]",
        "Continue reading →",
        "… Continue reading A plant for two →",
        "Read more »",
        "The post A plant appeared first on Paper.",
    ],
)
def test_a_read_more_is_cut_from_the_end_of_a_line(tail: str) -> None:
    assert remove_boilerplate(f"{LEAD} {tail}") == LEAD
    assert remove_boilerplate(f"{LEAD[:60]} {tail}") == f"{LEAD[:60].rstrip()}…"


@pytest.mark.skipif(not DOCUMENT.exists(), reason="the page is not at hand")
def test_a_cluttered_page_keeps_its_paragraphs_alone() -> None:
    """A page with a cookie banner, references and "read also": seven paragraphs of a text stay, of 32 lines."""
    lines = to_plain_text(DOCUMENT.read_text(encoding="utf-8")).split("\n")
    remaining = remove_boilerplate("\n".join(lines)).split("\n")
    assert remaining == lines[1:7]


@pytest.mark.skipif(not NEWS.exists(), reason="the news are not at hand")
def test_hardly_any_headline_is_taken_for_clutter() -> None:
    """At most one in a thousand of some thousand headlines and sentences of news."""
    texts = [
        json.loads(line)["title"]
        for path in NEWS.glob("*-dev.jsonl")
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    assert texts
    lost = [text for text in texts if not remove_boilerplate(to_plain_text(text))]
    assert len(lost) * 1_000 <= len(texts)
