"""Exact forms that several layers share, with windows, and how the frameworks name what goes into them.

Everything is channels last: (batch, spatial axes, channels).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from numbers import Integral
from typing import Any

from paragone.layers.base import Settings, Sizes

Pads = tuple[tuple[int, int], ...]
SAME = "same"
"""How a padding begins that follows the size of the input; what it is for the input that was seen comes after it."""


@dataclass(frozen=True)
class SameBeyond:
    """The padding `same` of an input that has something around it already.

    Args:
        before: what is there on both sides of each axis.
    """

    before: Pads


def each(value: Any, rank: int) -> tuple[int, ...]:
    """One number for each spatial axis, where one for all may have been given."""
    if isinstance(value, Integral):
        return (int(value),) * rank
    numbers = tuple(int(one) for one in value)
    return numbers * rank if len(numbers) == 1 else numbers


def same_pads(sizes: Sizes, reach: Sequence[int], strides: Sequence[int]) -> Pads:
    """The padding that TensorFlow and JAX call `same`: one place more at the end where their number is odd."""
    totals = [max((-(-n // s) - 1) * s + r - n, 0) for n, r, s in zip(sizes, reach, strides, strict=True)]
    return tuple((total // 2, total - total // 2) for total in totals)


def pads_of(
    padding: Any, sizes: Sizes, kernel: Sequence[int], strides: Sequence[int], dilation: Sequence[int]
) -> Pads | str:
    """What a framework's `padding` puts before and after each axis, in words too where that follows the size."""
    reach = [(k - 1) * d + 1 for k, d in zip(kernel, dilation, strict=True)]
    if isinstance(padding, str):
        name = padding.lower()
        if name.startswith("same"):
            pads = same_pads(sizes, reach, strides)
            fixed = all(s == 1 or r == 1 for r, s in zip(reach, strides, strict=True))
            return pads if fixed else f"{SAME} {json.dumps(pads)}"
        return tuple((r - 1, 0) for r in reach) if name == "causal" else ((0, 0),) * len(sizes)
    if isinstance(padding, Integral):
        return ((int(padding), int(padding)),) * len(sizes)
    sides = [each(one, 2) for one in padding]
    return tuple((a, b) for a, b in (sides * len(sizes) if len(sides) == 1 else sides))


def pads_now(padding: Pads | SameBeyond | str, sizes: Sizes, reach: Sequence[int], strides: Sequence[int]) -> Pads:
    """What a padding is for an input of these sizes; less than nothing cuts off."""
    if isinstance(padding, SameBeyond):
        bare = tuple(n - a - b for n, (a, b) in zip(sizes, padding.before, strict=True))
        whole = same_pads(bare, reach, strides)
        return tuple((a - c, b - d) for (a, b), (c, d) in zip(whole, padding.before, strict=True))
    if isinstance(padding, str):
        if padding.startswith(SAME):
            return same_pads(sizes, reach, strides)
        return tuple((int(a), int(b)) for a, b in json.loads(padding))
    return padding


def spatial(x: Any) -> Sizes:
    """The sizes of the spatial axes."""
    return tuple(int(n) for n in x.shape[1:-1])


