"""What a worker says of its side's parameters and buffers, and the outputs that it gives with others in their place.

While sides are aligned, weights go by the side's own paths and in its own layouts: nothing here knows how two sides
correspond.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load_file, save_file

from paragone.frameworks.base import Array, Batch
from paragone.frameworks.common import SideAdapter
from paragone.frameworks.found import SeenLayer
from paragone.frameworks.places import Place, unique
from paragone.frameworks.spots import place_spot
from paragone.layers.base import Weight
from paragone.workers.channel import Message

_ROWS = 16


def parameters(adapter: SideAdapter) -> Message:
    """Every parameter and buffer in order of first use; those that no output depends on stand last.

    From then on, until it is built anew, the adapter knows its weights by their own paths.
    """
    assert adapter.view is not None
    places, shared = unique(adapter.places())
    batch = adapter.head(adapter.view)
    order = _order(adapter, places, batch)
    known = {**adapter.given_kernels, **_known(adapter.layers)}
    unknown = [place for place in places if place.buffer and id(place.live) not in known]
    constant = _constant(adapter, places, unknown, batch)
    adapter.take_places(places)
    ordered = sorted(places, key=lambda place: order.get(place.path, len(order)))
    rows = [
        {
            **_row(adapter, place, known.get(id(place.live))),
            "used": place.path in order,
            "constant": place.path in constant,
            "shared": [path for path, first in shared.items() if first == place.path],
        }
        for place in ordered
    ]
    outputs = adapter.outputs(batch)
    return {
        "parameters": rows,
        "outputs": [list(output.shape[1:]) for output in outputs],
        "output_dtype": str(outputs[0].dtype),
    }


def _order(adapter: SideAdapter, places: list[Place], batch: Batch) -> dict[str, int]:
    """The rank of each tensor that a run uses, by its path; a step may put another tensor in its place."""
    used: list[int] = []
    with adapter.watched(used):
        adapter.run_once(batch)
    ours = {id(place.live): place.path for place in places}
    return {path: rank for rank, path in enumerate(dict.fromkeys(ours[thing] for thing in used if thing in ours))}


def _constant(adapter: SideAdapter, places: list[Place], buffers: list[Place], batch: Batch) -> set[str]:
    """Those of these buffers that a training step leaves as they are: masks and tables, and no running statistics."""
    if not buffers:
        return set()
    before = {place.path: adapter.read(place.live).copy() for place in places}
    adapter.number(adapter.step(batch))
    same = {p.path for p in buffers if np.array_equal(before[p.path], adapter.read(p.live))}
    for place in places:
        adapter.write(place_spot(place), before[place.path])
    adapter.fresh_optimizer()
    return same


def _known(layers: list[SeenLayer]) -> dict[int, tuple[SeenLayer, Weight]]:
    """The layer and the weight of every native tensor of a layer that we know."""
    return {
        id(live): (layer, weight)
        for layer in layers
        for weight in layer.spelling.weights
        if (live := getattr(layer.thing, weight.attribute, None)) is not None
    }


def _row(adapter: SideAdapter, place: Place, known: tuple[SeenLayer, Weight] | None) -> dict[str, Any]:
    shape = list(adapter.read(place.live).shape)
    row = {
        "path": place.path,
        "attribute": place.attribute,
        "owner": type(place.module).__name__,
        "line": adapter.lines.get(id(place.module)) or None,
        "shape": shape,
        "buffer": place.buffer,
        "frozen": place.frozen,
        "flattened": list(adapter.flattened(place.module)) if len(shape) == 2 else [],
        "layer": "",
        "kind": "",
        "role": "",
        "output_first": False,
        "turned": False,
    }
    if known is not None:
        layer, weight = known
        row |= {"layer": layer.name, "kind": layer.kind, "role": weight.role, "output_first": weight.output_first}
        row["turned"] = adapter.turned(layer, weight.attribute)
    return row


def outputs_with(adapter: SideAdapter, given: str, out: str, *, seed: int, gradients: bool) -> Message:
    """Put some weights in place, by their paths, and save the outputs (`output/i`) and the gradients (`gradient/…`).

    Args:
        adapter: after `parameters`.
        given: file of the weights that are to be changed.
        out: file to write.
        seed: of the noise on the inputs.
        gradients: save them, too.
    """
    changes = load_file(given)
    for spot in adapter.spots():
        if spot.name in changes:
            adapter.write(spot, changes[spot.name].astype(adapter.dtype))
    batch = _noisy(adapter, seed)
    found: dict[str, Array] = {f"output/{i}": array for i, array in enumerate(adapter.outputs(batch))}
    if gradients:
        found |= {f"gradient/{name}": array for name, array in adapter.gradients(batch).items()}
    save_file(_contiguous(found), Path(out))
    return {}


def _noisy(adapter: SideAdapter, seed: int) -> Batch:
    """Test rows; numbers have noise as large as they spread, so that no column of zeros hides a weight."""
    assert adapter.view is not None
    x, y = adapter.data.noisy(adapter.view, slice(0, _ROWS), seed)
    return adapter.batch(x, y)


def _contiguous(arrays: Mapping[str, Array]) -> dict[str, Array]:
    return {name: np.ascontiguousarray(array) for name, array in arrays.items()}
