"""A whole record made up for the tests of the report: three sides of the digits task, with four causes."""

from __future__ import annotations

from itertools import combinations, count
from pathlib import Path
from random import Random

from paragone.measure import words
from paragone.records import (
    Array,
    BreakEven,
    Choice,
    Constraint,
    ContenderSet,
    ContenderTiming,
    Criterion,
    CriterionValue,
    Data,
    Duel,
    Forecast,
    Gap,
    Interval,
    Layer,
    Machine,
    Memory,
    Part,
    Phases,
    Ranked,
    Reproduce,
    Run,
    Side,
    Steadiness,
    Task,
    TimingPlan,
    Timings,
    Trait,
)
from paragone.records.choice import GapState

from .sample_proof import proof
from .sample_ratio import ratio, self_test

EXAMPLES = Path(__file__).parents[2] / "examples" / "first_task"
NAMES = ("keras_side", "torch_side", "jax_side")
STEP_S = {"keras_side": 1.42e-3, "torch_side": 0.55e-3, "jax_side": 0.53e-3}
PEAK = {"keras_side": 912 << 20, "torch_side": 498 << 20, "jax_side": 541 << 20}
PHASES = {
    "keras_side": (0.21, 3.9, 0.32, 0.61, 0.0021),
    "torch_side": (0.20, 1.9, 0.05, 0.004, 0.0009),
    "jax_side": (0.22, 1.3, 0.41, 0.55, 0.0008),
}
_PARTS = {
    "keras_side": {
        "layer-1": "layers.Dense(64",
        "layer-2": "layers.Dense(10",
        "loss": 'loss="',
        "optimizer": "optimizer=",
    },
    "torch_side": {
        "layer-1": "self.fc1 =",
        "layer-2": "self.fc2 =",
        "loss": "criterion = nn",
        "optimizer": "optimizer = torch",
    },
    "jax_side": {
        "layer-1": "self.linear1 =",
        "layer-2": "self.linear2 =",
        "loss": "def loss_fn",
        "optimizer": "optimizer = nnx",
        "loop": "def train_step",
    },
}
_LABELS = {
    "layer-1": "Dense 784 → 64, relu",
    "layer-2": "Dense 64 → 10",
    "loss": "cross-entropy",
    "optimizer": "Adam 0.001",
    "loop": "training step",
}
_LENGTH = {"loss": {"jax_side": 3}, "loop": {"jax_side": 5}}
_LOOP = {
    "keras_side": "for x, y in batches:\n    model.train_on_batch(x, y)  # one compiled call\n",
    "torch_side": (
        "for x, y in batches:\n    optimizer.zero_grad()\n    loss = criterion(model(x), y)\n"
        "    loss.backward()\n    optimizer.step()\n"
    ),
    "jax_side": "for x, y in batches:\n    loss = train_step(model, optimizer, x, y)\n",
}
_FRAMEWORK = {
    "keras_side": ("tensorflow", "tensorflow", "2.21.0", {"tensorflow": "2.21.0", "keras": "3.15.0"}),
    "torch_side": ("torch", "torch", "2.13.0", {"torch": "2.13.0"}),
    "jax_side": ("jax", "jax", "0.10.1", {"jax": "0.10.1", "flax": "0.12.4", "optax": "0.2.6"}),
}


def full_run() -> Run:
    """Three sides, everything measured."""
    return Run(
        paragone="0.1.0",
        created="2026-01-05T10:00:00Z",
        name="first_task",
        task=task(),
        machine=machine(),
        sides=tuple(side(name) for name in NAMES),
        proof=proof(NAMES),
        timings=timings(NAMES),
        choice=choice(),
        reproduce=reproduce(),
        duration_s=151.3,
    )


def two_sides() -> Run:
    """Two sides, one pair, everything measured."""
    names = NAMES[:2]
    return full_run().model_copy(
        update={"sides": tuple(map(side, names)), "proof": proof(names), "timings": timings(names), "choice": None}
    )


def bare_run() -> Run:
    """Two sides and nothing shown about them."""
    return full_run().model_copy(
        update={"sides": tuple(map(side, NAMES[:2])), "proof": None, "timings": None, "choice": None}
    )


def timed_alone(n_sides: int = 3) -> Run:
    """What `paragone measure` leaves: nothing was proven or chosen."""
    names, run = NAMES[:n_sides], full_run()
    return run.model_copy(
        update={
            "task": run.task.model_copy(update={"steps": 0}),
            "sides": tuple(map(side, names)),
            "proof": None,
            "timings": timings(names),
            "choice": None,
        }
    )


def one_failed() -> Run:
    """One of two sides failed, so that there is nothing to compare."""
    failed = side("torch_side").model_copy(
        update={"status": "failed", "why": "the worker was killed: out of memory", "log": "logs/torch_side-float32.log"}
    )
    return bare_run().model_copy(update={"sides": (side("keras_side"), failed)})


