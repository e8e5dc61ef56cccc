"""Text from publishers becomes plain text: nothing hidden, nothing formatted, nothing lost."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model.invisible_characters import NEEDED_JOINER
from bot.newsroom.parsing.plain_text import tidy, to_plain_line, to_plain_text, truncate
from bot.newsroom.parsing.raw_feed import get_text_value


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("Nissan &amp; Foxconn", "Nissan & Foxconn"),
        ("R&amp;amp;D at 5 &lt; 6", "R&D at 5 < 6"),
        ("AT&T <3 you, a < b > c", "AT&T <3 you, a < b > c"),
        ("<b>Bold</b> and <i>not</i>", "Bold and not"),
        ("&lt;b&gt;Bold&lt;/b&gt;", "Bold"),
        ("one<br>two<p>three</p>four", "one\ntwo\nthree\nfour"),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
        ("<p>kept</p><script>alert(1)</script><style>x{}</style><nav>Menu</nav><p>too</p>", "kept\ntoo"),
        ("<figure><img alt='x'><figcaption>Photo</figcaption></figure><p>Text</p>", "Text"),
        ("<!-- hidden --><p>seen<!-- hidden --> too</p>", "seen too"),
        ("<![CDATA[text]]>", "text"),
        ("a\u202eb\u2066c\u200bd\ufeff\x00\x07\ud800e", "abcde"),
        ("&#x202e;a&#8203;b&#0;", "ab\ufffd"),
        ("Zx\u0302\u0303\u0304\u0305\u0306\u0307\u0308a", "Zx\u0302\u0303\u0304\u0305a"),
        ("two  \t blanks\r\n\r\n\r\nand lines\u2028more", "two blanks\nand lines\nmore"),
        ("ไม่ใช่ नमस्ते 鴻海 مرحبا", "ไม่ใช่ नमस्ते 鴻海 مرحبا"),
        ("<p>unclosed <b>and <a href='x", "unclosed and"),
        ("Nissan&#146;s \x93deal\x94\x85", "Nissan’s “deal”…"),
        ("Why p<q decides, a<b are few, 1 <a", "Why p<q decides, a<b are few, 1 <a"),
        (
            "a <b and c>d, <blink>, <Honda>, <https://a.example/?b=c>",
            "a <b and c>d, <blink>, <Honda>, <https://a.example/?b=c>",
        ),
        ("<p>5 < 6 <b>and</b> p<q <3</p>", "5 < 6 and p<q <3"),
        ("R&D&para <i>x</i>", "R&D¶ x"),
        ("one<o:p></o:p> <my-tag a=1>two</my-tag> <img src alt='x'>three", "one two three"),
        ("<!-- never closed <p>text</p>", "<!-- never closed\ntext"),
        ("می‌خواهم क्‍ष 👩‍👩‍👧 ❤️ 1️⃣", "می‌خواهم क्‍ष 👩‍👩‍👧 ❤️ 1️⃣"),
        ("Nis\u200dsan \u200cNissan\ufe0f 日\u200d産 a\ufe0f\u200d😀 😀\u200d\u200d😀", "Nissan Nissan 日産 a😀 😀😀"),
        ("", ""),
    ],
)
def test_markup_becomes_the_text_that_a_reader_sees(written: str, plain: str) -> None:
    assert to_plain_text(written) == plain


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("Use <b> and </b>, R&amp;D &lt;i&gt;", "Use <b> and </b>, R&D <i>"),
        ("<![CDATA[x]]> <!-- y -->", "<![CDATA[x]]> <!-- y -->"),
        ("two\n\nlines\u202e", "two\nlines"),
    ],
)
def test_a_text_without_markup_keeps_what_looks_like_it(written: str, plain: str) -> None:
    assert to_plain_text(written, markup=False) == plain


@pytest.mark.parametrize("name", ["script", "video", "option", "TITLE", "style"])
def test_a_title_about_an_element_keeps_what_follows(name: str) -> None:
    assert to_plain_line(f"Why the <{name}> element stays", 100).endswith("element stays")
    assert to_plain_line(f"One <{name}>hidden</{name}> two", 100) in ("One two", "One hidden two")


@settings(max_examples=150, deadline=None)
@given(
    st.text(max_size=200)
    | st.lists(
        st.sampled_from(
            [
                "<b>",
                "</p>",
                "&amp;",
                "&#x202e;",
                "\u202e",
                "�",
                "é",
                "\n",
                "<!--",
                "]]>",
                "a ",
                "❤️",
                "\u200d",
                "🔥",
                "\U0001faff",
                "\u200c",
                "क",
                "्",
                "́" * 5,
            ]
        ),
        max_size=30,
    ).map("".join)
)
def test_cleaning_removes_hidden_text_and_is_idempotent(text: str) -> None:
    plain = to_plain_text(text)
    assert not [
        mark
        for mark in NEEDED_JOINER.sub("", plain)
        if mark != "\n" and unicodedata.category(mark) in ("Cc", "Cf", "Cs", "Co", "Cn")
    ]
    assert tidy(plain) == plain
    assert "\n" not in to_plain_line(text, 50)
    assert len(to_plain_line(text, 50)) <= 50


def test_a_joiner_goes_with_the_character_that_it_joined() -> None:
    """U+1FAFF is no character yet, and is dropped; the joiner before it then joins nothing."""
    assert tidy("\u2764\ufe0f\u200d\U0001faff!") == "\u2764\ufe0f!"
    assert tidy("a\u200d\u0301") == "\u00e1"
    assert tidy("\u2764\ufe0f\u200d\U0001f525") == "\u2764\ufe0f\u200d\U0001f525"


def test_a_cut_goes_between_words_and_shows() -> None:
    assert truncate("one two three", 13) == "one two three"
    assert truncate("one two three four", 15) == "one two three…"
    assert truncate("a" * 20, 10) == "a" * 9 + "…"


def test_an_inline_picture_does_not_crowd_out_the_text() -> None:
    assert (
        to_plain_text(get_text_value(f"<img src='data:image/png;base64,{'QUJD' * 100_000}'><p>The news</p>"))
        == "The news"
    )


@pytest.mark.parametrize(
    "markup", ["<div>" * 50_000, "<b><i>" * 20_000 + "x", "&amp;" * 200_000, "<" * 300_000, "<a href='" * 30_000]
)
def test_a_deep_or_endless_text_is_read_in_no_time(markup: str) -> None:
    """Not even the stack is at the publisher's mercy."""
    assert len(to_plain_text(markup)) <= len(markup)


@pytest.mark.parametrize("limit", range(2, 9))
def test_a_cut_text_ends_in_no_joiner(limit: int) -> None:
    """Wherever it is cut: between letters of an Indian script, or in the middle of a family."""
    assert not {"\u200c", "\u200d"} & set(truncate("\u0928\u200d\u092a" * 5, limit)[-2:-1])
    assert not {"\u200c", "\u200d"} & set(truncate("\U0001f468\u200d\U0001f469" * 5, limit)[-2:-1])
