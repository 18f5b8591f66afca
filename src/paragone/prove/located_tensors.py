"""Where a pair parts first whose outputs and losses agree: among gradients, weights and running statistics.

Gradients are looked through in the order of the backward pass, from the last layer to the first; what training makes
of the weights, in the order of the forward pass at the first checkpoint that shows a difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from paragone.distance import Gap, gap
from paragone.prove.judging import Judged
from paragone.prove.ladder import Trace, nearest_gradients
from paragone.prove.located_text import tensor_sentence
from paragone.prove.no_gradient import NoGradient
from paragone.prove.subject import Subject
from paragone.records import Distance, Located, Place, Rung


def first_tensor(
    a: Subject, b: Subject, rung: Rung, left: Trace, right: Trace, gauge: NoGradient, judged: Judged
) -> Located | None:
    """The first tensor that differs on a rung from gradients to outcome; one that rounding moves as far does not."""
    if rung.name == "gradients":
        left, right = nearest_gradients(left, right, gauge)
    names = [name for name in a.said["weights"] if name not in gauge]
    for prefix, ordered in _looked_through(rung.name, names, left):
        apart = _apart(prefix, ordered, left, right, judged)
        if apart:
            name = next(iter(apart))
            return _record(a, b, rung, name, apart[name], len(apart) - 1)
    return None


def _looked_through(rung: str, names: list[str], trace: Trace) -> Iterable[tuple[str, list[str]]]:
    """Prefixes of the traces' arrays, with the names in order."""
    if rung == "gradients":
        return [("gradients/", _backward(names))]
    if rung == "step":
        return [("step/", names), ("step_partial/", names)]
    if rung == "rate-change":
        return [("rate_change/", names)]
    steps = sorted({int(key.split("/")[1]) for key in trace.arrays if key.startswith("weights/")})
    return [(f"weights/{step}/", names) for step in steps]


def _backward(names: list[str]) -> list[str]:
    """From the last layer to the first; inside of a layer, in its own order."""
    layers: dict[str, list[str]] = {}
    for name in names:
        layers.setdefault(name.partition("/")[0], []).append(name)
    return [name for layer in reversed(layers.values()) for name in layer]


def _apart(prefix: str, names: Iterable[str], left: Trace, right: Trace, judged: Judged) -> Mapping[str, Gap]:
    found: dict[str, Gap] = {}
    for name in names:
        key = prefix + name
        if key in left.arrays and key in right.arrays:
            distance = gap(left.arrays[key], right.arrays[key])
            if judged.verdict(Distance(tensor=key, max_rel=distance.max_rel)) == "different":
                found[name] = distance
    return found


def _record(a: Subject, b: Subject, rung: Rung, name: str, distance: Gap, follow: int) -> Located:
    layer = _layer(a, b, name.partition("/")[0])
    record = Located(
        rung=rung.name,
        layer=layer,
        a=_place(a, layer),
        b=_place(b, layer),
        tensor=name,
        element=Distance(tensor=name, max_rel=distance.max_rel, index=distance.index, a=distance.a, b=distance.b),
    )
    return record.model_copy(update={"text": tensor_sentence(record, follow)})


def _layer(a: Subject, b: Subject, part: str) -> str:
    """The layer that a weight is of: on one side that which holds it among others, if the other has that layer too."""
    for one, other in ((a, b), (b, a)):
        holders = [row["name"] for row in one.said["layers"] if part in row.get("holds", ()) and row["name"] != part]
        known = {row["name"] for row in other.said["layers"]}
        if holders and holders[0] in known:
            return str(holders[0])
    return part


def _place(side: Subject, layer: str) -> Place:
    row = next((row for row in side.said["layers"] if row["name"] == layer), None)
    line = row["line"] if row else None
    code = side.file.code.splitlines()
    return Place(
        side=side.name,
        file=side.file.shown,
        line=line,
        code=code[line - 1].strip() if line and line <= len(code) else "",
        operation=str(row["spelled"]) if row else "",
    )
