"""The port to a model that turns texts into vectors, its choice by name, and the mean of the vectors."""

from __future__ import annotations

import importlib
import logging
import platform
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol, cast

import numpy as np
import numpy.typing as npt

from bot.errors import SettingsError
from bot.extras import EMBEDDINGS

Vector = npt.NDArray[np.float32]

#: The names of embedders that need no module.
E5 = "e5"
NONE = "none"
#: The embedder of version 0.1, which E5 replaces.
_MINILM = "minilm"
#: After how many articles the mean counts half.
_PRIOR_COUNT = 50
_SETTING = "EMBEDDINGS"
_EXPECTED = "expected e5, none or module:callable"
_PROCESSORS = Path("/proc/cpuinfo")
_log = logging.getLogger(__name__)


class Embedder(Protocol):
    """Turns texts into vectors. It is called from a worker thread, one call at a time.

    Attributes:
        name: the name under which its vectors are stored; stored vectors of another name are computed anew.
        size: the length of a vector.
    """

    @property
    def name(self) -> str:
        """See the class."""
        ...

    @property
    def size(self) -> int:
        """See the class."""
        ...

    def embed(self, texts: Sequence[str]) -> Vector:
        """Return a row of length 1 for each text, in their order."""
        ...


def load_embedder(name: str = "") -> Embedder | None:
    """Load an embedder by its name.

    A name is ``e5``, ``none``, or ``module:callable`` for a callable that returns an :class:`Embedder`.
    Without a name it is E5 if the extra ``embeddings`` is installed, else None: then words alone are compared.
    Raises SettingsError with one sentence for a name that leads nowhere.
    """
    return find_embedder_loader(name)()


def find_embedder_loader(name: str = "") -> Callable[[], Embedder | None]:
    """Return the function that loads the embedder of a name. Raises SettingsError as :func:`load_embedder` does.

    E5 takes memory, so it is only looked up. Any other embedder is loaded and tried at once, because nothing
    less shows that it is one.
    """
    if name == NONE or (not name and not (EMBEDDINGS.is_installed() and _can_run_e5())):
        return lambda: None
    if name == _MINILM:
        _log.warning("EMBEDDINGS: minilm was replaced by e5, which reads more languages; please set e5.")
    if name in ("", _MINILM, E5):
        if not EMBEDDINGS.is_installed():
            message = f"e5 needs the extra “{EMBEDDINGS.name}”. To install it: {EMBEDDINGS.install_command}"
            raise SettingsError(_SETTING, message)
        if not _can_run_e5():
            raise SettingsError(_SETTING, "e5 needs a processor with AVX2, which this one lacks; set none")
        return _load_e5
    embedder = _import_embedder(name)
    return lambda: embedder


def _can_run_e5() -> bool:
    """Return whether the processor has the instructions that the engine is built for; without them the process would die."""
    if platform.machine() != "x86_64" or not _PROCESSORS.exists():
        return True
    return " avx2 " in _PROCESSORS.read_text(encoding="ascii", errors="ignore").replace("\n", " ")


def _load_e5() -> Embedder:
    try:
        from bot.newsroom.tracker import e5

        return e5.E5()
    except Exception as exc:
        message = f"e5 cannot be loaded: {_format_error(exc)}; install the extra “{EMBEDDINGS.name}” again, or set none"
        raise SettingsError(_SETTING, message) from exc


def _import_embedder(name: str) -> Embedder:
    module, separator, attribute = name.partition(":")
    if not (separator and module and attribute):
        raise SettingsError(_SETTING, f"{_EXPECTED}, not {name[:80]!r}")
    try:
        factory: Any = getattr(importlib.import_module(module), attribute)
    except (Exception, SystemExit) as exc:
        raise SettingsError(_SETTING, f"{_EXPECTED}; {name[:80]!r} cannot be imported: {_format_error(exc)}") from exc
    try:
        embedder = factory() if callable(factory) else factory
        is_embedder = isinstance(embedder.name, str) and _has_size(embedder) and _passes_trial(embedder)
    except (Exception, SystemExit) as exc:
        raise SettingsError(_SETTING, f"{_EXPECTED}; {name[:80]!r} gives no embedder: {_format_error(exc)}") from exc
    if not is_embedder:
        raise SettingsError(_SETTING, f"{_EXPECTED}; {name[:80]!r} gives no embedder with name, size and embed")
    return cast("Embedder", embedder)


def _has_size(embedder: Any) -> bool:
    return isinstance(embedder.size, int) and embedder.size > 0


def _passes_trial(embedder: Any) -> bool:
    """Return whether it turns two texts into finite vectors of its size."""
    vectors = np.asarray(embedder.embed(["One text", "Another"]), dtype=np.float32)
    return vectors.shape == (2, embedder.size) and bool(np.isfinite(vectors).all())


def _format_error(exc: BaseException) -> str:
    """Format an error on one line."""
    return " ".join(f"{type(exc).__name__}: {exc}".split())[:200]


class MeanVector:
    """The running mean of all vectors: what all news of a field has in common.

    It is subtracted from every vector, so that one threshold serves every field. That is done once, when a text comes in,
    so that the same texts in the same order give the same vectors.
    """

    def __init__(self, size: int, count: int = 0, total: npt.NDArray[np.float64] | None = None) -> None:
        self.size = size
        self.count = count
        self.total = np.zeros(size) if total is None else total

    def subtract_from(self, vector: Vector) -> Vector:
        """Return a vector without the mean that it is part of, at length 1. Nothing is remembered."""
        if not len(vector):
            return vector
        difference = (vector - (self.total + vector) / (_PRIOR_COUNT + self.count + 1)).astype(np.float32)
        return cast("Vector", difference / np.float32(max(float(np.linalg.norm(difference)), 1e-9)))

    def add(self, vector: Vector) -> None:
        """Count a vector for the mean."""
        self.count += 1
        self.total = self.total + vector
