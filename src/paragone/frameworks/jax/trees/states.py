"""The state of an optimizer over a tree, as the file's own step takes it and as an `nnx.Optimizer` keeps it."""

from __future__ import annotations

from typing import Any

import jax
from flax import nnx

from paragone.frameworks.jax import places
from paragone.frameworks.jax.trees.model import TreeModel, is_variable


class States:
    """Carries the state there and back. Both list the same arrays, but NNX sorts the parameters by their names.

    Args:
        model: that holds the tree.
        optimizer: the `nnx.Optimizer` over it.
    """

    def __init__(self, model: TreeModel, optimizer: Any):
        params = model.tree()
        self._optimizer = optimizer
        self._params = jax.tree.structure(params)
        self._of_file = optimizer.tx.init(params)
        self.structure = jax.tree.structure(self._of_file)
        self._places = self._found_places(order_of(model))

    def given(self) -> Any:
        """The state as the file's step takes it."""
        leaves: list[Any] = [None] * len(self._places)
        for place, variable in zip(self._places, self._variables(), strict=True):
            leaves[place] = variable[...]
        return jax.tree.unflatten(self.structure, leaves)

    def keep(self, state: Any) -> None:
        """Keep what the file's step gave back."""
        leaves = jax.tree.leaves(state)
        for place, variable in zip(self._places, self._variables(), strict=True):
            variable.set_value(leaves[place])

    def _variables(self) -> list[Any]:
        return list(jax.tree.leaves(self._optimizer.opt_state, is_leaf=is_variable))

    def _found_places(self, order: list[int]) -> list[int]:
        """For each array that NNX keeps its place in the state of the file."""
        kept = jax.tree.leaves(self._optimizer.opt_state, is_leaf=lambda node: isinstance(node, nnx.State))
        own = jax.tree.leaves(self._of_file, is_leaf=lambda node: jax.tree.structure(node) == self._params)
        sizes = [len(jax.tree.leaves(node, is_leaf=is_variable)) for node in kept]
        if sizes != [len(jax.tree.leaves(node)) for node in own]:  # parts of the parameters have states of their own
            return list(range(sum(sizes)))
        places: list[int] = []
        for size in sizes:
            inner = order if size == len(order) > 1 else range(size)
            places += [len(places) + place for place in inner]
        return places


def order_of(model: TreeModel) -> list[int]:
    """For each parameter as NNX lists them its place in the tree."""
    held = [id(leaf) for leaf in jax.tree.leaves(model.held(), is_leaf=is_variable)]
    listed = nnx.to_flat_state(nnx.state(model, nnx.Param))
    return [held.index(id(places.at(model, path))) for path, _ in listed]
