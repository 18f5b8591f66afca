"""The small regression of `words_learning`, trained in NumPy by the canonical formulas alone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load_file
from tests.optimizers.reference import OPTIMIZERS, clip
from tests.optimizers.schedules import factor, plateau

from .lab import Arrays, Case, Ran, snap, worst

BATCH = 4
"""As in `child`."""
LIMIT = 1e-9


def _loss(w: Arrays, x: np.ndarray[Any, Any], y: np.ndarray[Any, Any]) -> tuple[float, Arrays]:
    """The mean squared error of two layers with a tanh between them, and its gradients."""
    hidden = np.tanh(x @ w["hidden/kernel_io"] + w["hidden/bias"])
    error = hidden @ w["out/kernel_io"] + w["out/bias"] - y
    loss, error = float(np.mean(error**2)), 2 * error / y.size
    back = error @ w["out/kernel_io"].T * (1 - hidden**2)
    return loss, {
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
    losses: list[float] = []
    for step in range(case.steps):
        loss, gradients = _loss(weights, data["x"][:BATCH], data["y"][:BATCH])
        losses.append(loss)
        if clipping:
            gradients = clip(clipping["kind"], clipping["limit"], gradients)
        kind = schedule.get("kind", "constant")
        scale = plateau(schedule, losses) if kind == "plateau" else factor(kind, schedule, step)
        rate = options.learning_rate * scale
        weights = {name: update(step + 1, rate, w, gradients[name], states[name]) for name, w in weights.items()}
    return weights


def canonical_faults(
    case: Case, found: dict[str, Ran], home: Path, floor: Mapping[str, float] | None = None
) -> list[str]:
    """Where JAX's side and the canonical definition part; nothing for cases around a loss."""
    if case.name.startswith("loss") or found["jax"].error:
        return []
    data, weights = (load_file(home / f"{name}.safetensors") for name in ("data", "weights"))
    wanted = {f"weights/{name}": w for name, w in trained(case, data, weights).items()}
    own = found["jax"].arrays
    wanted = {name: snap(w, own[name], floor[name]) if floor else w for name, w in wanted.items()}
    distance, where = worst(own, wanted, "weights")
    return [] if distance <= LIMIT else [f"jax and NumPy: {where} {distance:.1e} apart (limit {LIMIT:g})"]
