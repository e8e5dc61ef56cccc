"""The language that is spoken now.

It is that of the task at hand: whoever begins one (a question, a click, a post) calls :func:`set_language`, and all that the task
says, errors included, is said in it. Where nobody did, it is English: the command line, the log, what the store keeps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from bot.languages.catalogues import ENGLISH, LANGUAGES, Language

_CURRENT: ContextVar[Language] = ContextVar("language", default=LANGUAGES[ENGLISH])


def get_language() -> Language:
    """The language that is spoken in the task at hand."""
    return _CURRENT.get()


def set_language(code: str) -> None:
    """Say all that this task says from now on in this language; in English where the bot does not speak it."""
    _CURRENT.set(LANGUAGES.get(code, LANGUAGES[ENGLISH]))


@contextmanager
def use_language(code: str) -> Iterator[None]:
    """As :func:`set_language`, for the block alone."""
    token = _CURRENT.set(LANGUAGES.get(code, LANGUAGES[ENGLISH]))
    try:
        yield
    finally:
        _CURRENT.reset(token)


def render_in_all_languages(render: Callable[[], str]) -> frozenset[str]:
    """What something is called in each of the languages, folded for comparing."""
    names = set()
    for code in LANGUAGES:
        with use_language(code):
            names.add(render().casefold())
    return frozenset(names)
