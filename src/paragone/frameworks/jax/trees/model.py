"""A tree of arrays and a function that is handed it, as one NNX module."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx

Forward = Callable[..., Any]
"""Takes the tree, the inputs, and `training`."""


class Bound:
    """What a loss needs of a model: its tree, and its outputs. Light, so that it can be made in a traced function.

    Args:
        tree: of arrays.
        forward: gives the outputs.
    """

    def __init__(self, tree: Any, forward: Forward):
        self._tree, self._forward = tree, forward

    def tree(self) -> Any:
        """The parameters as the file's functions take them."""
        return self._tree

    def __call__(self, *x: Any) -> Any:
        """Outputs in training."""
        return self._forward(self._tree, *x, training=True)


class TreeModel(nnx.Module):
    """Holds the floating arrays of a tree as parameters, under the tree's own name and paths.

    Args:
        name: of the tree in the file.
        tree: as the file made it.
        forward: gives the outputs.
        title: what the file calls it.
    """

    def __init__(self, name: str, tree: Any, forward: Forward, title: str):
        self.forward = forward
        self.title = title
        self.name = name
        self.deterministic = False  # `eval()` sets it, as in modules of Flax' own
        setattr(self, name, nnx.data(jax.tree.map(_held, tree)))

    def held(self) -> Any:
        """The tree with variables in the place of arrays."""
        return getattr(self, self.name)

    def tree(self) -> Any:
        """The parameters as the file's functions take them."""
        return jax.tree.map(_taken, self.held(), is_leaf=is_variable)

    def take(self, tree: Any) -> None:
        """Keep the values of a tree of the same structure."""
        variables = jax.tree.leaves(self.held(), is_leaf=is_variable)
        for variable, value in zip(variables, jax.tree.leaves(tree), strict=True):
            if is_variable(variable):
                variable.set_value(value)

    def bound(self, tree: Any) -> Bound:
        """The same model with other values."""
        return Bound(tree, self.forward)

    def __call__(self, *x: Any) -> Any:
        """Outputs; in evaluation after `eval()`."""
        return self.forward(self.tree(), *x, training=not self.deterministic)


def is_tree(value: Any) -> bool:
    """Whether it is a container with at least one floating array of several dimensions."""
    if isinstance(value, (jax.Array, np.ndarray, str)) or callable(value) or not isinstance(value, (Sequence, dict)):
        return False
    try:
        leaves = jax.tree.leaves(value)
    except (TypeError, ValueError):
        return False
    return any(_is_floating(leaf) and leaf.ndim > 1 for leaf in leaves)


def _is_floating(leaf: Any) -> bool:
    return isinstance(leaf, (jax.Array, np.ndarray)) and bool(jnp.issubdtype(leaf.dtype, jnp.floating))


def _held(leaf: Any) -> Any:
    return nnx.Param(jnp.asarray(leaf)) if _is_floating(leaf) else leaf


def is_variable(value: Any) -> bool:
    """Whether it is a leaf of what NNX keeps."""
    return isinstance(value, nnx.Variable)


def _taken(leaf: Any) -> Any:
    return leaf[...] if is_variable(leaf) else leaf
