"""What XLA compiles of a side on the ladder, and where it keeps what it has compiled."""

from __future__ import annotations

from collections.abc import Sequence

import jax

from paragone.frameworks.found import SeenLayer

_DEEP = 40
"""Layers of a model above which its first calls may run operation by operation."""
_REPEATED = 0.4
"""They do so where fewer than this share of the layers have a form of their own."""


def keep_compiled(folder: str) -> None:
    """From now on what XLA compiles is kept in this folder and found again there, however quickly it was compiled.

    A side is traced anew whenever its meaning is changed (`forget_traces`), and every operation that runs by itself is
    compiled by itself: without this a deep model pays for both again each time. The names are those of "Persistent
    compilation cache" in JAX's documentation, https://docs.jax.dev/en/latest/persistent_compilation_cache.html
    (JAX 0.10).

    Args:
        folder: made if it is not there; empty, or a cache that the environment asks for already, changes nothing.
    """
    if not folder or jax.config.jax_compilation_cache_dir:
        return
    jax.config.update("jax_compilation_cache_dir", folder)
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0)
    jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)


def op_by_op(layers: Sequence[SeenLayer]) -> bool:
    """Whether the first calls of a model cost less if XLA compiles each of its operations, and not the whole.

    The time to compile the whole grows with the layers, that for the operations with those of different shapes.
    Gradients of a batch of 32 of DenseNet-121, more than half of whose convolutions have a shape of their own, took
    82 s the first time operation by operation and 32 s as a whole; with what was compiled at hand 27 s and 12 s (JAX
    0.10, 2 cores). ResNet-50, whose shapes come again and again, takes 17 s and 8 s the first time; but then each
    operation is known, and a whole is compiled anew for every change of the side and every size of a batch.
    """
    forms = {(layer.kind, layer.input_shape, layer.output_shape) for layer in layers}
    return len(layers) > _DEEP and len(forms) < _REPEATED * len(layers)
