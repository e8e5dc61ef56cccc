"""Answers that come in Discord's place, from a proxy or Cloudflare, and Discord's own that are in no list of the bot's."""

from collections.abc import Mapping
from typing import Self

Body = str | Mapping[str, object]


class Page(str):
    """A body with a type and headers of its own, where that of Discord or of a web page would be wrong."""

    content_type: str
    headers: Mapping[str, str]

    def __new__(cls, text: str, content_type: str = "text/plain", **headers: str) -> Self:
        page = super().__new__(cls, text)
        page.content_type = content_type
        page.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        return page


CLOUDFLARE_PAGE = (
    "<!DOCTYPE html><html><head><title>Access denied | discord.com used Cloudflare to restrict access</title></head>"
    + "<body><div class='cf-error'>**Sorry**, you have been blocked @everyone</div></body></html>\n" * 100
)
#: Status and body of each, by what it is.
FOREIGN: Mapping[str, tuple[int, Body]] = {
    "a proxy's 400": (400, "<html><body>Bad Request</body></html>"),
    "a proxy's 404": (404, "404 page not found"),
    "a proxy's 405": (405, "<html><body>Method Not Allowed</body></html>"),
    "a proxy's 408": (408, "<html><body>Request Time-out</body></html>"),
    "nirn-proxy's 408": (408, Page("context deadline exceeded")),
    "nirn-proxy's 429": (
        429,
        Page(
            '{"global": false, "message": "You are being rate limited.", "retry_after": 1}',
            "application/json",
            generated_by_proxy="true",
            Retry_After="1",
            X_RateLimit_Scope="user",
        ),
    ),
    "nirn-proxy's 500": (500, Page("read: connection reset by peer")),
    "a proxy's 429": (429, Page("Too Many Requests", Retry_After="1", Via="1.1 proxy")),
    "a 429 without a wait": (429, {"message": "slow down"}),
    "a 429 that is a list": (429, Page("[]", "application/json", Via="1.1 proxy")),
    "a proxy's 502": (502, "<html><body>Bad Gateway</body></html>"),
    "a proxy's 503": (503, Page("no healthy upstream")),
    "a proxy's 504": (504, Page("upstream request timeout")),
    "a proxy's 413": (413, "<html><body>Request Entity Too Large</body></html>"),
    "a proxy's 200": (200, "<html><body>Please log in</body></html>"),
    "an empty 400": (400, ""),
    "an empty 404": (404, ""),
    "code 0 with 400": (400, {"message": "400: Bad Request", "code": 0}),
    "code 0 with 404": (404, {"message": "404: Not Found", "code": 0}),
    "code 0 with 405": (405, {"message": "405: Method Not Allowed", "code": 0}),
    "Cloudflare's 403": (403, CLOUDFLARE_PAGE),
    "Cloudflare's 1015": (429, "error code: 1015"),
    "an internal network error": (403, {"message": "internal network error", "code": 40333}),
    "bots cannot use this": (403, {"message": "Bots cannot use this endpoint", "code": 20001}),
    "a code that nobody knows": (400, {"message": "Something new. " * 700, "code": 999999}),
}