def task() -> Task:
    data = Data(
        source="digits",
        sha256="5f" * 32,
        arrays=(Array(name="x", shape=(1797, 784), dtype="float32"), Array(name="y", shape=(1797,), dtype="int32")),
        n_train=1437,
        n_test=360,
        kind="classification",
        n_classes=10,
        split="the last fifth of a shuffle with seed 0",
        notice="Optical recognition of handwritten digits, by way of scikit-learn",
    )
    return Task(name="digits", data=data, batch_size=32, seed=0, steps=500)


def machine() -> Machine:
    return Machine(
        cpu="AMD EPYC 7B13",
        cores=2,
        memory_bytes=24 << 30,
        system="Linux 6.1",
        python="3.11.2",
        load_before=0.12,
        packages={"numpy": "2.4.1", "scipy": "1.17.0", "tensorflow": "2.21.0", "torch": "2.13.0", "jax": "0.10.1"},
    )


def side(name: str) -> Side:
    framework, backend, version, packages = _FRAMEWORK[name]
    code = (EXAMPLES / f"{name}.py").read_text()
    logits = name != "keras_side"
    epsilon = 1e-8 if logits else 1e-7
    return Side(
        name=name,
        framework=framework,
        backend=backend,
        version=version,
        packages=packages,
        file=f"sides/{name}.py",
        sha256="ab" * 32,
        code=code,
        model="Net" if logits else "Sequential",
        loss="cross-entropy",
        optimizer="Adam",
        output="logits" if logits else "probabilities",
        n_parameters=50890,
        parts=tuple(_part(name, code, id_, text) for id_, text in _PARTS[name].items()),
        layers=(
            Layer(
                name="layer-1",
                kind="dense",
                spelled="Dense",
                input_shape=(784,),
                output_shape=(64,),
                parameters={"weight": (784, 64), "bias": (64,)},
            ),
            Layer(
                name="layer-2",
                kind="dense",
                spelled="Dense",
                input_shape=(64,),
                output_shape=(10,),
                parameters={"weight": (64, 10), "bias": (10,)},
            ),
        ),
        traits=(Trait(where="optimizer", name="epsilon", value=epsilon, trap="adam-epsilon-default", row="E2"),),
        loop=_LOOP[name],
    )


def _part(name: str, code: str, id_: str, text: str) -> Part:
    first = next(number for number, line in zip(count(1), code.splitlines(), strict=False) if text in line)
    return Part(id=id_, label=_LABELS[id_], first_line=first, last_line=first + _LENGTH.get(id_, {}).get(name, 1) - 1)


def timings(names: tuple[str, ...]) -> Timings:
    sets = {name: _sets(name) for name in names}
    contenders = tuple(
        ContenderTiming(
            side=name,
            track="idiomatic",
            phases_s=sets[name][0].phases_s,
            step_s=Interval(mid=STEP_S[name], low=STEP_S[name] * 0.98, high=STEP_S[name] * 1.02, n=8),
            memory_bytes=sets[name][0].memory_bytes,
            steadiness=steadiness(0.02 * (place + 1)),
            sets=sets[name],
        )
        for place, name in enumerate(names)
    )
    step = [ratio(a, b, "step", STEP_S[a] / STEP_S[b], 0.01) for a, b in combinations(names, 2)]
    cold = [ratio(a, b, "cold start", sum(PHASES[a]) / sum(PHASES[b]), 0.02) for a, b in combinations(names, 2)]
    memory = [ratio(a, b, "peak memory", PEAK[a] / PEAK[b], 0.004) for a, b in combinations(names, 2)]
    return Timings(
        plan=TimingPlan(
            sets=8,
            rounds_per_set=10,
            block_s=0.04,
            warmup_s=0.8,
            budget_s=60.0,
            level=0.99,
            batch_size=32,
            threads=0,
            parent_cpu_share=0.004,
            looks=(5, 8, 12),
            matters=0.02,
            stopped="decided",
            forecast=Forecast(sets=3, seconds=31.0, detectable=0.034),
        ),
        contenders=contenders,
        ratios=(*step, *cold, *memory),
        self_test=tuple(self_test(", ".join(names), quantity) for quantity in ("step", "cold start", "peak memory")),
        break_even=(break_even("torch_side", "jax_side"),) if "jax_side" in names else (),
        trusted=True,
        notes=("load average of the machine before the 8 sets: 0.10 to 0.40",),
    )


def break_even(sooner: str, later: str) -> BreakEven:
    found = BreakEven(
        sooner=sooner,
        sooner_track="idiomatic",
        later=later,
        later_track="idiomatic",
        steps=16_700,
        low=13_200,
        high=24_900,
        alpha=0.003,
    )
    return found.model_copy(update={"sentence": words.of_break_even(found)})


