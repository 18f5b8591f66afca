"""Sides that can start from the same weights, and the experiments on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from paragone.errors import ParagoneError
from paragone.prove.hypotheses import Intervention
from paragone.prove.laboratory import Experiment, Laboratory, Weights
from paragone.prove.ladder import Trace, floors_of, gauge_parameters
from paragone.prove.plan import ProofPlan
from paragone.prove.subject import Subject
from paragone.prove.tolerances import BUILDS, FLOOR_RUNS
from paragone.trials import Trial

DType = Literal["float32", "float64"]
DTYPES: tuple[DType, DType] = ("float64", "float32")
Array = np.ndarray[Any, Any]


@dataclass
class Group:
    """Sides with the same canonical weights, and what was found out about them.

    Args:
        subjects: the sides, the reference first.
        lab: runs the experiments.
        plan: lengths and seeds.
    """

    subjects: list[Subject]
    lab: Laboratory
    plan: ProofPlan
    draws: dict[str, dict[str, Array]] = field(default_factory=dict)
    again: dict[str, dict[str, Array]] = field(default_factory=dict)
    start: Weights = field(default_factory=dict)
    traces: dict[tuple[str, DType], Trace] = field(default_factory=dict)
    corrected: dict[tuple[str, DType], Trace] = field(default_factory=dict)
    noise: dict[tuple[str, DType], Trial] = field(default_factory=dict)
    failures: dict[str, ParagoneError] = field(default_factory=dict)

    @property
    def reference(self) -> Subject:
        """The side whose starting weights all start from."""
        return self.subjects[0]

    def subject(self, name: str) -> Subject:
        """A side by its name."""
        return next(subject for subject in self.subjects if subject.name == name)

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Shapes of the canonical weights."""
        return dict(self.reference.signature)

    def keep(self, results: Mapping[Any, Trial | ParagoneError], side_of: Any) -> dict[Any, Trial]:
        """The finished ones; a side with a failure leaves the group."""
        for key, result in results.items():
            if isinstance(result, ParagoneError):
                self.failures.setdefault(side_of(key), result)
        self.subjects = [subject for subject in self.subjects if subject.name not in self.failures]
        return {key: r for key, r in results.items() if isinstance(r, Trial) and side_of(key) not in self.failures}

    # ------------------------------------------------------------------ experiments

    def draw(self) -> None:
        """Starting weights of several builds of every side, and as many again of the reference."""
        wanted = {(subject.name, 0): self._drawing(subject.name, 0) for subject in self.subjects}
        wanted |= {(subject.name, 1): self._drawing(subject.name, 1) for subject in self.subjects[:-1]}
        done = self.keep(self.lab.all(wanted), lambda key: key[0])
        self.draws = {name: trial.arrays for (name, round_), trial in done.items() if round_ == 0}
        if not self.subjects:
            return
        self.again = {name: trial.arrays for (name, round_), trial in done.items() if round_ == 1}
        first = self.draws[self.reference.name]
        self.start = {key[2:]: array for key, array in first.items() if key.startswith("0/")}

    def _drawing(self, side: str, round_: int) -> Experiment:
        seed = self.plan.seed * 1000 + 1 + round_ * BUILDS
        return Experiment(side, "float64", "draw", {"builds": BUILDS, "seed": seed}, out=True, note="starting weights")

    def tracing(self, side: str, dtype: DType, interventions: Sequence[Intervention] = ()) -> Experiment:
        """The ladder on one side, with interventions."""
        arguments = {
            "traits": self._traits(side, dtype, interventions),
            "seed": self.plan.seed,
            "steps": self.plan.steps,
            "checkpoints": list(self.plan.checkpoints),
        }
        return Experiment(side, dtype, "trace", arguments, self.start, out=True, note=f"{side}: the ladder in {dtype}")

    def flooring(self, side: str, dtype: DType) -> Experiment:
        """The drift of one side from itself."""
        arguments = {
            "traits": self._traits(side, dtype, ()),
            "seed": self.plan.seed,
            "steps": self.plan.steps,
            "checkpoints": [1, self.plan.steps] if self.plan.steps > 1 else [1],
            "runs": FLOOR_RUNS,
        }
        return Experiment(side, dtype, "floor", arguments, self.start, note=f"{side}: the floor in {dtype}")

    def training(
        self, side: str, dtype: DType, starts: Weights, interventions: Sequence[Intervention], *, still: bool
    ) -> Experiment:
        """Training from several starts; dropout stays on unless `still`."""
        arguments = {
            "traits": self._traits(side, dtype, interventions, still=still),
            "seed": self.plan.seed,
            "steps": self.plan.steps,
        }
        note = f"{side}: what it learns over seeds"
        return Experiment(side, dtype, "train", arguments, starts, "starts", note=note)

    def _traits(
        self, side: str, dtype: DType, interventions: Sequence[Intervention], *, still: bool = True
    ) -> list[dict[str, Any]]:
        subject = self.subject(side)
        wanted = [one.plain() for one in interventions if one.side == side]
        return subject.known_in(dtype, [*wanted, *(subject.stills() if still else [])])

    def as_written(self) -> None:
        """Traces and floors of every side in both precisions."""
        keys = [(subject.name, dtype) for subject in self.subjects for dtype in DTYPES]
        wanted = {("trace", *key): self.tracing(*key) for key in keys}
        wanted |= {("floor", *key): self.flooring(*key) for key in keys}
        done = self.keep(self.lab.all(wanted), lambda key: key[1])
        for (what, name, dtype), trial in done.items():
            if what == "floor":
                self.noise[name, dtype] = trial
            else:
                self.traces[name, dtype] = self.traced(name, trial)

    def traced(self, side: str, trial: Trial) -> Trace:
        """A worker's trace as the ladder takes it."""
        return Trace.of(trial.arrays, self.start, str(self.subject(side).said["output"]))

    # ------------------------------------------------------------------ what follows from them

    def gauge(self, a: str, b: str) -> frozenset[str]:
        """Parameters of a pair whose true gradient is zero; seen in float64."""
        return gauge_parameters(self.traces[a, "float64"].arrays, self.traces[b, "float64"].arrays)

    def floors(self, names: Sequence[str], dtype: DType) -> dict[str, float]:
        """The largest floor of these sides on each tensor."""
        tables = [floors_of(self.noise[side, dtype].result["rows"]) for side in names]
        shared = set.intersection(*(set(table) for table in tables))
        return {key: max(table[key] for table in tables) for key in shared}

    def common_floors(self, dtype: DType) -> dict[str, float]:
        """The floors of corrected sides: they compute the same, so the floor of any of them is a floor of all."""
        return self.floors([subject.name for subject in self.subjects], dtype)
