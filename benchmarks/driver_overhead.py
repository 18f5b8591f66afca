"""What it costs to be driven by Paragone: our step against the same loop written by hand without us.

    PYTHONPATH=src python benchmarks/driver_overhead.py --sets 12

For each side and track the two are timed as the measure stage times contenders: sets of fresh processes, mirrored
blocks, an interval over sets. A set in which other programs kept the machine busy is measured again; that is decided
before its ratio is looked at. A ratio of at most 1.02 is what is promised.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from first_task import FRAMEWORKS, TRACKS, contender
from hand import SCRIPTS, HandProcess

from paragone.measure.plan import Pace
from paragone.measure.sets import Contender, Process, SetRecord, run_set
from paragone.measure.statistics import Pairing, compare, summarise, undisturbed_s
from paragone.workers.spawn import Worker

PROMISED = 1.02
DRIVEN, BY_HAND = "driven", "by hand"
DISTURBED_CORES = 0.1
PACE = Pace(timed_s=1.5)


def quiet_sets(side: str, track: str, sets: int, folder: Path) -> Iterator[SetRecord]:
    """So many sets that nobody disturbed, out of three times as many at most."""

    def launch(one: Contender) -> Process:
        log = folder / f"{one.side}.log"
        if one.side == DRIVEN:
            return Worker(one.spec, log)
        return HandProcess(str(SCRIPTS / f"{side}_{track}.py"), log)

    both = [contender(side, track, folder, name) for name in (DRIVEN, BY_HAND)]
    found = 0
    for number in range(3 * sets):
        record = run_set(number, both, pace=PACE, seed=0, launch=launch)
        if record.failed:
            raise SystemExit(f"{side} {track}: {record.failed}")
        if record.other_cores < DISTURBED_CORES:
            found += 1
            yield record
        if found == sets:
            return


def row(side: str, track: str, records: list[SetRecord]) -> str:
    """One line of the table."""
    driven, by_hand = (
        [undisturbed_s(one.contenders[f"{name}/{track}"].block_step_s) for one in records] for name in (DRIVEN, BY_HAND)
    )
    logs = np.log(driven) - np.log(by_hand)
    ratio = compare(Pairing(DRIVEN, BY_HAND, track, "step"), logs.tolist())
    steps = " / ".join(f"{summarise(values).mid * 1e6:.0f}" for values in (driven, by_hand))
    kept = "yes" if ratio.ratio <= PROMISED else "no"
    interval = f"{ratio.low:.3f} to {ratio.high:.3f}"
    return f"| {side} | {track} | {steps} | {ratio.ratio:.3f} | {interval} | {len(records)} | {kept} |"


def main() -> None:
    """Print the table, row by row."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", type=int, default=12, help="undisturbed sets for each row")
    parser.add_argument("--side", choices=tuple(FRAMEWORKS), action="append", help="only this side (may be repeated)")
    parser.add_argument("--track", choices=TRACKS, action="append", help="only this track (may be repeated)")
    chosen = parser.parse_args()
    print("| side | track | step, driven / by hand (µs) | ratio | 99 % interval | sets | at most 1.02 |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for side in chosen.side or FRAMEWORKS:
        for track in chosen.track or TRACKS:
            with tempfile.TemporaryDirectory() as folder:
                records = list(quiet_sets(side, track, chosen.sets, Path(folder)))
            enough = len(records) > 1
            print(row(side, track, records) if enough else f"| {side} | {track} | too disturbed | | | | |", flush=True)


if __name__ == "__main__":
    main()
