"""What attention computes, recognised by its values: the factor of its scores, and whether it is causal.

Whoever wrote it, and however: from queries, keys and values in heads, and from what came out in the end, that factor is
found with which softmax(scale · query · key) · value gives the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
_NEAR = 2e-6
"""So far apart, as a share of the largest value, may be what the form gives and what came out; a softmax in float32
(row H14) is that near, another form never."""
_TELLS = 1e-3
"""So much must the outputs move, as a share of the largest, when the factor is another by its own size."""
_ROUGHLY = 2.0 ** np.arange(-10.0, 6.0)
_STEPS, _ENOUGH = 40, 1e-13
_MOST_PARTS = 64


@dataclass(frozen=True)
class Heads:
    """What attention was given, and what came of it.

    Args:
        query: (samples, time, heads, size).
        key: (samples, other time, heads, size).
        value: (samples, other time, heads, other size).
        output: in whatever form.
        finish: from (samples, time, heads, other size) to that form.
    """

    query: Array
    key: Array
    value: Array
    output: Array
    finish: Callable[[Array], Array] = lambda heads: heads


def seen_attention(heads: Heads) -> dict[str, Any]:
    """`scale` and `causal`; nothing where it is none of these, or where the values do not tell."""
    steps = heads.query.shape[1], heads.key.shape[1]
    if min(steps) < 2 or not np.isfinite(heads.output).all():
        return {}
    found = [(known, causal) for causal in (False, True) if (known := _scale(heads, causal)) is not None]
    if len(found) != 1:
        return {}
    (scale, causal), size = found[0], int(heads.query.shape[-1])
    return {"scale": _plain(scale, size), "causal": causal}


def attended(query: Array, key: Array, value: Array, scale: float, *, causal: bool) -> Array:
    """softmax(scale · query · key) · value in each head."""
    scores = np.einsum("bqhd,bkhd->bhqk", query, key) * scale
    if causal:
        scores = np.where(np.tril(np.ones(scores.shape[-2:], bool)), scores, -np.inf)
    shares = np.exp(scores - scores.max(-1, keepdims=True))
    shares /= shares.sum(-1, keepdims=True)
    return np.asarray(np.einsum("bhqk,bkhd->bqhd", shares, value))


def _scale(heads: Heads, causal: bool) -> float | None:
    """The factor with which the form gives the output, by Newton's method from the best of a few; None if none does."""
    largest = float(np.abs(heads.output).max(initial=0.0)) or 1.0

    def error(log_scale: float) -> Array:
        made = attended(heads.query, heads.key, heads.value, float(np.exp(log_scale)), causal=causal)
        return np.asarray((heads.finish(made) - heads.output).ravel() / largest)

    size = float(heads.query.shape[-1])
    at = min(np.log(size**-0.5 * _ROUGHLY), key=lambda place: float(np.square(error(place)).sum()))
    slope = np.zeros(1)
    for _ in range(_STEPS):
        off = error(at)
        slope = (error(at + 1e-6) - error(at - 1e-6)) / 2e-6
        steepness = float(slope @ slope)
        if not steepness:
            return None
        step = float(np.clip(slope @ off / steepness, -0.5, 0.5))
        at -= step
        if abs(step) < _ENOUGH:
            break
    good = np.abs(error(at)).max() <= _NEAR and np.abs(slope).max() >= _TELLS
    return float(np.exp(at)) if good else None


def _plain(scale: float, size: int) -> float:
    """The factor as people write it: 1/√size, or a simple fraction of that or of 1, if it is that near."""
    for unit in (size**-0.5, 1.0):
        simple = float(Fraction(scale / unit).limit_denominator(_MOST_PARTS))
        if simple and abs(scale / unit / simple - 1.0) < _NEAR:
            return simple * unit
    return scale
