"""The choice that a reader makes: what the page needs to weigh the same evidence by other weights and demands."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from paragone.choose.order import CONCENTRATION
from paragone.choose.profile import EVIDENCE_NEEDED, ROBUST
from paragone.records import Choice, Criterion, Duel
from paragone.report.figures import with_unit
from paragone.report.samples.choice import criterion_key

DRAWS = 4_000
"""Fewer than the record has, so that a weight can be moved without waiting: a share is right to within 2 points."""
_STEPS = {
    "s": ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs")),
    "bytes": ((2.0**30, "GiB"), (2.0**20, "MiB"), (2.0**10, "KiB")),
    "share": ((0.01, "%"),),
}


@dataclass(frozen=True)
class LiveCriterion:
    """A weight that can be moved, and a limit that can be set; `unit` is that of the limit."""

    id: str
    label: str
    weight: int
    limit: str
    unit: str


@dataclass(frozen=True)
class LiveView:
    """What stands in the page before a reader moves anything; `data` is JSON without a character of HTML."""

    criteria: tuple[LiveCriterion, ...]
    data: Markup
    by_numbers: bool
    required: int


def live_view(choice: Choice) -> LiveView | None:
    """Weights and limits of a choice; None where there are no two options to weigh."""
    options = [one.side for one in choice.ranking]
    if len(options) < 2 or not choice.criteria or not choice.duels:
        return None
    return LiveView(
        criteria=tuple(map(_criterion, choice.criteria)),
        data=Markup(_json(_data(choice, options))),
        by_numbers=choice.weighing.kind == "weights",
        required=len({one.side for one in choice.constraints if not one.met}),
    )


def _criterion(one: Criterion) -> LiveCriterion:
    limit = "at least" if one.best > one.worst else "at most"
    return LiveCriterion(one.id, one.label, round(100 * one.weight), limit, _scale(one)[1])


def _scale(one: Criterion) -> tuple[float, str]:
    """The unit in which its values are typed: the largest in which all of them are 1 or more."""
    steps = _STEPS.get(one.unit, ((1.0, one.unit),))
    least = min((abs(value.value.mid) for value in one.values), default=0.0)
    return next((step for step in steps if least >= step[0]), steps[-1])


def _data(choice: Choice, options: list[str]) -> dict[str, Any]:
    return {
        "options": options,
        "criteria": [_numbers(one, options) for one in choice.criteria],
        "pairs": [_pair(duel, choice.criteria, options) for duel in choice.duels],
        "draws": DRAWS,
        "concentration": choice.weighing.concentration or CONCENTRATION,
        "robust": ROBUST,
        "needed": EVIDENCE_NEEDED,
    }


def _numbers(one: Criterion, options: list[str]) -> dict[str, Any]:
    of = {value.side: value for value in one.values}
    found = [of.get(name) for name in options]
    factor, unit = _scale(one)
    return {
        "id": one.id,
        "label": one.label,
        "weight": one.weight,
        "sheet": f"samples-{criterion_key(one.id)}",
        "more": one.best > one.worst,
        "factor": factor,
        "unit": unit,
        "values": [value.value.mid if value else None for value in found],
        "texts": [with_unit(value.value.mid, one.unit) if value else "" for value in found],
        "utilities": [value.utility.mid if value else None for value in found],
    }


def _pair(duel: Duel, criteria: tuple[Criterion, ...], options: list[str]) -> dict[str, Any]:
    gaps = {gap.criterion: gap for gap in duel.gaps}
    held = [gaps[one.id] for one in criteria]
    return {
        "a": options.index(duel.a),
        "b": options.index(duel.b),
        "level": duel.level,
        **{field: [getattr(gap, field) for gap in held] for field in ("low", "high", "spread")},
    }


def _json(data: dict[str, Any]) -> str:
    """JSON that ends no element and begins none, whatever the names in it."""
    text = json.dumps(data, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
