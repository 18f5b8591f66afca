"""What passes between the stages: frozen, typed, versioned, saved as JSON.

`Run` is the whole record of a run (`run.json`); the other records are its parts. Times are in seconds, sizes in
bytes, ratios are `a / b`. A list of samples beside a figure is what the figure was computed from.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

SCHEMA = "paragone.run/1"

SameVerdict = Literal["same", "different", "undecided", "not run"]
SpeedVerdict = Literal["faster", "slower", "less", "more", "tie", "withheld"]
DType = Literal["float32", "float64"]


class Record(BaseModel):
    """A frozen record; an unknown field is an error. JSON has no infinity: it is the text `Infinity` there."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="strings")


class Interval(Record):
    """An estimate with the interval that holds it; `level` is the confidence (0.99 for 99 %)."""

    mid: float
    low: float
    high: float
    level: float = 0.95
    n: int = 0


class Array(Record):
    """One array of the data: its name, shape (samples first) and dtype."""

    name: str
    shape: tuple[int, ...]
    dtype: str


class Data(Record):
    """The data that every side was given, and where it came from."""

    source: str
    sha256: str
    arrays: tuple[Array, ...]
    n_train: int
    n_test: int
    kind: Literal["classification", "regression"]
    n_classes: int | None = None
    split: str
    notice: str = ""


class Task(Record):
    """What is learned, as far as it is known without a framework."""

    name: str
    data: Data
    batch_size: int
    seed: int
    steps: int
    scheduler_step: Literal["epoch", "batch"] = "epoch"


class Machine(Record):
    """The machine of the run; names neither user nor host."""

    cpu: str
    cores: int
    memory_bytes: int
    system: str
    python: str
    accelerators: tuple[str, ...] = ()
    load_before: float
    packages: dict[str, str]


class Part(Record):
    """A stretch of a side's file that does one thing; parts with the same `id` correspond across sides.

    Args:
        id: for example `layer-1`, `loss`, `optimizer`, `loop`.
        label: for example `Dense 784 → 64`.
        first_line: 1-based, inclusive.
        last_line: 1-based, inclusive.
    """

    id: str
    label: str
    first_line: int
    last_line: int


class Layer(Record):
    """A layer as it was executed: shapes without the batch axis."""

    name: str
    kind: str
    spelled: str
    line: int | None = None
    input_shape: tuple[int, ...] = ()
    output_shape: tuple[int, ...] = ()
    parameters: dict[str, tuple[int, ...]] = Field(default_factory=dict)


class Trait(Record):
    """One property of meaning of a side: the epsilon of its optimizer, the momentum of its batch norm.

    `where` is `optimizer`, `loss`, `output` or the canonical name of a layer; `trap` the slug of the trap that a
    difference in this trait is, `row` its id in the catalogue.
    """

    where: str
    name: str
    value: float | int | str | bool | None
    trap: str
    row: str | None = None
    line: int | None = None
    settable: bool = True


class Side(Record):
    """One framework's version of the task, as it was run."""

    name: str
    framework: str
    backend: str
    version: str
    packages: dict[str, str] = Field(default_factory=dict)
    file: str
    sha256: str
    code: str
    track: str = "idiomatic"
    device: str = "cpu"
    status: Literal["ok", "failed"] = "ok"
    why: str = ""
    log: str = ""
    model: str = ""
    loss: str = ""
    optimizer: str = ""
    output: Literal["logits", "probabilities", "log-probabilities", "values", ""] = ""
    input_view: str = ""
    n_parameters: int = 0
    parts: tuple[Part, ...] = ()
    layers: tuple[Layer, ...] = ()
    traits: tuple[Trait, ...] = ()
    loop: str = ""
    notes: tuple[str, ...] = ()


class Distance(Record):
    """How far one tensor of `a` is from the same tensor of `b`."""

    tensor: str
    max_rel: float
    index: tuple[int, ...] = ()
    a: float | None = None
    b: float | None = None


