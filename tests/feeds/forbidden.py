"""Addresses that no feed may be at, in every spelling that a resolver, a browser or a library has ever understood."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

#: One or more of each kind, as the numbers that they are.
PRIVATE_V4 = (
    "127.0.0.1", "127.0.0.53", "127.255.255.254", "0.0.0.0", "10.0.0.1", "10.255.0.7", "172.16.0.1", "172.31.255.1",  # noqa: S104 - in no test is anything bound to one of these
    "192.168.0.1", "192.168.178.1", "169.254.169.254", "169.254.0.1", "100.64.0.1", "100.100.100.200", "198.18.0.1",
    "192.0.0.1", "192.0.2.1", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1",
    "255.255.255.255", "192.88.99.1",
)  # fmt: skip
PRIVATE_V6 = (
    "::1", "::", "fe80::1", "febf::1", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1", "ff0e::1", "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe", "64:ff9b::a00:1", "64:ff9b::c058:6301", "64:ff9b:1::808:808", "64:ff9b:1::1", "2002:7f00:1::", "2002:a00:1::1", "2002:808:808::1",
    "2001:0:7f00:1::", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:8.8.8.8",
    "::ffff:0:127.0.0.1", "::127.0.0.1", "::8.8.8.8", "::169.254.169.254", "100::1", "2001:db8::1", "3fff::1", "2001:10::1",
    "2001:2::1", "5f00::1", "1::1", "4000::1", "e000::1",
)  # fmt: skip
_WIDE = str.maketrans("0123456789.", "０１２３４５６７８９．")
_CIRCLED = {"0": "⓪", **{str(n): chr(0x2460 + n - 1) for n in range(1, 10)}}
_BOLD = {str(n): chr(0x1D7CE + n) for n in range(10)}


def hosts() -> Iterator[str]:
    """Yield every spelling, as the host of an address."""
    for number in PRIVATE_V4:
        yield from _spellings(number)
    for text in PRIVATE_V6:
        yield f"[{text}]"
        yield f"[{ipaddress.IPv6Address(text).exploded}]"
    yield from ("[fe80::1%25lo]", "[fe80::1%lo]", "[::1%25lo]", "[0:0:0:0:0:0:0:1]", "[0000::0001]", "[::FFFF:7F00:1]")
    yield from ("localhost", "LOCALHOST", "localhost.", "LocalHost", "ⅼocalhost", "ｌｏｃａｌｈｏｓｔ", "ip6-localhost")


def _spellings(number: str) -> Iterator[str]:
    a, b, c, d = (int(part) for part in number.split("."))
    whole = int(ipaddress.IPv4Address(number))
    yield number
    yield f"{number}."
    yield str(whole)
    yield hex(whole)
    yield f"0{whole:o}"
    yield ".".join(hex(part) for part in (a, b, c, d))
    yield ".".join(f"{part:04o}" for part in (a, b, c, d))
    yield f"{a}.{whole & 0xFFFFFF}"
    yield f"{a}.{b}.{whole & 0xFFFF}"
    yield f"0x{a:x}.{b}.0{c:o}.{d}"
    yield number.translate(_WIDE)
    yield "".join(_CIRCLED.get(mark, mark) for mark in number)
    yield "".join(_BOLD.get(mark, mark) for mark in number)
    yield number.replace(".", "。")
    yield f"[::ffff:{number}]"


def tricks(port: int) -> Iterator[str]:
    """Yield whole addresses that look like another host's."""
    here = f"127.0.0.1:{port}"
    yield f"http://publisher.example@{here}/"
    yield f"http://publisher.example:80@{here}/"
    yield f"http://publisher.example%2f@{here}/"
    yield f"http://{here}#@publisher.example/"
    yield f"http://{here}?@publisher.example/"
    yield f"http://{here}\\@publisher.example/"
    yield f"http:\\\\{here}\\"
    yield f"http:{here}/"
    yield f"http:///{here}/"
    yield f"//{here}/"
    yield f"HTTP://{here}/"
    yield f"http://@{here}/"
    yield f"http://%31%32%37.0.0.1:{port}/"
    yield f"http://127.0.0.1%00.publisher.example:{port}/"
    yield f"http://127.0.0.1%09:{port}/"
    yield f" http://{here}/"
    yield f"http://{here}/\r\nHost: publisher.example"
    yield f"ht\ttp://{here}/"
    yield f"http://127.0.0.1\u200b:{port}/"
    yield f"http://127.0.0.1\u00ad:{port}/"
    yield f"http://127\u30020\u30020\u30021:{port}/"
    yield f"file://{here}/etc/passwd"
    yield f"ftp://{here}/"
    yield f"gopher://{here}/"
    yield f"ws://{here}/"
    yield f"unix://{here}/"
    yield f"jar:http://{here}/"
    yield f"view-source:http://{here}/"
    yield f"data:text/xml,<rss/>#{here}"
    yield "file:///etc/passwd"
    yield "http://127.0.0.1:22/"
    yield "http://publisher.example:25/"
    yield "https://publisher.example:0/"
    yield "http://publisher.example:99999/"
    yield "http://"
    yield ""
