"""Convolution over one, two or three axes (also grouped; depthwise in PyTorch and Flax is a grouped one).

Canonical weights: `kernel_spatial_io` (the spatial axes, in per group, out: `kernel_hwio` for images), `bias` (out).
PyTorch stores (out, in per group, the spatial axes) (torch/nn/modules/conv.py, 2.13). Flax has one class for every
rank: `Conv` (flax/nnx/nn/linear.py, 0.12).
"""

from __future__ import annotations

from paragone.layers.base import LayerKind, Spelling, Weight

_LAST = (Weight("kernel_spatial_io", "kernel"), Weight("bias", "bias"))
_FIRST = (Weight("kernel_spatial_io", "weight", output_first=True), Weight("bias", "bias"))

LAYER = LayerKind(
    "conv",
    {
        "tensorflow": Spelling(("Conv1D", "Conv2D", "Conv3D"), _LAST),
        "torch": Spelling(("Conv1d", "Conv2d", "Conv3d"), _FIRST),
        "jax": Spelling(("Conv",), _LAST),
    },
)
