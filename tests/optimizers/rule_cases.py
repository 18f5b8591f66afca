"""Trains a small model with every optimizer of a framework, as it is and by its rule, and prints how far they part."""

from __future__ import annotations

import json
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save_file

from paragone.distance import gap
from paragone.frameworks.registry import frameworks
from paragone.workers.dataset import DataSet

STEPS = 30

HEADS = {
    "tensorflow": """
import keras
import numpy as np
model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4, activation="tanh"), keras.layers.Dense(2)])
model.compile(optimizer={made}, loss="mean_squared_error")
""",
    "torch": """
import torch
from torch import nn
model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))
criterion = nn.MSELoss()
optimizer = {made}
{more}
""",
    "jax": """
import jax
import jax.numpy as jnp
import optax
from flax import nnx
class Net(nnx.Module):
    def __init__(self, rngs):
        self.a, self.b = nnx.Linear(3, 4, rngs=rngs), nnx.Linear(4, 2, rngs=rngs)
    def __call__(self, x):
        return self.b(nnx.tanh(self.a(x)))
model = Net(nnx.Rngs(0))
optimizer = nnx.Optimizer(model, {made}, wrt=nnx.Param)
def loss_fn(model, x, y):
    return jnp.mean((model(x) - y) ** 2)
""",
}

_KERAS = "keras.optimizers."
_TORCH = "torch.optim."
_DECAY = "keras.optimizers.schedules.ExponentialDecay(0.05, 5, 0.5)"
CASES: dict[str, list[str | tuple[str, str]]] = {
    "tensorflow": [
        _KERAS + made
        for made in (
            "SGD(0.05)",
            "SGD(0.05, momentum=0.9)",
            f"SGD({_DECAY}, momentum=0.9, nesterov=True, weight_decay=0.1)",
            "Adam(0.01, epsilon=1e-3)",
            "Adam(0.01, amsgrad=True, global_clipnorm=0.1)",
            "AdamW(0.01, weight_decay=0.1)",
            "Adamax(0.01, epsilon=1e-3)",
            "Nadam(0.01)",
            "RMSprop(0.01, momentum=0.9, centered=True, epsilon=1e-3)",
            "RMSprop(0.01, clipvalue=0.01)",
            "Adagrad(0.05, clipnorm=0.05)",
            "Adadelta(1.0)",
            "Lion(0.003, weight_decay=0.1)",
        )
    ],
    "torch": [
        _TORCH + made
        for made in (
            "SGD(model.parameters(), 0.05, momentum=0.9, dampening=0.1, weight_decay=0.1)",
            "SGD(model.parameters(), 0.05, momentum=0.9, nesterov=True)",
            "Adam(model.parameters(), 0.01, eps=1e-3, weight_decay=0.1)",
            "Adam(model.parameters(), 0.01, amsgrad=True)",
            "AdamW(model.parameters(), 0.01, weight_decay=0.1)",
            "Adamax(model.parameters(), 0.01, eps=1e-3)",
            "NAdam(model.parameters(), 0.01)",
            "NAdam(model.parameters(), 0.01, weight_decay=0.1, decoupled_weight_decay=True)",
            "RMSprop(model.parameters(), 0.01, eps=1e-3, momentum=0.9)",
            "RMSprop(model.parameters(), 0.01, centered=True)",
            "Adagrad(model.parameters(), 0.05, initial_accumulator_value=0.1, eps=1e-3)",
            "Adadelta(model.parameters())",
        )
    ]
    + [
        (
            "torch.optim.SGD(model.parameters(), 0.1, momentum=0.9)",
            "scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 5, 0.5)",
        )
    ],
    "jax": [
        "optax." + made
        for made in (
            "sgd(0.05, momentum=0.9)",
            "sgd(optax.cosine_decay_schedule(0.1, 20), momentum=0.9, nesterov=True)",
            "adam(0.01, eps=1e-3)",
            "amsgrad(0.01)",
            "adamw(optax.warmup_cosine_decay_schedule(0.0, 0.01, 5, 20), weight_decay=0.1)",
            "adamax(0.01)",
            "nadam(0.01)",
            "rmsprop(0.01, momentum=0.9, eps=1e-3)",
            "rmsprop(0.01, centered=True, eps_in_sqrt=False)",
            "adagrad(0.05, initial_accumulator_value=0.2)",
            "adadelta(1.0)",
            "lion(0.003)",
            "chain(optax.ema(0.9), optax.scale(-0.05))",
            "chain(optax.ema(0.9, debias=False), optax.scale(-0.05))",
            "adamw(0.01, weight_decay=0.1, mask=lambda p: jax.tree.map(lambda w: w.ndim > 1, p))",
            "chain(optax.clip_by_global_norm(0.1), optax.adam(0.01))",
            "chain(optax.add_decayed_weights(0.1), optax.sgd(0.05, momentum=0.9))",
        )
    ],
}


def _trained(adapter: Any, start: dict[str, Any]) -> dict[str, Any]:
    adapter.load(start)
    for step in range(STEPS):
        rows = slice(8 * (step % 4), 8 * (step % 4) + 8)
        adapter.step(adapter.batch(*adapter.data.train(adapter.view, rows)))
    return dict(adapter.weights())


def apart(framework: str, text: str, folder: Path) -> float:
    """The largest distance of any weight between the optimizer and its rule; infinite where it has none."""
    path = folder / "side.py"
    path.write_text(text)
    spec = {
        **{"file": str(path), "selector": "", "dtype": "float64", "batch_size": 8, "scheduler_step": "batch"},
        **{"threads": 1, "weight_map": ""},
    }
    adapter = import_module(frameworks()[framework].worker).ADAPTER(spec, DataSet(folder / "data.safetensors"))
    adapter.build(0)
    rows = {row["name"]: row for row in adapter.known_optimizer.traits(None, float64=True)}
    if not all(row["settable"] for row in rows.values()):
        return float("inf")
    start = adapter.weights()
    own = _trained(adapter, start)
    same = next(name for name in ("learning_rate", "weight_decay", "momentum") if name in rows)
    adapter.intervene([{"where": "optimizer", "name": same, "value": rows[same]["value"]}])
    ruled = _trained(adapter, start)
    moved = max(gap(own[name], start[name]).max_rel for name in own)
    return max(gap(ruled[name], own[name]).max_rel for name in own) if moved > 1e-4 else float("inf")


def main() -> None:
    framework = sys.argv[1]
    rng = np.random.default_rng(0)
    found = {}
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        arrays = {"x": rng.normal(size=(32, 3)), "y": rng.normal(size=(32, 2))}
        arrays |= {f"{name}_test": array[:8] for name, array in arrays.items()}
        meta = {"kind": "regression", "views": "[]", "n_classes": "null"}
        save_file(arrays, folder / "data.safetensors", metadata=meta)
        for case in CASES[framework]:
            made, more = (case, "") if isinstance(case, str) else case
            found[made] = apart(framework, HEADS[framework].replace("{made}", made).replace("{more}", more), folder)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
