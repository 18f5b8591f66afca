"""What most people do: time one program, then the other, and ask Welch's t-test.

Each is a fresh process for half of the time; the first passes are left out as warm-up. Every pass counts as a sample
of its own, as in a notebook. The test is `scipy.stats.ttest_ind(a, b, equal_var=False)`
(https://docs.scipy.org/doc/scipy/reference/generated/scipy.stats.ttest_ind.html, SciPy 1.17).
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from statistics import fmean

from benchmarks.scoreboard.tool import Tool, Trial, Verdict, ask, judged
from scipy.stats import ttest_ind

WARMUP = 0.1
"""Share of the passes that is left out at the beginning."""
LEVELS = (0.05, 0.01)


def run(trial: Trial) -> list[Verdict]:
    """Time one, then the other."""
    taken = {}
    for name, steps in trial.in_order():
        until = time.monotonic() + trial.budget_s / 2
        passes = [float(word) for word in ask("passes.py", trial.side, steps, until, 3).split()]
        taken[name] = passes[int(WARMUP * len(passes)) :]
    return verdicts(taken["as_it_is"], taken["slowed"])


def verdicts(as_it_is: Sequence[float], slowed: Sequence[float]) -> list[Verdict]:
    """What Welch's test says of all passes."""
    ratio, p = fmean(slowed) / fmean(as_it_is), float(ttest_ind(slowed, as_it_is, equal_var=False).pvalue)
    return [Verdict(f"Welch's t-test at {level:g}", judged(ratio, p < level), ratio) for level in LEVELS]


TOOL = Tool(
    name="one, then the other",
    title="one, then the other",
    about="A fresh process of each, one after the other, half of the time each; every pass of 100 steps is a sample, "
    "the first tenth is warm-up; Welch's t-test of SciPy.",
    place=5,
    version=lambda: "",
    needs="",
    found=lambda: True,
    run=run,
)
