"""Where two sides part, in one sentence."""

from __future__ import annotations

import math

from paragone.records import Located, Place

_CASES = {
    "forward": "",
    "forward_odd": "on seven samples, ",
    "forward_saturated": "on inputs times 1,000, ",
    "forward_small": "on inputs times 0.001, ",
    "forward_shifted": "on inputs below zero, ",
    "forward_size": "on inputs that are shorter by one, ",
    "forward_padded": "on sequences that end in padding, ",
    "forward_unpadded": "on sequences without padding, ",
    "forward_all_padded": "on a sequence of nothing but padding, ",
    "loss": "while training, ",
    "loss_odd": "while training on seven samples, ",
    "loss_saturated": "while training on inputs times 1,000, ",
    "loss_small": "while training on inputs times 0.001, ",
    "loss_sharp": "while training with every kernel times 100, ",
    "gradients": "while training on the batch that the gradients are of, ",
}


def sentence(found: Located, *, reordered: bool = False) -> str:
    """For a place that was found in the passes."""
    parts = [_CASES.get(found.case, ""), _where(found, reordered=reordered), _element(found), _before(found)]
    text = "".join(parts)
    return text[:1].upper() + text[1:]


def _where(found: Located, *, reordered: bool) -> str:
    a, b = _told(found.a), _told(found.b)
    if reordered:
        return f"the same numbers stand in another order after {a} than after {b}"
    layer = f"`{found.layer}`"
    if found.relation == "inside":
        return f"{layer} gives something else from the same input: {a}; {b}"
    after = f"before {layer}" if found.relation == "before" else "behind the last layer that both have"
    if found.a.does and found.b.does:
        return f"{after}: {a} against {b}"
    does, lacks = (found.a, found.b) if found.a.does else (found.b, found.a)
    if not does.does:
        return f"{after}, where the sides do different things"
    follows = f" ({layer} follows at once)" if found.relation == "before" else ""
    return f"{after}: {_told(does)} has no counterpart in {lacks.side}{follows}"


def _told(place: Place) -> str:
    where = f"line {place.line} of {place.file}" if place.line else place.file
    what = ", ".join(filter(None, [f"`{place.module}`" if place.module else "", place.operation]))
    return f"{where} ({what})" if what else where


def _element(found: Located) -> str:
    element = found.element
    if element is None or element.a is None or element.b is None:
        return ""
    index = f" at [{', '.join(map(str, element.index))}]" if element.index else ""
    far = f"{element.max_rel:.2g} apart" if math.isfinite(element.max_rel) else "without bounds apart"
    return f"; {element.a:.6g} against {element.b:.6g}{index} ({far})"


def _before(found: Located) -> str:
    return f"; what is given to it agrees to {found.before:.1g}" if found.before is not None else ""


def tensor_sentence(found: Located, follow: int) -> str:
    """For a parameter or running statistic that differs first; `follow` others differ too."""
    name = f"`{found.tensor}`"
    place = f"{_told(found.a)}, {_told(found.b)}"
    others = f"; {follow} more differ" if follow else ""
    start = {
        "gradients": f"going backward, the gradient of {name} is the first that differs: {place}",
        "step": f"after one step {name} is the first that differs: {place}",
    }.get(found.rung, f"in training {name} is the first that differs: {place}")
    text = start + _element(found) + others
    return text[:1].upper() + text[1:]
