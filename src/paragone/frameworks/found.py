"""What an adapter finds in a side's file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from paragone.calls.ends import End
from paragone.calls.site import Key
from paragone.layers.base import LayerKind, Spelling


@dataclass(frozen=True)
class Found:
    """What a side's file trains.

    `step` is the file's own `train_step(x, y)`, if it brings one. `by_hand`: it moves the weights without an optimizer,
    and the optimizer here is what does the same. `handed`: it is handed model and optimizer, and stands beside a loss.
    """

    model: Any
    loss: Any
    optimizer: Any
    scheduler: Any = None
    step: Callable[..., Any] | None = None
    name: str = "model"
    by_hand: bool = False
    handed: bool = False


@dataclass(frozen=True)
class SeenLayer:
    """A layer that was executed, an object or a call of a function: its kind, and shapes without the batch axis."""

    name: str
    kind: str
    thing: Any
    spelling: Spelling
    input_shape: tuple[int, ...] = ()
    output_shape: tuple[int, ...] = ()
    own: tuple[str, ...] = ()
    """Attributes of parameters that a class unknown to us keeps itself."""
    entry: LayerKind | None = None
    """What a layer of this kind is in every framework; None for a class that is unknown to us."""
    key: Key = ("", None, 0)
    """Where the call is found again."""
    line: int | None = None
    """Of the user's file, for a call of a function."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """What decides its meaning, canonical."""
    called: int | None = None
    """The line of the first call of an object."""
    rounded: bool = False
    """What it gives is rounded to float32 before the next layer takes it."""
    place: str = ""
    """Where it stands among the layers with weights, which two sides count alike; empty for one of these itself."""
    before: tuple[tuple[int, int], ...] = ()
    """What the layer before it padded, which counts as padding of this one."""
    behind: tuple[tuple[int, int], ...] = ()
    """What the file cuts off its output, which counts as cropping of it."""
    given: bytes = b""
    """The values of the first sample of its input, in order of size."""
    gave: bytes = b""
    """Those of its output."""
    ends: tuple[End, ...] = ()
    """Of a recurrent layer, the directions of which the model goes on with one step."""
    lay: Any = None
    """Of such a layer, from what it gives to where the outputs of its steps are in it."""
    bias_later: bool = False
    """It is a function whose bias is added after it: what follows the layer cannot be put there."""


def names_of(layers: Sequence[SeenLayer]) -> dict[int, str]:
    """Names of layers by the ids of their objects; a function lends its name to the module that calls no other."""
    names = {id(layer.thing): layer.name for layer in layers}
    callers: dict[int, list[str]] = {}
    for layer in layers:
        if layer.spelling.weights and (module := getattr(layer.thing, "module", None)) is not None:
            callers.setdefault(id(module), []).append(layer.name)
    return {**{caller: found[0] for caller, found in callers.items() if len(found) == 1}, **names}
