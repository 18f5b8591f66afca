"""Whether taking turns disturbs a contender: its blocks in turn with others against its blocks alone.

    PYTHONPATH=src python benchmarks/interleaving.py --sets 8

In each set every process first takes turns with the others, stopped in between, and then runs the same blocks alone.
A ratio near 1 says that being stopped and woken again does not change what a block takes.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from contextlib import ExitStack
from pathlib import Path

import numpy as np
from first_task import FRAMEWORKS, contender

from paragone.measure.statistics import Certainty, Pairing, compare, undisturbed_s
from paragone.workers.spawn import Worker

BLOCK_S = 0.04
ROUNDS = 12


def log_ratios(number: int, folder: Path) -> dict[str, float]:
    """One set: log(in turns / alone) of each side."""
    dice = random.Random(number)
    with ExitStack() as stack:
        workers = {}
        for side in dice.sample(list(FRAMEWORKS), k=len(FRAMEWORKS)):
            worker = stack.enter_context(Worker(contender(side, "idiomatic", folder).spec, folder / f"{side}.log"))
            workers[side] = (worker, _warm(worker))
            worker.pause()
        in_turns, alone = _in_turns(workers, dice), _alone(workers, dice)
    return {side: float(np.log(undisturbed_s(in_turns[side]) / undisturbed_s(alone[side]))) for side in workers}


def _warm(worker: Worker) -> int:
    """Steps in a block, known once the worker is warm."""
    worker.call("time_start", track="idiomatic")
    worker.call("time_steps", n=500)
    step_s = float(worker.call("time_steps", n=500)["elapsed_s"]) / 500
    return max(1, round(BLOCK_S / step_s))


def _in_turns(workers: dict[str, tuple[Worker, int]], dice: random.Random) -> dict[str, list[float]]:
    blocks: dict[str, list[float]] = {side: [] for side in workers}
    for _ in range(ROUNDS):
        order = dice.sample(list(workers), k=len(workers))
        for side in [*order, *reversed(order)]:
            worker, n = workers[side]
            blocks[side].append(worker.call("time_steps", n=n)["elapsed_s"] / n)
            worker.pause()
    return blocks


def _alone(workers: dict[str, tuple[Worker, int]], dice: random.Random) -> dict[str, list[float]]:
    blocks = {}
    for side in dice.sample(list(workers), k=len(workers)):
        worker, n = workers[side]
        blocks[side] = [worker.call("time_steps", n=n)["elapsed_s"] / n for _ in range(2 * ROUNDS)]
        worker.pause()
    return blocks


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", type=int, default=8)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        rows = [log_ratios(number, Path(scratch)) for number in range(chosen.sets)]
    print("| side | in turns / alone | 99 % interval | sets |")
    print("| --- | --- | --- | --- |")
    for side in FRAMEWORKS:
        certainty = Certainty(family=len(FRAMEWORKS))
        ratio = compare(Pairing(side, side, "idiomatic", "step"), [one[side] for one in rows], certainty)
        print(f"| {side} | {ratio.ratio:.3f} | {ratio.low:.3f} to {ratio.high:.3f} | {chosen.sets} |")


if __name__ == "__main__":
    main()
