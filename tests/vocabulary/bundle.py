"""Several cases as one task with many branches: written once for each framework, and judged branch by branch.

A branch shares nothing with another: its inputs, layers, output, target and term of the loss are its own, and plain SGD
moves each weight by its own gradient. What a branch computes is what its case computes alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from paragone.losses import loss_kinds

from .lab import Arrays, Case, Ran

WHOLE = ("loss", "curve")
"""What a bundle has only as a whole: the sum over its branches."""


def prefix_of(place: int) -> str:
    """What every name of a branch begins with."""
    return f"c{place}_"


def bundled(cases: Sequence[Case], name: str) -> Case:
    """One case with a branch for each of these, which are alike but for model, target and loss."""
    first = cases[0]
    if any(_learning(case) != _learning(first) for case in cases):
        raise ValueError("only cases that learn alike can share a model")
    branches = [_branch(case.table, prefix_of(place)) for place, case in enumerate(cases)]
    table = {
        **first.table,
        "model": {part: _joined(branch[part] for branch in branches) for part in ("inputs", "layers", "outputs")},
        "targets": _joined(branch["targets"] for branch in branches),
        "loss": _joined(branch["loss"] for branch in branches),
    }
    return replace(first, name=name, table=table, high={}, laws={}, parts=tuple(cases))


def _learning(case: Case) -> tuple[Any, ...]:
    parts = tuple(case.table.get(part) for part in ("optimizer", "schedule", "clipping"))
    return (*parts, case.steps, case.asked, case.eager, case.optimised)


def _joined(lists: Iterable[list[Any]]) -> list[Any]:
    return [item for one in lists for item in one]


def _branch(table: Mapping[str, Any], prefix: str) -> dict[str, list[Any]]:
    """The parts of a task with one output and one target, under names of its own."""
    model, layers = table["model"], _linked(table["model"])
    wanted = table["targets"][0]["name"]
    term = {**table["loss"], "output": f"{prefix}{layers[-1]['name']}"}
    if loss_kinds()[term["kind"]].takes_target:
        term["target"] = f"{prefix}{wanted}"
    return {
        "inputs": [{**item, "name": f"{prefix}{item['name']}"} for item in model["inputs"]],
        "layers": [_renamed(layer, prefix) for layer in layers],
        "outputs": [f"{prefix}{layers[-1]['name']}"],
        "targets": [{**table["targets"][0], "name": f"{prefix}{wanted}"}],
        "loss": [term],
    }


def _linked(model: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The layers, each with its input said."""
    before, found = model["inputs"][0]["name"], []
    for layer in model["layers"]:
        found.append({**layer, "input": layer.get("input", before)})
        before = layer["name"]
    return found


def _renamed(layer: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    given = layer["input"]
    named = {"name": f"{prefix}{layer['name']}"}
    named["input"] = [f"{prefix}{name}" for name in ([given] if isinstance(given, str) else given)]
    return {**layer, **named, **({"shares": f"{prefix}{layer['shares']}"} if "shares" in layer else {})}


def parted(case: Case, ran: Ran) -> list[Ran]:
    """What each branch of a bundle made; where the bundle failed, each has its error."""
    if ran.error:
        return [ran for _ in case.parts]
    found: list[Arrays] = [{} for _ in case.parts]
    for name, array in ran.arrays.items():
        kind, _, rest = name.partition("/")
        if kind == "forward":
            found[int(rest)]["forward/0"] = array
        elif kind not in WHOLE:
            place, _, own = rest.partition("_")
            found[int(place[1:])][f"{kind}/{own}"] = array
    return [Ran(arrays) for arrays in found]


def whole(ran: Ran) -> Ran:
    """What only the bundle as a whole has."""
    return replace(ran, arrays={name: array for name, array in ran.arrays.items() if name in WHOLE})
