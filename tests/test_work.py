"""The work of a step, against counts by PyTorch and by XLA."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paragone.layers import layer_kinds
from paragone.sides.from_task import task_sides, write_files
from paragone.task.data.load import load_data
from paragone.task.read import ready_tasks
from paragone.work import Call, Work, work_of, work_of_task

EXAMPLES = Path(__file__).parents[1] / "examples" / "first_task"
NO_GRADIENT_OF_INPUT = {"digits-mlp": 2 * 784 * 64, "text-gpt": 0}


def counted(folder: Path, framework: str, file: Path, data: str | None, weight_map: str = "") -> dict[str, Any]:
    arrays = folder / "data.safetensors"
    load_data(data, seed=0).save(arrays)
    command = [sys.executable, "-m", "tests.work_child", framework, str(file), str(arrays), weight_map]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=Path(__file__).parents[1])
    return dict(json.loads(done.stdout.splitlines()[-1]))


def of_task(folder: Path, name: str, framework: str) -> tuple[Work, dict[str, Any]]:
    task = task_sides(name, "matched", folder)
    write_files(task.sides)
    side = next(one for one in task.sides if one.framework == framework)
    return work_of_task(task.task), counted(folder, framework, side.path, task.data, side.weight_map)


@pytest.mark.parametrize(
    "name", ["digits-mlp", "digits-cnn", "digits-mobilenet", "digits-vit", "text-lstm", "text-gpt"]
)
def test_the_forward_pass_is_what_pytorch_counts(tmp_path: Path, name: str) -> None:
    ours, theirs = of_task(tmp_path, name, "torch")
    assert ours.forward_flops == theirs["their_forward"]


@pytest.mark.parametrize("name", sorted(NO_GRADIENT_OF_INPUT))
def test_a_step_is_three_passes_but_for_the_gradient_of_the_input(tmp_path: Path, name: str) -> None:
    ours, theirs = of_task(tmp_path, name, "torch")
    assert ours.step_flops(4) == theirs["their_step"] + 4 * NO_GRADIENT_OF_INPUT[name]


@pytest.mark.parametrize(("name", "apart"), [("digits-mlp", 0.01), ("digits-autoencoder", 0.02), ("waves", 0.05)])
def test_xla_counts_about_as_much(tmp_path: Path, name: str, apart: float) -> None:
    """It counts biases and activations as well, and leaves out what is multiplied by padding."""
    ours, theirs = of_task(tmp_path, name, "jax")
    assert ours.forward_flops == pytest.approx(theirs["their_forward"], rel=apart)


@pytest.mark.parametrize("side", ["torch", "keras", "jax"])
def test_a_file_is_counted_as_its_task_is(tmp_path: Path, side: str) -> None:
    framework = "tensorflow" if side == "keras" else side
    found = counted(tmp_path, framework, EXAMPLES / f"{side}_side.py", "digits")
    assert found["forward"] == 2 * (784 * 64 + 64 * 10)
    assert found["step"] == 3 * 4 * found["forward"]


FILE = """
import torch
from torch import nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(28, 16)
        self.carried = nn.LSTM(16, 8, batch_first=True, bidirectional=True)
        self.own = nn.Parameter(torch.randn(16, 10))
        self.twice = nn.Linear(10, 10)

    def forward(self, x):
        x, _ = self.carried(self.first(x[:, 0]))
        return self.twice(self.twice(PRODUCT))


model = Model()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters())
"""


@pytest.mark.parametrize("product", ["x[:, -1] @ self.own", "torch.einsum('bi,ij->bj', x[:, -1], self.own)"])
def test_layers_that_run_twice_and_products_by_hand_are_counted_or_the_whole_is_not_known(
    tmp_path: Path, product: str
) -> None:
    file = tmp_path / "side.py"
    file.write_text(FILE.replace("PRODUCT", product))
    found = counted(tmp_path, "torch", file, "digits")
    if "@" in product:
        assert found["forward"] == found["their_forward"] == 2 * (28 * 28 * 16 + 28 * 2 * (16 + 8) * 32 + 160 + 200)
    else:
        assert found["forward"] is None and found["step"] is None and found["unknown"].startswith("layer Model")


@given(st.integers(1, 9), st.integers(1, 9), st.integers(1, 9), st.integers(1, 4))
def test_a_dense_layer_is_a_convolution_with_a_window_of_one(places: int, taken: int, given_: int, more: int) -> None:
    dense = Call("a", layer_kinds()["dense"], ((places, taken),), (places, given_), {"kernel_io": (taken, given_)})
    conv = Call(
        "b", layer_kinds()["conv"], ((places, taken),), (places, given_), {"kernel_spatial_io": (1, taken, given_)}
    )
    assert dense.flops() == conv.flops() == 2 * places * taken * given_
    wider = Call("c", dense.kind, (), (places * more, given_), dense.weights)
    assert wider.flops() == more * (dense.flops() or 0)


@pytest.mark.parametrize("name", sorted(ready_tasks()))
def test_every_ready_task_is_counted(tmp_path: Path, name: str) -> None:
    found = work_of_task(task_sides(name, "matched", tmp_path).task)
    assert found.unknown == "" and found.forward_flops and found.forward_flops > 0


def test_one_layer_that_is_not_known_leaves_all_of_it_unknown() -> None:
    dense = Call("a (dense)", layer_kinds()["dense"], ((3,),), (4,), {"kernel_io": (3, 4)})
    assert work_of([dense, dense]) == Work(2 * 2 * 12)
    assert work_of([dense, Call("odd, line 3", None, (), (), {}), dense]) == Work(None, "layer odd, line 3")
    assert work_of([Call("norm", layer_kinds()["batch_norm"], ((3,),), (3,), {"scale": (3,)})]) == Work(0.0)
