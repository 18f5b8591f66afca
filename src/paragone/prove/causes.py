"""Which of the suspected traits separate the sides: shown by taking them out, all together and one by one.

All interventions together are tried first. Then each suspected trait alone is put back: it is a cause if it alone
makes a rung fail that holds without it. So no cause can hide behind another, and n suspects cost n + 1 traces.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from paragone.prove.effects import effect_of_rate, effect_of_start, effect_of_trait, start_differences
from paragone.prove.group import DTYPES, Group
from paragone.prove.hypotheses import Intervention, alike, differing_rates
from paragone.prove.initialisation import compare_draws, named_distribution, pooled
from paragone.prove.ladder import RUNGS, Trace, rungs
from paragone.prove.start_fixes import start_fix
from paragone.prove.subject import Subject
from paragone.prove.tolerances import COLLAPSE
from paragone.prove.traps import TRAPS, Trap
from paragone.records import Cause, Explains, Fix, Outcome, Pair, Rung

_SMALLEST = float(np.finfo(np.float64).eps)
"""What no distance is told from zero by; keeps factors finite."""


@dataclass(frozen=True)
class Found:
    """A suspect that was put back alone: what it does."""

    intervention: Intervention
    alone: Trace
    explains: Explains


def correct(group: Group, suspects: Sequence[Intervention]) -> None:
    """Trace every side with all of its interventions; a side without any keeps its trace."""
    touched = [subject.name for subject in group.subjects if any(one.side == subject.name for one in suspects)]
    wanted = {(name, dtype): group.tracing(name, dtype, suspects) for name in touched for dtype in DTYPES}
    done = group.keep(group.lab.all(wanted), lambda key: key[0])
    group.corrected = dict(group.traces)
    group.corrected |= {key: group.traced(key[0], trial) for key, trial in done.items()}


def put_back(group: Group, suspects: Sequence[Intervention]) -> list[Found]:
    """Put each suspect back alone, and keep those that make a rung fail that holds without them."""
    wanted = {
        (*one.key, one.side): group.tracing(one.side, "float64", [other for other in suspects if other is not one])
        for one in suspects
    }
    done = group.keep(group.lab.all(wanted), lambda key: key[2])
    found = []
    for one in suspects:
        trial = done.get((*one.key, one.side))
        if trial is None:
            continue
        alone = group.traced(one.side, trial)
        explains = _explains(group, one, alone)
        if explains is not None:
            found.append(Found(one, alone, explains))
    return found


def _explains(group: Group, one: Intervention, alone: Trace) -> Explains | None:
    """The first rung that fails with this trait alone, and holds without it; against any other corrected side."""
    for other in (subject.name for subject in group.subjects if subject.name != one.side):
        gauge, partner = group.gauge(one.side, other), group.corrected[other, "float64"]
        floors = group.common_floors("float64")
        whole = group.corrected[one.side, "float64"]
        present = {rung.name: rung for rung in rungs(alone, partner, "float64", floors, gauge)}
        absent = {rung.name: rung for rung in rungs(whole, partner, "float64", floors, gauge)}
        for name in RUNGS:
            if present[name].verdict == "different" and _collapses(present[name], absent[name]):
                return _explained(name, present[name], absent[name])
    return None


def _collapses(present: Rung, absent: Rung) -> bool:
    if absent.verdict == "same":
        return True
    return (present.max_rel or 0.0) > COLLAPSE * (absent.max_rel or 0.0)


def _explained(name: str, present: Rung, absent: Rung) -> Explains:
    before, after = present.max_rel or 0.0, absent.max_rel or 0.0
    factor = before / max(after, _SMALLEST)
    text = f"with this difference alone the rung '{name}' is {before:.2g} apart, without it {after:.2g}"
    return Explains(rung=name, dtype="float64", present=before, removed=after, factor=factor, text=text)


def causes_of(
    group: Group, pairs: Sequence[Pair], found: Sequence[Found], suspects: Sequence[Intervention]
) -> tuple[list[Pair], list[Outcome]]:
    """The pairs with their causes, what each is worth, and what is left unexplained."""
    outcomes: dict[tuple[str, str], Outcome] = {}
    worth = {id(one): effect_of_trait(group, one.intervention, one.alone, suspects, outcomes) for one in found}
    explained = []
    for pair in pairs:
        a, b = group.subject(pair.a), group.subject(pair.b)
        causes = _start_causes(group, a, b, outcomes)
        for one in found:
            values = _values(a, b, one.intervention)
            if one.intervention.side in {a.name, b.name} and values and not alike(*values):
                cause = _trait_cause(group, one.intervention, values, one.explains)
                causes.append(cause.model_copy(update={"effect": worth[id(one)]}))
        causes += [_rate_cause(group, one, outcomes) for one in differing_rates(a, b)]
        explained.append(pair.model_copy(update={"causes": tuple(causes)}))
    return explained, list(outcomes.values())


def _values(a: Subject, b: Subject, one: Intervention) -> tuple[Any, Any] | None:
    tables = [{(trait.where, trait.name): trait.value for trait in side.traits} for side in (a, b)]
    return (tables[0][one.key], tables[1][one.key]) if all(one.key in table for table in tables) else None


def _trait_cause(group: Group, one: Intervention, values: tuple[Any, Any], explains: Explains) -> Cause:
    trait, subject = one.trait, group.subject(one.side)
    trap = TRAPS.get(trait.trap, Trap(trait.trap.replace("-", " "), ""))
    place = f"{trait.where}, line {trait.line}" if trait.line else trait.where
    return Cause(
        trap=trait.trap,
        row=trait.row,
        title=trap.title,
        side=subject.name,
        where=f"{place}: {trait.name.replace('_', ' ')}",
        a=_shown(values[0]),
        b=_shown(values[1]),
        explains=explains,
        fix=_fix(subject, trait.line, trap, one.value, trait.name),
        source=trap.source,
    )


def _fix(subject: Subject, line: int | None, trap: Trap, value: Any, name: str) -> Fix:
    template = trap.fixes.get(subject.framework, "")
    other = 1 - value if isinstance(value, float) else value
    try:
        replacement = template.format(value=value, other=other, name=name)
    except ValueError:
        replacement = template
    return Fix(
        side=subject.name, file=subject.file.shown, line=line, text=_code(subject, line), replacement=replacement
    )


def _code(subject: Subject, line: int | None) -> str:
    lines = subject.file.code.splitlines()
    return lines[line - 1].strip() if line and line <= len(lines) else ""


def _shown(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _rate_cause(group: Group, one: Intervention, outcomes: dict[tuple[str, str], Outcome]) -> Cause:
    """Masks are never equal, so rates are compared by themselves; what they are worth is found by training."""
    own, other = float(one.trait.value or 0.0), float(one.value)
    text = f"dropout draws other masks in each framework, so the rates themselves are compared: {other:g} and {own:g}"
    present = abs(own - other)
    explains = Explains(
        rung="structure", dtype="float64", present=present, removed=0.0, factor=present / _SMALLEST, text=text
    )
    cause = _trait_cause(group, one, (other, own), explains)
    return cause.model_copy(update={"effect": effect_of_rate(group, one, outcomes)})


# ---------------------------------------------------------------------- starting weights


def _start_causes(group: Group, a: Subject, b: Subject, outcomes: dict[tuple[str, str], Outcome]) -> list[Cause]:
    found = start_differences(group, a, b)
    return [_start_cause(group, a, b, slug, row, names, outcomes) for (slug, row), names in found.items()]


def _start_cause(
    group: Group,
    a: Subject,
    b: Subject,
    slug: str,
    row: str,
    names: list[str],
    outcomes: dict[tuple[str, str], Outcome],
) -> Cause:
    left, right, again = (pooled(d) for d in (group.draws[a.name], group.draws[b.name], group.again[a.name]))
    shapes = group.shapes()
    worst = max(names, key=lambda name: compare_draws(left[name], right[name])[0])
    present, removed = compare_draws(left[worst], right[worst])[0], compare_draws(left[worst], again[worst])[0]
    trap, line = TRAPS[slug], _line(b, worst)
    law = named_distribution(worst, left[worst], shapes)
    return Cause(
        trap=slug,
        row=row,
        title=trap.title,
        side=b.name,
        where=", ".join(names),
        a=law,
        b=named_distribution(worst, right[worst], shapes),
        explains=Explains(
            rung="initialisation",
            dtype="float64",
            present=present,
            removed=removed,
            factor=present / max(removed, _SMALLEST),
            text=f"largest distance between the distributions of {worst}: {present:.2g} as written, "
            f"{removed:.2g} when {b.name} draws as {a.name} does",
        ),
        effect=effect_of_start(group, a, b, slug, names, outcomes),
        fix=Fix(
            side=b.name,
            file=b.file.shown,
            line=line,
            text=_code(b, line),
            replacement=start_fix(b.framework, worst, law, _code(b, line), _spelled(b, worst)),
        ),
        source=trap.source,
    )


def _spelled(subject: Subject, tensor: str) -> str:
    layer = tensor.partition("/")[0]
    return str(next((row["spelled"] for row in subject.said["layers"] if row["name"] == layer), ""))


def _line(subject: Subject, tensor: str) -> int | None:
    layer = tensor.partition("/")[0]
    return next((row["line"] for row in subject.said["layers"] if row["name"] == layer), None)


def still_apart(
    pairs: Sequence[Pair], corrected: Sequence[Pair], suspects: Sequence[Intervention], notes: Sequence[str]
) -> list[Pair]:
    """The pairs, each with what remains when all that can be removed is removed."""
    after = {(pair.a, pair.b): pair for pair in corrected}
    return [
        pair.model_copy(update={"unexplained": _remains(pair, after[pair.a, pair.b], suspects, notes)})
        if (pair.a, pair.b) in after
        else pair
        for pair in pairs
    ]


def _remains(pair: Pair, after: Pair, suspects: Sequence[Intervention], notes: Sequence[str]) -> str:
    """Where the corrected pair still parts, and what is suspected but cannot be shown while it does."""
    failing = next((r for r in after.rungs if r.dtype == "float64" and r.verdict == "different"), None)
    if failing is None:
        return pair.unexplained
    figure = f" ({failing.max_rel:.2g} apart)" if failing.max_rel is not None else ""
    shown = {cause.trap for cause in pair.causes}
    hidden = {one.trait.trap for one in suspects if one.side in {pair.a, pair.b}} - shown
    parts = [f"different, cause unknown, first at {failing.name}: {failing.where}{figure}"]
    if notes:
        parts.append("suspected: " + "; ".join(notes))
    if hidden:
        parts.append("these differ too, but cannot be judged while that hides them: " + ", ".join(sorted(hidden)))
    return "; ".join(parts)
