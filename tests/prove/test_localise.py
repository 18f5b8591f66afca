"""From two tapes to a place: on small graphs that are computed here, so that the right answer is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from paragone.prove.localise import Difference, differences
from paragone.prove.tapes import Tape
from paragone.prove.twins import judge
from paragone.workers.tape import ROOT, Recorder

Array = np.ndarray[Any, Any]
TOLERANCE = 1e-10
X = np.random.default_rng(0).normal(size=(3, 4))
W = [np.random.default_rng(n).normal(size=(4, 4)) for n in (1, 2, 3)]


@dataclass
class Playing:
    """Computes with NumPy, and records as a framework does."""

    recorder: Recorder = field(default_factory=Recorder)
    values: list[Array] = field(default_factory=list)

    def leaf(self, value: Array) -> int:
        self.values.append(value)
        return self.recorder.leaf("input", "x0", value)

    def op(self, name: str, function: Callable[..., Array], *parents: int, call: int = ROOT, line: int = 0) -> int:
        value = function(*(self.values[parent] for parent in parents))
        self.values.append(value)
        return self.recorder.value(name, parents, value, call, line)

    def dense(self, number: int, given: int, *, scale: float = 1.0, relu: bool = False) -> int:
        call = self.recorder.enter(f"dense{number}", "Dense", f"dense_{number}", 0, ROOT)
        self.recorder.calls[call].inputs = [given]
        gave = self.op("matmul", lambda x: scale * (x @ W[number - 1]), given, call=call, line=10 + number)
        if relu:
            gave = self.op("relu", lambda x: np.maximum(x, 0), gave, call=call, line=10 + number)
        self.recorder.leave(call, [gave])
        return gave

    def tape(self, output: int) -> Tape:
        self.recorder.outputs = [output]
        return Tape.of(self.recorder.message(), self.recorder.arrays())


def relu(playing: Playing, given: int, line: int) -> int:
    return playing.op("relu", lambda x: np.maximum(x, 0), given, line=line)


def chain(*, scale: float = 1.0, without_relu: bool = False, fused: bool = False, slope: float = 0.0) -> Tape:
    """dense_1, ReLU, dense_2, ReLU, dense_3; with faults, or cut in another way."""
    playing = Playing()
    x = playing.dense(1, playing.leaf(X), relu=fused)
    x = x if fused else relu(playing, x, 21)
    x = playing.dense(2, x, scale=scale)
    if not without_relu:
        x = playing.op("relu", lambda x: np.where(x > 0, x, slope * x), x, line=22)
    return playing.tape(playing.dense(3, x))


def found(a: Tape, b: Tape) -> list[Difference]:
    return differences(a, b, {"dense_1", "dense_2", "dense_3"}, TOLERANCE)


@pytest.mark.parametrize("fused", [False, True])
def test_equal_sides_have_no_place_however_they_are_cut(fused: bool) -> None:
    assert found(chain(), chain(fused=fused)) == []
    assert found(chain(fused=fused), chain()) == []


def test_a_wrong_layer_is_found_inside_of_it() -> None:
    a, b = chain(), chain(scale=1.0001)
    (place,) = found(a, b)
    assert (place.relation, place.layer) == ("inside", "dense_2")
    assert place.a is not None
    assert place.b is not None
    assert (a.line(place.a), b.line(place.b)) == (12, 12)
    assert place.compared == (a.by_key["dense_2", 0].outputs[0], b.by_key["dense_2", 0].outputs[0])


def test_another_function_between_layers_is_found_before_the_next() -> None:
    a, b = chain(), chain(slope=0.1)
    (place,) = found(a, b)
    assert (place.relation, place.layer) == ("before", "dense_3")
    assert place.a is not None
    assert place.b is not None
    assert (a.line(place.a), b.line(place.b)) == (22, 22)


@pytest.mark.parametrize("turned", [False, True])
def test_a_forgotten_function_is_told_of_the_side_that_has_it(turned: bool) -> None:
    a, b = (chain(without_relu=True), chain()) if turned else (chain(), chain(without_relu=True))
    (place,) = found(a, b)
    assert (place.relation, place.layer) == ("before", "dense_3")
    has, lacks = (place.b, place.a) if turned else (place.a, place.b)
    assert has is not None
    assert (b if turned else a).line(has) == 22
    assert lacks is None


def test_what_follows_from_a_fault_is_no_place_of_its_own() -> None:
    judged = judge(chain(), chain(scale=2.0), TOLERANCE)
    assert len(judged.fronts) == 1
    assert judged.faulty.sum() > 1


def test_a_shift_that_a_later_operation_removes_is_no_fault() -> None:
    def shifted(by: float) -> Tape:
        playing = Playing()
        x = playing.op("shift", lambda x: x + by, playing.dense(1, playing.leaf(X)))
        return playing.tape(playing.op("centre", lambda x: x - x.mean(1, keepdims=True), x))

    assert found(shifted(0.0), shifted(3.0)) == []


def test_another_order_of_elements_is_told_as_such() -> None:
    def flattened(*, turned: bool) -> Tape:
        playing = Playing()
        x = playing.leaf(X)
        x = playing.op("flip", lambda x: x[:, ::-1] if turned else x, x, line=5)
        return playing.tape(playing.dense(1, x))

    (place,) = found(flattened(turned=False), flattened(turned=True))
    assert place.reordered
    assert place.b is not None
    assert flattened(turned=True).line(place.b) == 5
