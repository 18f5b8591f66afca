"""What a cause is worth: the same side trained with it and without it, over seeds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np

from paragone.distance import gap
from paragone.errors import ParagoneError
from paragone.prove.group import Group
from paragone.prove.hypotheses import Intervention
from paragone.prove.initialisation import differing, pooled
from paragone.prove.laboratory import Experiment, Weights
from paragone.prove.ladder import Trace, last_step
from paragone.prove.subject import Subject
from paragone.prove.tolerances import BUILDS
from paragone.prove.traps import row_of_initialiser
from paragone.records import Effect, Interval, Outcome

LEVEL = 0.95
Outcomes = dict[tuple[str, str], Outcome]


def effect_of_trait(
    group: Group, one: Intervention, alone: Trace, suspects: Sequence[Intervention], outcomes: Outcomes
) -> Effect:
    """The side with only this trait left in against the side with all suspects removed, from its own starts."""
    starts = group.draws[one.side]
    others = [other for other in suspects if other is not one]
    with_it = _outcome(group, one.side, f"only {one.trait.trap}", starts, others, outcomes)
    without = _outcome(group, one.side, "all causes removed", starts, suspects, outcomes)
    apart = _weights_apart(alone, group.corrected[one.side, "float64"])
    return _effect(group.plan.steps, with_it, without, apart)


def effect_of_start(
    group: Group, a: Subject, b: Subject, slug: str, names: Sequence[str], outcomes: Outcomes
) -> Effect:
    """`b` from its own starting weights against `b` with these tensors drawn as `a` draws them."""
    with_it = _outcome(group, b.name, "own starting weights", group.draws[b.name], (), outcomes)
    without = _outcome(group, b.name, f"{slug} of {a.name}", _mixed(group, a, b, names), (), outcomes)
    return _effect(group.plan.steps, with_it, without, None)


def effect_of_rate(group: Group, one: Intervention, outcomes: Outcomes) -> Effect:
    """The side with its own rate of dropout against the side with the rate of the other, dropout on."""
    starts, place = group.draws[one.side], f"{one.trait.where} at {one.value:g}"
    with_it = _outcome(group, one.side, "own rate of dropout", starts, (), outcomes, still=False)
    without = _outcome(group, one.side, place, starts, [one], outcomes, still=False)
    return _effect(group.plan.steps, with_it, without, None)


def as_written(group: Group) -> list[Outcome]:
    """What every side learns as it is written, in float32, dropout and all, from its own starting weights."""
    wanted = {
        subject.name: group.training(subject.name, "float32", group.draws[subject.name], (), still=False)
        for subject in group.subjects
    }
    done = group.keep(group.lab.all(wanted), lambda key: key)
    return [_record(group, name, "as written", trial.result) for name, trial in done.items()]


def start_trainings(group: Group) -> list[Experiment]:
    """The trainings that the effects of starting weights need, for every pair of the group."""
    rows = []
    for a, b in combinations(group.subjects, 2):
        for names in start_differences(group, a, b).values():
            rows.append(group.training(b.name, "float64", group.draws[b.name], (), still=True))
            rows.append(group.training(b.name, "float64", _mixed(group, a, b, names), (), still=True))
    return rows


def start_differences(group: Group, a: Subject, b: Subject) -> dict[tuple[str, str], list[str]]:
    """The tensors that two sides draw from different distributions, by slug and row of the trap."""
    tensors: dict[tuple[str, str], list[str]] = defaultdict(list)
    for tensor in differing(pooled(group.draws[a.name]), pooled(group.draws[b.name])):
        tensors[row_of_initialiser(tensor)].append(tensor)
    return tensors


def _mixed(group: Group, a: Subject, b: Subject, names: Sequence[str]) -> Weights:
    """The starts of `b`, with these tensors from those of `a`."""
    own, other = group.draws[b.name], group.draws[a.name]
    return {key: other[key] if key.partition("/")[2] in names else array for key, array in own.items()}


def trainings(group: Group, found: Sequence[Any], suspects: Sequence[Intervention]) -> list[Experiment]:
    """The trainings that the effects of traits need, so that they can be started together."""
    rows = []
    for side in {one.intervention.side for one in found}:
        rows.append(group.training(side, "float64", group.draws[side], suspects, still=True))
    for one in found:
        others = [other for other in suspects if other is not one.intervention]
        side = one.intervention.side
        rows.append(group.training(side, "float64", group.draws[side], others, still=True))
    return rows


def _outcome(
    group: Group,
    side: str,
    variant: str,
    starts: Weights,
    interventions: Sequence[Intervention],
    outcomes: Outcomes,
    *,
    still: bool = True,
) -> Outcome | None:
    if (side, variant) not in outcomes:
        experiment = group.training(side, "float64", starts, interventions, still=still)
        try:
            result = group.lab.submit(experiment).result().result
        except ParagoneError:
            return None
        outcomes[side, variant] = _record(group, side, variant, result)
    return outcomes[side, variant]


def _record(group: Group, side: str, variant: str, result: dict[str, Any]) -> Outcome:
    accuracy = tuple(result["accuracy"]) if None not in result["accuracy"] else ()
    seeds = tuple(group.plan.seed * 1000 + 1 + build for build in range(BUILDS))
    return Outcome(
        side=side, variant=variant, steps=group.plan.steps, seeds=seeds, accuracy=accuracy, loss=tuple(result["loss"])
    )


def _weights_apart(alone: Trace, without: Trace) -> float:
    prefix = f"weights/{last_step(alone.arrays)}/"
    return max(gap(a, without.arrays[key]).max_rel for key, a in alone.arrays.items() if key.startswith(prefix))


def _effect(steps: int, with_it: Outcome | None, without: Outcome | None, apart: float | None) -> Effect:
    if with_it is None or without is None:
        return Effect(steps=steps, parameters_rel=apart, text="training failed, so its worth is not known")
    loss = paired(np.array(with_it.loss) - np.array(without.loss))
    accuracy = paired(np.array(with_it.accuracy) - np.array(without.accuracy)) if with_it.accuracy else None
    parts = [f"the weights end {apart:.2g} apart"] if apart is not None else []
    if accuracy is not None:
        points = [100 * value for value in (accuracy.mid, accuracy.low, accuracy.high)]
        parts.append(f"accuracy changes by {points[0]:+.2f} points ({points[1]:+.2f} to {points[2]:+.2f})")
    parts.append(f"test loss changes by {loss.mid:+.2g} ({loss.low:+.2g} to {loss.high:+.2g})")
    text = f"after {steps} steps, over {len(with_it.seeds)} seeds: " + ", ".join(parts)
    return Effect(steps=steps, parameters_rel=apart, loss=loss, accuracy=accuracy, seeds=len(with_it.seeds), text=text)


def paired(differences: np.ndarray[Any, Any]) -> Interval:
    """Mean difference with its t-interval over seeds."""
    from scipy.stats import t

    n, mid = len(differences), float(differences.mean())
    spread = float(differences.std(ddof=1) / np.sqrt(n)) if n > 1 else 0.0
    half = float(t.ppf(0.5 + LEVEL / 2, n - 1)) * spread if n > 1 else 0.0
    return Interval(mid=mid, low=mid - half, high=mid + half, level=LEVEL, n=n)
