"""Hostile inputs, made from a seed: the same number gives the same input everywhere."""

from __future__ import annotations

import gzip
import random
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

#: Feeds as publishers serve them, where they are beside the checkout.
FEEDS = Path(__file__).parents[2] / "shared" / "feeds"
#: Longer files are cut to their head and a piece of the rest: what is fuzzed are readers, not sizes.
_HEAD, _PIECE = 2_000, 4_000

TOKENS = (
    b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<?xml version='1.0' encoding='utf-16'?>", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"&b;", b"&amp;amp;", b"&#0;",
    b"&#x202e;", b"&#xd800;", b"&#1114112;", b"&#99999999999;", b"<", b">", b"/>", b"\"", b"'", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80",
    b"<item>", b"</item>", b"<entry>", b"</channel>", b"<title>", b"<link>", b"<guid isPermaLink='true'>", b"<source url='x'>", b"<pubDate>", b"<updated>9999-12-31T23:59:60+99:99</updated>",
    b"<pubDate>Mon, 31 Feb 0000 25:61:61 +9999</pubDate>", b"<dc:date>-1</dc:date>", b"<ttl>99999999999999999999</ttl>", "<ttl>²</ttl>".encode(), b"<published>0001-01-01T00:00:00Z</published>",
    b"http://[", b"http://[::1]:99999/", b"https://a@b@c/", b"//", b"http://xn--/", "https://ｅｘａｍｐｌｅ。com/".encode(), b"https://a.example/%", b"https://a.example/?%ff=%fe&amp=1", b"feed:https://a.example/",
    b"javascript:alert(1)", b"data:text/html;base64,QUJD", b"https://www.google.com/amp/s/", b"https://www.google.com/url?url=https://www.google.com/url?url=x", b"https://amp./amp/amp/amp",
    b"@everyone", b"<@1>", b"<t:1:R>", b"</cmd:1>", b"[a](https://b.example)", "\u202e\u2066\u200b\u3164".encode(), b"Z\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81", b"Read also:", b"- ", b"References\n",
    b" - Publisher", b"We use cookies", b"xml:base='http://['", b"xmlns:a='b'", b"xmlns=''", b"type='xhtml'", b"type=\"html\"", b"mode='base64'", b"mode='escaped'", b"<content type='application/octet-stream'>",
    b"<a href='", b"<base href='http://['>", b"<link rel=alternate type=application/rss+xml href='//['>", b"<svg><script>", b"<time datetime='x'>", b"<meta property='og:url' content='http://['>",
    b"<script type='application/ld+json'>{\"datePublished\":\"2026-13-45T99:99:99\"}</script>", b"{\"items\":[", b"{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":1e999,\"items\":[{\"id\":NaN,\"url\":[]}]}",
    b"&eacute;", b"&nbsp;", b"& ", b"&amp", b"&#146;", b"&#X93;", b"&unknown;", b"\xc2\x92", "\u200c\u200d\ufe0f".encode(), "\u0928\u200d\u092a".encode(), "❤\ufe0f\u200d🔥".encode(),
    b"<!DOCTYPE rss [<!ENTITY b '&c;&c;'><!ENTITY c \"&lt;x&gt;\">]>", b"&c;", b"<title type='xhtml'><div>", b"</div>", b"<title type='text'>", b"mode='base64'>QUJD<", b"<br>", b"<p>", b"a<b ", b"<Honda than>",
    b"<media:title>", b"<media:group><media:description>", b"</media:group>", b"<atom:link rel='self' href='x'/>", b"<link/>", b"<link rel='alternate' type='application/json' href='x'/>", b"<feed xml:base='//b/'>",
    b"<guid>12</guid>", b"<title>&lt;script&gt;", b"https://\xc3\xbc.example/", b"\xeb", b"\xe6\x97", b"[[[[[[", b"true", b"1e309", b"\\ud800", b"charset=utf-7", b"encoding='punycode'", b"encoding='hz'", b"\x1b$B", b"<item/>", b"<rdf:RDF>", b"<feed xmlns='http://www.w3.org/2005/Atom'>",
)  # fmt: skip
SEEDS = (
    (b"<?xml version='1.0'?><rss version='2.0'><channel><title>Paper</title><link>https://paper.example/</link><ttl>60</ttl><item><title>One - Paper</title><link>https://paper.example/1?utm_source=a</link>"
    b"<guid>1</guid><pubDate>Fri, 02 Jan 2026 03:04:05 GMT</pubDate><description>&lt;p&gt;Text &amp;amp; more&lt;/p&gt;</description><source url='https://b.example'>B</source></item></channel></rss>"),
    (b"<feed xmlns='http://www.w3.org/2005/Atom' xml:base='https://paper.example/'><title>Paper</title><entry><title type='html'>One &lt;b&gt;</title><link href='1'/><id>urn:1</id>"
    b"<updated>2026-01-02T03:04:05Z</updated><content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>Text</p></div></content></entry></feed>"),
    (b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/' xmlns:dc='http://purl.org/dc/elements/1.1/'><channel rdf:about='a'><title>Paper</title></channel>"
    b"<item rdf:about='https://paper.example/1'><title>One</title><link>https://paper.example/1</link><dc:date>2026-01-02</dc:date></item></rdf:RDF>"),
    b'{"version":"https://jsonfeed.org/version/1.1","title":"Paper","home_page_url":"https://paper.example/","items":[{"id":"1","url":"https://paper.example/1","title":"One","content_html":"<p>Text</p>","date_published":"2026-01-02T03:04:05Z"}]}',
)  # fmt: skip
PAGES = (
    (b"<!doctype html><html><head><title>One | Paper</title><link rel='canonical' href='https://paper.example/1'><link rel='alternate' type='application/rss+xml' href='/feed'>"
    b"<meta property='article:published_time' content='2026-01-02T03:04:05Z'><meta property='og:site_name' content='Paper'></head><body><nav><a href='/rss.xml'>RSS</a></nav><article><h1>One</h1>"
    b"<p>This is the first paragraph of a page that says one thing and says it at some length, so that it is found.</p><p>This is the second, with <b>bold</b> and <a href='x'>a link</a>.</p>"
    b"<ul><li>Read also: two</li></ul></article><footer>We use cookies</footer></body></html>"),
)  # fmt: skip

