"""What passes between the stages: frozen, typed, versioned, saved as JSON.

`Run` is the whole record of a run (`run.json`); the other records are its parts. Times are in seconds, sizes in
bytes, ratios are `a / b`. A list of samples beside a figure is what the figure was computed from.
"""

from paragone.records.alignment import AlignedWeight, Alignment
from paragone.records.base import DType, Interval, Record, SameVerdict
from paragone.records.choice import Choice, Constraint, Criterion, CriterionValue, Ranked
from paragone.records.proof import (
    Cause,
    Checkpoint,
    Curve,
    Distance,
    Effect,
    Explains,
    Fix,
    Floor,
    Gauge,
    Hunk,
    Located,
    Outcome,
    Pair,
    Patch,
    Place,
    Proof,
    Rung,
    Worth,
)
from paragone.records.run import SCHEMA, Reproduce, Run
from paragone.records.task import Array, Data, Layer, Machine, Part, Side, Task, Trait
from paragone.records.timing import (
    ContenderSet,
    ContenderTiming,
    Memory,
    Phases,
    Ratio,
    SpeedVerdict,
    TimingPlan,
    Timings,
)

__all__ = [
    "SCHEMA",
    "AlignedWeight",
    "Alignment",
    "Array",
    "Cause",
    "Checkpoint",
    "Choice",
    "Constraint",
    "ContenderSet",
    "ContenderTiming",
    "Criterion",
    "CriterionValue",
    "Curve",
    "DType",
    "Data",
    "Distance",
    "Effect",
    "Explains",
    "Fix",
    "Floor",
    "Gauge",
    "Hunk",
    "Interval",
    "Layer",
    "Located",
    "Machine",
    "Memory",
    "Outcome",
    "Pair",
    "Part",
    "Patch",
    "Phases",
    "Place",
    "Proof",
    "Ranked",
    "Ratio",
    "Record",
    "Reproduce",
    "Run",
    "Rung",
    "SameVerdict",
    "Side",
    "SpeedVerdict",
    "Task",
    "TimingPlan",
    "Timings",
    "Trait",
    "Worth",
]
