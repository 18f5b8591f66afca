"""Embedding: a row of a table for each whole number.

Canonical weights: `table` (entries, features). Default initialisers differ by a factor of 34 in scale: U(±0.05) in
Keras (keras/src/layers/core/embedding.py, 3.15), N(0, 1) in PyTorch (torch/nn/modules/sparse.py, 2.13), standard
deviation 1/sqrt(features) in Flax (flax/nnx/nn/linear.py, 0.12).
"""

from __future__ import annotations

from paragone.layers.base import LayerKind, Spelling, Weight

LAYER = LayerKind(
    "embedding",
    {
        "tensorflow": Spelling(("Embedding",), (Weight("table", "embeddings"),)),
        "torch": Spelling(("Embedding",), (Weight("table", "weight"),)),
        "jax": Spelling(("Embed",), (Weight("table", "embedding"),)),
    },
)