DATE_PIECES = (
    "Sun, ", "mar., ", "29", "05.11.2026", "11/05/2026", "2026-11-29", "0000", "2026", "9999", "26", "31", " Nov ", " Feb ", " Mär ", " de ", " octobre ", "11月", "2026年", "29日", "令和8年",
    "10:00", "24:00:00", "25:61", "23:59:60", "10h30", "10.30 Uhr", "午後3時", "T", "Z", " ", " ", " ", ",", "-", "+", ".", ":", "/", "(", ")", "[", "am", " PM", " p. m.", " CET", " ET", " XYZT", " GMT", " UTC+", "+0530",
    "-05:00", "+99:99", "1764496800", "20261129", "W48", "²", "٣", "０", "١" * 9, "9" * 40, "\u2212", "\u3000",
)  # fmt: skip

ADDRESS_PIECES = (
    "https://", "http://", "feed://", "feed:", "feeds:", "itpc://", "x.example", "127.0.0.1", "[::1]", "/", "//", ":", ":8080", "/feed.xml", "feed.xml", "<", ">", "[", "](", ")", '"', "'", "`", "*",
    "|", ".", ",", "?", "#", "&copy=1", "&amp;", "&#x26;", " ", "\n", "\t", "\u200b", "\u202e", "\ud800", "@", "user:pw@", "%", "%2f", "\\", "ä", "。", "file:///etc/passwd", "javascript:", "a" * 300,
)  # fmt: skip
HEADER_PIECES = (
    "max-age", "s-maxage", "no-cache", "no-store", "=", '"', ",", " ", "0", "60", "-5", "9" * 40, "²", "٣", "Set-Cookie", "Thu, 01 Jan 2026 12:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 -2359",
    "Thu, 01 Jan 0001 00:00:00 +1400", "gzip", "x-gzip", "deflate", "br", "identity", "none", "\ud800", "\0", ";", "x" * 2_000,
)  # fmt: skip

_PACKERS: tuple[Callable[[bytes], bytes], ...] = (
    lambda body: gzip.compress(body, mtime=0),
    zlib.compress,
    lambda body: zlib.compress(body)[2:-4],
    lambda body: body + b"\x1f\x8b\x08",
)


