"""Count what there is to learn of each framework: `make learning`.

`python -m benchmarks.learning [--into FILE]`

Three counts, each from code that runs here: the concepts of every ready task in the order of a course
(`benchmarks/learning/concepts.py`, `course.py`), the edits for typical changes of requirement (`edits/`), and what the
framework says of planted mistakes (`mistakes/`). No metric of this kind is validated for deep-learning frameworks: it
is a proxy for how hard one is to learn, and no more. Nothing is timed, so the machine may be busy. It takes some
minutes, and all of it is made anew.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.learning.change import Planned, planned
from benchmarks.learning.changed import changed_lines, code_lines, code_tokens, edited, n_changed
from benchmarks.learning.concepts import ROOTS, concepts
from benchmarks.learning.course import COURSE

from paragone.choose.criteria.conciseness import tokens
from paragone.choose.learning import FILE
from paragone.machine import describe_machine
from paragone.records.learning import Edit, EditedSide, LearnedSide, LearnedTask, Learning, Mistake, Told
from paragone.show import Wish, save, shown_task
from paragone.sides.write.write import write_side
from paragone.task.check import check_task
from paragone.task.read import parse_task, ready_tasks

ROOT = Path(__file__).parents[2]
INTO = ROOT / "src/paragone/choose/learning" / FILE
FRAMEWORKS = tuple(ROOTS)
PACKAGES = ("tensorflow", "keras", "torch", "jax", "flax", "optax", "numpy")
BASE = "digits-mlp"
"""The ready task that is edited and in which mistakes are planted."""
Jobs = Mapping[str, list[dict[str, Any]]]
Results = dict[str, list[dict[str, Any]]]


def main() -> None:
    """Make the record."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--into", type=Path, default=INTO, help="where the record goes")
    into = parser.parse_args().into
    record = counted()
    into.write_text(record.model_dump_json(indent=1, exclude_defaults=True) + "\n", encoding="utf-8")
    print(f"{into} ({into.stat().st_size:,} bytes)")


def counted() -> Learning:
    """Run everything and count."""
    with tempfile.TemporaryDirectory() as folder:
        return Learning(
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            machine=describe_machine({name: version(name) for name in PACKAGES}),
            tasks=learned(COURSE, Path(folder) / "tasks"),
            edits=edits(planned("edits"), Path(folder) / "edits"),
            mistakes=mistakes(planned("mistakes"), Path(folder) / "mistakes"),
        )


