"""Addresses from outside, already clean, as they can stand in a link."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote, urlsplit

# An address in which nothing is to be encoded, as nearly all are.
_PLAIN_ADDRESS = re.compile(
    r"https?://[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})*(?:[/?#][A-Za-z0-9/?#!$&+,;=:%._-]*)?", re.ASCII
)


@lru_cache(maxsize=2_048)
def address(url: str) -> str:
    """The address with everything encoded that could end it early; empty if it is no http(s) address."""
    if _PLAIN_ADDRESS.fullmatch(url):
        return url
    if re.search(r"\s", url):
        return ""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or parts.username is not None or not re.fullmatch(r"[\w.-]+", host):
        return ""
    rest = quote(url.split("//", 1)[1][len(parts.netloc) :], safe="/?#!$&+,;=:%").replace("~", "%7E")
    return f"{parts.scheme}://{host}{port}{rest}"
