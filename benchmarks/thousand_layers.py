"""Finding the place where two sides of 1,000 layers part: passes, seconds, and peak memory beside that of the model.

One layer deep inside of the second side has another epsilon. `python benchmarks/thousand_layers.py [LAYERS] [AT]`.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from paragone.prove.group import Group
from paragone.prove.laboratory import Experiment, Laboratory
from paragone.prove.locating import located_pairs
from paragone.prove.plan import ProofPlan
from paragone.prove.subject import Subject
from paragone.records import Distance, Pair, Rung
from paragone.sides.scan import scan_sides
from paragone.task.data.load import load_data
from paragone.trials import Trial, Trials
from paragone.workers.spawn import WorkerSpec

WIDTH = 64
TORCH = """
import torch
from torch import nn


class Block(nn.Module):
    def __init__(self, at):
        super().__init__()
        self.norm = nn.LayerNorm({width}, eps={wrong} if at == {at} else 1e-5)
        self.dense = nn.Linear({width}, {width})

    def forward(self, x):
        return x + 0.1 * torch.tanh(self.dense(self.norm(x)))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = nn.ModuleList(Block(at) for at in range({blocks}))
        self.head = nn.Linear({width}, 1)

    def forward(self, x):
        for block in self.blocks:
            x = block(x)
        return self.head(x)


model = Net()
criterion = nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
"""
JAX = """
import jax.numpy as jnp
import optax
from flax import nnx


class Block(nnx.Module):
    def __init__(self, rngs):
        self.norm = nnx.LayerNorm({width}, epsilon=1e-5, rngs=rngs)
        self.dense = nnx.Linear({width}, {width}, rngs=rngs)

    def __call__(self, x):
        return x + 0.1 * jnp.tanh(self.dense(self.norm(x)))


class Net(nnx.Module):
    def __init__(self, rngs):
        self.blocks = nnx.List([Block(rngs) for _ in range({blocks})])
        self.head = nnx.Linear({width}, 1, rngs=rngs)

    def __call__(self, x):
        for block in self.blocks:
            x = block(x)
        return self.head(x)


model = Net(nnx.Rngs(0))
optimizer = nnx.Optimizer(model, optax.sgd(0.01), wrt=nnx.Param)


def loss_fn(model, x, y):
    return jnp.mean((model(x) - y) ** 2)
"""


class Counted(Laboratory):
    """A laboratory that counts the passes and notes how long each takes."""

    passes: list[tuple[str, float]]

    def _work(self, experiment: Experiment, key: object) -> Trial:
        began = time.perf_counter()
        trial = super()._work(experiment, key)  # type: ignore[arg-type]
        if experiment.op == "tape":
            self.passes.append((experiment.side, time.perf_counter() - began))
        return trial


def main(layers: int, at: int, second: str) -> None:
    """Print what it takes."""
    blocks = (layers - 1) // 2
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        right = {"width": WIDTH, "blocks": blocks, "at": -1, "wrong": 0}
        wrong = {**right, "at": at, "wrong": 1e-3}
        left = folder / "left_side.py"
        left.write_text(TORCH.format(**right), encoding="utf-8")
        other = folder / "right_side.py"
        other.write_text(TORCH.format(**wrong), encoding="utf-8")
        if second == "jax":
            left.write_text(JAX.format(**right), encoding="utf-8")
        dice = np.random.default_rng(0)
        x = dice.normal(size=(200, WIDTH)).astype(np.float32)
        np.savez(folder / "data.npz", x=x, y=x[:, :1])
        _run(folder, (left, other))


def _run(folder: Path, files: tuple[Path, Path]) -> None:
    load_data(str(folder / "data.npz"), seed=0).save(folder / "data.safetensors")
    sides = scan_sides(tuple(map(str, files)))
    specs = {
        one.name: WorkerSpec(
            one.name, one.framework, str(one.path), data=str(folder / "data.safetensors"), threads=1, dtype="float64"
        )
        for one in sides
    }
    with Counted(specs, {one.name: {"sha256": one.sha256} for one in sides}, Trials(folder), folder) as lab:
        lab.passes = []
        said = {}
        for one in sides:
            trial = lab.submit(Experiment(one.name, "float64", "describe", {"seed": 0})).result()
            lab.inform(one.name, json.dumps(trial.result["view"]), 1.0)
            said[one.name] = Subject(one, trial.result, trial.result)
        group = Group(list(said.values()), lab, ProofPlan(1, (1,), 0))
        drawn = lab.submit(Experiment(sides[0].name, "float64", "draw", {"builds": 1, "seed": 1}, out=True)).result()
        group.start = {key[2:]: array for key, array in drawn.arrays.items()}
        before = {one.name: _memory(lab, one.name) for one in sides}
        began = time.perf_counter()
        a, b = (one.name for one in sides)
        rung = Rung(
            name="forward",
            dtype="float64",
            verdict="different",
            distances=(Distance(tensor="forward/0", max_rel=1.0, index=(0, 0)),),
        )
        found = located_pairs(group, [Pair(a=a, b=b, verdict="different", rungs=(rung,))], {})[a, b]
        print(f"{time.perf_counter() - began:.1f} s in all; {len(lab.passes)} passes:")
        for side, elapsed_s in lab.passes:
            print(f"  {side}: {elapsed_s:.1f} s")
        for one in sides:
            print(f"  peak of {one.name}: {before[one.name]:.0f} MiB before, {_memory(lab, one.name):.0f} MiB after")
        print(found.text)
        print(f"{len(found.more)} more places")


def _memory(lab: Laboratory, side: str) -> float:
    """Peak memory of a side's worker, in MiB."""
    return float(lab._workers[side, "float64"].call("time_end")["peak_bytes"]) / 2**20


if __name__ == "__main__":
    words = sys.argv[1:]
    main(int(words[0]) if words else 1000, int(words[1]) if words[1:] else 300, words[2] if words[2:] else "torch")
