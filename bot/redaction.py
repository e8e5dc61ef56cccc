"""Remove secrets from texts: known ones by their value, others by the place in an address or header where they are.

No text is trusted to be free of them. Libraries put the addresses of requests into log lines and errors, and Discord's addresses
contain tokens (https://discord.com/developers/docs/interactions/receiving-and-responding#endpoints).
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable
from urllib.parse import quote, unquote

REDACTED = "[redacted]"
#: Shorter values are not searched for: they are parts of ordinary words.
_MIN_SECRET_LENGTH = 4
#: Longer texts are cut before they are searched.
TEXT_LIMIT = 100_000

#: ``//user:password@host``; a password may contain what should have been escaped, and then no port follows the first colon.
_USER_INFO = re.compile(
    r"(?<=//)(?!git@)(?:[^\s/?#@:\[()\"'<>]{1,200}:(?!\d{0,5}(?:[/?#\s\"'<>]|$))[^\s\"'<>]{0,300}@(?=[\w\[])"
    # One word alone is a secret too, unless what follows is the name of a person.
    r"|[^\s/?#()\[\"'<>]{1,300}@(?=[\w-]{1,63}\.[\w-]|\[))"
)
#: The same without a scheme, or with a damaged one. Only typed addresses are searched for it: in a sentence it may be a mailbox.
_BARE_USER_INFO = re.compile(
    r"(?:(?<![^\s(\[\"'<“])|(?<=[:/\\]))(?!mailto:)[^\s:/\\@]{1,200}:(?!//)[^\s@]{1,300}@(?=[^\s@])"
)
#: ``/webhooks/ID/TOKEN`` and ``/interactions/ID/TOKEN``. Outside of Discord's API only a long number is such an id.
_PATH_TOKEN = re.compile(
    r"(/(?:api/(?:v\d{1,2}/)?(?:webhooks|interactions)/\d{1,20}|(?:webhooks|interactions)/\d{15,20})/)[^\s/?#\"'<>()\[\]]+",
    re.IGNORECASE,
)
_DISCORD_ENDPOINT = re.compile(
    r"https?://(?:[\w-]{1,63}\.){0,3}discord(?:app)?\.com(?::\d{1,5})?/api/(?:v\d{1,2}/)?(?:webhooks|interactions)/\d{1,20}/",
    re.IGNORECASE,
)
#: How discord.py names the rate limit of such an address: ``ID+TOKEN``.
_BUCKET_TOKEN = re.compile(r"(?<!\d)(\d{15,20}\+)[\w.=-]{16,}")
_SECRET_NAME = (
    r"(?:[a-z0-9_.-]{0,30}(?:token|secret|passw(?:or)?d|passphrase|api[_-]?key|access[_-]?key|signature)"  # noqa: S105 - names
    r"|auth|key|pwd|sig)"
)
_QUERY_VALUE = re.compile(rf"([?&;]{_SECRET_NAME}=)[^&\s#\"'<>]+", re.IGNORECASE)
#: The same in a text for readers. There a link must still open with its ``key`` or ``sig``, or as the gift that it is.
_LINK_SECRET = re.compile(
    r"([?&](?!(?:gift|share)[_-]?token=)[a-z0-9_.-]{0,30}"
    r"(?:token|secret|passw(?:or)?d|passphrase|api[_-]?key|access[_-]?key)=)[^&\s#\"'<>]+",
    re.IGNORECASE,
)
#: A field of an object in Python's or JSON's notation, also within a string of that notation.
_FIELD_VALUE = re.compile(r"(\\?[\"'][a-z_]{0,30}(?:token|password|secret)\\?[\"']: ?\\?[\"'])[^\"'\\]+", re.IGNORECASE)
_HEADER_VALUE = re.compile(r"(authorization(?:[\"']?[:=]|[\"'],) ?[\"']?(?:[a-z]{3,10} )?)[^\s\"',)]+", re.IGNORECASE)
#: A bot's token (https://discord.com/developers/docs/reference#authentication).
_BOT_TOKEN = re.compile(r"(?<![\w-])[\w-]{22,40}\.[\w-]{6,7}\.[\w-]{27,60}(?![\w-])", re.ASCII)
#: A text without this has none. It begins with a fixed character, so it is found many times faster.
_END_OF_BOT_TOKEN = re.compile(r"\.[\w-]{6,7}\.[\w-]{27}", re.ASCII)


def redact(text: str) -> str:
    """Return a text without credentials in addresses, tokens in Discord's addresses, and secret parameters, fields and headers."""
    text = _redact_addresses(text)
    if "+" in text:
        text = _BUCKET_TOKEN.sub(rf"\g<1>{REDACTED}", text)
    if "=" in text:
        text = _QUERY_VALUE.sub(rf"\g<1>{REDACTED}", text)
    if ":" in text:
        text = _FIELD_VALUE.sub(rf"\g<1>{REDACTED}", text)
    if "uthorization" in text:
        text = _HEADER_VALUE.sub(rf"\g<1>{REDACTED}", text)
    return _redact_bot_tokens(text)


