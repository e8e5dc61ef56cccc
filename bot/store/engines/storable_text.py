"""Characters that a database cannot store as text."""

from __future__ import annotations

import re

#: PostgreSQL stores no NUL (https://www.postgresql.org/docs/current/datatype-character.html), and UTF-8 has no lone surrogates.
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def replace_unstorable(text: str) -> str:
    """Replace the characters that cannot be stored by U+FFFD, so that a text without them stays another one."""
    return _UNSTORABLE.sub("\ufffd", text)
