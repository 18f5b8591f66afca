"""The small regression of `words_learning`, trained in NumPy by the canonical formulas alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from safetensors.numpy import load_file
from tests.optimizers.reference import OPTIMIZERS, clip
from tests.optimizers.schedules import factor

from .lab import Arrays, Case, Ran, worst

BATCH = 4
"""As in `child`."""
LIMIT = 1e-9


def _gradients(w: Arrays, x: Arrays, y: Arrays) -> Arrays:
    """Of the mean squared error of two layers with a tanh between them."""
    hidden = np.tanh(x @ w["hidden/kernel_io"] + w["hidden/bias"])
    error = 2 * (hidden @ w["out/kernel_io"] + w["out/bias"] - y) / y.size
    back = error @ w["out/kernel_io"].T * (1 - hidden**2)
    return {
        "hidden/kernel_io": x.T @ back,
        "hidden/bias": back.sum(0),
        "out/kernel_io": hidden.T @ error,
        "out/bias": error.sum(0),
    }


def trained(case: Case, data: Arrays, weights: Arrays) -> Arrays:
    """The weights after the steps of the case."""
    task = case.checked()
    options = task.optimizer.options
    update = OPTIMIZERS[task.optimizer.kind.name](options)
    schedule, clipping = (dict(case.table.get(part, {})) for part in ("schedule", "clipping"))
    states: dict[str, Arrays] = {name: {} for name in weights}
    for step in range(case.steps):
        gradients = _gradients(weights, data["x"][:BATCH], data["y"][:BATCH])
        if clipping:
            gradients = clip(clipping["kind"], clipping["limit"], gradients)
        rate = options.learning_rate * factor(schedule.get("kind", "constant"), schedule, step)
        weights = {name: update(step + 1, rate, w, gradients[name], states[name]) for name, w in weights.items()}
    return weights


def canonical_faults(case: Case, found: dict[str, Ran], home: Path) -> list[str]:
    """Where JAX's side and the canonical definition part; nothing for cases around a loss."""
    if case.name.startswith("loss") or found["jax"].error:
        return []
    data, weights = (load_file(home / f"{name}.safetensors") for name in ("data", "weights"))
    wanted = {f"weights/{name}": w for name, w in trained(case, data, weights).items()}
    distance, where = worst(found["jax"].arrays, wanted, "weights")
    return [] if distance <= LIMIT else [f"jax and NumPy: {where} {distance:.1e} apart (limit {LIMIT:g})"]
