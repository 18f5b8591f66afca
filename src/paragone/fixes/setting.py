"""The argument that a setting of a layer is: strides, padding, a slope, of a class or of a function."""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping
from typing import Any

from paragone.fixes.draft import CallChange, UnfixableError
from paragone.fixes.side import SideCode
from paragone.spelling.code import literal

_STEPS = {"torch": "stride", "tensorflow": "strides", "jax": "strides"}
_SLOPE = dict.fromkeys(("torch", "tensorflow", "jax"), "negative_slope")
_ALPHA = dict.fromkeys(("torch", "tensorflow", "jax"), "alpha")
_WINDOW = {"torch": "kernel_size", "tensorflow": "pool_size", "jax": "window_shape"}
_COUNTS = dict.fromkeys(("torch", "jax"), "count_include_pad")
ARGUMENTS: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("conv", "strides"): _STEPS,
    ("conv", "dilation"): {"torch": "dilation", "tensorflow": "dilation_rate", "jax": "kernel_dilation"},
    ("conv", "padding"): dict.fromkeys(("torch", "tensorflow", "jax"), "padding"),
    ("conv", "padding_mode"): {"torch": "padding_mode"},
    ("average_pool", "window"): _WINDOW,
    ("average_pool", "strides"): _STEPS,
    ("average_pool", "counts_padding"): _COUNTS,
    ("max_pool", "window"): _WINDOW,
    ("max_pool", "strides"): _STEPS,
    ("leaky_relu", "slope"): _SLOPE,
    ("elu", "alpha"): _ALPHA,
    ("celu", "alpha"): _ALPHA,
}
"""By layer and setting: the argument in each framework (the sources are those of the layers' files)."""


def set_setting(side: SideCode, kind: str, where: str, name: str, value: Any) -> None:
    """Give the argument that a setting is.

    Raises:
        UnfixableError: it is none in this framework, or cannot be said there.
    """
    argument = ARGUMENTS.get((kind, name), {}).get(side.framework)
    if argument is None:
        raise UnfixableError(f"{name} of {where} is no argument in this framework")
    for call in side.layer(where):
        text = _padding(side, call, where, value) if name == "padding" else literal(_plain(value))
        call.set(side.source, argument, text)


def _plain(value: Any) -> Any:
    """A number for each axis, from the text of a trait."""
    return tuple(json.loads(value)) if isinstance(value, str) and value.startswith("[") else value


def _pairs(value: Any) -> tuple[tuple[int, int], ...] | None:
    """What a padding puts before and after each axis; None where that follows the size of the input."""
    if isinstance(value, str) and not value.startswith("["):
        return None
    pairs = json.loads(value) if isinstance(value, str) else [[value, value]]
    return tuple((int(a), int(b)) for a, b in pairs)


def _padding(side: SideCode, call: CallChange, where: str, value: Any) -> str:
    """A padding in the framework's words."""
    now = next(t.value for t in side.subject.traits if (t.where, t.name) == (where, "padding"))
    if not _is_own(call.given("padding"), now):
        raise UnfixableError(f"the padding of {where} is not that of the call alone")
    wanted = _pairs(value)
    if side.framework == "torch" and wanted is not None and all(a == b for a, b in wanted):
        sizes = tuple(a for a, _ in wanted)
        return literal(sizes[0] if len(set(sizes)) == 1 else sizes)
    if side.framework == "jax":
        return '"SAME"' if wanted is None else literal(wanted)
    if side.framework == "tensorflow" and (wanted is None or not any(map(any, wanted))):
        return '"same"' if wanted is None else '"valid"'
    raise UnfixableError(f"a padding of {value} is no argument in this framework")


def _is_own(given: ast.expr | None, now: Any) -> bool:
    """Whether the padding that was seen is what the call says; nothing was padded before it then."""
    pairs = _pairs(now)
    try:
        said = None if given is None else ast.literal_eval(given)
    except ValueError:
        return False
    if said is None or isinstance(said, str):
        follows = said is not None and said.lower() != "valid"
        return pairs is None or follows or not any(map(any, pairs))
    numbers = [said] * len(pairs or ()) if isinstance(said, int) else list(said)
    both = [(n, n) if isinstance(n, int) else tuple(n) for n in numbers]
    return pairs is not None and tuple(both) == pairs
