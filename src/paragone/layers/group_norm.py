"""Group normalisation over groups of channels.

Canonical weights: `scale`, `offset` (channels). `epsilon` is 1e-3 in Keras
(keras/src/layers/normalization/group_normalization.py, 3.15), 1e-5 in PyTorch (torch/nn/modules/normalization.py,
2.13) and 1e-6 in Flax (flax/nnx/nn/normalization.py, 0.12).
"""

from __future__ import annotations

from paragone.layers.base import Attribute, LayerKind, Spelling, Weight


def _spelling(name: str, scale: str, offset: str, epsilon: str, groups: str) -> Spelling:
    weights = (Weight("scale", scale), Weight("offset", offset))
    attributes = (
        Attribute("epsilon", epsilon, "group-norm-epsilon", "B10"),
        Attribute("groups", groups, "group-norm-groups", "B10"),
    )
    return Spelling((name,), weights, attributes)


LAYER = LayerKind(
    "group_norm",
    {
        "tensorflow": _spelling("GroupNormalization", "gamma", "beta", "epsilon", "groups"),
        "torch": _spelling("GroupNorm", "weight", "bias", "eps", "num_groups"),
        "jax": _spelling("GroupNorm", "scale", "bias", "epsilon", "num_groups"),
    },
)
