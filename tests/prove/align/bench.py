"""Many sides in one process for each framework and precision, asked as a `Laboratory` asks its workers."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from threading import Lock
from typing import Any, cast

import numpy as np
from safetensors.numpy import load_file, save_file

from paragone.prove.align.stage import Aligned, align
from paragone.prove.laboratory import Experiment, Laboratory
from paragone.prove.ladder import Trace
from paragone.prove.subject import Subject
from paragone.sides.scan import scan_sides
from paragone.task.data.load import load_data
from paragone.trials import Trial
from paragone.workers.channel import Channel
from paragone.workers.spawn import WorkerSpec, _environment

Arrays = dict[str, np.ndarray[Any, Any]]


class Children:
    """One process for each framework and precision, started when it is first asked."""

    def __init__(self, folder: Path):
        self._folder = folder
        self._processes: list[subprocess.Popen[bytes]] = []
        self._channels: dict[tuple[str, str], Channel] = {}
        self._asking = Lock()  # two sides are asked at once

    def ask(self, spec: WorkerSpec, op: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        key = spec.framework, spec.dtype
        with self._asking:
            if key not in self._channels:
                self._channels[key] = self._started(spec)
        channel = self._channels[key]
        with self._asking:
            channel.send({"spec": asdict(spec), "op": op, "arguments": dict(arguments)})
            answer = channel.receive(300)
        if "failure" in answer:
            raise AssertionError(f"{spec.file}: {op}: {answer['failure']}")
        return dict(answer["result"])

    def _started(self, spec: WorkerSpec) -> Channel:
        ours, theirs = socket.socketpair()
        with (self._folder / f"{spec.framework}-{spec.dtype}.log").open("wb") as log:
            self._processes.append(
                subprocess.Popen(
                    [sys.executable, "-m", "tests.prove.align.child", str(theirs.fileno())],
                    pass_fds=(theirs.fileno(),),
                    stdout=log,
                    stderr=log,
                    cwd=Path(__file__).parents[3],
                    env=_environment(spec),
                )
            )
        theirs.close()
        return Channel(ours)

    def close(self) -> None:
        for channel in self._channels.values():
            channel.close()
        for process in self._processes:
            process.wait(timeout=300)


@dataclass
class Bench:
    """The sides of one pair.

    Args:
        children: the processes.
        folder: for data and arrays.
        specs: of the sides, by name.
    """

    children: Children
    folder: Path
    specs: dict[str, WorkerSpec] = field(default_factory=dict)
    asked: int = 0

    def direct(self, side: str, op: str, dtype: str = "float64", **arguments: Any) -> dict[str, Any]:
        self.asked += 1
        return self.children.ask(replace(self.specs[side], dtype=dtype), op, arguments)

    def adopt(self, side: str, weight_map: str) -> None:
        self.specs[side] = replace(self.specs[side], weight_map=weight_map)
        self.direct(side, "map", weight_map=weight_map)

    def remembered(self, _what: str, _sides: Sequence[str], _given: Any, work: Callable[[], Any]) -> Any:
        return work()

    def all(self, experiments: Mapping[Any, Experiment]) -> dict[Any, Trial]:
        said = {one.side: self.direct(one.side, one.op, "float64", **one.arguments) for one in experiments.values()}
        return {key: Trial(said[one.side]) for key, one in experiments.items()}


def built(files: Sequence[Path], data: str, folder: Path, children: Children) -> tuple[list[Subject], Bench]:
    """Build sides."""
    load_data(data, seed=0).save(folder / "data.safetensors")
    bench = Bench(children, folder)
    subjects = []
    for side in scan_sides(tuple(map(str, files))):
        bench.specs[side.name] = WorkerSpec(
            side.name,
            side.framework,
            str(side.path),
            dtype="float64",
            data=str(folder / "data.safetensors"),
            threads=1,
        )
        subjects.append(Subject(side, bench.direct(side.name, "describe", seed=0)))
    return subjects, bench


def aligned(files: Sequence[Path], data: str, folder: Path, children: Children) -> tuple[Aligned, Bench]:
    """Build sides and align them."""
    subjects, bench = built(files, data, folder, children)
    return align(subjects, cast(Laboratory, bench), 0), bench


def traces(found: Aligned, bench: Bench) -> dict[str, Trace]:
    """The ladder of every side, as far as one step, from the same random weights."""
    noise = np.random.default_rng(1)
    shapes = dict(found.subjects[0].signature)
    start = {name: noise.random(shape) * 0.5 + (0.3 if len(shape) < 2 else -0.25) for name, shape in shapes.items()}
    save_file(start, bench.folder / "start")
    climbed = {}
    for subject in found.subjects:
        out = bench.folder / f"{subject.name}.out"
        bench.direct(
            subject.name, "trace", traits=subject.stills(), seed=0, start=str(bench.folder / "start"), steps=1,
            checkpoints=[1], rungs=["forward", "loss", "gradients", "step", "trajectory", "outcome"], out=str(out),
        )  # fmt: skip
        climbed[subject.name] = Trace.of(load_file(out), start, str(subject.said["output"]))
    return climbed