def redact_prose(text: str) -> str:
    """Return a text that readers get, such as a headline, without what can only be a secret.

    Its other words stay, also those that :func:`redact` takes for a header or a field of an object: ``authorization: granted``.
    """
    text = _redact_addresses(text)
    if "=" in text:
        text = _LINK_SECRET.sub(rf"\g<1>{REDACTED}", text)
    return _redact_bot_tokens(text)


def _redact_addresses(text: str) -> str:
    """Remove credentials before a host, and the tokens of webhooks and interactions."""
    if "@" in text:
        text = _USER_INFO.sub(f"{REDACTED}@", text)
    return _PATH_TOKEN.sub(rf"\g<1>{REDACTED}", text) if "/" in text else text


def _redact_bot_tokens(text: str) -> str:
    return _BOT_TOKEN.sub(REDACTED, text) if _END_OF_BOT_TOKEN.search(text) else text


def redact_address(text: str) -> str:
    """Do what :func:`redact` does for what a person gave as an address: it may have no scheme, or mistakes."""
    return _BARE_USER_INFO.sub(f"{REDACTED}@", redact(text)) if "@" in text else redact(text)


def is_webhook(address: str) -> bool:
    """Return whether whoever knows this address can post in Discord with it."""
    return bool(_DISCORD_ENDPOINT.match(unquote(address)))


def find_passwords(address: str) -> list[str]:
    """Return the password in an address, and the secret values of its parameters. A mailbox has none."""
    if address.lower().startswith("mailto:"):
        return []
    after_scheme = address.partition("://")[2] or address
    user_info, _, _ = after_scheme.rpartition("@")
    user, _, password = user_info.partition(":")
    values = [match[0].partition("=")[2] for match in _QUERY_VALUE.finditer(address)]
    if not password:
        return values
    pair = f"{unquote(user)}:{unquote(password)}"
    return [password, base64.b64encode(pair.encode("utf-8", "replace")).decode("ascii"), *values]


class Redactor:
    """Removes given secrets, and whatever :func:`redact` finds.

    A secret is also found as Python, JSON and addresses spell it.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        spellings = {spelling for secret in secrets for spelling in _spell(secret)}
        long_enough = [spelling for spelling in spellings if len(spelling) >= _MIN_SECRET_LENGTH]
        pattern = "|".join(re.escape(spelling) for spelling in sorted(long_enough, key=len, reverse=True))
        self._known = re.compile(pattern) if pattern else None

    def redact(self, text: str) -> str:
        """Return a text without secrets, cut at ``TEXT_LIMIT`` characters."""
        if len(text) > TEXT_LIMIT:
            # Half a secret would not be recognized.
            text = text[:TEXT_LIMIT].rpartition(" ")[0] + " …"
        if self._known is not None:
            text = self._known.sub(REDACTED, text)
        return redact(text)


def _spell(secret: str) -> Iterable[str]:
    secret = secret.strip()
    for value in (secret, unquote(secret)):
        yield from (
            value,
            quote(value, safe=""),
            quote(value),
            repr(value)[1:-1],
            ascii(value)[1:-1],
            json.dumps(value)[1:-1],
        )
