"""Leaky ReLU: x for positive x, slope · x otherwise.

It has no weights. The slope is 0.3 by default in Keras' layer (keras/src/layers/activations/leaky_relu.py, 3.15) and
0.01 in PyTorch (torch/nn/modules/activation.py, 2.13). In Flax it is a function.
"""

from __future__ import annotations

from paragone.layers.base import Attribute, LayerKind, Spelling


def _spelling(attribute: str) -> Spelling:
    return Spelling(("LeakyReLU",), (), (Attribute("slope", attribute, "leaky-relu-slope", "C2"),))


LAYER = LayerKind("leaky_relu", {"tensorflow": _spelling("negative_slope"), "torch": _spelling("negative_slope")})
