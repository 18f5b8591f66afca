"""The records of all pairs of sides."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import combinations
from typing import Any

import numpy as np

from paragone.prove.extras import SECOND_BIAS, taken_out
from paragone.prove.group import Group
from paragone.prove.hypotheses import Intervention
from paragone.prove.initialisation import initialisation_rung, pooled
from paragone.prove.ladder import Trace, rungs
from paragone.prove.scope import ALL_RUNGS, WARNS, WHOLE, DType, Scope
from paragone.prove.subject import RATE, Subject
from paragone.records import Pair, Rung, SameVerdict

Array = np.ndarray[Any, Any]
_WARNING = (
    "decides nothing: no side changes its learning rate, and at one rate they train alike; "
    "they part as soon as it changes"
)
RESET = "gru-reset-form"
"""The trap that a GRU's forms are."""
_STRENGTH: dict[SameVerdict, int] = {"same": 0, "not run": 0, "undecided": 1, "different": 2}


def pair_verdict(found: tuple[Rung, ...]) -> SameVerdict:
    """The worst verdict among the rungs that decide: in float64, or in float32 where there is no other."""
    deciding = Pair(a="", b="", verdict="not run", rungs=found).deciding
    verdicts = [rung.verdict for rung in found if rung.dtype == deciding and not rung.ignored]
    worst: SameVerdict = max(verdicts, key=lambda verdict: _STRENGTH[verdict], default="not run")
    return "undecided" if worst == "not run" else worst


def asked(found: Sequence[Rung], scope: Scope) -> tuple[Rung, ...]:
    """The rungs that were asked for, those that do not decide marked."""
    chosen = (_warning(rung) for rung in found if rung.name in scope.rungs)
    return tuple(rung.model_copy(update={"ignored": True}) if rung.name in scope.ignored else rung for rung in chosen)


def _warning(rung: Rung) -> Rung:
    """The rung that warns, with what that means; any other as it is."""
    if rung.name != WARNS or rung.verdict == "not run":
        return rung
    detail = rung.detail if rung.verdict == "same" else "; ".join(filter(None, (rung.detail, _WARNING)))
    return rung.model_copy(update={"ignored": True, "detail": detail})


def apart(pairs: Sequence[Pair], scope: Scope) -> bool:
    """Whether a pair is not the same, or would not be if its learning rate changed: then causes are looked for."""
    if any(pair.verdict != "same" for pair in pairs):
        return True
    warned = (rung for pair in pairs for rung in pair.rungs if rung.name == WARNS and rung.dtype == pair.deciding)
    return WARNS not in scope.ignored and any(rung.verdict != "same" for rung in warned if rung.verdict != "not run")


def pair_rungs(
    group: Group,
    a: Subject,
    b: Subject,
    traces: Mapping[tuple[str, DType], Trace],
    floors_in: Callable[[DType], Mapping[str, float]],
) -> tuple[Rung, ...]:
    """Structure and everything from forward to outcome, in every precision."""
    found = [structure_rung(a, b, group.deciding)]
    scope = group.scope
    for dtype in scope.dtypes:
        if (a.name, dtype) in traces and (b.name, dtype) in traces:
            given = traces[a.name, dtype], traces[b.name, dtype], dtype, floors_in(dtype), group.gauge(a.name, b.name)
            alone = scope.deciding == dtype
            climbed, updates = scope.climbed, group.updates
            found += rungs(*given, names=climbed, alone=alone, trusting=group.trusting, updates=updates)
    return tuple(found)


def _drawn(group: Group, a: Subject, b: Mapping[str, Array]) -> tuple[Rung, ...]:
    """The rung of the starting distributions, where they are compared."""
    if not group.scope.draws:
        return ()
    left, right = pooled(group.draws[a.name]), pooled(b)
    return (initialisation_rung(left, right, group.shapes(), group.deciding),)


def written_pairs(group: Group) -> list[Pair]:
    """The ladder of every pair as the sides are written."""
    pairs = []
    for a, b in combinations(group.subjects, 2):
        first, *rest = pair_rungs(group, a, b, group.traces, partial(group.floors, [a.name, b.name]))
        drawn = _drawn(group, a, group.draws.get(b.name, {}))
        found = asked((first, *drawn, *rest), group.scope)
        pairs.append(Pair(a=a.name, b=b.name, verdict=pair_verdict(found), rungs=found))
    return pairs


