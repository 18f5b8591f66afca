"""The stage: every side in every target, one cell after the other; what fails is a cell, and the others go on."""

from __future__ import annotations

import hashlib
import json
import platform
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from paragone.deploy.environments import Environment, environment_of
from paragone.deploy.exporter import Exporter
from paragone.deploy.formats import FORMATS
from paragone.deploy.judge import Examples, accuracy_of, judged
from paragone.deploy.repeats import Repeats, with_times
from paragone.deploy.runtime import REQUESTS, Answer, asked, requests_of
from paragone.deploy.target import Target, beside
from paragone.deploy.writers import lacking, why_not, written_by
from paragone.deploy.writing import environment_for
from paragone.errors import ParagoneError, reason_of, shareable
from paragone.folder import FULL, LOGS
from paragone.progress import Progress
from paragone.records import UNARRIVED, Artifact
from paragone.trials import Trials
from paragone.workers.deploying import EXAMPLE
from paragone.workers.spawn import WorkerSpec

ARTIFACTS = "artifacts"
_SYSTEMS = {"Darwin": "macOS"}
_ROOM_BYTES = 4 * 2**20
"""With less than this left on the disk a failure is taken for want of room, and is tried again another time."""


@dataclass(frozen=True)
class Deployed:
    """A side that is to be deployed.

    Args:
        name: of the side.
        framework: that it is written in.
        title: of that, on the side's backend.
        spec: its worker's, with the view of its data.
        identity: what its results depend on.
    """

    name: str
    framework: str
    title: str
    spec: WorkerSpec
    identity: Mapping[str, Any]


@dataclass(frozen=True)
class Wish:
    """What is to be done with every side.

    Args:
        targets: where to.
        steps: training steps before anything is written.
        seed: orders the batches.
        install: whether environments that are missing may be made, which needs the network.
        processes: how many of them time every artifact.
    """

    targets: Sequence[Target]
    steps: int
    seed: int
    install: bool = False
    processes: int = 1


def deploy(sides: Sequence[Deployed], wish: Wish, folder: Path, trials: Trials, progress: Progress) -> list[Artifact]:
    """Every side in every target that was asked for: first whether it arrives, then how long everything takes.

    Args:
        sides: that can be built.
        wish: what is to be done.
        folder: the run's.
        trials: where finished cells are kept.
        progress: where the stage reports to.
    """
    progress.stage("deploy", len(sides) * len(wish.targets))
    found: list[Artifact] = []
    for side in sides:
        found += _Cells(side, wish, folder, trials, progress).all()
    shutil.rmtree(folder / "exchange" / ARTIFACTS, ignore_errors=True)
    return with_times(found, wish.targets, Repeats(wish.processes, wish.seed), folder, trials, progress)


