"""What there is to learn: the counts are those of hand-counted files, the edits run, mistakes are told as they are."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest
from benchmarks.learning.__main__ import BASE, FRAMEWORKS, answered, edited, pair, planted_job, written
from benchmarks.learning.change import Planned, Swap, planned
from benchmarks.learning.changed import changed_lines, code_lines, code_tokens, n_changed
from benchmarks.learning.concepts import CONSTRUCTS, concepts
from benchmarks.learning.course import COURSE

from paragone.choose.criteria.conciseness import tokens
from paragone.choose.learning import learning
from paragone.records.learning import Learning, Told
from paragone.task.read import ready_tasks

SIDE = '''"""A side."""
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


def loss(model, x: torch.Tensor) -> torch.Tensor:
    return torch.func.vmap(model)(x).sum()


class Net(nn.Module):
    def __init__(self):
        super().__init__()  # first
        self.a = nn.Linear(2, 3)

    def forward(self, x):
        return F.relu(self.a(x))


model = Net()
torch.compile(loss)
for epoch in range(2):
    for start in range(0, 8, 4):
        np.zeros(3)
'''


@pytest.fixture(scope="module")
def shipped() -> Learning:
    found = learning()
    assert found is not None
    return found


def test_the_concepts_of_a_file_are_those_that_were_counted_by_hand() -> None:
    names = {f"torch.{name}" for name in ("nn.Module", "nn.Linear", "nn.functional.relu", "func.vmap", "compile")}
    assert concepts(SIDE, "torch") == names | set(CONSTRUCTS)
    assert concepts(SIDE, "jax") == {"a training loop", "batches cut by hand"}


def test_a_keras_layer_that_is_named_by_a_text_is_counted_as_what_it_is() -> None:
    text = "from keras import layers\nlayers.Dense(2, activation='relu')\n"
    assert concepts(text, "tensorflow") == {"keras.layers.Dense", "keras.activations.relu"}


def test_comments_docstrings_and_layout_are_no_edits_and_everything_else_is() -> None:
    other = SIDE.replace('"""A side."""', '"""Another."""').replace("  # first", "").replace("model = ", "model  =  ")
    assert code_tokens(other) == code_tokens(SIDE)
    assert len(code_tokens(SIDE)) == tokens(SIDE)
    assert n_changed(code_lines(SIDE), code_lines(other)) == 0
    more = SIDE.replace("nn.Linear(2, 3)", "nn.Linear(2, 3, bias=False)")
    assert n_changed(code_tokens(SIDE), code_tokens(more)) == 4
    assert n_changed(code_lines(SIDE), code_lines(more)) == 2
    assert changed_lines(SIDE, more) == {15}
    assert changed_lines(SIDE, SIDE.replace("        super().__init__()  # first\n", "")) == {14}


def test_an_edit_of_a_side_that_is_written_otherwise_is_refused() -> None:
    with pytest.raises(ValueError, match="stands 0 times"):
        edited(SIDE, [Swap(old="nn.GRU", new="")], "here")


def test_every_edit_and_every_mistake_fits_the_side_that_is_written_and_changes_it() -> None:
    sides = {framework: written(framework, {}) for framework in FRAMEWORKS}
    for change in (one for one in (*planned("edits"), *planned("mistakes")) if not one.after):
        for framework, before in sides.items():
            if change.of(framework).why_not:
                continue
            after = edited(before, change.of(framework).swaps, change.name)
            assert after != before
            compile(after, change.name, "exec")


def test_what_ships_is_of_the_sides_edits_and_mistakes_that_there_are(shipped: Learning) -> None:
    assert tuple(one.task for one in shipped.tasks) == COURSE
    assert set(COURSE) == set(ready_tasks())
    assert [one.name for one in shipped.edits] == [one.name for one in planned("edits")]
    assert [one.name for one in shipped.mistakes] == [one.name for one in planned("mistakes")]
    of_base = next(one for one in shipped.tasks if one.task == BASE)
    for side in of_base.sides:
        code = written(side.framework, {})
        assert side.sha256 == sha256(code.encode()).hexdigest(), "run: make learning"
        assert concepts(code, side.framework) <= set(side.concepts)
    for edit, change in zip(shipped.edits, planned("edits"), strict=True):
        if not change.after:
            for side in edit.sides:
                before, after = pair(change, side.framework)
                assert side.n_tokens == n_changed(code_tokens(before), code_tokens(after)), "run: make learning"
                assert side.source == change.of(side.framework).source != "", "run: make learning"
                assert change.of(side.framework).version


def test_new_and_met_concepts_add_up(shipped: Learning) -> None:
    for at in range(len(FRAMEWORKS)):
        met: set[str] = set()
        for task in shipped.tasks:
            side = task.sides[at]
            assert (side.n_concepts, side.n_new) == (len(side.concepts), len(set(side.concepts) - met))
            met |= set(side.concepts)
            assert side.n_so_far == len(met)


QUICK = {
    "tensorflow": ("option_name", "forgotten_update"),
    "torch": ("layer_size", "option_name", "label_out_of_range", "channels_first"),
    "jax": ("option_name",),
}
"""Mistakes that are planted again here: those that need no long compilation."""


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_edits_run_and_mistakes_and_concepts_are_as_in_the_record(
    framework: str, tmp_path: Path, shipped: Learning
) -> None:
    jobs = []
    edits = [one for one in planned("edits") if framework == "torch" or not one.after]
    for change in edits:
        file = tmp_path / f"{change.name}.py"
        file.write_text(pair(change, framework)[1], encoding="utf-8")
        jobs.append({"file": str(file), "labels": change.labels, "watch": change.name == "freeze_a_layer"})
    plants = [one for one in planned("mistakes") if one.name in QUICK[framework]]
    planted = [planted_job(one, framework, tmp_path) for one in plants]
    told = answered({framework: [*jobs, *planted]})[framework]
    assert [one["outcome"] for one in told[: len(jobs)]] == ["nothing"] * len(jobs), json.dumps(told, indent=1)
    task = next(one for one in shipped.tasks if one.task == BASE)
    (kept,) = (side for side in task.sides if side.framework == framework)
    seen = next(set(one["seen"]) for one in told if "seen" in one)
    frozen = {"tensorflow": {"keras: .get_layer"}, "torch": {"torch: .requires_grad_"}, "jax": set()}[framework]
    assert seen - frozen == {one for one in kept.concepts if ": ." in one}
    for plant, again in zip(plants, told[len(jobs) :], strict=True):
        mistake = next(one for one in shipped.mistakes if one.name == plant.name)
        assert Told(framework=framework, **again) in mistake.sides


def test_a_mistake_that_cannot_be_made_says_why() -> None:
    plants: list[Planned] = planned("mistakes")
    assert all(bool(one.of(name).swaps) != bool(one.of(name).why_not) for one in plants for name in FRAMEWORKS)