def corrected_pairs(group: Group, suspects: Sequence[Intervention]) -> list[Pair]:
    """The same ladder after these were removed; the second side draws its weights from the first's law."""
    pairs = []
    for a, b in combinations(group.subjects, 2):
        floors = partial(group.common_floors, suspects=suspects)
        _, *rest = pair_rungs(group, a, b, group.corrected, floors)
        left, right = (_without_taken(taken_out(side, suspects), suspects) for side in (a, b))
        first = structure_rung(left, right, group.deciding, corrected=True)
        drawn = _drawn(group, a, group.again.get(a.name) or group.draws.get(b.name, {}))
        found = asked((first, *drawn, *rest), group.scope)
        pairs.append(Pair(a=a.name, b=b.name, verdict=pair_verdict(found), rungs=found))
    return pairs


def _without_taken(side: Subject, suspects: Sequence[Intervention]) -> Subject:
    """The side without parameters that an intervention leaves nothing to do: the second bias of a GRU (row H3)."""
    if not any(one.side == side.name and one.trait.trap == RESET for one in suspects):
        return side
    return replace(side, alone=tuple(path for path in side.alone if SECOND_BIAS not in path))


def structure_rung(a: Subject, b: Subject, dtype: DType = "float64", *, corrected: bool = False) -> Rung:
    """Layers with weights in order of execution, shapes of their canonical weights, and dropout.

    Args:
        a: one side.
        b: the other.
        dtype: the precision that decides.
        corrected: dropout layers that both sides have are given one rate.
    """
    left, right = dict(a.signature), dict(b.signature)
    only_a, only_b = sorted(left.keys() - right.keys()), sorted(right.keys() - left.keys())
    shapes = [name for name in left if name in right and left[name] != right[name]]
    both = {t.where for t in a.traits if t.name == RATE} & {t.where for t in b.traits if t.name == RATE}
    rates = [_dropout(side, both if corrected else set()) for side in (a, b)]
    problems = []
    if only_a or only_b:
        problems.append(f"{a.name} alone has {_list(only_a)}; {b.name} alone has {_list(only_b)}")
    problems += [f"{name} is {left[name]} in {a.name} and {right[name]} in {b.name}" for name in shapes]
    if rates[0] != rates[1]:
        problems.append(f"dropout rates are {_list(rates[0])} in {a.name} and {_list(rates[1])} in {b.name}")
    problems += [f"{side.name} alone has {_list(list(side.alone))}" for side in (a, b) if side.alone]
    n_a, n_b = int(a.said["n_parameters"]), int(b.said["n_parameters"])
    return Rung(
        name="structure",
        dtype=dtype,
        verdict="different" if problems else "same",
        where="; ".join(problems),
        detail=f"{n_a:,} parameters" if n_a == n_b else f"{n_a:,} parameters against {n_b:,}",
    )


def unaligned_pair(a: Subject, b: Subject, scope: Scope = WHOLE) -> Pair:
    """A pair whose weights do not correspond: nothing above structure can be compared."""
    rung = structure_rung(a, b, scope.deciding)
    why = "the sides' weights do not correspond, so they cannot start from the same ones"
    above = tuple(
        Rung(name=name, dtype=scope.deciding, verdict="not run", detail=why)
        for name in ALL_RUNGS[1:]
        if name in scope.rungs
    )
    custom = sorted({name.split("/")[0] for s in (a, b) for name, _ in s.signature if name.startswith("custom")})
    verdict: SameVerdict = "undecided" if custom else "different"
    hint = f"; layers of unknown kinds: {', '.join(custom)}" if custom else ""
    return Pair(
        a=a.name,
        b=b.name,
        verdict=verdict,
        rungs=(rung, *above),
        unexplained=f"different in structure: {rung.where}{hint}",
    )


def _dropout(subject: Subject, without: set[str]) -> list[str]:
    return [f"{t.value:g}" for t in subject.traits if t.name == RATE and t.value and t.where not in without]


def _list(items: list[str]) -> str:
    return ", ".join(items) or "none"
