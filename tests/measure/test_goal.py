from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paragone.errors import InputError
from paragone.measure.goal import EPOCHS, METRICS, Goal, check_goal, goal
from paragone.options import CompareOptions


def test_a_goal_is_a_metric_and_a_level() -> None:
    assert goal(" accuracy = 0.9 ") == Goal("accuracy", 0.9, EPOCHS)
    assert goal("loss=2e-1", 7) == Goal("loss", 0.2, 7)
    assert goal("accuracy=1").level == 1.0
    assert goal("accuracy=0.90").text == "accuracy 0.9"


@pytest.mark.parametrize("text", ["", "accuracy", "0.9", "f1=0.9", "=0.9", "Accuracy=0.9"])
def test_an_unknown_metric_is_refused_with_those_that_there_are(text: str) -> None:
    with pytest.raises(InputError, match="METRIC=LEVEL, where METRIC is accuracy or loss") as refused:
        goal(text)
    assert refused.value.where == "--until" and "--until accuracy=0.9" in refused.value.next_step


@pytest.mark.parametrize("text", ["accuracy=0", "accuracy=1.01", "accuracy=90", "accuracy=nan", "accuracy=", "loss=-1"])
def test_a_level_out_of_range_is_refused(text: str) -> None:
    with pytest.raises(InputError) as refused:
        goal(text)
    assert refused.value.expected in ("a share above 0, 1 at most", "a number above 0")


@given(st.sampled_from(sorted(METRICS)), st.floats(0.01, 1.0), st.lists(st.floats(0.0, 2.0), min_size=1))
def test_the_best_of_some_values_is_good_enough_where_one_of_them_is(
    metric: str, level: float, values: list[float]
) -> None:
    asked = Goal(metric, level)
    assert asked.reached(asked.best(values)) == any(map(asked.reached, values))


@given(st.sampled_from(sorted(METRICS)), st.floats(0.01, 1.0))
def test_a_goal_reads_back_what_it_says(metric: str, level: float) -> None:
    assert goal(f"{metric}={level!r}") == Goal(metric, level)
    assert Goal(metric, level).reached(level)


def test_data_without_classes_have_no_accuracy() -> None:
    values, classes = np.zeros(3, np.float32), np.zeros(3, np.int64)
    with pytest.raises(InputError, match="no classes") as refused:
        check_goal(goal("accuracy=0.9"), None, {"x": values, "y": values})
    assert refused.value.received == "accuracy=0.9"
    check_goal(goal("loss=0.1"), None, {"x": values, "y": values})
    check_goal(goal("accuracy=0.9"), 10, {"x": values, "y": classes})
    check_goal(goal("accuracy=0.9"), None, {"x": values, "y0": values, "y1": classes})


def test_options_are_checked_before_anything_is_read() -> None:
    with pytest.raises(InputError, match="--until accuracy cannot be 2"):
        CompareOptions(sides=("a.py",), until="accuracy=2")
    with pytest.raises(InputError, match="--max-epochs cannot be 0"):
        CompareOptions(sides=("a.py",), until="accuracy=0.9", max_epochs=0)
    with pytest.raises(InputError, match="a sweep is of training steps"):
        CompareOptions(sides=("a.py",), until="accuracy=0.9", sweep="batch=1,2")
