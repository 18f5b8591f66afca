"""Runs written sides of one framework here: `python -m tests.vocabulary.child FRAMEWORK DTYPE`, cases on stdin."""

from __future__ import annotations

import gc
import json
import sys
import traceback
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load_file, save_file

from paragone.frameworks.registry import frameworks
from paragone.frameworks.spots import zero_spots
from paragone.frameworks.traits import layer_traits
from paragone.workers.dataset import DataSet

FORWARD_ROWS = 32
FEW = 3
"""Steps of a case that is not about training."""


def _nnx_count(model: Any) -> int:
    import jax
    from flax import nnx

    return sum(int(leaf.size) for leaf in jax.tree.leaves(nnx.state(model, nnx.Param)))


COUNTS = {
    "tensorflow": lambda model: sum(int(np.prod(v.shape)) for v in model.trainable_variables),
    "torch": lambda model: sum(p.numel() for p in model.parameters() if p.requires_grad),
    "jax": _nnx_count,
}


def check_map(adapter: Any) -> None:
    """Every trainable number of the model is in the map, once, or starts at zero because the task does not know it."""
    mapped = sum(array.size for name, array in adapter.weights().items() if _trainable(adapter, name))
    mapped += sum(adapter.read(spot.live).size for spot in zero_spots(adapter.map.zeros, adapter._resolver()))
    there = COUNTS[adapter.framework](adapter.found.model)
    if mapped != there:
        raise ValueError(f"the map has {mapped} trainable numbers, the model {there}")


def _trainable(adapter: Any, name: str) -> bool:
    return any(spot.name == name and spot.trainable for spot in adapter.spots())


def stills(adapter: Any) -> list[dict[str, Any]]:
    """The interventions that switch dropout off: its masks are never equal."""
    rows = layer_traits(adapter.layers, adapter.line_of_layer)
    return [{**row, "value": 0.0} for row in rows if row["name"] == "rate" and row["value"]]


def turns(adapter: Any, steps: int) -> Iterator[slice]:
    """The rows of each step: one batch after the other, in a circle, the last one whole."""
    size = adapter.batch_size
    count = max(1, adapter.data.n_train // size)
    return (slice(step % count * size, (step % count + 1) * size) for step in range(steps))


def climb(adapter: Any, weights: dict[str, Any], job: dict[str, Any]) -> dict[str, Any]:
    """What a job asks for, from the weights."""
    found: dict[str, Any] = {}
    for part in job["asked"]:
        adapter.load(weights)
        found |= CLIMBS[part](adapter, job["steps"])
    return found


def forward(adapter: Any, _steps: int) -> dict[str, Any]:
    """The outputs, in evaluation mode."""
    test = adapter.batch(*adapter.data.test(adapter.view, slice(0, FORWARD_ROWS)))
    return {f"forward/{i}": array for i, array in enumerate(adapter.forward(test))}


def loss(adapter: Any, _steps: int) -> dict[str, Any]:
    """The training loss."""
    return {"loss": np.array([adapter.loss(adapter.head(adapter.view))])}


def gradients(adapter: Any, _steps: int) -> dict[str, Any]:
    """The gradients of the training loss."""
    head = adapter.head(adapter.view)
    return {f"gradients/{name}": array for name, array in adapter.gradients(head).items()}


def train(adapter: Any, steps: int) -> dict[str, Any]:
    """The losses of some steps, and the weights after them."""
    batches = (adapter.batch(*adapter.data.train(adapter.view, rows)) for rows in turns(adapter, steps))
    losses = [adapter.number(adapter.step(batch)) for batch in batches]
    weights = {f"weights/{name}": array for name, array in adapter.weights().items()}
    return {"curve": np.array(losses), "loss": np.array(losses[:1]), **weights}


CLIMBS = {"forward": forward, "loss": loss, "gradients": gradients, "train": train}
"""What can be asked for."""


def answer(framework: str, job: dict[str, Any]) -> dict[str, Any]:
    """Build one side and compute what is asked for."""
    home = Path(job["home"])
    spec = {
        **{"file": str(home / f"{framework}_side.py"), "selector": "", "dtype": job["dtype"]},
        **{"batch_size": job["batch"], "scheduler_step": "batch", "threads": 1},
        "weight_map": (home / f"{framework}.json").read_text(),
    }
    adapter = import_module(frameworks()[framework].worker).ADAPTER(spec, DataSet(home / "data.safetensors"))
    if framework == "jax" and not job["masks"]:  # operation by operation, each compiled: half of the time
        adapter.run_once = lambda _batch: None
    adapter.build(0)
    if job["eager"] and framework == "tensorflow":  # tracing takes longer than running here
        adapter.found.model.run_eagerly = True
    if job["masks"]:
        adapter.intervene(stills(adapter))
    check_map(adapter)
    weights = load_file(home / "weights.safetensors")
    found = climb(adapter, weights, job)
    if job["steps"] > FEW and "train" in job["asked"]:
        adapter.load(weights)
        check_again(found["curve"], train(adapter, job["steps"])["curve"])
    return found


def start(framework: str) -> None:
    """Import the framework."""
    import_module(frameworks()[framework].worker)
    gc.freeze()  # Keras collects garbage before each model, and would look through all that was imported
    if framework == "tensorflow":
        import_module("tensorflow").config.optimizer.set_experimental_options({"disable_meta_optimizer": True})


def check_again(first: Any, second: Any) -> None:
    """A training that begins anew begins with a new optimizer and schedule."""
    if not np.allclose(first, second, rtol=1e-12, atol=0):
        raise ValueError(f"trained again, the losses are others: {first[-1]} and {second[-1]} at the end")


def optimise(framework: str, wanted: bool) -> None:
    """XLA takes longer to compile than what it compiles takes to run here."""
    if framework == "jax":
        import_module("jax").config.update("jax_disable_most_optimizations", not wanted)


def main() -> None:
    framework = sys.argv[1]
    start(framework)
    for job in json.load(sys.stdin):
        home = Path(job["home"])
        optimise(framework, job["optimised"])
        try:
            found = answer(framework, job)
            arrays = {name: np.ascontiguousarray(array) for name, array in found.items()}
            save_file(arrays, home / f"{framework}.safetensors")
        except Exception:
            (home / f"{framework}.error").write_text(traceback.format_exc())


if __name__ == "__main__":
    main()
