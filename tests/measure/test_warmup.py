from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from paragone.measure.warmup import FEWEST_CHUNKS, trending

Shape = Callable[[np.ndarray], np.ndarray]
CHUNKS = 60


def noisy(shape: Shape, seed: int) -> np.ndarray:
    """Chunks of a process on a shared machine: neighbours only ever add time, now and then a lot."""
    dice = np.random.default_rng(seed)
    bursts = np.where(dice.random(CHUNKS) < 0.05, 1 + dice.exponential(0.5, CHUNKS), 1.0)
    return shape(np.arange(CHUNKS)) * np.exp(0.02 * np.abs(dice.standard_normal(CHUNKS))) * bursts


def chunks_until_warm(values: np.ndarray) -> int:
    return next((n for n in range(FEWEST_CHUNKS, CHUNKS) if trending(values[:n].tolist()) is False), CHUNKS)


def flat(at: np.ndarray) -> np.ndarray:
    return np.ones(at.size)


def warming(at: np.ndarray) -> np.ndarray:
    return 1 + 0.3 * np.exp(-at / 6)


def never_warm(at: np.ndarray) -> np.ndarray:
    return 1.3 - 0.005 * at


def wearing_out(at: np.ndarray) -> np.ndarray:
    return 1 + 0.01 * at


def test_too_few_chunks_say_nothing() -> None:
    assert trending([3.0, 2.0, 1.0]) is None
    assert trending([1.0] * FEWEST_CHUNKS) is False


def test_what_is_warm_from_the_beginning_is_soon_known_to_be() -> None:
    assert np.mean([chunks_until_warm(noisy(flat, seed)) for seed in range(200)]) < FEWEST_CHUNKS + 1.5


def test_a_warm_up_is_over_once_little_of_it_is_left() -> None:
    left = [warming(np.array([chunks_until_warm(noisy(warming, seed))]))[0] - 1 for seed in range(200)]
    assert np.mean(left) < 0.01
    assert np.quantile(left, 0.95) < 0.03
    assert warming(np.array([FEWEST_CHUNKS]))[0] - 1 > 0.05  # after a fixed time it would have been more


@pytest.mark.parametrize("shape", [never_warm, wearing_out])
def test_what_moved_all_the_time_shows_it_in_the_end(shape: Shape) -> None:
    assert np.mean([trending(noisy(shape, seed).tolist()) for seed in range(200)]) > 0.9
