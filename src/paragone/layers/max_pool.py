"""Max pooling: the largest value in each window, channel by channel.

Padding never wins: it is minus infinity in all three (row G6). `same` is that of TensorFlow
(keras/src/layers/pooling/base_pooling.py, 3.15): an odd number of padded places has one more at the end, and Flax does
the same (flax/linen/pooling.py, 0.12). PyTorch pads both sides alike, at most half a window, and drops what is left at
the end unless `ceil_mode` (torch/nn/modules/pooling.py, 2.13). The window steps by its own size in Keras and PyTorch,
by one place in Flax (row G5). TensorFlow has no kernel for three axes in float64 (tensorflow/core/ops/nn_ops.cc, 2.21;
row C7), so `matched` pools there in two turns.
"""

from __future__ import annotations

from typing import Any

from paragone.layers.base import Function, LayerKind, Settings, Sizes, Spelling
from paragone.layers.exact import each, max_pool, pool_settings
from paragone.layers.pools import (
    KERAS_POOL,
    POOL_SETTINGS,
    TENSORFLOW_POOL,
    channels_last,
    tensorflow_pools,
    torch_pools,
)
from paragone.spelling.entry import Entry
from paragone.spelling.pool import Pool, jax_pool, keras_pool, keras_pool_3d, pool_output, pool_window, torch_pool
from paragone.spelling.site import Site
from paragone.spelling.spelled import Spelled

_THREE = keras_pool_3d("max_pool_3d", "Max", "ops.max_pool")


def _keras(site: Site) -> Spelled:
    if site.matched and site.rank == 3:
        window = pool_window(site.options, site.inputs[0])
        call = f'{_THREE.name}({{0}}, {window.kernel}, {window.strides}, "{window.padding}")'
        return Spelled(call=call, helpers=(_THREE,))
    return Spelled(keras_pool(site, "Max"))


def _torch(site: Site) -> Spelled:
    made, call, notes = torch_pool(site, "Max")
    return Spelled(made, call, layout="first", notes=notes)


def _jax(site: Site) -> Spelled:
    return Spelled(call=jax_pool(site, "nnx.max_pool"))


def _reads_keras(a: Any, sizes: Sizes) -> Settings:
    return pool_settings(a.pool_size, a.strides, a.padding, sizes)


def _reads_tensorflow(a: Any, sizes: Sizes) -> Settings:
    return pool_settings(a.ksize, a.strides, a.padding, sizes)


def _reads_torch(a: Any, sizes: Sizes) -> Settings:
    return pool_settings(a.kernel_size, a.stride, a.padding, sizes, ceil=a.ceil_mode)


def _reads_jax(a: Any, sizes: Sizes) -> Settings:
    return pool_settings(a.window_shape, 1 if a.strides is None else a.strides, a.padding, sizes)


_SPELLINGS = {
    "tensorflow": Spelling(
        ("MaxPooling1D", "MaxPooling2D", "MaxPooling3D"),
        write=_keras,
        functions=(
            Function(("keras.src.backend.tensorflow.nn.max_pool",), KERAS_POOL, _reads_keras, channels_last),
            Function(tensorflow_pools("max_pool"), TENSORFLOW_POOL, _reads_tensorflow, channels_last),
        ),
        reads=_reads_keras,
    ),
    "torch": Spelling(
        ("MaxPool1d", "MaxPool2d", "MaxPool3d"),
        write=_torch,
        functions=(
            Function(
                torch_pools("max_pool"),
                "input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False",
                _reads_torch,
                lambda a: set(each(a.dilation, 1)) == {1} and not a.return_indices,
            ),
        ),
        reads=_reads_torch,
        channels_at=1,
    ),
    "jax": Spelling(
        write=_jax,
        functions=(
            Function(
                ("flax.nnx.max_pool", "flax.linen.max_pool"),
                "inputs, window_shape, strides=None, padding='VALID'",
                _reads_jax,
            ),
        ),
    ),
}
LAYER = LayerKind(
    "max_pool",
    _SPELLINGS,
    Entry(
        "the largest value in each window, channel by channel",
        Pool,
        pool_output,
        rows=("C7", "G5", "G6"),
        examples=(
            {"shape": (7, 6, 2)},
            {"pool_size": 3, "strides": 2, "padding": "same", "shape": (8, 7, 3)},
            {"pool_size": 2, "strides": 1, "padding": "same", "shape": (5, 4, 2)},
            {"pool_size": (2, 3), "strides": (1, 2), "padding": "same", "shape": (4, 6, 2)},
            {"pool_size": 3, "strides": 2, "shape": (9, 2)},
            {"pool_size": 2, "padding": "same", "shape": (3, 4, 5, 2)},
        ),
    ),
    POOL_SETTINGS,
    max_pool,
)
