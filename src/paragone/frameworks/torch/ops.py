"""What exact forms of layers are computed with, in PyTorch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from paragone.frameworks.base import Array

exp, log, sqrt, tanh, erf, expm1, log1p = (
    *(torch.exp, torch.log, torch.sqrt, torch.tanh, torch.erf, torch.expm1, torch.log1p),
)
where, concat, einsum, abs, sigmoid = torch.where, torch.cat, torch.einsum, torch.abs, torch.sigmoid


def first(value: Any) -> Any:
    """The first tensor of a nest of values; None if there is none."""
    if torch.is_tensor(value):
        return value
    items = value.values() if isinstance(value, dict) else value if isinstance(value, (tuple, list)) else ()
    return next((found for item in items if (found := first(item)) is not None), None)


def numbers(tensor: Any) -> Array | None:
    """A tensor as an array."""
    return np.asarray(tensor.detach().cpu().numpy())


def value(weight: Any) -> Any:
    """A weight as a tensor."""
    return weight


def constant(array: Any, like: Any) -> Any:
    """An array in the type of a tensor."""
    return torch.as_tensor(np.asarray(array), dtype=like.dtype, device=like.device)


def maximum(x: Any, number: float) -> Any:
    """The larger of each value and a number; the number where both are equal."""
    return torch.where(x > number, x, constant(number, x))


def minimum(x: Any, number: float) -> Any:
    """The smaller of each value and a number; the number where both are equal."""
    return torch.where(x < number, x, constant(number, x))


def reduce_sum(x: Any, axes: Sequence[int], *, keepdims: bool = True) -> Any:
    """The sum over axes."""
    return torch.sum(x, tuple(axes), keepdim=keepdims)


def mean(x: Any, axes: Sequence[int], *, keepdims: bool = True) -> Any:
    """The mean over axes."""
    return torch.mean(x, tuple(axes), keepdim=keepdims)


def largest(x: Any, axis: int) -> Any:
    """The largest value along an axis, as a number without a gradient."""
    return torch.amax(x, axis, keepdim=True).detach()


def moveaxis(x: Any, source: int, destination: int) -> Any:
    """Another order of the axes."""
    return torch.movedim(x, source, destination)


def transpose(x: Any, axes: Sequence[int]) -> Any:
    """Another order of the axes."""
    return x.permute(*axes)


def reshape(x: Any, shape: Sequence[int]) -> Any:
    """Another shape."""
    return x.reshape(tuple(shape))


def pad(x: Any, pads: Sequence[tuple[int, int]], number: float = 0.0) -> Any:
    """Every axis with so many numbers before and after; with fewer where it is negative."""
    flat = [one for pair in reversed(list(pads)) for one in pair]
    return functional.pad(x, flat, value=number)


def conv(x: Any, kernel: Any, strides: Sequence[int], dilation: Sequence[int], groups: int) -> Any:
    """A convolution without padding; channels last, kernel (spatial axes, in, out)."""
    rank = len(x.shape) - 2
    native = (functional.conv1d, functional.conv2d, functional.conv3d)[rank - 1]
    weight = kernel.permute(rank + 1, rank, *range(rank))
    output = native(torch.movedim(x, -1, 1), weight, None, tuple(strides), 0, tuple(dilation), groups)
    return torch.movedim(output, 1, -1)


def conv_transpose(x: Any, kernel: Any, strides: Sequence[int], dilation: Sequence[int]) -> Any:
    """The gradient of a convolution without padding; channels last, kernel (spatial axes, in, out)."""
    rank = len(x.shape) - 2
    native = (functional.conv_transpose1d, functional.conv_transpose2d, functional.conv_transpose3d)[rank - 1]
    weight = kernel.permute(rank, rank + 1, *range(rank))
    output = native(torch.movedim(x, -1, 1), weight, None, tuple(strides), dilation=tuple(dilation))
    return torch.movedim(output, 1, -1)


def flip(x: Any, axes: Sequence[int]) -> Any:
    """The axes backwards."""
    return torch.flip(x, tuple(axes))


def dropout(x: Any, rate: float, training: bool) -> Any:
    """Each value zero with this chance, the others scaled."""
    return functional.dropout(x, rate, training)
