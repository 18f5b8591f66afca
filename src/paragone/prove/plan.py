"""What the proof does, fixed before it begins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from paragone.prove.equivalence import MARGINS, Margin, Measure
from paragone.prove.scope import WHOLE, Scope
from paragone.prove.subject import Subject

_USUAL = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000)
_LARGE_PARAMETERS = 2_000_000
_FLOOR_S = 60.0
_FEWEST_STEPS = 20


@dataclass(frozen=True)
class ProofPlan:
    """Lengths and seeds of a proof.

    Args:
        steps: training steps of the trajectory and of every outcome.
        checkpoints: steps after which the weights are compared; the first is 1, the last is `steps`.
        seed: of the starting weights, of the order of batches and of the noise.
        note: why there are fewer steps than asked for, or empty.
        scope: which part of a proof is done.
        margins: how much of each measure counts as nothing when a cause is weighed.
    """

    steps: int
    checkpoints: tuple[int, ...]
    seed: int
    note: str = ""
    scope: Scope = WHOLE
    margins: Mapping[Measure, Margin] = field(default_factory=lambda: MARGINS)

    @property
    def trained(self) -> int:
        """Steps that a trace trains: all of them, one for the rung `step` alone, none without either."""
        return self.steps if self.scope.trains else int("step" in self.scope.rungs)

    @property
    def compared(self) -> tuple[int, ...]:
        """Steps of a trace after which the weights are compared."""
        return tuple(step for step in self.checkpoints if step <= self.trained)


def plan_proof(
    subjects: Sequence[Subject], asked_steps: int, seed: int, floor_runs: int, scope: Scope = WHOLE
) -> ProofPlan:
    """As many steps as asked for, unless the floor alone would take minutes at the speed that was seen."""
    slowest_s = max(float(subject.said["step_s"]) for subject in subjects)
    affordable = int(_FLOOR_S / (floor_runs * slowest_s)) if slowest_s > 0 else asked_steps
    steps = min(asked_steps, max(_FEWEST_STEPS, affordable))
    if steps >= asked_steps * 0.8:
        steps = asked_steps
    note = ""
    if steps < asked_steps:
        note = (
            f"The trajectory has {steps} steps instead of {asked_steps}: the slowest side takes {slowest_s:.2g} s "
            f"a step, and the floor needs {floor_runs} runs of it."
        )
    large = max(int(subject.said["n_parameters"]) for subject in subjects) > _LARGE_PARAMETERS
    usual = (1,) if large else _USUAL
    checkpoints = tuple(sorted({step for step in usual if step < steps} | {steps, 1}))
    return ProofPlan(steps, checkpoints, seed, note, scope)
