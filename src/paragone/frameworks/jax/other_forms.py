"""Models of JAX that are no NNX modules: Linen, and functions over trees of arrays. What to write around them."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Mapping
from types import ModuleType
from typing import Any

import jax

_LINEN = (
    "have its parameters at the top level, params = {name}.init(key, x)['params'], and what it keeps beside them, "
    "batch_stats = …['batch_stats']; the loss calls {name}.apply itself"
)
_TREE = (
    "write a loss_fn({name}, x, y) that calls the function of the model with {name}, or hold it in a module: "
    "self.params = nnx.data(jax.tree.map(nnx.Param, {name})) in __init__, and in __call__ give "
    "your function jax.tree.map(lambda p: p[...], self.params, is_leaf=lambda p: isinstance(p, nnx.Param))"
)


def other_form(names: Mapping[str, Any]) -> tuple[str, str] | None:
    """What a file has in the place of an NNX module, and what makes one of it; None for nothing of that kind.

    Args:
        names: of the file, at its top level.
    """
    own = {name: value for name, value in names.items() if not name.startswith("_")}
    linen = sys.modules.get("flax.linen")
    if linen is not None:
        for name, value in own.items():
            if isinstance(value, linen.Module):
                return f"{name}, a module of flax.linen", _LINEN.format(name=name)
    for name, value in own.items():
        if _is_tree_of_arrays(value):
            return f"{name}, a tree of arrays", _TREE.format(name=name)
    return None


def _is_tree_of_arrays(value: Any) -> bool:
    if isinstance(value, (ModuleType, jax.Array)) or inspect.isroutine(value) or inspect.isclass(value):
        return False
    leaves = jax.tree.leaves(value)
    return len(leaves) > 1 and any(isinstance(leaf, jax.Array) and leaf.ndim > 1 for leaf in leaves)
