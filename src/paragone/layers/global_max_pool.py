"""Global max pooling: the largest value of each channel over all spatial axes.

Keras has a layer for each number of axes (keras/src/layers/pooling/base_global_pooling.py, 3.15); PyTorch and JAX say
it with `amax` and `max` over the axes. Where several places are largest, all three share the gradient among them.
"""

from __future__ import annotations

from paragone.layers.base import LayerKind, Spelling
from paragone.spelling.entry import Entry
from paragone.spelling.pool import GlobalPool, global_output, jax_global, keras_global, torch_global
from paragone.spelling.site import Site
from paragone.spelling.spelled import Spelled


def _keras(site: Site) -> Spelled:
    return Spelled(keras_global(site, "Max"))


def _torch(site: Site) -> Spelled:
    return Spelled(call=torch_global(site, "amax"))


def _jax(site: Site) -> Spelled:
    return Spelled(call=jax_global(site, "max"))


LAYER = LayerKind(
    "global_max_pool",
    {"tensorflow": Spelling(write=_keras), "torch": Spelling(write=_torch), "jax": Spelling(write=_jax)},
    Entry(
        "the largest value of each channel",
        GlobalPool,
        global_output,
        examples=(
            {"shape": (4, 5, 3)},
            {"keepdims": True, "shape": (4, 5, 3)},
            {"shape": (6, 2)},
            {"shape": (2, 3, 4, 2)},
        ),
    ),
)
