"""Finds where two files part, without a whole proof: both are built in float64, and their passes compared."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from paragone.prove.group import Group
from paragone.prove.laboratory import Experiment, Laboratory
from paragone.prove.ladder import rungs
from paragone.prove.locating import located_pairs
from paragone.prove.plan import ProofPlan
from paragone.prove.subject import Subject
from paragone.records import Located, Pair
from paragone.sides.scan import SideFile, scan_sides
from paragone.task.data.load import load_data
from paragone.trials import Trials
from paragone.workers.spawn import WorkerSpec

STEPS = 2


@contextmanager
def group_of(
    files: list[Path], data: str, folder: Path, weight_maps: dict[str, str] | None = None, **spec: Any
) -> Iterator[Group]:
    """Two sides, started and described in float64, with the first one's starting weights."""
    sides = scan_sides(tuple(str(file) for file in files))
    load_data(data, seed=0).save(folder / "data.safetensors")
    specs = {side.name: _spec(side, folder, (weight_maps or {}).get(side.path.name, ""), **spec) for side in sides}
    identity = {side.name: {"sha256": side.sha256, "name": side.name} for side in sides}
    with Laboratory(specs, identity, Trials(folder), folder) as lab:
        said = lab.all({side.name: Experiment(side.name, "float64", "describe", {"seed": 0}) for side in sides})
        subjects = []
        for side in sides:
            result = said[side.name]
            if isinstance(result, Exception):
                raise result
            lab.inform(side.name, __import__("json").dumps(result.result["view"]), 0.1)
            subjects.append(Subject(side, result.result, result.result))
        group = Group(subjects, lab, ProofPlan(STEPS, (1, STEPS), 0))
        first = lab.submit(group._drawing(sides[0].name, 0)).result()
        group.start = {name[2:]: array for name, array in first.arrays.items() if name.startswith("0/")}
        yield group


def _spec(side: SideFile, folder: Path, weight_map: str, **spec: Any) -> WorkerSpec:
    return WorkerSpec(
        side.name,
        side.framework,
        str(side.path),
        selector=side.selector,
        data=str(folder / "data.safetensors"),
        preload=side.preload,
        threads=1,
        weight_map=weight_map,
        **spec,
    )


def locate(group: Group) -> Located | None:
    """Where the two sides of a group part first, from a trace of each."""
    for subject in group.subjects:
        group.traces[subject.name, "float64"] = group.traced(
            subject.name, group.lab.submit(group.tracing(subject.name, "float64")).result()
        )
    a, b = group.subjects
    gauge = group.gauge(a.name, b.name)
    found = rungs(group.traces[a.name, "float64"], group.traces[b.name, "float64"], "float64", {}, gauge)
    pair = Pair(a=a.name, b=b.name, verdict="different", rungs=found)
    return located_pairs(group, [pair], group.traces).get((a.name, b.name))