class Checkpoint(Record):
    """The distance of the weights after `step` training steps."""

    step: int
    max_rel: float


class Rung(Record):
    """One step of the ladder for one pair in one precision.

    `max_rel` is max|a - b| / max|b| of the worst tensor; for `initialisation` it is the largest
    Kolmogorov-Smirnov distance and `tolerance` the largest p-value that counts as a difference.
    """

    name: Literal["structure", "initialisation", "forward", "loss", "gradients", "step", "trajectory", "outcome"]
    dtype: DType
    verdict: SameVerdict
    max_rel: float | None = None
    tolerance: float | None = None
    floor: float | None = None
    where: str = ""
    detail: str = ""
    distances: tuple[Distance, ...] = ()
    checkpoints: tuple[Checkpoint, ...] = ()


class Explains(Record):
    """What a cause does: the distance with only this cause left in, and with all causes removed."""

    rung: str
    dtype: DType
    present: float
    removed: float
    factor: float
    text: str = ""


class Effect(Record):
    """What a cause is worth: the side trained with it against the side trained without it."""

    steps: int
    parameters_rel: float | None = None
    loss: Interval | None = None
    accuracy: Interval | None = None
    seeds: int = 0
    text: str = ""


class Fix(Record):
    """The line to change."""

    side: str
    file: str
    line: int | None
    text: str
    replacement: str = ""


class Cause(Record):
    """A trap shown, by experiment, to be what separates two sides."""

    trap: str
    row: str | None
    title: str
    side: str
    where: str
    a: str
    b: str
    explains: Explains
    effect: Effect | None = None
    fix: Fix | None = None
    source: str = ""


class Gauge(Record):
    """A difference of form that is none of meaning, with the experiment that shows it."""

    name: str
    text: str
    why: str
    evidence: str = ""


class Pair(Record):
    """The ladder between two sides."""

    a: str
    b: str
    verdict: SameVerdict
    rungs: tuple[Rung, ...]
    causes: tuple[Cause, ...] = ()
    unexplained: str = ""


class Curve(Record):
    """The training loss of one side, step by step, from the common start, and how far rounding alone moves it.

    `band` is the largest distance of the noise runs' loss from `loss`, step by step.
    """

    side: str
    dtype: DType
    loss: tuple[float, ...]
    band: tuple[float, ...] = ()
    corrected: bool = False


class Floor(Record):
    """The drift of a side from itself under rounding noise: the largest over `runs` runs of `steps` steps."""

    side: str
    dtype: DType
    runs: int
    steps: int
    max_rel: float
    samples: tuple[float, ...]
    checkpoints: tuple[Checkpoint, ...] = ()


class Outcome(Record):
    """What one side learns, over seeds: test accuracy (None for regression) and test loss.

    `variant` is `as written` or the slug of the cause that was removed.
    """

    side: str
    variant: str
    steps: int
    seeds: tuple[int, ...]
    accuracy: tuple[float, ...] = ()
    loss: tuple[float, ...] = ()


