"""Options are checked when they are made, and name the run's folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paragone.errors import InputError
from paragone.options import CompareOptions


@pytest.mark.parametrize(
    ("wrong", "option"),
    [
        ({"sides": ()}, "SIDE"),
        ({"seed": -1}, "--seed"),
        ({"seed": 2**32}, "--seed"),
        ({"budget_s": 0.0}, "--budget"),
        ({"budget_s": float("nan")}, "--budget"),
        ({"budget_s": float("inf")}, "--budget"),
        ({"matters": 0.0}, "--matters"),
        ({"matters": 101.0}, "--matters"),
        ({"matters": float("nan")}, "--matters"),
        ({"batch_size": 0}, "--batch-size"),
        ({"steps": 0}, "--steps"),
        ({"threads": -1}, "--threads"),
        ({"tracks": ()}, "--track"),
        ({"tracks": ("tuned", "tuned")}, "--track"),
        ({"tracks": ("fastest",)}, "--track"),
        ({"scheduler_step": "week"}, "--scheduler-step"),
        ({"rungs": (" ",)}, "--rungs"),
        ({"precision": "float16"}, "--precision"),
        ({"precision": "tf32"}, "--precision"),
        ({"precision": "bfloat16", "share": True}, "--share"),
    ],
)
def test_options_out_of_range_are_named(wrong: dict[str, Any], option: str) -> None:
    with pytest.raises(InputError) as caught:
        CompareOptions(**({"sides": ("a.py",)} | wrong))
    assert caught.value.where == option


@pytest.mark.parametrize(
    ("sides", "name"),
    [
        (("keras_side.py", "examples/torch_side.py"), "keras_side-torch_side"),
        (("lesson.py",), "lesson"),
        (("lesson.py:a", "lesson.py:b"), "lesson"),
        (("../my file.py",), "my_file"),
        ((".py",), "run"),
    ],
)
def test_a_run_is_named_after_its_files(sides: tuple[str, ...], name: str) -> None:
    options = CompareOptions(sides=sides)
    assert (options.name, options.folder) == (name, Path("runs") / name)


def test_a_run_is_named_after_the_folder_it_was_sent_to(tmp_path: Path) -> None:
    options = CompareOptions(sides=("a.py",), out=tmp_path / "mine")
    assert (options.name, options.folder) == ("mine", tmp_path / "mine")


@given(st.lists(st.text(min_size=1), min_size=1, max_size=5))
def test_the_folder_is_always_one_below_runs(sides: list[str]) -> None:
    folder = CompareOptions(sides=tuple(sides)).folder
    assert folder.parent == Path("runs")
    assert folder.name not in ("", ".", "..")
    assert len(folder.name) <= 80
