"""Which output of a recurrent layer a model goes on with: found by the values that later calls are given."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from paragone.calls.ends import AFTER_ALL, AFTER_ONE, seen_ends, steps_of
from paragone.calls.site import Sighting
from paragone.layers.running import Laid, lay_flax, lay_keras, lay_torch

STEPS, UNITS = 4, 3
AHEAD, BACK = np.random.default_rng(0).normal(size=(2, STEPS, UNITS))
"""The outputs of two directions, each in the order of computing."""
SEQUENCE = np.concatenate([AHEAD, BACK[::-1]], axis=-1)


def recurrent(*steps: Any, at: int = 0) -> Sighting:
    return Sighting(None, ("", at, 0), steps=steps)


def given(*values: Any) -> Sighting:
    return Sighting(None, ("", "next", 0), given=np.sort(np.concatenate([np.ravel(v) for v in values])).tobytes())


def told(*seen: Sighting) -> list[tuple[str, str]]:
    return [(end.name, end.value) for ends in seen_ends(seen).values() for end in ends]


def test_the_last_step_of_a_sequence_is_the_first_of_the_direction_that_goes_backwards() -> None:
    both = recurrent(AHEAD, BACK)
    assert told(both, given(SEQUENCE[-1])) == [("last_output_1", AFTER_ALL), ("last_output_2", AFTER_ONE)]
    assert told(both, given(AHEAD[-1], BACK[-1])) == [("last_output_1", AFTER_ALL), ("last_output_2", AFTER_ALL)]


def test_other_values_beside_it_and_calls_that_take_the_whole_sequence_change_nothing() -> None:
    more = np.arange(5.0)
    seen = (recurrent(AHEAD, BACK), given(SEQUENCE), given(SEQUENCE[-1], more))
    assert [value for _, value in told(*seen)] == [AFTER_ALL, AFTER_ONE]


def test_nothing_is_told_of_a_sequence_of_which_no_step_is_taken() -> None:
    assert told(recurrent(AHEAD), given(AHEAD)) == []
    assert told(recurrent(AHEAD), given(AHEAD.mean(axis=0))) == []
    assert told(recurrent(AHEAD), given(AHEAD[1])) == []


def test_the_cell_of_a_later_layer_takes_step_after_step_and_tells_nothing() -> None:
    cell = Sighting(None, ("", "cell", 0), given=given(SEQUENCE[0]).given, inside=True)
    assert told(recurrent(AHEAD, BACK), cell, given(SEQUENCE)) == []


def test_a_layer_that_is_called_twice_is_left_alone() -> None:
    assert told(recurrent(AHEAD), recurrent(BACK), given(BACK[-1])) == []


def test_two_layers_of_one_direction_count_as_one_of_two() -> None:
    apart = told(recurrent(AHEAD), recurrent(BACK, at=1), given(AHEAD[-1], BACK[0]))
    assert apart == [("last_output_1", AFTER_ALL), ("last_output_2", AFTER_ONE)]
    assert told(recurrent(AHEAD[-1:]), given(AHEAD[-1])) == [("last_output_1", AFTER_ALL)]


def torch_layer(**more: Any) -> Any:
    return SimpleNamespace(**{"batch_first": True, "bidirectional": True, **more})


@pytest.mark.parametrize("batch_first", [True, False])
def test_pytorch_has_both_directions_side_by_side(batch_first: bool) -> None:
    outputs = np.stack([SEQUENCE, SEQUENCE + 1], axis=0 if batch_first else 1)
    gave = (outputs, "states")
    laid = lay_torch(torch_layer(batch_first=batch_first), {}, gave)
    ahead, back = steps_of(laid, gave, np.asarray)
    assert np.array_equal(ahead, AHEAD)
    assert np.array_equal(back, BACK)
    assert lay_torch(torch_layer(), {}, ("packed", "states")) is None


def test_keras_gives_the_order_of_computing_or_the_last_output() -> None:
    sequence = SimpleNamespace(return_sequences=True)
    last = SimpleNamespace(return_sequences=False)
    assert np.array_equal(steps_of(lay_keras(sequence, {}, BACK[None]), BACK[None], np.asarray)[0], BACK)
    gave = [BACK[None, -1], "state"]
    assert np.array_equal(steps_of(lay_keras(last, {}, gave), gave, np.asarray)[0], BACK[-1:])


def test_flax_turns_the_sequence_around_where_it_is_asked_to() -> None:
    rnn = SimpleNamespace(cell=None, time_major=False, return_carry=False, reverse=False, keep_order=False)
    gave = BACK[::-1][None]
    laid = lay_flax(rnn, {"reverse": True, "keep_order": True}, gave)
    assert np.array_equal(steps_of(laid, gave, np.asarray)[0], BACK)
    assert lay_flax(rnn, {"return_carry": True}, ("carry", gave)) == Laid(1, 1, (False,))
    assert lay_flax(rnn, {"seq_lengths": np.ones(1)}, gave) is None
    assert lay_flax(SimpleNamespace(), {}, gave) is None
