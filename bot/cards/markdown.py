"""Small pieces of Discord's markdown that many cards use. Arguments are safe texts; so are the results."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime

from bot.cards.escaping import clean_line, escape_line
from bot.cards.message_limits import utf16_length
from bot.languages import Message, localize, say, say_as
from bot.model.follow import PAUSED_BY

#: Units that are reserved for the count of omitted items: it can be longer in another plural form.
_COUNT_MARGIN = 15
#: The longest text that is shown as code.
_CODE_LIMIT = 300
_MENTION = re.compile(r"<@\d{1,20}>", re.ASCII)


def add_note(label: str, note: str) -> str:
    """Return a label with a note in brackets: ``Nissan (buyer)``."""
    # Translators: a label with a note in brackets
    return say_as("note", "{label} ({note})", label=label, note=note)


def join_parts(*parts: str) -> str:
    """Join the parts that are not empty with a middle dot."""
    return " · ".join(part for part in parts if part)


def code(text: str) -> str:
    """Return a text as code, in which no markdown and no mention works. It may come from outside."""
    content = clean_line(text, _CODE_LIMIT).replace("`", "'")
    return f"`{content}`"


def subtext(*parts: str) -> str:
    """Return a line of small text with the parts that are not empty; empty if none is left."""
    content = join_parts(*parts)
    return f"-# {content}" if content else ""


def join_sentences(*sentences: str) -> str:
    """Join the sentences that are not empty with a space, or without one after a Japanese full stop."""
    return " ".join(sentence for sentence in sentences if sentence).replace("。 ", "。")


def truncate_list(texts: Iterable[str], limit: int, count_label: Callable[[int], str], *, max_items: int = 100) -> str:
    """Join as many of the texts as fit in ``limit`` UTF-16 units.

    ``count_label`` is called with the number of omitted texts, and its result appended. If no text fits, only that label is returned.
    """
    items = list(texts)
    units_left = limit - _COUNT_MARGIN - utf16_length(count_label(len(items)))
    count = 0
    for item in items[:max_items]:
        units_left -= utf16_length(item) + 3
        if units_left < 0:
            break
        count += 1
    more_count = len(items) - count
    return join_parts(*items[:count], count_label(more_count) if more_count else "")


def relative_time(time: datetime) -> str:
    """Return a timestamp that Discord shows in each reader's language as ``in 5 minutes`` or ``2 days ago``.

    https://discord.com/developers/docs/reference#message-formatting
    """
    return f"<t:{int(time.timestamp())}:R>"


def message_url(guild_id: int, channel_id: int, message_id: int) -> str:
    """Return the address of a message on a server."""
    return f"https://discord.com/channels/{guild_id}/{channel_id}/{message_id}"


def reason_text(stored_reason: str, limit: int) -> str:
    """Return a stored reason in the current language, escaped, in at most ``limit`` units.

    The mention of whoever paused a follow is never truncated, whatever the limit.
    """
    if isinstance(stored_reason, Message) and stored_reason.template == PAUSED_BY:
        mention = str(stored_reason.values.get("who", ""))
        if _MENTION.fullmatch(mention):
            return say(PAUSED_BY, who=mention)
    return escape_line(localize(stored_reason), limit)
