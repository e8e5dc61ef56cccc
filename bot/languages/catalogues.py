"""The languages and their gettext catalogues, which are read from the ``.po`` files when they are first needed."""

from __future__ import annotations

import gettext
import io
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel import Locale
    from babel.messages.catalog import Catalog

CATALOGUE_FOLDER = Path(__file__).parent
ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Language:
    """A language of the bot.

    Attributes:
        code: the code in settings, and the name of the catalogue.
        name: what the language calls itself.
        cldr_locale: the locale of its dates and numbers (CLDR).
        discord_locales: the locales of Discord's client that it serves
            (https://discord.com/developers/docs/reference#locales).
        has_currency_names: whether sums are written with the currency's name (690億米ドル), not its symbol.
    """

    code: str
    name: str
    cldr_locale: str
    discord_locales: tuple[str, ...]
    has_currency_names: bool = False

    @property
    def locale(self) -> Locale:
        """Babel's locale for dates, numbers and lists."""
        return _get_locale(self.cldr_locale)

    @property
    def catalogue(self) -> gettext.NullTranslations:
        """The messages of the language; English has those in the code."""
        return _load_translations(self.code)


#: Every language of the bot, by its code. The first is the language of the messages in the code, and the fallback.
LANGUAGES: dict[str, Language] = {
    language.code: language
    for language in (
        Language(ENGLISH, "English", "en_GB", ("en-US", "en-GB")),
        Language("de", "Deutsch", "de_DE", ("de",)),
        Language("es", "Español", "es_ES", ("es-ES", "es-419")),
        Language("ja", "日本語", "ja_JP", ("ja",), has_currency_names=True),
    )
}


#: Every command is translated into all of Discord's locales: thousands of look-ups at each start.
_CODES = {locale: language.code for language in LANGUAGES.values() for locale in language.discord_locales}


def find_language_code(locale: str) -> str:
    """Return the code of the language that serves one of Discord's locales (``en-US``, ``ja``); empty if none does."""
    return _CODES.get(locale, "")


def read_catalogue(code: str) -> Catalog:
    """Read the catalogue file of a language other than English."""
    from babel.messages.pofile import read_po

    with (CATALOGUE_FOLDER / f"{code}.po").open("rb") as file:
        return read_po(file, locale=code)  # its plural forms are those of the locale


@lru_cache
def _get_locale(cldr_locale: str) -> Locale:
    from babel import Locale

    return Locale.parse(cldr_locale)


@lru_cache
def _load_translations(code: str) -> gettext.NullTranslations:
    if code == ENGLISH:
        return gettext.NullTranslations()
    from babel.messages.mofile import write_mo

    buffer = io.BytesIO()
    write_mo(buffer, read_catalogue(code))
    buffer.seek(0)
    return gettext.GNUTranslations(buffer)
