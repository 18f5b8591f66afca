"""Concatenation of several values along one axis, the last by default.

The same in Keras (keras/src/layers/merging/concatenate.py, 3.15), PyTorch (torch.cat, 2.13, whose default axis is the
batch) and JAX (jax.numpy.concatenate, 0.10, likewise). In PyTorch the channels of images stand at 1.
"""

from __future__ import annotations

from paragone.layers.base import LayerKind, Spelling
from paragone.spelling.axes import sample_axis, torch_axis
from paragone.spelling.code import construct
from paragone.spelling.entry import Entry, Options, UnfitError
from paragone.spelling.merging import listed
from paragone.spelling.site import Site
from paragone.spelling.spelled import Spelled
from paragone.task.tensor import Tensor


class Concatenate(Options):
    """Options of a concatenation."""

    axis: int = -1


def _output(options: Concatenate, inputs: tuple[Tensor, ...]) -> Tensor:
    first, rank = inputs[0], len(inputs[0].shape)
    place = sample_axis(options.axis, rank, "axis")
    others = {(tensor.kind, (*tensor.shape[:place], *tensor.shape[place + 1 :])) for tensor in inputs}
    if len(others) > 1 or any(len(tensor.shape) != rank for tensor in inputs):
        received = " and ".join(tensor.words() for tensor in inputs)
        raise UnfitError(f"inputs that differ in axis {options.axis} only", received)
    total = sum(tensor.shape[place] for tensor in inputs)
    return Tensor((*first.shape[:place], total, *first.shape[place + 1 :]), first.kind)


def _keras(site: Site) -> Spelled:
    return Spelled(construct("layers.Concatenate", axis=site.given("axis", -1)), f"{{layer}}([{listed(site)}])")


def _torch(site: Site) -> Spelled:
    rank = len(site.inputs[0].shape)
    axis = torch_axis(sample_axis(site.options.axis, rank, "axis"), rank, site.layout)
    return Spelled(call=f"torch.cat([{listed(site)}], dim={axis})")


def _jax(site: Site) -> Spelled:
    return Spelled(call=f"jnp.concatenate([{listed(site)}], axis={site.options.axis})")


LAYER = LayerKind(
    "concatenate",
    {"tensorflow": Spelling(write=_keras), "torch": Spelling(write=_torch), "jax": Spelling(write=_jax)},
    Entry(
        "the inputs behind each other along an axis (1 is the first behind the batch)",
        Concatenate,
        _output,
        n_inputs=(2, None),
        examples=(
            {"shapes": [(3,), (4,)]},
            {"shapes": [(4, 5, 3), (4, 5, 2), (4, 5, 1)]},
            {"axis": 1, "shapes": [(4, 5), (2, 5)]},
        ),
    ),
)
