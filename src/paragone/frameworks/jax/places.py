"""The variables of a Flax NNX model, and the order in which a run of it first uses them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import jax
import jax.numpy as jnp
from flax import nnx

from paragone.frameworks.places import Place, taken


def places(model: nnx.Module) -> Iterator[Place]:
    """All variables of floating numbers; each under every path that leads to it."""
    for path, variable in nnx.to_flat_state(nnx.state(model)):
        if not jnp.issubdtype(getattr(variable.get_value(), "dtype", jnp.int32), jnp.floating):
            continue
        *between, attribute = (str(part) for part in path)
        owner, module = model, model
        for part in between:
            owner = taken(owner, _key(owner, part))
            module = owner if isinstance(owner, nnx.Module) and not isinstance(owner, nnx.List) else module
        buffer = not issubclass(variable.type, nnx.Param) if hasattr(variable, "type") else True
        yield Place(".".join([*between, attribute]), owner, attribute, module, buffer)


def gradients_by_variable(model: nnx.Module, found: Any) -> dict[int, Any]:
    """The gradients of a model's variables, by the id of the variable."""
    return {id(at(model, path)): gradient for path, gradient in nnx.to_flat_state(found)}


def variables(model: nnx.Module) -> Iterator[tuple[tuple[Any, ...], nnx.Variable[Any]]]:
    """All variables of a model, each under a path of it."""
    for path, node in nnx.iter_graph(model):
        if isinstance(node, nnx.Variable):
            yield path, node


def at(model: Any, path: Iterable[Any]) -> Any:
    """What a path of names, keys and indices leads to."""
    for part in path:
        model = taken(model, _key(model, str(part)))
    return model


def _key(owner: Any, part: str) -> Any:
    return int(part) if isinstance(owner, (list, tuple)) and part.isdigit() else part


def shapes_within(module: nnx.Module) -> list[tuple[int, ...]]:
    """Shapes of all parameters that a module keeps inside."""
    return [tuple(leaf.shape) for leaf in jax.tree.leaves(nnx.state(module, nnx.Param))]


@contextmanager
def watched(used: list[int]) -> Iterator[None]:
    """While it lasts, the ids of variables whose value is taken are noted, the first use first."""
    slot = vars(nnx.Variable)["_raw_value"]

    def noted(variable: Any) -> Any:
        used.append(id(variable))
        return slot.__get__(variable, type(variable))

    with mock.patch.object(nnx.Variable, "_raw_value", property(noted, slot.__set__)):
        yield


def has_parameters(module: nnx.Module) -> bool:
    """Whether a module has anything to train."""
    return bool(jax.tree.leaves(nnx.state(module, nnx.Param)))
