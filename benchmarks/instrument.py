"""Whether the instrument is right about itself: real comparisons whose answer is known, on a machine as it is.

    PYTHONPATH=src python benchmarks/instrument.py --side torch --planted 0 --regime idle --trials 25

A side is timed against itself, as `paragone measure` times two sides, with start-ups and within a budget. Some percent
of slowness are planted by taking 105 steps where 100 are asked for. A neighbour may keep one core busy all the time
(`hog`), or now and then (`bursts`). Every trial is a row of docs/results/instrument.json, written when it is done, so
that the count grows from one run to the next; docs/results/instrument.md says what all of them came to.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from scipy.special import betaincinv

try:
    from first_task import FRAMEWORKS, contender
except ImportError:  # as a module of the tests
    from benchmarks.first_task import FRAMEWORKS, contender

from paragone.job import code_digest
from paragone.measure.looks import looks
from paragone.measure.sets import Contender, Launch, Process
from paragone.measure.stage import measure
from paragone.measure.statistics import Estimated, estimated
from paragone.progress import Silent
from paragone.records import Timings
from paragone.trials import Trials, write_whole
from paragone.workers.spawn import Worker

ROWS = Path(__file__).resolve().parents[1] / "docs" / "results" / "instrument.json"
PLAIN, PLANTED = "as it is", "planted"
DISTURBED_CORES = 0.3
"""Cores that strangers may keep busy in the regime `idle`; decided without a look at the ratio."""

_ENDS_WITH_US = "import ctypes, signal\nctypes.CDLL(None).prctl(1, signal.SIGKILL)\n"  # PR_SET_PDEATHSIG of prctl(2)
NEIGHBOURS = {
    "idle": "",
    "hog": _ENDS_WITH_US + "while True: pass",
    "bursts": _ENDS_WITH_US + "import random, time\nwhile True:\n    time.sleep(random.expovariate(1))\n"
    "    end = time.monotonic() + random.expovariate(1)\n    while time.monotonic() < end: pass",
}

Row = dict[str, Any]


class Slowed:
    """A process that takes some more steps than it is asked for, and says how long all of them took.

    Args:
        process: the real one.
        share: of steps more: 0.05 takes 105 for 100. What is left of a step is carried over.
    """

    def __init__(self, process: Process, share: float):
        self._process, self._share, self._owed = process, share, 0.0

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    def call(self, op: str, **arguments: Any) -> dict[str, Any]:
        """As the process does, with more steps."""
        if op == "time_steps":
            self._owed += self._share * arguments["n"]
            more = int(self._owed)
            self._owed -= more
            arguments["n"] += more
        return self._process.call(op, **arguments)

    def pause(self) -> None:
        """Stop it."""
        self._process.pause()

    def close(self) -> None:
        """Kill it."""
        self._process.close()


@contextmanager
def neighbour(regime: str) -> Iterator[None]:
    """Another program that works on this machine while the block runs."""
    if not NEIGHBOURS[regime]:
        yield
        return
    with subprocess.Popen([sys.executable, "-c", NEIGHBOURS[regime]]) as process:
        try:
            yield
        finally:
            process.kill()


def trial(side: Contender, planted: float, *, budget_s: float, seed: int, folder: Path, launch: Launch) -> Row:
    """Time a side against itself with `planted` slowness (0.05 for 5 %)."""

    def launched(one: Contender) -> Process:
        return Slowed(launch(one), planted) if one.side == PLANTED else launch(one)

    began = time.monotonic()
    timings = measure(
        [replace(side, side=name, spec=replace(side.spec, side=name)) for name in (PLAIN, PLANTED)],
        budget_s=budget_s,
        seed=seed,
        batch_size=side.spec.batch_size,
        threads=side.spec.threads,
        trials=Trials(folder),
        key={"planted": planted, "seed": seed},
        log_folder=folder / "logs",
        progress=Silent(),
        launch=launched,
    )
    return _row(timings, planted) | {"took_s": round(time.monotonic() - began, 1), "seed": seed}


def _row(timings: Timings, planted: float) -> Row:
    step = next(one for one in timings.ratios if one.quantity == "step")  # as it is ÷ planted
    plan = timings.plan
    return {
        "planted": planted,
        "verdict": step.verdict,
        "ratio": 1 / step.ratio,
        "low": 1 / step.high,
        "high": 1 / step.low,
        "sets": plan.sets,
        "most_sets": plan.looks[-1],
        "stopped": plan.stopped,
        "budget_s": plan.budget_s,
        "detectable": step.detectable,
        "foretold": plan.forecast.detectable if plan.forecast else None,
        "self_test": {test.quantity: test.verdict for test in timings.self_test},
        "others": [one for one in timings.notes if "kept up to" in one],
        "log_ratios": [round(value, 6) for value in step.log_ratios],
    }


# ---------------------------------------------------------------------------------------------- the page


def bounds(count: int, of: int, level: float = 0.95) -> tuple[float, float]:
    """One-sided bounds of a rate at this level (Clopper and Pearson 1934): the least and the most it may be."""
    low = 0.0 if count == 0 else float(betaincinv(count, of - count + 1, 1 - level))
    high = 1.0 if count == of else float(betaincinv(count + 1, of - count, level))
    return low, high


def page(rows: Sequence[Row]) -> str:
    """What all trials came to, by side, regime and what was planted."""
    kinds = sorted({(row["side"], row["planted"], row["regime"], row["budget_s"]) for row in rows})
    table = [_line(kind, [row for row in rows if _kind(row) == kind]) for kind in kinds]
    same = [row for row in rows if not row["planted"]]
    alarms = sum(row["verdict"] in ("faster", "slower") for row in same)
    pooled = f"False alarms, all regimes together: {alarms} of {len(same)}" + (
        f", at most {100 * bounds(alarms, len(same))[1]:.1f} % (95 % bound; nominal 1 %)." if same else "."
    )
    return "\n".join([INTRODUCTION, pooled, "", *_coverage(rows), "", *HEAD, *table]) + "\n"


def at_95(row: Row) -> Estimated:
    """The interval of the run's last look at 95 %, of planted ÷ as it is; the looks are those that were declared."""
    alpha = 0.05 * looks(row["most_sets"]).share(row["sets"])
    return estimated([-value for value in row["log_ratios"]], alpha)


