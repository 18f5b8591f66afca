from __future__ import annotations

import dataclasses

import pytest

from paragone.choose.criteria import criteria
from paragone.choose.criteria.conciseness import tokens

from .worlds import Planted, build


def test_each_criterion_reads_what_was_planted() -> None:
    made = build([Planted("a", step_s=2e-3, cold_s=7.0, peak=3e8, accuracy=0.8, tokens=321)])
    found = {name: kind.read(made.evidence, made.sides[0]) for name, kind in criteria().items()}
    values = {name: value for name, value in found.items() if value is not None}
    assert values["step-time"].mid == pytest.approx(2e-3)
    assert values["cold-start"].mid == pytest.approx(7.0)
    assert values["peak-memory"].mid == pytest.approx(3e8, rel=1e-6)
    assert values["accuracy"].mid == pytest.approx(0.8)
    assert values["conciseness"].mid == 321
    assert all(value.low <= value.mid <= value.high for value in values.values())


def test_without_evidence_there_is_no_value() -> None:
    made = build([Planted("a")], timed=False, regression=True)
    absent = {name for name, kind in criteria().items() if kind.read(made.evidence, made.sides[0]) is None}
    assert absent == set(criteria()) - {"conciseness"}


def test_what_was_deployed_is_read_of_the_profiles_targets_alone() -> None:
    arrived = {"litert": "same", "litert_int8": "quantised", "onnxruntime": "different", "coreml": "not run"}
    made = build([Planted("a", latency_s=2e-3, size=5000, cold_s=8.0, peak=4e8, arrived=arrived)])

    def of(*targets: str) -> dict[str, float]:
        evidence = dataclasses.replace(made.evidence, targets=targets)
        read = {name: kind.value(evidence, made.sides[0]) for name, kind in criteria().items()}
        return {name: value.mid for name, value in read.items() if value is not None}

    every = of()
    assert every["latency"] == pytest.approx(2e-3)
    assert every["tail-latency"] == pytest.approx(6e-3)
    assert every["artifact-size"] == 5000
    assert every["artifact-start"] == pytest.approx(2.0)
    assert every["artifact-memory"] == 1e8
    assert every["targets-reached"] == pytest.approx(2 / 3)
    assert every["int8-accuracy-lost"] == 0.01
    assert of("onnxruntime")["targets-reached"] == 0.0
    assert not {"latency", "artifact-size", "int8-accuracy-lost"} & set(of("onnxruntime"))
    assert "targets-reached" not in of("coreml")


def test_the_arena_stands_for_the_memory_of_a_microcontroller() -> None:
    made = build([Planted("a", arrived={"tflite_micro": "same"})])
    artifact = made.evidence.artifacts[0].model_copy(update={"facts": {"arena_bytes": 4096.0}})
    evidence = dataclasses.replace(made.evidence, artifacts=(artifact,))
    assert criteria()["artifact-memory"].value(evidence, made.sides[0]).mid == 4096


def test_one_set_gives_no_interval_and_so_no_value() -> None:
    made = build([Planted("a")], sets=1)
    assert criteria()["cold-start"].read(made.evidence, made.sides[0]) is None


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("", 0),
        ("# only a comment\n\n", 0),
        ('"""A docstring."""\n', 0),
        ("x = 1  # why\n", 3),
        ('def f(a):\n    """Says."""\n    return a\n', 8),
        ('x = """not a docstring"""\n', 3),
        ('print("hello")', 4),
        ("print(f'{a} and {b:.3f}')", 4),
        ("f(\n    1,\n    2,\n)\n", 7),
    ],
)
def test_tokens_leave_out_comments_docstrings_and_layout(code: str, count: int) -> None:
    assert tokens(code) == count


def test_a_file_that_is_not_python_has_no_length() -> None:
    made = build([Planted("a", code="def f(:\n  '''\n")])
    assert criteria()["conciseness"].read(made.evidence, made.sides[0]) is None
