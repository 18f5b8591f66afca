"""Layer normalisation over the last axis.

Canonical weights: `scale`, `offset` (features). `epsilon` is 1e-3 in Keras
(keras/src/layers/normalization/layer_normalization.py, 3.15), 1e-5 in PyTorch (torch/nn/modules/normalization.py,
2.13) and 1e-6 in Flax (flax/nnx/nn/normalization.py, 0.12).
"""

from __future__ import annotations

from paragone.layers.base import Attribute, LayerKind, Spelling, Weight


def _spelling(name: str, scale: str, offset: str, epsilon: str) -> Spelling:
    weights = (Weight("scale", scale), Weight("offset", offset))
    return Spelling((name,), weights, (Attribute("epsilon", epsilon, "layer-norm-epsilon", "B9"),))


LAYER = LayerKind(
    "layer_norm",
    {
        "tensorflow": _spelling("LayerNormalization", "gamma", "beta", "epsilon"),
        "torch": _spelling("LayerNorm", "weight", "bias", "eps"),
        "jax": _spelling("LayerNorm", "scale", "bias", "epsilon"),
    },
)
