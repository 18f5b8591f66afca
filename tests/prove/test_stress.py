"""Traps of which loss curves alone miss four, planted in a small net: each is seen, and at which rung.

All sides are traced in one process, so that PyTorch is imported once.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file

from paragone.prove.ladder import Trace, rungs
from paragone.prove.no_gradient import no_gradient
from paragone.records import Rung
from paragone.task.data.load import load_data
from paragone.workers.spawn import WorkerSpec

SIDE = '''
import torch
from torch import nn
from torch.nn import functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3, stride=2)
        self.bn = nn.BatchNorm2d(4)
        self.act = nn.LeakyReLU(0.01)
        self.pool = nn.MaxPool2d(2)
        self.norm = nn.LayerNorm(196)
        self.gelu = nn.GELU()
        self.head = nn.Linear(196, 10)

    def forward(self, x):
        x = F.pad(x, (0, 1, 0, 1))
        x = self.pool(self.act(self.bn(self.conv(x))))
        return self.head(self.gelu(self.norm(x.flatten(1))))


class BiasedBatchNorm(nn.BatchNorm2d):
    def forward(self, x):
        if self.training:
            var, mean = torch.var_mean(x, (0, 2, 3), correction=0)
            with torch.no_grad():
                self.running_mean.lerp_(mean, self.momentum)
                self.running_var.lerp_(var, self.momentum)
        else:
            mean, var = self.running_mean, self.running_var
        x = (x - mean.view(1, -1, 1, 1)) / torch.sqrt(var + self.eps).view(1, -1, 1, 1)
        return x * self.weight.view(1, -1, 1, 1) + self.bias.view(1, -1, 1, 1)


class InsideSGD(torch.optim.Optimizer):
    """Momentum as Keras keeps it: the rate is inside."""

    def __init__(self, params, lr, momentum):
        super().__init__(params, {"lr": lr, "momentum": momentum})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                state = self.state[p]
                v = state.setdefault("v", torch.zeros_like(p))
                v.mul_(group["momentum"]).sub_(group["lr"] * p.grad)
                p.add_(v)


def clipped(outputs, y):
    return F.nll_loss(torch.log(outputs.softmax(-1).clamp(1e-7, 1 - 1e-7)), y)


model = Net()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, eps=1e-8)
'''
ADAM = "torch.optim.Adam(model.parameters(), lr=1e-3, eps=1e-8)"
MOMENTUM = "torch.optim.SGD(model.parameters(), lr=1e-2, momentum=0.9)"
POOLED = {"x.flatten(1)": "x.mean((2, 3))", "LayerNorm(196)": "LayerNorm(4)", "Linear(196, 10)": "Linear(4, 10)"}


@dataclass(frozen=True)
class Planted:
    """A trap.

    Args:
        changes: texts of the side and what stands in their place.
        rung: the first rung at which it is seen.
        probe: a tensor by which it is seen there.
        against: changes of the side that it is held against.
    """

    changes: dict[str, str]
    rung: str
    probe: str
    against: tuple[tuple[str, str], ...] = ()


TRAPS = {
    "Adam's epsilon": Planted({"eps=1e-8": "eps=1e-7"}, "step", "step/"),
    "batch norm's epsilon": Planted({"BatchNorm2d(4)": "BatchNorm2d(4, eps=6e-4)"}, "forward", "forward/0"),
    "batch norm's momentum": Planted({"BatchNorm2d(4)": "BatchNorm2d(4, momentum=0.01)"}, "step", "evaluated/0"),
    "biased running variance": Planted(
        {"self.bn = nn.BatchNorm2d(4)": "self.bn = BiasedBatchNorm(4)"}, "step", "step/batch_norm_1/variance"
    ),
    "symmetric padding": Planted(
        {"F.pad(x, (0, 1, 0, 1))": "x", "stride=2)": "stride=2, padding=1)"}, "forward", "forward/0"
    ),
    "slope of leaky ReLU": Planted({"LeakyReLU(0.01)": "LeakyReLU(0.3)"}, "forward", "forward/0"),
    "form of GELU": Planted({"nn.GELU()": 'nn.GELU("tanh")'}, "forward", "forward/0"),
    "layer norm's epsilon": Planted({"LayerNorm(196)": "LayerNorm(196, eps=1e-3)"}, "forward", "forward/0"),
    "double softmax": Planted(
        {"criterion = nn.CrossEntropyLoss()": "criterion = lambda o, y: F.cross_entropy(o.softmax(-1), y)"},
        "loss",
        "loss",
    ),
    "clipped probabilities": Planted(
        {"criterion = nn.CrossEntropyLoss()": "criterion = clipped"}, "loss", "loss_sharp"
    ),
    "decoupled weight decay": Planted(
        {ADAM: "torch.optim.AdamW(model.parameters(), lr=1e-3, eps=1e-8, weight_decay=0.004)"}, "step", "step/"
    ),
    "L2 in the gradient": Planted({"eps=1e-8": "eps=1e-8, weight_decay=1e-4"}, "step", "state/first_moment/"),
    "rate inside the momentum": Planted(
        {ADAM: "InsideSGD(model.parameters(), lr=1e-2, momentum=0.9)"},
        "rate-change",
        "rate_change/",
        ((ADAM, MOMENTUM),),
    ),
    "normalised with another least length": Planted(
        {"F.pad(x,": "F.pad(F.normalize(x, dim=(1, 2, 3), eps=0.1),"},
        "forward",
        "forward_small/0",
        (("F.pad(x,", "F.pad(F.normalize(x, dim=(1, 2, 3), eps=1e-12),"),),
    ),
    "negative inputs cut off": Planted({"x = F.pad(x,": "x = F.pad(F.relu(x),"}, "forward", "forward_shifted/0"),
    "rounding up of odd sizes": Planted(
        {"MaxPool2d(2)": "MaxPool2d(2, ceil_mode=True)", **POOLED}, "forward", "forward_size/0", tuple(POOLED.items())
    ),
}
ONLY_THERE = {
    "clipped probabilities": {"loss_sharp"},
    "rate inside the momentum": {"rate_change"},
    "negative inputs cut off": {"forward_shifted"},
    "normalised with another least length": {"forward_small"},
    "rounding up of odd sizes": {"forward_size"},
}
"""Traps that only one probe of their rung shows."""
WORKER = """
import json, sys
from safetensors.numpy import load_file, save_file
from paragone.workers.operations import Session
answers = []
for one in json.loads(sys.argv[1]):
    session = Session(one["spec"], 0)
    if one["draw"]:
        session.serve("draw", {"builds": 1, "seed": 1, "out": one["draw"]})
        save_file({name[2:]: array for name, array in load_file(one["draw"]).items()}, one["draw"])
    answers.append(session.serve("trace", one["trace"]))
