"""Sides that can start from the same weights, and the experiments on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import numpy as np

from paragone.errors import InputError, ParagoneError
from paragone.prove.hypotheses import Intervention
from paragone.prove.initialisation import SAMPLE
from paragone.prove.laboratory import Experiment, Laboratory, Weights
from paragone.prove.ladder import Trace, floors_of
from paragone.prove.no_gradient import NoGradient, no_gradient
from paragone.prove.plan import ProofPlan
from paragone.prove.schedules import with_schedules
from paragone.prove.scope import RUNGS, Climbed, DType, Scope
from paragone.prove.stages import cannot_show_on
from paragone.prove.subject import Subject
from paragone.prove.tolerances import BUILDS, FLOOR_RUNS
from paragone.prove.update import Update, updates_of
from paragone.trials import Trial
from paragone.workers.probes import OF_PARTIAL

Array = np.ndarray[Any, Any]


@dataclass
class Group:
    """Sides with the same canonical weights, and what was found out about them.

    Args:
        subjects: the sides, the reference first.
        lab: runs the experiments.
        plan: lengths and seeds.
        trusting: what is far beyond its tolerance in float64 is different without a floor. It holds as long as all of
            that goes when the suspects are taken out, which no rounding does; a floor is many runs of the ladder.
    """

    subjects: list[Subject]
    lab: Laboratory
    plan: ProofPlan
    trusting: bool = True
    draws: dict[str, dict[str, Array]] = field(default_factory=dict)
    again: dict[str, dict[str, Array]] = field(default_factory=dict)
    start: Weights = field(default_factory=dict)
    traces: dict[tuple[str, DType], Trace] = field(default_factory=dict)
    corrected: dict[tuple[str, DType], Trace] = field(default_factory=dict)
    noise: dict[tuple[str, DType], Trial] = field(default_factory=dict)
    gauged: dict[tuple[str, str], tuple[list[Trace], NoGradient]] = field(default_factory=dict)
    refused: dict[str, dict[str, str]] = field(default_factory=dict)
    failures: dict[str, ParagoneError] = field(default_factory=dict)

    @property
    def scope(self) -> Scope:
        """Which part of a proof is done."""
        return self.plan.scope

    @property
    def deciding(self) -> DType:
        """The precision that decides."""
        return self.plan.scope.deciding

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
        """The finished ones; a side with a failure leaves the group.

        Raises:
            InputError: a worker found that a side cannot be compared.
        """
        for key, result in results.items():
            if isinstance(result, InputError):
                raise result
            if isinstance(result, ParagoneError):
                self.failures.setdefault(side_of(key), result)
        self.subjects = [subject for subject in self.subjects if subject.name not in self.failures]
        return {key: r for key, r in results.items() if isinstance(r, Trial) and side_of(key) not in self.failures}

    # ------------------------------------------------------------------ experiments

    def draw(self) -> None:
        """Starting weights: of several builds of every side where they are compared or trained from, else of one."""
        several = self.scope.draws or self.scope.worth
        drawn = self.subjects if several else [] if self.start else self.subjects[:1]
        wanted = {subject.name: self._drawing(subject.name, 0, BUILDS if several else 1) for subject in drawn}
        done = self.keep(self.lab.all(wanted), lambda key: key)
        self.draws = {name: trial.arrays for name, trial in done.items()}
        if self.subjects and not self.start:
            first = self.draws[self.reference.name]
            self.start = {key[2:]: array for key, array in first.items() if key.startswith("0/")}

    def draw_again(self) -> None:
        """As many starting weights again of every side but the last, to hold its own law against."""
        wanted = {subject.name: self._drawing(subject.name, 1, BUILDS) for subject in self.subjects[:-1]}
        done = self.keep(self.lab.all(wanted), lambda key: key)
        self.again = {name: trial.arrays for name, trial in done.items()}

    def _drawing(self, side: str, round_: int, builds: int) -> Experiment:
        seed = self.plan.seed * 1000 + 1 + round_ * BUILDS
        arguments = {"builds": builds, "seed": seed}
        if not self.scope.worth:  # nothing is trained from them
            arguments["most"] = SAMPLE
        return Experiment(side, self.deciding, "draw", arguments, out=True, note="starting weights")

    @property
    def left_out(self) -> tuple[str, ...]:
        """Probes that say nothing: a task has one size, and the sides that are written for it are made for that."""
        return ("forward_size",) if all(subject.file.weight_map for subject in self.subjects) else ()

    def tracing(
        self,
        side: str,
        dtype: DType,
        interventions: Sequence[Intervention] = (),
        names: Sequence[Climbed] | None = None,
    ) -> Experiment:
        """The ladder on one side, or some rungs of it, with interventions."""
        arguments = {
            "traits": self._traits(side, dtype, interventions),
            "seed": self.plan.seed,
            "steps": self.plan.trained,
            "checkpoints": list(self.plan.compared),
            "rungs": list(self.scope.climbed if names is None else names),
            "left_out": list(self.left_out),
            "repeats": not interventions,
        }
        return Experiment(side, dtype, "trace", arguments, self.start, out=True, note=f"{side}: the ladder in {dtype}")

    def probing(
        self,
        side: str,
        interventions: Sequence[Intervention] = (),
        names: Sequence[Climbed] = (),
        left_out: Sequence[str] = (),
    ) -> Experiment:
        """Some rungs of the ladder up to one step; without names all of them, with what every layer gives."""
        rungs = [name for name in names or RUNGS[:4] if name in self.scope.climbed]
        shown = [one for one in interventions if any(self.shown_on(name, [one]) for name in rungs)]
        full = self.tracing(side, self.deciding, shown)
        steps = min(1, self.plan.trained) if "step" in rungs else 0
        arguments = {**full.arguments, "steps": steps, "checkpoints": [1][:steps], "rungs": rungs, "layers": not names}
        arguments |= {"probe": True, "left_out": [*self.left_out, *left_out]}
        return replace(full, arguments=arguments, note=f"{side}: the ladder up to one step")

    def shown_on(self, rung: Climbed, ones: Sequence[Intervention]) -> bool:
        """Whether any of these interventions can change anything on a rung."""
        return any(self.subject(one.side).said.get("own_step") or rung not in cannot_show_on(one.trait) for one in ones)

    def flooring(self, side: str, dtype: DType, interventions: Sequence[Intervention] = ()) -> Experiment:
        """The drift of one side from itself."""
        arguments = {
            "traits": self._traits(side, dtype, interventions),
            "seed": self.plan.seed,
            "steps": self.plan.trained,
            "checkpoints": sorted({min(1, self.plan.trained), self.plan.trained} - {0}),
            "rungs": list(self.scope.climbed),
            "left_out": list(self.left_out),
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

    def taping(
        self,
        side: str,
        interventions: Sequence[Intervention],
        arguments: Mapping[str, Any],
        *,
        op: str = "tape",
        kept: bool = True,
    ) -> Experiment:
        """One pass of a side in float64, recorded value by value; or a part of one, with what it was given."""
        traits = self._traits(side, "float64", interventions)
        wanted = {"traits": traits, "seed": self.plan.seed, **arguments}
        note = f"{side}: where it parts"
        return Experiment(side, "float64", op, wanted, self.start, out=True, note=note, kept=kept)

    def _traits(
        self, side: str, dtype: DType, interventions: Sequence[Intervention], *, still: bool = True
    ) -> list[dict[str, Any]]:
        subject = self.subject(side)
        wanted = [row for one in interventions if one.side == side for row in one.plain()]
        return subject.known_in(dtype, [*wanted, *(subject.stills() if still else [])])

    def as_written(self) -> None:
        """Traces of every side in every precision, and the floors of float32, which cannot be judged without."""
        keys = [(subject.name, dtype) for subject in self.subjects for dtype in self.scope.dtypes]
        wanted = {("trace", *key): self.tracing(*key) for key in keys}
        wanted |= {("floor", *key): self.flooring(*key) for key in keys if key[1] == "float32"}
        done = self.keep(self.lab.all(wanted), lambda key: key[1])
        for (what, name, dtype), trial in done.items():
            if what == "floor":
                self.noise[name, dtype] = trial
            else:
                self.traces[name, dtype] = self.traced(name, trial)
                self.refused[name] = trial.result["refused"]
        self._see_schedules()

    def _see_schedules(self) -> None:
        """The learning rates of the traces, as traits of the sides."""
        arrays = {subject.name: self.traces[subject.name, self.deciding].arrays for subject in self.subjects}
        rates = {name: found["rates"] for name, found in arrays.items() if "rates" in found}
        epoch = int(self.reference.said.get("steps_of_an_epoch", 0)) if self.subjects else 0
        self.subjects = with_schedules(self.subjects, rates, epoch)

    def traced(self, side: str, trial: Trial) -> Trace:
        """A worker's trace as the ladder takes it."""
        kind = trial.result.get("output") or self.subject(side).said["output"]
        return Trace.of(trial.arrays, self.start, str(kind))

    # ------------------------------------------------------------------ what follows from them

    def gauge(self, a: str, b: str) -> NoGradient:
        """What of a pair has a true gradient of zero; seen in the precision that decides.

        Where a side computes in float32 inside, that shows only when the suspects are taken out.
        """
        keys = [(side, self.deciding) for side in (a, b)]
        seen = [self.traces[key] for key in keys] + [self.corrected.get(key, self.traces[key]) for key in keys]
        known, found = self.gauged.get((a, b), ([], NoGradient()))
        if not known or any(old is not new for old, new in zip(known, seen, strict=True)):
            partial = cache(lambda: self._partial_elements(a, b))
            x, y, *without = (one.arrays for one in seen)
            found = no_gradient(x, y, self.deciding)
            if any(old is not new for old, new in zip(seen[:2], seen[2:], strict=True)):
                found = found.beside(no_gradient(without[0], without[1], self.deciding), without)
            found = replace(found, partial=partial)
            self.gauged[a, b] = seen, found
        return found

    def _partial_elements(self, a: str, b: str) -> Mapping[str, Array]:
        """The single elements without a true gradient in a batch that is not full; none where a side fails at it."""
        wanted = {name: self._partial_gradients(name) for name in (a, b)}
        done = [trial for trial in self.lab.all(wanted).values() if isinstance(trial, Trial)]
        same = len(done) == len(wanted)
        return no_gradient(done[0].arrays, done[-1].arrays, self.deciding).elements if same else {}

    def _partial_gradients(self, side: str) -> Experiment:
        full = self.tracing(side, self.deciding)
        arguments = {**full.arguments, "steps": 0, "checkpoints": [], "rungs": [OF_PARTIAL], "probe": True}
        return replace(full, arguments=arguments, note=f"{side}: the gradients of a batch that is not full")

    def floors(self, names: Sequence[str], dtype: DType) -> Mapping[str, float]:
        """The largest floor of these sides on each tensor, found when the first is asked for."""
        return _Floors(self, tuple(names), dtype)

    def common_floors(self, dtype: DType, suspects: Sequence[Intervention] = ()) -> Mapping[str, float]:
        """The floors of corrected sides: they compute the same, so the floor of any of them is a floor of all.

        Where parameters without a gradient drift by rounding alone, how far they do hangs on the optimizer's numbers:
        there the sides without these suspects have floors of their own, which count as well.
        """
        first, *others = (subject.name for subject in self.subjects)
        drifting = dtype == self.deciding == "float64" and any(self.gauge(first, other) for other in others)
        return _Floors(self, (first, *others), dtype, tuple(suspects) if drifting else ())

    @property
    def updates(self) -> tuple[Update, ...]:
        """What the sides' optimizers make of a gradient, as far as it is known."""
        return updates_of(self.subjects, self.start)

    def noise_of(self, side: str, dtype: DType) -> Trial:
        """The drift of a side from itself; found once.

        Raises:
            ParagoneError: the side failed under rounding noise.
        """
        if (side, dtype) not in self.noise:
            self.noise[side, dtype] = self.lab.submit(self.flooring(side, dtype)).result()
        return self.noise[side, dtype]


