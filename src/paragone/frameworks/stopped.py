"""Layers that no gradient reaches, because a side stops it behind them: told as traits, and stopped on demand.

`Tensor.detach` and `torch.no_grad` (torch 2.13), `jax.lax.stop_gradient` (JAX 0.10), `tf.stop_gradient` and
`keras.ops.stop_gradient` (TensorFlow 2.21, Keras 3.15) give the layers before them no gradient, or one of zero.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from paragone.frameworks.left_out import trained

if TYPE_CHECKING:
    from paragone.frameworks.common import SideAdapter
    from paragone.frameworks.spots import Spot

GRADIENT, STOPPED, REACHES = "gradient", "stopped", "reaches it"
"""The trait of a layer, and its values."""
_WORDS = re.compile(r"\b(detach|stop_gradient|no_grad|inference_mode|\.data)\b")
"""What a file that stops a gradient has in it; gradients cost a pass, and only such a file is asked for them."""


def stopped_traits(adapter: SideAdapter) -> list[dict[str, Any]]:
    """The layers whose weights have a gradient of exactly zero on the first batch, where others have one."""
    if adapter.found.loss is None or not _WORDS.search(adapter.path.read_text(encoding="utf-8", errors="replace")):
        return []
    assert adapter.view is not None
    before = dict(adapter.weights())
    gradients = dict(adapter.gradients(adapter.head(adapter.view)))
    adapter.load(before)
    zero = {
        layer: all(spot.name in gradients and not np.any(gradients[spot.name]) for spot in spots)
        for layer, spots in _by_layer(adapter).items()
    }
    return [] if all(zero.values()) else [_row(adapter, layer, STOPPED) for layer, is_zero in zero.items() if is_zero]


def reached_traits(adapter: SideAdapter) -> list[dict[str, Any]]:
    """The same of layers that a gradient reaches, which means something only where another side stops it."""
    return [_row(adapter, layer, REACHES) for layer in _by_layer(adapter)]


def stop(adapter: SideAdapter, layer: str, value: str) -> None:
    """Let no gradient reach a layer until the side is built anew.

    Raises:
        NotImplementedError: one is to reach it that the side stops.
    """
    spots = _by_layer(adapter).get(layer, [])
    shared = {id(spot.live) for spot in adapter.spots() if spot not in spots}
    if value != STOPPED or any(id(spot.live) in shared for spot in spots):
        raise NotImplementedError(f"the gradient of {layer} cannot be changed by itself")
    adapter.stop(spots)


def _by_layer(adapter: SideAdapter) -> dict[str, list[Spot]]:
    found: dict[str, list[Spot]] = {}
    for spot in trained(adapter):
        found.setdefault(spot.name.partition("/")[0], []).append(spot)
    return found


def _row(adapter: SideAdapter, layer: str, value: str) -> dict[str, Any]:
    line = next((adapter.line_of_layer(one) for one in adapter.layers if one.name == layer), None)
    return {
        **{"where": layer, "name": GRADIENT, "value": value, "trap": "gradient-stopped", "row": None},
        **{"line": line, "settable": value == REACHES},
    }
