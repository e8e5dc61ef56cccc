"""Characters that nobody can see: those that a text needs where they are, and those that only hide something.

Persian and the scripts of India spell words with ZWNJ and ZWJ; a family or a flag is several emoji with ZWJ between them.
Anywhere else these characters hide something: a name that no search finds, a link that reads like another.
"""

from __future__ import annotations

import re

#: Invisible, though Unicode calls them letters, marks or symbols: fillers, joiners, variation selectors.
INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\uffa0\ufff9-\ufffc\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)
#: The general categories of control and format characters and lone surrogates.
CONTROL_CATEGORIES = frozenset({"Cc", "Cf", "Cs"})
#: These, and what is private or not assigned: no font draws it.
HIDDEN_CATEGORIES = CONTROL_CATEGORIES | {"Co", "Cn"}

# Arabic and Syriac, then the scripts of India and Sri Lanka, Myanmar, Khmer, Mongolian.
_JOINING_SCRIPTS = "\u0620-\u065f\u066e-\u06d3\u06d5-\u06ef\u06fa-\u074f\u0750-\u08ff\u0900-\u0df4\u1000-\u109f\u1780-\u17d3\u1820-\u18aa"
_VIRAMAS = "\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca\u1039\u103a\u17d2"
_EMOJI = "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u2460-\u27bf\u2900-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"

#: One character that is needed where it is: a joiner between letters or emoji, or the selector that makes a symbol an emoji
#: (https://www.unicode.org/reports/tr51/).
NEEDED_JOINER = re.compile(
    f"(?<=[{_JOINING_SCRIPTS}])[\u200c\u200d](?=[{_JOINING_SCRIPTS}])"
    f"|(?<=[{_VIRAMAS}])[\u200c\u200d]"
    f"|(?:(?<=[{_EMOJI}])|(?<=[{_EMOJI}]\ufe0f))\u200d(?=[{_EMOJI}])"
    f"|(?<=[{_EMOJI}])\ufe0f|(?<=[0-9#*])\ufe0f(?=\u20e3)"
)
JOINERS = "\u200c\u200d\ufe0f"
_ANY_JOINER = re.compile(f"[{JOINERS}]")
_JOINER = re.compile(f"(?P<needed>{NEEDED_JOINER.pattern})|{_ANY_JOINER.pattern}")


def drop_needless_joiners(text: str) -> str:
    """Return the text with only those joiners that its scripts and emoji need."""
    return _JOINER.sub(lambda joiner: joiner["needed"] or "", text) if _ANY_JOINER.search(text) else text


def strip_joiners(text: str) -> str:
    """Return the text without joiners, for comparing: nobody types them the same way twice."""
    return _ANY_JOINER.sub("", text)
