"""Weights under a side's own names, brought to canonical names and layouts by the side itself."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
from safetensors.numpy import load_file, save_file

from paragone.frameworks.common import SideAdapter
from paragone.frameworks.spots import Spot, same
from paragone.workers.channel import Message


def adopt(adapter: SideAdapter, given: str, out: str) -> Message:
    """Set the side's tensors from a file of its own names, and save its weights as they are canonical.

    Names and shapes were checked before (see `paragone.prove.given_weights`).
    """
    arrays = load_file(Path(given))
    for name, tensor in adapter.native().items():
        spot = Spot(name, SimpleNamespace(tensor=tensor), "tensor", same, lambda _, array: array, trainable=True)
        adapter.write(spot, arrays[name].astype(adapter.dtype))
    save_file({name: np.ascontiguousarray(array) for name, array in adapter.weights().items()}, out)
    return {}
