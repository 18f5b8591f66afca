"""Whether an artifact still computes what its side computes: from outputs to a verdict."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from paragone.distance import gap
from paragone.records import Accuracy, ArtifactVerdict, CaseGap
from paragone.workers.deploying import EXAMPLE, TEST
from paragone.workers.outcome import hits

Array = np.ndarray[Any, Any]

SLACK = 10.0
"""How many floors an artifact may be from its side: other kernels add in another order."""
LEAST = 1e-6
"""What is the same in float32 in any case: eight units in the last place."""
_ABOUT = 8.0
"""A shorter format is named where the distance is within this factor of what rounding the weights to it does."""
_Z95 = 1.959963984540054
_LONGEST = 300


@dataclass(frozen=True)
class Examples:
    """What the side itself gave.

    Args:
        arrays: inputs and outputs, as `case/x0` and `case/y0`.
        cases: names of the cases, in their order.
        floors: how far the side drifts from itself, by case.
        rounded: how far it is from itself with its weights in shorter formats.
        n_classes: of the first target; None for values.
    """

    arrays: Mapping[str, Array]
    cases: Sequence[str]
    floors: Mapping[str, float]
    rounded: Mapping[str, float]
    n_classes: int | None

    def of(self, case: str, letter: str) -> list[Array]:
        """Arrays of a case: inputs x, outputs y, targets t."""
        found: list[Array] = []
        while (name := f"{case}/{letter}{len(found)}") in self.arrays:
            found.append(self.arrays[name])
        return found


@dataclass(frozen=True)
class Judgement:
    """What the outputs of an artifact say."""

    verdict: ArtifactVerdict
    why: str
    max_rel: float | None
    where: str
    cases: tuple[CaseGap, ...]


def judged(examples: Examples, answers: Mapping[str, str], outputs: Mapping[str, Array], precision: str) -> Judgement:
    """The verdict on an artifact.

    Args:
        examples: what the side itself gave.
        answers: by case what the runtime refused with; empty where it computed.
        outputs: the artifact's, as `case/y0`.
        precision: what the target computes in when it does as it is told.
    """
    cases = tuple(_case(name, examples, answers.get(name, "no answer"), outputs) for name in examples.cases)
    refused = [case for case in cases if case.max_rel is None]
    if refused:
        first = refused[0]
        why = f"{len(refused)} of {len(cases)} kinds of input are not computed; '{first.name}': {first.why}"
        return Judgement("failed", why[:_LONGEST], None, first.name, cases)
    ordinary = next(case for case in cases if case.name == EXAMPLE)
    if precision != "float32":  # beyond what it was calibrated for it is cut off
        return Judgement("quantised", "", ordinary.max_rel, ordinary.name, cases)
    worst = max(cases, key=lambda case: (case.max_rel or 0.0) / case.tolerance)
    found = worst.max_rel, worst.name, cases
    if (worst.max_rel or 0.0) <= worst.tolerance:
        return Judgement("same", "", *found)
    shorter = _shorter(examples, ordinary)
    return Judgement("less precise" if shorter else "different", shorter or _apart(worst), *found)


def _case(name: str, examples: Examples, why: str, outputs: Mapping[str, Array]) -> CaseGap:
    wanted, rows = examples.of(name, "y"), len(examples.of(name, "x")[0])
    floor = examples.floors[name]
    known: dict[str, Any] = {"name": name, "rows": rows, "floor": floor, "tolerance": max(LEAST, SLACK * floor)}
    found = [outputs[key] for place in range(len(wanted)) if (key := f"{name}/y{place}") in outputs]
    if not why and len(found) < len(wanted):
        why = f"{len(found)} outputs in place of {len(wanted)}"
    if not why:
        why = "; ".join(
            f"an output of shape {a.shape} in place of {b.shape}"
            for a, b in zip(found, wanted, strict=True)
            if a.shape != b.shape
        )
    if why:
        return CaseGap(**known, why=why[:_LONGEST])
    return CaseGap(**known, max_rel=max(gap(a, b).max_rel for a, b in zip(found, wanted, strict=True)))


def _shorter(examples: Examples, case: CaseGap) -> str:
    """In words that a runtime computes in a shorter format, where its distance says so."""
    distance = case.max_rel or 0.0
    if distance <= case.tolerance:
        return ""
    off = {
        name: abs(math.log(distance / far))
        for name, far in examples.rounded.items()
        if far > 0 and math.isfinite(distance)
    }
    near = min(off, key=lambda name: off[name], default="")
    if not near or off[near] > math.log(_ABOUT):
        return ""
    return (
        f"it computes in about {near}, not in float32: {distance:.2g} from its side, which is "
        f"{examples.rounded[near]:.2g} from itself with its weights in {near}"
    )


def _apart(worst: CaseGap) -> str:
    return f"on '{worst.name}' it is {worst.max_rel:.2g} from its side; rounding makes {worst.tolerance:.2g} at most"


def accuracy_of(examples: Examples, outputs: Mapping[str, Array]) -> Accuracy | None:
    """Accuracy of side and artifact on the same samples; None where nothing is classes, or nothing was computed.

    The interval is that of a mean of paired differences; where no sample differs, 3 / n is what 95 % of such results
    would have found (Hanley and Lippman-Hand 1983, the rule of three).
    """
    wanted, targets = examples.of(TEST, "y"), examples.of(TEST, "t")
    found = [outputs[key] for place in range(len(wanted)) if (key := f"{TEST}/y{place}") in outputs]
    if len(found) < len(wanted) or any(a.shape != b.shape for a, b in zip(found, wanted, strict=True)):
        return None
    sides, ours = (hits(each, targets, examples.n_classes) for each in (wanted, found))
    if not sides:
        return None
    side, artifact = (np.concatenate([each.ravel() for each in one]).astype(float) for one in (sides, ours))
    lost, n = side - artifact, side.size
    half = _Z95 * float(lost.std(ddof=1)) / math.sqrt(n) if n > 1 and lost.any() else 3.0 / n
    mean = float(lost.mean())
    return Accuracy(
        side=float(side.mean()), artifact=float(artifact.mean()), lost=mean, low=mean - half, high=mean + half, rows=n
    )
