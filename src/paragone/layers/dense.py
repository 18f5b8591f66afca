"""Dense: y = x · kernel + bias, over the last axis.

Canonical weights: `kernel_io` (in, out), `bias` (out). PyTorch stores the kernel as (out, in)
(torch.nn.Linear, torch 2.13). Default initialisers differ: Glorot uniform and zeros in Keras
(keras/src/layers/core/dense.py, 3.15), U(±1/sqrt(in)) for both in PyTorch (torch/nn/modules/linear.py, 2.13), LeCun
normal and zeros in Flax NNX (flax/nnx/nn/linear.py, 0.12).
"""

from __future__ import annotations

from paragone.layers.base import LayerKind, Spelling, Weight

_PLAIN = (Weight("kernel_io", "kernel"), Weight("bias", "bias"))

LAYER = LayerKind(
    "dense",
    {
        "tensorflow": Spelling(("Dense",), _PLAIN),
        "torch": Spelling(("Linear",), (Weight("kernel_io", "weight", output_first=True), Weight("bias", "bias"))),
        "jax": Spelling(("Linear",), _PLAIN),
    },
)
