"""What a built side is, as plain data for the orchestrator."""

from __future__ import annotations

import inspect
import time
from typing import Any

import numpy as np

from paragone.frameworks.base import Array
from paragone.frameworks.common import SideAdapter
from paragone.sides.source import PartFinder
from paragone.workers.channel import Message


def describe(adapter: SideAdapter) -> Message:
    """Layers, traits, parts of the file, gauge of the output, and how long a step takes."""
    weights = adapter.weights()
    view = adapter.view
    if view is None:
        raise RuntimeError("the side was not built")
    model, loss, optimizer = adapter.describe_names()
    batch = adapter.batch(*adapter.data.train(view, slice(0, adapter.batch_size)))
    outputs = adapter.forward(batch)
    return {
        "model": model,
        "loss": loss,
        "optimizer": optimizer,
        "version": adapter.version(),
        "output": output_kind(outputs, classification=adapter.data.n_classes is not None),
        "output_dtype": str(outputs[0].dtype),
        "output_shapes": [list(output.shape[1:]) for output in outputs],
        "view": {"name": view.name, "inputs": view.inputs, "target": view.target},
        "n_parameters": int(sum(weights[spot.name].size for spot in adapter.spots() if spot.trainable)),
        "weights": {name: list(array.shape) for name, array in weights.items()},
        "trainable": [spot.name for spot in adapter.spots() if spot.trainable],
        "layers": _layers(adapter, weights),
        "parts": _parts(adapter),
        "traits": adapter.traits(),
        "loop": _loop(adapter),
        "own_step": adapter.found.step is not None,
        "step_s": _step_s(adapter, batch),
    }


def output_kind(outputs: list[Array], *, classification: bool) -> str:
    """Whether the outputs are probabilities, their logarithms, logits, or values: by what they are, not by a name."""
    if not classification:
        return "values"
    output = outputs[0].astype(np.float64)
    if output.ndim >= 2 and output.shape[-1] > 1:
        if (output >= 0).all() and np.allclose(output.sum(-1), 1.0, atol=1e-4):
            return "probabilities"
        if (output <= 0).all() and np.allclose(np.exp(output).sum(-1), 1.0, atol=1e-4):
            return "log-probabilities"
        return "logits"
    return "probabilities" if ((output > 0) & (output < 1)).all() else "logits"


def _layers(adapter: SideAdapter, weights: dict[str, Array]) -> list[dict[str, Any]]:
    return [
        {
            "name": layer.name,
            "kind": layer.kind,
            "spelled": type(layer.thing).__name__,
            "line": adapter.lines.get(id(layer.thing)) or None,
            "input_shape": list(layer.input_shape),
            "output_shape": list(layer.output_shape),
            "parameters": {
                name.partition("/")[2]: list(array.shape)
                for name, array in weights.items()
                if name.partition("/")[0] == layer.name
            },
        }
        for layer in adapter.layers
    ]


def _parts(adapter: SideAdapter) -> list[dict[str, Any]]:
    finder = PartFinder(adapter.path)
    rows = []
    for layer in adapter.layers:
        line = adapter.lines.get(id(layer.thing))
        if line:
            first, last = finder.call_lines(line)
            label = f"{layer.kind} {_axes(layer.input_shape)} → {_axes(layer.output_shape)}"
            rows.append({"id": layer.name, "label": label, "first_line": first, "last_line": last})
    spans = {
        "loss": _span(adapter, finder, adapter.found.loss, "loss"),
        "optimizer": _span(adapter, finder, adapter.found.optimizer, "optimizer"),
        "train step": finder.function_lines("train_step"),
    }
    for name, span in spans.items():
        if span:
            rows.append({"id": name, "label": name, "first_line": span[0], "last_line": span[1]})
    return rows


def _span(adapter: SideAdapter, finder: PartFinder, thing: Any, keyword: str) -> tuple[int, int] | None:
    for binding in adapter.executed.bindings:
        if binding.value is thing and thing is not None:
            return binding.first_line, binding.last_line
    return finder.keyword_lines(keyword)


def _axes(shape: tuple[int, ...]) -> str:
    return "×".join(map(str, shape)) or "1"


def _loop(adapter: SideAdapter) -> str:
    if adapter.found.step is not None:
        return ""
    return inspect.getsource(adapter.loops().LOOPS["idiomatic"])


def _step_s(adapter: SideAdapter, batch: Any) -> float:
    """Seconds that one step takes after the first three; the weights are put back."""
    before = adapter.weights()
    for _ in range(3):
        adapter.number(adapter.step(batch))
    began = time.perf_counter()
    for _ in range(5):
        adapter.number(adapter.step(batch))
    elapsed_s = (time.perf_counter() - began) / 5
    adapter.load(before)
    return elapsed_s
