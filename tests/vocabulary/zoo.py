"""The ready tasks, `matched`, on their own data: `python -m tests.vocabulary.zoo [TASK...] [--steps N]`.

It writes docs/results/tasks.md: how far apart the three frameworks are at most, forward, in the gradients, and in the
weights after so many training steps, in float64 and from the same weights.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from paragone.initialisers import initialiser_kinds
from paragone.prove.no_gradient import no_gradient
from paragone.spelling.entry import CanonicalWeight
from paragone.task.check import CheckedTask, check_task
from paragone.task.data.load import load_data
from paragone.task.read import read_task, ready_tasks

from .lab import FRAMEWORKS, Arrays, Ran, prepare, results, run_all, worst
from .results import write_results

BATCH = 16
LIMITS = {"forward": 1e-10, "loss": 1e-10, "gradients": 1e-10, "weights": 1e-9}


def start(weight: CanonicalWeight, rng: np.random.Generator) -> np.ndarray[Any, Any]:
    """A weight as the task starts it; biases a little off zero, so that nothing hides behind one."""
    if weight.start.name not in initialiser_kinds():
        return rng.normal(size=weight.shape) * 0.1
    kind = initialiser_kinds()[weight.start.name]
    options = kind.options.model_validate(dict(weight.start.options))
    law = kind.law(options, weight.start.fan_in, weight.start.fan_out)
    if law.name == "uniform":
        return rng.uniform(*law.numbers, weight.shape)
    if law.name == "constant":
        return law.numbers[0] + rng.uniform(0, 0.1, weight.shape)
    return rng.normal(size=weight.shape) * (law.numbers[0] if law.name != "orthogonal" else weight.shape[0] ** -0.5)


def compared(names: Sequence[str], steps: int, folder: Path) -> dict[str, dict[str, Ran]]:
    """By task (the name of a ready one, or a file) and framework, what came out."""
    homes = {name: folder / Path(name).stem for name in names}
    for name, home in homes.items():
        task: CheckedTask = check_task(read_task(name), name)
        rng = np.random.default_rng(0)
        weights: Arrays = {
            f"{node.name}/{weight.role}": start(weight, rng) for node in task.graph.nodes for weight in node.weights
        }
        prepare(home, task, weights)
        load_data(task.task.data.source, seed=0).save(home / "data.safetensors")
    how = {"eager": False, "optimised": False, "dtype": "float64", "masks": True}
    asked = {"asked": ("forward", "gradients", "train"), **how}
    jobs = [{"home": str(home), "steps": steps, "batch": BATCH, **asked} for home in homes.values()]
    run_all(jobs, folder)
    return {name: results(home) for name, home in homes.items()}


def distances(found: dict[str, Ran]) -> dict[str, tuple[float, str]]:
    """The largest distance of each kind between any two frameworks; parameters without a true gradient are left out."""
    gauge = frozenset[str]()
    for a, b in combinations(FRAMEWORKS, 2):
        gauge |= no_gradient(found[a].arrays, found[b].arrays).names
    kept = {
        name: {key: array for key, array in ran.arrays.items() if key.partition("/")[2] not in gauge}
        for name, ran in found.items()
    }
    return {kind: max(worst(kept[a], kept[b], kind) for a, b in combinations(FRAMEWORKS, 2)) for kind in LIMITS}


def faults(found: dict[str, Ran]) -> list[str]:
    """What keeps the sides of a task from being the same."""
    errors = [f"{name}: {ran.error.strip().splitlines()[-1]}" for name, ran in found.items() if ran.error]
    if errors:
        return errors
    apart = distances(found)
    return [f"{kind}: {apart[kind]}" for kind, limit in LIMITS.items() if not apart[kind][0] <= limit]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tasks", nargs="*", help="only these")
    parser.add_argument("--steps", type=int, default=100)
    chosen = parser.parse_args()
    names = chosen.tasks or list(ready_tasks())
    with tempfile.TemporaryDirectory() as scratch:
        found = compared(names, chosen.steps, Path(scratch))
    rows, bad = [], 0
    for name in names:
        problems = faults(found[name])
        bad += bool(problems)
        failed = any(ran.error for ran in found[name].values())
        apart = {} if failed else distances(found[name])
        cells = [f"{apart[kind][0]:.1e}" if apart else "" for kind in ("forward", "gradients", "weights")]
        rows.append(f"| [{name}](../tasks/{name}.md) | {' | '.join(cells)} | {'; '.join(problems) or 'the same'} |")
        print(rows[-1], flush=True)
    if not chosen.tasks:
        about = (
            f"`python -m tests.vocabulary.zoo --steps {chosen.steps}`: every ready task, `matched`, float64, on its "
            f"own data, batches of {BATCH}, from the same weights; the largest relative distance between any two "
            "frameworks."
        )
        head = ("task", "forward", "gradients", f"weights after {chosen.steps} steps", "")
        write_results("tasks", "The ready tasks in three frameworks", about, head, rows)
    raise SystemExit(1 if bad else 0)


if __name__ == "__main__":
    main()