def answered(jobs: Jobs) -> Results:
    """What became of the programs, each framework's in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.learning.worker"]
    found = {}
    for framework, asked in jobs.items():
        words = [*command, framework]
        done = subprocess.run(words, cwd=ROOT, input=json.dumps(asked), capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(done.stderr)
        found[framework] = json.loads(done.stdout)
    return found


def learned(course: Sequence[str], folder: Path) -> tuple[LearnedTask, ...]:
    """The concepts of each task of the course, and how many of them are new.

    Raises:
        SystemExit: a side did not run to its end.
    """
    shown = {task: shown_task(Wish(task, "plain", FRAMEWORKS)) for task in course}
    jobs: Jobs = {framework: [] for framework in FRAMEWORKS}
    for task, sides in shown.items():
        save(sides, folder / task)
        for side in sides.sides:
            jobs[side.framework].append({"file": str(folder / task / side.file), "watch": True})
    answers = answered(jobs)
    met: dict[str, set[str]] = {framework: set() for framework in FRAMEWORKS}
    found = []
    for place, (task, sides) in enumerate(shown.items()):
        rows = []
        for side in sides.sides:
            answer = _ran(answers[side.framework][place], f"{task}, {side.file}")
            used = concepts(side.code, side.framework) | set(answer["seen"])
            rows.append(_learned(side.framework, side.code, used, met[side.framework]))
            met[side.framework] |= used
        found.append(LearnedTask(task=task, sides=tuple(rows)))
    return tuple(found)


def _learned(framework: str, code: str, used: set[str], met: set[str]) -> LearnedSide:
    return LearnedSide(
        framework=framework,
        sha256=sha256(code.encode()).hexdigest(),
        n_lines=len(code_lines(code)),
        n_tokens=tokens(code),
        concepts=tuple(sorted(used)),
        n_concepts=len(used),
        n_new=len(used - met),
        n_so_far=len(used | met),
    )


def _ran(answer: dict[str, Any], where: str) -> dict[str, Any]:
    if answer["outcome"] == "error":
        raise SystemExit(f"{where} did not run to its end: {answer['error']}: {answer['message']}")
    return answer


def written(framework: str, parts: Mapping[str, object]) -> str:
    """The side of the base task, of which some parts are others."""
    table = {"name": BASE.replace("-", "_"), **tomllib.loads(ready_tasks()[BASE].read_text(encoding="utf-8")), **parts}
    return write_side(check_task(parse_task(table)), framework, "plain").text


def pair(change: Planned, framework: str) -> tuple[str, str]:
    """The side before a change and after it."""
    before = written(framework, change.before)
    if change.after:
        return before, written(framework, change.after)
    return before, edited(before, change.of(framework).swaps, f"{change.name}, {framework}")


def edits(changes: Sequence[Planned], folder: Path) -> tuple[Edit, ...]:
    """What each change of requirement costs.

    Raises:
        SystemExit: a side, before or after the change, did not run to its end.
    """
    pairs = {(change.name, framework): pair(change, framework) for change in changes for framework in FRAMEWORKS}
    jobs = {framework: _both(changes, framework, pairs, folder) for framework in FRAMEWORKS}
    for framework, answers in answered(jobs).items():
        for job, answer in zip(jobs[framework], answers, strict=True):
            _ran(answer, job["file"])
    return tuple(
        Edit(
            name=change.name,
            title=change.title,
            sides=tuple(_edited(change, name, *pairs[change.name, name]) for name in FRAMEWORKS),
        )
        for change in changes
    )


def _both(
    changes: Iterable[Planned], framework: str, pairs: Mapping[tuple[str, str], tuple[str, str]], folder: Path
) -> list[dict[str, Any]]:
    """Jobs: the side before, once, since it is always the same, and every side after."""
    found: dict[str, dict[str, Any]] = {}
    for change in changes:
        before, after = pairs[change.name, framework]
        for code, name, labels in ((before, f"{change.name}_before", 1), (after, change.name, change.labels)):
            file = folder / framework / f"{name}.py"
            found.setdefault(code, {"file": str(file), "labels": labels})
            _write(file, code)
    return list(found.values())


def _write(file: Path, code: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(code, encoding="utf-8")


def _edited(change: Planned, framework: str, before: str, after: str) -> EditedSide:
    return EditedSide(
        framework=framework,
        source=change.of(framework).source,
        n_lines=n_changed(code_lines(before), code_lines(after)),
        n_tokens=n_changed(code_tokens(before), code_tokens(after)),
    )


def mistakes(plants: Sequence[Planned], folder: Path) -> tuple[Mistake, ...]:
    """What each framework says of each mistake."""
    jobs = {framework: [planted_job(one, framework, folder) for one in plants if one.of(framework).swaps]
            for framework in FRAMEWORKS}  # fmt: skip
    answers = {framework: iter(found) for framework, found in answered(jobs).items()}
    return tuple(
        Mistake(
            name=one.name,
            title=one.title,
            study=one.study,
            sides=tuple(_told(one, framework, answers) for framework in FRAMEWORKS),
        )
        for one in plants
    )


def _told(plant: Planned, framework: str, answers: Mapping[str, Any]) -> Told:
    change = plant.of(framework)
    if not change.swaps:
        return Told(framework=framework, outcome="cannot be made", why=change.why_not)
    return Told(framework=framework, **next(answers[framework]))


def planted_job(plant: Planned, framework: str, folder: Path) -> dict[str, Any]:
    """The side with the mistake, as a file, and what is asked of the worker."""
    change = plant.of(framework)
    before = written(framework, {})
    after = edited(before, change.swaps, f"{plant.name}, {framework}")
    file = folder / framework / f"{plant.name}.py"
    _write(file, after)
    lines = sorted(changed_lines(before, after))
    return {"file": str(file), "lines": lines, "quantities": list(change.quantities)}


if __name__ == "__main__":
    main()
