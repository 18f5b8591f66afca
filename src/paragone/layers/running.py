"""How recurrent layers give what they computed: in which order the outputs of the steps lie, in each direction.

PyTorch gives both directions side by side, the backward half in the order of the sequence
(torch/nn/modules/rnn.py, 2.13); Keras' layers give the order in which they computed (keras/src/layers/rnn/rnn.py,
3.15), and `Bidirectional` turns the backward one around; `nnx.RNN` does that where it is asked to keep the order
(flax/nnx/nn/recurrent.py, 0.12).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Laid:
    """Where the outputs of the steps are in what a recurrent layer gave.

    Args:
        at: the place of the outputs in a tuple; None where they are all that was given.
        time: the axis of the steps; None where only the last output was given.
        turned: for each direction, side by side on the last axis: whether the last step that it computed lies first.
    """

    at: int | None
    time: int | None
    turned: tuple[bool, ...]

    def outputs(self, gave: Any) -> Any:
        """The outputs in what the layer gave."""
        return gave if self.at is None else gave[self.at]

    def with_outputs(self, gave: Any, outputs: Any) -> Any:
        """What the layer gave, with other outputs."""
        if self.at is None:
            return outputs
        return type(gave)(outputs if place == self.at else one for place, one in enumerate(gave))


Lay = Callable[[Any, Mapping[str, Any], Any], Laid | None]
"""From a layer, the named arguments of a call and what it gave, to where that is; None where it cannot be told."""


def _is_tensor(value: Any) -> bool:
    return hasattr(value, "shape")


def lay_keras(layer: Any, _given: Mapping[str, Any], gave: Any) -> Laid | None:
    """A recurrent layer of Keras."""
    at = None if _is_tensor(gave) else 0
    return Laid(at, 1 if layer.return_sequences else None, (False,))


def lay_torch(layer: Any, _given: Mapping[str, Any], gave: Any) -> Laid | None:
    """A recurrent layer of PyTorch; packed sequences are laid otherwise."""
    if not _is_tensor(gave[0]) or len(gave[0].shape) != 3:
        return None
    return Laid(0, 1 if layer.batch_first else 0, (False, True) if layer.bidirectional else (False,))


def lay_flax(layer: Any, given: Mapping[str, Any], gave: Any) -> Laid | None:
    """An `nnx.RNN`; a cell by itself gives one step."""
    if not hasattr(layer, "cell") or given.get("seq_lengths") is not None:
        return None

    def told(name: str) -> bool:
        return bool(getattr(layer, name) if given.get(name) is None else given[name])

    outputs = gave[1] if told("return_carry") else gave
    if not _is_tensor(outputs) or len(outputs.shape) != 3:
        return None
    at = 1 if told("return_carry") else None
    return Laid(at, 0 if told("time_major") else 1, (told("reverse") and told("keep_order"),))
