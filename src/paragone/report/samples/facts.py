"""Sheets about the run itself: its data, its machine, how it was timed, how large each side is."""

from __future__ import annotations

from math import prod

from paragone.records import Run, Side, TimingPlan
from paragone.report.figures import exact
from paragone.report.samples.base import Sheet, Table, key

RUN = key("run")
MACHINE = key("machine")
PLAN = key("plan")
ENDINGS = {
    "decided": "every pair was decided",
    "budget": "the budget was spent",
    "failed": "no contender was left",
}


def fact_sheets(run: Run) -> tuple[Sheet, ...]:
    """The facts that no measurement stands behind, and those that were read from the machine."""
    plan = (_plan(run.timings.plan),) if run.timings else ()
    return (_run(run), _machine(run), *plan, *(_layers(side) for side in run.sides))


def _facts(rows: dict[str, object]) -> Table:
    return Table(("fact", "value"), tuple((name, str(value)) for name, value in rows.items()))


def _run(run: Run) -> Sheet:
    task, data = run.task, run.task.data
    facts = _facts(
        {
            "samples for training": data.n_train,
            "samples for testing": data.n_test,
            "batch size": task.batch_size,
            "training steps": task.steps,
            "precision of the timing": task.precision,
            "seed": task.seed,
            "seconds that the run took": exact(run.duration_s),
            "SHA-256 of the data": data.sha256,
        }
    )
    arrays = tuple((one.name, " × ".join(map(str, one.shape)), one.dtype) for one in data.arrays)
    return Sheet(RUN, "The task and its data", (facts, Table(("array", "shape", "type"), arrays)))


def _machine(run: Run) -> Sheet:
    machine = run.machine
    facts = _facts(
        {
            "processor": machine.cpu,
            "cores": machine.cores,
            "frequency governor": machine.governor or "not told",
            "bytes of memory": machine.memory_bytes,
            "load before the run": exact(machine.load_before),
            "system": machine.system,
            "Python": machine.python,
        }
    )
    return Sheet(MACHINE, "The machine", (facts,))


def _plan(plan: TimingPlan) -> Sheet:
    rows: dict[str, object] = {
        "sets of fresh processes": plan.sets,
        **_looks(plan),
        "rounds in a set": plan.rounds_per_set,
        "seconds of a block": exact(plan.block_s),
        "seconds of warm-up, at least": exact(plan.warmup_s),
        "seconds of budget": exact(plan.budget_s),
        "confidence of the intervals": exact(plan.level),
        "batch size": plan.batch_size,
        "threads (0: the framework's default)": plan.threads,
    }
    if plan.parent_cpu_share is not None:
        rows["share of a core that the parent used"] = exact(plan.parent_cpu_share)
    return Sheet(PLAN, "How it was timed", (_facts(rows),))


def _looks(plan: TimingPlan) -> dict[str, object]:
    """When ratios were looked at, what each look might spend of the error rate, why the run ended, what it foretold."""
    if not plan.looks:
        return {}
    rows: dict[str, object] = {
        "sets after which ratios were looked at": ", ".join(map(str, plan.looks)),
        "smallest difference that matters": exact(plan.matters),
        "the run ended because": ENDINGS[plan.stopped],
    }
    if (told := plan.forecast) is not None:
        rows["sets after which it was foretold what would show"] = told.sets
        rows["seconds until then, foretold"] = exact(told.seconds)
        rows["smallest difference that would show, foretold"] = exact(told.detectable)
    return rows


def layers_key(side: str) -> str:
    """The sheet with the parameters of a side."""
    return key("layers", side)


def _layers(side: Side) -> Sheet:
    rows = tuple(
        (layer.name, layer.spelled or layer.kind, name, " × ".join(map(str, shape)), str(prod(shape)))
        for layer in side.layers
        for name, shape in layer.parameters.items()
    )
    table = Table(("layer", "written as", "parameter", "shape", "numbers"), rows)
    return Sheet(layers_key(side.name), f"Parameters of {side.name}", (table,), f"Together: {side.n_parameters:,}.")
