"""Records of a proof: rungs, pairs, causes, floors."""

from __future__ import annotations

from typing import Literal

from paragone.records.alignment import Alignment
from paragone.records.base import DType, Interval, Record, SameVerdict


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
    Kolmogorov-Smirnov distance and `tolerance` the largest p-value that counts as a difference. An `ignored` rung is
    reported and does not decide.
    """

    name: Literal[
        "structure", "initialisation", "forward", "loss", "gradients", "step", "trajectory", "rate-change", "outcome"
    ]
    dtype: DType
    verdict: SameVerdict
    max_rel: float | None = None
    tolerance: float | None = None
    floor: float | None = None
    where: str = ""
    detail: str = ""
    distances: tuple[Distance, ...] = ()
    checkpoints: tuple[Checkpoint, ...] = ()
    ignored: bool = False


class Explains(Record):
    """What a cause does: the distance with only this cause left in, and with all causes removed."""

    rung: str
    dtype: DType
    present: float
    removed: float
    factor: float
    text: str = ""


class Worth(Record):
    """What a cause is worth in one measure: with it less without it, paired over seeds.

    `difference` is in points for an accuracy. `margin` is in the same unit, or a share of the measure itself where
    `relative`. `p_equivalent` is the larger p-value of two one-sided tests: below 0.05 the difference is shown to be
    less than the margin either way. `nothing`: no seed differs by more than rounding.
    """

    measure: Literal["accuracy", "loss", "training loss"]
    margin: float
    relative: bool
    difference: Interval
    p_equivalent: float
    verdict: Literal["equivalent", "different", "undecided"]
    nothing: bool = False


class Effect(Record):
    """What a cause is worth: the side trained with it against the side trained without it."""

    steps: int
    parameters_rel: float | None = None
    loss: Interval | None = None
    accuracy: Interval | None = None
    seeds: int = 0
    text: str = ""
    worth: tuple[Worth, ...] = ()


class Hunk(Record):
    """Lines of a file that stand together: `text` from `line` on, and `replacement` in their place."""

    line: int
    text: str = ""
    replacement: str = ""


class Fix(Record):
    """The lines to change: `text` as they stand, the first of them at `line`, and `replacement` in their place.

    Lines that do not stand together are in `hunks`, each with its own line.

    `adds` is what the file needs besides: imports, a class or function. `exact` says that these are the file's own
    lines, edited; otherwise `replacement` only says what to write, and `note` why.
    """

    side: str
    file: str
    line: int | None
    text: str
    replacement: str = ""
    adds: str = ""
    note: str = ""
    exact: bool = False
    hunks: tuple[Hunk, ...] = ()


class Patch(Record):
    """The fixes of all causes as one unified diff, for `patch -p1`.

    `fixed` and `left` name traps and sides; what is left could not be edited, with the reason.
    """

    diff: str
    files: tuple[str, ...]
    fixed: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


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


class Place(Record):
    """Where in one side something happens.

    `does` is False where the side does nothing that the other does there. `after` is the line of what agrees last.
    """

    side: str
    file: str
    line: int | None = None
    code: str = ""
    module: str = ""
    operation: str = ""
    after: int | None = None
    does: bool = True


class Located(Record):
    """The first place where two sides part on a rung, in order of execution (for gradients, of the backward pass).

    Args:
        rung: the rung that fails.
        case: what it was seen on (`forward_odd`: an odd number of samples; `forward_saturated`: inputs times 1,000).
        relation: of the place to `layer`: inside of it, before it, or behind the last layer.
        layer: canonical name of a layer that both sides have.
        a: the place in the first side.
        b: the place in the second.
        tensor: the parameter or running statistic that differs, where that is what is compared.
        element: the element that is furthest off.
        before: the distance of what the place is given.
        text: all of it in one sentence.
        snippet: files in the run's folder that reproduce it alone.
        more: other places, which do not follow from this one: found with the other side's results put in the place of
            this side's, layer by layer.
    """

    rung: str
    case: str = ""
    relation: Literal["inside", "before", "behind"] = "inside"
    layer: str = ""
    a: Place
    b: Place
    tensor: str = ""
    element: Distance | None = None
    before: float | None = None
    text: str = ""
    snippet: tuple[str, ...] = ()
    more: tuple[Located, ...] = ()


class Pair(Record):
    """The ladder between two sides.

    `located` is where they first part as written; `left` where they still part with the causes removed.
    """

    a: str
    b: str
    verdict: SameVerdict
    rungs: tuple[Rung, ...]
    causes: tuple[Cause, ...] = ()
    unexplained: str = ""
    located: Located | None = None
    left: Located | None = None

    @property
    def deciding(self) -> DType:
        """The precision that decides: float64, or float32 where there is no other."""
        return "float64" if any(rung.dtype == "float64" for rung in self.rungs) else "float32"


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
    """What one side learns, over seeds: test accuracy (None for regression), test loss and training loss.

    `variant` is `as written` or the slug of the cause that was removed. `training_loss` is the mean of the training
    loss over the last epoch, or over all steps where there are fewer; empty where the side does not say it.
    """

    side: str
    variant: str
    steps: int
    seeds: tuple[int, ...]
    accuracy: tuple[float, ...] = ()
    loss: tuple[float, ...] = ()
    training_loss: tuple[float, ...] = ()


class Proof(Record):
    """Whether the sides are the same task."""

    verdict: SameVerdict
    steps: int
    tolerances: dict[str, float]
    deciding: DType = "float64"
    pairs: tuple[Pair, ...]
    corrected: tuple[Pair, ...] = ()
    gauges: tuple[Gauge, ...] = ()
    floors: tuple[Floor, ...] = ()
    curves: tuple[Curve, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    patch: Patch | None = None
    notes: tuple[str, ...] = ()
    alignments: tuple[Alignment, ...] = ()