class Proof(Record):
    """Whether the sides are the same task."""

    verdict: SameVerdict
    steps: int
    tolerances: dict[str, float]
    pairs: tuple[Pair, ...]
    corrected: tuple[Pair, ...] = ()
    gauges: tuple[Gauge, ...] = ()
    floors: tuple[Floor, ...] = ()
    curves: tuple[Curve, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    notes: tuple[str, ...] = ()


class Phases(Record):
    """Where a contender's first seconds go; with the steady steps they add up to the wall time of its process.

    `start` is the interpreter and our worker, `import` the framework, `build` the side's file and the data,
    `compile` what the first step cost beyond the second, `first_step` the rest of the first step.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    start: float
    import_: float = Field(alias="import")
    build: float
    compile: float
    first_step: float


class Memory(Record):
    """Resident memory in bytes: the kernel's high-water mark of the process, and what stood there before training."""

    peak: int
    after_import: int
    after_build: int


class ContenderSet(Record):
    """One fresh process of one contender in one set: its raw figures.

    `accounted_s` is the wall time less what was spent waiting or stopped; the phases and `steady_s` (all steps after
    the first, warm-up included) add up to it. `block_step_s` is seconds a step, two blocks a round.
    """

    set: int
    phases_s: Phases
    steady_s: float
    wall_s: float
    accounted_s: float
    memory_bytes: Memory
    warmup_steps: int
    steps_per_block: int
    block_step_s: tuple[float, ...]


class ContenderTiming(Record):
    """How long one contender takes. `step_s` is over sets of fresh processes."""

    side: str
    track: str
    status: Literal["ok", "failed"] = "ok"
    why: str = ""
    phases_s: Phases | None = None
    step_s: Interval | None = None
    memory_bytes: Memory | None = None
    sets: tuple[ContenderSet, ...] = ()


class Ratio(Record):
    """`a / b` of one quantity, with its interval over sets, and the smallest difference that would have shown.

    `verdict` says what `a` is relative to `b`; `log_ratios` has one value a set.
    """

    a: str
    b: str
    track: str
    quantity: str
    ratio: float
    low: float
    high: float
    level: float
    verdict: SpeedVerdict
    detectable: float
    log_ratios: tuple[float, ...]
    sentence: str = ""


class TimingPlan(Record):
    """How the timing was done; fixed before the first comparison was looked at."""

    sets: int
    rounds_per_set: int
    block_s: float
    warmup_s: float
    budget_s: float
    level: float
    batch_size: int
    threads: int
    parent_cpu_share: float | None = None


class Timings(Record):
    """The measured speeds and sizes."""

    plan: TimingPlan
    contenders: tuple[ContenderTiming, ...]
    ratios: tuple[Ratio, ...]
    self_test: tuple[Ratio, ...]
    trusted: bool
    notes: tuple[str, ...] = ()


class Constraint(Record):
    """A hard requirement and whether a side meets it."""

    id: str
    text: str
    side: str
    met: bool
    evidence: str


class CriterionValue(Record):
    """One side's value on one criterion, and its utility on the criterion's fixed scale (0 to 1)."""

    side: str
    value: Interval
    utility: Interval


class Criterion(Record):
    """What is weighed: `worst` and `best` are the fixed ends of its scale, in `unit`."""

    id: str
    label: str
    unit: str
    weight: float
    worst: float
    best: float
    evidence: str
    values: tuple[CriterionValue, ...]


class Ranked(Record):
    """One side's place: its score with interval and how often it is the best over all draws."""

    side: str
    score: Interval
    p_best: float


class Choice(Record):
    """The recommendation, or why there is none."""

    profile: str
    description: str
    verdict: Literal["winner", "no robust winner", "nothing to choose"]
    winner: str | None
    constraints: tuple[Constraint, ...]
    criteria: tuple[Criterion, ...]
    ranking: tuple[Ranked, ...]
    because: tuple[str, ...]
    flips: tuple[str, ...]
    not_weighed: tuple[str, ...] = ()


class Reproduce(Record):
    """How to make this run again."""

    command: str
    options: dict[str, str | int | float | bool | None]
    requirements: tuple[str, ...]


class Run(Record):
    """The whole record of a run."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    schema_: str = Field(default=SCHEMA, alias="schema")
    paragone: str
    created: str
    name: str
    task: Task
    machine: Machine
    sides: tuple[Side, ...]
    proof: Proof | None = None
    timings: Timings | None = None
    artifacts: tuple[dict[str, str], ...] = ()
    claims: tuple[dict[str, str], ...] = ()
    choice: Choice | None = None
    reproduce: Reproduce
    duration_s: float

    def _repr_html_(self) -> str:
        """The page of this run, as a notebook shows it."""
        from paragone.report.notebook import notebook_html

        return notebook_html(self)
