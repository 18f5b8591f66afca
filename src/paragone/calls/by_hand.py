"""Functions that a file computes by hand between two layers, recognised by what they make of the values.

`torch.clamp(0.2 * self.hidden(x) + 0.5, 0.0, 1.0)` calls nothing that has the name of an activation. But what the next
layer is given are the values that the layer before gave, each put through one function, in whatever order a reshape
leaves them: so that function is sought among those that have a name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import numpy as np

from paragone.calls.places import Places
from paragone.calls.site import FunctionCall, Key
from paragone.calls.sites import Bridge, Sites
from paragone.frameworks.found import SeenLayer
from paragone.layers import known_kinds
from paragone.layers.base import Function, LayerKind, Settings, Spelling

Array = np.ndarray[Any, Any]
_HAND = "by hand"
_ROUNDING = {4: 1e-5, 8: 1e-9}
"""By the bytes of a number, how far apart values may be that one function gives in two forms."""


def with_functions_by_hand(layers: Sequence[SeenLayer], sites: Sites) -> list[SeenLayer]:
    """The layers, and between them the functions without a name that are recognised; these can be changed from now on.

    Args:
        layers: in order of execution.
        sites: the calls of the side.
    """
    found = _with_roundings(layers, sites)
    weighted = [layer for layer in found if layer.spelling.weights and not isinstance(layer.thing, FunctionCall)]
    for before, after in pairwise(weighted):
        between = found[found.index(before) + 1 : found.index(after)]
        if not _may_hide_one(before, after, between):
            continue
        if (known := _recognised(before, after, sites)) is not None:
            one = _layer(*known, before, after)
            sites.bridge(after.key, Bridge(one.key, before.key, one.settings))
            found = [layer for layer in found if layer not in between]
            found.insert(found.index(after), one)
    return found


def rounding_key(layer: SeenLayer) -> Key:
    """Under which the rounding of what a layer gives is changed."""
    kind, module, number = layer.key
    return (f"rounding after {kind}", module, number)


def _with_roundings(layers: Sequence[SeenLayer], sites: Sites) -> list[SeenLayer]:
    """The layers, marked where what they give is rounded to float32 on its way to the next one (row I1)."""
    found = list(layers)
    for at, (before, after) in enumerate(pairwise(layers)):
        if before.output_shape == after.input_shape and _is_rounded(before, after):
            found[at] = replace(before, rounded=True)
            sites.bridge(after.key, Bridge(rounding_key(before), before.key, {}))
    return found


def _is_rounded(before: SeenLayer, after: SeenLayer) -> bool:
    if not before.gave or before.gave == after.given or len(before.gave) != len(after.given):
        return False
    gave, given = _between(before, after)
    return gave.dtype == np.float64 and np.array_equal(gave.astype(np.float32), given)


def _between(before: SeenLayer, after: SeenLayer) -> tuple[Array, Array]:
    """What the first layer gave and what the second was given, in order of size."""
    bytes_ = len(before.gave) // max(1, int(np.prod(before.output_shape)))
    kind = f"f{bytes_}" if bytes_ in _ROUNDING else "u1"
    return np.frombuffer(before.gave, kind), np.frombuffer(after.given, kind)


def _may_hide_one(before: SeenLayer, after: SeenLayer, between: Sequence[SeenLayer]) -> bool:
    """Whether values go from one layer to the next one by one, and not as a layer of a known name gives them."""
    if (
        before.rounded
        or len(before.gave) != len(after.given)
        or before.gave == after.given
        or before.output_shape != after.input_shape
    ):
        return False
    if len(between) == 1 and between[0].given == before.gave and between[0].gave == after.given:
        return False
    return all(layer.entry is not None and layer.entry.activation for layer in between)


def _recognised(before: SeenLayer, after: SeenLayer, sites: Sites) -> tuple[LayerKind, Settings] | None:
    """The one function with a name that makes the second layer's input of the first one's output."""
    x, y = _between(before, after)
    weight = getattr(after.thing, after.spelling.weights[0].attribute, None)
    if weight is None or x.dtype.kind != "f" or not x.size:
        return None
    near = _ROUNDING[x.dtype.itemsize] * max(1.0, float(np.abs(y).max()))
    given = sites.ops.constant(x, sites.ops.value(weight))
    matching = [
        (kind, settings)
        for kind, settings in _candidates()
        if (made := _values(kind, settings, sites.ops, given)) is not None
        and made.shape == y.shape
        and np.abs(np.sort(made) - y).max() <= near
    ]
    return matching[0] if len(matching) == 1 else None


def _candidates() -> Iterator[tuple[LayerKind, Settings]]:
    """Functions of single values with a name: as they are by default, and with what people write in their place."""
    for kind in known_kinds().values():
        if not kind.activation or kind.compute is None or any(item.name == "axis" for item in kind.settings):
            continue
        plain = {item.name: item.default for item in kind.settings}
        yield kind, plain
        for item in kind.settings:
            yield from ((kind, {**plain, item.name: value}) for value in item.others)


def _values(kind: LayerKind, settings: Settings, ops: Any, given: Any) -> Array | None:
    compute: Callable[..., Any] | None = kind.compute
    assert compute is not None
    try:
        with np.errstate(all="ignore"):
            made = ops.numbers(compute(ops, (given,), SimpleNamespace(**settings), None))
    except (TypeError, ValueError, AttributeError, IndexError):  # a function of more than single values
        return None
    return None if made is None else np.nan_to_num(np.asarray(made, np.float64), nan=np.inf)


def _layer(kind: LayerKind, settings: Settings, before: SeenLayer, after: SeenLayer) -> SeenLayer:
    places = Places()
    places.of(before)
    call = FunctionCall(kind, Spelling(), Function(()), kind.name)
    one = SeenLayer(
        f"{kind.name} of {after.name}",
        kind.name,
        call,
        call.spelling,
        before.output_shape,
        after.input_shape,
        entry=kind,
        key=(_HAND, after.key[1], after.key[2]),
        line=after.called,
        settings=settings,
        given=before.gave,
        gave=after.given,
    )
    return replace(one, place=places.of(one))
