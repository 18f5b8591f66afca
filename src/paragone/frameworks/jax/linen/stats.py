"""Collections beside the parameters, such as running statistics: how a file keeps them, and where a result has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jax

STATISTICS = ("batch_stats", "bn_state", "stats", "model_state", "net_state", "non_trainable", "mutable_state")
"""What a file calls running statistics, or the collections that have them."""
_BARE = ("batch_stats", "stats")
_COLLECTION = "batch_stats"
Stats = Mapping[str, Any]


def is_statistics(name: str) -> bool:
    """Whether a name is one of running statistics."""
    return name.lower() in STATISTICS


def start_of(own: Mapping[str, Any], state: Any) -> Stats:
    """The collections as a file starts with them; none where it keeps none.

    Args:
        own: names of the file.
        state: its `TrainState`, if it has one.
    """
    kept = vars(state) if state is not None else {}
    named = [value for values in (kept, own) for name, value in values.items() if is_statistics(name)]
    whole = [value for value in own.values() if isinstance(value, Mapping) and "params" in value and len(value) > 1]
    for found in (*named, *whole):
        if isinstance(found, Mapping) and jax.tree.leaves(found):
            several = {name: value for name, value in found.items() if name != "params"}
            return several if _COLLECTION in several or found in whole else {_COLLECTION: found}
    return {}


def is_bare(name: str, values: Mapping[str, Any]) -> bool:
    """Whether what goes by a name is the collection itself, and not a dict that has it under its own name.

    Args:
        name: of an argument or a field.
        values: of that name, where there are any.
    """
    value = values.get(name)
    return _COLLECTION not in value if isinstance(value, Mapping) else name.lower() in _BARE


def given_as(stats: Stats, *, bare: bool) -> Any:
    """The collections as the file takes them."""
    return stats.get(_COLLECTION, {}) if bare else dict(stats)


def found_in(given: Any, stats: Stats) -> Stats | None:
    """The collections in what a function gave back; None where they are not in it.

    Args:
        given: a number, tuples, dicts, in each other.
        stats: as they were.
    """
    if not stats:
        return None
    if isinstance(given, Mapping):
        if set(stats) <= set(given):
            return {name: given[name] for name in stats}
        if len(stats) == 1 and jax.tree.structure(given) == jax.tree.structure(next(iter(stats.values()))):
            return dict.fromkeys(stats, given)
    parts = given.values() if isinstance(given, Mapping) else given if isinstance(given, (tuple, list)) else ()
    return next((found for part in parts if (found := found_in(part, stats)) is not None), None)
