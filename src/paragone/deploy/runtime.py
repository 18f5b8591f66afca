"""Runs a target's script on an artifact, in a process of its own, and reads what it says."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import numpy as np

from paragone.deploy import host
from paragone.deploy.environments import Environment
from paragone.deploy.judge import Examples
from paragone.workers.deploying import CASES, TEST
from paragone.workers.kept import KEPT
from paragone.workers.processes import Started

Array = np.ndarray[Any, Any]

TIMED_S = 1.0
"""How long a process's single requests are timed, and its batches."""
ONE, BATCH = "one", "batch"
"""What is timed: an input with one sample, and one with many."""
_PATIENCE_S = 300.0
_NONE: Mapping[str, str] = {}
_MOST_BYTES = 64 * 2**20
REQUESTS = "requests.npz"
"""Beside an artifact: what its processes are asked while they are timed."""


@dataclass(frozen=True)
class Answer:
    """What a process said of an artifact.

    Args:
        said: as `host.py` wrote it; `why` is there where the runtime could not load it or compute anything.
        outputs: by case and place.
    """

    said: Mapping[str, Any]
    outputs: Mapping[str, Array] = field(default_factory=dict)


def asked(environment: Environment, script: Path, folder: Path, examples: Examples, scratch: Path, log: Path) -> Answer:
    """Load an artifact in its runtime, and answer all cases.

    Args:
        environment: that has the runtime.
        script: the target's script.
        folder: of the artifact.
        examples: what the side itself gave.
        scratch: a folder for what passes between the processes.
        log: takes what the process prints.
    """
    scratch.mkdir(parents=True, exist_ok=True)
    names = [*examples.cases, TEST]
    cases, request, answer, outputs = (scratch / name for name in ("cases.npz", "ask.json", "said.json", "outputs.npz"))
    inputs: dict[str, Any] = {name: a for name, a in examples.arrays.items() if name.split("/")[1][0] == "x"}
    np.savez(cases, **inputs)
    for old in (answer, outputs):
        old.unlink(missing_ok=True)
    given = {
        **{"script": str(script), "folder": str(folder), "cases": str(cases), "names": names, "seconds": 0.0},
        **{"answer": str(answer), "outputs": str(outputs)},
    }
    said = _said(environment, request, given, answer, log)
    return Answer(said, {} if "why" in said else _read(outputs))


def timed(environment: Environment, script: Path, folder: Path, scratch: Path, log: Path) -> dict[str, Any]:
    """Load an artifact in its runtime, and take the times, in a new process.

    Args:
        environment: that has the runtime.
        script: the target's script.
        folder: of the artifact, where `requests_of` left what is asked.
        scratch: a folder for what passes between the processes.
        log: takes what the process prints.

    Returns:
        As `host.py` wrote it, or `why` there is nothing.
    """
    scratch.mkdir(parents=True, exist_ok=True)
    answer = scratch / "said.json"
    answer.unlink(missing_ok=True)
    given = {
        **{"script": str(script), "folder": str(folder), "cases": str(folder / REQUESTS), "names": [ONE]},
        **{"batch": BATCH, "seconds": TIMED_S, "answer": str(answer)},
    }
    return _said(environment, scratch / "ask.json", given, answer, log)


def _said(environment: Environment, request: Path, given: dict[str, Any], answer: Path, log: Path) -> dict[str, Any]:
    """What `host.py` wrote, or `why` there is nothing."""
    why = finished(environment.python, Path(host.__file__), request, given, log, _PATIENCE_S, environment.variables)
    if not answer.exists() or answer.stat().st_size > _MOST_BYTES:
        return {"why": why or "the process left no answer", "cases": {}}
    return cast("dict[str, Any]", json.loads(answer.read_text(encoding="utf-8")))


def requests_of(examples: Examples) -> dict[str, Array]:
    """What a process is asked while it is timed: the first case, and the largest."""
    largest = max(examples.cases, key=lambda name: CASES[name][0])
    return {
        f"{name}/x{place}": a
        for name, case in ((ONE, examples.cases[0]), (BATCH, largest))
        for place, a in enumerate(examples.of(case, "x"))
    }


def finished(
    python: str,
    program: Path,
    request: Path,
    given: dict[str, Any],
    log: Path,
    patience_s: float,
    variables: Mapping[str, str] = _NONE,
) -> str:
    """Run a program on a request, in a process of its own, until it ends; all that it started ends with it.

    Args:
        python: the interpreter that has the runtime.
        program: one of ours that imports nothing of ours.
        request: the file that takes what is given.
        given: what the program is asked; when it was started is added.
        log: takes what it prints.
        patience_s: how long it may take.
        variables: of its environment, beside ours.

    Returns:
        How it ended, in words, where it did not end well.
    """
    with log.open("ab") as stream:
        given["spawned_ns"] = time.monotonic_ns()
        request.write_text(json.dumps(given), encoding="utf-8")
        environment = os.environ | variables | {"TF_CPP_MIN_LOG_LEVEL": "2", "PYTHONDONTWRITEBYTECODE": "1"}
        process = KEPT.begin(
            lambda mark: Started(
                subprocess.Popen(
                    [python, "-P", str(program), str(request)],
                    stdin=subprocess.DEVNULL,
                    stdout=stream,
                    stderr=stream,
                    start_new_session=True,
                    env=environment | mark,
                )
            )
        )
        try:
            code = process.wait(patience_s)
        except subprocess.TimeoutExpired:
            return f"the process gave no answer within {patience_s:.0f} s; it was killed"
        finally:
            KEPT.end(process)
    return "" if code == 0 else f"the process died ({_signal(code)}); see the log"


def _signal(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"


def _read(path: Path) -> dict[str, Array]:
    with np.load(path, allow_pickle=False) as saved:
        return {name: saved[name] for name in saved.files}
