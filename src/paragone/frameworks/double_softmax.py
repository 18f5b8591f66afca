"""A softmax that is applied twice: by the model, and by a loss that takes what it is given for logits (row D1).

A sigmoid before a loss of two classes is the same trap.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from paragone.calls.change import set_activation
from paragone.calls.places import NONE, activation_traits
from paragone.meaning.forms import loss_forms

if TYPE_CHECKING:
    from paragone.frameworks.common import SideAdapter
    from paragone.frameworks.found import SeenLayer

SOFTMAX, ONCE, TWICE = "softmax", "once", "twice"
_BY_FORM = {"cross-entropy": "softmax", "binary cross-entropy": "sigmoid"}
"""Of each form that may take logits, what makes probabilities of them."""


def softmax_traits(adapter: SideAdapter) -> list[dict[str, Any]]:
    """How often softmax is applied before the logarithm; nothing where that cannot be told."""
    kind, known = adapter.output_kind(), adapter.known_loss.recognise()
    takes_logits = known is not None and loss_forms()[known.meaning.form].takes == "logits"
    if kind == "values" or (known is None and kind != "logits"):
        return []
    times = TWICE if takes_logits and kind == "probabilities" else ONCE
    end = _end(adapter, times)
    line = adapter.line_of_layer(end[1]) if end and times == TWICE else None
    row = {"where": "loss", "name": SOFTMAX, "value": times, "trap": "double-softmax", "row": "D1", "line": line}
    return [{**row, "settable": takes_logits and end is not None}]


def set_softmax(adapter: SideAdapter, times: str) -> None:
    """Take the model's own softmax out, or put one at its end, until the side is built anew.

    Args:
        adapter: of the side, built; its loss takes logits.
        times: `once` or `twice`.

    Raises:
        NotImplementedError: the loss was not recognised, or what stands at the end of the model.
    """
    known = adapter.known_loss.recognise()
    end = _end(adapter, TWICE if times == ONCE else ONCE)
    if known is None or end is None:
        raise NotImplementedError("the softmax at the end of this model cannot be taken out or put in")
    value = NONE if times == ONCE else _BY_FORM[loss_forms()[known.meaning.form].name]
    set_activation(adapter.sites, adapter.layers, end[0], value)
    adapter.output_became = "logits" if times == ONCE else "probabilities"


def _end(adapter: SideAdapter, times: str) -> tuple[SeenLayer, SeenLayer] | None:
    """The last layer with weights and what is behind it: a softmax (`twice`), or nothing but itself (`once`)."""
    layers = adapter.layers
    last = next((layer for layer in reversed(layers) if layer.spelling.weights), None)
    if last is None or times == ONCE:
        return (last, last) if last is not None and layers[-1] is last else None
    behind = (one for one, row in activation_traits(layers, values=True) if row["where"] == last.name)
    softmax = next(behind, last)
    return (last, softmax) if softmax.kind in _BY_FORM.values() else None
