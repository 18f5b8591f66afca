"""Builds a side in a precision, in a process of its own, and prints what it computes in."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from paragone.errors import InputError
from paragone.frameworks.base import orders as random_orders
from paragone.frameworks.registry import frameworks
from paragone.workers.dataset import DataSet
from paragone.workers.precise import precise
from paragone.workers.spawn import WorkerSpec


def kept(adapter: Any) -> list[str]:
    return [str(tensor.dtype).removeprefix("torch.") for tensor in adapter.native().values()]


def main(given: dict[str, Any]) -> dict[str, Any]:
    track = given.pop("track", "idiomatic")
    spec = asdict(WorkerSpec(side=given["framework"], threads=1, **given))
    adapter = import_module(frameworks()[given["framework"]].worker).ADAPTER(spec, DataSet(Path(given["data"])))
    adapter.build(0)  # finds how the data is to be given
    adapter.observing = False
    adapter.build(0)
    told: dict[str, Any] = {"said": "", "loop": ""}
    if given["precision"] != "float32":
        try:
            told = precise(adapter)
        except InputError as error:
            return {"refused": error.what}
        adapter.build(0)
    batch, before = adapter.head(adapter.view), kept(adapter)
    products = adapter.loops().PRECISIONS["bfloat16"].products(adapter, batch)
    outputs = adapter.outputs(batch)[0]
    training = adapter.loops().training(adapter, track, batch_of(adapter), orders(adapter))
    losses = [loss_of(adapter, batch)]
    for _ in range(4):
        training.epoch()
    training.settle()
    losses.append(loss_of(adapter, batch))
    return {
        **told,
        "products": products,
        "parameters": before,
        "parameters_after": kept(adapter),
        "outputs": str(outputs.dtype),
        "losses": losses,
    }


def batch_of(adapter: Any) -> Any:
    return adapter.batch(*adapter.data.train(adapter.view, np.arange(adapter.batch_size * 20) % adapter.data.n_train))


def orders(adapter: Any) -> Any:
    return random_orders(adapter.batch_size * 20, 0)


def loss_of(adapter: Any, batch: Any) -> float:
    """Cross-entropy of the outputs, logits or probabilities, by NumPy."""
    outputs = adapter.outputs(batch)[0].astype(np.float64)
    labels = np.asarray(adapter.data.train(adapter.view, slice(0, adapter.batch_size))[1][0]).reshape(-1)
    logits = np.log(outputs + 1e-9) if np.allclose(outputs.sum(-1), 1, atol=0.05) and (outputs >= 0).all() else outputs
    logits = logits - logits.max(-1, keepdims=True)
    logs = logits - np.log(np.exp(logits).sum(-1, keepdims=True))
    return float(-logs[np.arange(len(labels)), labels.astype(int)].mean())


if __name__ == "__main__":
    answer = main(json.loads(sys.argv[1]))
    print(json.dumps(answer))
