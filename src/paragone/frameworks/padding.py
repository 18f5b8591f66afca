"""Whether a model reads the steps of a sequence that hold 0, or leaves them out: told, and changed on demand.

Keras' embeddings can mask them (`mask_zero`); elsewhere people pack sequences, give lengths, or take the last valid
step (rows H6, H8). So it is found by experiment: where nothing is read there, another row 0 of the embedding gives the
same outputs.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from itertools import takewhile
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from paragone.frameworks.spots import seen_spots

if TYPE_CHECKING:
    from paragone.frameworks.base import Array
    from paragone.frameworks.common import SideAdapter
    from paragone.frameworks.found import SeenLayer

MASKS = "masks_zero"
"""The trait of an embedding."""
UNLESS_ALL = "where a sequence holds anything else"
"""The value of one that reads a sequence of nothing but 0 as any other: the place before the first is the last."""
_FEWEST = 3
"""Steps of a sequence of which some can hold 0 and others not."""


def with_masks_by_hand(adapter: SideAdapter, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The traits, those of embeddings with what the side does about the number 0 by itself."""
    return [_seen(adapter, row) if row["name"] == MASKS and row["value"] is False else row for row in rows]


def _seen(adapter: SideAdapter, row: dict[str, Any]) -> dict[str, Any]:
    layer = next(layer for layer in adapter.layers if layer.name == row["where"])
    if not any(one.spelling.lay for one in _behind(adapter, layer)):
        return row
    readers = _readers(adapter, layer)
    if not _reads_zero(adapter, layer, entirely=False):
        return {**row, "value": UNLESS_ALL if _reads_zero(adapter, layer, entirely=True) else True, "settable": False}
    module = _masking(adapter)
    if module is None or not readers or not all(module.maskable(one.thing) for one in readers):
        return row
    return {**row, "settable": True, "line": readers[0].called or row["line"]}


def mask_zero(adapter: SideAdapter, where: str, value: Any) -> None:
    """Have the recurrent layers behind an embedding leave out the steps that hold 0, until the side is built anew.

    Raises:
        NotImplementedError: it has none, or they cannot do that here.
    """
    layer = next(layer for layer in adapter.layers if layer.name == where)
    module, readers = _masking(adapter), _readers(adapter, layer)
    if module is None or not readers:
        raise NotImplementedError(f"what reads {where} cannot leave steps out")
    adapter.sites.inputs[layer.key] = None
    for reader in readers:

        def around(own: Any, args: Any, kwargs: Any, reader: Any = reader.thing) -> Any:
            mask = module.read_from(adapter.sites.inputs[layer.key], unless_all=value == UNLESS_ALL)
            return module.masked(own, reader, mask, args, kwargs)

        adapter.sites.arounds[reader.key] = around


def _masking(adapter: SideAdapter) -> ModuleType | None:
    name = f"paragone.frameworks.{adapter.framework}.masking"
    return import_module(name) if find_spec(name) else None


def _readers(adapter: SideAdapter, embedding: SeenLayer) -> list[SeenLayer]:
    """The recurrent layers that go along the steps of this embedding's numbers, one by one."""
    behind = _behind(adapter, embedding)
    return [one for one in behind if one.lay is not None and one.input_shape[:1] == embedding.input_shape]


def _behind(adapter: SideAdapter, embedding: SeenLayer) -> list[SeenLayer]:
    """The layers behind an embedding of sequences, before the next embedding."""
    if len(embedding.input_shape) != 1 or embedding.input_shape[0] < _FEWEST:
        return []
    behind = adapter.layers[adapter.layers.index(embedding) + 1 :]
    return list(takewhile(lambda layer: layer.kind != embedding.kind, behind))


def _reads_zero(adapter: SideAdapter, embedding: SeenLayer, *, entirely: bool) -> bool:
    """Whether other values in row 0 of the embedding change what the model gives for sequences that end with 0.

    `entirely`: for those that hold nothing else. What a side refuses it does not read.
    """
    spot = next(seen_spots([embedding], adapter.layout), None)
    if spot is None or adapter.view is None:
        return True
    x, y = adapter.data.train(adapter.view, slice(0, min(4, adapter.batch_size)))
    batch = adapter.batch([_padded(one, embedding.input_shape[0], entirely=entirely) for one in x], y)
    before = np.array(adapter.read(spot.live))
    try:
        gave = adapter.outputs(batch)
    except Exception:  # packing refuses a sequence without steps
        return False
    other = before.copy()
    other[0] += np.linspace(1.0, 2.0, other.shape[1], dtype=other.dtype)
    try:
        adapter.write(spot, other)
        again = adapter.outputs(batch)
    finally:
        adapter.write(spot, before)
    return any(not np.allclose(a, b, rtol=1e-6, atol=1e-6) for a, b in zip(gave, again, strict=True))


def _padded(array: Array, steps: int, *, entirely: bool) -> Array:
    """Sequences of whole numbers with 0 at their ends, and nowhere else."""
    if array.dtype.kind not in "iu" or array.shape[1:] != (steps,):
        return array
    padded = np.where(array == 0, array.max(), array)
    padded[:, 0 if entirely else steps - max(1, steps // _FEWEST) :] = 0
    return padded
