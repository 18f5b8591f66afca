"""The records of causes: what each one is, where, what it explains, what it is worth, and what to write instead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from paragone.fixes.patch import Change, fix_of
from paragone.prove.changes import every_place, start_change
from paragone.prove.effects import effect_of_rate, effect_of_start, effect_of_trait, start_differences
from paragone.prove.extras import TRAP as EXTRA_BIAS
from paragone.prove.extras import extra_biases
from paragone.prove.group import Group
from paragone.prove.hypotheses import Intervention, differ, differing_rates
from paragone.prove.initialisation import compare_draws, named_distribution, pooled
from paragone.prove.search import Found
from paragone.prove.subject import Subject
from paragone.prove.tolerances import SMALLEST
from paragone.prove.trap import Trap
from paragone.prove.traps import TRAPS
from paragone.prove.value_words import shown_value
from paragone.records import Cause, Effect, Explains, Fix, Outcome, Pair

_NAMED = 3
"""Places of a cause that are named; the others are counted."""


def causes_of(
    group: Group, pairs: Sequence[Pair], found: Sequence[Found], suspects: Sequence[Intervention]
) -> tuple[list[Pair], list[Outcome]]:
    """The pairs with their causes, what each is worth, and what is left unexplained."""
    outcomes: dict[tuple[str, str], Outcome] = {}
    worth = {id(one): _worth(group, one, suspects, outcomes) for one in found}
    explained = []
    for pair in pairs:
        a, b = group.subject(pair.a), group.subject(pair.b)
        causes = [*_extra_causes(group, a, b, suspects, outcomes), *_start_causes(group, a, b, outcomes)]
        for one in found:
            values = None if one.intervention.trait.trap == EXTRA_BIAS else _values(a, b, one.intervention)
            if one.intervention.side in {a.name, b.name} and values:
                cause = _trait_cause(group, one.intervention, values, one.explains, suspects)
                causes.append(cause.model_copy(update={"effect": worth[id(one)]}))
        causes += [_rate_cause(group, one, outcomes) for one in differing_rates(a, b)]
        explained.append(pair.model_copy(update={"causes": tuple(causes)}))
    return explained, list(outcomes.values())


def _worth(
    group: Group, one: Found, suspects: Sequence[Intervention], outcomes: dict[tuple[str, str], Outcome]
) -> Effect | None:
    return effect_of_trait(group, one.intervention, one.alone, suspects, outcomes) if group.scope.worth else None


def _values(a: Subject, b: Subject, one: Intervention) -> tuple[Any, Any] | None:
    tables = [{trait.key: trait.value for trait in (*side.idle, *side.traits)} for side in (a, b)]
    pairs = [tuple(table[key] for table in tables) for key in one.keys if all(key in table for table in tables)]
    return next(((left, right) for left, right in pairs if differ(one.trait, left, right)), None)


def _trait_cause(
    group: Group, one: Intervention, values: tuple[Any, Any], explains: Explains, others: Sequence[Intervention]
) -> Cause:
    trait, subject = one.trait, group.subject(one.side)
    trap = TRAPS.get(trait.trap, Trap(trait.trap.replace("-", " "), ""))
    place = f"{_places(one)}, line {trait.line}" if trait.line else _places(one)
    return Cause(
        trap=trait.trap,
        row=trait.row,
        title=trap.title,
        side=subject.name,
        where=f"{place}: {trait.name.replace('_', ' ')}",
        a=shown_value(trait.trap, values[0]),
        b=shown_value(trait.trap, values[1]),
        explains=explains,
        fix=_fix(group, every_place(group, one), others),
        source=trap.source,
    )


def _extra_causes(
    group: Group, a: Subject, b: Subject, suspects: Sequence[Intervention], outcomes: dict[tuple[str, str], Outcome]
) -> list[Cause]:
    """Biases that one of the sides has alone."""
    ones = [(one, _values(a, b, one)) for one in extra_biases(suspects) if one.side in {a.name, b.name}]
    return [_extra_cause(group, one, values, suspects, outcomes) for one, values in ones if values]


def _extra_cause(
    group: Group,
    one: Intervention,
    values: tuple[Any, Any],
    suspects: Sequence[Intervention],
    outcomes: dict[tuple[str, str], Outcome],
) -> Cause:
    n = float(len(one.traits))
    text = f"{one.side} alone has {n:.0f} of them; kept at zero they are as good as not there"
    explains = Explains(rung="structure", dtype=group.deciding, present=n, removed=0.0, factor=n / SMALLEST, text=text)
    cause = _trait_cause(group, one, values, explains, suspects)
    worth = effect_of_trait(group, one, None, suspects, outcomes) if group.scope.worth else None
    return cause.model_copy(update={"effect": worth})


def _fix(group: Group, changes: Sequence[Change], others: Sequence[Intervention]) -> Fix:
    """The lines to change in the first of the sides that the changes are of."""
    side = changes[0].side
    alike = [change for other in others for change in every_place(group, other)]
    return fix_of(group.subject(side), [change for change in changes if change.side == side], alike)


def _places(one: Intervention) -> str:
    names = [trait.where for trait in one.traits]
    shown = ", ".join(names[:_NAMED])
    return shown if len(names) <= _NAMED else f"{shown} and {len(names) - _NAMED} more"


def _rate_cause(group: Group, one: Intervention, outcomes: dict[tuple[str, str], Outcome]) -> Cause:
    """Masks are never equal, so rates are compared by themselves; what they are worth is found by training."""
    own, other = float(cast(float, one.trait.value or 0.0)), float(one.value)
    text = f"dropout draws other masks in each framework, so the rates themselves are compared: {other:g} and {own:g}"
    present = abs(own - other)
    explains = Explains(
        rung="structure", dtype=group.deciding, present=present, removed=0.0, factor=present / SMALLEST, text=text
    )
    cause = _trait_cause(group, one, (other, own), explains, [one])
    return cause.model_copy(update={"effect": effect_of_rate(group, one, outcomes) if group.scope.worth else None})


# ---------------------------------------------------------------------- starting weights


def _start_causes(group: Group, a: Subject, b: Subject, outcomes: dict[tuple[str, str], Outcome]) -> list[Cause]:
    found = start_differences(group, a, b) if group.scope.decides_by_start else {}
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
    worst = max(names, key=lambda name: compare_draws(left[name], right[name], shapes[name])[0])
    present, removed = (compare_draws(left[worst], other[worst], shapes[worst])[0] for other in (right, again))
    trap = TRAPS[slug]
    return Cause(
        trap=slug,
        row=row,
        title=trap.title,
        side=b.name,
        where=", ".join(names),
        a=named_distribution(worst, left[worst], shapes),
        b=named_distribution(worst, right[worst], shapes),
        explains=Explains(
            rung="initialisation",
            dtype=group.deciding,
            present=present,
            removed=removed,
            factor=present / max(removed, SMALLEST),
            text=f"largest distance between the distributions of {worst}: {present:.2g} as written, "
            f"{removed:.2g} when {b.name} draws as {a.name} does",
        ),
        effect=effect_of_start(group, a, b, slug, names, outcomes) if group.scope.worth else None,
        fix=fix_of(b, [start_change(group, a, b, slug, names)]),
        source=trap.source,
    )


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
    decisive = (rung for rung in after.rungs if rung.dtype == after.deciding and not rung.ignored)
    failing = next((rung for rung in decisive if rung.verdict == "different"), None)
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
