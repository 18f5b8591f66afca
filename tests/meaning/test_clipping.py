"""The clipping of a step is recognised by what becomes of its gradients."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paragone.meaning.clipping import Gradients, Ran, seen_clipping

GRADIENTS = [np.random.default_rng(i).normal(size=(i + 2, 3)) * 10.0**-i for i in range(4)]
LIMITS = st.floats(1e-3, 100).map(lambda value: float(f"{value:.4g}"))


def step(clip: Callable[[Gradients], Gradients]) -> Callable[[float], Ran]:
    def run(factor: float) -> Ran:
        raw = [array * factor for array in GRADIENTS]
        return raw, clip(raw)

    return run


def norm(gradients: Gradients) -> float:
    return float(np.sqrt(sum((array**2).sum() for array in gradients)))


@given(LIMITS, st.sampled_from([0.0, 1e-6, 1e-4]))
def test_the_norm_of_all_is_found_with_its_epsilon(limit: float, epsilon: float) -> None:
    def clip(gradients: Gradients) -> Gradients:
        return [array * min(1.0, limit / (norm(gradients) + epsilon)) for array in gradients]

    found = seen_clipping(step(clip), "float64")
    assert found.pop("clip_epsilon") == (pytest.approx(epsilon, rel=1e-3) if epsilon > 1e-8 * limit else 0.0)
    assert found == {"clip_global_norm": pytest.approx(limit, rel=1e-5)}


@given(LIMITS)
def test_the_norm_of_each_is_found(limit: float) -> None:
    found = seen_clipping(step(lambda some: [array * min(1.0, limit / norm([array])) for array in some]), "float64")
    assert found == {"clip_norm": pytest.approx(limit, rel=1e-9)}


@given(LIMITS)
def test_the_value_is_found(limit: float) -> None:
    found = seen_clipping(step(lambda some: [array.clip(-limit, limit) for array in some]), "float64")
    assert found == {"clip_value": pytest.approx(limit, rel=1e-9)}


@pytest.mark.parametrize("scale", [1.0, 0.0])
def test_no_clipping_is_none(scale: float) -> None:
    assert seen_clipping(lambda factor: ([g * factor * scale for g in GRADIENTS],) * 2, "float64") == {}


def test_what_is_no_clipping_is_not_taken_for_one() -> None:
    assert seen_clipping(step(lambda some: [np.tanh(array) * 1.5 for array in some]), "float64") == {}
    assert seen_clipping(step(lambda some: [*some[:2], some[2] * 0.5, some[3]]), "float64") == {}
