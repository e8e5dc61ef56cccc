"""Find the address in what people paste: among words, in brackets, as a Markdown link, without a scheme."""

from __future__ import annotations

import re

from bot.model.feed import to_web_url

URL_LIMIT = 2_000
#: Addresses are not searched for in a longer text.
_PASTE_LIMIT = URL_LIMIT + 500
#: An address that is taken as it is.
_PLAIN_URL = re.compile(r"https?://(?!https?:/)[^\s<>\"]+", re.IGNORECASE)
_MARKDOWN_LINK = re.compile(r"\[[^\[\]]*\]\(\s{0,9}<?([^\s<>]{1,1000}?)>?(?:\s{1,9}\"[^\"]{0,200}\")?\s{0,9}\)")
_LABELLED_LINK = re.compile(r"<([^\s<>|]+)\|[^<>]*>")
#: Addresses among words. One with another scheme (“ftp://”) matches too, so that an address inside it is not taken for it.
_URL_IN_TEXT = re.compile(
    r"(?<![^\W_])(?:https?://|(?:feeds?|itpcs?|pcast|rss):|(?!web\+)[a-z][a-z0-9+.-]{0,20}://)[^\s<>\"“”„«»]+",
    re.IGNORECASE,
)
_BARE_HOST = re.compile(
    r"(?:(?:[\w-]+\.)+(?P<last>[^\W\d_][\w-]+)|(?:\d{1,3}\.){3}\d{1,3})(?::\d{1,5})?(?:[/?#][^\s<>\"]*)?"
)
#: Schemes that were already in the field when the address was pasted behind them.
_REPEATED_SCHEMES = re.compile(r"(?<![^\W_])(?:https?://)+(?=https?://)", re.IGNORECASE)
#: File extensions that are no top-level domains.
_FILE_EXTENSIONS = frozenset("aspx atom csv gz htm html json jsonl opml pdf php rdf rss toml txt xml zip".split())
_QUOTATION_MARKS = "\"'`*|“”„‘’‚«»‹›<>"
_LEADING_MARKS = _QUOTATION_MARKS + "([{"
_TRAILING_MARKS = _QUOTATION_MARKS + ".,;:!?…"
_BRACKETS = {")": "(", "]": "[", "}": "{"}


def read_address(text: str) -> str:
    """Return a plain address without surrounding spaces, or else the address that :func:`extract_address` finds in the text."""
    address = _strip_invisible(text)
    return address if _PLAIN_URL.fullmatch(address) else extract_address(address)


def extract_address(text: str) -> str:
    """Return the address that people mean by what they paste.

    It may be in brackets or quotation marks, among words, a Markdown link, or followed by a full stop, and have the
    scheme of a feed reader (``feed://``) or none. A text that has no address, or several, is returned as it is.
    """
    candidate = _REPEATED_SCHEMES.sub("", _strip_invisible(text), count=1)
    if len(candidate) > _PASTE_LIMIT:
        return text
    host = _match_bare_host(_strip_punctuation(candidate).removeprefix("//"))
    if host:
        return f"https://{host}"
    matches = _MARKDOWN_LINK.findall(candidate) or _LABELLED_LINK.findall(candidate) or _URL_IN_TEXT.findall(candidate)
    addresses = {_strip_punctuation(address) for address in matches}
    if len(addresses) == 1:
        address = _REPEATED_SCHEMES.sub("", to_web_url(addresses.pop()), count=1)
        return f"http:{address}" if address.startswith("//") else address
    return text


def _match_bare_host(text: str) -> str:
    """Return the text if it is an address without a scheme, else an empty string. The address may contain another one
    (``x.example?url=https://…``).
    """
    match = _BARE_HOST.fullmatch(text)
    return text if match and (match["last"] or "").lower() not in _FILE_EXTENSIONS else ""


def is_address(text: str) -> bool:
    """Return whether a text names an address of the web, and not a file."""
    return bool(_PLAIN_URL.fullmatch(extract_address(text)))


def _strip_invisible(text: str) -> str:
    """Return the text without surrounding spaces and invisible characters."""
    start, end = 0, len(text)
    while start < end and _is_blank(text[start]):
        start += 1
    while end > start and _is_blank(text[end - 1]):
        end -= 1
    return text[start:end]


def _is_blank(character: str) -> bool:
    return character.isspace() or not character.isprintable()


def _strip_punctuation(address: str) -> str:
    """Return an address without the punctuation around it. A closing bracket is kept if the address opens it."""
    while address and (address[0] in _LEADING_MARKS or _is_blank(address[0])):
        address = address[1:]
    while address and (address[-1] in _TRAILING_MARKS or _is_blank(address[-1]) or _is_unmatched_bracket(address)):
        address = address[:-1]
    return address


def _is_unmatched_bracket(address: str) -> bool:
    opening = _BRACKETS.get(address[-1])
    return opening is not None and address.count(opening) < address.count(address[-1])
