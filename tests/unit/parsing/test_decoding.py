"""Bytes become text: a byte that cannot be read costs one character, whatever holds it."""

from __future__ import annotations

import pytest

from bot.newsroom.parsing.decoding import decode
from bot.newsroom.parsing.feed_links import find_feed_links
from bot.newsroom.parsing.page_extraction import extract_page
from tests.unit.parsing.feeds import NOW, URL, item, json_feed, read, rss

TITLE = "鴻海 und Škoda – über 5 €"


@pytest.mark.parametrize("bad", [b"\xeb", b"\xff", b"\xe9\x80", b"\xc3", b"\xed\xa0\x80", b"\xf0\x9f"])
@pytest.mark.parametrize("message", ["", "text/xml; charset=iso-8859-1", "text/xml; charset=utf-16"])
def test_a_bad_byte_in_utf8_costs_one_character(bad: bytes, message: str) -> None:
    body = rss([item(TITLE), item("日産 @ go on", link="https://paper.example/2")]).encode().replace(b"@", bad)
    titles = [article.title for article in read(body, message).articles]
    assert titles[0] == TITLE
    assert titles[1].startswith("日産 ")
    assert titles[1].endswith(" go on")


def test_a_word_that_was_pasted_from_windows_is_read() -> None:
    body = rss([item(TITLE), item("Citro@n joins", link="https://paper.example/2")]).encode().replace(b"@", b"\xeb")
    assert [article.title for article in read(body).articles] == [TITLE, "Citroën joins"]


@pytest.mark.parametrize(
    ("bad", "character"),
    [(b"\xed\xa0\xbd\xed\xb8\x80", "😀"), (b"\xed\xa0\x80", "\ufffd"), (b"\xed\xb8\x80", "\ufffd")],
)
def test_halves_of_a_character_in_utf8_are_put_together(bad: bytes, character: str) -> None:
    """Programs that count in UTF-16 write emoji so; one of them must not change how a short feed is read."""
    body = rss([item("日産 @ Honda")]).encode().replace(b"@", bad)
    assert [article.title for article in read(body).articles] == [f"日産 {character} Honda"]


@pytest.mark.parametrize(
    ("encoding", "text", "bad"),
    [
        ("shift_jis", "日産と鴻海が協議", b"\xf0"),
        ("euc-kr", "현대 기아 자동차", b"\xff"),
        ("gb18030", "蔚来汽车与日产", b"\xff"),
        ("big5", "鴻海 電動車", b"\xff"),
        ("windows-1251", "Ниссан и Рено", b"\x98"),
        ("euc-jp", "日産と鴻海が協議", b"\xff"),
    ],
)
def test_a_bad_byte_costs_one_character_in_any_declared_encoding(encoding: str, text: str, bad: bytes) -> None:
    body = rss([item(f"{text} @.")]).replace('"1.0"', f'"1.0" encoding="{encoding}"').encode(encoding)
    assert read(body.replace(b"@", bad)).articles[0].title == f"{text} \ufffd."


@pytest.mark.parametrize(
    ("mark", "encoding", "fault", "character"),
    [
        ("\ufeff", "utf-16-le", b"\xd8\xd8", "\ufffd"),
        ("\ufeff", "utf-16-be", b"\xd8\xd8", "\ufffd"),
        ("", "utf-16-le", b"\xd8\xd8", "\ufffd"),
        ("", "utf-16-be", b"\xd8\xd8", "\ufffd"),
        ("\ufeff", "utf-32-le", b"\xff\xff\xff\xff", "\ufffd"),
        ("\ufeff", "utf-8", b"\xff", "ÿ"),
    ],
)
def test_a_marked_encoding_survives_a_fault(mark: str, encoding: str, fault: bytes, character: str) -> None:
    body = (mark + rss([item(f"{TITLE} @.")])).encode(encoding).replace("@".encode(encoding), fault)
    assert read(body).articles[0].title == f"{TITLE} {character}."


def test_a_page_and_a_json_feed_lose_one_character_too() -> None:
    page = f"<html><head><title>{TITLE} @ x</title><link rel=alternate type=application/rss+xml href=/é></head></html>".encode()
    assert (
        extract_page(page.replace(b"@", b"\xff"), URL, "text/html; charset=iso-8859-1", NOW)["title"] == f"{TITLE} ÿ x"
    )
    assert find_feed_links(page.replace(b"@", b"\xff"), URL) == ["https://paper.example/%C3%A9"]
    items = json_feed([{"id": "1", "title": f"{TITLE} @."}]).encode("ascii").decode("unicode-escape").encode()
    assert read(items.replace(b"@", b"\xff")).articles[0].title == f"{TITLE} ÿ."


def test_what_is_no_utf8_at_all_is_windows_1252() -> None:
    assert decode("Citroën – café über".encode("windows-1252")) == "Citroën – café über"
    assert decode(b"only \xe9 one") == "only é one"
