"""A tree of arrays and a function that is handed it, as one NNX module."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx

Flags = dict[str, bool]


class Bound:
    """What a loss needs of a model: its tree, and its outputs. Light, so that it can be made in a traced function.

    Args:
        tree: of arrays.
        model: that gives the outputs.
    """

    def __init__(self, tree: Any, model: TreeModel):
        self._tree, self._model = tree, model

    def tree(self) -> Any:
        """The parameters as the file's functions take them."""
        return self._tree

    def __call__(self, *x: Any) -> Any:
        """Outputs in training."""
        return self._model(*x, tree=self._tree, **self._model.flags(True))


class TreeModel(nnx.Module):
    """Holds the floating arrays of a tree as parameters, under the tree's own name and paths.

    Args:
        name: of the tree in the file.
        tree: as the file made it.
        function: of the file, that is handed the tree, the inputs, and what says whether it is training.
        flags: these arguments of it, by whether it is training.
        title: what the file calls it.
    """

    def __init__(self, name: str, tree: Any, function: Callable[..., Any], flags: Callable[[bool], Flags], title: str):
        self.function = function
        self.flags = flags
        self.title = title
        self.deterministic = False  # `eval()` sets it, as in modules of Flax' own
        self.kept_as = "params" if hasattr(self, name) else name
        setattr(self, self.kept_as, nnx.data(jax.tree.map(_held, tree)))

    def held(self) -> Any:
        """The tree with variables in the place of arrays."""
        return getattr(self, self.kept_as)

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
        """The same model with other values, in training."""
        return Bound(tree, self)

    def routed(self, tree: Any, *x: Any, **given: Any) -> Any:
        """In the place of the file's function: a call of it is a call of this module, as everybody sees it."""
        return self(*x, tree=tree, **given)

    def __call__(self, *x: Any, tree: Any = None, **given: Any) -> Any:
        """Outputs; in evaluation after `eval()`. A caller in the file says itself what it wants."""
        if tree is None:
            tree, given = self.tree(), self.flags(not self.deterministic)
        return self.function(tree, *x, **given)


def is_tree(value: Any) -> bool:
    """Whether it is a container that JAX knows, with at least one floating array of several dimensions."""
    if callable(value) or jax.tree_util.all_leaves([value]):
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
