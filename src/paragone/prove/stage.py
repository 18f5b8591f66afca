"""The stage: from sides that were built to a `Proof`."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations

from paragone.errors import ParagoneError
from paragone.fixes.patch import Change, patch_of
from paragone.prove.causes import causes_of, still_apart
from paragone.prove.changes import changes_of
from paragone.prove.effects import as_written, start_trainings, trainings
from paragone.prove.extras import extra_biases
from paragone.prove.gauges import gauges
from paragone.prove.given_weights import GivenWeights, start_from
from paragone.prove.group import Group
from paragone.prove.hypotheses import Intervention, hypotheses, unexplainable
from paragone.prove.inexpressible import with_refusals
from paragone.prove.laboratory import Laboratory
from paragone.prove.ladder import Trace
from paragone.prove.locating import with_places
from paragone.prove.notes import notes
from paragone.prove.pairs import apart, corrected_pairs, unaligned_pair, written_pairs
from paragone.prove.plan import ProofPlan
from paragone.prove.same_task import check_outputs
from paragone.prove.scope import RUNGS, DType
from paragone.prove.search import Found, Search
from paragone.prove.subject import Subject
from paragone.prove.tolerances import FLOOR_RUNS, INITIALISATION_P, TOLERANCES
from paragone.records import Checkpoint, Curve, Floor, Outcome, Pair, Proof, SameVerdict


class Proving:
    """A proof in the making.

    Args:
        subjects: the sides that were built.
        lab: runs the experiments.
        plan: lengths and seeds.
        weights: what all sides start from; None means a draw of the first.
    """

    def __init__(
        self, subjects: Sequence[Subject], lab: Laboratory, plan: ProofPlan, weights: GivenWeights | None = None
    ):
        self.plan = plan
        self.weights = weights
        self.groups = _groups(subjects, lab, plan)
        self.subjects = list(subjects)
        self.failures: dict[str, ParagoneError] = {}
        self._pairs: list[Pair] = []
        self._corrected: list[Pair] = []
        self._outcomes: list[Outcome] = []
        self._changes: list[Change] = []

    def prove(self) -> Proof:
        """Climb the ladder, find the causes, remove them, and climb again.

        Raises:
            InputError: the weights that were given fit no side, or a side cannot be compared.
        """
        check_outputs(self.subjects)
        if self.weights is not None:
            start_from(self.weights, self.groups)
        for group in self.groups:
            self._one(group)
            self.failures |= group.failures
        self._pairs += self._across()
        alive = [subject for subject in self.subjects if subject.name not in self.failures]
        return Proof(
            verdict=_verdict(self._pairs, len(alive)),
            steps=self.plan.steps,
            tolerances={**TOLERANCES, "initialisation": INITIALISATION_P},
            deciding=self.plan.scope.deciding,
            pairs=tuple(with_refusals(self._ordered(self._pairs), self.subjects)),
            corrected=tuple(self._ordered(self._corrected)),
            gauges=tuple(gauge for group in self._climbing() for gauge in gauges(group)),
            floors=tuple(_floors(self.groups)),
            curves=tuple(_curves(self.groups)),
            outcomes=tuple(self._outcomes),
            patch=patch_of(alive, self._changes),
            notes=notes(self.plan, alive, self.groups),
        )

    def _one(self, group: Group) -> None:
        scope = self.plan.scope
        if len(group.subjects) < 2 and not scope.worth:
            return
        if scope.climbed or scope.draws or scope.worth:
            group.draw()
        if group.subjects and scope.climbed:
            group.as_written()
        if not group.subjects:
            return
        pairs, corrected, search, found = _searched(group)
        if group.trusting and _left(corrected):
            group.trusting = False
            pairs, corrected, search, found = _searched(group)
        suspects = search.suspects
        if scope.worth:
            self._start_trainings(group, found, suspects)
            self._outcomes += as_written(group)
        pairs, outcomes = causes_of(group, _among(pairs, group), found, suspects)
        self._outcomes += outcomes
        self._changes += changes_of(group, [*extra_biases(suspects), *(one.intervention for one in found)])
        self._corrected += corrected
        pairs = still_apart(pairs, corrected, suspects, unexplainable(group.subjects))
        self._pairs += with_places(group, pairs, corrected, suspects)

    def _climbing(self) -> list[Group]:
        """The groups in which sides were compared with each other."""
        return [group for group in self.groups if len(group.subjects) > 1 and group.traces]

    def _start_trainings(self, group: Group, found: Sequence[Found], suspects: Sequence[Intervention]) -> None:
        """Start what the effects need, side by side; they are waited for one by one later."""
        for experiment in [*trainings(group, found, suspects), *start_trainings(group)]:
            group.lab.submit(experiment)

    def _across(self) -> list[Pair]:
        """Pairs of sides whose weights do not correspond."""
        home = {subject.name: group for group in self.groups for subject in group.subjects}
        return [
            unaligned_pair(a, b, self.plan.scope)
            for a, b in combinations(self.subjects, 2)
            if a.name in home and b.name in home and home[a.name] is not home[b.name]
        ]

    def _ordered(self, pairs: Sequence[Pair]) -> list[Pair]:
        order = {subject.name: i for i, subject in enumerate(self.subjects)}
        return sorted(pairs, key=lambda pair: (order[pair.a], order[pair.b]))


def _groups(subjects: Sequence[Subject], lab: Laboratory, plan: ProofPlan) -> list[Group]:
    by_signature: dict[object, list[Subject]] = defaultdict(list)
    for subject in subjects:
        by_signature[subject.signature].append(subject)
    return [Group(members, lab, plan) for members in by_signature.values()]


def _searched(group: Group) -> tuple[list[Pair], list[Pair], Search, list[Found]]:
    """The ladder as the sides are written and without all suspects, the search among these, and the causes."""
    scope = group.scope
    pairs = written_pairs(group)
    parted = apart(pairs, scope)
    if scope.decides_by_start and parted:
        group.draw_again()
    search = Search(group, hypotheses(group.subjects) if parted and scope.climbed else [])
    found = search.find()
    return pairs, corrected_pairs(group, search.suspects), search, found


def _left(corrected: Sequence[Pair]) -> bool:
    """Whether a rung is different also with all suspects taken out."""
    deciding = (rung for pair in corrected for rung in pair.rungs if rung.dtype == pair.deciding)
    return any(rung.name in RUNGS and rung.verdict == "different" for rung in deciding)


def _among(pairs: Sequence[Pair], group: Group) -> list[Pair]:
    names = {subject.name for subject in group.subjects}
    return [pair for pair in pairs if {pair.a, pair.b} <= names]


def _verdict(pairs: Sequence[Pair], n_alive: int) -> SameVerdict:
    if n_alive < 2:
        return "not run"
    verdicts = {pair.verdict for pair in pairs}
    return "different" if "different" in verdicts else "undecided" if "undecided" in verdicts else "same"


def _floors(groups: Sequence[Group]) -> list[Floor]:
    """The floors that were needed."""
    names = [(group, subject.name) for group in groups for subject in group.subjects]
    order = [(group, name, dtype) for group, name in names for dtype in group.scope.dtypes if group.scope.trains]
    return [_floor(group, name, dtype) for group, name, dtype in order if (name, dtype) in group.noise]


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
        deciding = group.deciding
        for subject in group.subjects:
            for dtype in group.scope.dtypes:
                noise = group.noise.get((subject.name, dtype))
                band = noise.result["band"] if noise is not None else ()
                found += _curve(subject.name, dtype, group.traces.get((subject.name, dtype)), band)
            found += _curve(subject.name, deciding, group.corrected.get((subject.name, deciding)), (), corrected=True)
    return found


def _curve(
    side: str, dtype: DType, trace: Trace | None, band: Sequence[float], *, corrected: bool = False
) -> list[Curve]:
    if trace is None or "curve" not in trace.arrays:
        return []
    loss = tuple(float(value) for value in trace.arrays["curve"])
    return [Curve(side=side, dtype=dtype, loss=loss, band=tuple(band), corrected=corrected)]
