"""pyperf: a script for each program with `Runner.bench_time_func`, then `pyperf compare_to`.

The defaults of its `Runner`: fresh processes, one warm-up and three values in each, the loops of a value calibrated to
100 ms; the number of processes is what the time pays for (20 unless told otherwise). `compare_to` "uses a Student's
two-sample, two-tailed t-test" over all values of all processes (https://pyperf.readthedocs.io/en/latest/cli.html#compare-to-cmd,
https://pyperf.readthedocs.io/en/latest/run_benchmark.html; pyperf 2.11). `pyperf system tune` is not run: it needs
root and changes the machine for everybody.
"""

from __future__ import annotations

import json
import sys
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from statistics import fmean

from benchmarks.scoreboard.tool import Probe, Tool, Trial, Verdict, ask, call, judged

VALUE_S, VALUES, CALIBRATIONS = 0.1, 4, 2
"""Least seconds of a value, values with the warm-up, and processes that only calibrate."""


def run(trial: Trial) -> list[Verdict]:
    """Time one, then the other, and compare."""
    files = {name: trial.folder / f"{name}.json" for name, _ in trial.in_order()}
    for name, steps in trial.in_order():
        words = ("--side", trial.side, "--steps", steps, "--copy-env", "--quiet")
        ask("pyperf_program.py", *words, "-p", processes(trial.budget_s, trial.probe), "-o", files[name])
    said = call([sys.executable, "-m", "pyperf", "compare_to", *map(str, files.values())])
    return [verdict(said, *(_mean(files[name]) for name in ("as_it_is", "slowed")))]


def processes(budget_s: float, probe: Probe) -> int:
    """How many processes of each program the time pays for; two at least."""
    value_s = max(VALUE_S, probe.pass_s) + probe.pass_s / 2  # loops are powers of two
    each_s = probe.start_s + VALUES * value_s
    return max(2, int(budget_s / 2 / each_s) - CALIBRATIONS)


def verdict(said: str, as_it_is: float, slowed: float) -> Verdict:
    """What `compare_to` prints, and the ratio of the means that it compares."""
    ratio = slowed / as_it_is
    return Verdict("compare_to", judged(ratio, "not significant" not in said.lower()), ratio)


def _mean(path: Path) -> float:
    """The mean of all values, as `compare_to` has it."""
    runs = json.loads(path.read_text(encoding="utf-8"))["benchmarks"][0]["runs"]
    return fmean(value for one in runs for value in one.get("values", ()))


TOOL = Tool(
    name="pyperf",
    title="pyperf",
    about="`Runner.bench_time_func` with its defaults, as many fresh processes as the time pays for; "
    "`pyperf compare_to` ([manual](https://pyperf.readthedocs.io/en/latest/cli.html#compare-to-cmd)).",
    place=2,
    version=lambda: version("pyperf"),
    needs="pyperf (pip install 'paragone[benchmarks]')",
    found=lambda: find_spec("pyperf") is not None,
    run=run,
)
