"""The work of a side's model, counted from the calls of its layers; and the best matrix product of this process."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from paragone.calls.site import FunctionCall, Sighting
from paragone.layers import kind_of, known_kinds
from paragone.layers.base import Sizes, Spelling
from paragone.work import Call, Work, work_of
from paragone.workers.channel import Message

SMALLEST, LARGEST = 256, 8192
"""Rows of the square matrices; they grow by a factor of two until one product is long."""
LONG_S = 0.03
TRIED_S = 0.08
_ALONE = ("multi_head_attention",)
"""Kinds whose further inputs are not seen."""


def work_of_side(adapter: Any) -> Work:
    """Of a side that was built while it was observed."""
    if adapter.found.step is not None:
        return Work(None, "the side's own train_step")
    with adapter.sites.observed() as seen:
        adapter.run_once(adapter.head(adapter.view))
    return work_of([call for one in seen if (call := _call(adapter, one, _given(seen))) is not None])


def _given(seen: list[Sighting]) -> set[bytes]:
    """The weights that functions were given, which their module does not multiply by itself."""
    return {_values(one.weight) for one in seen if one.weight is not None}


def _values(array: Any) -> bytes:
    """What tells one weight from another: functions are seen with a copy of theirs."""
    found = np.ascontiguousarray(array)
    return str(found.shape).encode() + found.tobytes()


def _call(adapter: Any, one: Sighting, given: set[bytes]) -> Call | None:
    """A call as it is counted; None for a module that only calls others."""
    thing = one.thing
    if isinstance(thing, FunctionCall):
        return Call(_named(one, thing.spelled), thing.kind, (one.input_shape,), one.output_shape, _of_function(one))
    known = kind_of(thing, adapter.framework)
    name = _named(one, type(thing).__name__)
    if known is None:
        own = (getattr(thing, attribute) for attribute in adapter.own_parameters(thing))
        alone = any(_axes(tensor) > 1 and _values(adapter.read(tensor)) not in given for tensor in own)
        return Call(name, None, (), (), {}) if alone else None
    kind, spelling = known_kinds()[known[0]], known[1]
    if kind.name in _ALONE or not _batch_first(spelling, thing):
        return Call(name, None, (), (), {})
    return Call(name, kind, (one.input_shape,), one.output_shape, dict(_of_object(adapter, thing, spelling)))


def _named(one: Sighting, spelled: str) -> str:
    line = one.line or one.called
    return f"{spelled}, line {line}" if line else spelled


def _batch_first(spelling: Spelling, thing: Any) -> bool:
    return all(one.read(thing) for one in spelling.attributes if one.trait == "batch_first")


def _of_function(one: Sighting) -> Mapping[str, Sizes]:
    """The first weight of a function."""
    if one.weight is None:
        return {}
    weight = one.thing.function.weights[0]
    return {weight.role: _canonical(weight, one.weight)}


def _of_object(adapter: Any, thing: Any, spelling: Spelling) -> Iterator[tuple[str, Sizes]]:
    """The weights of an object by role; of one that keeps several inside, all that have more than one axis."""
    if spelling.whole:
        yield from ((f"kernel {number}", shape) for number, shape in enumerate(adapter.kept.shapes_within(thing)))
    for weight in spelling.weights:
        native = getattr(thing, weight.attribute, None)
        if native is not None:
            yield weight.role, _canonical(weight, native)


def _canonical(weight: Any, native: Any) -> Sizes:
    """The shape in canonical layout, by an array of that shape that takes no memory."""
    shape = tuple(map(int, native.shape))
    return tuple(map(int, weight.to_canonical(np.broadcast_to(np.float32(0), shape)).shape))


def _axes(tensor: Any) -> int:
    return sum(int(size) > 1 for size in getattr(tensor, "shape", ()))


# ---------------------------------------------------------------------- the best matrix product


def best_products(adapter: Any) -> list[Message]:
    """The shortest time of a product of two square matrices, by the framework and by NumPy, at each size."""
    found = []
    for by, product in ((adapter.framework, adapter.loops().product), ("numpy", _numpy_product)):
        for size in _sizes():
            best_s = _shortest_s(product(size))
            found.append({"by": by, "size": size, "best_s": best_s})
            if best_s > LONG_S:
                break
    return found


def _sizes() -> list[int]:
    return [2**power for power in range(int(math.log2(SMALLEST)), int(math.log2(LARGEST)) + 1)]


def _numpy_product(size: int) -> Callable[[], None]:
    a, b = (np.random.default_rng(seed).random((size, size), dtype=np.float32) for seed in (0, 1))
    c = np.empty_like(a)

    def multiply() -> None:
        np.matmul(a, b, out=c)

    return multiply


def _shortest_s(multiply: Callable[[], None]) -> float:
    """A neighbour only ever adds time."""
    multiply()
    spent_s, best_s = 0.0, math.inf
    while spent_s < TRIED_S:
        began = time.perf_counter()
        multiply()
        taken_s = time.perf_counter() - began
        spent_s, best_s = spent_s + taken_s, min(best_s, taken_s)
    return best_s
