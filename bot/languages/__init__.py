"""The languages of the bot: message catalogues, the current language, dates and numbers.

Every sentence is in the code in English, within a call of :func:`say` or a function like it; the catalogues beside this
file (``de.po`` and so on) have it in the other languages. Stories stay as they were written. Nothing here imports another
package of the project.
"""

from bot.languages.catalogues import ENGLISH, LANGUAGES, Language, find_language_code
from bot.languages.context import get_language, render_in_all_languages, set_language, use_language
from bot.languages.formatting import (
    format_alternatives,
    format_date,
    format_figure,
    format_list,
    format_month,
    format_number,
    format_quarter,
    format_series,
    get_calendar_names,
    get_month_name,
    get_weekday_name,
    is_currency,
)
from bot.languages.messages import (
    Message,
    decode_message,
    encode_message,
    lazy,
    lazy_as,
    localize,
    say,
    say_as,
    say_count,
)

__all__ = [
    "ENGLISH",
    "LANGUAGES",
    "Language",
    "Message",
    "decode_message",
    "encode_message",
    "find_language_code",
    "format_alternatives",
    "format_date",
    "format_figure",
    "format_list",
    "format_month",
    "format_number",
    "format_quarter",
    "format_series",
    "get_calendar_names",
    "get_language",
    "get_month_name",
    "get_weekday_name",
    "is_currency",
    "lazy",
    "lazy_as",
    "localize",
    "render_in_all_languages",
    "say",
    "say_as",
    "say_count",
    "set_language",
    "use_language",
]
