"""Invisible characters that a text needs where they are: the joiners of scripts and of emoji.

Persian and the scripts of India spell words with ZWNJ and ZWJ; a family or a flag is several emoji with ZWJ between them. Anywhere else these
characters hide something: a name that no search finds, a link that reads like another.
"""

from __future__ import annotations

import re

# Arabic and Syriac, then the scripts of India and Sri Lanka, Myanmar, Khmer, Mongolian.
_JOINING = "\u0620-\u065f\u066e-\u06d3\u06d5-\u06ef\u06fa-\u074f\u0750-\u08ff\u0900-\u0df4\u1000-\u109f\u1780-\u17d3\u1820-\u18aa"
_VIRAMAS = "\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca\u1039\u103a\u17d2"
_EMOJI = "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u2460-\u27bf\u2900-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"

#: One character that is needed where it is: a joiner between letters or emoji, the mark that makes a symbol an emoji.
NEEDED = re.compile(
    f"(?<=[{_JOINING}])[\u200c\u200d](?=[{_JOINING}])"
    f"|(?<=[{_VIRAMAS}])[\u200c\u200d]"
    f"|(?:(?<=[{_EMOJI}])|(?<=[{_EMOJI}]\ufe0f))\u200d(?=[{_EMOJI}])"
    f"|(?<=[{_EMOJI}])\ufe0f|(?<=[0-9#*])\ufe0f(?=\u20e3)"
)
_NEEDED_APART = re.compile(f"({NEEDED.pattern})")
_JOINERS = re.compile("[\u200c\u200d\ufe0f]")


def apart(text: str) -> list[str]:
    """Return the text in pieces, every second of which is one character of :data:`NEEDED`."""
    return _NEEDED_APART.split(text) if _JOINERS.search(text) else [text]


def without_joiners(text: str) -> str:
    """Return the text as it is compared with others: nobody types these characters the same way twice."""
    return _JOINERS.sub("", text)