print(json.dumps(answers))
"""
RUNGS = ("forward", "loss", "gradients", "step", "trajectory", "rate-change", "outcome")


def written(changes: dict[str, str]) -> str:
    text = SIDE
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new)
    return text


@dataclass(frozen=True)
class Traced:
    """The traces of all sides, and the size of the net's starting weights."""

    by_name: dict[str, Trace]
    refused: dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def traced(tmp_path_factory: pytest.TempPathFactory) -> Traced:
    folder = tmp_path_factory.mktemp("stress")
    load_data("digits", seed=0).save(folder / "data.safetensors")
    sides = {"clean": written({}), "again": written({})}
    sides |= {f"against {name}": written(dict(trap.against)) for name, trap in TRAPS.items() if trap.against}
    sides |= {name: written(trap.changes) for name, trap in TRAPS.items()}
    starts = {name: list(sides).index(partner(name)) for name in sides}
    asked = json.dumps([job(folder, starts[name], place, text) for place, (name, text) in enumerate(sides.items())])
    done = subprocess.run([sys.executable, "-c", WORKER, asked], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    answers = json.loads(done.stdout.splitlines()[-1])
    found = {
        name: Trace.of(load_file(folder / f"{place}.out"), load_file(folder / f"{starts[name]}.start"), "logits")
        for place, name in enumerate(sides)
    }
    return Traced(found, {name: answer["refused"] for name, answer in zip(sides, answers, strict=True)})


def partner(name: str) -> str:
    """The side that a trap is held against, and whose starting weights it takes."""
    if name.startswith("against"):
        return name
    return f"against {name}" if name in TRAPS and TRAPS[name].against else "clean"


def job(folder: Path, start: int, place: int, text: str) -> dict[str, Any]:
    """A side's file, and what its worker is asked."""
    (folder / f"side_{place}.py").write_text(text, encoding="utf-8")
    spec = WorkerSpec(
        "torch",
        "torch",
        str(folder / f"side_{place}.py"),
        dtype="float64",
        data=str(folder / "data.safetensors"),
        threads=1,
    )
    arguments = {"traits": [], "seed": 0, "steps": 4, "checkpoints": [1, 4], "rungs": RUNGS}
    given = {"start": str(folder / f"{start}.start"), "out": str(folder / f"{place}.out")}
    return {"spec": asdict(spec), "draw": given["start"] if start == place else "", "trace": arguments | given}


def climbed(traced: Traced, a: str, b: str) -> dict[str, Rung]:
    left, right = traced.by_name[a], traced.by_name[b]
    gauge = no_gradient(left.arrays, right.arrays)
    return {rung.name: rung for rung in rungs(left, right, "float64", {}, gauge)}


def test_a_side_is_the_same_as_itself_on_every_rung(traced: Traced) -> None:
    found = climbed(traced, "clean", "again")
    assert {rung.verdict for rung in found.values()} == {"same"}
    assert {rung.max_rel for rung in found.values()} == {0.0}


@pytest.mark.parametrize("name", TRAPS)
def test_a_trap_is_seen_at_its_rung_and_by_its_probe(traced: Traced, name: str) -> None:
    trap = TRAPS[name]
    found = climbed(traced, partner(name), name)
    assert next(rung.name for rung in found.values() if rung.verdict == "different") == trap.rung
    failing = {d.tensor for d in found[trap.rung].distances if d.max_rel > (found[trap.rung].tolerance or 0.0)}
    assert any(tensor.startswith(trap.probe) for tensor in failing)
    if name in ONLY_THERE:
        assert {tensor.partition("/")[0] for tensor in failing} == ONLY_THERE[name]


def test_the_loss_curve_alone_misses_four(traced: Traced) -> None:
    missed = {"batch norm's momentum", "biased running variance", "clipped probabilities", "rate inside the momentum"}
    for name in missed:
        curves = [traced.by_name[one].arrays["curve"] for one in (partner(name), name)]
        assert np.abs(curves[0] - curves[1]).max() < 1e-12, name


def test_a_probe_that_a_side_refuses_is_named_and_the_others_are_taken(traced: Traced) -> None:
    assert set(traced.refused["clean"]) == {"forward_size"}
    assert traced.refused["rounding up of odd sizes"] == {}
    assert {"forward/0", "forward_odd/0", "forward_saturated/0", "forward_small/0", "forward_shifted/0"} <= set(
        traced.by_name["clean"].arrays
    )
