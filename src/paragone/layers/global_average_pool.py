"""Global average pooling: the mean of each channel over all spatial axes.

Keras has a layer for each number of axes (keras/src/layers/pooling/base_global_pooling.py, 3.15); PyTorch and JAX say
it with `mean` over the axes.
"""

from __future__ import annotations

from paragone.layers.base import LayerKind, Spelling
from paragone.spelling.entry import Entry
from paragone.spelling.pool import GlobalPool, global_output, jax_global, keras_global, torch_global
from paragone.spelling.site import Site
from paragone.spelling.spelled import Spelled


def _keras(site: Site) -> Spelled:
    return Spelled(keras_global(site, "Average"))


def _torch(site: Site) -> Spelled:
    return Spelled(call=torch_global(site, "mean"))


def _jax(site: Site) -> Spelled:
    return Spelled(call=jax_global(site, "mean"))


LAYER = LayerKind(
    "global_average_pool",
    {"tensorflow": Spelling(write=_keras), "torch": Spelling(write=_torch), "jax": Spelling(write=_jax)},
    Entry(
        "the mean of each channel",
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