class _Floors(Mapping[str, float]):
    """Floors that cost something only where one is looked at: where a tensor is beyond its tolerance."""

    def __init__(self, group: Group, names: tuple[str, ...], dtype: DType, suspects: tuple[Intervention, ...] = ()):
        self._group = group
        self._suspects = suspects
        self._names = names
        self._dtype = dtype
        self._table: dict[str, float] | None = None

    def _found(self) -> dict[str, float]:
        if self._table is None:
            for name in self._names:  # side by side
                self._group.lab.submit(self._group.flooring(name, self._dtype))
            tables = [floors_of(self._group.noise_of(name, self._dtype).result["rows"]) for name in self._names]
            tables += self._without_suspects()
            shared = set.intersection(*(set(table) for table in tables))
            self._table = {key: max(table[key] for table in tables) for key in shared}
        return self._table

    def _without_suspects(self) -> list[dict[str, float]]:
        if not self._suspects:
            return []
        lab, names = self._group.lab, self._names
        done = lab.all({name: self._group.flooring(name, self._dtype, self._suspects) for name in names})
        return [floors_of(trial.result["rows"]) for trial in done.values() if isinstance(trial, Trial)]

    def __getitem__(self, tensor: str) -> float:
        return self._found()[tensor]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found())

    def __len__(self) -> int:
        return len(self._found())
