"""The stage: from sides that were built to a `Proof`."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations

from paragone.errors import ParagoneError
from paragone.prove.causes import Found, causes_of, correct, put_back, still_apart
from paragone.prove.effects import as_written, start_trainings, trainings
from paragone.prove.gauges import gauges
from paragone.prove.group import DTYPES, DType, Group
from paragone.prove.hypotheses import Intervention, hypotheses, unexplainable
from paragone.prove.laboratory import Laboratory
from paragone.prove.ladder import Trace
from paragone.prove.pairs import corrected_pairs, unaligned_pair, written_pairs
from paragone.prove.plan import ProofPlan
from paragone.prove.subject import Subject
from paragone.prove.tolerances import FLOOR_RUNS, INITIALISATION_P, TOLERANCES
from paragone.records import Checkpoint, Curve, Floor, Outcome, Pair, Proof, SameVerdict


class Proving:
    """A proof in the making.

    Args:
        subjects: the sides that were built.
        lab: runs the experiments.
        plan: lengths and seeds.
    """

    def __init__(self, subjects: Sequence[Subject], lab: Laboratory, plan: ProofPlan):
        self.plan = plan
        self.groups = _groups(subjects, lab, plan)
        self.subjects = list(subjects)
        self.failures: dict[str, ParagoneError] = {}
        self._pairs: list[Pair] = []
        self._corrected: list[Pair] = []
        self._outcomes: list[Outcome] = []

    def prove(self) -> Proof:
        """Climb the ladder, find the causes, remove them, and climb again."""
        for group in self.groups:
            self._one(group)
            self.failures |= group.failures
        self._pairs += self._across()
        alive = [subject for subject in self.subjects if subject.name not in self.failures]
        return Proof(
            verdict=_verdict(self._pairs, len(alive)),
            steps=self.plan.steps,
            tolerances={**TOLERANCES, "initialisation": INITIALISATION_P},
            pairs=tuple(self._ordered(self._pairs)),
            corrected=tuple(self._ordered(self._corrected)),
            gauges=tuple(gauge for group in self.groups if len(group.subjects) > 1 for gauge in gauges(group)),
            floors=tuple(_floors(self.groups)),
            curves=tuple(_curves(self.groups)),
            outcomes=tuple(self._outcomes),
            notes=tuple(self._notes(alive)),
        )

    def _one(self, group: Group) -> None:
        group.draw()
        if group.subjects:
            group.as_written()
        if not group.subjects:
            return
        pairs = written_pairs(group)
        suspects = hypotheses(group.subjects) if any(pair.verdict != "same" for pair in pairs) else []
        correct(group, suspects)
        found = put_back(group, suspects)
        self._start_trainings(group, found, suspects)
        self._outcomes += as_written(group)
        pairs, outcomes = causes_of(group, _among(pairs, group), found, suspects)
        self._outcomes += outcomes
        corrected = corrected_pairs(group)
        self._corrected += corrected
        self._pairs += still_apart(pairs, corrected, suspects, unexplainable(group.subjects))

    def _start_trainings(self, group: Group, found: Sequence[Found], suspects: Sequence[Intervention]) -> None:
        """Start what the effects need, side by side; they are waited for one by one later."""
        for experiment in [*trainings(group, found, suspects), *start_trainings(group)]:
            group.lab.submit(experiment)

    def _across(self) -> list[Pair]:
        """Pairs of sides whose weights do not correspond."""
        home = {subject.name: group for group in self.groups for subject in group.subjects}
        return [
            unaligned_pair(a, b)
            for a, b in combinations(self.subjects, 2)
            if a.name in home and b.name in home and home[a.name] is not home[b.name]
        ]

    def _ordered(self, pairs: Sequence[Pair]) -> list[Pair]:
        order = {subject.name: i for i, subject in enumerate(self.subjects)}
        return sorted(pairs, key=lambda pair: (order[pair.a], order[pair.b]))

    def _notes(self, alive: Sequence[Subject]) -> list[str]:
        notes = [self.plan.note] if self.plan.note else []
        for subject in alive:
            if subject.stills():
                notes.append(
                    f"{subject.name} has dropout: its masks never equal those of another framework, so it was "
                    "switched off on the ladder, and its rates are compared by themselves; it stays on in what is "
                    "learned over seeds"
                )
            if subject.said["output_dtype"] != "float64":
                notes.append(
                    f"{subject.name} gives {subject.said['output_dtype']} where float64 was asked for: it cannot run "
                    "in float64, so small differences of meaning cannot be told from rounding"
                )
        return notes


def _groups(subjects: Sequence[Subject], lab: Laboratory, plan: ProofPlan) -> list[Group]:
    by_signature: dict[object, list[Subject]] = defaultdict(list)
    for subject in subjects:
        by_signature[subject.signature].append(subject)
    return [Group(members, lab, plan) for members in by_signature.values()]


def _among(pairs: Sequence[Pair], group: Group) -> list[Pair]:
    names = {subject.name for subject in group.subjects}
    return [pair for pair in pairs if {pair.a, pair.b} <= names]


def _verdict(pairs: Sequence[Pair], n_alive: int) -> SameVerdict:
    if n_alive < 2:
        return "not run"
    verdicts = {pair.verdict for pair in pairs}
    return "different" if "different" in verdicts else "undecided" if "undecided" in verdicts else "same"


def _floors(groups: Sequence[Group]) -> list[Floor]:
    return [_floor(group, subject.name, dtype) for group in groups for subject in group.subjects for dtype in DTYPES]


def _floor(group: Group, side: str, dtype: DType) -> Floor:
    rows = group.noise[side, dtype].result["rows"]
    gauge = group.gauge(side, side)
    first, last = (
        [
            max(
                (
                    value
                    for key, value in row.items()
                    if key.startswith(prefix) and key.removeprefix(prefix) not in gauge and math.isfinite(value)
                ),
                default=0.0,
            )
            for row in rows
        ]
        for prefix in ("weights/1/", f"weights/{group.plan.steps}/")
    )
    return Floor(
        side=side,
        dtype=dtype,
        runs=FLOOR_RUNS,
        steps=group.plan.steps,
        max_rel=max(last),
        samples=tuple(last),
        checkpoints=(
            Checkpoint(step=1, max_rel=max(first)),
            Checkpoint(step=group.plan.steps, max_rel=max(last)),
        ),
    )


def _curves(groups: Sequence[Group]) -> list[Curve]:
    found = []
    for group in groups:
        for subject in group.subjects:
            for dtype in DTYPES:
                band = group.noise[subject.name, dtype].result["band"]
                found.append(_curve(subject.name, dtype, group.traces[subject.name, dtype], band))
            corrected = group.corrected.get((subject.name, "float64"))
            if corrected is not None:
                found.append(_curve(subject.name, "float64", corrected, (), corrected=True))
    return found


def _curve(side: str, dtype: DType, trace: Trace, band: Sequence[float], *, corrected: bool = False) -> Curve:
    loss = tuple(float(value) for value in trace.arrays["curve"])
    return Curve(side=side, dtype=dtype, loss=loss, band=tuple(band), corrected=corrected)