def torch_conv(a: Any, sizes: Sizes) -> Settings:
    """A convolution of PyTorch."""
    rank = len(sizes)
    kernel, strides, dilation = (each(one, rank) for one in (a.kernel_size, a.stride, a.dilation))
    pads = pads_of(a.padding, sizes, kernel, strides, dilation)
    if a.padding == "same":  # one place more at the end, as in TensorFlow
        totals = [(k - 1) * d for k, d in zip(kernel, dilation, strict=True)]
        pads = tuple((total // 2, total - total // 2) for total in totals)
    mode = "zeros" if a.padding_mode == "zeros" or not any(map(any, pads)) else a.padding_mode
    return {"strides": strides, "padding": pads, "dilation": dilation, "groups": a.groups, "padding_mode": mode}


def keras_conv(a: Any, sizes: Sizes) -> Settings:
    """A convolution of Keras."""
    rank = len(sizes)
    kernel, strides, dilation = (each(one, rank) for one in (a.kernel_size, a.strides, a.dilation_rate))
    pads = pads_of(a.padding, sizes, kernel, strides, dilation)
    return {"strides": strides, "padding": pads, "dilation": dilation, "groups": a.groups, "padding_mode": "zeros"}


def flax_conv(a: Any, sizes: Sizes) -> Settings:
    """A convolution of Flax."""
    rank = len(sizes)
    kernel, strides, dilation = (each(one or 1, rank) for one in (a.kernel_size, a.strides, a.kernel_dilation))
    circular = isinstance(a.padding, str) and a.padding == "CIRCULAR"
    pads = pads_of("SAME" if circular else a.padding, sizes, kernel, strides, dilation)
    mode = "circular" if circular else "zeros"
    groups = a.feature_group_count
    return {"strides": strides, "padding": pads, "dilation": dilation, "groups": groups, "padding_mode": mode}


def padded(ops: Any, x: Any, pads: Pads, mode: str = "zeros") -> Any:
    """The spatial axes with something on both sides."""
    if mode == "zeros":
        return ops.pad(x, [(0, 0), *pads, (0, 0)])
    for axis, (before, after) in enumerate(pads, start=1):
        x = _extended(ops, x, axis, before, after, mode)
    return x


def _extended(ops: Any, x: Any, axis: int, before: int, after: int, mode: str) -> Any:
    """One axis with what stands at its ends: repeated, mirrored, or taken from the other end."""
    n = int(x.shape[axis])

    def part(first: int, last: int) -> Any:
        kept = [slice(None)] * len(x.shape)
        kept[axis] = slice(first, last)
        return x[tuple(kept)]

    if mode == "circular":
        sides = [part(n - before, n), x, part(0, after)]
    elif mode == "reflect":
        sides = [ops.flip(part(1, before + 1), (axis,)), x, ops.flip(part(n - 1 - after, n - 1), (axis,))]
    else:
        sides = [*[part(0, 1)] * before, x, *[part(n - 1, n)] * after]
    return ops.concat([one for one in sides if one.shape[axis]], axis)


def convolution(ops: Any, inputs: tuple[Any, ...], s: Any, weights: Any) -> Any:
    """Any convolution."""
    kernel, bias = weights.kernel_spatial_io, weights.bias
    reach = [(int(k) - 1) * d + 1 for k, d in zip(kernel.shape, s.dilation, strict=False)]
    pads = pads_now(s.padding, spatial(inputs[0]), reach, s.strides)
    x = padded(ops, inputs[0], pads, s.padding_mode)
    y = ops.conv(x, kernel, s.strides, s.dilation, s.groups)
    return y if bias is None else y + bias


# ---------------------------------------------------------------------- pools


def pool_settings(
    window: Any, strides: Any, padding: Any, sizes: Sizes, *, counts: bool | None = None, ceil: bool = False
) -> Settings:
    """What a pool means.

    Args:
        window: its size.
        strides: its steps; None for its size.
        padding: as the framework has it.
        sizes: of the input.
        counts: whether padded places count in a mean; None for a pool that takes no mean.
        ceil: a window that does not fit at the end is kept; the places that it lacks are padded, and never counted.
    """
    rank = len(sizes)
    kernel = each(window, rank)
    steps = kernel if strides is None or strides == [] else each(strides, rank)
    pads = pads_of(padding, sizes, kernel, steps, (1,) * rank)
    counted = bool(counts) and (isinstance(pads, str) or any(map(any, pads)))
    more = (0,) * rank
    if ceil and not isinstance(pads, str):
        more = tuple(_lacking(*one) for one in zip(sizes, kernel, steps, pads, strict=True))
        pads = tuple((before, after + extra) for (before, after), extra in zip(pads, more, strict=True))
    settings = {"window": kernel, "strides": steps, "padding": pads, "lacking": more}
    return settings if counts is None else {**settings, "counts_padding": counted}


def _lacking(size: int, kernel: int, step: int, pads: tuple[int, int]) -> int:
    """The places that the last window lacks where the number of windows is rounded up; it begins inside the input."""
    left = size + sum(pads) - kernel
    count = -(-left // step) + 1
    if (count - 1) * step >= size + pads[0]:
        count -= 1
    return max(0, (count - 1) * step + kernel - size - sum(pads))


def windows(x: Any, kernel: Sequence[int], strides: Sequence[int]) -> Iterator[Any]:
    """The first element of every window, the second, and so on; the spatial axes of a padded input."""
    counts = [(int(n) - k) // s + 1 for n, k, s in zip(x.shape[1:-1], kernel, strides, strict=True)]
    for at in product(*map(range, kernel)):
        yield x[
            (
                slice(None),
                *(slice(i, i + (count - 1) * s + 1, s) for i, s, count in zip(at, strides, counts, strict=True)),
            )
        ]


def max_pool(ops: Any, inputs: tuple[Any, ...], s: Any, _weights: Any) -> Any:
    """The largest value in each window, the first of several that are equal."""
    pads = pads_now(s.padding, spatial(inputs[0]), s.window, s.strides)
    x = ops.pad(inputs[0], [(0, 0), *pads, (0, 0)], float("-inf"))
    best: Any = None
    for one in windows(x, s.window, s.strides):
        best = one if best is None else ops.where(one > best, one, best)
    return best


def average_pool(ops: Any, inputs: tuple[Any, ...], s: Any, _weights: Any) -> Any:
    """The mean of each window, with or without what was padded."""
    import numpy as np

    whole = pads_now(s.padding, spatial(inputs[0]), s.window, s.strides)
    x = ops.pad(inputs[0], [(0, 0), *whole, (0, 0)])
    total = sum(windows(x, s.window, s.strides))
    inside = np.ones(spatial(inputs[0]))
    counted = tuple((a, b - more) for (a, b), more in zip(whole, s.lacking, strict=True))
    pads = tuple((max(a, 0), max(b, 0)) for a, b in counted)
    shares = np.pad(inside, pads, constant_values=1.0 if s.counts_padding else 0.0)
    shares = np.pad(shares, tuple((0, more) for more in s.lacking))
    number = sum(windows(shares[None, ..., None], s.window, s.strides))
    return total / ops.constant(number, total)
