"""Every ready task, `matched`, is the same in the three frameworks, on its own data: forward, gradients, some steps.

So are tasks unlike them: deep, wide, of odd sizes, with shared layers, with several inputs, outputs and losses.

The long suite (`python -m tests.vocabulary.zoo`) takes 100 steps; its results are in docs/results/tasks.md.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.task.unusual_tasks import TASKS as UNUSUAL
from tests.task.unusual_tasks import laid_out

from paragone.task.read import ready_tasks

from .lab import Ran
from .zoo import compared, faults

TASKS = tuple(ready_tasks())
STEPS = 3


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Ran]]:
    files = [str(path) for path in laid_out(tmp_path_factory.mktemp("unusual"))]
    ran = compared([*TASKS, *files], STEPS, tmp_path_factory.mktemp("zoo"))
    return {Path(name).stem: one for name, one in ran.items()}


@pytest.mark.timeout(1500)
@pytest.mark.parametrize("name", [*TASKS, *(path.stem for path in UNUSUAL)])
def test_matched_sides_of_a_task_are_the_same(name: str, found: dict[str, dict[str, Ran]]) -> None:
    assert not faults(found[name])


@pytest.mark.timeout(1500)
def test_a_task_that_is_not_the_same_is_noticed(found: dict[str, dict[str, Ran]]) -> None:
    one = dict(found["digits-mlp"])
    arrays = {
        key: array * (1 + 1e-8) if key.startswith("weights") else array for key, array in one["jax"].arrays.items()
    }
    assert any("weights" in fault for fault in faults({**one, "jax": Ran(arrays)}))
