"""What it costs to be driven by Paragone: our step against the same loop written by hand without us.

    PYTHONPATH=src python benchmarks/driver_overhead.py --budget 300

For each framework and track the two are timed by the measure stage itself: sets of fresh processes, mirrored blocks,
an interval over sets. A ratio of at most 1.02 is what is promised.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from first_task import FRAMEWORKS, TRACKS, contender
from hand import SCRIPTS, HandProcess

from paragone.measure.plan import Pace
from paragone.measure.sets import Contender, Process
from paragone.measure.stage import measure
from paragone.progress import Silent
from paragone.records import Timings
from paragone.trials import Trials
from paragone.workers.spawn import Worker

PROMISED = 1.02
DRIVEN, BY_HAND = "driven", "by hand"


def overhead(side: str, track: str, budget_s: float, pace: Pace) -> Timings:
    """Time the driven loop against the loop written by hand."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)

        def launch(one: Contender) -> Process:
            log = folder / "logs" / f"{one.side}.log"
            if one.side == DRIVEN:
                return Worker(one.spec, log)
            return HandProcess(str(SCRIPTS / f"{side}_{track}.py"), log)

        return measure(
            [contender(side, track, folder, name) for name in (DRIVEN, BY_HAND)],
            budget_s=budget_s,
            seed=0,
            batch_size=32,
            threads=0,
            trials=Trials(folder),
            key={"benchmark": f"{side} {track}"},
            log_folder=folder,
            progress=Silent(),
            pace=pace,
            launch=launch,
        )


def row(side: str, track: str, timings: Timings) -> str:
    """One line of the table."""
    failed = [one for one in timings.contenders if one.status == "failed"]
    if failed:
        return f"| {side} | {track} | failed: {failed[0].why} | | | |"
    ratio = next(one for one in timings.ratios if one.quantity == "step")
    steps = " / ".join(f"{one.step_s.mid * 1e6:.0f}" for one in timings.contenders if one.step_s)
    kept = "yes" if ratio.ratio <= PROMISED else "no"
    interval = f"{ratio.low:.3f} to {ratio.high:.3f}"
    return f"| {side} | {track} | {steps} | {ratio.ratio:.3f} | {interval} | {timings.plan.sets} | {kept} |"


def main() -> None:
    """Print the table, row by row."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--budget", type=float, default=300.0, help="seconds for each row")
    parser.add_argument("--side", choices=tuple(FRAMEWORKS), action="append", help="only this side (may be repeated)")
    parser.add_argument("--track", choices=TRACKS, action="append", help="only this track (may be repeated)")
    chosen = parser.parse_args()
    print("| side | track | step, driven / by hand (µs) | ratio | 99 % interval | sets | at most 1.02 |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for side in chosen.side or FRAMEWORKS:
        for track in chosen.track or TRACKS:
            print(row(side, track, overhead(side, track, chosen.budget, Pace(timed_s=2.0))), flush=True)


if __name__ == "__main__":
    main()
