"""Many pairs of files, compared in one process for each framework: an import is paid for once.

`Bench` stands in the place of a `Laboratory`; the real one is used by `located.py`. This file is also the child's main.
"""

from __future__ import annotations

import json
import subprocess
import sys
import traceback
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import asdict
from pathlib import Path
from typing import Any

from safetensors.numpy import load_file, save_file

from paragone.prove.group import Group
from paragone.prove.laboratory import Experiment, weights_digest
from paragone.prove.ladder import rungs
from paragone.prove.locating import located_pairs
from paragone.prove.plan import ProofPlan
from paragone.prove.subject import Subject
from paragone.records import Distance, Located, Pair, Rung
from paragone.sides.scan import SideFile
from paragone.task.data.load import load_data
from paragone.trials import Trial
from paragone.workers.spawn import WorkerSpec


class Bench:
    """Runs experiments on any number of sides.

    Args:
        folder: for arrays.
    """

    def __init__(self, folder: Path):
        self.folder = folder
        self._children: dict[str, subprocess.Popen[str]] = {}
        self._specs: dict[str, WorkerSpec] = {}
        self._data: dict[str, Path] = {}
        self._done: dict[str, Trial] = {}

    def __enter__(self) -> Bench:
        return self

    def __exit__(self, *_: object) -> None:
        for child in self._children.values():
            child.kill()
            with child:
                pass

    def data(self, source: str) -> Path:
        """Data as the workers read it."""
        if source not in self._data:
            self._data[source] = self.folder / f"data{len(self._data)}.safetensors"
            load_data(source, seed=0).save(self._data[source])
        return self._data[source]

    def group(self, sides: list[SideFile], source: str) -> Group:
        """Sides that were described, with the first one's starting weights."""
        self._specs = {
            side.name: WorkerSpec(
                side.name, side.framework, str(side.path), data=str(self.data(source)), dtype="float64", threads=1,
                weight_map=side.weight_map,
            )
            for side in sides
        }  # fmt: skip
        said = {side.name: self._ask(Experiment(side.name, "float64", "describe", {"seed": 0})) for side in sides}
        subjects = [Subject(side, said[side.name].result, said[side.name].result) for side in sides]
        group = Group(subjects, self, ProofPlan(1, (1,), 0))  # type: ignore[arg-type]  # it stands in its place
        drawn = self._ask(Experiment(sides[0].name, "float64", "draw", {"builds": 1, "seed": 1}, out=True))
        group.start = {name[2:]: array for name, array in drawn.arrays.items()}
        return group

    def submit(self, experiment: Experiment) -> Future[Trial]:
        """Do it now."""
        future: Future[Trial] = Future()
        future.set_result(self._ask(experiment))
        return future

    def _ask(self, experiment: Experiment) -> Trial:
        """A finished experiment is not done again, as in a laboratory."""
        spec = self._specs[experiment.side]
        start = weights_digest(experiment.start)
        key = json.dumps([asdict(spec), experiment.op, dict(experiment.arguments), start])
        if key not in self._done or not experiment.kept:
            self._done[key] = self._asked(experiment, spec)
        return self._done[key]

    def _asked(self, experiment: Experiment, spec: WorkerSpec) -> Trial:
        arguments = dict(experiment.arguments)
        given, out = self.folder / "given.safetensors", self.folder / "out.safetensors"
        if experiment.start is not None:
            save_file(experiment.start, given)
            arguments[experiment.start_name] = str(given)
        if experiment.out:
            arguments["out"] = str(out)
        child = self._child(spec.framework)
        assert child.stdin is not None and child.stdout is not None
        child.stdin.write(json.dumps({"spec": asdict(spec), "op": experiment.op, "arguments": arguments}) + "\n")
        child.stdin.flush()
        answer = json.loads(child.stdout.readline())
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return Trial(answer["result"], load_file(out) if experiment.out else {})

    def _child(self, framework: str) -> subprocess.Popen[str]:
        if framework not in self._children:
            with (self.folder / f"{framework}.log").open("w") as log:
                self._children[framework] = subprocess.Popen(
                    [sys.executable, __file__],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=log,
                    text=True,
                )
        return self._children[framework]


def find(group: Group) -> Located | None:
    """Where two sides part: in evaluation mode, else while training, else after one step."""
    a, b = group.subjects
    for rung in ("forward", "loss"):
        failing = Rung(name=rung, dtype="float64", verdict="different", distances=_anything(rung))  # type: ignore[arg-type]
        found = located_pairs(group, [Pair(a=a.name, b=b.name, verdict="different", rungs=(failing,))], {})
        if found:
            return found[a.name, b.name]
    for subject in group.subjects:
        trial = group.lab.submit(group.tracing(subject.name, "float64")).result()
        group.traces[subject.name, "float64"] = group.traced(subject.name, trial)
    left, right = (group.traces[subject.name, "float64"] for subject in group.subjects)
    climbed = rungs(left, right, "float64", {}, group.gauge(a.name, b.name))
    pair = Pair(a=a.name, b=b.name, verdict="different", rungs=climbed)
    return located_pairs(group, [pair], group.traces).get((a.name, b.name))


def _anything(rung: str) -> tuple[Distance, ...]:
    return (Distance(tensor=f"{rung}/0" if rung == "forward" else rung, max_rel=1.0, index=(0,), a=0.0, b=1.0),)


def _serve() -> None:
    """Answer line by line; a side stays built until another file is asked for."""
    from paragone.workers import describe
    from paragone.workers.operations import Session

    describe._step_s = lambda *_: 0.1

    answers = sys.stdout
    sys.stdout = sys.stderr
    sessions: dict[str, Session] = {}
    for line in sys.stdin:
        asked: Mapping[str, Any] = json.loads(line)
        name = json.dumps(asked["spec"])
        try:
            if name not in sessions:
                sessions.clear()
                sessions[name] = Session(asked["spec"], 0)
            answer = {"result": sessions[name].serve(asked["op"], asked["arguments"])}
        except Exception:
            answer = {"error": traceback.format_exc()}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    _serve()
