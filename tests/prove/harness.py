"""Proves side files without measuring them: the pipeline's own parts, with a short trajectory."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

from paragone.inspect_sides import inspect_sides
from paragone.prove.laboratory import Laboratory
from paragone.prove.plan import plan_proof
from paragone.prove.scope import ALL_RUNGS, WHOLE, Scope
from paragone.prove.stage import Proving
from paragone.prove.tolerances import FLOOR_RUNS
from paragone.records import Pair, Proof, Rung
from paragone.sides.scan import scan_sides
from paragone.task.data.load import load_data
from paragone.trials import Trials
from paragone.workers.spawn import WorkerSpec

PAIRS = Path(__file__).parents[1] / "sides" / "pairs"
STEPS = 30
JAX_NET = """
import jax
import jax.numpy as jnp
import optax
from flax import nnx


class Net(nnx.Module):
    def __init__(self, rngs):
        self.a, self.b = nnx.Linear(6, 5, rngs=rngs), nnx.Linear(5, 3, rngs=rngs)

    def __call__(self, x):
        return self.b(jnp.tanh(self.a(x)))
"""
"""The head of a JAX side that takes `POINTS`: its imports and its model's class."""


def data_source(name: str) -> str:
    """What `--data` is given for a pair: a built-in name, or the generated data of the pairs."""
    stem = Path(name).stem
    return name if "." not in name else f"{PAIRS / 'data.py'}:{stem}"


def expectation(pair: str) -> dict[str, Any]:
    """What `expect.toml` says of a pair."""
    return tomllib.loads((PAIRS / pair / "expect.toml").read_text(encoding="utf-8"))


def prove_files(
    files: list[Path], data: str, folder: Path, steps: int = STEPS, scope: Scope = WHOLE, threads: int = 1, **spec: Any
) -> Proof:
    """A proof of side files."""
    sides = scan_sides(tuple(str(file) for file in files))
    load_data(data, seed=0).save(folder / "data.safetensors")
    specs = {
        side.name: WorkerSpec(
            side.name,
            side.framework,
            str(side.path),
            selector=side.selector,
            data=str(folder / "data.safetensors"),
            preload=side.preload,
            threads=threads,
            steps=steps,
            **spec,
        )
        for side in sides
    }
    identity = {side.name: {"sha256": side.sha256, "name": side.name} for side in sides}
    with Laboratory(specs, identity, Trials(folder), folder) as lab:
        inspected = inspect_sides(sides, lab, 0, scope.dtypes)
        plan = plan_proof(inspected.subjects, steps, 0, FLOOR_RUNS, replace(scope, dtypes=inspected.dtypes))
        proving = Proving(inspected.subjects, lab, plan)
        proof = proving.prove()
    failures = {**inspected.failed, **proving.failures}
    assert not failures, f"sides failed: {failures}"
    return proof


POINTS = """
import numpy as np


def points():
    random = np.random.default_rng(5)
    x = random.normal(size=(80, 6)).astype(np.float32)
    return x, (x[:, :3].argmax(1)).astype(np.int64)
"""
"""Six numbers, and which of the first three is the largest."""
TRAINED = Scope(rungs=ALL_RUNGS, dtypes=("float64",), ignored=("initialisation",), worth=False)


def prove_texts(folder: Path, a: str, b: str, steps: int = 6, points: str = POINTS) -> tuple[Pair, Proof]:
    """A short proof of two sides that are given as text, on `POINTS` or other ones."""
    files = [folder / "a.py", folder / "b.py"]
    for file, text in zip(files, (a, b), strict=True):
        file.write_text(text, encoding="utf-8")
    (folder / "points.py").write_text(points, encoding="utf-8")
    proof = prove_files(files, f"{folder / 'points.py'}:points", folder, steps=steps, scope=TRAINED)
    (pair,) = proof.pairs
    return pair, proof


def first_failing(pair: Pair) -> str | None:
    """The first rung in float64 that fails and is not the start."""
    rungs: list[Rung] = [rung for rung in pair.rungs if rung.dtype == "float64" and rung.name != "initialisation"]
    return next((rung.name for rung in rungs if rung.verdict == "different"), None)
