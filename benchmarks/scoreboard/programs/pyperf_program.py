"""`pyperf_program.py --side SIDE --steps N`: a pass of N training steps, as pyperf's manual writes a benchmark."""

import argparse

import pyperf
from steps import steps_of


def passed_on(command: list[str], given: argparse.Namespace) -> None:
    """Tell pyperf's worker processes our own options."""
    command.extend(["--side", given.side, "--steps", str(given.steps)])


runner = pyperf.Runner(add_cmdline_args=passed_on)
runner.argparser.add_argument("--side", required=True)
runner.argparser.add_argument("--steps", type=int, required=True)
given = runner.parse_args()
run = steps_of(given.side) if given.worker else None


def timed(loops: int) -> float:
    assert run is not None
    return sum(run(given.steps) for _ in range(loops))


runner.bench_time_func("a pass", timed)