def seeds() -> list[bytes]:
    """Return what inputs are made of: our own few, and all feeds that are beside the checkout."""
    files = sorted(path for path in FEEDS.rglob("*.*") if path.suffix in (".xml", ".json", ".opml"))
    bodies = [path.read_bytes() for path in files]
    # What publishers serve is worth more than what a test suite once spelled out.
    real = [body for body in bodies if len(body) > _HEAD + _PIECE]
    return [*SEEDS * (1 + len(files) // 8), *bodies, *real * 10]


def mutated(chance: random.Random, corpus: Sequence[bytes]) -> bytes:
    """One of the corpus, changed in one to eight places."""
    body = _short(chance, chance.choice(corpus))
    for _ in range(chance.choice((1, 1, 2, 3, 5, 8))):
        if chance.random() < 0.1:
            other = _short(chance, chance.choice(corpus))
            body = body[: chance.randint(0, len(body))] + other[chance.randint(0, len(other)) :]
        else:
            body = chance.choice(_CHANGES)(chance, body)
    return body[:40_000]


def hostile_text(chance: random.Random) -> str:
    """Return a title or a text: tokens, letters of any script, and what is not seen."""
    parts: list[str] = []
    for _ in range(chance.randint(1, 30)):
        kind = chance.random()
        if kind < 0.5:
            parts.append(chance.choice(TOKENS).decode(errors="replace"))
        elif kind < 0.7:
            parts.append("".join(chr(chance.randrange(0x110000)) for _ in range(chance.randint(1, 8))))
        else:
            parts.append(
                chance.choice((" ", "\n", "Nissan ", "日産", "\u0301", "&", "-", " | ", "a" * 50, "\u202e", "\ud800"))
            )
    return "".join(parts)


def hostile_date(chance: random.Random) -> str:
    """Return a date of pieces of dates, some of which are of no calendar."""
    parts = chance.choices(DATE_PIECES, k=chance.randint(1, 12))
    return "".join(parts) if chance.random() < 0.8 else hostile_text(chance)


def hostile_address(chance: random.Random) -> str:
    """Return what somebody may paste for the address of a feed."""
    return "".join(chance.choices(ADDRESS_PIECES, k=chance.randint(1, 10)))


def hostile_headers(chance: random.Random) -> dict[str, str]:
    """Return the headers of a server's answer that are read."""
    names = ("Cache-Control", "Expires", "Date", "Age", "Retry-After", "Content-Encoding")
    return {name: "".join(chance.choices(HEADER_PIECES, k=chance.randint(0, 6))) for name in names}


def hostile_body(chance: random.Random) -> bytes:
    """Return a body that is packed, several times, cut, or not at all."""
    body = chance.randbytes(chance.randint(0, 50)) * chance.choice((1, 1, 10_000))
    for _ in range(chance.randint(0, 5)):
        body = chance.choice(_PACKERS)(body)
    return chance.choice((_flip, _delete, _truncate))(chance, body) if chance.random() < 0.5 else body


def _short(chance: random.Random, body: bytes) -> bytes:
    if len(body) <= _HEAD + _PIECE:
        return body
    start = chance.randrange(_HEAD, len(body))
    return body[:_HEAD] + body[start : start + _PIECE]


def _insert(chance: random.Random, body: bytes) -> bytes:
    place = chance.randint(0, len(body))
    return body[:place] + chance.choice(TOKENS) * chance.choice((1, 1, 1, 2, 50)) + body[place:]


def _flip(chance: random.Random, body: bytes) -> bytes:
    changed = bytearray(body)
    for _ in range(chance.randint(1, 8) if changed else 0):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _delete(chance: random.Random, body: bytes) -> bytes:
    start = chance.randint(0, len(body))
    return body[:start] + body[start + chance.choice((1, 2, 10, 200)) :]


def _repeat(chance: random.Random, body: bytes) -> bytes:
    start = chance.randint(0, len(body))
    end = start + chance.choice((1, 10, 100, 1_000))
    return body[:start] + body[start:end] * chance.choice((2, 3, 10)) + body[end:]


def _truncate(chance: random.Random, body: bytes) -> bytes:
    return body[: chance.randint(0, len(body))]


def _recode(chance: random.Random, body: bytes) -> bytes:
    encoding = chance.choice(("utf-16", "utf-16-be", "utf-32", "latin-1", "cp1252", "shift_jis", "utf-8-sig", "utf-7"))
    return body.decode(errors="replace").encode(encoding, errors="replace")


_CHANGES: tuple[Callable[[random.Random, bytes], bytes], ...] = (
    _insert, _insert, _insert, _flip, _delete, _repeat, _truncate, _recode,
)  # fmt: skip