def steadiness(moved: float) -> Steadiness:
    """Steady, undecided and not steady, as it moves more."""
    low, high = 1 - moved - 0.01, 1 + 0.03 - moved
    found = Steadiness(
        verdict="steady" if moved < 0.03 else "undecided" if moved < 0.05 else "not steady",
        drift=1.01 - moved,
        low=low,
        high=high - 0.001,
        apart=1 / low - 1,
        alpha=0.003,
        warmup_s=0.61,
        cold=0,
        processes=11,
    )
    return found.model_copy(update={"sentence": words.of_steadiness(found)})


def _sets(name: str) -> tuple[ContenderSet, ...]:
    random = Random(name)
    return tuple(_set(name, number, random) for number in range(8))


def _set(name: str, number: int, random: Random) -> ContenderSet:
    start, import_, build, compile_, first = (seconds * random.uniform(0.97, 1.05) for seconds in PHASES[name])
    blocks = tuple(STEP_S[name] * random.uniform(0.95, 1.08) for _ in range(20))
    wall = start + import_ + build + compile_ + first + 2.4
    return ContenderSet(
        set=number,
        phases_s=Phases(start=start, import_=import_, build=build, compile=compile_, first_step=first),
        steady_s=2.4,
        wall_s=wall + 0.8,
        accounted_s=wall,
        memory_bytes=Memory(peak=PEAK[name], after_import=int(PEAK[name] * 0.7), after_build=int(PEAK[name] * 0.8)),
        warmup_steps=640,
        steps_per_block=40,
        block_step_s=blocks,
    )


def choice() -> Choice:
    values = {"keras_side": 0.62, "torch_side": 0.74, "jax_side": 0.74}
    criteria = (
        _criterion("step-time", "Steady step time", "s", (10.0, 1e-5), {n: (STEP_S[n], values[n]) for n in NAMES}),
        _criterion("accuracy", "Accuracy over seeds", "share", (0.0, 1.0), dict.fromkeys(NAMES, (0.968, 0.968))),
        _criterion("peak-memory", "Peak memory", "bytes", (2.0**36, 2.0**26), {n: (PEAK[n], 0.65) for n in NAMES}),
    )
    return Choice(
        profile="balanced",
        description="speed, memory and accuracy alike",
        verdict="no robust winner",
        winner=None,
        constraints=tuple(
            Constraint(id="runs", text="runs to the end", side=name, met=True, evidence="it ran to the end in this run")
            for name in NAMES
        ),
        criteria=criteria,
        ranking=(
            Ranked(side="jax_side", score=Interval(mid=0.791, low=0.78, high=0.80), p_best=0.55),
            Ranked(side="torch_side", score=Interval(mid=0.790, low=0.78, high=0.80), p_best=0.44),
            Ranked(side="keras_side", score=Interval(mid=0.742, low=0.73, high=0.75), p_best=0.01),
        ),
        because=("jax_side is best in 55 % of the draws, below the 90 % that a winner needs.",),
        flips=("At a weight of 0.41 for peak memory torch_side draws level.",),
        not_weighed=("Deployment: this run shipped nothing.",),
        duels=tuple(_duel(a, b, criteria) for a, b in combinations(NAMES, 2)),
    )


def _duel(a: str, b: str, criteria: tuple[Criterion, ...]) -> Duel:
    gaps = []
    for one in criteria:
        utility = {value.side: value.utility.mid for value in one.values}
        lead = utility[a] - utility[b]
        state: GapState = "apart" if lead else "tied"
        gaps.append(Gap(criterion=one.id, state=state, low=lead, high=lead, spread=0.02))
    return Duel(a=a, b=b, a_ahead=0.5, b_ahead=0.5, level=not any(gap.low for gap in gaps), gaps=tuple(gaps))


def _criterion(
    id_: str, label: str, unit: str, ends: tuple[float, float], rows: dict[str, tuple[float, float]]
) -> Criterion:
    values = tuple(
        CriterionValue(
            side=name,
            value=Interval(mid=value, low=value * 0.99, high=value * 1.01, n=8),
            utility=Interval(mid=utility, low=utility - 0.01, high=utility + 0.01, n=8),
        )
        for name, (value, utility) in rows.items()
    )
    return Criterion(
        id=id_,
        label=label,
        unit=unit,
        weight=1 / 3,
        worst=ends[0],
        best=ends[1],
        evidence="measured in this run",
        values=values,
    )


def reproduce() -> Reproduce:
    return Reproduce(
        command="paragone compare keras_side.py torch_side.py jax_side.py --data digits",
        options={"seed": 0, "budget": 60.0, "profile": "balanced", "data": "digits"},
        requirements=("tensorflow==2.21.0", "torch==2.13.0", "jax==0.10.1"),
    )
