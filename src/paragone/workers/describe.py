"""What a built side is, as plain data for the orchestrator."""

from __future__ import annotations

import hashlib
import inspect
import time
from typing import Any

import numpy as np

from paragone.frameworks.base import Array
from paragone.frameworks.common import SideAdapter
from paragone.frameworks.found import SeenLayer
from paragone.sides.source import PartFinder
from paragone.workers.channel import Message
from paragone.workers.names import code_names
from paragone.workers.repeats import check_evaluation

_LONG_S = 1.0
"""A first step that takes longer is that of a large model, or one that is compiled first."""


def describe(adapter: SideAdapter, *, timed: bool = True) -> Message:
    """Layers, traits, parts of the file, gauge of the output, and, if `timed`, how long a step takes."""
    weights = adapter.weights()
    view = adapter.view
    if view is None:
        raise RuntimeError("the side was not built")
    model, loss, optimizer = adapter.describe_names()
    batch = adapter.head(view)
    outputs = adapter.head_outputs()
    check_evaluation(adapter, batch, outputs)
    return {
        "model": model,
        "loss": loss,
        "optimizer": optimizer,
        "version": adapter.version(),
        "output": adapter.output_kind(),
        "output_dtype": str(outputs[0].dtype),
        "output_shapes": [list(output.shape[1:]) for output in outputs],
        "view": {"name": view.name, "inputs": view.inputs, "target": view.target},
        "native": {name: list(adapter.read(tensor).shape) for name, tensor in adapter.native().items()},
        "n_parameters": int(sum(weights[spot.name].size for spot in adapter.spots() if spot.trainable))
        + adapter.n_alone(),
        "weights": {name: list(array.shape) for name, array in weights.items()},
        "trainable": [spot.name for spot in adapter.spots() if spot.trainable],
        "unnamed": _unnamed(adapter),
        "layers": _layers(adapter, weights),
        "parts": _parts(adapter),
        "traits": adapter.traits(),
        "idle": adapter.idle_traits(),
        "loop": _loop(adapter),
        "own_step": adapter.found.step is not None,
        "steps_of_an_epoch": -(-adapter.data.n_train // adapter.batch_size),
        "code": code_names(adapter),
        "step_s": _step_s(adapter, batch) if timed else 0.0,
    }


def _unnamed(adapter: SideAdapter) -> list[str]:
    """Paths of parameters and buffers that no canonical weight holds, as far as the framework can say."""
    named = {id(one.live) for spot in adapter.spots() for one in (spot, *spot.plus)}
    return [place.path for place in adapter.places() if id(place.live) not in named]


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
    holds = adapter.held_layers()
    return [
        {
            "name": layer.name,
            "kind": layer.kind,
            "spelled": _spelled(layer),
            "holds": holds.get(layer.name, []),
            "takes": hashlib.sha256(layer.given).hexdigest()[:16] if layer.given else "",
            "line": adapter.line_of_layer(layer),
            "input_shape": list(layer.input_shape),
            "output_shape": list(layer.output_shape),
            "masks": bool(getattr(layer.thing, "mask_zero", False)),
            "parameters": {
                name.partition("/")[2]: list(array.shape)
                for name, array in weights.items()
                if name.partition("/")[0] == layer.name
            },
        }
        for layer in adapter.layers
    ]


def _spelled(layer: SeenLayer) -> str:
    """What its class or its function is called; of what carries a cell along a sequence, the cell's class."""
    thing = getattr(layer.thing, "cell", layer.thing) if layer.spelling.whole else layer.thing
    return getattr(thing, "spelled", "") or type(thing).__name__


def _parts(adapter: SideAdapter) -> list[dict[str, Any]]:
    finder = PartFinder(adapter.path)
    rows = []
    for layer in adapter.layers:
        line = adapter.line_of_layer(layer)
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
    """Seconds that one step takes after the first few; of a large model after the first. The weights are put back."""
    before = adapter.weights()
    first_s = _taken_s(adapter, batch, 1)
    if first_s < _LONG_S:
        _taken_s(adapter, batch, 2)
        step_s = _taken_s(adapter, batch, 5) / 5
    else:
        step_s = _taken_s(adapter, batch, 1)
    adapter.load(before)
    return step_s


def _taken_s(adapter: SideAdapter, batch: Any, steps: int) -> float:
    began = time.perf_counter()
    for _ in range(steps):
        adapter.number(adapter.step(batch))
    return time.perf_counter() - began
