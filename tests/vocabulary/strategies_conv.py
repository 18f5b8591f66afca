"""Random configurations of convolutions, pools, resizing and padding."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from .strategies_dense import ACTIVATIONS

Options = dict[str, Any]
_LARGEST = {1: 9, 2: 8, 3: 5}
"""Sizes of the spatial axes by their number, so that cases are fast."""


def _one_or_each(draw: DrawFn, numbers: SearchStrategy[int], rank: int) -> int | list[int]:
    """One number for all axes, or one for each."""
    return draw(numbers) if draw(st.booleans()) else [draw(numbers) for _ in range(rank)]


def _shape(draw: DrawFn, rank: int, smallest: int = 1, channels: int | None = None) -> list[int]:
    sizes = [draw(st.integers(smallest, _LARGEST[rank])) for _ in range(rank)]
    return [*sizes, channels or draw(st.integers(1, 4))]


def _each(value: int | list[int], rank: int) -> list[int]:
    return [value] * rank if isinstance(value, int) else value


def _slide(draw: DrawFn, paddings: list[str], channels: int | None = None, dilated: bool = True) -> Options:
    """Shape, kernel, strides, dilation and padding that fit."""
    rank = draw(st.integers(1, 3))
    found: Options = {"kernel_size": _one_or_each(draw, st.integers(1, 4), rank)}
    ways = st.sampled_from(["plain", "strides", "dilation"] if dilated else ["plain", "strides"])
    if (way := draw(ways)) != "plain":
        found[way] = _one_or_each(draw, st.integers(1, 3), rank)
    found["padding"] = draw(st.sampled_from([one for one in paddings if one != "causal" or rank == 1]))
    shape = _shape(draw, rank, channels=channels)
    if found["padding"] == "valid":
        windows = zip(_each(found["kernel_size"], rank), _each(found.get("dilation", 1), rank), strict=True)
        shape[:-1] = [max(n, (k - 1) * d + 1) for n, (k, d) in zip(shape, windows, strict=False)]
    return found | {"shape": shape}


@st.composite
def _conv(draw: DrawFn) -> Options:
    groups = draw(st.integers(1, 3))
    filters, channels = groups * draw(st.integers(1, 2)), groups * draw(st.integers(1, 2 if groups < 3 else 1))
    found = _slide(draw, ["valid", "same", "causal"], channels)
    return {"filters": filters, "groups": groups, "use_bias": draw(st.booleans()), **found, **_activated(draw)}


def _activated(draw: DrawFn) -> Options:
    """An activation, one time in two."""
    return {"activation": draw(ACTIVATIONS)} if draw(st.booleans()) else {}


@st.composite
def _depthwise(draw: DrawFn) -> Options:
    multiplier, found = draw(st.integers(1, 3)), _slide(draw, ["valid", "same"])
    return {"depth_multiplier": multiplier, "use_bias": draw(st.booleans()), **found, **_activated(draw)}


@st.composite
def _separable(draw: DrawFn) -> Options:
    return {"filters": draw(st.integers(1, 4)), **draw(_depthwise())}


@st.composite
def _transposed(draw: DrawFn) -> Options:
    rank = draw(st.integers(1, 3))
    return {
        "filters": draw(st.integers(1, 4)),
        "kernel_size": _one_or_each(draw, st.integers(1, 5 if rank < 3 else 3), rank),
        draw(st.sampled_from(["strides", "strides", "dilation"])): _one_or_each(draw, st.integers(1, 3), rank),
        "padding": draw(st.sampled_from(["valid", "same"])),
        "use_bias": draw(st.booleans()),
        **_activated(draw),
        "shape": [draw(st.integers(1, 4 if rank < 3 else 3)) for _ in range(rank)] + [draw(st.integers(1, 3))],
    }


@st.composite
def _pool(draw: DrawFn) -> Options:
    found = _slide(draw, ["valid", "same"], dilated=False)
    return {"pool_size": found.pop("kernel_size"), **found}


@st.composite
def _global_pool(draw: DrawFn) -> Options:
    return {"keepdims": draw(st.booleans()), "shape": _shape(draw, draw(st.integers(1, 3)))}


@st.composite
def _upsample(draw: DrawFn) -> Options:
    rank = draw(st.integers(1, 3))
    ways = ["nearest", "bilinear"] if rank == 2 else ["nearest"]
    return {
        "size": _one_or_each(draw, st.integers(1, 4 if rank < 3 else 2), rank),
        "interpolation": draw(st.sampled_from(ways)),
        "shape": [draw(st.integers(1, 5 if rank < 3 else 3)) for _ in range(rank)] + [draw(st.integers(1, 3))],
    }


def _sides(draw: DrawFn, rank: int, most: int) -> Any:
    """One number, one for each axis, or two for each."""
    numbers = st.integers(0, most)
    if draw(st.booleans()):
        return _one_or_each(draw, numbers, rank)
    return [[draw(numbers), draw(numbers)] for _ in range(rank)]


@st.composite
def _zero_pad(draw: DrawFn) -> Options:
    rank = draw(st.integers(1, 3))
    return {"padding": _sides(draw, rank, 3 if rank < 3 else 2), "shape": _shape(draw, rank)}


@st.composite
def _crop(draw: DrawFn) -> Options:
    rank = draw(st.integers(1, 3))
    return {"cropping": _sides(draw, rank, 2), "shape": _shape(draw, rank, smallest=5)}


STRATEGIES: dict[str, SearchStrategy[Options]] = {
    "conv": _conv(),
    "depthwise_conv": _depthwise(),
    "separable_conv": _separable(),
    "conv_transpose": _transposed(),
    "max_pool": _pool(),
    "average_pool": _pool(),
    "global_max_pool": _global_pool(),
    "global_average_pool": _global_pool(),
    "upsample": _upsample(),
    "zero_pad": _zero_pad(),
    "crop": _crop(),
}
