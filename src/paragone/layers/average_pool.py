"""Average pooling: the mean of each window, channel by channel; padded places do not count.

In Keras padding never counts (keras/src/layers/pooling/base_pooling.py, 3.15, with tf.nn.avg_pool); PyTorch
(torch/nn/modules/pooling.py, 2.13) and Flax (flax/linen/pooling.py, 0.12) count it by default (row G3), so `matched`
says `count_include_pad=False`. PyTorch's AvgPool3d refuses a window larger than the input before padding (measured,
2.13), so that such an input is padded by hand. Where `same` pads, the window's steps and three axes are as in
`max_pool`.
"""

from __future__ import annotations

from typing import Any

from paragone.layers.base import Function, LayerKind, Setting, Settings, Sizes, Spelling
from paragone.layers.exact import average_pool, pool_settings
from paragone.layers.pools import (
    KERAS_POOL,
    POOL_SETTINGS,
    TENSORFLOW_POOL,
    channels_last,
    tensorflow_pools,
    torch_pools,
)
from paragone.spelling.code import construct, unless
from paragone.spelling.entry import Entry
from paragone.spelling.pool import Pool, jax_pool, keras_pool, keras_pool_3d, pool_output, pool_window, torch_pool
from paragone.spelling.site import Site
from paragone.spelling.spatial import Window, brief, torch_padded
from paragone.spelling.spelled import Helper, Note, Spelled

_THREE = keras_pool_3d("average_pool_3d", "Average", "ops.average_pool")
_PADDED = Helper(
    "average_pool_3d",
    '''
def average_pool_3d(
    x: torch.Tensor, kernel_size: tuple[int, ...], stride: tuple[int, ...], pads: tuple[int, ...]
) -> torch.Tensor:
    """The mean of each window, without padded places."""
    total = F.avg_pool3d(F.pad(x, pads), kernel_size, stride)
    share = F.avg_pool3d(F.pad(torch.ones_like(x[:1, :1]), pads), kernel_size, stride)
    return total / share
''',
    Note("G3", "PyTorch refuses windows over three axes that are larger than the input before padding"),
)


def _counts(site: Site) -> bool:
    """Whether it must be said that padding does not count."""
    return site.matched and any(map(any, pool_window(site.options, site.inputs[0]).pads))


def _keras(site: Site) -> Spelled:
    if site.matched and site.rank == 3:
        window = pool_window(site.options, site.inputs[0])
        call = f'{_THREE.name}({{0}}, {window.kernel}, {window.strides}, "{window.padding}")'
        return Spelled(call=call, helpers=(_THREE,))
    return Spelled(keras_pool(site, "Average"))


def _torch_padded_3d(site: Site, window: Window) -> Spelled:
    """Padded by hand, since PyTorch refuses windows over three axes that are larger than the input before padding."""
    if site.matched:
        pads = tuple(number for pad in reversed(window.pads) for number in pad)
        call = f"{_PADDED.name}({{0}}, {window.kernel}, {window.strides}, {pads})"
        return Spelled(call=call, layout="first", helpers=(_PADDED,))
    stride = unless(brief(window.kernel), brief(window.strides))
    made = construct("nn.AvgPool3d", brief(window.kernel), stride=stride)
    return Spelled(made, f"{{layer}}({torch_padded(window.pads)})", layout="first")


def _torch(site: Site) -> Spelled:
    window = pool_window(site.options, site.inputs[0])
    if site.rank == 3 and any(k > n for k, n in zip(window.kernel, window.sizes, strict=True)):
        return _torch_padded_3d(site, window)
    made, call, notes = torch_pool(site, "Avg")
    if _counts(site):
        made = made.having(count_include_pad=False)
        notes = (*notes, Note("G3", "PyTorch counts padded places by default"))
    return Spelled(made, call, layout="first", notes=notes)


def _jax(site: Site) -> Spelled:
    if not _counts(site):
        return Spelled(call=jax_pool(site, "nnx.avg_pool"))
    note = Note("G3", "Flax counts padded places by default")
    return Spelled(call=jax_pool(site, "nnx.avg_pool", ", count_include_pad=False"), notes=(note,))


def _reads_keras(a: Any, sizes: Sizes) -> Settings:
    return pool_settings(a.pool_size, a.strides, a.padding, sizes, counts=False)


def _reads_tensorflow(a: Any, sizes: Sizes) -> Settings:
    return pool_settings(a.ksize, a.strides, a.padding, sizes, counts=False)


def _reads_torch(a: Any, sizes: Sizes) -> Settings:
    counts, ceil = a.count_include_pad, a.ceil_mode
    return pool_settings(a.kernel_size, a.stride, a.padding, sizes, counts=counts, ceil=ceil)


def _reads_jax(a: Any, sizes: Sizes) -> Settings:
    strides = 1 if a.strides is None else a.strides
    return pool_settings(a.window_shape, strides, a.padding, sizes, counts=a.count_include_pad)


_SPELLINGS = {
    "tensorflow": Spelling(
        ("AveragePooling1D", "AveragePooling2D", "AveragePooling3D"),
        write=_keras,
        functions=(
            Function(("keras.src.backend.tensorflow.nn.average_pool",), KERAS_POOL, _reads_keras, channels_last),
            Function(tensorflow_pools("avg_pool"), TENSORFLOW_POOL, _reads_tensorflow, channels_last),
        ),
        reads=_reads_keras,
    ),
    "torch": Spelling(
        ("AvgPool1d", "AvgPool2d", "AvgPool3d"),
        write=_torch,
        functions=(
            Function(
                torch_pools("avg_pool"),
                "input, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True, "
                "divisor_override=None",
                _reads_torch,
                lambda a: a.divisor_override is None,
            ),
        ),
        reads=_reads_torch,
        channels_at=1,
    ),
    "jax": Spelling(
        write=_jax,
        functions=(
            Function(
                ("flax.nnx.avg_pool", "flax.linen.avg_pool"),
                "inputs, window_shape, strides=None, padding='VALID', count_include_pad=True",
                _reads_jax,
            ),
        ),
    ),
}
LAYER = LayerKind(
    "average_pool",
    _SPELLINGS,
    Entry(
        "the mean of each window, channel by channel, without padded places",
        Pool,
        pool_output,
        rows=("C7", "G3", "G5", "G6"),
        examples=(
            {"shape": (7, 6, 2)},
            {"pool_size": 3, "strides": 2, "padding": "same", "shape": (8, 7, 3)},
            {"pool_size": 2, "strides": 1, "padding": "same", "shape": (5, 4, 2)},
            {"pool_size": (4, 3), "strides": (1, 2), "padding": "same", "shape": (4, 6, 2)},
            {"pool_size": 3, "strides": 2, "shape": (9, 2)},
            {"pool_size": 2, "padding": "same", "shape": (3, 4, 5, 2)},
            {"pool_size": 3, "strides": 2, "padding": "same", "shape": (4, 2, 5, 2)},
        ),
    ),
    (*POOL_SETTINGS, Setting("counts_padding", "average-pool-padding", "G3")),
    average_pool,
)
