"""What `paragone compare` was asked to do."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path

from paragone.errors import InputError
from paragone.measure.goal import EPOCHS, goal
from paragone.measure.precision import FLOAT32, check_precision
from paragone.prove.scope import ALL_RUNGS, Scope, dtypes_of
from paragone.sides.backends import names

TRACKS = ("idiomatic", "tuned")
FIDELITIES = ("matched", "plain")
BATCH_SIZE = 32
SCHEDULER_STEPS = ("epoch", "batch")
PRECISIONS = ("both", "float64", "float32")
MAX_SEED = 2**32 - 1
RUNS = Path("runs")
_LONGEST_NAME = 80
_MOST_RATES, _HIGHEST_RATE, _LONGEST_LOAD_S = 10, 2000, 60
_MOST_PROCESSES = 50


@dataclass(frozen=True)
class CompareOptions:
    """The options of one comparison, checked.

    Args:
        sides: the sides' files, each `file.py` or `file.py:NAME`; or one task: a ready one's name or a `.toml` file.
        data: a built-in name, a file, or `module:function`.
        out: the run's folder; None means `runs/<name>`.
        seed: orders the batches, splits the data, and overrides the files' own seeding; 0 to 2**32 - 1.
        budget_s: seconds for the timing; it ends earlier where the answer is certain.
        matters: the smallest difference in time that matters, in percent.
        profile: name of what somebody needs.
        batch_size: samples a step; None means the task's own, or 32.
        steps: training steps of the trajectory.
        tracks: `idiomatic`, `tuned` or both.
        scheduler_step: what a PyTorch scheduler is stepped by, `epoch` or `batch`.
        threads: CPU threads of each framework; 0 leaves the framework's default.
        fidelity: how the sides of a task are written, `matched` or `plain`.
        fresh: forget the finished trials in the run's folder.
        rungs: the rungs that are climbed; empty means all.
        dtype: the precisions of the ladder, `both`, `float64` or `float32`.
        weights: a safetensors file with the weights that all sides start from; None means a draw of the first side.
        ignore: rungs that are reported but do not decide.
        python: interpreters for single sides, each `NAME=PATH`.
        worth: train over seeds, to say what every side learns and what each cause is worth; part of the rung `outcome`.
        margins: how much counts as nothing when a cause is weighed, each `MEASURE=NUMBER` (accuracy in points, loss,
            training-loss; a loss may be a percentage of itself, `loss=2%`).
        history: keep the run in the history of this machine (`paragone runs`).
        tensorboard: a folder that takes every curve as TensorBoard event files; None for none.
        mapping: a mapping file, which says what parameters of two sides hold the same weights.
        sweep: sizes at which everything is timed, `AXIS=SIZES`, such as `batch=1..4096`; empty means none.
        inference: time the model in evaluation mode as well.
        epoch: time an epoch with its data pipeline, and the pipeline alone, as well.
        until: train every process until a metric of the test set is good enough, `METRIC=LEVEL`; empty means no.
        max_epochs: the most epochs for that.
        share: tell what share of the best matrix product of this machine the training steps reach.
        precision: what the sides compute in while they are timed, `float32`, `bfloat16` or `tf32`.
        to: targets that the sides are deployed to; empty means all of them for `deploy` and none for `compare`.
        install: make environments for targets that have none, which needs the network.
        keras_backend: backends that every side in Keras runs on as well, as a side of its own.
        processes: processes that time every artifact.
        load: requests a second that servers are put under, one rate after the other; empty for none.
        load_seconds: how long each rate is offered.

    Raises:
        InputError: an option is out of its range.
    """

    sides: tuple[str, ...]
    data: str | None = None
    out: Path | None = None
    seed: int = 0
    budget_s: float = 60.0
    matters: float = 2.0
    profile: str = "balanced"
    batch_size: int | None = None
    steps: int = 500
    tracks: tuple[str, ...] = ("idiomatic",)
    scheduler_step: str = "epoch"
    threads: int = 0
    fidelity: str = "matched"
    fresh: bool = False
    rungs: tuple[str, ...] = ()
    dtype: str = "both"
    weights: Path | None = None
    ignore: tuple[str, ...] = ()
    python: tuple[str, ...] = ()
    worth: bool = True
    margins: tuple[str, ...] = ()
    mapping: Path | None = None
    history: bool = True
    tensorboard: Path | None = None
    sweep: str = ""
    inference: bool = False
    epoch: bool = False
    until: str = ""
    max_epochs: int = EPOCHS
    share: bool = False
    precision: str = FLOAT32
    to: tuple[str, ...] = ()
    install: bool = False
    keras_backend: tuple[str, ...] = ()
    processes: int = 3
    load: tuple[str, ...] = ()
    load_seconds: float = 5.0

    def __post_init__(self) -> None:
        """Check every option."""
        if not self.sides:
            raise InputError(
                "No side was given.",
                where="SIDE",
                expected="one Python file or more",
                next_step="paragone compare keras_side.py torch_side.py --data digits",
            )
        _check_range("--seed", self.seed, 0, MAX_SEED)
        if self.batch_size is not None:
            _check_range("--batch-size", self.batch_size, 1)
        _check_word("--fidelity", self.fidelity, FIDELITIES)
        _check_range("--steps", self.steps, 1)
        _check_range("--threads", self.threads, 0)
        if not (math.isfinite(self.budget_s) and self.budget_s > 0):
            raise _out_of_range("--budget", self.budget_s, "a number of seconds above 0")
        if not 0 < self.matters <= 100:
            raise _out_of_range("--matters", self.matters, "a number of percent above 0, 100 at most")
        for track in self.tracks:
            _check_word("--track", track, TRACKS)
        if not self.tracks or len(set(self.tracks)) < len(self.tracks):
            raise _out_of_range("--track", ", ".join(self.tracks) or "nothing", "each track at most once, one at least")
        for backend in self.keras_backend:
            _check_word("--keras-backend", backend, names())
        _check_word("--scheduler-step", self.scheduler_step, SCHEDULER_STEPS)
        self._check_scope()
        self._check_timing()
        _check_range("--processes", self.processes, 1, _MOST_PROCESSES)
        _ = self.load_rates
        if not 0.5 <= self.load_seconds <= _LONGEST_LOAD_S:
            raise _out_of_range("--load-seconds", self.load_seconds, f"0.5 to {_LONGEST_LOAD_S} seconds")

    def _check_timing(self) -> None:
        """The options that say what is timed beside the steps, and how."""
        check_precision(self.precision)
        if self.share and self.precision != FLOAT32:
            raise _out_of_range(
                "--share", f"given with --precision {self.precision}", "one of the two: the yardstick is in float32"
            )
        _check_range("--max-epochs", self.max_epochs, 1)
        if self.until:
            goal(self.until)
        if self.margins:
            from paragone.prove.equivalence import margins

            margins(self.margins)
        if self.sweep:
            from paragone.measure.sweep.wish import wish

            wish(self.sweep)
            beside = {
                "--inference": self.inference,
                "--epoch": self.epoch,
                "--until": self.until,
                "--share": self.share,
            }
            for option, asked in beside.items():
                if asked:
                    raise _out_of_range(option, "given with --sweep", "one of the two: a sweep is of training steps")

    def _check_scope(self) -> None:
        """The options that say which part of a proof is wanted."""
        _check_word("--dtype", self.dtype, PRECISIONS)
        for option, asked in (("--rungs", self.rungs), ("--ignore", self.ignore)):
            for name in asked:
                _check_word(option, name, ALL_RUNGS)
        if not set(self.scope.rungs) - set(self.ignore):
            raise _out_of_range("--ignore", ", ".join(self.ignore), "at least one rung that decides")
        for given in self.python:
            if not all(given.partition("=")[::2]):
                raise _out_of_range("--python", given or "empty", "NAME=PATH, for example torch=old/bin/python")

    @property
    def load_rates(self) -> tuple[float, ...]:
        """Requests a second, ascending.

        Raises:
            InputError: one is no rate, or there are too many.
        """
        try:
            rates = sorted({float(each) for each in self.load})
        except ValueError:
            rates = [math.nan]
        if len(rates) > _MOST_RATES or not all(0.1 <= rate <= _HIGHEST_RATE for rate in rates):
            wanted = f"at most {_MOST_RATES} numbers of requests a second, each 0.1 to {_HIGHEST_RATE:,}"
            raise _out_of_range("--load", ",".join(self.load), f"{wanted}, such as 10,50,200")
        return tuple(rates)

    @property
    def scope(self) -> Scope:
        """The part of a proof that was asked for."""
        rungs = tuple(name for name in ALL_RUNGS if name in self.rungs) or ALL_RUNGS
        ignored = tuple(name for name in ALL_RUNGS if name in self.ignore)
        return Scope(rungs, dtypes_of(self.dtype), ignored, self.worth and "outcome" in rungs)

    @property
    def name(self) -> str:
        """The run's name: that of the folder it was sent to, or made of the names of its files."""
        if self.out is not None:
            return self.out.resolve().name or "run"
        stems = dict.fromkeys(re.sub(r"(\.py(:.*)?|\.toml)$", "", Path(side).name) for side in self.sides)
        return re.sub(r"[^\w.-]+", "_", "-".join(stems)).strip("._-")[:_LONGEST_NAME] or "run"

    @property
    def folder(self) -> Path:
        """The run's folder, in which an interrupted run goes on."""
        return self.out if self.out is not None else RUNS / self.name


def _check_range(option: str, value: int, lowest: int, highest: int | None = None) -> None:
    if value < lowest or (highest is not None and value > highest):
        expected = f"a whole number from {lowest}" + (f" to {highest}" if highest is not None else " up")
        raise _out_of_range(option, value, expected)


def _check_word(option: str, value: str, words: tuple[str, ...]) -> None:
    if value not in words:
        raise _out_of_range(option, value, " or ".join(words))


def _out_of_range(option: str, value: object, expected: str) -> InputError:
    said = str(value).strip() or "empty"
    return InputError(f"{option} cannot be {said}.", where=option, expected=expected, received=said)
