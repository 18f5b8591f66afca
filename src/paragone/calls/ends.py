"""Which output of a recurrent layer the model goes on with, where it takes one step of a sequence (row H5).

`out[:, -1]` is the last step of the sequence. Of the layer that goes forwards that is the last output, after all
steps; of the one that goes backwards it is the first, after one step. It is found by the values: the first later call
that is given one of them, and not the whole sequence, tells.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from paragone.calls.site import Key, Sighting
from paragone.layers.base import LayerKind
from paragone.layers.running import Laid

if TYPE_CHECKING:
    from paragone.calls.sites import Sites
    from paragone.frameworks.found import SeenLayer

Array = np.ndarray[Any, Any]
LAST_OUTPUT, TRAP = "last_output", "bidirectional-last-output"
AFTER_ALL, AFTER_ONE = "after all steps", "after one step"
PLACE = "the recurrent layers"
"""Where the trait is on every side: one framework has an object for both directions, another has one for each."""


@dataclass(frozen=True)
class End:
    """A direction of a recurrent layer of which one step is taken.

    Args:
        name: of the trait: how many directions end before it in the model, and itself.
        way: which direction of the layer it is.
        value: after how many of its steps the output is taken.
    """

    name: str
    way: int
    value: str


def seen_ends(seen: Sequence[Sighting]) -> dict[Key, tuple[End, ...]]:
    """By the keys of recurrent layers: their directions of which a step is taken, in order of execution."""
    found: dict[Key, tuple[End, ...]] = {}
    several = {one.key for at, one in enumerate(seen) if any(other.key == one.key for other in seen[:at])}
    number = 0
    for at, one in enumerate(seen):
        for way, steps in enumerate(one.steps if one.key not in several else ()):
            value = _taken(steps, [other.given for other in seen[at + 1 :] if not other.inside])
            if value is not None:
                number += 1
                end = End(f"{LAST_OUTPUT}_{number}", way, value)
                found[one.key] = (*found.get(one.key, ()), end)
    return found


def _taken(steps: Array, given: Sequence[bytes]) -> str | None:
    """After how many steps the output is that a later call is given; None where none is given one of the two."""
    for values in given:
        if len(values) % steps.itemsize:
            continue
        have = np.frombuffer(values, steps.dtype)
        last, first = _holds(have, steps[-1]), _holds(have, steps[0])
        if last and (not first or len(steps) == 1):
            return AFTER_ALL
        if first and not last:
            return AFTER_ONE
    return None


def _holds(values: Array, wanted: Array) -> bool:
    return values.size >= wanted.size and bool(np.isin(wanted, values).all())


def steps_of(laid: Laid | None, gave: Any, numbers: Callable[[Any], Array | None]) -> tuple[Array, ...]:
    """The outputs for the first sample, (steps, features), of each direction in the order in which it computed them."""
    array = None if laid is None else numbers(laid.outputs(gave))
    if laid is None or array is None or array.ndim != (2 if laid.time is None else 3):
        return ()
    sample = array[0][None] if laid.time is None else array[:, 0] if laid.time == 0 else array[0]
    halves = np.split(sample, len(laid.turned), axis=-1)
    return tuple(half[::-1] if turned else half for half, turned in zip(halves, laid.turned, strict=True))


# ---------------------------------------------------------------------- on demand


def _ended(ops: Any, inputs: tuple[Any, ...], settings: Any, _weights: Any) -> Any:
    """What the layer gave, with the last output in the place of the first, of the directions that are asked for."""
    (gave,) = inputs
    laid: Laid = settings.lay(gave)
    outputs = laid.outputs(gave)
    assert laid.time is not None
    size = int(outputs.shape[-1]) // len(laid.turned)
    parts = [outputs[..., way * size : (way + 1) * size] for way in range(len(laid.turned))]
    for way in settings.ways:
        parts[way] = _last_for_first(ops, parts[way], laid.time, turned=laid.turned[way])
    return laid.with_outputs(gave, parts[0] if len(parts) == 1 else ops.concat(parts, -1))


def _last_for_first(ops: Any, x: Any, time: int, *, turned: bool) -> Any:
    before = (slice(None),) * time
    ahead, behind = x[(*before, slice(None, 1))], x[(*before, slice(-1, None))]
    if turned:
        return ops.concat([x[(*before, slice(None, -1))], ahead], time)
    return ops.concat([behind, x[(*before, slice(1, None))]], time)


_ENDED = LayerKind("ended", {}, compute=_ended)


def take_last(sites: Sites, layers: Sequence[SeenLayer], where: str, name: str) -> None:
    """Have what takes the first output of a direction find its last one there, until the side is built anew."""
    from paragone.calls.sites import Change

    layer = next(layer for layer in layers if layer.name == where)
    end = next(end for end in layer.ends if end.name == name)
    earlier = sites.followers.get(layer.key)
    ways = {*(earlier.settings["ways"] if earlier else ()), end.way}
    sites.followers[layer.key] = Change(_ENDED, {"lay": layer.lay, "ways": tuple(sorted(ways))}, other=True)
