"""Parameters, and single elements of them, whose true gradient is zero: only rounding moves them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from paragone.distance import gap
from paragone.prove.tolerances import GAUGE_GRADIENT

Array = np.ndarray[Any, Any]
Arrays = Mapping[str, Array]
GRADIENTS = "gradients/"
"""Before the names of gradients in a trace."""
_STEP, _PARTIAL = "step/", "step_partial/"
_RUNNING = ("/mean", "/variance")


@dataclass(frozen=True)
class NoGradient:
    """What of a pair has no true gradient.

    A whole parameter is left out of the ladder. A single element is not, because another batch may give it a gradient;
    but where such elements alone are beyond a tolerance, by no more than rounding moves them, they are the same.

    Args:
        names: whole parameters, such as a bias before a batch normalisation.
        elements: of other vectors, the elements: the bias of a unit that is always on before a normalisation.
        partial: gives the same of the batch that is not full, whose step is compared as well.
    """

    names: frozenset[str] = frozenset()
    elements: Mapping[str, Array] = field(default_factory=dict)
    partial: Callable[[], Mapping[str, Array]] = dict

    def __contains__(self, name: str) -> bool:
        return name in self.names

    def __bool__(self) -> bool:
        return bool(self.names)

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self.names))

    def beside(self, other: NoGradient, arrays: Sequence[Arrays]) -> NoGradient:
        """With what rounding alone gives a gradient in other traces of the pair.

        A gradient of exactly zero there is not meant: it may have been stopped.
        """
        moved = {name for name in other.names if any(np.any(each.get(GRADIENTS + name, 0.0)) for each in arrays)}
        return replace(self, names=self.names | moved, elements={**other.elements, **self.elements})

    def is_of(self, key: str) -> bool:
        """Whether an array is of one of these parameters: `probe/…/layer/role`."""
        return any(key.endswith(f"/{name}") for name in self.names)

    def others(self, left: Arrays, right: Arrays, key: str) -> float | None:
        """How far two arrays are apart without their elements that have no gradient; None where there are none.

        A running statistic has no gradient of its own; its elements follow those of a vector of the same length.

        Args:
            left: the arrays of one side.
            right: of the other.
            key: which of them.
        """
        if key not in left or left[key].ndim != 1:
            return None
        a, b = left[key], right[key]
        elements = self.partial() if key.startswith(_PARTIAL) else self.elements
        own = [mask for name, mask in elements.items() if key.endswith(f"/{name}")]
        following = [mask for mask in elements.values() if key.endswith(_RUNNING) and mask.shape == a.shape]
        masks = [mask for mask in own or following if mask.shape == a.shape == b.shape]
        if not masks:
            return None
        kept = ~np.logical_or.reduce(masks)
        return gap(a[kept], b[kept]).max_rel


def no_gradient(a: Arrays, b: Arrays, dtype: str = "float64") -> NoGradient:
    """What has a gradient of zero, but for rounding, on both sides.

    A step of a side's own may hide its gradients. Then the other side tells, since sides that compute the same have the
    same gradients; and where both hide them, how far their weights went in one step.

    Args:
        a: the arrays of a trace, of which the gradients are looked at, or the first step.
        b: the other side's.
        dtype: the precision that decides.
    """
    left, right = (_sizes(side, GRADIENTS) for side in (a, b))
    if not left and not right:
        names, _ = _both_within(_sizes(a, _STEP), _sizes(b, _STEP), dtype)
        return NoGradient(names)
    names, limits = _both_within(left or right, right or left, dtype)
    vectors = (name for name in left if name in right and name not in names and a[GRADIENTS + name].ndim == 1)
    masks = {name: _noise(a[GRADIENTS + name], b[GRADIENTS + name], *limits) for name in vectors}
    return NoGradient(names, {name: mask for name, mask in masks.items() if mask.any()})


def _noise(a: Array, b: Array, limit_a: float, limit_b: float) -> Array:
    """Elements that rounding alone gave a gradient: one of exactly zero tells nothing."""
    if a.shape != b.shape:
        return np.zeros(0, bool)
    mask: Array = (np.abs(a) <= limit_a) & (np.abs(b) <= limit_b) & ((a != 0) | (b != 0))
    return mask


def _sizes(arrays: Arrays, prefix: str) -> dict[str, float]:
    names = [name for name in arrays if name.startswith(prefix)]
    return {name.removeprefix(prefix): float(np.abs(arrays[name]).max(initial=0.0)) for name in names}


def _both_within(
    left: Mapping[str, float], right: Mapping[str, float], dtype: str
) -> tuple[frozenset[str], tuple[float, float]]:
    """What is smaller than rounding on both sides, and what that is on each."""
    low, high = (GAUGE_GRADIENT[dtype] * max(sizes.values(), default=0.0) for sizes in (left, right))
    return _within(left, low) & _within(right, high), (low, high)


def _within(sizes: Mapping[str, float], limit: float) -> frozenset[str]:
    return frozenset(name for name, size in sizes.items() if size <= limit)
