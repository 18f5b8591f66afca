"""A whole record of a sweep, made up for the tests of the report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from paragone.measure.sets import Contender
from paragone.measure.sweep.sets import SweptSet
from paragone.measure.sweep.verdicts import told
from paragone.records import Run, Sweep, SweepPlan, SweptProcess
from paragone.workers.spawn import WorkerSpec

from .sample import timed_alone

SIZES = tuple(2**power for power in range(0, 13, 2))
COST_S = {"keras_side": (9e-4, 2e-6), "torch_side": (2.1e-4, 4.2e-6), "jax_side": (4e-4, 2.1e-6)}
Cost = Callable[[str, int], float]


def line(side: str, size: int) -> float:
    """Overhead and marginal cost."""
    overhead_s, each_s = COST_S[side]
    return overhead_s + each_s * size


def swept_run(sides: int = 3, tracks: Sequence[str] = ("idiomatic",), failed: str = "") -> Run:
    """A run of so many sides; one of them may have failed at the largest size."""
    run = timed_alone(sides)
    contenders = [
        Contender(one.name, track, WorkerSpec(one.name, "torch", "")) for one in run.sides for track in tracks
    ]
    return run.model_copy(update={"timings": None, "sweep": swept(contenders, failed=failed)})


def swept(contenders: Sequence[Contender], cost: Cost = line, failed: str = "", *, straight: bool = True) -> Sweep:
    """What four made-up sets say together."""
    why = {SIZES[-1]: {one.name: f"{one.side}: out of memory" for one in contenders if one.side == failed}}
    sets = [_set(number, contenders, cost, why) for number in range(4)]
    plan = SweepPlan(
        axis="batch=1..4096", called="batch size", counted="sample", sizes=SIZES, sets=len(sets), block_s=0.03,
        timed_s=0.3, warmup_s=0.25, budget_s=270.0, level=0.99, batch_size=32, threads=1, matters=0.02,
        parent_cpu_share=0.002,
    )  # fmt: skip
    return told(contenders, plan, sets, why, line=straight)


def _set(number: int, contenders: Sequence[Contender], cost: Cost, why: dict[int, dict[str, str]]) -> SweptSet:
    dice = Random(number)
    twin_of = contenders[number % len(contenders)]
    places = [*contenders, twin_of]
    found: dict[int, dict[str, tuple[SweptProcess, ...]]] = {}
    for size in SIZES:
        found[size] = {}
        for place, one in enumerate(places):
            if one.name not in why.get(size, {}):
                process = _process(number, cost(one.side, size), dice, twin=place == len(contenders))
                found[size][one.name] = (*found[size].get(one.name, ()), process)
    return SweptSet(
        set=number, processes=found, failed={size: why.get(size, {}) for size in SIZES}, took_s=60.0, load_before=0.3,
        parent_cores=0.002, other_cores=0.01,
    )  # fmt: skip


def _process(number: int, step_s: float, dice: Random, *, twin: bool) -> SweptProcess:
    blocks = tuple(step_s * (1 + abs(dice.gauss(0, 0.02))) for _ in range(10))
    return SweptProcess(
        set=number, twin=twin, first=not twin, ready_s=0.4, warmup_steps=200, warmup_s=0.3, warm=True,
        steps_per_block=20, block_step_s=blocks,
    )  # fmt: skip
