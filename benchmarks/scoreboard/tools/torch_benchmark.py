"""`torch.utils.benchmark`: a `Timer` for each program in one process, then `Compare`.

Used as its manual says: `blocked_autorange`, which warms up and chooses the size of a block, with a `min_run_time`;
then `Compare` with `trim_significant_figures()` and `colorize()`
(https://docs.pytorch.org/docs/2.13/benchmark_utils.html and
https://docs.pytorch.org/tutorials/recipes/recipes/benchmark.html). The tool gives a table and no verdict. It is read
in the two ways that its table offers: whether the two medians still differ once they are trimmed to their significant
figures, and whether the slower one loses the mark of the best, which all have that are within 1 % of it.
"""

from __future__ import annotations

import json
import time
from importlib.metadata import version
from importlib.util import find_spec

from benchmarks.scoreboard.tool import UNIT_STEPS, Tool, Trial, Verdict, ask, judged

BEST = 1.01
"""`Compare` marks as best what is at most so many times the best (torch 2.13, utils/benchmark/utils/compare.py)."""


def run(trial: Trial) -> list[Verdict]:
    """Time both in one process, as the manual does."""
    until = time.monotonic() + trial.budget_s
    order = [name for name, _ in trial.in_order()]
    said = ask("torch_timer.py", trial.side, UNIT_STEPS, trial.slowed_steps, until, *order)
    return verdicts(json.loads(said.splitlines()[-1]))


def verdicts(said: dict[str, dict[str, float]]) -> list[Verdict]:
    """How the table is read; `median` and `trimmed` in seconds of a pass."""
    a, b = said["as_it_is"], said["slowed"]
    ratio = b["median"] / a["median"]
    return [
        Verdict("medians trimmed to significant figures differ", judged(ratio, a["trimmed"] != b["trimmed"]), ratio),
        Verdict("not both marked as best", judged(ratio, max(ratio, 1 / ratio) > BEST), ratio),
    ]


TOOL = Tool(
    name="torch.utils.benchmark",
    title="torch.utils.benchmark",
    about="`Timer.blocked_autorange` of one, then of the other, in one process; `Compare` with "
    "`trim_significant_figures()` and `colorize()`, read both ways, since it gives no verdict "
    "([manual](https://docs.pytorch.org/docs/2.13/benchmark_utils.html)).",
    place=4,
    version=lambda: version("torch"),
    needs="PyTorch",
    found=lambda: find_spec("torch") is not None,
    run=run,
)
