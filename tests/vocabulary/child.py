"""Runs written sides of one framework in this process: `python -m tests.vocabulary.child FRAMEWORK`, cases on stdin."""

from __future__ import annotations

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
from paragone.workers.dataset import DataSet

FORWARD_ROWS = 32


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
    mapped += sum(adapter.read(spot.live).size for spot in zero_spots(adapter.map.zeros, adapter.root))
    there = COUNTS[adapter.framework](adapter.found.model)
    if mapped != there:
        raise ValueError(f"the map has {mapped} trainable numbers, the model {there}")


def _trainable(adapter: Any, name: str) -> bool:
    return any(spot.name == name and spot.trainable for spot in adapter.spots())


def stills(adapter: Any) -> list[dict[str, Any]]:
    """The interventions that switch dropout off: its masks are never equal."""
    return [{**row, "value": 0.0} for row in adapter.traits() if row["name"] == "rate" and row["value"]]


def turns(adapter: Any, steps: int) -> Iterator[slice]:
    """The rows of each step: one batch after the other, in a circle, the last one whole."""
    size = adapter.batch_size
    count = max(1, adapter.data.n_train // size)
    return (slice(step % count * size, (step % count + 1) * size) for step in range(steps))


def climb(adapter: Any, weights: dict[str, Any], steps: int) -> dict[str, Any]:
    """Forward, loss and gradients from the weights, and the weights and losses of some steps."""
    found = {}
    adapter.load(weights)
    test = adapter.batch(*adapter.data.test(adapter.view, slice(0, FORWARD_ROWS)))
    found |= {f"forward/{i}": array for i, array in enumerate(adapter.forward(test))}
    head = adapter.head(adapter.view)
    found |= {f"gradients/{name}": array for name, array in adapter.gradients(head).items()}
    adapter.load(weights)
    batches = (adapter.batch(*adapter.data.train(adapter.view, rows)) for rows in turns(adapter, steps))
    losses = [adapter.number(adapter.step(batch)) for batch in batches]
    found |= {"curve": np.array(losses), "loss": np.array(losses[:1])}
    found |= {f"weights/{name}": array for name, array in adapter.weights().items()}
    return found


def main() -> None:
    framework = sys.argv[1]
    module = import_module(frameworks()[framework].worker)
    if framework == "jax":  # compiling takes longer than running here
        import_module("jax").config.update("jax_disable_most_optimizations", True)
    for folder, steps, batch in json.load(sys.stdin):
        home = Path(folder)
        spec = {
            **{"file": str(home / f"{framework}_side.py"), "selector": "", "dtype": "float64", "batch_size": batch},
            **{"scheduler_step": "batch", "threads": 1, "weight_map": (home / f"{framework}.json").read_text()},
        }
        try:
            adapter = module.ADAPTER(spec, DataSet(home / "data.safetensors"))
            adapter.build(0)
            adapter.intervene(stills(adapter))
            check_map(adapter)
            found = climb(adapter, load_file(home / "weights.safetensors"), steps)
            arrays = {name: np.ascontiguousarray(array) for name, array in found.items()}
            save_file(arrays, home / f"{framework}.safetensors")
        except Exception:
            (home / f"{framework}.error").write_text(traceback.format_exc())


if __name__ == "__main__":
    main()
