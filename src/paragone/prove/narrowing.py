"""The step of a trajectory after which two sides are first apart.

Once one tensor is, all others follow in a step or two. So the weights are compared again, after more of the steps
between the last checkpoint at which they agree and the first at which they do not.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

from paragone.distance import gap
from paragone.errors import ParagoneError
from paragone.prove.group import Group
from paragone.prove.hypotheses import Intervention
from paragone.prove.ladder import Trace
from paragone.prove.no_gradient import NoGradient
from paragone.prove.tolerances import TOLERANCES
from paragone.trials import Trial

_AT_ONCE = 8
"""Steps whose weights are kept at a time."""
_ROUNDS = 3
_MOST = 2_000_000
"""Parameters of a model of which so many copies are kept."""


def narrowed(
    group: Group, names: tuple[str, str], traces: tuple[Trace, Trace], given: Sequence[Intervention], gauge: NoGradient
) -> tuple[Trace, Trace]:
    """The traces of two sides with the weights after more steps around the first one at which they are apart.

    Args:
        group: runs the sides again.
        names: of the sides.
        traces: so far.
        given: the interventions that the traces were made with.
        gauge: what of the pair has no true gradient.
    """
    if sum(array.size for array in group.start.values()) > _MOST:
        return traces
    for _ in range(_ROUNDS):
        wanted = _between(*traces, gauge)
        if not wanted:
            break
        done = group.lab.all({name: _again(group, name, given, wanted) for name in names})
        trials = [done[name] for name in names]
        if any(isinstance(one, ParagoneError) for one in trials):
            break
        traces = cast(
            tuple[Trace, Trace],
            tuple(_with(trace, cast(Trial, trial)) for trace, trial in zip(traces, trials, strict=True)),
        )
    return traces


def _again(group: Group, side: str, given: Sequence[Intervention], steps: Sequence[int]) -> Any:
    full = group.tracing(side, "float64", given)
    arguments = {**full.arguments, "steps": steps[-1], "checkpoints": list(steps), "rungs": [], "probe": True}
    return replace(full, arguments=arguments, note=f"{side}: the first step that parts")


def _with(trace: Trace, trial: Trial) -> Trace:
    more = {key: array for key, array in trial.arrays.items() if key.startswith("weights/")}
    return replace(trace, arrays=ChainMap(more, cast(Any, trace.arrays)))


def _between(a: Trace, b: Trace, gauge: NoGradient) -> list[int]:
    """Steps between the last checkpoint at which the sides agree and the first at which they do not; none if next."""
    steps = sorted({int(key.split("/")[1]) for key in a.arrays if key.startswith("weights/")})
    first = next((step for step in steps if _apart(a, b, step, gauge)), None)
    if first is None:
        return []
    last = max((step for step in steps if step < first), default=0)
    inner = list(range(last + 1, first))
    if len(inner) <= _AT_ONCE:
        return inner
    return sorted({last + (first - last) * number // (_AT_ONCE + 1) for number in range(1, _AT_ONCE + 1)} - {last})


def _apart(a: Trace, b: Trace, step: int, gauge: NoGradient) -> bool:
    prefix = f"weights/{step}/"
    keys = [key for key in a.arrays if key.startswith(prefix) and key in b.arrays and not gauge.is_of(key)]
    return any(gap(a.arrays[key], b.arrays[key]).max_rel > TOLERANCES["trajectory"] for key in keys)
