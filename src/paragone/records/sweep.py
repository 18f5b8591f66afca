"""Records of a sweep: how the time of a step grows with the size of something."""

from __future__ import annotations

from typing import Literal

from paragone.records.base import Interval, Record
from paragone.records.timing import Ratio


class SweptProcess(Record):
    """One process of one contender at one size in one set: its raw figures.

    `ready_s` is the time to build the side for this size and to take the first two steps, compilation included.
    `block_step_s` is seconds a step, two blocks a round; `warm` is as in `ContenderSet`. `twin` marks the second
    process of the contender that had two in this set, `first` the one of the two that was started first.
    """

    set: int
    twin: bool = False
    first: bool = True
    ready_s: float
    warmup_steps: int
    warmup_s: float
    warm: bool | None
    steps_per_block: int
    block_step_s: tuple[float, ...]


class SweptSize(Record):
    """One contender at one size; `step_s` is over sets of fresh processes, and None where it failed."""

    size: int
    step_s: Interval | None = None
    why: str = ""
    processes: tuple[SweptProcess, ...] = ()


class Line(Record):
    """The straight line t = overhead + each · size through a contender's times, fitted in each set.

    `overhead_s` and `each_s` are means over the sets with Student's interval. `misfit` is the largest difference
    between the line and a measured time, as a share of that time; `bent` says that it is no accident: at some size the
    line misses by more than a fifth, and by more than the sets differ among each other.
    """

    overhead_s: Interval
    each_s: Interval
    misfit: float
    bent: bool = False
    sentence: str = ""


class Growth(Record):
    """How the time of one contender's step grows; `line` is None where sizes are few or a line would mean nothing."""

    side: str
    track: str
    sizes: tuple[SweptSize, ...]
    line: Line | None = None
    sentence: str = ""


class SizeRatio(Record):
    """The ratio of two contenders at one size; the intervals of all sizes and pairs hold together."""

    size: int
    ratio: Ratio


class Crossing(Record):
    """Between which sizes another one takes the lead.

    `below` is ahead for certain at `low`, `above` at `high`, and at no size between them is it certain who is ahead;
    `size` is where the ratio, drawn straight between its sizes on logarithmic axes, is 1.
    """

    below: str
    above: str
    size: float
    low: int
    high: int


class SweptPair(Record):
    """Two contenders of a track over all sizes."""

    a: str
    b: str
    track: str
    ratios: tuple[SizeRatio, ...]
    crossings: tuple[Crossing, ...] = ()
    sentence: str = ""


class SweepPlan(Record):
    """How the sweep was done; `budget_s` is for all sizes together, and each set measures every size.

    `axis` is what was swept as it was asked for; `called` is what it is in words (`batch size`), `counted` one unit of
    it (`sample`).
    """

    axis: str
    called: str
    counted: str
    sizes: tuple[int, ...]
    sets: int
    block_s: float
    timed_s: float
    warmup_s: float
    budget_s: float
    level: float
    batch_size: int
    threads: int
    matters: float
    parent_cpu_share: float
    stopped: Literal["budget", "failed"] = "budget"


class Sweep(Record):
    """Curves, lines and crossings."""

    plan: SweepPlan
    growth: tuple[Growth, ...]
    pairs: tuple[SweptPair, ...] = ()
    self_test: tuple[SizeRatio, ...] = ()
    trusted: bool = True
    notes: tuple[str, ...] = ()
