"""A recurrent layer of Flax that leaves steps out, as an intervention: the others first, and their number beside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import jax
import jax.numpy as jnp


def maskable(layer: Any) -> bool:
    """Whether it can be done here: an `nnx.RNN`, with the batch first, as in the tokens."""
    return hasattr(layer, "cell") and not layer.time_major


def masked(own: Callable[..., Any], layer: Any, mask: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
    """What the layer gives where only the steps with True are read; each of the others repeats the one before it."""
    order = jnp.argsort(~mask, axis=1, stable=True)[..., None]
    lengths = jnp.maximum(mask.sum(1), 1)
    gave = own(jnp.take_along_axis(args[0], order, axis=1), *args[1:], **{**kwargs, "seq_lengths": lengths})
    with_carry = layer.return_carry if kwargs.get("return_carry") is None else kwargs["return_carry"]
    carry, outputs = gave if with_carry else (None, gave)
    outputs = jnp.pad(outputs, ((0, 0), (1, 0), (0, 0)))
    outputs = jnp.take_along_axis(outputs, mask.cumsum(1)[..., None], axis=1)
    read = mask.any(1)[:, None]
    return (jax.tree.map(lambda one: one * read, carry), outputs) if with_carry else outputs


def read_from(tokens: Any, *, unless_all: bool) -> Any:
    """True where a token is not the one that fills a sequence up; `unless_all`, and in sequences of nothing else."""
    read = tokens != 0
    return read | ~read.any(1, keepdims=True) if unless_all else read
