"""What the bot says, in the language of those it says it to: catalogues, the language spoken now, dates and numbers.

Every sentence stands in the code in English, within a call of :func:`say` or one of its kin; the catalogues beside this
file (``de.po`` and so on) have it in the other languages. Stories stay as they were written. Nothing here knows of any
other room.
"""

from bot.languages.catalogues import ENGLISH, LANGUAGES, Language, language_of
from bot.languages.forms import (
    calendar_names,
    either,
    joined,
    month,
    number,
    shortened_months,
    shown_date,
    shown_month,
    weekday,
)
from bot.languages.restating import restated
from bot.languages.saying import noted, noted_as, say, say_as, say_count
from bot.languages.speaking import in_every_language, speak, speaking, spoken

__all__ = [
    "ENGLISH",
    "LANGUAGES",
    "Language",
    "calendar_names",
    "either",
    "in_every_language",
    "joined",
    "language_of",
    "month",
    "noted",
    "noted_as",
    "number",
    "restated",
    "say",
    "say_as",
    "say_count",
    "shortened_months",
    "shown_date",
    "shown_month",
    "speak",
    "speaking",
    "spoken",
    "weekday",
]
