from __future__ import annotations

import pytest

from paragone.choose.criteria import criteria
from paragone.choose.criteria.conciseness import tokens

from .worlds import Planted, build


def test_each_criterion_reads_what_was_planted() -> None:
    made = build([Planted("a", step_s=2e-3, cold_s=7.0, peak=3e8, accuracy=0.8, tokens=321)])
    values = {name: kind.read(made.evidence, made.sides[0]) for name, kind in criteria().items()}
    assert values["step-time"].mid == pytest.approx(2e-3)
    assert values["cold-start"].mid == pytest.approx(7.0)
    assert values["peak-memory"].mid == pytest.approx(3e8, rel=1e-6)
    assert values["accuracy"].mid == pytest.approx(0.8)
    assert values["conciseness"].mid == 321
    assert all(value.low <= value.mid <= value.high for value in values.values())


def test_without_evidence_there_is_no_value() -> None:
    made = build([Planted("a")], timed=False, regression=True)
    absent = {name for name, kind in criteria().items() if kind.read(made.evidence, made.sides[0]) is None}
    assert absent == {"step-time", "cold-start", "peak-memory", "accuracy"}


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