class _Cells:
    """All targets of one side."""

    def __init__(self, side: Deployed, wish: Wish, folder: Path, trials: Trials, progress: Progress):
        self._side, self._wish, self._folder = side, wish, folder
        self._trials, self._progress = trials, progress
        self._scratch = folder / "exchange" / ARTIFACTS / side.name
        self._written: dict[str, dict[str, Any]] = {}
        self._environments: dict[str, Environment] = {}
        log = folder / LOGS / f"{side.name}-export.log"
        self._exporter = Exporter(side.spec, wish.seed, wish.steps, self._scratch, log)
        self._elsewhere: dict[str, Exporter] = {}
        self._open = ExitStack()

    def all(self) -> Iterator[Artifact]:
        """One record a target."""
        known = self._known()
        with self._open:
            self._open.enter_context(self._exporter)
            for target in self._wish.targets:
                self._progress.advance(0, f"{self._side.name}: {target.title}")
                yield known.get(target.name) or self._cell(target)
                self._progress.advance(1)

    def _known(self) -> dict[str, Artifact]:
        """What is settled without a process: what cannot be tried here, and cells that were finished and still stand.

        A format that has to be written for one target is written anew for all that read it.
        """
        settled: dict[str, Artifact] = {}
        found: dict[str, Artifact] = {}
        open_formats: set[str] = set()
        for target in self._wish.targets:
            readable, environment = self._readable(target), self._environment(target)
            if (hopeless := self._hopeless(target, readable, environment)) is not None:
                settled[target.name] = hopeless
                continue
            recalled = self._trials.recall("deploy", self._key(target, environment))
            if recalled is not None and self._stands(Artifact(**recalled.result)):
                found[target.name] = Artifact(**recalled.result)
            else:
                open_formats |= set(readable)
        return settled | {name: one for name, one in found.items() if one.format not in open_formats}

    def _readable(self, target: Target) -> list[str]:
        return [name for name in target.formats if name in self._formats()]

    def _formats(self) -> frozenset[str]:
        """What can be written of the side: on another backend than its framework's own nothing is."""
        return frozenset() if self._side.spec.backend else written_by(self._side.framework)

    def _environment(self, target: Target) -> Environment:
        if target.name not in self._environments:
            made = environment_of(target, install=self._wish.install, say=self._progress.say)
            self._environments[target.name] = made
        return self._environments[target.name]

    def _blank(self, target: Target) -> Artifact:
        side, precision = self._side.name, target.precision
        return Artifact(side=side, target=target.name, title=target.title, verdict="not run", precision=precision)

    def _hopeless(self, target: Target, readable: Sequence[str], environment: Environment) -> Artifact | None:
        """The cell of a target that cannot be tried at all."""
        if not readable:
            why = why_not(self._side.framework, target.formats)
            if self._side.spec.backend:
                why = (
                    f"{self._side.title} writes no {' or '.join(target.formats)} here; what `model.save` writes can be "
                    "loaded by Keras on TensorFlow, and deployed from there"
                )
            return self._blank(target).model_copy(update={"verdict": "refused", "why": why})
        if environment.missing:
            return self._blank(target).model_copy(update={"why": f"not run here: needs {environment.missing}"})
        return None

    def _cell(self, target: Target) -> Artifact:
        environment = self._environment(target)
        try:
            found = self._tried(target, self._readable(target), environment, self._blank(target))
        except OSError as error:
            if error.errno not in FULL:
                raise
            return self._without_room(target)
        if found.verdict in UNARRIVED and shutil.disk_usage(self._folder).free < _ROOM_BYTES:
            return self._without_room(target)
        if found.verdict != "not run":
            self._trials.keep("deploy", self._key(target, environment), found.model_dump(mode="json"))
        return found

    def _without_room(self, target: Target) -> Artifact:
        """The cell of a target for which the disk is too small; what it left half written is removed."""
        shutil.rmtree(self._scratch / target.name, ignore_errors=True)
        for name in self._readable(target):
            if not any(self._place(name).glob("*.json")):  # nobody ran it
                shutil.rmtree(self._place(name), ignore_errors=True)
                self._written.pop(name, None)
        return self._blank(target).model_copy(update={"why": "not run here: needs more room on the disk"})

    def _key(self, target: Target, environment: Environment) -> dict[str, Any]:
        side = dict(self._side.identity)
        made = {"steps": self._wish.steps, "seed": self._wish.seed, "target": target.identity}
        return {"side": side, "name": target.name, **made, "packages": dict(environment.packages)}

    def _stands(self, artifact: Artifact) -> bool:
        """Whether what an earlier run wrote is still there, byte for byte."""
        if not artifact.folder:
            return True
        path = self._folder / artifact.folder / FORMATS[artifact.format].file
        return path.exists() and _sha256(path) == artifact.sha256

    # ------------------------------------------------------------------ one cell

    def _tried(self, target: Target, readable: Sequence[str], environment: Environment, blank: Artifact) -> Artifact:
        """The first of the formats that the side can be written in and the runtime takes."""
        refusals: list[str] = []
        last = blank
        for name in readable:
            said = self._wrote(name)
            if "missing" in said:
                refusals.append(f"not run here: writing {FORMATS[name].title} needs {', '.join(said['missing'])}")
                last = blank.model_copy(update={"format": name})
            elif "why" in said:
                refusals.append(f"{FORMATS[name].title}: {said['why']}")
                last = blank.model_copy(update={"format": name, "verdict": "refused"})
            else:
                last = self._ran(target, name, environment, blank)
                if last.verdict != "failed":
                    return last
                refusals.append(f"{FORMATS[name].title}: {last.why}")
        return last.model_copy(update={"why": "; ".join(map(shareable, refusals))})

    def _wrote(self, name: str) -> dict[str, Any]:
        """What came of writing a format; it is written once for all targets that read it."""
        if name not in self._written:
            ours = not self._side.spec.python  # another interpreter has other packages, and says so itself
            missing = lacking(self._side.framework, name) if ours else []
            said = {"missing": missing} if missing else self._write(name)
            self._written[name] = self._write_elsewhere(name, said["missing"]) if "missing" in said else said
            if self._written[name]:
                shutil.rmtree(self._place(name), ignore_errors=True)
        return self._written[name]

    def _write_elsewhere(self, name: str, missing: Sequence[str]) -> dict[str, Any]:
        """The format, written by another worker, in an environment that has what the side's own has not."""
        spec, wish = self._side.spec, self._wish
        python = spec.python or sys.executable
        made = environment_for(self._side.framework, missing, python, install=wish.install, say=self._progress.say)
        if made.missing:
            return {"missing": [made.missing]}
        log = self._folder / LOGS / f"{self._side.name}-export-{name}.log"
        other = Exporter(
            replace(spec, python=made.python), wish.seed, wish.steps, self._scratch / f"{name}-written", log
        )
        self._elsewhere[name] = self._open.enter_context(other)
        return self._write(name)

    def _by(self, name: str) -> Exporter:
        """What writes a format, and has the examples that it is held against."""
        return self._elsewhere.get(name, self._exporter)

    def _write(self, name: str) -> dict[str, Any]:
        try:
            said = self._by(name).write(name, self._place(name))
            if not said:
                _save_example(self._by(name).examples(), self._place(name))
        except ParagoneError as error:
            return {"why": reason_of(error)}
        return said

    def _place(self, name: str) -> Path:
        return self._folder / ARTIFACTS / self._side.name / name

    def _ran(self, target: Target, name: str, environment: Environment, blank: Artifact) -> Artifact:
        place, examples = self._place(name), self._by(name).examples()
        script, log = place / f"run_{target.name}.py", f"{LOGS}/{self._side.name}-{target.name}.log"
        script.write_text(target.script(), encoding="utf-8")
        for each in target.beside:
            (place / each).write_text(beside(each), encoding="utf-8")
        path = place / FORMATS[name].file
        known = {
            **{"format": name, "runtime": environment.text, "packages": dict(environment.packages)},
            **{"folder": str(place.relative_to(self._folder)), "script": script.name, "log": log},
            **{"size_bytes": _size(path), "sha256": _sha256(path)},
        }
        if target.systems and platform.system() not in target.systems:
            wanted = " or ".join(_SYSTEMS.get(name, name) for name in target.systems)
            return blank.model_copy(update={**known, "log": "", "why": f"not run here: needs {wanted}"})
        answer = asked(
            environment, script.resolve(), place.resolve(), examples, self._scratch.resolve() / target.name,
            (self._folder / log).resolve(),
        )  # fmt: skip
        (place / f"{target.name}.json").write_text(json.dumps(answer.said), encoding="utf-8")
        return blank.model_copy(update={**known, **_outcome(target, examples, answer)})