def _coverage(rows: Sequence[Row]) -> Iterator[str]:
    """How often intervals at 95 % held what was planted, and how wide they had to be for that."""
    planted = [row for row in rows if row["planted"]]
    if not planted:
        yield "No slowness was planted yet."
        return
    held = sum(found.low <= 1 + row["planted"] <= found.high for row in planted for found in [at_95(row)])
    low, high = bounds(held, len(planted))
    yield (
        f"Intervals at 95 % held the truth in {held} of {len(planted)} injections ({100 * low:.1f} to {100 * high:.1f} "
        f"%; to be reached: 93 % of 200). Half their width, in the median: ± {_width(map(at_95, planted))}; Student's "
        f"interval for one look, which could not have been looked at earlier: ± {_width(map(_once, planted))}."
    )


def _once(row: Row) -> Estimated:
    return estimated(row["log_ratios"], 0.05)


def _width(found: Iterable[Estimated]) -> str:
    return f"{100 * statistics.median((one.high / one.low) ** 0.5 - 1 for one in found):.2f} %"


def _kind(row: Row) -> tuple[Any, ...]:
    return row["side"], row["planted"], row["regime"], row["budget_s"]


def _line(kind: tuple[Any, ...], rows: Sequence[Row]) -> str:
    side, planted, regime, budget_s = kind
    seen = sum(row["verdict"] in ("faster", "slower") for row in rows)
    low, high = bounds(seen, len(rows))
    held = sum(row["low"] <= 1 + planted <= row["high"] for row in rows)
    width = statistics.median((row["high"] / row["low"]) ** 0.5 - 1 for row in rows)
    withheld = sum(row["verdict"] == "withheld" for row in rows)
    figures = [
        f"{side}, {regime}, {budget_s:g} s",
        f"{100 * planted:g} %",
        str(len(rows)),
        f"{seen} ({100 * low:.1f} to {100 * high:.1f} %)",
        str(withheld),
        f"{held} of {len(rows)}",
        f"± {100 * width:.1f} %",
        f"{_median(rows, 'sets'):g} of {_median(rows, 'most_sets'):g}",
        f"{_median(rows, 'took_s'):.0f} s",
    ]
    return "| " + " | ".join(figures) + " |"


def _median(rows: Sequence[Row], name: str) -> float:
    return statistics.median(row[name] for row in rows)


INTRODUCTION = """# Whether the instrument is right about itself

`benchmarks/instrument.py` wrote this page: a side is timed against itself, with so much slowness planted. Intervals are
at 99 % for all looks together; the rates have one-sided bounds at 95 %; widths, sets and seconds are medians.
"""
HEAD = (
    "| side, neighbour, budget | planted | trials | seen (rate) | withheld | truth held | width | sets | took |",
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
)


def read(path: Path) -> list[Row]:
    """All rows so far."""
    found: list[Row] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    return found


def save(path: Path, rows: Iterable[Row]) -> None:
    """The rows, a line each, and the page beside them."""
    rows = list(rows)
    write_whole(path, ("[\n" + ",\n".join(map(json.dumps, rows)) + "\n]\n").encode())
    write_whole(path.with_suffix(".md"), page(rows).encode())


def usable(row: Row) -> bool:
    """Whether a trial was made in the regime that it is named after: an idle machine must have been idle."""
    cores = [float(text.partition("kept up to ")[2].split()[0]) for text in row["others"]]
    return row["regime"] != "idle" or max(cores, default=0.0) <= DISTURBED_CORES


def main() -> None:
    """Make trials and keep them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--side", choices=tuple(FRAMEWORKS), default="torch")
    parser.add_argument("--planted", type=float, default=0.0, help="percent")
    parser.add_argument("--regime", choices=tuple(NEIGHBOURS), default="idle")
    parser.add_argument("--budget", type=float, default=120.0, help="seconds")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--trials", type=int, default=1)
    parser.add_argument("--rows", type=Path, default=ROWS)
    chosen = parser.parse_args()
    for _ in range(chosen.trials):
        rows = read(chosen.rows)
        with tempfile.TemporaryDirectory() as scratch, neighbour(chosen.regime):
            folder = Path(scratch)
            one = contender(chosen.side, "idiomatic", folder)
            one = replace(one, spec=replace(one.spec, threads=chosen.threads))

            def launch(each: Contender, folder: Path = folder) -> Worker:
                return Worker(each.spec, folder / f"{each.side}.log", fresh=True)

            planted = chosen.planted / 100
            row = trial(one, planted, budget_s=chosen.budget, seed=len(rows), folder=folder, launch=launch)
        row |= {"side": chosen.side, "regime": chosen.regime, "threads": chosen.threads, "code": code_digest()[:12]}
        print({name: value for name, value in row.items() if name != "log_ratios"}, flush=True)
        if usable(row):
            save(chosen.rows, [*rows, row])
        else:
            print("not kept: other programs were at work", flush=True)


if __name__ == "__main__":
    main()
