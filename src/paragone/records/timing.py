"""Records of a timing: phases, memory, sets, ratios."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, Field

from paragone.records.base import Interval, Record

SpeedVerdict = Literal["faster", "slower", "less", "more", "tie", "withheld"]
SteadyVerdict = Literal["steady", "not steady", "undecided"]
Ending = Literal["decided", "budget", "failed"]


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


class Inference(Record):
    """One process at one batch size, in evaluation mode: a call takes a batch in memory and gives NumPy arrays.

    `ready_s` is the time to make ready for this size and to call twice, compilation included; `block_call_s` is
    seconds a call, two blocks a round. `spent_s` is all of it with the warm-up.
    """

    batch_size: int
    ready_s: float
    warmup_s: float
    warm: bool | None
    calls_per_block: int
    block_call_s: tuple[float, ...]
    spent_s: float


class Epoch(Record):
    """One process over whole epochs: batches made from the training set in a random order, with and without steps.

    `block_epoch_s` is seconds an epoch with the training steps, `block_pipeline_s` of the same batches made and thrown
    away; `batches` are in an epoch.
    """

    batches: int
    block_epoch_s: tuple[float, ...]
    block_pipeline_s: tuple[float, ...]
    spent_s: float


class Until(Record):
    """One process trained until a metric of the test set was good enough, or for as many epochs as it may.

    Processes of one set take the same `seed`. `epoch_s` is seconds of training of each epoch, compilation included in
    the first, `values` the metric after it; `evaluate_s` is what all looks at the test set took, `ready_s` the build.
    """

    seed: int
    batches: int
    reached: bool
    epoch_s: tuple[float, ...]
    values: tuple[float | None, ...]
    evaluate_s: float
    ready_s: float

    @property
    def spent_s(self) -> float:
        """All of it."""
        return self.ready_s + sum(self.epoch_s) + self.evaluate_s


class Product(Record):
    """The shortest time of a product of two square matrices of `size` rows in float32, `by` a framework or NumPy."""

    by: str
    size: int
    best_s: float


class StepWork(Record):
    """Floating-point operations of a training step, by convention (`paragone.work`), and the process's best products.

    `flops` is None where a layer cannot be counted, and `unknown` says which.
    """

    flops: float | None
    unknown: str
    products: tuple[Product, ...]
    spent_s: float


class ContenderSet(Record):
    """One fresh process of one contender in one set: its raw figures.

    `accounted_s` is the wall time less what was spent waiting or stopped; the phases and `steady_s` (all steps after
    the first, warm-up included) add up to it. `block_step_s` is seconds a step, two blocks a round. `warm` says
    whether its steps had stopped becoming faster or slower at the end of the warm-up, and is None where one step was
    too long to tell. `inference`, `epoch`, `until` and `work` are timed, where they were asked for, after the peak of
    the memory and `accounted_s` were read, so that neither holds anything of them.
    """

    set: int
    phases_s: Phases
    steady_s: float
    wall_s: float
    accounted_s: float
    memory_bytes: Memory
    warmup_steps: int
    warmup_s: float = 0.0
    warm: bool | None = None
    steps_per_block: int
    block_step_s: tuple[float, ...]
    inference: tuple[Inference, ...] = ()
    epoch: Epoch | None = None
    until: Until | None = None
    work: StepWork | None = None


class Quality(Record):
    """How long a contender trains until it is good enough, over its processes, of which `reached` came so far.

    `train_s` is told only where all of them did; `first_epoch_s` of it, with compilation, and `evaluate_s` beside it
    are typical. `epochs` are the fewest and the most that it took, `best` is the best value of any process.
    """

    processes: int
    reached: int
    train_s: Interval | None
    first_epoch_s: float
    evaluate_s: float
    epochs: tuple[int, int] | None
    best: float | None


class Share(Record):
    """What a contender's training steps reach of the run's `yardstick`.

    `step_flops` are floating-point operations of a step, `flops_per_s` those of a second. Where they cannot be counted,
    `unknown` says why, and there is no share.
    """

    step_flops: float | None
    unknown: str
    flops_per_s: Interval | None
    share: Interval | None


class Yardstick(Record):
    """The best matrix product of the run, of all contenders and NumPy: most often `by` whom, at how many rows."""

    by: str
    size: int
    flops_per_s: Interval


class Steadiness(Record):
    """Whether a contender stayed as fast as it was while it was timed.

    `drift` is the time of a step in the later half of a process's blocks over that in the earlier half, with its
    interval over sets at error probability `alpha`; `apart` is the larger change that the interval leaves possible.
    `warmup_s` is the typical time until a process was warm; of all `processes`, `cold` were not warm when they were
    timed.
    """

    verdict: SteadyVerdict
    drift: float
    low: float
    high: float
    apart: float
    alpha: float
    warmup_s: float
    cold: int
    processes: int
    sentence: str = ""


class ContenderTiming(Record):
    """How long one contender takes. `step_s` is over sets of fresh processes.

    Of inference, where it was timed: `latency_s` of a call with one sample, `samples_per_s` at the best of the batch
    sizes, of which `best_batch` was it most often. Of an epoch, where it was timed: `epoch_s` with the data pipeline,
    `pipeline_s` of the pipeline alone, and `pipeline_share`, the share of the epoch that is not its training steps.
    """

    side: str
    track: str
    status: Literal["ok", "failed"] = "ok"
    why: str = ""
    phases_s: Phases | None = None
    step_s: Interval | None = None
    memory_bytes: Memory | None = None
    steadiness: Steadiness | None = None
    latency_s: Interval | None = None
    samples_per_s: Interval | None = None
    best_batch: int | None = None
    epoch_s: Interval | None = None
    pipeline_s: Interval | None = None
    pipeline_share: Interval | None = None
    quality: Quality | None = None
    share: Share | None = None
    sets: tuple[ContenderSet, ...] = ()


class Ratio(Record):
    """`a / b` of one quantity, with its interval over sets, and the smallest difference that would have shown.

    `verdict` says what `a` is relative to `b`; `log_ratios` has one value a set. The interval is Student's t on their
    mean at error probability `alpha`: what this look may spend of `1 - level`, which is for all looks and all pairs.
    `apart` is the largest difference that it leaves possible, whoever is ahead; `excluded` says that this is less than
    the smallest difference that matters.
    """

    a: str
    b: str
    track: str
    quantity: str
    ratio: float
    low: float
    high: float
    level: float
    alpha: float | None = None
    verdict: SpeedVerdict
    detectable: float
    apart: float | None = None
    excluded: bool = False
    log_ratios: tuple[float, ...]
    sentence: str = ""


class Forecast(Record):
    """What the run promised to be able to see, early on: after `sets` sets, in `seconds` more."""

    sets: int
    seconds: float
    detectable: float


class BreakEven(Record):
    """After how many training steps `later`, which starts more slowly and steps faster, has caught up with `sooner`.

    The start is included: import, build, trace and compilation. `low` and `high` are the ends of the interval over sets
    at error probability `alpha`; the two may be one side on two tracks.
    """

    sooner: str
    sooner_track: str
    later: str
    later_track: str
    steps: float
    low: float
    high: float
    alpha: float
    sentence: str = ""


class UntilGoal(Record):
    """What was good enough, and the most epochs that a process trained for it."""

    metric: str
    level: float
    epochs: int


class TimingPlan(Record):
    """How the timing was done; but for `sets`, `stopped` and `forecast` fixed before a comparison was looked at.

    Ratios were looked at after the numbers of sets in `looks`. `matters` is the smallest difference that matters
    (0.02 for 2 %). `stopped` says why there were no more than `sets`: every pair of `step`, and of the time to the goal
    `until`, was `decided`, the `budget` was spent, or everyone had `failed`.
    """

    sets: int
    rounds_per_set: int
    block_s: float
    warmup_s: float
    budget_s: float
    level: float
    batch_size: int
    threads: int
    parent_cpu_share: float | None = None
    looks: tuple[int, ...] = ()
    matters: float | None = None
    stopped: Ending = "budget"
    forecast: Forecast | None = None
    inference_batches: tuple[int, ...] = ()
    until: UntilGoal | None = None


class Timings(Record):
    """The measured speeds and sizes."""

    plan: TimingPlan
    contenders: tuple[ContenderTiming, ...]
    ratios: tuple[Ratio, ...]
    self_test: tuple[Ratio, ...]
    break_even: tuple[BreakEven, ...] = ()
    yardstick: Yardstick | None = None
    trusted: bool
    notes: tuple[str, ...] = ()
