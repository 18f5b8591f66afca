"""The first task's sides with all known causes removed, trained for long in float64: how far apart their weights end.

`python benchmarks/flagship.py [STEPS]`; 1e-11 after 5,000 steps is what is asked for.
"""

from __future__ import annotations

import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from first_task import EXAMPLES

from paragone.inspect_sides import inspect_sides
from paragone.prove.group import Group
from paragone.prove.hypotheses import hypotheses
from paragone.prove.laboratory import Laboratory
from paragone.prove.ladder import rungs
from paragone.prove.plan import ProofPlan
from paragone.prove.scope import Scope
from paragone.sides.scan import scan_sides
from paragone.task.data.load import load_data
from paragone.trials import Trial, Trials
from paragone.workers.spawn import WorkerSpec

ASKED = 1e-11
SCOPE = Scope(("gradients", "trajectory", "outcome"), dtypes=("float64",), worth=False)


def main(steps: int) -> None:
    """Print the distance at every checkpoint."""
    with tempfile.TemporaryDirectory() as folder:
        checkpoints = tuple(sorted({1, 10, 100, 500, 1000, 2000, steps} & set(range(steps + 1))))
        found = corrected(Path(folder), ProofPlan(steps, checkpoints, 0, scope=SCOPE))
    for name, rows, outcome in found:
        print(f"{name}: outputs on the test set {outcome:.2g} apart; weights:")
        for step, far in rows:
            print(f"  {step:5d} steps: {far:.2g}")
        last = rows[-1][1]
        print(f"  at most {ASKED:g}: {'yes' if last <= ASKED else 'no'}")


def corrected(folder: Path, plan: ProofPlan) -> list[tuple[str, list[tuple[int, float]], float]]:
    """Each pair with the first side: its name, distances of the weights by step, distance of the outcome."""
    sides = scan_sides(tuple(str(EXAMPLES / f"{name}_side.py") for name in ("keras", "torch", "jax")))
    data = folder / "data.safetensors"
    load_data("digits", seed=0).save(data)
    spec = partial(WorkerSpec, data=str(data), threads=1, steps=plan.steps)
    specs = {side.name: spec(side.name, side.framework, str(side.path)) for side in sides}
    identity = {side.name: {"sha256": side.sha256} for side in sides}
    with Laboratory(specs, identity, Trials(folder), folder) as lab:
        group = Group(list(inspect_sides(sides, lab, 0, ("float64",)).subjects), lab, plan)
        group.draw()
        suspects = hypotheses(group.subjects)
        print("removed:", ", ".join(sorted({f"{one.trait.trap} in {one.side}" for one in suspects})))
        began = time.perf_counter()
        done = lab.all({s.name: group.tracing(s.name, "float64", suspects) for s in group.subjects})
        print(f"{plan.steps} steps of {len(done)} sides in {time.perf_counter() - began:.0f} s")
        traces = {name: group.traced(name, trial) for name, trial in done.items() if isinstance(trial, Trial)}
    first, *others = traces
    found = []
    for other in others:
        pair = rungs(traces[first], traces[other], "float64", {}, frozenset(), names=("trajectory", "outcome"))
        rows = [(one.step, one.max_rel) for one in pair[0].checkpoints]
        found.append((f"{first} and {other}", rows, pair[1].max_rel or 0.0))
    return found


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 5000)
