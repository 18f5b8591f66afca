"""The first task once more, in NumPy alone: a 784-64-10 classifier trained by each of the two forms of Adam."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
Weights = dict[str, Array]


@dataclass(frozen=True)
class Adam:
    """One form of Adam.

    Args:
        epsilon: added to the root of the mean square.
        before: epsilon is added before the bias correction (Keras) and not after (PyTorch, Optax).
        single: the bias corrections take the betas as float32 holds them (Keras on TensorFlow).
    """

    epsilon: float
    before: bool
    single: bool
    beta_1: float = 0.9
    beta_2: float = 0.999
    learning_rate: float = 1e-3

    def train(self, start: Weights, batches: list[tuple[Array, Array]]) -> list[Weights]:
        """The weights after each batch."""
        w = {name: array.astype(np.float64) for name, array in start.items()}
        m, v = ({name: np.zeros_like(array) for name, array in w.items()} for _ in range(2))
        after = []
        for t, (x, y) in enumerate(batches, start=1):
            c1, c2 = (1 - self._held(beta) ** t for beta in (self.beta_1, self.beta_2))
            for name, g in gradients(w, x, y).items():
                m[name] = self.beta_1 * m[name] + (1 - self.beta_1) * g
                v[name] = self.beta_2 * v[name] + (1 - self.beta_2) * g * g
                w[name] = w[name] - self.learning_rate * self._way(m[name], v[name], c1, c2)
            after.append(dict(w))
        return after

    def _held(self, beta: float) -> float:
        return float(np.float32(beta)) if self.single else beta

    def _way(self, m: Array, v: Array, c1: float, c2: float) -> Array:
        if self.before:
            return np.asarray(np.sqrt(c2) / c1 * m / (np.sqrt(v) + self.epsilon))
        return np.asarray((m / c1) / (np.sqrt(v / c2) + self.epsilon))


def gradients(w: Weights, x: Array, y: Array) -> Weights:
    """Of the mean cross-entropy of relu(x · k1 + b1) · k2 + b2."""
    before = x @ w["dense_1/kernel_io"] + w["dense_1/bias"]
    hidden = np.maximum(before, 0)
    logits = hidden @ w["dense_2/kernel_io"] + w["dense_2/bias"]
    chance = np.exp(logits - logits.max(1, keepdims=True))
    chance /= chance.sum(1, keepdims=True)
    chance[np.arange(len(y)), y] -= 1
    out = chance / len(y)
    inner = (out @ w["dense_2/kernel_io"].T) * (before > 0)
    return {
        "dense_1/kernel_io": x.T @ inner,
        "dense_1/bias": inner.sum(0),
        "dense_2/kernel_io": hidden.T @ out,
        "dense_2/bias": out.sum(0),
    }


def batches(x: Array, y: Array, steps: int, seed: int, size: int = 32) -> list[tuple[Array, Array]]:
    """A seeded order for each epoch, the last partial batch kept."""
    found: list[tuple[Array, Array]] = []
    epoch = 0
    while len(found) < steps:
        order = np.random.default_rng([seed, epoch]).permutation(len(x))
        found += [(x[rows], y[rows]) for rows in np.split(order, range(size, len(x), size))]
        epoch += 1
    return found[:steps]


def distance(a: Weights, b: Weights) -> float:
    """max|a - b| / max|b|, worst tensor."""
    return max(float(np.abs(a[name] - b[name]).max() / np.abs(b[name]).max()) for name in b)
