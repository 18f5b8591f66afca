"""Average pooling: the mean of each window, channel by channel; padded places do not count.

In Keras padding never counts (keras/src/layers/pooling/base_pooling.py, 3.15, with tf.nn.avg_pool); PyTorch
(torch/nn/modules/pooling.py, 2.13) and Flax (flax/linen/pooling.py, 0.12) count it by default (row G3), so `matched`
says `count_include_pad=False`. Where `same` pads, the window's steps and three axes are as in `max_pool`.
"""

from __future__ import annotations

from paragone.layers.base import LayerKind, Spelling
from paragone.spelling.entry import Entry
from paragone.spelling.pool import Pool, jax_pool, keras_pool, keras_pool_3d, pool_output, pool_window, torch_pool
from paragone.spelling.site import Site
from paragone.spelling.spelled import Note, Spelled

_THREE = keras_pool_3d("average_pool_3d", "Average", "ops.average_pool")


def _counts(site: Site) -> bool:
    """Whether it must be said that padding does not count."""
    return site.matched and any(map(any, pool_window(site.options, site.inputs[0]).pads))


def _keras(site: Site) -> Spelled:
    if site.matched and site.rank == 3:
        window = pool_window(site.options, site.inputs[0])
        call = f'{_THREE.name}({{0}}, {window.kernel}, {window.strides}, "{window.padding}")'
        return Spelled(call=call, helpers=(_THREE,))
    return Spelled(keras_pool(site, "Average"))


def _torch(site: Site) -> Spelled:
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


LAYER = LayerKind(
    "average_pool",
    {"tensorflow": Spelling(write=_keras), "torch": Spelling(write=_torch), "jax": Spelling(write=_jax)},
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
        ),
    ),
)
