"""hyperfine: both commands, `--warmup 1`, then `scripts/welch_ttest.py` of its own repository.

hyperfine times whole commands, start included. Where the time pays for it the passes of a command take twice as long
as its start, and where it does not, as long as leaves `FEWEST_RUNS` of each; what is planted in the steps is then two
thirds of itself in the command, or less.
`--warmup`, `--runs` and `--export-json` as in its manual (https://github.com/sharkdp/hyperfine, 1.15). Its summary
gives a ratio and no verdict; for that its repository has the script `welch_ttest.py`, Welch's t-test at 0.05 over
all runs (https://github.com/sharkdp/hyperfine/tree/master/scripts), which is what is done here.
"""

from __future__ import annotations

import json
import shlex
import shutil
import sys
from collections.abc import Sequence
from statistics import fmean

from benchmarks.scoreboard.tool import PROGRAMS, Probe, Tool, Trial, Verdict, call, judged
from scipy.stats import ttest_ind

LEVEL = 0.05
STEPS_TO_START = 2.0
"""How long a command's passes take at most, beside its start."""
FEWEST_RUNS = 5
"""Runs of each command that there should be."""


def run(trial: Trial) -> list[Verdict]:
    """Time both commands, one after the other, as hyperfine does."""
    passes, runs = plan(trial.budget_s, trial.probe)
    out = trial.folder / "hyperfine.json"
    commands = [command(trial.side, steps, passes) for _, steps in trial.in_order()]
    options = ["--style", "none", "--shell", "none", "--warmup", "1", "--runs", str(runs), "--export-json", str(out)]
    call(["hyperfine", *options, *commands])
    times = [one["times"] for one in json.loads(out.read_text(encoding="utf-8"))["results"]]
    named = dict(zip((name for name, _ in trial.in_order()), times, strict=True))
    return [verdict(named["as_it_is"], named["slowed"])]


def plan(budget_s: float, probe: Probe) -> tuple[int, int]:
    """Passes of a command, and runs of each command that the time pays for besides its warm-up; two at least."""
    affordable_s = budget_s / 2 / (FEWEST_RUNS + 1) - probe.start_s
    passes = max(1, int(min(STEPS_TO_START * probe.start_s, affordable_s) / probe.pass_s))
    command_s = probe.start_s + passes * probe.pass_s
    return passes, max(2, int(budget_s / 2 / command_s) - 1)


def command(side: str, steps: int, passes: int) -> str:
    """A whole program: start, that many passes, end."""
    return shlex.join([sys.executable, str(PROGRAMS / "passes.py"), side, str(steps), "0", str(passes)])


def verdict(as_it_is: Sequence[float], slowed: Sequence[float]) -> Verdict:
    """What `welch_ttest.py` says."""
    ratio, p = fmean(slowed) / fmean(as_it_is), float(ttest_ind(slowed, as_it_is, equal_var=False).pvalue)
    return Verdict("welch_ttest.py, 0.05", judged(ratio, p < LEVEL), ratio)


TOOL = Tool(
    name="hyperfine",
    title="hyperfine",
    about="Whole commands whose passes take at most twice as long as their start, `--warmup 1`, as many runs as the "
    "time pays for; `scripts/welch_ttest.py` of its repository, which tests at 0.05 "
    "([manual](https://github.com/sharkdp/hyperfine)). It sees the start as well, so that 5 % of the steps are 3.3 % "
    "of the command at most.",
    place=3,
    version=lambda: call(["hyperfine", "--version"]).split()[-1],
    needs="hyperfine (apt-get install hyperfine)",
    found=lambda: shutil.which("hyperfine") is not None,
    run=run,
)
