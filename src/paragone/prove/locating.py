"""Where a pair that is different parts first: the layer, the line of both sides, the element."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from paragone.distance import Gap
from paragone.errors import ParagoneError
from paragone.prove.group import Group
from paragone.prove.hypotheses import Intervention
from paragone.prove.judging import Judged
from paragone.prove.ladder import Trace
from paragone.prove.localise import Difference, differences
from paragone.prove.located_tensors import first_tensor
from paragone.prove.located_text import sentence
from paragone.prove.narrowing import narrowed
from paragone.prove.passes import Case, Passes, distance
from paragone.prove.scope import WARNS, DType
from paragone.prove.snippet import write_snippet
from paragone.prove.subject import Subject
from paragone.prove.tapes import Tape
from paragone.prove.tolerances import TOLERANCES
from paragone.prove.update import followed
from paragone.records import Distance, Located, Pair, Place, Rung
from paragone.workers.probes import GRADIENTS

_ROWS = 4
"""Samples of an evaluation pass: the one that is furthest off, and the first ones."""
_ROWS_ODD = 7
_FLOAT32 = 1e-4
"""What counts as the same where a side computes in float32 even when it was asked for float64."""
_MORE = 8
"""Places that are told besides the first."""


def with_places(
    group: Group, pairs: Sequence[Pair], corrected: Sequence[Pair], suspects: Sequence[Intervention]
) -> list[Pair]:
    """The pairs, each with where it parts first as written, and where it still parts with all suspects removed."""
    written = located_pairs(group, pairs, group.traces)
    left = located_pairs(group, corrected, group.corrected, suspects)
    return [
        pair.model_copy(update={"located": written.get((pair.a, pair.b)), "left": left.get((pair.a, pair.b))})
        for pair in pairs
    ]


def located_pairs(
    group: Group,
    pairs: Sequence[Pair],
    traces: Mapping[tuple[str, DType], Trace],
    interventions: Sequence[Intervention] = (),
) -> dict[tuple[str, str], Located]:
    """For every pair that is different in float64, where it parts first."""
    names = {subject.name for subject in group.subjects}
    found = {}
    for pair in pairs:
        if {pair.a, pair.b} <= names and (rung := failing(pair)) is not None:
            place = _tried(group, pair, rung, traces, interventions)
            if place is not None:
                found[pair.a, pair.b] = place
    return found


def _tried(
    group: Group,
    pair: Pair,
    rung: Rung,
    traces: Mapping[tuple[str, DType], Trace],
    interventions: Sequence[Intervention],
) -> Located | None:
    """The place; none where a worker cannot play a pass: the verdict stands without it."""
    try:
        return _located(group, pair, rung, traces, interventions)
    except ParagoneError:
        return None


def failing(pair: Pair) -> Rung | None:
    """The first rung that fails in float64 and that compares values."""
    return next(
        (
            rung
            for rung in pair.rungs
            if rung.dtype == "float64"
            and rung.verdict == "different"
            and rung.name not in ("structure", "initialisation", WARNS)
        ),
        None,
    )


def _located(
    group: Group,
    pair: Pair,
    rung: Rung,
    traces: Mapping[tuple[str, DType], Trace],
    interventions: Sequence[Intervention],
) -> Located | None:
    a, b = group.subject(pair.a), group.subject(pair.b)
    if rung.name in ("forward", "loss"):
        return _by_passes(group, a, b, rung, interventions)
    if rung.name == GRADIENTS and (found := _tried_by_passes(group, a, b, rung, interventions)) is not None:
        return found
    left, right = (traces[side.name, "float64"] for side in (a, b))
    gauge = group.gauge(a.name, b.name)
    if rung.name == "trajectory":
        left, right = narrowed(group, (a.name, b.name), (left, right), interventions, gauge)
    exact = left.dtype == right.dtype == "float64"
    floors = group.floors([a.name, b.name], "float64")
    judged = Judged(
        "float64",
        rung.name,  # type: ignore[arg-type]
        floors,
        exact=exact,
        gauge=bool(gauge),
        trusting=group.trusting,
        follows=partial(followed, group.updates, left.arrays, right.arrays),
    )
    return first_tensor(a, b, rung, left, right, gauge, judged)


def cases_of(rung: Rung) -> list[Case]:
    """What to play: the plainest inputs on which the rung fails, first around the sample that is furthest off."""
    bad = {d.tensor.partition("/")[0]: d for d in rung.distances if d.max_rel > (rung.tolerance or 0.0)}
    if rung.name == GRADIENTS:
        return [Case(GRADIENTS, None)]
    name = next((one for one in (rung.name, f"{rung.name}_odd") if one in bad), next(iter(bad), rung.name))
    if name.endswith("_odd"):
        return [Case(name, tuple(range(_ROWS_ODD)))]
    if rung.name == "loss":
        return [Case(name, None if name == "loss" else tuple(range(_ROWS_ODD)))]
    worst = bad[name].index[:1] if name in bad else ()
    rows = tuple(dict.fromkeys((*worst, *range(_ROWS))))[:_ROWS]
    return [Case(name, rows), Case(name, None)]


def _tried_by_passes(
    group: Group, a: Subject, b: Subject, rung: Rung, interventions: Sequence[Intervention]
) -> Located | None:
    """A value that is apart already on the way forward, on the very batch that the gradients are of.

    What only few samples show (a value beyond a ceiling) may be in that batch and in none of the earlier rungs'.
    """
    try:
        return _by_passes(group, a, b, rung, interventions)
    except ParagoneError:  # such as a side whose loss stands inside of its own step
        return None


def _by_passes(
    group: Group, a: Subject, b: Subject, rung: Rung, interventions: Sequence[Intervention]
) -> Located | None:
    exact = all(side.said["output_dtype"] == "float64" for side in (a, b))
    tolerance = TOLERANCES["forward"] if exact else _FLOAT32
    weighted = frozenset(name.partition("/")[0] for name, _ in a.signature)
    for case in cases_of(rung):
        passes = Passes(group, a, b, case, interventions, weighted, tolerance)
        tapes = passes.first()
        found = differences(*tapes, weighted, tolerance)
        if found:
            return _with_second(passes, rung, tapes, found)
    return None


def _with_second(passes: Passes, rung: Rung, tapes: tuple[Tape, Tape], found: Sequence[Difference]) -> Located:
    """The first place with its element, and the places that do not follow from it."""
    forced = passes.second(tapes, found[:1])
    others = [
        one for one in differences(*forced, passes.weighted, passes.tolerance, sure=True) if not _is(one, found[0])
    ]
    first = _record(passes, rung, tapes, found[0])
    more = tuple(_record(passes, rung, forced, one) for one in others[:_MORE])
    snippet = write_snippet(passes, tapes, found[0], first.text)
    return first.model_copy(update={"more": more, "snippet": snippet})


def _is(one: Difference, first: Difference) -> bool:
    return one.layer == first.layer and (one.relation == first.relation or first.reordered)


def _record(passes: Passes, rung: Rung, tapes: tuple[Tape, Tape], one: Difference) -> Located:
    found, given = _distance(passes, tapes, one.compared, in_order=one.reordered), _distance(passes, tapes, one.given)
    element = Distance(tensor=one.layer, **vars(found)) if found else None
    if element is None and one.relation == "inside":
        element = _forced_element(one, *tapes)
    after = one.given or (None, None)
    record = Located(
        rung=rung.name,
        case=passes.case.name,
        relation=one.relation,
        layer=one.layer,
        a=_place(passes.a, tapes[0], one.a, one.layer, after[0]),
        b=_place(passes.b, tapes[1], one.b, one.layer, after[1]),
        element=element,
        before=given.max_rel if given else None,
    )
    return record.model_copy(update={"text": sentence(record, reordered=one.reordered)})


def _distance(
    passes: Passes, tapes: tuple[Tape, Tape], pair: tuple[int, int] | None, *, in_order: bool = False
) -> Gap | None:
    """How far two values are apart, where the second passes saved them."""
    keys = list(zip((passes.a, passes.b), pair or (), strict=False))
    if not keys or any((side.name, number) not in passes.saved for side, number in keys):
        return None
    left, right = (passes.value(side, number) for side, number in keys)
    forms = [tape.forms(number) for tape, (_, number) in zip(tapes, keys, strict=True)]
    return distance(left, right, *forms, in_order=in_order)


def _forced_element(one: Difference, a: Tape, forced: Tape) -> Distance | None:
    """Of a layer whose result was replaced: its own, given the other side's inputs, against the other side's."""
    call = next((call for call in a.calls if call.layer == one.layer and call.key in forced.gaps), None)
    if call is None:
        return None
    max_rel, index, own, other = forced.gaps[call.key]
    return Distance(tensor=one.layer, max_rel=max_rel, index=index, a=other, b=own)


def _place(side: Subject, tape: Tape, number: int | None, layer: str, after: int | None) -> Place:
    call = next((call for call in tape.calls if call.layer == layer and layer), None)
    line = tape.line(number) if number is not None else tape.line_in(call) if call else 0
    around = tape.around(number) if number is not None else [call] if call else []
    code = side.file.code.splitlines()
    return Place(
        side=side.name,
        file=side.file.shown,
        line=line or None,
        code=code[line - 1].strip() if 0 < line <= len(code) else "",
        module=next((one.path for one in around if one.path), ""),
        operation=tape.ops[number].partition("/")[0].strip("_") if number is not None else "",
        after=(tape.line(after) or None) if after is not None else None,
        does=number is not None,
    )
