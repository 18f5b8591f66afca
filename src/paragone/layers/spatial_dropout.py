"""Spatial dropout: whole channels are zeroed while training, the others scaled by 1 / (1 - rate).

Keras' `SpatialDropout1D` to `3D` (keras/src/layers/regularization/spatial_dropout.py, 3.15), PyTorch's `Dropout1d` to
`3d` (torch/nn/modules/dropout.py, 2.13), Flax's `Dropout` with one mask for all positions (flax/nnx/nn/stochastic.py,
0.12). The masks are never equal (row F11): a proof switches them off, as it does with `dropout`.
"""

from __future__ import annotations

from paragone.layers.base import LayerKind, Spelling
from paragone.layers.dropout import Dropout
from paragone.spelling.code import Code, construct
from paragone.spelling.entry import Entry
from paragone.spelling.norms import channelled
from paragone.spelling.site import Site
from paragone.spelling.spelled import Spelled
from paragone.task.tensor import Tensor


def _output(_options: Dropout, inputs: tuple[Tensor, ...]) -> Tensor:
    return Tensor(channelled(inputs, 1, 3))


def _keras(site: Site) -> Spelled:
    return Spelled(construct(f"layers.SpatialDropout{site.rank}D", site.options.rate))


def _torch(site: Site) -> Spelled:
    return Spelled(construct(f"nn.Dropout{site.rank}d", site.options.rate), layout="first")


def _jax(site: Site) -> Spelled:
    positions = tuple(range(1, site.rank + 1))
    return Spelled(construct("nnx.Dropout", site.options.rate, broadcast_dims=positions, rngs=Code("rngs")))


LAYER = LayerKind(
    "spatial_dropout",
    {"tensorflow": Spelling(write=_keras), "torch": Spelling(write=_torch), "jax": Spelling(write=_jax)},
    Entry(
        "while training, each channel is 0 with the probability rate and scaled by 1 / (1 - rate) otherwise",
        Dropout,
        _output,
        rows=("F11",),
        examples=({"rate": 0.3, "shape": (4, 3)}, {"rate": 0.5, "shape": (4, 5, 3)}),
    ),
)
