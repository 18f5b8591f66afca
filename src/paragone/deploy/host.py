"""Runs one target's script on one artifact and says what came of it: the program of a process of its own.

It may run in an interpreter that has NumPy and the target's packages only, so it imports nothing of ours. Called
as `python host.py REQUEST` with the path of a JSON file; the answer is written where the request says.
"""

from __future__ import annotations

import importlib.util
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
Predict = Callable[[Sequence[Array]], list[Array]]

_LINES, _LONGEST = 6, 400


def main() -> None:
    """Load, and answer all cases, or take the times."""
    request = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    folder, answer = Path(request["folder"]), Path(request["answer"])
    with np.load(request["cases"], allow_pickle=False) as saved:
        arrays = {name: saved[name] for name in saved.files}
    cases = [(name, _inputs(arrays, name)) for name in request["names"]]
    said: dict[str, Any] = {"cases": {}}
    try:
        script = _script(Path(request["script"]))
        predict: Predict = script.load(folder)
        first = predict(cases[0][1])
    except Exception as error:
        said["why"] = _words(error)
    else:
        since_spawn_s = (time.clock_gettime_ns(time.CLOCK_MONOTONIC) - request["spawned_ns"]) / 1e9
        said["cold_start_s"] = getattr(predict, "cold_start_s", since_spawn_s)
        said |= {name: getattr(predict, name, "") for name in ("runtime", "note")}
        if request["seconds"]:
            said |= _timed(predict, cases[0][1], _inputs(arrays, request["batch"]), request["seconds"])
        else:
            outputs = dict(_answered(predict, cases, said["cases"], [np.asarray(each) for each in first]))
            np.savez(request["outputs"], **outputs)
    # Before the facts, for which a script may load the artifact once more.
    said["peak_memory_bytes"] = _peak_bytes() if "why" in said else getattr(predict, "peak_memory_bytes", _peak_bytes)()
    if "why" not in said and not request["seconds"]:
        said["facts"] = _facts(script, folder)
    beside = answer.with_suffix(".part")
    beside.write_text(json.dumps(said), encoding="utf-8")
    beside.replace(answer)


def _inputs(arrays: dict[str, Array], name: str) -> list[Array]:
    found: list[Array] = []
    while (key := f"{name}/x{len(found)}") in arrays:
        found.append(arrays[key])
    return found


def _script(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location("predict", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _answered(
    predict: Predict, cases: Sequence[tuple[str, list[Array]]], said: dict[str, str], first: list[Array]
) -> Any:
    """Outputs by case and number; a case that the runtime refuses says why, and has none."""
    for number, (name, inputs) in enumerate(cases):
        try:
            outputs = predict(inputs) if number else first
        except Exception as error:
            said[name] = _words(error)
            continue
        said[name] = ""
        yield from ((f"{name}/y{place}", np.asarray(each)) for place, each in enumerate(outputs))


def _timed(predict: Predict, one: list[Array], batch: list[Array], seconds: float) -> dict[str, Any]:
    """Single requests one after the other, then batches; both after a warm-up of a fifth of the time."""
    try:
        _samples(predict, one, seconds / 5, 3)
        singles = _samples(predict, one, seconds, 30)
        _samples(predict, batch, seconds / 5, 2)
        batches = _samples(predict, batch, seconds, 10)
    except Exception as error:
        return {"untimed": _words(error)}
    rows = len(batch[0])
    return {"latency_s": singles, "batch": rows, "throughput_per_s": rows * len(batches) / sum(batches)}


def _facts(script: Any, folder: Path) -> dict[str, float]:
    """What else the target's script says of the artifact, a name and a number each; most say nothing."""
    asked = getattr(script, "facts", None)
    if asked is None:
        return {}
    try:
        return {str(name): float(number) for name, number in asked(folder).items()}
    except Exception as error:
        print(f"no facts: {_words(error)}", file=sys.stderr)
        return {}


def _samples(predict: Predict, inputs: list[Array], seconds: float, least: int) -> list[float]:
    """Seconds of one call each. Where a program of another language computes, `last_s` is what it took there."""
    samples: list[float] = []
    began = time.perf_counter()
    while len(samples) < least or time.perf_counter() - began < seconds:
        before = time.perf_counter()
        predict(inputs)
        took_s = time.perf_counter() - before
        samples.append(getattr(predict, "last_s", took_s))
    return samples


def _words(error: BaseException) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return f"{type(error).__name__}: {' '.join(lines[:_LINES])}"[:_LONGEST] if lines else type(error).__name__


def _peak_bytes() -> int | None:
    """The kernel's high-water mark of this process: `VmHWM` of proc(5)."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return None


if __name__ == "__main__":
    main()
