"""The current language.

Each task has its own: a question, a click or a post sets it with :func:`set_language`, and everything that the task says
is in that language, errors included. If nothing sets it, it is English: on the command line, in the log, in the store.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from bot.languages.catalogues import ENGLISH, LANGUAGES, Language

_CURRENT: ContextVar[Language] = ContextVar("language", default=LANGUAGES[ENGLISH])


def get_language() -> Language:
    """Return the current language of this task."""
    return _CURRENT.get()


def set_language(code: str) -> None:
    """Set the language of this task from now on; English if the bot does not have that language."""
    _CURRENT.set(LANGUAGES.get(code, LANGUAGES[ENGLISH]))


@contextmanager
def use_language(code: str) -> Iterator[None]:
    """Set the language as :func:`set_language` does, but only for the block."""
    token = _CURRENT.set(LANGUAGES.get(code, LANGUAGES[ENGLISH]))
    try:
        yield
    finally:
        _CURRENT.reset(token)


def render_in_all_languages(render: Callable[[], str]) -> frozenset[str]:
    """Return a text in each of the languages, casefolded for comparing."""
    names = set()
    for code in LANGUAGES:
        with use_language(code):
            names.add(render().casefold())
    return frozenset(names)