def _outcome(target: Target, examples: Examples, answer: Answer) -> dict[str, Any]:
    """What the answers of a runtime say."""
    said = answer.said
    if "why" in said:
        return {"verdict": "failed", "why": shareable(said["why"]), "peak_memory_bytes": said.get("peak_memory_bytes")}
    judgement = judged(examples, said["cases"], answer.outputs, target.precision)
    return {
        "verdict": judgement.verdict,
        "why": shareable(judgement.why),
        "max_rel": judgement.max_rel,
        "where": judgement.where,
        "note": shareable(said.get("note", "")),
        **({"runtime": said["runtime"]} if said.get("runtime") else {}),
        "cases": judgement.cases,
        "accuracy": accuracy_of(examples, answer.outputs),
        "facts": said.get("facts", {}),
    }


def _save_example(examples: Examples, place: Path) -> None:
    """Inputs and what the side gave for them, and what its processes will be asked, beside the artifact."""
    arrays: dict[str, Any] = {
        f"{letter}{place}": a for letter in "xy" for place, a in enumerate(examples.of(EXAMPLE, letter))
    }
    np.savez(place / "example.npz", **arrays)
    requests: dict[str, Any] = requests_of(examples)
    np.savez(place / REQUESTS, **requests)


def _files(path: Path) -> list[Path]:
    return sorted(each for each in path.rglob("*") if each.is_file()) if path.is_dir() else [path]


def _size(path: Path) -> int:
    return sum(each.stat().st_size for each in _files(path))


def _sha256(path: Path) -> str:
    digester = hashlib.sha256()
    for each in _files(path):
        digester.update(each.name.encode() + b"\0" + each.read_bytes())
    return digester.hexdigest()
