"""The clipping of a step that a person wrote, recognised by what becomes of the gradients."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
Gradients = Sequence[Array]
Ran = tuple[Gradients, Gradients]
"""The gradients of one step as the backward pass left them, and as the optimizer was given them."""
LARGE = 1e6
"""Norm of all gradients at which any clipping shows."""
_SAME = {"float64": 1e-9, "float32": 1e-4}
_DIGITS = {"float64": 6, "float32": 4}


def seen_clipping(step: Callable[[float], Ran], dtype: str) -> dict[str, float]:
    """By trait (`clip_value`, `clip_norm`, `clip_global_norm`, `clip_epsilon`) what a step clips by.

    Args:
        step: runs it once, from the same start, with every gradient times a factor before anything else is done to it.
        dtype: precision of the step.

    Returns:
        Nothing where it does not clip, or does something else to its gradients.
    """
    raw, _ = step(1.0)
    size = _norm(raw)
    if not size or not np.isfinite(size):
        return {}
    found = _recognised(*step(LARGE / size), _SAME[dtype])
    for name, limit in found.items():
        told = _short(limit, dtype)
        raw, given = step(2.0 * told / _typical(name, raw))  # here some is clipped and some is not
        if name != "clip_global_norm":
            return {name: told} if _close(_CLIPS[name](raw, told), given, _SAME[dtype]) else {}
        kept = told / _share(raw, given) - _norm(raw)
        epsilon = _short(kept, dtype) if kept > 10 * _SAME[dtype] * told else 0.0
        clipped = [array * (told / (_norm(raw) + epsilon)) for array in raw]
        return {name: told, "clip_epsilon": epsilon} if _close(clipped, given, 10 * _SAME[dtype]) else {}
    return {}


def _typical(name: str, gradients: Gradients) -> float:
    """What a limit stands against: the middle of the gradients' sizes, or of their norms."""
    if name == "clip_global_norm":
        return _norm(gradients)
    sizes = [np.abs(array).ravel() for array in gradients] if name == "clip_value" else [_norms(gradients)]
    sizes = [array[array > 0] for array in sizes]
    return float(np.median(np.concatenate(sizes)))


def _recognised(raw: Gradients, given: Gradients, tolerance: float) -> dict[str, float]:
    if len(raw) != len(given) or _close(raw, given, tolerance):
        return {}
    limits = {
        "clip_global_norm": _share(raw, given) * _norm(raw),
        "clip_value": max(float(np.abs(array).max(initial=0.0)) for array in given),
        "clip_norm": float(_norms(given).max(initial=0.0)),
    }
    return {
        name: limit for name, limit in limits.items() if limit and _close(_CLIPS[name](raw, limit), given, tolerance)
    }


def _norm(gradients: Gradients) -> float:
    return float(np.sqrt(sum(float((array * array).sum()) for array in gradients)))


def _share(raw: Gradients, given: Gradients) -> float:
    """What is left of the gradients along themselves."""
    return sum(float((a * b).sum()) for a, b in zip(raw, given, strict=True)) / _norm(raw) ** 2


def _norms(gradients: Gradients) -> Array:
    return np.array([np.linalg.norm(array) for array in gradients])


def _scaled(array: Array, norm: float, limit: float) -> Array:
    return array * (limit / norm) if norm > limit else array


_CLIPS: dict[str, Callable[[Gradients, float], list[Array]]] = {
    "clip_global_norm": lambda some, limit: [_scaled(array, _norm(some), limit) for array in some],
    "clip_value": lambda some, limit: [array.clip(-limit, limit) for array in some],
    "clip_norm": lambda some, limit: [_scaled(array, _norm([array]), limit) for array in some],
}


def _close(a: Gradients, b: Gradients, tolerance: float) -> bool:
    scale = max((float(np.abs(array).max(initial=0.0)) for array in b), default=0.0)
    return all(float(np.abs(x - y).max(initial=0.0)) <= tolerance * scale for x, y in zip(a, b, strict=True))


def _short(value: float, dtype: str) -> float:
    """The decimal that a person wrote, where it is near."""
    for digits, near in ((_DIGITS[dtype], _SAME[dtype]), (3, 1e-4)):
        written = float(f"{value:.{digits}g}")
        if abs(written - value) <= near * abs(value):
            return written
    return value
