"""The language that is spoken now.

It is that of the task at hand: whoever begins one (a question, a click, a post) calls :func:`speak`, and all that the task
says, errors included, is said in it. Where nobody did, it is English: the command line, the log, what the store keeps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from bot.languages.catalogues import ENGLISH, LANGUAGES, Language

_SPOKEN: ContextVar[Language] = ContextVar("language", default=LANGUAGES[ENGLISH])


def spoken() -> Language:
    """The language that is spoken in the task at hand."""
    return _SPOKEN.get()


def speak(code: str) -> None:
    """Say all that this task says from now on in this language; in English where the bot does not speak it."""
    _SPOKEN.set(LANGUAGES.get(code, LANGUAGES[ENGLISH]))


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """As :func:`speak`, for the block alone."""
    token = _SPOKEN.set(LANGUAGES.get(code, LANGUAGES[ENGLISH]))
    try:
        yield
    finally:
        _SPOKEN.reset(token)


def in_every_language(said: Callable[[], str]) -> frozenset[str]:
    """What something is called in each of the languages, folded for comparing."""
    names = set()
    for code in LANGUAGES:
        with speaking(code):
            names.add(said().casefold())
    return frozenset(names)
