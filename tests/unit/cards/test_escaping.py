"""Text from outside reads as it was typed, and does nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.cards.escaping import (
    BLANK_TEXT,
    clean_line,
    clean_text,
    escape_block,
    escape_line,
    escape_pieces,
    heading,
    masked_link,
    strike_through,
)
from bot.cards.message_limits import utf16_length
from bot.redaction import redact
from tests.unit.cards.limits import DISCORD_URL, HIDDEN, active_markup
from tests.unit.cards.strategies import NASTY

raw = st.lists(st.sampled_from((*NASTY, "\n", "\n\n", "\ud800", "\r\n", "\x00")), max_size=30).map("".join) | st.text(
    max_size=200
)
quick = settings(max_examples=100, deadline=None)


def as_seen(shown: str) -> str:
    """Return what a reader sees: escapes without their backslash."""
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", shown).replace("\u200b", "")


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("*bold* _it_ ~~s~~ ||x|| `c`", "\\*bold\\* \\_it\\_ \\~\\~s\\~\\~ \\|\\|x\\|\\| \\`c\\`"),
        ("# h", "\\# h"),
        ("-# small", "\\-\u200b# small"),
        (">>> quote", "\\>>> quote"),
        ("- item", "\\- item"),
        ("12. item", "12\\. item"),
        ("7201.T", "7201.T"),
        ("C# and 3-1 > 2", "C# and 3-1 > 2"),
        ("</deal:12> <#1> <:e:1> <t:1:R>", "\\</deal:12> \\<#1> \\<:e:1> \\<t:1:R>"),
        ("<https://a.io>", "\\<https\\://a.io>"),
        ("[a](https://a.io)", "\\[a\\]\\(https://a.io)"),
        ("@everyone @here @you <@&12>", "@\u200beveryone @\u200bhere @you \\<@\u200b&12>"),
        ("https://a.io/x_y*z?q=(1)", "https://a.io/x_y%2Az?q=%281%29"),
        ("see (https://a.io/x), then", "see \\(https://a.io/x), then"),
        ("https://a.io]", "https\\://a.io\\]"),
        ("https://_x_", "https\\://\\_x\\_"),
        ("a\u202eb\u200bc\ufeff\u2066d\x07\ud800", "abcd"),
        ("two\nlines\tand\u2028more", "two lines and more"),
        ("\u200b\u3164", "–"),
    ],
)
def test_a_line_shows_what_was_typed(typed: str, sent: str) -> None:
    assert escape_line(typed, 500) == sent


def test_a_block_keeps_its_lines_and_escapes_each_start() -> None:
    assert escape_block("a\r\n# b\n\n\n\n- c\n  > d", 100) == "a\n\\# b\n\n\\- c\n\\> d"


@quick
@given(raw, st.integers(20, 300))
@example("https://x.io/" + "(" * 90, 120)
def test_nothing_formats_pings_or_hides(text: str, limit: int) -> None:
    for shown in (escape_line(text, limit), escape_block(text, limit)):
        assert shown
        assert utf16_length(shown) <= limit
        assert not HIDDEN.search(shown)
        assert not re.search(r"[*_~|`\[<]", active_markup(shown))
        assert not re.search(r"^\s*(?:#{1,3}\s|-# |>|[-+*] |\d+[.)] )", shown, re.MULTILINE)
        assert not re.search(r"@(?:everyone|here|[!&]?\d)", shown)
        assert not re.search(r"(?<!\\)(?:\\\\)*\\(?:\s|$|…)", shown), "an escape without its character"


@quick
@given(raw)
def test_an_uncut_text_reads_as_it_was_typed(text: str) -> None:
    shown = escape_line(text, 10**6)
    typed = " ".join(redact(clean_text(text)).split())
    assert unquote(as_seen(shown)) == unquote(typed or BLANK_TEXT)


@quick
@given(raw, st.integers(20, 200))
def test_addresses_hold_no_escapes(text: str, limit: int) -> None:
    for address in DISCORD_URL.findall(escape_block(text, limit)):
        assert "\\" not in address
        assert "…" not in address


@quick
@given(raw, st.integers(20, 200))
def test_a_cut_is_marked_and_takes_whole_letters(text: str, limit: int) -> None:
    typed = " ".join(clean_text(text).split()) or BLANK_TEXT
    shown = clean_line(text, limit)
    assert utf16_length(shown) <= limit
    if shown != typed:
        kept = shown.removesuffix("…").rstrip()
        assert shown != kept
        assert typed.startswith(kept)
        assert not re.match(r"[\u0301\U0001f3fb-\U0001f3ff]", typed[len(kept) :].lstrip()[:1]) or len(kept) > limit - 16


@pytest.mark.parametrize("shorten", [escape_line, clean_line])
@pytest.mark.parametrize(
    ("typed", "kept"),
    [("🇩🇪🇫🇷🇯🇵", "🇩🇪"), ("👍🏽👍🏽👍🏽", "👍🏽"), ("👍🏽🇩🇪👍🏽", "👍🏽")],
    ids=["flags", "skin tones", "both"],
)
def test_a_cut_splits_no_emoji(shorten: Callable[[str, int], str], typed: str, kept: str) -> None:
    """Each of these has four units; with the mark of the cut, half of a second one would fit."""
    assert shorten(typed, 9) == f"{kept}…"


def test_a_bare_address_that_is_too_long_is_no_link() -> None:
    assert escape_line(f"https://a.example/{'x' * 200}", 1_000).startswith("https://a.example/")
    assert escape_line(f"https://a.example/{'x' * 300}", 1_000).startswith("https\\://a.example/")


@quick
@given(raw.filter(lambda text: "https" not in text and "steam" not in text), st.integers(100, 300))
def test_pieces_leave_nothing_out(text: str, size: int) -> None:
    pieces = escape_pieces(text * 20, size)
    assert all(utf16_length(piece) <= size for piece in pieces)
    assert all(piece.endswith("…") for piece in pieces[:-1])
    assert all(piece.startswith("…") for piece in pieces[1:])
    bare = [piece[i > 0 : -1 if i < len(pieces) - 1 else None] for i, piece in enumerate(pieces)]
    whole = escape_block(text * 20, 10**6)
    assert "".join("".join(bare).split()) == "".join(whole.split())


@quick
@given(raw, raw.map(lambda tail: "https://x.io/" + tail))
def test_a_link_cannot_be_broken_out_of(label: str, url: str) -> None:
    shown = masked_link(label, url, 600)
    assert utf16_length(shown) <= 600
    match = re.fullmatch(r"\[([^\[\]]*)\]\((https://x\.io/[^\s()<>*~|`\\\"']*)\)", shown, re.DOTALL)
    if match:
        assert "://" not in match[1].replace("\\:", "").replace("https", "")
    else:
        assert not re.search(r"[*_~|`\[<]", active_markup(shown))


@quick
@given(raw)
@example("12.\n-# a\n>b")
def test_both_ways_of_escaping_agree(text: str) -> None:
    """An address behind it has a text gone through piece by piece."""
    text = text.replace("//", "")
    address = "https://a.io/x"
    for shown, gap in ((escape_line, " "), (escape_block, "\n")):
        at_once = shown(f"{text}{gap}end", 10_000)
        assert shown(f"{text}{gap}{address}", 10_000) == at_once.removesuffix("end") + address
    assert escape_pieces(text, 10_000) == [escape_block(text, 10_000)]


@pytest.mark.parametrize(
    ("url", "sent"),
    [
        ("https://a.io/x (1)", "a"),
        ("https://a.io/x(1)<b>", "[a](https://a.io/x%281%29%3Cb%3E)"),
        ("https://日本.jp/日", "[a](https://xn--wgv71a.jp/%E6%97%A5)"),
        ("https://a.io:8080/~u?q=%20&x#f", "[a](https://a.io:8080/%7Eu?q=%20&x#f)"),
        ("javascript:alert(1)", "a"),
        ("https://me@a.io/", "a"),
        ("https://[::1]/", "a"),
        ("", "a"),
    ],
)
def test_only_web_addresses_become_links(url: str, sent: str) -> None:
    assert masked_link("a", url) == sent


def test_a_links_label_holds_no_brackets_and_no_scheme() -> None:
    """Discord pairs even escaped brackets in a label, and shows no link whose label is an address."""
    assert masked_link("[Exclusive] https://b.io", "https://a.io/") == "[\\(Exclusive) b.io](https://a.io/)"
    assert urlsplit("https://a.io/").hostname == "a.io"


def test_a_strike_and_a_heading_hold_what_would_end_them() -> None:
    assert strike_through(escape_line("a ~~ b", 50)) == "~~a ∼∼ b~~"
    assert heading("C#") == "### C#\u200b"
