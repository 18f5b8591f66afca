"""The records of all pairs of sides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from itertools import combinations

from paragone.prove.group import DTYPES, DType, Group
from paragone.prove.initialisation import initialisation_rung, pooled
from paragone.prove.ladder import Trace, rungs
from paragone.prove.subject import RATE, Subject
from paragone.records import Pair, Rung, SameVerdict

_STRENGTH: dict[SameVerdict, int] = {"same": 0, "not run": 0, "undecided": 1, "different": 2}


def pair_verdict(found: tuple[Rung, ...]) -> SameVerdict:
    """float64 decides: the worst verdict among its rungs."""
    worst = max((rung.verdict for rung in found if rung.dtype == "float64"), key=lambda verdict: _STRENGTH[verdict])
    return "undecided" if worst == "not run" else worst


def pair_rungs(
    group: Group,
    a: Subject,
    b: Subject,
    traces: Mapping[tuple[str, DType], Trace],
    floors_in: Callable[[DType], Mapping[str, float]],
) -> tuple[Rung, ...]:
    """Structure and everything from forward to outcome, in both precisions."""
    found = [structure_rung(a, b)]
    for dtype in DTYPES:
        if (a.name, dtype) in traces and (b.name, dtype) in traces:
            gauge = group.gauge(a.name, b.name)
            found += rungs(traces[a.name, dtype], traces[b.name, dtype], dtype, floors_in(dtype), gauge)
    return tuple(found)


def written_pairs(group: Group) -> list[Pair]:
    """The ladder of every pair as the sides are written."""
    pairs = []
    for a, b in combinations(group.subjects, 2):
        first, *rest = pair_rungs(group, a, b, group.traces, partial(group.floors, [a.name, b.name]))
        drawn = initialisation_rung(pooled(group.draws[a.name]), pooled(group.draws[b.name]), group.shapes(), "float64")
        found = (first, drawn, *rest)
        pairs.append(Pair(a=a.name, b=b.name, verdict=pair_verdict(found), rungs=found))
    return pairs


def corrected_pairs(group: Group) -> list[Pair]:
    """The same ladder after the causes were removed; the second side draws its weights from the first's law."""
    pairs = []
    for a, b in combinations(group.subjects, 2):
        _, *rest = pair_rungs(group, a, b, group.corrected, group.common_floors)
        first = structure_rung(a, b, corrected=True)
        drawn = initialisation_rung(pooled(group.draws[a.name]), pooled(group.again[a.name]), group.shapes(), "float64")
        found = (first, drawn, *rest)
        pairs.append(Pair(a=a.name, b=b.name, verdict=pair_verdict(found), rungs=found))
    return pairs


def structure_rung(a: Subject, b: Subject, *, corrected: bool = False) -> Rung:
    """Layers with weights in order of execution, shapes of their canonical weights, and dropout.

    Args:
        a: one side.
        b: the other.
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
    n_a, n_b = int(a.said["n_parameters"]), int(b.said["n_parameters"])
    return Rung(
        name="structure",
        dtype="float64",
        verdict="different" if problems else "same",
        where="; ".join(problems),
        detail=f"{n_a:,} parameters" if n_a == n_b else f"{n_a:,} parameters against {n_b:,}",
    )


def unaligned_pair(a: Subject, b: Subject) -> Pair:
    """A pair whose weights do not correspond: nothing above structure can be compared."""
    rung = structure_rung(a, b)
    why = "the sides' weights do not correspond, so they cannot start from the same ones"
    above = tuple(
        Rung(name=name, dtype="float64", verdict="not run", detail=why)
        for name in ("initialisation", "forward", "loss", "gradients", "step", "trajectory", "outcome")
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
