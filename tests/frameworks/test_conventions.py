"""Conventions of classes derived from those of the frameworks: found by experiment, in each framework."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paragone.frameworks.running_variance import BIASED, BY_LESS, BY_N, SAMPLES, UNBIASED, kept_variance
from paragone.layers.embedding import ALONE, SUMMED

CHILD = """
import json, sys
from importlib import import_module
from types import SimpleNamespace
sys.path.insert(0, "tests/frameworks/derived")
framework = sys.argv[1]
classes = import_module(f"norms_{framework}")
measured = import_module(f"paragone.frameworks.{framework}.conventions").measured
found = {}
flat, images = (6,), (4, 4, 6)
kinds = {"Biased": [flat], "Unbiased": [flat, images], "Own": [images], "Odd": [flat], "ByLess": [flat]}
traits = ("running_variance", "variance_divisor", "momentum")
for name, shape in ((name, shape) for name, shapes in kinds.items() for shape in shapes):
    layer = classes.made(name, shape)
    before = classes.state(layer)
    seen = SimpleNamespace(thing=layer, input_shape=shape)
    found[f"{name} {len(shape)}"] = [measured(seen, trait) for trait in traits]
    assert classes.state(layer) == before, "the layer is as it was"
print(json.dumps(found))
"""
OWN = {"torch": UNBIASED, "tensorflow": BIASED, "jax": BIASED}
"""What each framework's own class keeps, according to its documentation (row B3)."""


@pytest.mark.parametrize("framework", OWN)
def test_a_derived_class_is_tried(framework: str) -> None:
    done = subprocess.run([sys.executable, "-c", CHILD, framework], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "Biased 1": [BIASED, BY_N, None],
        "Unbiased 1": [UNBIASED, BY_N, None],
        "Unbiased 3": [UNBIASED, BY_N, None],
        "Own 3": [OWN[framework], BY_N, None],
        "Odd 1": [None, BY_N, None],
        "ByLess 1": [OWN[framework], BY_LESS, None],
    }


@given(
    name=st.sampled_from([BIASED, UNBIASED]),
    weight=st.floats(0.01, 1.0),
    spatial=st.lists(st.integers(1, 3), max_size=2),
    channels=st.integers(1, 5),
)
def test_the_weight_of_the_new_value_does_not_matter(
    name: str, weight: float, spatial: list[int], channels: int
) -> None:
    def after(batch: np.ndarray) -> np.ndarray:
        return weight * batch.var(tuple(range(batch.ndim - 1)), ddof=name == UNBIASED)

    assert kept_variance(after, (SAMPLES, *spatial, channels)) == name


def test_what_refuses_or_keeps_nothing_is_not_known() -> None:
    def refuses(batch: np.ndarray) -> np.ndarray:
        raise ValueError(batch.shape)

    assert kept_variance(refuses, (SAMPLES, 3)) is None
    assert kept_variance(lambda batch: np.zeros(batch.shape[-1]), (SAMPLES, 3)) is None


def test_gradients_of_entries_that_repeat_are_tried_and_can_be_summed() -> None:
    command = [sys.executable, "tests/frameworks/derived/embeddings_tensorflow.py"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told, alone, summed = json.loads(done.stdout.splitlines()[-1])
    assert told == {"Dense": SUMMED, "Sparse": ALONE, "Refusing": None}
    assert (alone, summed) == (3.0, 9.0), "1² three times, and 3² once"
