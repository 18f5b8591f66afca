"""A recurrent layer of Keras that leaves steps out, as an intervention: Keras' own mask, given to this layer alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from keras import ops


def maskable(_layer: Any) -> bool:
    """Whether it can be done here."""
    return True


def masked(own: Callable[..., Any], _layer: Any, mask: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
    """What the layer gives where only the steps with True are read."""
    return own(*args, **{**kwargs, "mask": mask})


def read_from(tokens: Any, *, unless_all: bool) -> Any:
    """True where a token is not the one that fills a sequence up; `unless_all`, and in sequences of nothing else."""
    read = ops.not_equal(tokens, ops.zeros((), tokens.dtype))
    return ops.logical_or(read, ops.logical_not(ops.any(read, 1, keepdims=True))) if unless_all else read
