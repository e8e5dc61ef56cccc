"""What a publisher may send to harm: documents that cost, and titles that ping, hide links or pretend."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape

from tests.unit.parsing.feeds import rss


def _described(text: str) -> bytes:
    return rss(
        [f"<item><title>One</title><link>https://paper.example/1</link><description>{text}</description></item>"]
    ).encode()


#: Documents that take a reader very long, very deep or very much memory.
COSTLY: dict[str, Callable[[], bytes]] = {
    "60,000 comments begun": lambda: _described("<!--" * 60_000),
    "100,000 attributes": lambda: b"<rss " + b" ".join(b"a%d='x'" % n for n in range(100_000)) + b"><channel><item><title>x</title></item></channel></rss>",
    "a billion laughs": lambda: b"<!DOCTYPE r [<!ENTITY a0 'ha'>"
    + b"".join(b"<!ENTITY a%d '%s'>" % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 12))
    + b"]><rss><channel><item><title>&a11;</title></item></channel></rss>",
    "quadratic entities": lambda: b"<!DOCTYPE r [<!ENTITY a '" + b"A" * 50_000 + b"'>]><rss><channel><item><title>" + b"&a;" * 50_000 + b"</title></item></channel></rss>",
    "100,000 elements deep": lambda: b"<rss><channel><item><title>" + b"<a>" * 100_000,
    "100,000 elements deep in a text": lambda: _described("&lt;div&gt;" * 100_000),
    "a text of 4 MB": lambda: _described("word " * 800_000),
    "a picture of 4 MB in a text": lambda: _described("&lt;img src='data:image/png;base64," + "QUJD" * 1_000_000 + "'&gt; text"),
    "a million null bytes": lambda: _described("\0" * 1_000_000),
    "lone surrogates": lambda: _described("x").replace(b"x</d", "\ud800".encode("utf-8", "surrogatepass") * 10_000 + b"</d"),
    "2,000 dates that nobody can read": lambda: rss([f"<item><title>{n}</title><pubDate>the {n}. of never</pubDate></item>" for n in range(2_000)]).encode(),
    "a million brackets": lambda: b"[" * 1_000_000,
    "half a million items": lambda: b'{"version":"https://jsonfeed.org/version/1.1","title":"x","items":[' + b",".join([b"{}"] * 500_000) + b"]}",
    "only less-than signs": lambda: b"<" * 3_000_000,
    "300,000 links begun": lambda: b"<rss><channel><title>t</title>" + b"<link " * 300_000,
    "50,000 namespaces": lambda: b"<rss " + b" ".join(b"xmlns:a%d='x%d'" % (n, n) for n in range(50_000)) + b"><channel><item/></channel></rss>",
    "200,000 feeds in one another": lambda: b"<rdf:RDF>" * 200_000,
    "a million accents": lambda: _described("Z" + "\u0301" * 1_000_000),
    "blanks and no end": lambda: b"<rss><channel><title" + b" " * 3_000_000,
    "60,000 tags begun, and elements that overlap": lambda: _described("<a b" * 60_000 + "<br>"),
    "a million bare ampersands": lambda: _described("&" * 1_000_000),
    "300,000 references without an end": lambda: _described("&#1" * 300_000 + "&eacute" * 100_000),
    "a DTD of 5,000 entities": lambda: b"<!DOCTYPE r [" + b"".join(b"<!ENTITY e%d '&e%d;&e%d;'>" % (n, n - 1, n - 1) for n in range(1, 5_000)) + b"]><rss><channel><item><title>&e4999;</title></item></channel></rss>",
    "a DTD without an end": lambda: b"<!DOCTYPE r [" + b"<!ENTITY a 'b' " * 100_000,
    "200 bases around 2,000 entries": lambda: b"<feed>" + b"<x xml:base='a/'>" * 200 + b"<entry><title>x</title><link href='y'/></entry>" * 2_000 + b"</x>" * 200 + b"</feed>",
    "100,000 less-than signs in a title": lambda: rss(["<item><title>" + "&lt;b " * 100_000 + "</title></item>"]).encode(),
    "100,000 comments begun in a title": lambda: rss(["<item><title>" + "&lt;!-- &lt;script&gt;" * 20_000 + "</title></item>"]).encode(),
    "doctypes and no end": lambda: b"<!DOCTYPE [" * 300_000,
}  # fmt: skip
#: The same for a page.
COSTLY_PAGES: dict[str, Callable[[], bytes]] = {
    "100,000 links": lambda: b"<html><body>" + b"<a href='/rss'>RSS" * 100_000,
    "100,000 tables deep": lambda: b"<html><body>" + b"<table><tr><td>" * 100_000,
    "100,000 attributes": lambda: b"<html " + b" ".join(b"a%d='x'" % n for n in range(100_000)) + b"><p>x",
    "200,000 paragraphs": lambda: b"<html><body>" + b"<p>A sentence of the news, which goes on. " * 100_000,
    "60,000 comments begun": lambda: b"<html><body>" + b"<!--" * 60_000,
}

TRICKS = (
    "@everyone", "@here", "<@123456789012345678>", "<@!123456789012345678>", "<@&123456789012345678>", "<#123456789012345678>", "</deal:123456789012345678>",
    "<:evil:123456789012345678>", "<a:evil:123456789012345678>", "<t:0:R>", "<id:customize>", "[free money](https://evil.example/)", "[https://bank.example](https://evil.example/)",
    "[a](<https://evil.example/>)", "<https://evil.example/>", "https://discord.gg/evil", "||https://evil.example/||", "```\n@everyone\n```", "# big\n> quote\n- list", "-# small",
    "**bold** __under__ ~~gone~~ `tick`", "Z" + "\u0301\u0334\u0489" * 20, "https://bank.example@evil.example/", "javascript:alert(1)", "\\@everyone \\<@123456789012345678>",
)  # fmt: skip
_DRESSES: tuple[Callable[[str], str], ...] = (
    lambda t: t,
    lambda t: f"Nissan {t} Foxconn",
    lambda t: t * 3,
    lambda t: t.upper(),
    escape,
    lambda t: escape(escape(t)),
    lambda t: "".join(f"&#{ord(mark)};" for mark in t),
    lambda t: "".join(f"&amp;#x{ord(mark):x};" for mark in t),
    "\u200b".join,
    "\u2060".join,
    lambda t: f"\u202e{t[::-1]}\u202c",
    lambda t: f"\u2067{t}\u2069",
    lambda t: f"<b>{t}</b>",
    "<i></i>".join,
    lambda t: f"<![CDATA[{t}]]>",
    lambda t: f"[x]({t})",
    lambda t: f"{t}\n{t}",
    lambda t: t.replace("@", "＠").replace("<", "＜") + t,
    lambda t: f"\ufeff{t}\u3164",
    lambda t: f"{t}\\",
)  # fmt: skip


def hostile_titles() -> Iterator[str]:
    """500 titles: every trick in every dress."""
    return (dress(trick) for trick in TRICKS for dress in _DRESSES)
